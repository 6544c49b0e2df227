"""Learns which Indonesian words an English word becomes, from parallel sentences.

Word alignment by IBM Model 1 (Brown et al. 1993) in both directions, with the diagonal
preference of Dyer et al. 2013 ("A simple, fast, and effective reparameterization of IBM
Model 2") and the two directions made to agree at every iteration (Liang et al. 2006,
"Alignment by agreement"): a link counts as far as both believe in it.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import words

from .data import Pair

# Model 1 first, from uniform, so that the positions don't decide before the words do.
_PLAIN_ITERATIONS = 3
_DIAGONAL_ITERATIONS = 4
# Dyer et al.: tension 4 is where tuned values lie for European pairs; null 0.08 is theirs.
_TENSION = 4.0
_NULL = 0.08
# Longer lines are whole paragraphs, too many cells for what they tell.
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Pruning:
    """What of the table is kept: it has to be small, and rare links are mostly wrong."""

    least_count: float = 0.5
    least_probability: float = 0.03
    most_alternatives: int = 6
    discount: float = 0.1


Table = dict[str, list[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Every (English position, Indonesian position) of every pair, flat, pair by pair.

    `kind` numbers the distinct (English word, Indonesian word); `row` and `column` number
    the English and the Indonesian token that the cell stands for; `prior` is the diagonal
    preference, unnormalised.
    """

    kind: NDArray[np.int32]
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    prior: NDArray[np.float32]
    english: NDArray[np.int32]
    indonesian: NDArray[np.int32]


def learn(pairs: Sequence[Pair], *, pruning: Pruning | None = None) -> Table:
    """English word -> Indonesian words with probability, best first.

    The probabilities of one word sum to at most 1: what went to rare links is left out.
    """
    en = [words(pair.en) for pair in pairs]
    indonesian = [words(pair.id) for pair in pairs]
    en_words, id_words = _numbered(en), _numbered(indonesian)
    cells = _cells(en, indonesian, en_words, id_words)
    counts = _align(cells)
    return _table(cells, counts, list(en_words), list(id_words), pruning or Pruning())


def write(table: Table, path: Path) -> None:
    """One line per English word: the word, then Indonesian words and probabilities in turn."""
    lines = []
    for word in sorted(table):
        fields = [word]
        for other, probability in table[word]:
            fields += [other, f"{probability:.3f}".lstrip("0")]
        lines.append("\t".join(fields))
    # mtime=0, so that the same table is the same file.
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0))


def _numbered(texts: Sequence[Sequence[str]]) -> dict[str, int]:
    counted = Counter(word for text in texts for word in text)
    return {word: i for i, word in enumerate(sorted(counted))}


def _cells(
    en: Sequence[Sequence[str]],
    indonesian: Sequence[Sequence[str]],
    en_words: dict[str, int],
    id_words: dict[str, int],
) -> _Cells:
    kinds, rows, columns, priors = [], [], [], []
    row = column = 0
    for left, right in zip(en, indonesian, strict=True):
        m, n = len(left), len(right)
        if not 0 < m <= _LONGEST or not 0 < n <= _LONGEST:
            continue
        e = np.array([en_words[word] for word in left], dtype=np.int64)
        f = np.array([id_words[word] for word in right], dtype=np.int64)
        kinds.append((e[:, None] * len(id_words) + f[None, :]).ravel())
        rows.append(np.repeat(np.arange(row, row + m, dtype=np.int32), n))
        columns.append(np.tile(np.arange(column, column + n, dtype=np.int32), m))
        apart = np.abs((np.arange(m) + 0.5)[:, None] / m - (np.arange(n) + 0.5)[None, :] / n)
        priors.append(np.exp(-_TENSION * apart).astype(np.float32).ravel())
        row, column = row + m, column + n
    distinct, kind = np.unique(np.concatenate(kinds), return_inverse=True)
    return _Cells(
        kind=kind.astype(np.int32),
        row=np.concatenate(rows),
        column=np.concatenate(columns),
        prior=np.concatenate(priors),
        english=(distinct // len(id_words)).astype(np.int32),
        indonesian=(distinct % len(id_words)).astype(np.int32),
    )


def _align(cells: _Cells) -> NDArray[np.float64]:
    """Expected number of links per kind."""
    size = len(cells.english)
    plain = np.ones_like(cells.prior)
    forward = backward = np.ones(size, dtype=np.float32)
    counts: NDArray[np.float64] = np.zeros(size)
    for iteration in range(_PLAIN_ITERATIONS + _DIAGONAL_ITERATIONS):
        prior = plain if iteration < _PLAIN_ITERATIONS else cells.prior
        believed = _posterior(forward, prior, cells.kind, cells.column)
        believed *= _posterior(backward, prior, cells.kind, cells.row)
        counts = np.bincount(cells.kind, weights=believed, minlength=size).astype(np.float64)
        forward = _normalised(counts, cells.english)
        backward = _normalised(counts, cells.indonesian)
    return counts


def _posterior(
    table: NDArray[np.float32],
    prior: NDArray[np.float32],
    kind: NDArray[np.int32],
    token: NDArray[np.int32],
) -> NDArray[Any]:
    """P(cell | the token it explains), the null word taking its share."""
    weight = prior * table[kind]
    total = np.bincount(token, weights=weight)
    share = np.bincount(token, weights=prior)
    # The null word explains any token as well as an even spread over the sentence would.
    null = _NULL / (1 - _NULL) * total.mean() * share / share.mean()
    return np.asarray(weight / (total + null)[token])


def _normalised(counts: NDArray[np.float64], given: NDArray[np.int32]) -> NDArray[np.float32]:
    total = np.bincount(given, weights=counts)
    return np.asarray(counts / np.maximum(total[given], 1e-12), dtype=np.float32)


def _table(
    cells: _Cells,
    counts: NDArray[np.float64],
    en_words: Sequence[str],
    id_words: Sequence[str],
    pruning: Pruning,
) -> Table:
    total = np.bincount(cells.english, weights=counts)
    table: Table = {}
    kept = np.flatnonzero(counts >= pruning.least_count)
    for i in kept[np.lexsort((cells.indonesian[kept], -counts[kept], cells.english[kept]))]:
        e = cells.english[i]
        probability = float((counts[i] - pruning.discount) / total[e])
        links = table.setdefault(en_words[e], [])
        if probability >= pruning.least_probability and len(links) < pruning.most_alternatives:
            links.append((id_words[cells.indonesian[i]], probability))
    return {word: links for word, links in table.items() if links}
