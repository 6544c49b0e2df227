"""Which Indonesian stemmer finds best: the comparison behind `assistant.language.stem`.

    python -m assistant.training.stemming DATA_FOLDER

Ranks the passages of IDK-MRC train for a sample of its answerable questions by BM25
(k1 = 0.9, b = 0.4) over surface forms, stems, and mixtures of the two.
Needs the extra `train`, and Sastrawi for its row.
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.language import STOP_WORDS, stem, tokens

SEED = 13
SAMPLE = 1000
K1, B = 0.9, 0.4  # the usual values for short passages, and those of the data folder's baseline

Scores = npt.NDArray[np.float32]
Stem = Callable[[str], str]


class BM25:
    """BM25 with Lucene's idf over tokenised documents; one score per document."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        lengths = np.array([len(document) for document in documents], dtype=np.float32)
        norm = K1 * (1 - B + B * lengths / lengths.mean())
        postings: dict[str, list[tuple[int, int]]] = {}
        for number, document in enumerate(documents):
            for term, count in Counter(document).items():
                postings.setdefault(term, []).append((number, count))
        self._size = len(documents)
        self._postings: dict[str, tuple[npt.NDArray[np.int64], Scores]] = {}
        for term, entries in postings.items():
            where = np.array([number for number, _ in entries], dtype=np.int64)
            counts = np.array([count for _, count in entries], dtype=np.float32)
            idf = math.log(1 + (self._size - len(entries) + 0.5) / (len(entries) + 0.5))
            self._postings[term] = where, idf * counts / (counts + norm[where])

    def scores(self, query: Sequence[str]) -> Scores:
        """BM25 of each document, shape (documents,); repeated query terms count again."""
        total = np.zeros(self._size, dtype=np.float32)
        for term in query:
            if term in self._postings:
                where, weight = self._postings[term]
                total[where] += weight
        return total


def light(word: str) -> str:
    """Strips particles and possessives only."""
    for ending in ("lah", "kah", "pun", "nya"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _stemmers() -> Iterator[tuple[str, Stem]]:
    yield "light", light
    yield "snowball", lambda word: stem(word, "id")
    try:
        from Sastrawi.Stemmer.Stemmer import Stemmer
        from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    except ImportError:
        return
    yield "sastrawi", Stemmer(_SetDictionary(StemmerFactory().get_words())).stem


class _SetDictionary(frozenset[str]):
    """Sastrawi's root words as a set: its own dictionary scans a list, 100 times slower."""

    def contains(self, word: str) -> bool:
        """The only question that the stemmer asks."""
        return word in self


def _cached(function: Stem) -> Stem:
    known: dict[str, str] = {}

    def cached(word: str) -> str:
        if word not in known:
            known[word] = function(word) or word
        return known[word]

    return cached


def measure(scores: Sequence[Scores], gold: Sequence[int]) -> tuple[float, float, float]:
    """Recall@1, Recall@5 and nDCG@10, one gold document a question; ties count against us."""
    ranks = [int((row >= row[right]).sum()) for row, right in zip(scores, gold, strict=True)]
    return (
        sum(rank <= 1 for rank in ranks) / len(ranks),
        sum(rank <= 5 for rank in ranks) / len(ranks),
        sum(1 / math.log2(1 + rank) for rank in ranks if rank <= 10) / len(ranks),
    )


def main(folder: Path) -> None:
    """Prints one line per analysis."""
    entries = json.loads((folder / "reading" / "idk-mrc-train.json").read_text("utf-8"))
    entries = entries.get("data", entries) if isinstance(entries, dict) else entries
    passages: dict[str, int] = {}
    questions: list[tuple[str, int]] = []
    for entry in entries:
        number = passages.setdefault(entry["context"], len(passages))
        questions += [(qa["question"], number) for qa in entry["qas"] if not qa["is_impossible"]]
    questions = random.Random(SEED).sample(questions, min(SAMPLE, len(questions)))
    gold = [number for _, number in questions]
    documents = [[token.text for token in tokens(passage)] for passage in passages]
    queries = [[token.text for token in tokens(question)] for question, _ in questions]
    out = sys.stdout.write
    out(f"{len(questions)} questions, {len(passages)} passages\n")

    def report(name: str, scores: Sequence[Scores], seconds: float = 0.0) -> None:
        r1, r5, ndcg = measure(scores, gold)
        out(f"{name:34} R@1 {r1:.3f}  R@5 {r5:.3f}  nDCG@10 {ndcg:.3f}  {seconds:6.1f} s\n")

    def content(query: Sequence[str]) -> list[str]:
        return [word for word in query if word not in STOP_WORDS["id"]]

    base = BM25(documents)
    surface = [base.scores(query) for query in queries]
    report("surface", surface)
    surface_short = [base.scores(content(query)) for query in queries]
    report("surface, no stop words", surface_short)
    for name, function in _stemmers():
        started = time.perf_counter()
        cached = _cached(function)
        index = BM25([[cached(word) for word in document] for document in documents])
        stems = [index.scores([cached(word) for word in query]) for query in queries]
        report(name, stems, time.perf_counter() - started)
        short = [index.scores([cached(word) for word in content(query)]) for query in queries]
        report(f"{name}, no stop words", short)
        for weight in (0.3, 0.5, 0.7):
            mixed = [(1 - weight) * a + weight * b for a, b in zip(surface, stems, strict=True)]
            report(f"surface {1 - weight:.1f} + {name} {weight}", mixed)
        mixed = [0.5 * a + 0.5 * b for a, b in zip(surface_short, short, strict=True)]
        report(f"half and half {name}, no stop words", mixed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
