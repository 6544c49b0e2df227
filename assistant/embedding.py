"""Text to vectors: the bundled bilingual embedder, and others by spec.

The bundled model is a bag of vectors: a text's vector is the sum of the vectors of its
words, each the sum of a vector of its own and of those of its character 5-grams (as in
Bojanowski et al. 2017, "Enriching word vectors with subword information"). It was trained
on parallel sentences and on questions with their passages, so that an English question
lies near the Indonesian passage that answers it (see `models/MODEL_CARD.md`). It needs
numpy, no download, no accelerator.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from .errors import MissingExtra, ModelError, ModelRefused, ModelUnreachable, SettingsError
from .types import Embedder

MODEL_FILE = Path(__file__).parent / "models" / "embedder.npz"

GRAM = 5
"""Length of the character n-grams; words of at most `GRAM - 1` letters have none."""

_WORD = re.compile(r"[^\W_]+")
# Words whose composed vector is kept: 65,536 x 256 x 4 bytes = 64 MiB at most.
_CACHED_WORDS = 65_536


def words(text: str) -> list[str]:
    """The words of a text as the bundled model sees them: NFKC, case-folded, letters and digits."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def grams(word: str) -> list[str]:
    """The character n-grams of a word with its ends marked; none for words of up to 4 letters."""
    if len(word) < GRAM:
        return []
    marked = f"<{word}>"
    return [marked[i : i + GRAM] for i in range(len(marked) - GRAM + 1)]


class _Weights:
    """The model file, read: one row of 4-bit codes, two a byte, and one scale per entry."""

    __slots__ = ("codes", "grams", "scales", "version", "words")

    def __init__(self, path: Path) -> None:
        try:
            # Opened here, as numpy leaves a file open that turns out to be no archive.
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                self.codes: NDArray[np.uint8] = file["codes"]
                self.scales: NDArray[np.float32] = file["scales"]
                entries = file["entries"].tobytes().decode("utf-8").split("\n")
                count = int(file["words"])
                self.version = str(file["version"])
        except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
            raise ModelError(
                f"the bundled embedder can't be read from {path.name}: {error}",
                hint="reinstall assistant, or train it again: python -m assistant.training",
            ) from error
        self.words = {word: i for i, word in enumerate(entries[:count])}
        self.grams = {gram: i for i, gram in enumerate(entries[count:], start=count)}

    def vector(self, word: str) -> NDArray[np.float32]:
        """The vector of one word; zeros when neither it nor any of its n-grams is known."""
        rows = [self.grams[gram] for gram in grams(word) if gram in self.grams]
        if word in self.words:
            rows.append(self.words[word])
        packed = self.codes[rows]
        levels = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 7.5
        parts = levels * self.scales[rows, None]
        total: NDArray[np.float32] = parts.sum(axis=0)
        return total


class BundledEmbedder:
    """The embedder that comes with the package; loaded when first used, safe between threads.

    The same text always gives the same vector, to the bit, whatever stands beside it in a
    batch. A text without a single known word gets a fixed unit vector of its own.
    """

    def __init__(self, path: Path = MODEL_FILE) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._table: NDArray[np.float32] = np.empty((0, 0), dtype=np.float32)

    @cached_property
    def _weights(self) -> _Weights:
        return _Weights(self._path)

    @property
    def name(self) -> str:
        """`bundled:` and the hash of the model's content."""
        return f"bundled:{self._weights.version}"

    @property
    def size(self) -> tuple[int, int]:
        """How many words and how many character n-grams it has vectors for."""
        return len(self._weights.words), len(self._weights.grams)

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return 2 * int(self._weights.codes.shape[1])

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit-length vector per text, in order; float32, shape (len(texts), dimensions)."""
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        with self._lock:
            for i, text in enumerate(texts):
                rows = self._rows_of(words(text))
                if rows:
                    self._table[rows].sum(axis=0, out=out[i])
        norms = np.sqrt(np.square(out).sum(axis=1, keepdims=True))
        silent = norms[:, 0] == 0
        out[silent, 0] = norms[silent] = 1
        out /= norms
        return out

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """One unit-length vector; float32, shape (dimensions,)."""
        vector: NDArray[np.float32] = self.embed_passages([text])[0]
        return vector

    def _rows_of(self, found: Sequence[str]) -> list[int]:
        """The rows of the table of composed vectors that hold these words."""
        known = self._rows
        try:
            return [known[word] for word in found]
        except KeyError:
            pass
        fresh = [word for word in dict.fromkeys(found) if word not in known]
        if len(known) + len(fresh) > _CACHED_WORDS:
            known.clear()
            fresh = list(dict.fromkeys(found))
        needed = len(known) + len(fresh)
        if needed > len(self._table):
            grown = np.zeros((max(needed, 2 * len(self._table), 1024), self.dimensions), np.float32)
            if known:
                grown[: len(known)] = self._table[: len(known)]
            self._table = grown
        for word in fresh:
            self._table[len(known)] = self._weights.vector(word)
            known[word] = len(known)
        return [known[word] for word in found]


class LlamaIndexEmbedder:
    """Any llama-index embedding model behind the Embedder protocol."""

    def __init__(self, spec: str, model: Any) -> None:
        self._spec = spec
        self._model = model

    @property
    def name(self) -> str:
        """The spec it was asked for by."""
        return self._spec

    @cached_property
    def dimensions(self) -> int:
        """Length of each vector; asks the model once."""
        return len(self.embed_query("panjang vektor"))

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit-length vector per text, in order; float32, shape (len(texts), dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return _unit(self._ask(self._model.get_text_embedding_batch, list(texts)))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """One unit-length vector; float32, shape (dimensions,)."""
        vector: NDArray[np.float32] = _unit([self._ask(self._model.get_query_embedding, text)])[0]
        return vector

    def _ask(self, method: Any, given: Any) -> Any:
        try:
            return method(given)
        except Exception as error:  # each provider raises its own kinds
            raise _service_error(self._spec, error) from error


def load_embedder(spec: str, *, file: Path = MODEL_FILE) -> Embedder:
    """The embedder a spec names: `bundled`, `fastembed:MODEL`, `ollama:MODEL` or `openai:MODEL`.

    `file` is the bundled one's model, where another than the package's is meant.

    Nothing but the bundled one imports llama-index, and nothing is asked of a service until
    the first text. Raises SettingsError for a spec nobody knows, MissingExtra when its
    package isn't installed, ModelError when the model can't be made.
    """
    if spec == "bundled":
        return _as_protocol(BundledEmbedder(file))
    provider, _, model = spec.partition(":")
    if provider not in _PROVIDERS or not model.strip():
        raise SettingsError(
            f"no embedder is called {spec!r}",
            hint="use bundled, fastembed:MODEL, ollama:MODEL or openai:MODEL",
        )
    chosen = _PROVIDERS[provider]
    made = _class(chosen)
    try:
        return _as_protocol(
            LlamaIndexEmbedder(spec, made(model_name=model.strip(), **chosen.options))
        )
    except Exception as error:  # each provider raises its own kinds
        raise _service_error(spec, error) from error


def _as_protocol(embedder: BundledEmbedder | LlamaIndexEmbedder) -> Embedder:
    """Numpy arrays index, iterate and measure as sequences do, but aren't declared to be."""
    return cast(Embedder, embedder)


@dataclass(frozen=True, slots=True)
class _Provider:
    """A llama-index embedding class: where it is, and what it is made with beside its model."""

    package: str
    class_name: str
    options: Mapping[str, object]

    @property
    def module(self) -> str:
        return f"llama_index.embeddings.{self.package}"


_PROVIDERS = {
    "fastembed": _Provider("fastembed", "FastEmbedEmbedding", {}),
    "ollama": _Provider("ollama", "OllamaEmbedding", {}),
    # Its default is ten tries with growing pauses: minutes until a wrong address is admitted.
    "openai": _Provider("openai", "OpenAIEmbedding", {"max_retries": 2}),
}


def _class(provider: _Provider) -> Any:
    """A provider's class; MissingExtra when the package that holds it isn't there."""
    from importlib import import_module

    try:
        if find_spec(provider.module) is None:
            raise ModuleNotFoundError(provider.module)
        return getattr(import_module(provider.module), provider.class_name)
    except ImportError as error:
        raise MissingExtra(
            f"embeddings from {provider.package} need a package that isn't installed",
            hint=f"pip install llama-index-embeddings-{provider.package}",
        ) from error


def _service_error(spec: str, error: Exception) -> ModelError:
    """What a provider raised, as one of ours; told apart by name, as the kinds differ."""
    said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    lowered = said.lower()
    if any(sign in lowered for sign in ("connect", "timeout", "timed out", "unreachable")):
        return ModelUnreachable(
            f"the embedding service of {spec} can't be reached ({said})",
            hint="start the service or check its address, then try again; or use bundled",
        )
    return ModelRefused(
        f"the embedding model {spec} refused ({said})",
        hint="check the model's name and the service's key; or use bundled",
    )


def _unit(vectors: Any) -> NDArray[np.float32]:
    out = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(out / np.where(norms > 0, norms, 1), dtype=np.float32)
