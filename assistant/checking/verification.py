"""Whether a sentence of an answer is supported by what it cites, and by which sentences.

The order of judgement: whether anything is said at all (`substance`); the article's own words
("quoted"); facts that disagree (`agreement`: then nothing else counts); how much of what is
said is found there, with stems and, across languages, the translation table. A sentence that
its own citation doesn't support is tried against the other passages; one that nothing
supports keeps no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from assistant.checking.agreement import Fault, Grounds, fault
from assistant.checking.substance import (
    ECHO,
    foreign_words,
    garbled,
    has_predicate,
    restates,
    says_nothing,
    share_in,
    spoken,
)
from assistant.checking.support import coverage, support
from assistant.checking.wording import Wording, credit, read
from assistant.language import sentences
from assistant.markers import neutralise
from assistant.types import (
    Evidence,
    Language,
    Passage,
    SentenceSpan,
    Support,
)

SUPPORTED = 0.5
WEAK = 0.25
"""Least probability of a supported and of a weakly supported sentence. On IndoNLI's training
pairs 0.5 is within 0.002 of the most accurate line; of the edited sentences of IDK-MRC's
training passages 0.3 % fall below 0.25."""

ACROSS_SUPPORTED = 0.7
ACROSS_WEAK = 0.1
"""The same lines across languages, where a score is less certain. On training pairs that the
translation table was not learnt from, before any fact is compared, the upper one passes 8 %
of the likest wrong sentences and 68 % of the right ones; the lower one loses 3 % of the right."""

MOST_UNITS = 3
"""A sentence rests on three sentences at most: with more, any words can be found somewhere."""

LEAST_GAIN = 0.12
"""A further sentence is cited for at least this share of what the claim says."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checker found: the support, its score in [0, 1], and the fault, if one."""

    support: Support
    score: float
    evidence: tuple[Evidence, ...]
    fault: Fault | None = None


_RANK: Mapping[Support, int] = MappingProxyType(
    {"unsupported": 0, "weak": 1, "supported": 2, "quoted": 3}
)


def judge(
    sentence: str,
    *,
    cited: Sequence[Passage],
    others: Sequence[Passage] = (),
    language: Language,
    question: str = "",
) -> Judgement:
    """How far passages support a sentence, the very spans that carry it, and which kind of fact
    disagreed.

    `cited` are the passages its own markers name (none: an uncited sentence); `others` the
    rest of what the model was shown; `language` the answer's. A sentence that only says the
    `question` again is weakly supported at most. What only frames an answer (`framing`) isn't
    asked about here: it claims nothing.
    """
    plain = _LABEL.sub("", neutralise(sentence))
    claim = read(plain, spoken(plain, language))
    shown = (*cited, *others)
    if says_nothing(claim) or not all(
        any(piece in passage.text for passage in shown) for piece in garbled(plain)
    ):
        return _NOTHING
    found = _found(claim, cited, others)
    if found.support == "quoted":
        return found
    piece, again = not has_predicate(claim), restates(claim, question)
    if piece and again:
        return _NOTHING
    if found.support != "supported" or not (
        piece or again or _is_doubtful(claim, found) or _added(claim, found) >= ADDED
    ):
        return found
    return Judgement("weak", min(found.score, SUPPORTED), found.evidence)


_LABEL = re.compile(
    r"\s*(?:(?:the\s+)?(?:short\s+)?answer(?:\s+is)?|jawaban(?:nya)?(?:\s+(?:adalah|ialah))?|"
    r"(?:in\s+)?(?:summary|conclusion)|kesimpulan(?:nya)?|ringkasnya|singkatnya)\s*:\s*",
    re.IGNORECASE,
)
"""What only says that an answer follows."""


def _found(
    claim: Wording,
    cited: Sequence[Passage],
    others: Sequence[Passage],
) -> Judgement:
    """The best of what its own passages and, where they don't do, the others give a claim."""
    own = _best(claim, cited)
    across = any(passage.language != claim.language for passage in cited)
    if own is not None and _RANK[own.support] >= _RANK["supported"] and not across:
        return own
    # Each further passage alone: a claim pieced together from passages that weren't cited
    # is no citation.
    elsewhere = [
        found
        for passage in _nearest(claim, others)
        if (found := _best(claim, [passage])) is not None
    ]
    better = [
        found
        for found in elsewhere
        if found.support != "unsupported"
        and (
            own is None
            or _RANK[found.support] > _RANK[own.support]
            # Across languages many sentences bear a likeness: the likest one is cited.
            or (across and found.support == own.support and found.score > own.score + CLEARLY)
        )
    ]
    if better:
        return max(better, key=lambda found: (_RANK[found.support], found.score))
    if own is not None:
        return own
    return max(elsewhere, key=lambda found: found.score, default=_NOTHING)


_NOTHING = Judgement("unsupported", 0.0, ())

CLEARLY = 0.1
"""Another passage is cited instead of the model's own where its score is so much higher."""


def _is_doubtful(claim: Wording, found: Judgement) -> bool:
    """Whether a claim asks, or has words of another script that its evidence hasn't."""
    grounds = [read(evidence.quote, evidence.passage.language) for evidence in found.evidence]
    return claim.text.rstrip("\"'”’ ").endswith("?") or not all(
        any(claim.tokens[index].text in reading.surfaces for reading in grounds)
        for index in foreign_words(claim)
    )


def _added(claim: Wording, found: Judgement) -> int:
    """The most words of weight in a row that the evidence hasn't."""
    grounds = [read(evidence.quote, evidence.passage.language) for evidence in found.evidence]
    most = run = 0
    for index, _ in claim.content:
        got = max((credit(claim, index, reading) for reading in grounds), default=0.0)
        run = 0 if got >= HARDLY else run + 1
        most = max(most, run)
    return most


ADDED = 3
HARDLY = 0.3
"""So many words in a row that are hardly found are an addition ("… for its actions in the
region, specifically …"). Of true training sentences across languages 12 % have as many."""


# ------------------------------------------------------------------------------- passages


@dataclass(frozen=True, slots=True)
class _Unit:
    """One sentence of a passage."""

    passage: Passage
    place: int
    span: SentenceSpan
    reading: Wording


@lru_cache(maxsize=512)
def _units(passage: Passage) -> tuple[_Unit, ...]:
    spans: Iterable[SentenceSpan] = passage.sentences or (
        SentenceSpan(passage.start + span.start, passage.start + span.end)
        for span in sentences(passage.text)
    )
    return tuple(
        _Unit(passage, place, span, read(passage.quote(span.start, span.end), passage.language))
        for place, span in enumerate(spans)
    )


@lru_cache(maxsize=512)
def _headers(passage: Passage) -> tuple[Wording, ...]:
    """Title, outlet and date: what every sentence of the article may take for granted."""
    texts = [passage.title, passage.outlet or "", passage.published or ""]
    return tuple(read(text, passage.language) for text in texts if text)


_TRIED_PASSAGES = 4
"""Of the passages not cited, those with most of the claim's words are tried; more costs time."""


def _nearest(claim: Wording, passages: Sequence[Passage]) -> list[Passage]:
    scored = [
        (max((claim.roughly(unit.reading) for unit in _units(passage)), default=0.0), -i)
        for i, passage in enumerate(passages)
    ]
    best = sorted(scored, reverse=True)[:_TRIED_PASSAGES]
    return [passages[-place] for share, place in best if share > 0.2]


# ------------------------------------------------------------------------------ judgement


def _best(claim: Wording, passages: Sequence[Passage]) -> Judgement | None:
    """The best that these passages together give a claim; None without passages."""
    for passage in passages:
        quoted = _quoted(claim, passage)
        if quoted:
            return Judgement("quoted", 1.0, quoted)
    units = [unit for passage in passages for unit in _units(passage) if not unit.span.heading]
    if not units:
        return None if not passages else Judgement("unsupported", 0.0, ())
    likely = sorted(range(len(units)), key=lambda n: claim.roughly(units[n].reading), reverse=True)[
        :_WEIGHED_UNITS
    ]
    covered = sorted(
        ((coverage(claim, [units[n].reading]).share, -n) for n in likely), reverse=True
    )
    found: Judgement | None = None
    for share, place in covered[:_TRIED_UNITS]:
        if found is not None and share < _TRIED_SHARE * covered[0][0]:
            break
        chosen = _gather(claim, [units[n] for n in likely], likely.index(-place))
        judged = _judge(claim, chosen)
        if found is None or (_RANK[judged.support], judged.score) > (
            _RANK[found.support],
            found.score,
        ):
            found = judged
        if found.support == "supported":
            break
    return found


_WEIGHED_UNITS = 8
"""So many of the sentences that share most words with the claim are weighed in full."""

_TRIED_UNITS = 2
_TRIED_SHARE = 0.9
"""A second sentence is tried as the main ground only where it says nearly as much."""


def _gather(claim: Wording, units: Sequence[_Unit], first: int) -> list[_Unit]:
    """The main sentence and those that add to it, main one first."""
    chosen = [units[first]]
    found = coverage(claim, [units[first].reading])
    while len(chosen) < MOST_UNITS and found.missing:
        gains = [
            (_gain(claim, found.missing, unit.reading), unit.passage is chosen[0].passage, -n)
            for n, unit in enumerate(units)
            if unit not in chosen
        ]
        if not gains:
            break
        gain, _, place = max(gains)
        if gain < LEAST_GAIN:
            break
        chosen.append(units[-place])
        found = coverage(claim, [unit.reading for unit in chosen])
    return chosen


@dataclass(frozen=True, slots=True)
class Ground:
    """A claim beside the sentences that it may rest on."""

    claim: Wording
    grounds: Grounds


def ground_of(sentence: str, passages: Sequence[Passage], language: Language) -> Ground | None:
    """A claim with the sentences of the passages that say most of it; for training."""
    claim = read(neutralise(sentence), language)
    units = [unit for passage in passages for unit in _units(passage) if not unit.span.heading]
    if not claim.content or not units:
        return None
    shares = [coverage(claim, [unit.reading]).share for unit in units]
    chosen = _gather(claim, units, shares.index(max(shares)))
    return Ground(claim, _grounds(chosen))


def _grounds(chosen: Sequence[_Unit]) -> Grounds:
    readings = tuple(unit.reading for unit in chosen)
    return Grounds(readings[0], readings, _around(chosen))


def _judge(claim: Wording, chosen: Sequence[_Unit]) -> Judgement:
    grounds = _grounds(chosen)
    wrong = fault(claim, grounds)
    share = coverage(claim, grounds.units).share
    if wrong or _echoes_title(claim, share, chosen):
        return Judgement("unsupported", FAULTY * share, (), wrong)
    score = support(claim, grounds.units, grounds.around)
    across = any(reading.language != claim.language for reading in grounds.units)
    weak, supported = (ACROSS_WEAK, ACROSS_SUPPORTED) if across else (WEAK, SUPPORTED)
    if score < weak:
        return Judgement("unsupported", score, ())
    return Judgement("supported" if score >= supported else "weak", score, _evidence(chosen))


def _echoes_title(claim: Wording, share: float, chosen: Sequence[_Unit]) -> bool:
    """Whether a claim has its words from a title and not from the sentences it would cite."""
    return share < ECHO and any(
        share_in(claim, read(unit.passage.title, unit.passage.language)) >= ECHO for unit in chosen
    )


FAULTY = 0.2
"""The score of a claim with a wrong fact is this share of its coverage: below `WEAK`, and
lower the less of it is found."""


def _around(chosen: Sequence[_Unit]) -> tuple[Wording, ...]:
    """The sentences beside the chosen ones, and their articles' title, outlet and date."""
    found: dict[int, Wording] = {}
    for unit in chosen:
        units = _units(unit.passage)
        for place in (unit.place - 2, unit.place - 1, unit.place + 1):
            if 0 <= place < len(units):
                found[id(units[place].reading)] = units[place].reading
        for reading in _headers(unit.passage):
            found[id(reading)] = reading
    for unit in chosen:
        found.pop(id(unit.reading), None)
    return tuple(found.values())


def _gain(claim: Wording, missing: Sequence[tuple[int, float]], reading: Wording) -> float:
    total = sum(weight for _, weight in claim.content)
    return sum(credit(claim, index, reading) * weight for index, weight in missing) / total


def _evidence(chosen: Sequence[_Unit]) -> tuple[Evidence, ...]:
    """The chosen sentences as spans, the main one first; neighbours become one span."""
    spans: list[tuple[Passage, int, int]] = []
    for unit in chosen:
        passage, start, end = unit.passage, unit.span.start, unit.span.end
        for number, (other, low, high) in enumerate(spans):
            if other is passage and (
                (high <= start and not passage.quote(high, start).strip())
                or (end <= low and not passage.quote(end, low).strip())
            ):
                spans[number] = (passage, min(low, start), max(high, end))
                break
        else:
            spans.append((passage, start, end))
    return tuple(Evidence(passage, start, end) for passage, start, end in spans)


# ----------------------------------------------------------------------------------- quotes

_ATTRIBUTION = re.compile(
    r"(?:menurut|dilansir|mengutip|according to|as reported by)\s+[^,:]{2,100}[,:]\s*"
    r"|(?:artikel|laporan|article|report)\b[^,:]{0,40}\b(?:menyebutkan|menyatakan|says|states)"
    r"(?:\s+(?:bahwa|that)|:)\s+",
    re.IGNORECASE,
)
_LEAST_QUOTE = 4
"""Fewer words than this are no quotation: they stand somewhere by chance."""


def _quoted(claim: Wording, passage: Passage) -> tuple[Evidence, ...]:
    """The sentences that hold the claim word for word; none where it isn't a quotation.

    Case, punctuation, quotation marks, blanks and footnote numbers are indifferent. The
    words must begin and end where a clause does: cut out of the middle ("… menyerang
    Ukraina" of "Ia tidak menyerang Ukraina") they may say something else.
    """
    text = claim.text
    lead = _ATTRIBUTION.match(text)
    wanted = claim
    if lead:
        rest = read(text[lead.end() :], claim.language)
        named = read(lead.group(), claim.language)
        grounds = (*_headers(passage), *(unit.reading for unit in _units(passage)))
        names = [
            read(named.text[fact.start : fact.end], claim.language) for fact in named.facts
        ] + [
            read(token.text, claim.language)
            for token in named.tokens[1:]
            if named.text[token.start].isupper()
        ]
        if not any(fact.kind == "negation" for fact in named.facts) and all(
            any(name.spaced in reading.spaced for reading in grounds) for name in names
        ):
            wanted = rest
    words = [token.text for token in wanted.tokens]
    if len(words) < _LEAST_QUOTE:
        return ()
    needle = wanted.spaced
    units = _units(passage)
    for unit in units:
        if unit.span.heading:
            continue
        at = unit.reading.spaced.find(needle)
        if at >= 0:
            first = unit.reading.spaced[:at].count(" ")
            if _whole_clause(unit.reading, first, first + len(words)):
                return (Evidence(passage, unit.span.start, unit.span.end),)
    return _quoted_across(needle, units)


def _quoted_across(needle: str, units: Sequence[_Unit]) -> tuple[Evidence, ...]:
    """Two or three sentences of the article in a row, quoted whole as one."""
    for place in range(len(units)):
        joined = " "
        for unit in units[place : place + MOST_UNITS]:
            if unit.span.heading:
                break
            joined += unit.reading.spaced[1:]
            if joined == needle:
                return _evidence(units[place : unit.place + 1])
            if len(joined) >= len(needle):
                break
    return ()


_CLAUSE = re.compile(r"[,;:.!?…()\[\]\"“”‘’«»–—]")


def _whole_clause(reading: Wording, first: int, end: int) -> bool:
    """Whether the tokens first..end begin and end at a clause's bounds."""
    tokens = reading.tokens
    opens = first == 0 or _CLAUSE.search(reading.text[tokens[first - 1].end : tokens[first].start])
    closes = end == len(tokens) or _CLAUSE.search(
        reading.text[tokens[end - 1].end : tokens[end].start]
    )
    return bool(opens and closes)
