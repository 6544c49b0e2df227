"""The passage numbers that a marker names."""

from __future__ import annotations

import re

from assistant.markers.marked import once
from assistant.markers.patterns import INNER, ONE_OF_SEQUENCE, SUPERSCRIPTS


def passage_numbers(marker: str, passages: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The passage numbers in a sequence of markers, and the markers that name none."""
    numbers: list[int] = []
    unknown: list[str] = []
    for one in ONE_OF_SEQUENCE.findall(marker) or [marker]:
        known, strange = _read_one(one, passages)
        numbers += known
        if strange:
            unknown.append(one.strip())
    return once(numbers), once(unknown)


def _read_one(one: str, passages: int) -> tuple[list[int], bool]:
    if one[0] in SUPERSCRIPTS:
        one = "".join(_PLAIN_DIGIT.get(char, char) for char in one).replace("⁻", "-")
        if one.isdigit() and len(one) <= 4 and _number(one) > passages:
            # "¹²" over five passages is [1][2], not [12].
            digits = [int(char) for char in one]
            if all(1 <= digit <= passages for digit in digits):
                return digits, False
    known: list[int] = []
    parts = list(INNER.finditer(one))
    strange = not parts
    for part in parts:
        first = _number(part["first"])
        last = _number(part["last"]) if part["last"] else first
        first, last = min(first, last), max(first, last)
        strange = strange or first < 1 or last > passages
        # Clamped before it is unrolled: "[1-999999999]" costs nothing.
        known += range(max(first, 1), min(last, passages) + 1)
    return known, strange


_FIRST_NUMBER = re.compile(r"-?\d+")
_PLAIN_DIGIT = {char: str(digit) for digit, char in enumerate(SUPERSCRIPTS[1:])} | {
    "⁽": "",
    "⁾": "",
}


def _number(item: str) -> int:
    """The number in one item of a marker; a huge one is only ever "too large"."""
    match = _FIRST_NUMBER.search(item)
    digits = match[0] if match else "0"
    return int(digits) if len(digits) < 10 else 10**9
