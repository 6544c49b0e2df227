"""The few words of a quoted sentence that clearly are what the question asks for.

What the reader is sure of; else the one date, number or name of the kind asked for, where the
reader looks there too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language import QuestionKind, stem, tokens
from assistant.query import Query
from assistant.reader import AnswerSpan
from assistant.types import Passage, SentenceSpan
from assistant.words.entities import Entity, agrees, entities

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


SURE = 0.5
"""Probability from which the reader's span is given. On 556 held-out questions half had one, just
the accepted answer for 0.75 (F1 0.82); from 0.3 two in three, 0.68 of them; from 0.7 one in three,
0.83. By their kind alone dates, numbers and names were so for 0.46."""


def short_answer(
    query: Query, passage: Passage, span: SentenceSpan, likely: AnswerSpan | None
) -> str | None:
    """The one thing in a sentence that answers, as it stands there; None if that isn't clear.

    `likely` is the reader's span in the sentence. None too for yes or no.
    """
    text = passage.quote(span.start, span.end)
    if likely is None or query.kind is QuestionKind.POLAR:
        return None
    start, end = _whole_words(text, likely)
    if likely.probability >= SURE:
        return text[start:end] if _can_be(query.kind, text[start:end], passage) else None
    by_kind = _by_kind(query, passage, span)
    if by_kind is None or by_kind[0] >= end or by_kind[1] <= start:
        return None
    return text[by_kind[0] : by_kind[1]]


def _can_be(kind: QuestionKind, words: str, passage: Passage) -> bool:
    """Whether words can be what is asked for: no date for a quantity, no "seraya" for a person."""
    if not words:
        return False
    if kind is QuestionKind.QUANTITY:
        return not any(entity.kind == "date" for entity in entities(words, passage.language))
    if kind is QuestionKind.PERSON:
        return any(letter.isupper() for letter in words)
    return True


def _whole_words(text: str, span: AnswerSpan) -> tuple[int, int]:
    start, end = span.start, span.end
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def _by_kind(query: Query, passage: Passage, span: SentenceSpan) -> tuple[int, int] | None:
    """Where the one date, number or name stands that the question asks for."""
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
    return chosen.start, end


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
