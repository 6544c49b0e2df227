"""Facts in a text that can be compared: dates, numbers, names and negations.

Values are normalised so that the same fact has the same value in Indonesian and English:

    date      "2019-04-25"; parts that aren't given are left out or dashed: "2019-04", "2019",
              "--04-25", "--04"; "199x" a decade, "c17" a century, "w2" a weekday (1 is Monday),
              "t10:30" a time of day, "bc275" a year before Christ
    number    a plain decimal, "1500000", "9.5"; "54%" a percentage, "9x" a multiple,
              "2/3" a fraction, "#3" an ordinal
    name      lower case, hyphens as spaces; countries and the like by their key in `gazetteer`
    negation  "not"

`agrees` compares two values as a reader would: "April 2019" goes with "25 April 2019".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.types import Language
from assistant.words.dates import Fact, Word, dates, dates_agree
from assistant.words.names import names, names_agree, normalise_name
from assistant.words.numbers import number_value, numbers, numbers_agree

__all__ = [
    "Entity",
    "EntityKind",
    "agrees",
    "entities",
    "normalise_name",
    "number_value",
    "values_agree",
]

EntityKind = Literal["date", "number", "name", "negation"]


@dataclass(frozen=True, slots=True)
class Entity:
    """One fact: its kind, its place in the text (code points, end exclusive), its value."""

    kind: EntityKind
    start: int
    end: int
    value: str


# Spaces of other widths stand for a plain one, so that offsets stay.
_SPACES = dict.fromkeys((160, 8199, 8201, 8202, 8239), " ")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_NEGATIONS = frozenset(
    """
    tidak tidaklah tidakkah tak bukan bukanlah bukankah belum belumlah tanpa jangan janganlah
    nggak enggak gak ndak tiada not never no none nobody nothing neither nor without cannot
    """.split()
)
# "tidak hanya", "not only" affirm; "No. 5" is a number.
_NO_NEGATION = re.compile(r"\s(?:hanya|saja|cuma|sekadar|only|just|merely)\b|\.\s?\d")


def entities(text: str, language: Language) -> list[Entity]:
    """The facts in `text`, in order of their start; no two dates, numbers or names overlap."""
    text = text.translate(_SPACES)
    words = [(match.start(), match.group().lower()) for match in _WORD.finditer(text)]
    when = dates(text, language, words)
    amounts = numbers(text, language, words, when)
    found = [Entity("date", *fact) for fact in when]
    found += [Entity("number", *fact) for fact in amounts]
    found += [Entity("name", *fact) for fact in names(text, [*when, *amounts])]
    found += [Entity("negation", *fact) for fact in _negations(text, words)]
    return sorted(found, key=lambda entity: (entity.start, entity.end))


def _negations(text: str, words: Sequence[Word]) -> list[Fact]:
    found: list[Fact] = []
    for number, (at, word) in enumerate(words):
        end = at + len(word)
        if word in _NEGATIONS:
            if not _NO_NEGATION.match(text, end):
                found.append((at, end, "not"))
        elif word == "t" and at > 1 and text[at - 1] in "'’" and text[at - 2] in "nN" and number:
            found.append((words[number - 1][0], end, "not"))
    return found


def agrees(a: Entity, b: Entity) -> bool:
    """Whether two facts can both be true of the same thing: symmetric, not transitive."""
    if a.kind == b.kind:
        return values_agree(a.kind, a.value, b.value)
    if {a.kind, b.kind} == {"date", "number"}:
        return a.value == b.value  # 1500, the year or the amount
    return False


@lru_cache(maxsize=2**14)
def values_agree(kind: EntityKind, a: str, b: str) -> bool:
    """`agrees` on bare values of one kind."""
    if a == b:
        return True
    if kind == "date":
        return dates_agree(a, b)
    if kind == "number":
        return numbers_agree(a, b)
    return kind == "name" and names_agree(a, b)
