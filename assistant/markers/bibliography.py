"""A bibliography of the model's own: its heading and its entries, line by line."""

from __future__ import annotations

import re

from assistant.markers.patterns import BARE_LABEL, SQUARE, SUPERSCRIPT

_BIBLIOGRAPHY_WORDS = (
    r"references?|referensi|bibliography|bibliografi|daftar\s+(?:pustaka|rujukan|sumber|referensi)|"
    r"sumber(?:-sumber)?|sources?|rujukan|footnotes?|catatan\s+kaki|citations?|sitasi|works\s+cited|"
    r"kutipan"
)
_BIBLIOGRAPHY_HEADING = re.compile(
    rf"\s*[#>*_\s]*(?:{_BIBLIOGRAPHY_WORDS})\s*[*_]*\s*(?::[*_]*\s*$|$|:[*_]*\s*(?={SQUARE}|"
    rf"{BARE_LABEL}))",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    rf"\s*(?:[-*•+]\s+|\d{{1,3}}[.)]\s+|{SQUARE}|{SUPERSCRIPT}|{BARE_LABEL}|\(\d+\)\s|https?://)",
    re.IGNORECASE | re.VERBOSE,
)
# "[1]: Title" and "[^1]: Title" define a footnote; "[name]: http://…" a link.
_DEFINITION = re.compile(
    rf"\s*(?:{SQUARE})\s?:(?:\s|$)|\s{{0,3}}\[[^\]\n]{{1,80}}\]:\s*(?:<|\w+:|//|\.?/)",
    re.IGNORECASE | re.VERBOSE,
)


def heads_bibliography(raw: str) -> bool:
    """Whether a line is the heading of a bibliography."""
    return bool(_BIBLIOGRAPHY_HEADING.match(raw))


def dropped_line(raw: str, bibliography: bool) -> bool:
    """Whether a line says nothing: a definition anywhere, an entry inside a bibliography."""
    return bool(_DEFINITION.match(raw) or (bibliography and _ENTRY.match(raw)))
