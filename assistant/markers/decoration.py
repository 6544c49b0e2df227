"""A line of Markdown as plain text: links, emphasis and list signs taken off."""

from __future__ import annotations

import re

from assistant.markers.patterns import BODY
from assistant.markers.traced import Traced

_LIST_SIGN = re.compile(r"\s*(?:>\s?)*(?:#{1,6}\s+|(?:[-*+•◦▪‣–]|\d{1,2}[.)])\s+)?")
_EMPHASIS = re.compile(r"\*\*|(?<!\w)__|__(?!\w)|(?<![\w*])\*(?=\S)|(?<=[^\s*])\*(?![\w*])")
_URL = r"(?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
_LINK = re.compile(rf"!?\[([^\[\]\n]*|\[[^\[\]\n]*\])\]\(\s*{_URL}(?:\s+[\"'(][^)\n]*)?\s*\)")
_TAGGED = re.compile(
    rf"<(sup|cite|ref)\b[^<>\n]{{0,60}}>\s*\[?({BODY})\]?\s*</\1>", re.IGNORECASE | re.VERBOSE
)
_BODY_ONLY = re.compile(rf"\[?\s*(?:{BODY})\s*\]?", re.IGNORECASE | re.VERBOSE)


def undecorated(raw: str, *, fresh: bool) -> Traced:
    """The line without links, emphasis and (at its start) list signs."""
    traced = Traced(raw, list(range(len(raw))))
    for _ in range(3):  # an image inside a link inside brackets; nothing nests deeper
        if "](" in traced.text:
            traced.replace(_LINK, _link_text)
    if "</" in traced.text:
        traced.replace(_TAGGED, lambda match: ["[", match.span(2), "]"])
    if "*" in traced.text or "_" in traced.text:
        traced.replace(_EMPHASIS, lambda _: [])
    if fresh:
        sign = _LIST_SIGN.match(traced.text)
        if sign and sign.end():
            traced = Traced(traced.text[sign.end() :], traced.origin[sign.end() :])
    return traced


def _link_text(match: re.Match[str]) -> list[tuple[int, int] | str]:
    if not match[0].startswith("!") and _BODY_ONLY.fullmatch(match[1]):
        return ["[", match.span(1), "]"]  # "[1](http://…)" is a marker
    return [match.span(1)]
