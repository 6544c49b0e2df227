"""A tiny embedder for the tests: hashed bags of words, deterministic and meaningful."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence


class BagOfWords:
    """Texts that share words are near each other; texts that share none are orthogonal."""

    def __init__(self, *, name: str = "bag-of-words", dimensions: int = 128) -> None:
        self.name = name
        self.dimensions = dimensions
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.embedded.extend(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        counts = [0.0] * self.dimensions
        for word in text.lower().split():
            counts[zlib.crc32(word.strip(".,:;!?()").encode()) % self.dimensions] += 1.0
        length = math.sqrt(sum(count * count for count in counts)) or 1.0
        return [count / length for count in counts]
