"""Facts that took one another's place in a sentence that stays close to its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from assistant.checking.agreement.alignment import aligned
from assistant.checking.agreement.facts import AND, facts_at, related
from assistant.checking.agreement.grounds import Fault
from assistant.checking.agreement.names import metonyms
from assistant.checking.wording import Wording, same_word
from assistant.language import STOP_WORDS
from assistant.words.entities import Entity

LONGEST = 8
"""Words that stand for others, at most: a longer difference is a freer wording. Set by hand."""


def exchanged(claim: Wording, first: Wording) -> Fault | None:
    """A fact put where the sentence has another: "B menyerang A" for "A menyerang B".

    Word for word alignment, so within one language and for sentences that stay close to
    their source; a freer wording is left to the other gates.
    """
    if claim.language != first.language:
        return _turned_round(claim, first)
    ours = [token.text for token in claim.tokens]
    theirs = [token.text for token in first.tokens]
    blocks = aligned(claim, first)
    for number, (kind, i1, i2, j1, j2) in enumerate(blocks):
        if kind != "replace" or i2 - i1 > LONGEST or j2 - j1 > LONGEST:
            continue
        before = blocks[number - 1] if number else None
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        held = sum(
            block[2] - block[1] for block in (before, after) if block and block[0] == "equal"
        )
        if held < 2:
            continue
        if AND & {*ours[max(0, i1 - 1) : i2 + 1]} and AND & {*theirs[max(0, j1 - 1) : j2 + 1]}:
            continue  # "Kim dan Putin", "Putin dan Kim"
        for kind_of_fact in ("name", "number", "date"):
            here = facts_at(claim, i1, i2, kind_of_fact)
            there = facts_at(first, j1, j2, kind_of_fact)
            if not here or not there:
                continue
            stray = [fact for fact in here if not any(related(fact, other) for other in there)]
            gone = [fact for fact in there if not any(related(fact, other) for other in here)]
            elsewhere = [
                fact
                for fact in stray
                if any(related(fact, other) for other in first.facts if other.kind == fact.kind)
            ]
            if gone and (
                elsewhere
                or (
                    stray
                    and _bare(claim, i1, i2, here)
                    and _bare(first, j1, j2, there)
                    and not metonyms(stray[0], gone[0])
                )
            ):
                return "agent" if kind_of_fact == "name" else kind_of_fact
    return _turned_round(claim, first)


def _bare(reading: Wording, start: int, end: int, facts: Sequence[Entity]) -> bool:
    """Whether a stretch of words is nothing but these facts: no "Presiden" beside "Rusia"."""
    stop = STOP_WORDS[reading.language]
    return all(
        token.text in stop or any(fact.start <= token.start < fact.end for fact in facts)
        for token in reading.tokens[start:end]
    )


_PASSIVE = re.compile(r"(?:di|ter)\w{4,}")
_BY = frozenset({"oleh", "by"})


def _turned_round(claim: Wording, first: Wording) -> Fault | None:
    """Two names on the other sides of the same verb, in the same voice."""
    names = [fact for fact in claim.facts if fact.kind == "name"]
    for a, b in pairwise(names):
        between = claim.inside(a.end, b.start)
        if not 0 < len(between) <= 6 or AND & {claim.tokens[i].text for i in between}:
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
                turned = related(a, right) and related(b, left) and not related(a, left)
                if turned and there:
                    return "agent"
    return None


def _passive(reading: Wording, indices: Iterable[int]) -> bool:
    words = [reading.tokens[i].text for i in indices]
    if reading.language == "en":
        return "by" in words
    return any(_PASSIVE.fullmatch(word) for word in words) or bool(_BY & set(words))


def _nearest_name(reading: Wording, at: int, *, before: bool) -> Entity | None:
    place = reading.tokens[at].start
    names = [fact for fact in reading.facts if fact.kind == "name"]
    if before:
        near = [fact for fact in names if fact.end <= place]
        return near[-1] if near else None
    near = [fact for fact in names if fact.start > place]
    return near[0] if near else None
