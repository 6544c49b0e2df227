"""The date, number or name in a quoted sentence that clearly is what the question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.entities import Entity, agrees, entities
from assistant.language import QuestionKind, stem, tokens
from assistant.query import Query
from assistant.types import Passage, SentenceSpan

_KINDS = {
    QuestionKind.TIME: "date",
    QuestionKind.QUANTITY: "number",
    QuestionKind.PERSON: "name",
    QuestionKind.PLACE: "name",
}
_TIMES = re.compile(r"\bkali\b|\btimes\b|\bfold\b|how often", re.IGNORECASE)
_PER_CENT = re.compile(r"persen|per\s?cent|%", re.IGNORECASE)
_PLACE_BEFORE = re.compile(
    r"\b(?:di|ke|dari|kota|negara|provinsi|pulau|in|at|from|to|near)\s+(?:\w+\s+)?$", re.IGNORECASE
)

CLEARLY_NEARER = 2
"""Of several candidates one is meant if it stands this many times nearer to the question's
words than the next."""


def short_answer(query: Query, passage: Passage, span: SentenceSpan) -> str | None:
    """The one thing in a sentence that answers, as it stands there; None if that isn't clear.

    None too for kinds of question that no date, number or name answers.
    """
    wanted = _KINDS.get(query.kind)
    if wanted is None:
        return None
    text = passage.quote(span.start, span.end)
    asked = entities(query.text, query.language)
    found = [
        entity
        for entity in entities(text, passage.language)
        if entity.kind == wanted and not any(agrees(entity, other) for other in asked)
    ]
    found = _of_the_right_sort(found, query, text)
    chosen = _clearest(found, _anchors(query, passage, text))
    if chosen is None:
        return None
    end = _with_its_noun(query, passage, text, chosen) if wanted == "number" else chosen.end
    return text[chosen.start : end]


def _of_the_right_sort(found: Sequence[Entity], query: Query, text: str) -> list[Entity]:
    """Multiples for "how many times", percentages for "what per cent", names after "di"."""
    if query.kind is QuestionKind.PLACE:
        return [e for e in found if _PLACE_BEFORE.search(text, 0, e.start)]
    if query.kind is QuestionKind.QUANTITY:
        for pattern, suffix in ((_TIMES, "x"), (_PER_CENT, "%")):
            if pattern.search(query.text):
                return [e for e in found if e.value.endswith(suffix)]
        return [e for e in found if not e.value.startswith("#")]
    return list(found)


def _anchors(query: Query, passage: Passage, text: str) -> list[int]:
    """Where the question's words stand in the sentence; those that aren't names, if any."""
    named: list[int] = []
    others: list[int] = []
    for token in tokens(text):
        stemmed = stem(token.text, passage.language)
        for term in query.terms:
            if stemmed in term.matches:
                (named if term.named else others).append(token.start)
    return others or named


def _clearest(found: Sequence[Entity], anchors: Sequence[int]) -> Entity | None:
    if len({entity.value for entity in found}) == 1:
        return found[0]
    if not found or not anchors or found[0].kind == "name":
        return None  # of several names the nearest is the right one only half of the time
    distances = sorted(
        (min(min(abs(a - e.start), abs(a - e.end)) for a in anchors), at)
        for at, e in enumerate(found)
    )
    (nearest, first), (next_nearest, _) = distances[:2]
    return found[first] if next_nearest >= CLEARLY_NEARER * max(nearest, 1) else None


def _with_its_noun(query: Query, passage: Passage, text: str, number: Entity) -> int:
    """The end of a number together with what it counts, where the question names that."""
    after = re.compile(r"\s+(\w+)").match(text, number.end)
    if after is None:
        return number.end
    stemmed = stem(after.group(1).casefold(), passage.language)
    counted = any(stemmed in term.matches for term in query.terms)
    return after.end() if counted else number.end
