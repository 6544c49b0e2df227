"""A question to ranked passages: the whole of search on one screen.

Two arms find candidates: BM25 over stems, translations and other names, and cosine over
the embedder's vectors. What either finds is scored by one model over features of both
arms and of the passage's own words (`ranking`), so that scores compare across questions.
Where that leaves open which is the best, the reader reads the first of them (`reader`).
Near-duplicates, such as two papers' prints of one wire story, count as one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.features import Candidate, Weighted, passage_features
from assistant.lexical import Hit, PhraseTerm, QueryTerm
from assistant.query import Query, analyse_question
from assistant.ranking import RankingModels, bundled_ranking, sigmoid
from assistant.reader import Reader, Reading, bundled_reader
from assistant.reading import ReadPassage, read
from assistant.types import Chunk, Embedder, Passage

if TYPE_CHECKING:
    from assistant.index import Index

DEPTH = 50
"""Hits taken from each arm: twice the candidates, so that either arm could fill the list alone."""

CANDIDATES = 24
"""Fused hits that are read and scored. On 1,228 held-out IDK-MRC questions over 3,659 passages the
gold is among the first 24 for 0.960, the first 48 for 0.977; scoring 48 moved Recall@5 by 0.002."""

LEXICAL_WEIGHT = 0.7
"""Share of the lexical arm in the first fusion, each arm scaled by its best score."""

SURFACE_WEIGHT = 0.3
"""The word as written beside its stem: on 700 IDK-MRC training questions 0.2 and 0.4 took
Recall@1 from 0.599 to 0.611 alike."""

PHRASE_WEIGHT = 0.3
"""Another name of several words ("Korea Utara" for "Korut"): each of its words adds its score."""

PASSAGES_PER_ANSWER = 8
"""Passages an answerer gets to read. On the same questions, ranked, Recall@5 is 0.908, @8 0.929,
@12 0.946, @20 0.958: more of them cost an extractive answer time and a model its context."""

LEAD = 0.5
"""Log odds by which the best passage leads where the reader isn't asked, so that most searches stay
a matter of milliseconds: 78 % of 490 held-out questions. There, reading all moved Recall@1 on
IDK-MRC from 0.689 to 0.764 and Recall@5 from 0.893 to 0.925; only the others, to 0.736 and 0.914;
those with a lead below 1.0, to 0.750 and 0.918 (with a reader that had learnt half as long)."""

REREAD = 12
"""Passages that are read where the ranking is open: 16 ranked like 12, 8 had 0.900 at Recall@5."""

READ_CACHE = 4096
"""Analysed passages kept in memory: as many as a small folder has, a bound for a large one."""

DUPLICATE = 0.8
"""Jaccard similarity of stems from which two passages tell the same (Broder 1997)."""


class Retriever:
    """Searches one index. Keeps the passages it has read."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        *,
        models: RankingModels | None = None,
        reader: Reader | None = None,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._reader = reader
        self._models = models or bundled_ranking()
        self._read: OrderedDict[str, ReadPassage] = OrderedDict()

    def search(self, question: str, *, k: int) -> list[Passage]:
        """The k best passages for a question, best first, near-duplicates folded."""
        weighted = self.weigh(analyse_question(question))
        return _folded(self.ranked(weighted, self.candidates(weighted)))[:k]

    def ranked(
        self, weighted: Weighted, candidates: Iterable[Candidate]
    ) -> list[tuple[float, Candidate]]:
        """Candidates with the probability that they answer, best first."""
        scored = [
            (self._models.passage.log_odds(passage_features(weighted, candidate)), candidate)
            for candidate in candidates
        ]
        scored.sort(key=_best_first)
        # The reader learnt questions: of mere search words it says nothing that helps.
        is_open = len(scored) > 1 and scored[0][0] - scored[1][0] < LEAD
        if is_open and weighted.query.asks:
            scored = self._reread(weighted.query.text, scored)
        return [(sigmoid(odds), candidate) for odds, candidate in scored]

    def read(self, question: str, passage: Passage) -> Reading:
        """What the reader makes of a passage."""
        return (self._reader or bundled_reader()).read(question, passage)

    def _reread(
        self, question: str, scored: Sequence[tuple[float, Candidate]]
    ) -> list[tuple[float, Candidate]]:
        """The first REREAD in the order that reading gives them; the others stay behind them."""
        first = []
        for odds, candidate in scored[:REREAD]:
            read = self.read(question, as_passage(0.0, candidate)).answers
            first.append((self._models.reread.log_odds([odds, read]), candidate))
        first.sort(key=_best_first)
        last = first[-1][0]
        return [*first, *((min(odds, last), candidate) for odds, candidate in scored[REREAD:])]

    def weigh(self, query: Query) -> Weighted:
        """The query with its terms' weights in this corpus."""
        frequencies = [
            max(
                self._index.document_frequencies(
                    [stem for stem, worth in term.matches.items() if worth == 1.0]
                )
            )
            for term in query.terms
        ]
        return Weighted.of(query, frequencies, len(self._index), self._models.reliability)

    def candidates(self, weighted: Weighted) -> list[Candidate]:
        """What either arm finds, fused by weight, read, best first."""
        query = weighted.query
        lexical = self._index.lexical_search(lexical_terms(query), DEPTH)
        dense = self._index.dense_search(self._embedder.embed_query(query.text), DEPTH)
        by_lexical, by_dense = _by_id(lexical), _by_id(dense)
        best_lexical = max(by_lexical.values(), default=0.0) or 1.0
        best_dense = max(by_dense.values(), default=0.0)
        shares = {
            id_: (
                by_lexical.get(id_, 0.0) / best_lexical,
                max(0.0, by_dense.get(id_, 0.0)) / best_dense if best_dense > 0 else 0.0,
            )
            for id_ in {**by_lexical, **by_dense}
        }
        ranked = sorted(shares, key=lambda id_: (-fused(*shares[id_]), id_))[:CANDIDATES]
        return [
            Candidate(
                chunk,
                self.reading(chunk),
                by_lexical.get(chunk.id),
                by_dense.get(chunk.id),
                *shares[chunk.id],
            )
            for chunk in self._index.chunks(ranked)
        ]

    def reading(self, chunk: Chunk | Passage) -> ReadPassage:
        """The features' view of a chunk or passage, kept for the next question."""
        known = self._read.get(chunk.id)
        if known is None:
            known = self._read[chunk.id] = read(chunk)
            if len(self._read) > READ_CACHE:
                self._read.popitem(last=False)
        return known


def lexical_terms(query: Query) -> list[QueryTerm | PhraseTerm]:
    """What the postings are searched for: stems, the word as written, and other names."""
    terms: list[QueryTerm | PhraseTerm] = []
    for term in query.terms:
        terms.append(QueryTerm(alternatives=tuple(term.matches.items()), field="stem"))
        terms.append(
            QueryTerm(alternatives=((term.surface, 1.0),), field="surface", weight=SURFACE_WEIGHT)
        )
        terms.extend(PhraseTerm(p.words, weight=p.strength * PHRASE_WEIGHT) for p in term.phrases)
    return terms


def fused(lexical: float, dense: float) -> float:
    """One first-stage score from the two arms' shares of their best, [0, 1]."""
    return LEXICAL_WEIGHT * lexical + (1 - LEXICAL_WEIGHT) * dense


def _best_first(pair: tuple[float, Candidate]) -> tuple[float, str]:
    return -pair[0], pair[1].chunk.id


def _by_id(hits: Iterable[Hit]) -> dict[str, float]:
    return {hit.id: hit.score for hit in hits}


def _folded(scored: Sequence[tuple[float, Candidate]]) -> list[Passage]:
    """Passages, each near-duplicate told with the best of its kind as "also in"."""
    kept: list[tuple[Passage, ReadPassage]] = []
    for score, candidate in scored:
        for at, (passage, reading) in enumerate(kept):
            if _similar(reading, candidate.reading):
                if candidate.chunk.file not in (passage.file, *passage.also_in):
                    also_in = (*passage.also_in, candidate.chunk.file)
                    kept[at] = (replace(passage, also_in=also_in), reading)
                break
        else:
            kept.append((as_passage(score, candidate), candidate.reading))
    return [passage for passage, _ in kept]


def _similar(one: ReadPassage, other: ReadPassage) -> bool:
    smaller, larger = sorted((len(one.stems), len(other.stems)))
    if smaller < DUPLICATE * larger:
        return False
    return len(one.stems & other.stems) >= DUPLICATE * len(one.stems | other.stems)


def as_passage(score: float, candidate: Candidate) -> Passage:
    """A candidate as it is handed out, with its score in [0, 1]."""
    return Passage.of(
        candidate.chunk, round(score, 4), lexical=candidate.lexical, dense=candidate.dense
    )
