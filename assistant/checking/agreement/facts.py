"""The facts of readings: those of a kind, those of a stretch, and which are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.checking.wording import Wording
from assistant.words.entities import Entity, values_agree

AND = frozenset({"dan", "and", "serta", "atau", "or", "dengan", "with"})
"""Words that put two facts side by side, in either order."""


def facts_of(readings: Iterable[Wording], *kinds: str) -> Iterator[Entity]:
    """The facts of these kinds, reading by reading."""
    return (fact for reading in readings for fact in reading.facts if fact.kind in kinds)


def facts_at(reading: Wording, start: int, end: int, kind: str) -> list[Entity]:
    """The facts of a kind that begin within these tokens."""
    low, high = reading.tokens[start].start, reading.tokens[end - 1].end
    return [fact for fact in reading.facts if fact.kind == kind and low <= fact.start < high]


def related(a: Entity, b: Entity) -> bool:
    """Whether two facts are of one kind and may be the same."""
    return a.kind == b.kind and values_agree(a.kind, a.value, b.value)


def has_rival(claim: Wording, first: Wording, kind: str) -> bool:
    """Whether the first sentence states a value of this kind that the claim doesn't."""
    own = list(facts_of([claim], kind))
    return any(
        not any(values_agree(other.kind, other.value, fact.value) for fact in own)
        for other in facts_of([first], kind)
    )
