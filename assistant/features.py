"""What speaks for a passage, and for a sentence, as the answer to a question.

First-stage scores (BM25, cosine) say that a passage is about the question's words; these
features say whether one sentence holds them together, whether a name or number of the
question is missing, and whether something of the kind asked for stands near them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.language import QuestionKind
from assistant.opposites import ANTONYMS
from assistant.query import Query, Term
from assistant.reader import Reading
from assistant.reading import ReadPassage, ReadSentence
from assistant.types import Chunk

NEAR = 4
"""Two neighbouring words of a question count as together within this many words."""

WINDOW = 12
"""Words in the densest stretch of a sentence: about one clause of news prose."""

DEFINED_WITHIN = 4
"""A definition names its subject among its first words."""

PASSAGE_FEATURES = (
    "lexical",
    "dense",
    "cosine",
    "coverage",
    "sentence_coverage",
    "pairs",
    "rarest_missing",
    "names_missing",
    "title_coverage",
    "kind_near",
    "all_covered",
    "evidence",
    "lacking",
)
REREAD_FEATURES = ("passage", "read")
"""What a passage's place is decided by once it was read: the ranking's log odds, the reader's."""

SENTENCE_FEATURES = (
    "passage",
    "passage_share",
    "first",
    "coverage",
    "coverage_share",
    "coverage_around",
    "passage_coverage",
    "named_in_passage",
    "named_in_sentence",
    "others_in_sentence",
    "window",
    "pairs",
    "rarest_missing",
    "rarest_missing_here",
    "kind_new",
    "kind_near",
    "kind_unknown",
    "definition",
    "cosine",
    "cosine_share",
    "length",
    "position",
    "lead",
    "all_covered",
    "evidence",
    "evidence_here",
    "lacking",
    "lacking_here",
    "names_lost",
    "negation_differs",
    "antonym",
    "qualifier_lost",
    "read_passage",
    "read_here",
    "read_share",
)


ANYWHERE = (
    "window",
    "others_in_sentence",
    "cosine",
    "evidence_here",
    "read_passage",
    "read_here",
)
"""Features of which the best of any sentence speaks for an answer too."""

ANSWER_FEATURES = (
    "sentence",
    "sentence_lead",
    "passage",
    "passage_second",
    "lexical",
    "lexical_second",
    "lexical_fifth",
    "dense",
    "terms",
    "nowhere",
    "named_nowhere",
    *(f"best_{name}" for name in SENTENCE_FEATURES[3:]),
    *(f"any_{name}" for name in ANYWHERE),
)


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often a passage that answers holds a word of its question (0 to 1).

    "Kim" nearly always, "maksud" or "kali" seldom: a question's framing words say little about
    where its answer stands. Learnt per stem where a stem is frequent enough in the training
    questions, else by whether the word is (part of) a name or number.
    """

    stems: Mapping[str, float]
    named: float
    other: float

    def of(self, term: Term) -> float:
        """The share for one term, kept off 0 and 1 so that no word alone decides."""
        share = self.stems.get(term.stem, self.named if term.named else self.other)
        return min(0.97, max(0.03, share))


@dataclass(frozen=True, slots=True)
class Weighted:
    """A query's terms as they weigh in this corpus.

    `idf` is the inverse document frequency times the reliability; `held` and `lost` are what
    a term adds to the log odds that a text answers, when it holds the term and when not
    (the binary independence model, Robertson and Spärck Jones 1976).
    """

    query: Query
    idf: tuple[float, ...]
    held: tuple[float, ...]
    lost: tuple[float, ...]
    total: float
    lookup: Mapping[str, tuple[tuple[int, float], ...]]

    @classmethod
    def of(
        cls, query: Query, frequencies: Sequence[int], documents: int, reliability: Reliability
    ) -> Weighted:
        """`frequencies`: in how many of the `documents` chunks each term occurs, in order."""
        lookup: dict[str, list[tuple[int, float]]] = {}
        weights, held, lost = [], [], []
        for at, (term, frequency) in enumerate(zip(query.terms, frequencies, strict=True)):
            for stem, worth in term.matches.items():
                lookup.setdefault(stem, []).append((at, worth))
            by_chance = min(0.9, max(1e-4, (frequency + 0.5) / (documents + 1)))
            share = max(reliability.of(term), by_chance)
            weights.append(idf(documents, frequency) * share)
            held.append(math.log(share / by_chance))
            lost.append(math.log((1 - share) / (1 - by_chance)))
        return cls(
            query=query,
            idf=tuple(weights),
            held=tuple(held),
            lost=tuple(lost),
            total=sum(weights) or 1.0,
            lookup={stem: tuple(found) for stem, found in lookup.items()},
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that either arm found: the arms' scores, and each as a share of its best."""

    chunk: Chunk
    reading: ReadPassage
    lexical: float | None
    dense: float | None
    lexical_share: float
    dense_share: float


@dataclass(frozen=True, slots=True)
class Matched:
    """How much of each term a stretch of text holds (0 to 1), and where (position, term)."""

    strengths: tuple[float, ...]
    places: tuple[tuple[int, int], ...] = ()


def idf(documents: int, frequency: int) -> float:
    """Robertson and Spärck Jones's weight as in BM25: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def matched(weighted: Weighted, stems: Sequence[str] | frozenset[str], joined: str) -> Matched:
    """Look every term up in a stretch of text, by its stems and by its phrases."""
    strengths = [0.0] * len(weighted.idf)
    places = []
    lookup = weighted.lookup
    for position, stem in enumerate(stems):
        for term, worth in lookup.get(stem, ()):
            places.append((position, term))
            if worth > strengths[term]:
                strengths[term] = worth
    for at, asked in enumerate(weighted.query.terms):
        if asked.phrases and strengths[at] < 1.0:
            strengths[at] = max(strengths[at], _by_phrase(asked, joined))
    return Matched(tuple(strengths), tuple(places))


def _by_phrase(term: Term, joined: str) -> float:
    return max((p.strength for p in term.phrases if p.joined in joined), default=0.0)


def coverage(weighted: Weighted, strengths: Sequence[float]) -> float:
    """The share of the question's weight that is covered, 0 to 1."""
    return sum(w * s for w, s in zip(weighted.idf, strengths, strict=True)) / weighted.total


def named_covered(weighted: Weighted, strengths: Sequence[float]) -> float:
    """1 less the share of the question's weight that lies in names and numbers not covered.

    Names that stand in every article weigh next to nothing, and are no evidence either way.
    """
    lost = (
        weight * (1 - s)
        for term, weight, s in zip(weighted.query.terms, weighted.idf, strengths, strict=True)
        if term.named
    )
    return 1 - sum(lost) / weighted.total


def others_covered(weighted: Weighted, strengths: Sequence[float]) -> float:
    """The same for the words that are neither names nor numbers."""
    lost = (
        weight * (1 - s)
        for term, weight, s in zip(weighted.query.terms, weighted.idf, strengths, strict=True)
        if not term.named
    )
    return 1 - sum(lost) / weighted.total


def evidence(weighted: Weighted, strengths: Sequence[float]) -> float:
    """The log odds, in tens, that a text with these strengths answers; comparable across questions.

    Divided by ten so that it is of the size of the other features.
    """
    return (
        sum(
            s * held + (1 - s) * lost
            for s, held, lost in zip(strengths, weighted.held, weighted.lost, strict=True)
        )
        / 10
    )


def lacking(weighted: Weighted, strengths: Sequence[float]) -> float:
    """The part of `evidence` that speaks against: 0 where every term is held."""
    return sum((1 - s) * lost for s, lost in zip(strengths, weighted.lost, strict=True)) / 10


def rarest_missing(weighted: Weighted, strengths: Sequence[float]) -> float:
    """The weight of the rarest term that isn't covered, as a share of the rarest term's."""
    top = max(weighted.idf, default=0.0) or 1.0
    lost = (w * (1 - s) for w, s in zip(weighted.idf, strengths, strict=True))
    return max(lost, default=0.0) / top


def pairs(weighted: Weighted, found: Matched) -> float:
    """The share of neighbouring question words that stand near each other in a sentence."""
    count = len(weighted.idf)
    if count < 2:
        return 0.0
    by_term: list[list[int]] = [[] for _ in range(count)]
    for position, term in found.places:
        by_term[term].append(position)
    near = sum(
        any(abs(a - b) <= NEAR for a in left for b in right) for left, right in pairwise(by_term)
    )
    return near / (count - 1)


def window(weighted: Weighted, found: Matched) -> float:
    """The best coverage within any WINDOW words of a sentence, 0 to 1."""
    best = 0.0
    for start, _ in found.places:
        inside = {term for position, term in found.places if 0 <= position - start < WINDOW}
        best = max(best, sum(weighted.idf[term] * found.strengths[term] for term in inside))
    return best / weighted.total


def asked_for(weighted: Weighted, sentence: ReadSentence) -> list[int] | None:
    """Positions of what could answer and isn't in the question; None for kinds without one."""

    def new(positions: Sequence[int]) -> list[int]:
        return [at for at in positions if sentence.stems[at] not in weighted.lookup]

    match weighted.query.kind:
        case QuestionKind.TIME:
            return new(sentence.numbers) + new(sentence.times)
        case QuestionKind.QUANTITY:
            return new(sentence.numbers)
        case QuestionKind.PERSON:
            return new(sentence.names)
        case QuestionKind.PLACE:
            return new(sentence.names) if sentence.places else []
        case QuestionKind.REASON:
            return [len(sentence.stems) // 2] if sentence.reasons else []
        case _:
            return None


def kind_near(weighted: Weighted, sentence: ReadSentence, found: Matched) -> tuple[float, float]:
    """Whether what is asked for is there, and how near to the question's other words (0 to 1)."""
    answers = asked_for(weighted, sentence)
    if not answers:
        return 0.0, 0.0
    terms = weighted.query.terms
    others = [position for position, term in found.places if not terms[term].named]
    anchors = others or [position for position, _ in found.places]
    if not anchors:
        return 1.0, 0.0
    distance = min(abs(a - b) for a in answers for b in anchors)
    return 1.0, math.exp(-distance / NEAR)


def definition(weighted: Weighted, sentence: ReadSentence, found: Matched) -> float:
    """Whether the sentence says what the question's subject is ("X adalah …")."""
    if sentence.copula is None or weighted.query.kind not in (
        QuestionKind.THING,
        QuestionKind.PERSON,
        QuestionKind.OTHER,
    ):
        return 0.0
    before = {term for position, term in found.places if position < sentence.copula}
    opens = any(position < DEFINED_WITHIN for position, _ in found.places)
    return len(before) / len(weighted.idf) if opens and weighted.idf else 0.0


def names_lost(weighted: Weighted, strengths: Sequence[float]) -> float:
    """The share of the question's names and numbers that are missing, however common they are."""
    named = [s for term, s in zip(weighted.query.terms, strengths, strict=True) if term.named]
    return sum(1 - s for s in named) / len(named) if named else 0.0


def antonym(weighted: Weighted, sentence: ReadSentence, strengths: Sequence[float]) -> float:
    """Whether the sentence says the opposite of a word that it lacks ("menentang", "mendukung")."""
    stems = set(sentence.stems)
    for term, strength in zip(weighted.query.terms, strengths, strict=True):
        if strength < 1:
            for match in term.matches:
                if not stems.isdisjoint(ANTONYMS.get(match, ())):
                    return 1.0
    return 0.0


def passage_features(weighted: Weighted, hit: Candidate) -> list[float]:
    """One row, in the order of PASSAGE_FEATURES."""
    reading = hit.reading
    whole = matched(weighted, reading.stems, reading.joined).strengths
    title = matched(weighted, reading.title, f" {' '.join(reading.title)} ").strengths
    best, together, near = 0.0, 0.0, 0.0
    for sentence in reading.sentences:
        found = matched(weighted, sentence.stems, sentence.joined)
        covered = coverage(weighted, found.strengths)
        if covered > best:
            best, together = covered, pairs(weighted, found)
        if covered > 0 and not sentence.span.heading:
            near = max(near, covered * kind_near(weighted, sentence, found)[1])
    covered = coverage(weighted, whole)
    return [
        hit.lexical_share,
        hit.dense_share,
        max(0.0, hit.dense or 0.0),
        covered,
        best,
        together,
        rarest_missing(weighted, whole),
        1 - named_covered(weighted, whole),
        coverage(weighted, title),
        near,
        float(covered > 0.99),
        evidence(weighted, whole),
        lacking(weighted, whole),
    ]


def sentence_features(
    weighted: Weighted,
    reading: ReadPassage,
    *,
    passage_score: float,
    best_passage_score: float,
    cosines: Sequence[float],
    best_cosine: float,
    best_coverage: float,
    read: Reading,
    best_read: float,
) -> list[list[float]]:
    """One row per sentence of a passage, in the order of SENTENCE_FEATURES.

    `cosines` are those of the question with each sentence, `read` is what the reader makes of
    the passage; the `best_…` are those of all the question's passages, so that a row says how a
    sentence stands among its rivals. The reader's log odds count in tens, as `evidence` does.
    """
    whole = matched(weighted, reading.stems, reading.joined).strengths
    title = matched(weighted, reading.title, f" {' '.join(reading.title)} ").strengths
    each = [matched(weighted, s.stems, s.joined) for s in reading.sentences]
    passage_covered = coverage(weighted, whole)
    named_in_passage = named_covered(weighted, whole)
    rows = []
    for at, (sentence, found) in enumerate(zip(reading.sentences, each, strict=True)):
        before = each[at - 1].strengths if at else title
        around = [max(s) for s in zip(found.strengths, before, title, strict=True)]
        covered = coverage(weighted, found.strengths)
        new, near = kind_near(weighted, sentence, found)
        cosine = max(0.0, cosines[at])
        rows.append(
            [
                passage_score,
                passage_score / best_passage_score if best_passage_score else 0.0,
                float(passage_score == best_passage_score),
                covered,
                covered / best_coverage if best_coverage else 0.0,
                coverage(weighted, around),
                passage_covered,
                named_in_passage,
                named_covered(weighted, around),
                others_covered(weighted, found.strengths),
                window(weighted, found),
                pairs(weighted, found),
                rarest_missing(weighted, whole),
                rarest_missing(weighted, around),
                new,
                near,
                float(asked_for(weighted, sentence) is None),
                definition(weighted, sentence, found),
                cosine,
                cosine / best_cosine if best_cosine > 0 else 0.0,
                min(len(sentence.stems), 60) / 60,
                at / len(reading.sentences),
                float(at == 0),
                float(covered > 0.99),
                evidence(weighted, whole),
                evidence(weighted, around),
                lacking(weighted, whole),
                lacking(weighted, around),
                names_lost(weighted, around),
                float(weighted.query.negated != sentence.negated),
                antonym(weighted, sentence, around),
                float(any(q.isdisjoint(sentence.words) for q in weighted.query.qualifiers)),
                read.answers / 10,
                read.sentences[at] / 10,
                math.exp(read.sentences[at] - best_read),
            ]
        )
    return rows


def held_anywhere(weighted: Weighted, readings: Sequence[ReadPassage]) -> list[float]:
    """The best strength of each term in any of the passages."""
    each = [matched(weighted, r.stems, r.joined).strengths for r in readings]
    return [max(strengths) for strengths in zip(*each, strict=True)]


def answer_features(
    weighted: Weighted,
    rows: Sequence[Sequence[float]],
    logits: Sequence[float],
    *,
    passages: Sequence[float],
    lexical: Sequence[float],
    dense: Sequence[float],
    held: Sequence[float],
) -> list[float]:
    """One row for a question, in the order of ANSWER_FEATURES: do these articles answer it?

    `rows` and `logits` are the sentences' features and log odds (at least one); `passages`,
    `lexical` and `dense` the passages' scores (0 where an arm did not find it), best first;
    `held` the best strength of each term in any of the passages.
    """
    ranked = sorted(range(len(rows)), key=lambda at: -logits[at])
    best = rows[ranked[0]]
    second = logits[ranked[1]] if len(ranked) > 1 else logits[ranked[0]] - 3
    bm25 = sorted(lexical, reverse=True)
    top = bm25[0] or 1.0
    columns = {name: at for at, name in enumerate(SENTENCE_FEATURES)}
    return [
        logits[ranked[0]],
        logits[ranked[0]] - second,
        math.log(passages[0] + 1e-6),
        passages[1] / passages[0] if len(passages) > 1 and passages[0] else 0.0,
        bm25[0] / weighted.total,
        bm25[1] / top if len(bm25) > 1 else 0.0,
        bm25[4] / top if len(bm25) > 4 else 0.0,
        max(dense, default=0.0),
        min(len(weighted.idf), 8) / 8,
        1 - coverage(weighted, held),
        1 - named_covered(weighted, held),
        *best[3:],
        *(max(row[columns[name]] for row in rows) for name in ANYWHERE),
    ]
