"""Trains the bundled embedder: a bag of word and character-n-gram vectors, contrastively.

The two texts of a pair (a sentence and its translation, a question and its passage) are to
be nearer to each other than to the other texts of their batch: the loss of van den Oord et
al. 2018 (InfoNCE) in both directions, with cosine over a temperature.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.embedding import grams, words

from .data import TrainingData

Bag = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of the training; chosen on the held-out slices of `data.load`."""

    dimensions: int = 256
    words: int = 18_000
    grams: int = 10_000
    epochs: int = 8
    learning_rate: float = 2e-3
    temperature: float = 0.05
    sentence_batch: int = 1024
    question_batch: int = 512
    window: int = 4
    seed: int = 1
    threads: int = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The entries that have a vector, and how rare each is."""

    words: dict[str, int]
    grams: dict[str, int]
    idf: NDArray[np.float32]

    def bag(self, text: str) -> Bag:
        """The entries of a text, with repeats."""
        ids: list[int] = []
        for word in words(text):
            if word in self.words:
                ids.append(self.words[word])
            ids.extend(self.grams[gram] for gram in grams(word) if gram in self.grams)
        return np.array(ids, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model, before it is rounded: one vector per entry, its weight folded in."""

    vocabulary: Vocabulary
    vectors: NDArray[np.float32]


def train(data: TrainingData, recipe: Recipe) -> Trained:
    """Trains on the CPU; the same data, recipe and library versions give the same model."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    torch.use_deterministic_algorithms(True)
    vocabulary = build_vocabulary(data, recipe)
    model = _Bags(vocabulary, recipe.dimensions)
    batches = _Batches(data, vocabulary, recipe)
    optimiser = torch.optim.Adam([model.vectors, model.weights], lr=recipe.learning_rate)
    steps = recipe.epochs * batches.steps_per_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 50) * (1 - step / steps)
    )
    for _ in range(recipe.epochs):
        for left, right in batches.epoch():
            loss = _contrast(model(left), model(right), recipe.temperature, _same(right))
            optimiser.zero_grad(set_to_none=False)
            loss.backward()
            optimiser.step()
            schedule.step()
    return Trained(vocabulary, model.folded())


def build_vocabulary(data: TrainingData, recipe: Recipe) -> Vocabulary:
    """The most frequent words and n-grams of the training texts (counted once per text)."""
    texts = list(dict.fromkeys(_texts(data)))
    found: Counter[str] = Counter()
    gram_found: Counter[str] = Counter()
    for text in texts:
        distinct = set(words(text))
        found.update(distinct)
        gram_found.update({gram for word in distinct for gram in grams(word)})
    top = _most_common(found, recipe.words)
    top_grams = _most_common(gram_found, recipe.grams)
    counts = [found[word] for word in top] + [gram_found[gram] for gram in top_grams]
    return Vocabulary(
        words={word: i for i, word in enumerate(top)},
        grams={gram: i for i, gram in enumerate(top_grams, start=len(top))},
        idf=np.log((len(texts) + 1) / (np.array(counts, dtype=np.float32) + 1)).astype("f4"),
    )


def write(trained: Trained, path: Path) -> None:
    """Writes the model, 8 bits a number: codes of a row times the row's scale.

    `entries` is the words, then the n-grams, one a line; `version` the hash of the rest.
    """
    peak = np.abs(trained.vectors).max(axis=1)
    scales = np.maximum(peak / 127, 1e-12).astype(np.float32)
    codes = np.round(trained.vectors / scales[:, None]).astype(np.int8)
    entries = "\n".join([*trained.vocabulary.words, *trained.vocabulary.grams]).encode("utf-8")
    digest = hashlib.sha256(codes.tobytes() + scales.tobytes() + entries).hexdigest()
    np.savez(
        path,
        codes=codes,
        scales=scales,
        entries=np.frombuffer(entries, dtype=np.uint8),
        words=np.int64(len(trained.vocabulary.words)),
        version=np.str_(digest[:12]),
    )


def describe(recipe: Recipe) -> str:
    """The recipe in words, for the model card."""
    return (
        f"It was trained for {recipe.epochs} epochs (Adam, {recipe.learning_rate:g}, linear decay)"
        f" with in-batch negatives both ways at temperature {recipe.temperature:g}, alternating"
        f" {recipe.sentence_batch} parallel sentences with {recipe.question_batch} questions and"
        " their passages; each entry's weight is learnt from its inverse document frequency on."
    )


class _Bags:
    """Sum of entry vectors, each times its learnt weight, scaled to unit length."""

    def __init__(self, vocabulary: Vocabulary, dimensions: int) -> None:
        start = torch.randn(len(vocabulary.idf), dimensions) / math.sqrt(dimensions)
        self.vectors = torch.nn.Parameter(start)
        self.weights = torch.nn.Parameter(torch.from_numpy(vocabulary.idf / vocabulary.idf.max()))

    def __call__(self, bags: Sequence[Bag]) -> torch.Tensor:
        lengths = np.array([len(bag) for bag in bags])
        offsets = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)[:-1]]))
        ids = torch.from_numpy(np.concatenate(bags))
        summed = torch.nn.functional.embedding_bag(
            ids, self.vectors, offsets, mode="sum", per_sample_weights=self.weights[ids]
        )
        return torch.nn.functional.normalize(summed, dim=1)

    def folded(self) -> NDArray[np.float32]:
        """One vector per entry with its weight in it."""
        with torch.no_grad():
            out: NDArray[np.float32] = (self.vectors * self.weights[:, None]).numpy()
        return out


class _Batches:
    """Draws the batches: parallel sentences and questions with passages by turns."""

    def __init__(self, data: TrainingData, vocabulary: Vocabulary, recipe: Recipe) -> None:
        self._recipe = recipe
        self._random = np.random.default_rng(recipe.seed)
        bags: dict[str, Bag] = {}

        def bag(text: str) -> Bag:
            if text not in bags:
                bags[text] = vocabulary.bag(text)
            return bags[text]

        def filled(pairs: Sequence[tuple[str, str]]) -> list[tuple[Bag, Bag]]:
            made = [(bag(a), bag(b)) for a, b in pairs]
            return [(a, b) for a, b in made if len(a) and len(b)]

        self._sentences = filled([(p.en, p.id) for p in data.pairs()])
        self._questions = filled([*data.asked_id, *data.asked_en, *data.asked_cross])

    @property
    def steps_per_epoch(self) -> int:
        return 2 * math.ceil(len(self._sentences) / self._recipe.sentence_batch)

    def epoch(self) -> Iterator[tuple[list[Bag], list[Bag]]]:
        """All sentences once; as many batches of questions."""
        order = self._random.permutation(len(self._sentences))
        asked = self._random.permutation(len(self._questions))
        size, few = self._recipe.sentence_batch, self._recipe.question_batch
        for step, start in enumerate(range(0, len(order), size)):
            yield _sides(self._sentences, order[start : start + size])
            yield _sides(
                self._questions, asked.take(range(step * few, (step + 1) * few), mode="wrap")
            )


def _sides(pairs: Sequence[tuple[Bag, Bag]], chosen: NDArray[Any]) -> tuple[list[Bag], list[Bag]]:
    return [pairs[i][0] for i in chosen], [pairs[i][1] for i in chosen]


def _same(bags: Sequence[Bag]) -> torch.Tensor:
    """Which texts of a batch are the same text, the diagonal left out."""
    ids = torch.tensor([id(bag) for bag in bags])
    return (ids[:, None] == ids[None, :]).fill_diagonal_(False)


def _contrast(
    left: torch.Tensor, right: torch.Tensor, temperature: float, same: torch.Tensor
) -> torch.Tensor:
    """InfoNCE both ways; a repeat of the right answer doesn't count as a wrong one."""
    scores = (left @ right.T / temperature).masked_fill(same, -1e4)
    truth = torch.arange(len(scores))
    loss = torch.nn.functional.cross_entropy
    return (loss(scores, truth) + loss(scores.T, truth)) / 2


def _texts(data: TrainingData) -> Iterator[str]:
    for pair in data.pairs():
        yield pair.en
        yield pair.id
    for asked in (data.asked_id, data.asked_en, data.asked_cross, data.entailed):
        for a, b in asked:
            yield a
            yield b


def _most_common(counts: Counter[str], size: int) -> list[str]:
    """The most frequent, ties by spelling, so that the order is no accident."""
    return sorted(counts, key=lambda entry: (-counts[entry], entry))[:size]
