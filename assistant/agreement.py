"""Whether the facts of a sentence agree with what it cites: numbers, dates, names, negation.

These are gates and not weights: a sentence with one wrong fact is wrong, however many of its
words are right. Each gate errs towards refusing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from assistant.entities import Entity, number_value, values_agree
from assistant.gazetteer import ALIASES
from assistant.language import STOP_WORDS
from assistant.roles import roles_agree
from assistant.types import Language
from assistant.wording import (
    MOSTLY_CAPITAL,
    Reading,
    credit,
    read,
    same_word,
    translations,
    word_table,
)

Fault = Literal["number", "date", "name", "negation", "agent"]

_GAZETTEER = frozenset(ALIASES.values())


@dataclass(frozen=True)
class Grounds:
    """What a claim may rest on: `first`, the sentence that says most of it; `units`, all the
    sentences chosen (the first included); `around`, their neighbours, title, outlet and date.
    """

    first: Reading
    units: tuple[Reading, ...]
    around: tuple[Reading, ...]

    @cached_property
    def everything(self) -> tuple[Reading, ...]:
        """Units and surroundings."""
        return (*self.units, *self.around)


def fault(claim: Reading, grounds: Grounds) -> Fault | None:
    """The kind of the first fact of `claim` that `grounds` don't bear out; None when all agree."""
    for fact in claim.facts:
        if fact.kind == "number" and not _number_borne_out(claim, fact, grounds):
            return "number"
        if fact.kind == "date" and not _date_borne_out(claim, fact, grounds):
            return "date"
        if fact.kind == "name" and not _name_borne_out(claim, fact, grounds):
            return "name"
    if _unknown_name(claim, grounds):
        return "name"
    if not _negation_agrees(claim, grounds):
        return "negation"
    if _displaced_name(claim, grounds):
        return "name"
    agreed = roles_agree(claim, grounds.first)
    if agreed is None:
        return _exchanged(claim, grounds.first) or _places_changed(claim, grounds.first)
    return None if agreed else "agent"


# ------------------------------------------------------------------------ numbers, dates


def _facts(readings: Iterable[Reading], *kinds: str) -> Iterator[Entity]:
    return (fact for reading in readings for fact in reading.facts if fact.kind in kinds)


def _number_borne_out(claim: Reading, fact: Entity, grounds: Grounds) -> bool:
    def agrees(other: Entity) -> bool:
        if other.kind == "number":
            return values_agree("number", fact.value, other.value)
        return other.kind == "date" and fact.value.strip("#") in other.value.lstrip("ct-").split(
            "-"
        )

    if any(agrees(other) for other in _facts(grounds.units, "number", "date")):
        return True
    if fact.value == "2" and any(_BOTH & unit.surfaces for unit in grounds.units):
        return True
    if _same_figure(claim, fact, grounds.units):
        return True
    if any(agrees(other) for other in _facts(grounds.around, "number", "date")):
        # The value comes from next door: not where the sentence has another one in its place.
        return not _has_rival(claim, grounds.first, "number")
    return False


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def _same_figure(claim: Reading, fact: Entity, units: Sequence[Reading]) -> bool:
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
        for figure, scale in _figures(unit)
    )


@lru_cache(maxsize=2**12)
def _figures(reading: Reading) -> frozenset[tuple[str, bool]]:
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


def _has_rival(claim: Reading, first: Reading, kind: str) -> bool:
    """Whether the first sentence states a value of this kind that the claim doesn't."""
    own = list(_facts([claim], kind))
    return any(
        not any(values_agree(other.kind, other.value, fact.value) for fact in own)
        for other in _facts([first], kind)
    )


def _date_parts(value: str) -> dict[str, str]:
    if value[:1] in "cwt" or "x" in value:
        return {value[:1] if value[:1] in "cwt" else "x": value}
    year, month, day = _split_date(value)
    return {
        name: part
        for name, part in (
            ("year", year),
            ("month", month),
            ("day", f"{month}-{day}" if day else ""),
        )
        if part
    }


def _split_date(value: str) -> tuple[str, str, str]:
    pieces = ["", *value[2:].split("-")] if value.startswith("--") else value.split("-")
    pieces += [""] * (3 - len(pieces))
    return pieces[0], pieces[1], pieces[2]


def _date_borne_out(claim: Reading, fact: Entity, grounds: Grounds) -> bool:
    """Each part of the date is stated by a date that agrees with the whole of it."""
    parts = _date_parts(fact.value)
    for readings, near in ((grounds.units, True), (grounds.everything, False)):
        agreeing = [
            _date_parts(other.value)
            for other in _facts(readings, "date")
            if values_agree("date", fact.value, other.value)
        ]
        if set(parts) & set("cwtx"):
            borne_out = bool(agreeing)
        else:
            borne_out = all(
                any(other.get(name) == part for other in agreeing) for name, part in parts.items()
            )
        if borne_out:
            return near or not _has_rival(claim, grounds.first, "date")
    if "-" in fact.value:
        return False
    # A bare year that the article has as a plain number ("tahun 711").
    return any(fact.value == other.value for other in _facts(grounds.units, "number"))


# ---------------------------------------------------------------------------------- names


def _name_borne_out(claim: Reading, fact: Entity, grounds: Grounds) -> bool:
    written = claim.text[fact.start : fact.end]
    amount = _AMOUNT.match(claim.text, fact.start)
    if amount:
        value = number_value(amount[1], claim.language)
        return any(value == figure for unit in grounds.units for figure, _ in _figures(unit))
    if any(other.value == fact.value for other in _facts(grounds.everything, "name")):
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
        any(_name_word_in(claim, index, reading) for reading in grounds.everything)
        for index in words
    )


# "Rp23.9", written too close to be read as a number.
_AMOUNT = re.compile(r"(?:Rp|US\$|USD|IDR)\s?(\d+(?:[.,]\d+)*)")
_HONORIFICS = frozenset("mr mrs ms dr prof sir tuan nyonya bapak ibu pak bu ir drs h hj".split())

TRANSLATED_NAME = 0.2
"""A proper name counts as translated by a word with this share of `FULL_CREDIT`, i.e. a
probability of 0.05: names align almost only with themselves and their other spelling."""


def _proper(claim: Reading, index: int) -> bool:
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


def _contains_phrase(reading: Reading, written: str) -> bool:
    wanted = " ".join(token.text for token in read(written, reading.language).tokens)
    return bool(wanted) and f" {wanted} " in reading.spaced


def _name_word_in(claim: Reading, index: int, reading: Reading) -> bool:
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


def _unknown_name(claim: Reading, grounds: Grounds) -> bool:
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
        and not any(_name_word_in(claim, index, reading) for reading in grounds.everything)
        and not any(
            fact.kind != "negation" and fact.start <= token.start < fact.end for fact in claim.facts
        )
    }
    if not stray:
        return False
    if any(_proper(claim, index) for index in stray):
        return True
    for kind, i1, i2, j1, j2 in _aligned(claim, grounds.first):
        if kind != "replace" or not stray & set(range(i1, i2)):
            continue
        gone = _facts_at(grounds.first, j1, j2, "name")
        if any(not any(_related(fact, other) for other in claim.facts) for fact in gone):
            return True
    return False


def _initials_match(written: str, fact: Entity, grounds: Grounds) -> bool:
    """ "PBB" for "Perserikatan Bangsa-Bangsa", and the other way round."""
    names = list(_facts(grounds.everything, "name"))
    if written.isupper() and written.isalpha():
        return any(_initials(other.value) == written.lower() for other in names)
    initials = _initials(fact.value)
    return len(initials) > 1 and any(other.value == initials for other in names)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())


# ------------------------------------------------------------------------------- negation

# Words that deny without a negation of their own: "gagal", "refused".
_DENYING = {
    "id": re.compile(
        r"gagal|(?:me)?nolak|(?:me|di)(?:ny)?sangkal\w*|(?:mem|di)bantah\w*|enggan|(?:di|me)larang\w*|"
        r"larangan|mustahil|kecuali|kurang|tanpa|absen|(?:di|mem)?batal\w*|jarang|sulit|nihil|nol|"
        r"bebas|non|berhenti|(?:ke)?hilang(?:an)?|lupa|menentang|(?:men|di)cegah\w*|(?:meng|ter)hindar\w*|"
        r"anti|minim|ketimbang|ditolak|menolak"
    ),
    "en": re.compile(
        r"fail\w*|refus\w*|den(?:y|ie\w*|ying)|reject\w*|lack\w*|unable|impossible|except|rarely|"
        r"hardly|prevent\w*|avoid\w*|without|unlike\w*|few|little|absent|stop\w*|ban(?:s|ned|ning)?|"
        r"unclear|rather|instead|prohibit\w*|free|barely|seldom|oppos\w*|neither|nor|zero"
    ),
}
_SCOPE_WORDS = 2
_SCOPE_REACH = 6
_CLAUSE_END = re.compile(r"[,;:.!?()\"“”–—]")


_SET_PHRASES = frozenset({"paling", "setidak", "mau", "or", "whether"})
# English words that deny within themselves: "unconditional" is "tanpa syarat".
_SELF_DENYING = re.compile(
    r"(?:un|in|im|ir|dis|non|sub|mis)\w{4,}|\w{3,}less(?:ly)?|(?:tak|tuna)\w{4,}"
)


@dataclass(frozen=True, slots=True)
class _Negation:
    """One negation and the content words (token indices) that it governs."""

    at: int
    scope: tuple[int, ...]
    end: int

    @property
    def reach(self) -> range:
        """Every token from the negation to the end of its clause, or of its reach."""
        return range(self.at + 1, self.end)


def negations(reading: Reading) -> list[_Negation]:
    """The negations of a text with what each one governs: the next two content words."""
    content = {index for index, _ in reading.content if not reading.tokens[index].number}
    found: list[_Negation] = []
    for fact in reading.facts:
        if fact.kind != "negation":
            continue
        inside = reading.inside(fact.start, fact.end)
        if not inside:
            continue
        at = inside[-1]
        if at and reading.tokens[at - 1].text in _SET_PHRASES:
            continue  # "paling tidak": at least
        scope: list[int] = []
        end = at + 1
        while end < min(at + 1 + _SCOPE_REACH, len(reading.tokens)):
            gap = reading.text[reading.tokens[end - 1].end : reading.tokens[end].start]
            if _CLAUSE_END.search(gap):
                break
            if end in content and len(scope) < _SCOPE_WORDS:
                scope.append(end)
            end += 1
        found.append(_Negation(at, tuple(scope), end))
    return found


def _negation_agrees(claim: Reading, grounds: Grounds) -> bool:
    own = negations(claim)
    theirs = [(unit, negation) for unit in grounds.units for negation in negations(unit)]
    for negation in own:
        if not _denied_there(claim, negation, grounds.units):
            return False
    for unit, negation in theirs:
        if claim.language != unit.language and _is_idiom(unit, negation):
            continue
        if _affirmed_here(unit, negation, claim, own, grounds.units):
            return False
    if claim.language != grounds.first.language:
        return not _left_out(claim, own, grounds.first)
    return not _put_in_or_out(claim, grounds.first)


def _left_out(claim: Reading, own: Sequence[_Negation], first: Reading) -> bool:
    """Whether a claim that renders a whole sentence in another language lost its negation.

    The word that is denied may have no entry in the translation table, so it is the denials
    that are counted.
    """
    theirs = [negation for negation in negations(first) if not _is_idiom(first, negation)]
    whole = len(claim.content) >= _WHOLE * len(first.content)
    return bool(theirs) and whole and not own and not _denials(claim)


_WHOLE = 0.7
"""A claim with this share of the evidence's number of content words renders all of it."""


def _put_in_or_out(claim: Reading, first: Reading) -> bool:
    """Whether the two texts, laid side by side, differ in a negation between the same words."""
    ours = [token.text for token in claim.tokens]
    theirs = [token.text for token in first.tokens]
    here = {negation.at for negation in negations(claim)}
    there = {negation.at for negation in negations(first)}
    if not here and not there:
        return False
    blocks = _aligned(claim, first)
    for number, (kind, i1, i2, j1, j2) in enumerate(blocks):
        if kind == "equal" or not 0 < number < len(blocks) - 1 or max(i2 - i1, j2 - j1) > 2:
            continue
        differs = bool(here & set(range(i1, i2))) != bool(there & set(range(j1, j2)))
        denied = any(_denying(word, claim.language) for word in [*ours[i1:i2], *theirs[j1:j2]])
        if differs and not denied:
            return True
    return False


_Block = tuple[str, int, int, int, int]


@lru_cache(maxsize=64)
def _aligned(claim: Reading, first: Reading) -> tuple[_Block, ...]:
    """The edits that turn the claim's words into the sentence's."""
    ours = [token.text for token in claim.tokens]
    theirs = [token.text for token in first.tokens]
    return tuple(SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes())


_IDIOMATIC = frozenset(
    "lama jauh biasa jarang terlalu begitu seberapa diragukan lain long far".split()
)


def _is_idiom(reading: Reading, negation: _Negation) -> bool:
    """ "tidak lama kemudian" is "shortly after": across languages no negation stands there."""
    at = negation.at + 1
    return at < len(reading.tokens) and reading.tokens[at].text in _IDIOMATIC


def _denied_there(claim: Reading, negation: _Negation, units: Sequence[Reading]) -> bool:
    """Whether the evidence denies what the claim denies."""
    met = False
    for unit in units:
        governed = {index for other in negations(unit) for index in other.reach}
        for index in range(len(unit.tokens)):
            if negation.scope and same_word(claim, negation.scope[0], unit, index):
                met = True
                if index in governed or _denied_before(unit, index):
                    return True
    if met:
        return False
    # The words that are denied are put otherwise there: a denial has to stand in their place.
    nearby = range(max(0, negation.at - 3), min(len(claim.tokens), negation.at + 7))
    content = {index for index, _ in claim.content}
    for unit in units:
        denials = _denials(unit)
        places = [
            there
            for here in nearby
            if here in content
            for there in range(len(unit.tokens))
            if same_word(claim, here, unit, there)
        ]
        if denials and not places and unit is units[0]:
            return True
        if any(abs(denial - place) <= _PLACE for denial in denials for place in places):
            return True
    return False


_PLACE = 5
"""Two words stand in the same place of a sentence when so few words lie between them."""


def _denials(reading: Reading) -> list[int]:
    """Where negations and denying words stand."""
    return [negation.at for negation in negations(reading)] + [
        index
        for index, token in enumerate(reading.tokens)
        if _denying(token.text, reading.language)
    ]


def _affirmed_here(
    unit: Reading,
    negation: _Negation,
    claim: Reading,
    own: Sequence[_Negation],
    units: Sequence[Reading],
) -> bool:
    """Whether the claim asserts what this negation of the evidence denies."""
    governed = {index for other in own for index in other.reach}
    # A claim that denies something too is held to the word that is denied, no further.
    for there in negation.scope[:1] if own else negation.scope:
        here = [i for i in range(len(claim.tokens)) if same_word(claim, i, unit, there)]
        if not here:
            continue
        if any(i in governed or _denied_before(claim, i) for i in here):
            return False
        # The evidence may assert elsewhere what it denies here of something else.
        return not any(
            same_word(claim, here[0], other, index)
            for other in units
            for index in range(len(other.tokens))
            if not (other is unit and index == there)
            and index not in {i for n in negations(other) for i in n.reach}
        )
    return False


@lru_cache(maxsize=2**14)
def _denying(word: str, language: Language) -> bool:
    """Whether a word denies by its meaning or, in English, by its prefix."""
    return bool(
        _DENYING[language].fullmatch(word) or (language == "en" and _SELF_DENYING.fullmatch(word))
    )


def _denied_before(reading: Reading, index: int) -> bool:
    """Whether a word denies itself ("unaware") or stands shortly after one that denies."""
    if reading.language == "en" and _SELF_DENYING.fullmatch(reading.tokens[index].text):
        return True
    return any(
        _DENYING[reading.language].fullmatch(token.text)
        for token in reading.tokens[max(0, index - 3) : index]
    )


# ---------------------------------------------------------------------------------- roles

_AND = frozenset({"dan", "and", "serta", "atau", "or", "dengan", "with"})


def _exchanged(claim: Reading, first: Reading) -> Fault | None:
    """A fact put where the sentence has another: "B menyerang A" for "A menyerang B".

    Word for word alignment, so within one language and for sentences that stay close to
    their source; a freer wording is left to the other gates.
    """
    if claim.language != first.language:
        return _turned_round(claim, first)
    ours = [token.text for token in claim.tokens]
    theirs = [token.text for token in first.tokens]
    blocks = _aligned(claim, first)
    for number, (kind, i1, i2, j1, j2) in enumerate(blocks):
        if kind != "replace" or i2 - i1 > 8 or j2 - j1 > 8:
            continue
        before = blocks[number - 1] if number else None
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        held = sum(
            block[2] - block[1] for block in (before, after) if block and block[0] == "equal"
        )
        if held < 2:
            continue
        if _AND & {*ours[max(0, i1 - 1) : i2 + 1]} and _AND & {*theirs[max(0, j1 - 1) : j2 + 1]}:
            continue  # "Kim dan Putin", "Putin dan Kim"
        for kind_of_fact in ("name", "number", "date"):
            here = _facts_at(claim, i1, i2, kind_of_fact)
            there = _facts_at(first, j1, j2, kind_of_fact)
            if not here or not there:
                continue
            stray = [fact for fact in here if not any(_related(fact, other) for other in there)]
            gone = [fact for fact in there if not any(_related(fact, other) for other in here)]
            elsewhere = [
                fact
                for fact in stray
                if any(_related(fact, other) for other in first.facts if other.kind == fact.kind)
            ]
            if gone and (
                elsewhere
                or (
                    stray
                    and _bare(claim, i1, i2, here)
                    and _bare(first, j1, j2, there)
                    and not _metonyms(stray[0], gone[0])
                )
            ):
                return "agent" if kind_of_fact == "name" else kind_of_fact
    return _turned_round(claim, first)


def _places_changed(claim: Reading, first: Reading) -> Fault | None:
    """Two facts of a kind that each stand where the other one stands in the evidence.

    A fact's place is told by the words on either side of it, so that a clause may move as a
    whole, and across languages too.
    """
    measures: tuple[tuple[_Measure, float], ...] = ((_likeness, _CROSSED),)
    if claim.language != first.language:
        measures = ((_likeness, _CROSSED), (_closeness, CLOSER))
    for kind in ("name", "number", "date"):
        facts = [fact for fact in claim.facts if fact.kind == kind]
        for a, b in pairwise(facts):
            if _related(a, b) or _coordinated(claim, a, b):
                continue
            at_a = [fact for fact in first.facts if _related(fact, a) and not _related(fact, b)]
            at_b = [fact for fact in first.facts if _related(fact, b) and not _related(fact, a)]
            if not at_a or not at_b:
                continue
            for measure, least in measures:
                straight = max(measure(claim, a, first, there) for there in at_a) + max(
                    measure(claim, b, first, there) for there in at_b
                )
                crossed = max(measure(claim, a, first, there) for there in at_b) + max(
                    measure(claim, b, first, there) for there in at_a
                )
                if crossed >= straight + least:
                    return "agent" if kind == "name" else kind
    return None


_Measure = Callable[[Reading, Entity, Reading, Entity], float]


def _closeness(claim: Reading, fact: Entity, other: Reading, there: Entity) -> float:
    """How near the content words around a fact are to another one: the sum of 1 / distance
    over the words that both have, the farther distance counting; sides don't matter, since
    an adjective changes sides between the languages."""
    ours, theirs = _distances(claim, fact), _distances(other, there)
    return sum(
        max(
            (
                1.0 / max(distance, away)
                for j, away in theirs.items()
                if same_word(claim, i, other, j)
            ),
            default=0.0,
        )
        for i, distance in ours.items()
    )


def _distances(reading: Reading, fact: Entity) -> dict[int, int]:
    """The content words near a fact by how many content words away they are, from 1."""
    inside = reading.inside(fact.start, fact.end)
    if not inside:
        return {}
    names = {
        index
        for other in reading.facts
        if other.kind == fact.kind
        for index in reading.inside(other.start, other.end)
    }
    content = [index for index, _ in reading.content if index not in names]
    before = [index for index in content if index < inside[0]][-CLOSE_WORDS:]
    after = [index for index in content if index > inside[-1]][:CLOSE_WORDS]
    return {index: n for n, index in enumerate(reversed(before), 1)} | {
        index: n for n, index in enumerate(after, 1)
    }


CLOSE_WORDS = 3
CLOSER = 1.0
"""Content words looked at on either side, and by how much the exchange must be closer: of 0.4
to 1, 1 refused fewest faithful training sentences (0.5 % more than without)."""


_CROSSED = 2
"""So many more neighbouring words must speak for the exchange than against it."""


def _coordinated(claim: Reading, a: Entity, b: Entity) -> bool:
    between = claim.text[a.end : b.start]
    return not {token.text for token in read(between, claim.language).tokens} - _AND


def _likeness(claim: Reading, fact: Entity, other: Reading, there: Entity) -> int:
    """How many of the two words before and after one fact stand beside the other."""
    count = 0
    for ours, theirs in zip(_beside(claim, fact), _beside(other, there), strict=True):
        count += sum(any(same_word(claim, i, other, j) for j in theirs) for i in ours)
    return count


def _displaced_name(claim: Reading, grounds: Grounds) -> bool:
    """A name from next door, or one said twice, where the sentence has another name.

    The two are told apart by the words around them: those about the claim's name must not
    be likelier about a name that the claim leaves out.
    """
    first = grounds.first
    names = [fact for fact in claim.facts if fact.kind == "name"]
    spare = [
        fact for fact in first.facts if fact.kind == "name" and not _mentions(claim, first, fact)
    ]
    if not spare:
        return False
    for name in names:
        often = sum(_related(name, other) for other in names)
        there = sum(_related(name, other) for other in first.facts)
        if often <= there or (not there and _mentions(first, claim, name)):
            continue
        own = max(
            (
                _nearness(claim, name, reading, fact)
                for reading in grounds.everything
                for fact in reading.facts
                if _related(name, fact)
            ),
            default=0,
        )
        if any(_nearness(claim, name, first, other) > own for other in spare):
            return True
    return False


def _mentions(other: Reading, reading: Reading, name: Entity) -> bool:
    """Whether another text has this name of `reading`, a word of it, or its seat.

    A word that belongs to another name there won't do: "Kim Son Gyong" is not mentioned
    where "Kim Jong Un" is.
    """
    names = [fact for fact in other.facts if fact.kind == "name"]
    if any(_related(name, fact) or _metonyms(name, fact) for fact in names):
        return True
    taken = {word for fact in names for word in fact.value.split()}
    return any(
        _name_word_in(reading, index, other)
        for index in reading.inside(name.start, name.end)
        if reading.tokens[index].text not in taken
    )


def _nearness(claim: Reading, name: Entity, other: Reading, there: Entity) -> int:
    """How many content words around a name also stand around another one, on either side."""
    ours = _around(claim, name)
    theirs = _around(other, there)
    return sum(any(same_word(claim, i, other, j) for j in theirs) for i in ours)


def _around(reading: Reading, fact: Entity) -> list[int]:
    inside = reading.inside(fact.start, fact.end)
    if not inside:
        return []
    low, high = inside[0] - NEIGHBOURS, inside[-1] + NEIGHBOURS
    content = (index for index, _ in reading.content)
    return [index for index in content if low <= index <= high and index not in inside]


NEIGHBOURS = 8
"""Words on either side that are about a name: across languages their order differs. Of 5 and
8, 8 found a tenth more of the displaced names in training sentences."""


def _beside(reading: Reading, fact: Entity) -> tuple[list[int], list[int]]:
    inside = reading.inside(fact.start, fact.end)
    if not inside:
        return [], []
    low, high = inside[0], inside[-1] + 1
    return list(range(max(0, low - 2), low)), list(range(high, min(len(reading.tokens), high + 2)))


def _bare(reading: Reading, start: int, end: int, facts: Sequence[Entity]) -> bool:
    """Whether a stretch of words is nothing but these facts: no "Presiden" beside "Rusia"."""
    stop = STOP_WORDS[reading.language]
    return all(
        token.text in stop or any(fact.start <= token.start < fact.end for fact in facts)
        for token in reading.tokens[start:end]
    )


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


def _metonyms(a: Entity, b: Entity) -> bool:
    return _SEATS.get(a.value, a.value) == _SEATS.get(b.value, b.value)


def _facts_at(reading: Reading, start: int, end: int, kind: str) -> list[Entity]:
    low, high = reading.tokens[start].start, reading.tokens[end - 1].end
    return [fact for fact in reading.facts if fact.kind == kind and low <= fact.start < high]


def _related(a: Entity, b: Entity) -> bool:
    return a.kind == b.kind and values_agree(a.kind, a.value, b.value)


_PASSIVE = re.compile(r"(?:di|ter)\w{4,}")
_BY = frozenset({"oleh", "by"})


def _turned_round(claim: Reading, first: Reading) -> Fault | None:
    """Two names on the other sides of the same verb, in the same voice."""
    names = [fact for fact in claim.facts if fact.kind == "name"]
    for a, b in pairwise(names):
        between = claim.inside(a.end, b.start)
        if not 0 < len(between) <= 6 or _AND & {claim.tokens[i].text for i in between}:
            continue
        passive = _passive(claim, between)
        for verb in between:
            if claim.tokens[verb].text in STOP_WORDS[claim.language]:
                continue
            for at in range(len(first.tokens)):
                if not same_word(claim, verb, first, at):
                    continue
                left = _nearest_name(first, at, before=True)
                right = _nearest_name(first, at, before=False)
                if not left or not right:
                    continue
                there = passive == _passive(
                    first, range(max(0, at - 1), min(at + 3, len(first.tokens)))
                )
                turned = _related(a, right) and _related(b, left) and not _related(a, left)
                if turned and there:
                    return "agent"
    return None


def _passive(reading: Reading, indices: Iterable[int]) -> bool:
    words = [reading.tokens[i].text for i in indices]
    if reading.language == "en":
        return "by" in words
    return any(_PASSIVE.fullmatch(word) for word in words) or bool(_BY & set(words))


def _nearest_name(reading: Reading, at: int, *, before: bool) -> Entity | None:
    place = reading.tokens[at].start
    names = [fact for fact in reading.facts if fact.kind == "name"]
    if before:
        near = [fact for fact in names if fact.end <= place]
        return near[-1] if near else None
    near = [fact for fact in names if fact.start > place]
    return near[0] if near else None
