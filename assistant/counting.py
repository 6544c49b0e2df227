"""o200k_base tokens, counted without a network.

tiktoken fetches its vocabulary when it doesn't find it; llama-index-core ships the file.
It is handed to tiktoken only after its hash was checked here, so that nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assistant.errors import SettingsError

if TYPE_CHECKING:
    import tiktoken

# tiktoken's own name for o200k_base.tiktoken in a cache folder (SHA-1 of its address), and
# the SHA-256 that tiktoken demands of it.
_FILE = "fb374d419588a4632f3f557e76b4b70aebbca790"
_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
_VARIABLE = "TIKTOKEN_CACHE_DIR"
# tiktoken's own stack overflows on a million spaces (and panics); at 200,000 it doesn't.
_SLICE = 100_000
_environment = Lock()


def count_tokens(text: str) -> int:
    """The number of o200k_base tokens of `text`; special tokens count as the text they are.

    Longer texts are counted in slices of 100,000 characters: a token more or less for each.
    """
    encode = encoding().encode_ordinary
    if len(text) <= _SLICE:
        return len(encode(text))
    return sum(len(encode(text[at : at + _SLICE])) for at in range(0, len(text), _SLICE))


@cache
def encoding() -> tiktoken.Encoding:
    """The o200k_base encoding. Raises SettingsError where its file is missing or damaged."""
    import tiktoken

    folder = _folder()
    # tiktoken reads its folder from the environment only; the change lasts for this call.
    with _environment:
        before = os.environ.get(_VARIABLE)
        os.environ[_VARIABLE] = str(folder)
        try:
            return tiktoken.get_encoding("o200k_base")
        finally:
            if before is None:
                del os.environ[_VARIABLE]
            else:
                os.environ[_VARIABLE] = before


def _folder() -> Path:
    # The parent package is a namespace: finding the spec runs no code of llama-index.
    spec = importlib.util.find_spec("llama_index.core")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "_static" / "tiktoken_cache"
        file = folder / _FILE
        if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == _SHA256:
            return folder
    raise SettingsError(
        "The o200k_base vocabulary is missing or damaged.",
        hint="Reinstall llama-index-core, which carries it: pip install --force-reinstall "
        "llama-index-core",
    )
