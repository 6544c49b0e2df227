"""Which piece of a sentence begins the word that a piece of its translation translates."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Encoding

from assistant.training.translations import Links

Aligned = list[tuple[int, int]]
"""Places of pieces of two sentences that begin words of one meaning."""

# What a link loses that goes from one end of the sentence to the other, and the least that counts.
_FAR, _LEAST = 0.05, 0.01
# A name that both sentences spell alike, and the table of links never saw.
_SPELT_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence's pieces, and its words, each with the place of its first piece."""

    pieces: tuple[int, ...]
    words: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, text: str, encoded: Encoding) -> Text:
        """What a tokenizer with word boundaries made of `text`."""
        spans: dict[int, tuple[int, int, int]] = {}
        for at, word in enumerate(encoded.word_ids):
            if word is not None:
                start, end = encoded.offsets[at]
                first, begun, _ = spans.get(word, (at, start, end))
                spans[word] = first, begun, end
        words = ((at, text[start:end].lower()) for at, start, end in spans.values())
        return cls(tuple(encoded.ids), tuple(words))

    def between(self, first: int, last: int) -> Text:
        """With a piece before and one behind."""
        words = tuple((at + 1, word) for at, word in self.words)
        return Text((first, *self.pieces, last), words)


def same(own: Text, other: Text) -> Aligned:
    """The words of one sentence that was cut into pieces in two ways."""
    pairs = zip(own.words, other.words, strict=False)
    return [(at, there) for (at, word), (there, theirs) in pairs if word == theirs]


class Aligner:
    """Finds each Indonesian word's likeliest English one, if any is likely enough."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._english: defaultdict[str, float] = defaultdict(float)
        self._indonesian: defaultdict[str, float] = defaultdict(float)
        for (en, indonesian), count in links.items():
            self._english[en] += count
            self._indonesian[indonesian] += count

    def align(self, indonesian: Sequence[Text], english: Sequence[Text]) -> list[Aligned]:
        """One list per pair of sentences."""
        return [self._aligned(own, other) for own, other in zip(indonesian, english, strict=True)]

    def _aligned(self, own: Text, other: Text) -> Aligned:
        out: Aligned = []
        for place, (at, word) in enumerate(own.words):
            share = place / len(own.words)
            likely = [
                (self._likely(en, word) - _FAR * abs(number / len(other.words) - share), there)
                for number, (there, en) in enumerate(other.words)
                if (en, word) in self._links or (en == word and len(word) > 2)
            ]
            best, there = max(likely, default=(0.0, 0))
            if best > _LEAST:
                out.append((at, there))
        return out

    def _likely(self, en: str, indonesian: str) -> float:
        count = self._links.get((en, indonesian))
        if count is None:
            return _SPELT_ALIKE
        said, meant = count / self._english[en], count / self._indonesian[indonesian]
        return said * math.sqrt(meant)
