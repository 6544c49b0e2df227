"""Draws what the embedder is trained on, step by step, from one seed.

Three batches a step, as each teaches something else: questions with their passages (and,
as wrong answers, passages that BM25 takes for right); sentences with their translations;
and "keyword" queries, a few words of a sentence, with the Indonesian window of up to four
sentences around it, windows of one document standing beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.translation import TranslationTable

from .data import TrainingData
from .measure import Bm25, query_terms

Bag = NDArray[np.int64]

# Wrong passages kept per question, of which one is drawn each time.
_WRONG = 8
# Windows that are drawn from one place of a document at a time.
_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class Sizes:
    """Texts per batch, and how texts are made.

    `window` is the most sentences of a window, `drop` the largest share of a question's
    words that is left out (uniform from 0), `keywords` the range of words in a query.
    """

    questions: int = 384
    sentences: int = 512
    windows: int = 384
    window: int = 4
    drop: float = 0.3
    keywords: tuple[int, int] = (3, 12)


@dataclass(frozen=True, slots=True)
class Batch:
    """`left[i]` belongs to `right[i]`; all of `wrong` belongs to none."""

    left: list[Bag]
    right: list[Bag]
    wrong: list[Bag]


class Batches:
    """An endless, reproducible supply of steps."""

    def __init__(
        self,
        data: TrainingData,
        table: TranslationTable,
        bag: Callable[[str], Bag],
        sizes: Sizes,
        seed: int,
    ) -> None:
        self._sizes = sizes
        self._random = np.random.default_rng(seed)
        asked = [*data.asked_id, *data.asked_en, *data.asked_cross]
        wrong = [
            *_mined(data.asked_id, "id", "id", table),
            *_mined(data.asked_en, "id", "en", table),
            *_mined(data.asked_cross, "en", "id", table),
        ]
        self._questions = [
            (bag(question), bag(passage), [bag(other) for other in others])
            for (question, passage), others in zip(asked, wrong, strict=True)
        ]
        pairs = [(pair.en, pair.id) for pair in (*data.pairs(), *data.paragraph_pairs)]
        pairs += [(hypothesis, premise) for premise, hypothesis in data.entailed]
        bags = [(bag(a), bag(b)) for a, b in pairs]
        self._sentences = [(a, b) for a, b in bags if len(a) and len(b)]
        self._corpora = [[(bag(p.en), bag(p.id)) for p in corpus] for corpus in data.parallel]
        self._places = [
            (number, at)
            for number, corpus in enumerate(self._corpora)
            for at in range(0, max(1, len(corpus) - sizes.window * _NEIGHBOURS), _NEIGHBOURS)
        ]

    def steps(self, count: int) -> Iterator[tuple[Batch, Batch, Batch]]:
        """`count` steps, each of a batch of questions, of sentences and of windows."""
        questions = self._random.permutation(len(self._questions))
        sentences = self._random.permutation(len(self._sentences))
        for step in range(count):
            yield (
                self._asked(_turn(questions, step, self._sizes.questions)),
                self._translated(_turn(sentences, step, self._sizes.sentences)),
                self._windows(),
            )

    def _asked(self, chosen: NDArray[np.int64]) -> Batch:
        batch = Batch([], [], [])
        for i in chosen:
            question, passage, others = self._questions[i]
            batch.left.append(self._thinned(question))
            batch.right.append(passage)
            if others:
                batch.wrong.append(others[self._random.integers(len(others))])
        return batch

    def _translated(self, chosen: NDArray[np.int64]) -> Batch:
        picked = [self._sentences[i] for i in chosen]
        return Batch([self._thinned(a) for a, _ in picked], [b for _, b in picked], [])

    def _windows(self) -> Batch:
        """Neighbouring windows of one document, so that the wrong ones are alike."""
        batch = Batch([], [], [])
        while len(batch.left) < self._sizes.windows:
            number, at = self._places[self._random.integers(len(self._places))]
            at += int(self._random.integers(_NEIGHBOURS))
            for _ in range(_NEIGHBOURS):
                length = int(self._random.integers(1, self._sizes.window + 1))
                part = self._corpora[number][at : at + length]
                at += length
                if len(part) < length:
                    break
                self._add_window(batch, part)
        return batch

    def _add_window(self, batch: Batch, part: Sequence[tuple[Bag, Bag]]) -> None:
        # Two in three queries are English, nine in ten windows Indonesian: what is asked for.
        en, indonesian = part[int(self._random.integers(len(part)))]
        source = en if self._random.random() < 0.65 else indonesian
        side = 1 if self._random.random() < 0.9 else 0
        low, high = self._sizes.keywords
        size = int(self._random.integers(low, high + 1))
        query = source[self._random.permutation(len(source))[:size]]
        window = np.concatenate([pair[side] for pair in part])
        if len(query) and len(window):
            batch.left.append(query)
            batch.right.append(window)

    def _thinned(self, bag: Bag) -> Bag:
        share = self._random.uniform(0, self._sizes.drop)
        kept = bag[self._random.random(len(bag)) >= share]
        return kept if len(kept) else bag


def _turn(order: NDArray[np.int64], step: int, size: int) -> NDArray[np.int64]:
    return order.take(range(step * size, (step + 1) * size), mode="wrap")


def _mined(
    asked: Sequence[tuple[str, str]],
    question_language: str,
    passage_language: str,
    table: TranslationTable,
) -> list[list[str]]:
    """For each question, the passages BM25 ranks highest that aren't its own."""
    passages = list(dict.fromkeys(passage for _, passage in asked))
    if not passages:
        return []
    bm25 = Bm25(passages, passage_language)
    found = []
    for question, own in asked:
        scores = bm25.scores(query_terms(question, question_language, table))
        best = np.argsort(-scores, kind="stable")[: _WRONG + 1]
        wrong = [passages[i] for i in best if passages[i] != own and scores[i] > 0]
        found.append(wrong[:_WRONG])
    return found
