"""Text as it may stand in an answer, with nothing in it that looks like a citation."""

from __future__ import annotations

import re
import unicodedata

# "[3]", "[3, 4]", "[3-5]", with any Unicode digits: what a reader would take for a citation.
_BRACKETED_NUMBER = re.compile(r"[ \t]*\[\s*\d+(?:\s*[,;\-–—]\s*\d+)*\s*\]")


def neutralise(text: str) -> str:
    """`text` as it may stand in an answer: no bracketed number, no Markdown link, trimmed.

    Invisible format characters go too: they can hide a bracketed number or turn the
    direction of what follows.
    """
    text = _visible(text)
    while True:
        # Removal can bring brackets together ("[[1]2]", "[a][3](url)"): until nothing changes.
        changed = _BRACKETED_NUMBER.sub("", text).replace("](", "] (")
        if changed == text:
            return text.strip()
        text = changed


def _visible(text: str) -> str:
    if text.isascii():
        return text
    return "".join(char for char in text if unicodedata.category(char) != "Cf")
