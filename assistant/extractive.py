"""The answer without a language model: the sentences that answer, quoted word for word.

Every sentence of the retrieved passages is scored by one model, the question as a whole by
another (`ranking`). Where the second stays below a threshold, set to refuse few of the held-out
questions that have an answer, the question is refused; else the best sentences are quoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.features import (
    Weighted,
    answer_features,
    coverage,
    held_anywhere,
    matched,
    sentence_features,
)
from assistant.query import Query, analyse_question
from assistant.ranking import RankingModels, bundled_ranking, sigmoid
from assistant.reader import UNREAD, Reading
from assistant.reading import ReadPassage, ReadSentence
from assistant.retrieval import Retriever
from assistant.short_answers import short_answer
from assistant.types import (
    Draft,
    DraftSentence,
    Embedder,
    Evidence,
    Language,
    Passage,
    SentenceSpan,
    Turn,
)

MAX_QUOTES = 3
"""Sentences quoted at most: more is a list of search hits, not an answer."""

NEXT_BEST = 0.2
"""A further sentence is quoted if it is at least this share as probable as the best. On the
held-out training questions, read by the reader before this one, 0.2 held the answer for 0.87 with
1.8 quotes; 1.0 for 0.76 with one, 0.1 for 0.88 with 2.2."""

SAME_STORY = 0.5
"""Jaccard similarity of stems from which a second article's sentence corroborates the first
rather than adding to it."""

READ = 5
"""Passages that the reader reads for an answer, most of what an answer takes in time. Reading all
eight gave, with the reader before this one, the same areas under the curves on the held-out
questions (0.870 with the gold taken away, 0.830 for near misses), and the best sentence was right
for 0.760 of them, not 0.756."""

_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}
_ACCORDING_TO = {"id": "Menurut", "en": "According to"}
_LANGUAGE_NAMES = {
    "id": {"id": "Indonesia", "en": "Inggris"},
    "en": {"id": "Indonesian", "en": "English"},
}


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a passage with its probability of being the answer."""

    passage: Passage
    sentence: ReadSentence
    probability: float

    @property
    def span(self) -> SentenceSpan:
        """Where the sentence stands in its file."""
        return self.sentence.span


@dataclass(frozen=True, slots=True)
class Judged:
    """A question's sentences, most probable first, and whether they answer it at all.

    `confidence` in [0, 1] is the probability that the articles answer the question.
    """

    sentences: tuple[Scored, ...]
    confidence: float


class ExtractiveAnswerer:
    """Answers by quoting. Shares the retriever's reading of the passages."""

    def __init__(
        self, retriever: Retriever, embedder: Embedder, *, models: RankingModels | None = None
    ) -> None:
        self._retriever = retriever
        self._embedder = embedder
        self._models = models or bundled_ranking()

    def draft(
        self,
        question: str,
        language: Language,
        passages: Sequence[Passage],
        history: Sequence[Turn] = (),  # noqa: ARG002 - the question is standalone by now
    ) -> Iterator[DraftSentence | Draft]:
        """The quoted sentences one by one, then the draft; no sentence means "not found"."""
        query = analyse_question(question, language)
        judged = Judged((), 0.0) if query.says_nothing else self.judge(query, passages)
        confidence = round(judged.confidence, 4)
        if judged.confidence < self._models.threshold or not judged.sentences:
            yield Draft((), confidence=confidence)
            return
        groups = _chosen(judged.sentences)
        preface = _preface(language, [group[0].passage for group in groups])
        sentences = tuple(
            _quoted(group, language, new_line=at > 0 or bool(preface))
            for at, group in enumerate(groups)
        )
        yield from sentences
        yield Draft(
            sentences,
            short_answer=self._short_answer(query, groups[0][0]),
            preface=preface,
            confidence=confidence,
        )

    def _short_answer(self, query: Query, best: Scored) -> str | None:
        spans = self._retriever.read(query.text, best.passage).spans
        likely = spans[best.passage.sentences.index(best.span)] if spans else None
        return short_answer(query, best.passage, best.span, likely)

    def judge(self, query: Query, passages: Sequence[Passage]) -> Judged:
        """Score every sentence of the passages, and the question as a whole."""
        weighted = self._retriever.weigh(query)
        scored, rows, logits, readings = [], [], [], []
        for passage, reading, features in self.features(weighted, passages):
            readings.append(reading)
            for sentence, row in zip(reading.sentences, features, strict=True):
                if not sentence.span.heading and not sentence.tainted:
                    logit = self._models.sentence.log_odds(row)
                    scored.append(Scored(passage, sentence, sigmoid(logit)))
                    rows.append(row)
                    logits.append(logit)
        if not scored:
            return Judged((), 0.0)
        row = answer_features(
            weighted,
            rows,
            logits,
            passages=[passage.score for passage in passages],
            lexical=[passage.lexical or 0.0 for passage in passages],
            dense=[passage.dense or 0.0 for passage in passages],
            held=held_anywhere(weighted, readings),
        )
        scored.sort(key=lambda s: (-s.probability, s.passage.file, s.span.start))
        return Judged(tuple(scored), self._models.answer.probability(row))

    def features(
        self, weighted: Weighted, passages: Sequence[Passage]
    ) -> Iterator[tuple[Passage, ReadPassage, list[list[float]]]]:
        """Each passage with its reading and one row of features per sentence."""
        readings = [self._retriever.reading(passage) for passage in passages]
        cosines = self._cosines(weighted.query.text, passages)
        best_coverage = max(
            (
                coverage(weighted, matched(weighted, s.stems, s.joined).strengths)
                for reading in readings
                for s in reading.sentences
            ),
            default=0.0,
        )
        best_cosine = max((c for each in cosines for c in each), default=0.0)
        best_score = max((passage.score for passage in passages), default=0.0)
        read = [
            self._retriever.read(weighted.query.text, passage)
            if at < READ
            else Reading.unread(passage)
            for at, passage in enumerate(passages)
        ]
        best_read = max((odds for each in read for odds in each.sentences), default=UNREAD)
        for passage, reading, each, one in zip(passages, readings, cosines, read, strict=True):
            features = sentence_features(
                weighted,
                reading,
                passage_score=passage.score,
                best_passage_score=best_score,
                cosines=each,
                best_cosine=best_cosine,
                best_coverage=best_coverage,
                read=one,
                best_read=best_read,
            )
            yield passage, reading, features

    def _cosines(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """The cosine of the question with every sentence, passage by passage."""
        texts = [
            passage.quote(span.start, span.end)
            for passage in passages
            for span in passage.sentences
        ]
        if not texts:
            return [[] for _ in passages]
        vectors = np.asarray(self._embedder.embed_passages(texts), dtype=np.float32)
        asked = np.asarray(self._embedder.embed_query(question), dtype=np.float32)
        flat = iter((vectors @ asked).tolist())
        return [[next(flat) for _ in passage.sentences] for passage in passages]


def _chosen(scored: Sequence[Scored]) -> list[list[Scored]]:
    """Up to MAX_QUOTES sentences, each with those of other articles that say the same."""
    groups: list[list[Scored]] = []
    for one in scored:
        if one.probability < NEXT_BEST * scored[0].probability:
            break
        for group in groups:
            if _says_the_same(group[0], one):
                if all(one.passage.file != other.passage.file for other in group):
                    group.append(one)
                break
        else:
            if len(groups) < MAX_QUOTES:
                groups.append([one])
    return groups


def _says_the_same(one: Scored, other: Scored) -> bool:
    """Whether two sentences share most of their words, and don't differ in names and numbers."""
    a, b = set(one.sentence.stems), set(other.sentence.stems)
    facts, others = _facts(one), _facts(other)
    if facts - others and others - facts:
        return False  # made alike, about different things
    return len(a & b) >= SAME_STORY * len(a | b)


def _facts(scored: Scored) -> set[str]:
    sentence = scored.sentence
    return {sentence.stems[at] for at in (*sentence.names, *sentence.numbers)}


def _quoted(group: Sequence[Scored], language: Language, *, new_line: bool) -> DraftSentence:
    """One sentence, word for word, with who says so and every article that does."""
    best = group[0]
    quote = " ".join(best.passage.quote(best.span.start, best.span.end).split())
    if not any(mark in quote for mark in '“”"'):
        quote = f"“{quote}”"
    return DraftSentence(
        text=f"{_ACCORDING_TO[language]} {source(best.passage, language)}: {quote}",
        evidence=tuple(Evidence(one.passage, one.span.start, one.span.end) for one in group),
        support="quoted",
        score=round(best.probability, 4),
        new_line=new_line,
    )


def source(passage: Passage, language: Language) -> str:
    """How an article is named in a sentence: its outlet or title, and its date."""
    name = passage.outlet or f"“{passage.title}”"
    if passage.published is None:
        return name
    year, month, day = passage.published.split("-")
    return f"{name} ({int(day)} {_MONTHS[language].split()[int(month) - 1]} {year})"


def _preface(language: Language, passages: Sequence[Passage]) -> str:
    """Says so when the quotes are in another language than the question."""
    others = sorted({passage.language for passage in passages} - {language})
    if not others:
        return ""
    name = _LANGUAGE_NAMES[language][others[0]]
    if language == "id":
        return f"Artikelnya berbahasa {name}; kutipannya apa adanya."
    return f"The articles are in {name}; they are quoted as they stand."
