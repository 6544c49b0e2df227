"""Retrieval measures for the model card: BM25, the bundled models, and the two together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import Stemmer
from numpy.typing import NDArray

from assistant.embedding import words
from assistant.language import STOP_WORDS
from assistant.translation import TranslationTable

from .data import Retrieval

# Anserini's defaults (Lin et al. 2021), those of the baseline, so that figures compare.
_K1, _B = 0.9, 0.4

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over a task's questions; each in [0, 1]. Ties count against the relevant passage."""

    recall_1: float
    recall_5: float
    recall_10: float
    ndcg_10: float


class Bm25:
    """BM25 over stems of the passages' language; scores of alternatives add up by weight."""

    def __init__(self, passages: Sequence[str], language: str = "id") -> None:
        self._stemmer = Stemmer.Stemmer("english" if language == "en" else "indonesian")
        bags = [Counter(self._stems(passage)) for passage in passages]
        lengths = np.array([sum(bag.values()) for bag in bags], dtype=np.float32)
        norm = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))
        found: dict[str, list[tuple[int, int]]] = {}
        for i, bag in enumerate(bags):
            for stem, count in bag.items():
                found.setdefault(stem, []).append((i, count))
        self._size = len(passages)
        self._postings: dict[str, tuple[NDArray[np.int64], Scores]] = {}
        for stem, entries in found.items():
            rows = np.array([row for row, _ in entries])
            tf = np.array([count for _, count in entries], dtype=np.float32)
            idf = np.log(1 + (len(passages) - len(rows) + 0.5) / (len(rows) + 0.5))
            self._postings[stem] = rows, (idf * tf * (_K1 + 1) / (tf + norm[rows])).astype("f4")

    def _stems(self, text: str) -> list[str]:
        stems: list[str] = self._stemmer.stemWords(words(text))
        return stems

    def scores(self, terms: Mapping[str, float]) -> Scores:
        """One score per passage for weighted words (stemmed here)."""
        out = np.zeros(self._size, dtype=np.float32)
        for word, weight in terms.items():
            for stem in self._stems(word):
                if stem in self._postings:
                    rows, scores = self._postings[stem]
                    out[rows] += weight * scores
        return out


def query_terms(question: str, language: str, table: TranslationTable) -> dict[str, float]:
    """The weighted words a question is searched by, question and function words left out.

    An English word counts by its translations' probabilities and, for names, as it is: at
    0.3 beside translations, at 1 without any (0.1 to 0.6 measured alike).
    """
    found = Counter(words(question))
    if language != "en":
        return {word: 1.0 for word in found if word not in STOP_WORDS["id"]}
    terms: dict[str, float] = {}
    for word in found:
        if word in STOP_WORDS["en"]:
            continue
        translations = table.translate(word)
        terms[word] = terms.get(word, 0.0) + (0.3 if translations else 1.0)
        for other, probability in translations:
            terms[other] = terms.get(other, 0.0) + probability
    return terms


def figures(scores: Sequence[Scores], task: Retrieval) -> Figures:
    """The measures of one system's scores: one array over the passages per question."""
    ranks = []
    for row, asked in zip(scores, task.asked, strict=True):
        mine = row[asked.passage]
        better = int((row >= mine).sum())
        ranks.append(better if mine > 0 else len(row))
    rank = np.array(ranks)
    gain = np.where(rank <= 10, 1 / np.log2(rank + 1), 0)
    one, five, ten = (float((rank <= k).mean()) for k in (1, 5, 10))
    return Figures(recall_1=one, recall_5=five, recall_10=ten, ndcg_10=float(gain.mean()))


def fused(lexical: Sequence[Scores], dense: Sequence[Scores], weight: float) -> list[Scores]:
    """Each side scaled by its maximum for the question, the dense side at `weight`."""
    return [
        (1 - weight) * a / max(float(a.max()), 1e-9) + weight * b / max(float(b.max()), 1e-9)
        for a, b in zip(lexical, dense, strict=True)
    ]
