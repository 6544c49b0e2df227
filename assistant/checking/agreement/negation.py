"""Whether a claim denies and asserts what the text that it cites does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.agreement.alignment import aligned
from assistant.checking.agreement.grounds import Grounds
from assistant.checking.wording import Wording, same_word
from assistant.types import Language

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
"""A negation is taken to govern the next two content words of its clause, six words on at most:
verb and object ("tidak akan pernah mengirim pasukan"). Set by hand."""
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


def negations(reading: Wording) -> list[_Negation]:
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


def negation_agrees(claim: Wording, grounds: Grounds) -> bool:
    """What the claim denies is denied there, and what is denied there isn't asserted by it."""
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


def _left_out(claim: Wording, own: Sequence[_Negation], first: Wording) -> bool:
    """Whether a claim that renders a whole sentence in another language lost its negation.

    The word that is denied may have no entry in the translation table, so it is the denials
    that are counted.
    """
    theirs = [negation for negation in negations(first) if not _is_idiom(first, negation)]
    whole = len(claim.content) >= _WHOLE * len(first.content)
    return bool(theirs) and whole and not own and not _denials(claim)


_WHOLE = 0.7
"""A claim with this share of the evidence's number of content words renders all of it."""


def _put_in_or_out(claim: Wording, first: Wording) -> bool:
    """Whether the two texts, laid side by side, differ in a negation between the same words."""
    ours = [token.text for token in claim.tokens]
    theirs = [token.text for token in first.tokens]
    here = {negation.at for negation in negations(claim)}
    there = {negation.at for negation in negations(first)}
    if not here and not there:
        return False
    blocks = aligned(claim, first)
    for number, (kind, i1, i2, j1, j2) in enumerate(blocks):
        if kind == "equal" or not 0 < number < len(blocks) - 1 or max(i2 - i1, j2 - j1) > 2:
            continue
        differs = bool(here & set(range(i1, i2))) != bool(there & set(range(j1, j2)))
        denied = any(_denying(word, claim.language) for word in [*ours[i1:i2], *theirs[j1:j2]])
        if differs and not denied:
            return True
    return False


_IDIOMATIC = frozenset(
    "lama jauh biasa jarang terlalu begitu seberapa diragukan lain long far".split()
)


def _is_idiom(reading: Wording, negation: _Negation) -> bool:
    """ "tidak lama kemudian" is "shortly after": across languages no negation stands there."""
    at = negation.at + 1
    return at < len(reading.tokens) and reading.tokens[at].text in _IDIOMATIC


def _denied_there(claim: Wording, negation: _Negation, units: Sequence[Wording]) -> bool:
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


def _denials(reading: Wording) -> list[int]:
    """Where negations and denying words stand."""
    return [negation.at for negation in negations(reading)] + [
        index
        for index, token in enumerate(reading.tokens)
        if _denying(token.text, reading.language)
    ]


def _affirmed_here(
    unit: Wording,
    negation: _Negation,
    claim: Wording,
    own: Sequence[_Negation],
    units: Sequence[Wording],
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


def _denied_before(reading: Wording, index: int) -> bool:
    """Whether a word denies itself ("unaware") or stands shortly after one that denies."""
    if reading.language == "en" and _SELF_DENYING.fullmatch(reading.tokens[index].text):
        return True
    return any(
        _DENYING[reading.language].fullmatch(token.text)
        for token in reading.tokens[max(0, index - 3) : index]
    )
