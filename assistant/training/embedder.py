"""Trains the bundled embedder: a bag of word and character-n-gram vectors, contrastively.

The two texts of a pair (a sentence and its translation, a question and its passage) are to
be nearer to each other than to the other texts of their batch: the loss of van den Oord et
al. 2018 (InfoNCE) in both directions, with cosine over a temperature.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.embedding import grams, words
from assistant.translation import TranslationTable

from . import teacher
from .batches import Bag, Batch, Batches, Sizes
from .data import TrainingData
from .translations import Links

# Max 1960, "Quantizing for minimum distortion": the best even step for a normal
# distribution and 16 levels, in standard deviations.
_STEP = 0.3352


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of the training; chosen on the held-out slices of `data.load`."""

    dimensions: int = 256
    words: int = 36_000
    grams: int = 16_000
    steps: int = 500
    learning_rate: float = 3e-3
    warm_up: int = 20
    temperature: float = 0.05
    sizes: Sizes = field(default_factory=Sizes)
    seed: int = 1
    # One: sums in one order, so the model doesn't depend on the machine's cores; on a busy
    # machine a second thread waits more than it works.
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The entries that have a vector (words, then n-grams), and how rare each is.

    `seen` is every word of the training texts; the entries of word `i` of it are
    `parts[offsets[i]:offsets[i + 1]]`.
    """

    words: dict[str, int]
    grams: dict[str, int]
    idf: NDArray[np.float32]
    seen: dict[str, int]
    parts: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def bag(self, text: str) -> Bag:
        """The numbers in `seen` of a text's words, with repeats; those without entries out."""
        found = [self.seen[word] for word in words(text) if word in self.seen]
        numbers = np.array(found, dtype=np.int64)
        return numbers[self.offsets[numbers + 1] > self.offsets[numbers]]


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model, before it is rounded: one vector per entry, its weight folded in."""

    vocabulary: Vocabulary
    vectors: NDArray[np.float32]


def train(data: TrainingData, links: Links, table: TranslationTable, recipe: Recipe) -> Trained:
    """Trains on the CPU; the same data, recipe and library versions give the same model."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    torch.set_flush_denormal(True)
    torch.use_deterministic_algorithms(True)
    english = teacher.counted([words(text) for text in dict.fromkeys(data.english())])
    indonesian = teacher.counted([words(text) for text in dict.fromkeys(data.indonesian())])
    vocabulary = build_vocabulary(english + indonesian, recipe)
    start = torch.randn(len(vocabulary.idf), recipe.dimensions) / math.sqrt(recipe.dimensions)
    entries = [*vocabulary.words, *vocabulary.grams]
    taught = teacher.start(entries, english, indonesian, links, start.numpy())
    model = _Bags(vocabulary, torch.from_numpy(taught))
    bags: dict[str, Bag] = {}

    def bag(text: str) -> Bag:
        if text not in bags:
            bags[text] = vocabulary.bag(text)
        return bags[text]

    batches = Batches(data, table, bag, recipe.sizes, recipe.seed)
    optimiser = torch.optim.Adam([model.vectors, model.weights], lr=recipe.learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(1.0, (step + 1) / recipe.warm_up) * max(0.0, 1 - step / recipe.steps),
    )
    for step in batches.steps(recipe.steps):
        optimiser.zero_grad(set_to_none=False)
        for batch in step:
            _loss(model, batch, recipe.temperature).backward()
        optimiser.step()
        schedule.step()
    return Trained(vocabulary, model.folded())


def build_vocabulary(found: Counter[str], recipe: Recipe) -> Vocabulary:
    """The words of most texts, and the n-grams of most words, that occur more than once or twice.

    `found` counts the texts each word occurs in.
    """
    gram_found: Counter[str] = Counter()
    for word in found:
        gram_found.update(set(grams(word)))
    top = _most_common(found, recipe.words, 2)
    top_grams = _most_common(gram_found, recipe.grams, 3)
    counts = [found[word] for word in top] + [gram_found[gram] for gram in top_grams]
    # Texts are not counted but bounded by the most frequent word, which is in nearly all.
    texts = max(found.values()) * 2
    idf = np.log((texts + 1) / (np.array(counts, dtype=np.float32) + 1))
    word_entries = {word: i for i, word in enumerate(top)}
    gram_entries = {gram: i for i, gram in enumerate(top_grams, start=len(top))}
    seen = sorted(found)
    parts = [
        [
            *([word_entries[word]] if word in word_entries else []),
            *(gram_entries[gram] for gram in grams(word) if gram in gram_entries),
        ]
        for word in seen
    ]
    return Vocabulary(
        words=word_entries,
        grams=gram_entries,
        # A floor, so that the most frequent words can still learn to matter.
        idf=np.maximum(idf, 0.5).astype(np.float32),
        seen={word: i for i, word in enumerate(seen)},
        parts=np.array([entry for entries in parts for entry in entries], dtype=np.int64),
        offsets=np.concatenate([[0], np.cumsum([len(entries) for entries in parts])]),
    )


def write(trained: Trained, path: Path) -> None:
    """Writes the model, 4 bits a number, two numbers a byte.

    A number of row r is `(code - 7.5) * scales[r]`; byte b of a row holds the code of
    number b in its low half, that of number `dimensions / 2 + b` in its high half.
    `entries` is the words, then the n-grams, one a line; `version` the hash of the rest.
    """
    scales = np.sqrt(np.square(trained.vectors).mean(axis=1)).astype(np.float32) * _STEP
    scales = np.maximum(scales, np.float32(1e-12))
    levels = np.clip(np.floor(trained.vectors / scales[:, None]) + 8, 0, 15).astype(np.uint8)
    half = levels.shape[1] // 2
    codes = levels[:, :half] | levels[:, half:] << 4
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
    sizes = recipe.sizes
    return f"""\
Words start from the word-piece vectors of all-MiniLM-L6-v2, Indonesian ones from those of the
English words they were aligned with, both mixed with random ones. Then {recipe.steps} steps of
Adam ({recipe.learning_rate:g}, linear decay, temperature {recipe.temperature:g}, wrong answers
from the batch, both ways), each with {sizes.questions} questions and their passages (and as
many passages that BM25 mistakes for them), {sizes.sentences} sentences with their translations,
and {sizes.windows} queries of a few words with the Indonesian window of up to {sizes.window}
sentences that they come from. Each entry's weight is learnt, from its inverse document
frequency on."""


class _Bags:
    """Sum of word vectors, each the sum of its entries' times their weights; unit length."""

    def __init__(self, vocabulary: Vocabulary, start: torch.Tensor) -> None:
        self._vocabulary = vocabulary
        self.vectors = torch.nn.Parameter(start)
        self.weights = torch.nn.Parameter(torch.from_numpy(vocabulary.idf / vocabulary.idf.max()))

    def __call__(self, bags: Sequence[Bag]) -> torch.Tensor:
        # Words are composed once per batch, however often they occur in it.
        distinct, where = np.unique(np.concatenate(bags), return_inverse=True)
        first = self._vocabulary.offsets[distinct]
        lengths = self._vocabulary.offsets[distinct + 1] - first
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        within = np.arange(lengths.sum()) + np.repeat(first - offsets, lengths)
        parts = torch.from_numpy(self._vocabulary.parts[within])
        bag, look_up = torch.nn.functional.embedding_bag, torch.nn.functional.embedding
        composed = bag(
            parts,
            self.vectors,
            torch.from_numpy(offsets),
            mode="sum",
            per_sample_weights=look_up(parts, self.weights[:, None])[:, 0],
        )
        starts = np.concatenate([[0], np.cumsum([len(each) for each in bags])[:-1]])
        summed = bag(torch.from_numpy(where), composed, torch.from_numpy(starts), mode="sum")
        return torch.nn.functional.normalize(summed, dim=1)

    def folded(self) -> NDArray[np.float32]:
        """One vector per entry with its weight in it."""
        out: NDArray[np.float32] = (self.vectors * self.weights[:, None]).detach().numpy()
        return out


def _loss(model: _Bags, batch: Batch, temperature: float) -> torch.Tensor:
    """InfoNCE both ways; a repeat of the right answer doesn't count as a wrong one."""
    size, right = len(batch.left), batch.right + batch.wrong
    vectors = model(batch.left + right)
    ids = torch.tensor([id(bag) for bag in right])
    same = ids[:size, None] == ids[None, :]
    same[:, :size].fill_diagonal_(False)
    scores = (vectors[:size] @ vectors[size:].T / temperature).masked_fill(same, -1e4)
    truth = torch.arange(size)
    loss = torch.nn.functional.cross_entropy
    return (loss(scores, truth) + loss(scores[:, :size].T, truth)) / 2


def _most_common(counts: Counter[str], size: int, least: int) -> list[str]:
    """The most frequent, ties by spelling, so that the order is no accident."""
    kept = [entry for entry in counts if counts[entry] >= least]
    return sorted(kept, key=lambda entry: (-counts[entry], entry))[:size]
