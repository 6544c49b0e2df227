"""Whether the names of a claim stand in what it cites."""

from __future__ import annotations

import re
from types import MappingProxyType

from assistant.checking.agreement.alignment import aligned
from assistant.checking.agreement.facts import facts_at, facts_of, related
from assistant.checking.agreement.grounds import Grounds
from assistant.checking.agreement.numbers import figures
from assistant.checking.wording import (
    MOSTLY_CAPITAL,
    Wording,
    credit,
    read,
    translations,
    word_table,
)
from assistant.language import STOP_WORDS
from assistant.words.entities import Entity, number_value
from assistant.words.gazetteer import ALIASES

_GAZETTEER = frozenset(ALIASES.values())


def name_borne_out(claim: Wording, fact: Entity, grounds: Grounds) -> bool:
    """The name stands there, in this or another spelling, by its initials or translated."""
    written = claim.text[fact.start : fact.end]
    amount = _AMOUNT.match(claim.text, fact.start)
    if amount:
        value = number_value(amount[1], claim.language)
        return any(value == figure for unit in grounds.units for figure, _ in figures(unit))
    if any(other.value == fact.value for other in facts_of(grounds.everything, "name")):
        return True
    if any(_contains_phrase(reading, written) for reading in grounds.everything):
        return True
    if fact.value in _GAZETTEER:
        return False
    if _initials_match(written, fact, grounds):
        return True
    words = [
        index
        for index in claim.inside(fact.start, fact.end)
        if claim.tokens[index].text not in STOP_WORDS[claim.language] | _HONORIFICS
    ]
    if claim.language != grounds.first.language:
        # "City Hall", "Provincial Government": ordinary words that English capitalises are
        # weighed with the rest of the sentence, since their translation is anyone's choice.
        proper = [index for index in words if _proper(claim, index)]
        if not proper and len(words) > 1:
            return any(
                credit(claim, index, reading) >= TRANSLATED_NAME
                for index in words
                for reading in grounds.everything
            )
        words = proper
    return all(
        any(name_word_in(claim, index, reading) for reading in grounds.everything)
        for index in words
    )


# "Rp23.9", written too close to be read as a number.
_AMOUNT = re.compile(r"(?:Rp|US\$|USD|IDR)\s?(\d+(?:[.,]\d+)*)")
_HONORIFICS = frozenset("mr mrs ms dr prof sir tuan nyonya bapak ibu pak bu ir drs h hj".split())

TRANSLATED_NAME = 0.2
"""A proper name counts as translated by a word with this share of `FULL_CREDIT`, i.e. a
probability of 0.05: names align almost only with themselves and their other spelling."""


def _proper(claim: Wording, index: int) -> bool:
    """Whether a word is (almost) never written small, or isn't known at all.

    An English word that is translated by an ordinary Indonesian one ("Wives": "istri") isn't.
    """
    word = claim.tokens[index].text
    if word_table()[claim.language].get(word, (1.0, 9))[1] < 9:
        return False
    return claim.language == "id" or not any(
        probability >= _COMMONLY and word_table()["id"].get(other, (1.0, 9))[1] < MOSTLY_CAPITAL
        for other, probability in translations(word)[:1]
    )


_COMMONLY = 0.3
"""Least probability of the translation that shows a capitalised word to be a common one."""


def _contains_phrase(reading: Wording, written: str) -> bool:
    wanted = " ".join(token.text for token in read(written, reading.language).tokens)
    return bool(wanted) and f" {wanted} " in reading.spaced


def name_word_in(claim: Wording, index: int, reading: Wording) -> bool:
    """Whether a word of a name stands in a text, spelt, inflected or translated."""
    word = claim.tokens[index].text
    if word in reading.surfaces:
        return True
    if len(word) < 3 and not claim.text[claim.tokens[index].start :][: len(word)].isupper():
        return False  # "Un" is not "UN", which the table translates
    if len(word) >= 6 and any(
        other[0] == word[0] and _one_edit(word, other) for other in reading.surfaces
    ):
        return True  # "Sumatera", "Sumatra"
    if len(word) >= 5 and any(word + ending in reading.surfaces for ending in _ENDINGS):
        return True  # "Muslim", "Muslimah"
    if claim.language == reading.language:
        # An ordinary word with a capital ("Kementerian") may change its form, a name may not.
        return not _proper(claim, index) and claim.stems[index] in reading.stem_set
    return credit(claim, index, reading) >= TRANSLATED_NAME


_ENDINGS = ("ah", "nya", "s", "is", "i")


def _one_edit(a: str, b: str) -> bool:
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    return (
        a[start + 1 :] == b[start + 1 :]
        or a[start:] == b[start + 1 :]
        or a[start + 1 :] == b[start:]
    )


# What stands before a word that is inside a sentence, so that its capital says something.
_INSIDE = re.compile(r"[\w,;)%](?:\s\(?|-)$")


def unknown_name(claim: Wording, grounds: Grounds) -> bool:
    """Whether a capitalised word inside the claim stands nowhere in the evidence.

    The finder of names misses some. Within a language, a word that is always written with a
    capital has to be there; an ordinary one only if it took a name's place.
    """
    if claim.language != grounds.first.language:
        return False
    known = [reading.surfaces for reading in grounds.everything]
    stray = {
        index
        for index, token in enumerate(claim.tokens)
        if index
        and claim.text[token.start].isupper()
        and _INSIDE.search(claim.text, 0, token.start)
        and token.text not in STOP_WORDS[claim.language] | _HONORIFICS
        and not any(token.text in surfaces for surfaces in known)
        and not any(claim.stems[index] in reading.stem_set for reading in grounds.everything)
        and not any(name_word_in(claim, index, reading) for reading in grounds.everything)
        and not any(
            fact.kind != "negation" and fact.start <= token.start < fact.end for fact in claim.facts
        )
    }
    if not stray:
        return False
    if any(_proper(claim, index) for index in stray):
        return True
    for kind, i1, i2, j1, j2 in aligned(claim, grounds.first):
        if kind != "replace" or not stray & set(range(i1, i2)):
            continue
        gone = facts_at(grounds.first, j1, j2, "name")
        if any(not any(related(fact, other) for other in claim.facts) for fact in gone):
            return True
    return False


def _initials_match(written: str, fact: Entity, grounds: Grounds) -> bool:
    """ "PBB" for "Perserikatan Bangsa-Bangsa", and the other way round."""
    names = list(facts_of(grounds.everything, "name"))
    if written.isupper() and written.isalpha():
        return any(_initials(other.value) == written.lower() for other in names)
    initials = _initials(fact.value)
    return len(initials) > 1 and any(other.value == initials for other in names)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())


# Capitals and seats that the news uses for their governments.
_SEATS = MappingProxyType(
    {
        "pyongyang": "north korea", "seoul": "south korea", "washington": "united states",
        "gedung putih": "united states", "white house": "united states", "moskow": "russia",
        "moscow": "russia", "kremlin": "russia", "beijing": "china", "tokyo": "japan",
        "kyiv": "ukraine", "kiev": "ukraine", "london": "united kingdom", "berlin": "germany",
        "paris": "france", "jakarta": "indonesia", "teheran": "iran", "tehran": "iran",
        "new delhi": "india", "ankara": "turkey", "hanoi": "vietnam", "canberra": "australia",
    }
)  # fmt: skip


def metonyms(a: Entity, b: Entity) -> bool:
    """Whether two names may stand for one government."""
    return _SEATS.get(a.value, a.value) == _SEATS.get(b.value, b.value)
