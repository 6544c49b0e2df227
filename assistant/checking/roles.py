"""Who did it to whom: the names around a verb, and whether two texts give them one role.

Read off the order of words, the voice of the verb and the prepositions, in Indonesian and in
English; where a sentence is too involved for that, no role is given and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from assistant.checking.substance import NO_VERBS
from assistant.checking.wording import Wording, same_word, translations
from assistant.types import Language
from assistant.words.entities import Entity, values_agree

Role = Literal["agent", "patient", "to", "from"]

REACH = 8
"""Words between a verb and a name that it governs, at most."""

_VERB = re.compile(r"(?:me[mnlry]?|di|ber|ter)\w{4,}")
_PASSIVE = re.compile(r"di\w{4,}")
_NEUTRAL = re.compile(r"(?:ber|ter)\w{4,}")
_PARTICIPLE = re.compile(r"\w+(?:ed|en|wn|ought|aught|eld|old|ent|uilt|et)|made|said|done|born|led")
_BE = frozenset("is are was were be been being".split())
_PREPOSITIONS: Mapping[str, Role | None] = MappingProxyType(
    {
        **dict.fromkeys(("oleh", "by"), "agent"),
        **dict.fromkeys(("kepada", "ke", "to", "terhadap", "bagi"), "to"),
        **dict.fromkeys(("dari", "from"), "from"),
        **dict.fromkeys(
            "di pada dalam dengan untuk sebagai tentang mengenai sejak selama antara bersama saat "
            "ketika setelah sebelum menurut at in on with for as about since during between after "
            "before while against over into".split(),
            None,
        ),
    }
)
# Another clause begins, or another name is as good.
_BOUNDS = frozenset(
    "yang bahwa dan atau serta karena agar supaya that who which and or because whose".split()
)
_STOP = re.compile(r"[,;:.!?()\"“”–—]")

Roles = Mapping[Role, Entity]


def roles_agree(claim: Wording, source: Wording) -> bool | None:
    """Whether names have the same roles beside the verbs that both texts have.

    False where one is put in another's role; True where at least two stand in theirs beside a
    verb of the other voice, so that the order of words tells nothing; None where neither can
    be told, or the order of words may tell.
    """
    agreed = None
    names = [fact for fact in claim.facts if fact.kind == "name"]
    if len(names) < 2:
        return None
    for ours, theirs in _shared_verbs(claim, source):
        said, known = roles(claim, ours), roles(source, theirs)
        same = {role for role in said if role in known and _related(said[role], known[role])}
        for one, other in _EXCLUSIVE:
            if (
                one in said
                and other in known
                and one not in same
                and other not in same
                and _related(said[one], known[other])
                and sum(_related(said[one], name) for name in known.values()) == 1
            ):
                return False
        if len(same) >= 2 and _is_passive(claim, ours) != _is_passive(source, theirs):
            agreed = True
    return agreed


_EXCLUSIVE: tuple[tuple[Role, Role], ...] = (
    ("agent", "patient"),
    ("patient", "agent"),
    ("agent", "to"),
    ("to", "agent"),
    ("to", "from"),
    ("from", "to"),
)


def _shared_verbs(claim: Wording, source: Wording) -> Iterator[tuple[int, int]]:
    own = _verbs(claim)
    for there in _verbs(source):
        here = [index for index in own if same_word(claim, index, source, there)]
        if len(here) == 1:  # said twice, it can't be told which one is meant
            yield here[0], there


def _verbs(reading: Wording) -> list[int]:
    """Words that are verbs by their shape; in English, by that of their translation."""
    return [
        index
        for index, _ in reading.content
        if not reading.text[reading.tokens[index].start].isupper()
        and _is_verb(reading.tokens[index].text, reading.language)
    ]


@lru_cache(maxsize=2**14)
def _is_verb(word: str, language: Language) -> bool:
    if language == "en" and word.endswith("ed"):
        return True
    likely = (
        [word]
        if language == "id"
        else [other for other, probability in translations(word)[:2] if probability >= _LIKELY]
    )
    return any(_VERB.fullmatch(other) and other not in NO_VERBS for other in likely)


_LIKELY = 0.15
"""Least probability of a translation that shows an English word to be a verb."""


def roles(reading: Wording, verb: int) -> Roles:
    """The names beside the word `verb` (a token index) by their role."""
    found: dict[Role, Entity] = {}
    names = {
        reading.inside(fact.start, fact.end)[0]: fact
        for fact in reading.facts
        if fact.kind == "name" and reading.inside(fact.start, fact.end)
    }
    passive = _is_passive(reading, verb)
    # Of "berlayar" and "terkait" the order of words doesn't tell who does it.
    neutral = reading.language == "id" and _NEUTRAL.fullmatch(reading.tokens[verb].text)
    before: Role = "patient" if passive else "agent"
    for index in range(verb - 1, max(-1, verb - 1 - REACH), -1):
        if _parted(reading, index) or reading.tokens[index].text in _BOUNDS:
            break
        if index in names and not _governed(reading, index):
            if not neutral:
                found[before] = names[index]
            break
    governing: Role | Literal["none"] | None = "none"
    for index in range(verb + 1, min(len(reading.tokens), verb + 1 + REACH)):
        word = reading.tokens[index].text
        if _parted(reading, index - 1) or word in _BOUNDS:
            break
        if word in _PREPOSITIONS:
            governing = _PREPOSITIONS[word]
        elif index in names:
            role: Role | None
            if governing == "none" and neutral:
                role = None
            elif governing == "none":
                # "disambut Raja": what follows a passive of Indonesian did it.
                role = ("agent" if reading.language == "id" else None) if passive else "patient"
            else:
                role = governing
            if role is not None:
                found.setdefault(role, names[index])
            governing = None
    return found


def _is_passive(reading: Wording, verb: int) -> bool:
    if reading.language == "id":
        return bool(_PASSIVE.fullmatch(reading.tokens[verb].text))
    helpers = {token.text for token in reading.tokens[max(0, verb - 3) : verb]}
    return bool(_BE & helpers) and bool(_PARTICIPLE.fullmatch(reading.tokens[verb].text))


def _parted(reading: Wording, index: int) -> bool:
    """Whether a mark stands between a word and the next one."""
    if index + 1 >= len(reading.tokens):
        return False
    gap = reading.text[reading.tokens[index].end : reading.tokens[index + 1].start]
    return bool(_STOP.search(gap))


def _governed(reading: Wording, index: int) -> bool:
    """Whether a name is in a phrase of a preposition: "di Borhen", "dari kota Selmar"."""
    near = range(max(0, index - 2), index)
    return any(reading.tokens[at].text in _PREPOSITIONS for at in near)


def _related(a: Entity, b: Entity) -> bool:
    return values_agree("name", a.value, b.value)
