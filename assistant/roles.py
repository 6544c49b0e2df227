"""Who did it to whom: the names around a verb, and whether two texts give them one role.

Read off the order of words, the voice of the verb and the prepositions, in Indonesian and in
English; where a sentence is too involved for that, no role is given and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from assistant.entities import Entity, values_agree
from assistant.wording import Reading, same_word

Role = Literal["agent", "patient", "to", "from"]

REACH = 8
"""Words between a verb and a name that it governs, at most."""

_VERB = re.compile(r"(?:me[mnlry]?|di|ber|ter)\w{4,}")
_PASSIVE = re.compile(r"di\w{4,}")
_BE = frozenset("is are was were be been being".split())
_PREPOSITIONS: Mapping[str, Role | None] = MappingProxyType(
    {
        **dict.fromkeys(("oleh", "by"), "agent"),
        **dict.fromkeys(("kepada", "ke", "to", "terhadap", "bagi"), "to"),
        **dict.fromkeys(("dari", "from"), "from"),
        **dict.fromkeys(
            "di pada dalam dengan untuk sebagai tentang mengenai sejak selama antara bersama saat "
            "ketika setelah sebelum menurut at in on with for as about since during between after "
            "before of while against over into".split(),
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


def roles_agree(claim: Reading, source: Reading) -> bool | None:
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
                and not _shared(said[one], known.get(one))
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


def _shared(name: Entity, other: Entity | None) -> bool:
    return other is not None and _related(name, other)


def _shared_verbs(claim: Reading, source: Reading) -> Iterator[tuple[int, int]]:
    verbs = list(_verbs(source) if source.language == "id" else _words(source))
    own = list(_verbs(claim) if claim.language == "id" else _words(claim))
    for there in verbs:
        here = [index for index in own if same_word(claim, index, source, there)]
        if len(here) == 1:  # said twice, it can't be told which one is meant
            yield here[0], there


def _words(reading: Reading) -> Iterable[int]:
    """English verbs have no shape: any word of weight that is written small."""
    return (
        index
        for index, _ in reading.content
        if not reading.text[reading.tokens[index].start].isupper()
    )


def _verbs(reading: Reading) -> Iterable[int]:
    return (index for index in _words(reading) if _VERB.fullmatch(reading.tokens[index].text))


def roles(reading: Reading, verb: int) -> Roles:
    """The names beside the word `verb` (a token index) by their role."""
    found: dict[Role, Entity] = {}
    names = {
        reading.inside(fact.start, fact.end)[0]: fact
        for fact in reading.facts
        if fact.kind == "name" and reading.inside(fact.start, fact.end)
    }
    passive = _is_passive(reading, verb)
    before: Role = "patient" if passive else "agent"
    for index in range(verb - 1, max(-1, verb - 1 - REACH), -1):
        if _parted(reading, index) or reading.tokens[index].text in _BOUNDS:
            break
        if index in names and not _governed(reading, index):
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
            if governing == "none":
                # "disambut Raja": what follows a passive of Indonesian did it.
                role = ("agent" if reading.language == "id" else None) if passive else "patient"
            else:
                role = governing
            if role is not None:
                found.setdefault(role, names[index])
            governing = None
    return found


def _is_passive(reading: Reading, verb: int) -> bool:
    if reading.language == "id":
        return bool(_PASSIVE.fullmatch(reading.tokens[verb].text))
    helpers = {token.text for token in reading.tokens[max(0, verb - 3) : verb]}
    return bool(_BE & helpers) and not reading.tokens[verb].text.endswith("ing")


def _parted(reading: Reading, index: int) -> bool:
    """Whether a mark stands between a word and the next one."""
    if index + 1 >= len(reading.tokens):
        return False
    gap = reading.text[reading.tokens[index].end : reading.tokens[index + 1].start]
    return bool(_STOP.search(gap))


def _governed(reading: Reading, index: int) -> bool:
    """Whether a name is in a phrase of a preposition: "di Borhen", "dari kota Selmar"."""
    near = range(max(0, index - 2), index)
    return any(reading.tokens[at].text in _PREPOSITIONS for at in near)


def _related(a: Entity, b: Entity) -> bool:
    return values_agree("name", a.value, b.value)
