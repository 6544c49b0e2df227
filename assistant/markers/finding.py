"""Where markers stand in a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.markers.patterns import (
    BEFORE_ENUMERATION,
    BEFORE_POWER,
    CUT_SHORT,
    LEAD_IN,
    MARKER,
    ROUND_PLAIN,
    SUPERSCRIPTS,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the undecorated line where markers stand."""

    start: int
    end: int
    marker: str
    lead_in: re.Match[str] | None = None


def find(source: str, *, passages: int, final: bool) -> list[Found]:
    """Every place with markers, in order, none overlapping."""
    found = [
        Found(match.start(), match.end(), match["seq"] or match["seq2"], match)
        for match in LEAD_IN.finditer(source)
    ]
    found += [
        Found(match.start(), match.end(), match[0])
        for match in MARKER.finditer(source)
        if not (
            (match[0][0] in SUPERSCRIPTS and BEFORE_POWER.search(source[: match.start()]))
            or _is_indexing(source, match.start())
        )
    ]
    found += [
        Found(match.start(), match.end(), f"[{match[1]}]")
        for match in ROUND_PLAIN.finditer(source)
        if all(1 <= int(number) <= passages for number in re.findall(r"\d+", match[1]))
        and not BEFORE_ENUMERATION.search(source[: match.start()])
    ]
    cut_short = CUT_SHORT.search(source) if final else None
    if cut_short:  # the stream broke off inside a marker
        found.append(Found(cut_short.start(), len(source), cut_short[0]))
    found.sort(key=lambda place: (place.start, -place.end))
    kept: list[Found] = []
    for place in found:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _is_indexing(source: str, at: int) -> bool:
    """Whether a bracket indexes a name in code: `rows[1]`."""
    if source[at] != "[" or source.count("`", 0, at) % 2 == 0:
        return False
    return at > 0 and (source[at - 1].isalnum() or source[at - 1] in "_])")
