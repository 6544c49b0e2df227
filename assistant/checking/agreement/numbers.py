"""Whether a number of a claim stands in what it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.checking.agreement.facts import facts_of, has_rival
from assistant.checking.agreement.grounds import Grounds
from assistant.checking.wording import Wording
from assistant.words.entities import Entity, number_value, values_agree


def number_borne_out(claim: Wording, fact: Entity, grounds: Grounds) -> bool:
    """The number is stated by what is cited, or next door where the sentence has no other."""

    def agrees(other: Entity) -> bool:
        if other.kind == "number":
            return values_agree("number", fact.value, other.value)
        return other.kind == "date" and fact.value.strip("#") in other.value.lstrip("ct-").split(
            "-"
        )

    if any(agrees(other) for other in facts_of(grounds.units, "number", "date")):
        return True
    if fact.value == "2" and any(_BOTH & unit.surfaces for unit in grounds.units):
        return True
    if _same_figure(claim, fact, grounds.units):
        return True
    if any(agrees(other) for other in facts_of(grounds.around, "number", "date")):
        # The value comes from next door: not where the sentence has another one in its place.
        return not has_rival(claim, grounds.first, "number")
    return False


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def _same_figure(claim: Wording, fact: Entity, units: Sequence[Wording]) -> bool:
    """Whether the bare figure stands there: "225km", "$14.5bn", "1,7juta".

    For figures whose unit is written too close to be read. Where both are read with a scale
    ("3,5 juta", "3,5 miliar"), the scales have to agree, and they didn't.
    """
    match = _FIGURE.match(claim.text, fact.start)
    value = number_value(match[0], claim.language) if match else None
    if value is None:
        return False
    scaled = _scaled(fact.value, value)
    return any(
        figure == value and not (scaled and scale)
        for unit in units
        for figure, scale in figures(unit)
    )


@lru_cache(maxsize=2**12)
def figures(reading: Wording) -> frozenset[tuple[str, bool]]:
    """The figures of a text, each with whether it was read with a scale."""
    at = {fact.start: fact.value for fact in reading.facts if fact.kind == "number"}
    found = set()
    for match in _FIGURE.finditer(reading.text):
        value = number_value(match[0], reading.language)
        if value:
            found.add((value, _scaled(at.get(match.start(), value), value)))
    return frozenset(found)


def _scaled(value: str, figure: str) -> bool:
    """Whether a value is a figure times a hundred or more ("120 ribu")."""
    try:
        return abs(float(value.strip("#%x"))) >= 100 * abs(float(figure)) > 0
    except ValueError:
        return False


_BOTH = frozenset("kedua keduanya berdua sepasang both pair couple twins kembar".split())
