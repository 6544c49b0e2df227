"""English words to their likely Indonesian ones, for searching Indonesian articles in English.

The table was learnt from parallel text by word alignment (`assistant.training`); it is a
gzipped TSV that can be read by eye: the English word, then Indonesian words and their
probabilities in turn, best first. Using each word's translations by their probability is
the probabilistic structured query of Darwish and Oard (2003).
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from functools import cached_property
from pathlib import Path

import Stemmer

from .errors import ModelError

_FIGURE = re.compile(r"([0-9]+)(?:st|nd|rd|th|s)")

TABLE_FILE = Path(__file__).parent / "models" / "translations.tsv.gz"


class TranslationTable:
    """Looks words up; the file is read at the first look."""

    def __init__(self, path: Path = TABLE_FILE) -> None:
        self._path = path
        self._stemmer = Stemmer.Stemmer("english")

    @classmethod
    def bundled(cls) -> TranslationTable:
        """The table that comes with the package."""
        return cls()

    @cached_property
    def _lines(self) -> dict[str, str]:
        try:
            text = gzip.decompress(self._path.read_bytes()).decode("utf-8")
        except (OSError, EOFError, ValueError) as error:
            raise ModelError(
                f"the translation table can't be read from {self._path.name}: {error}",
                hint="reinstall assistant, or learn it again: python -m assistant.training",
            ) from error
        split = (line.partition("\t") for line in text.splitlines())
        return {word: rest for word, _, rest in split}

    @cached_property
    def _stems(self) -> dict[str, list[str]]:
        """English stem -> the table's words that have it."""
        found: dict[str, list[str]] = {}
        words = list(self._lines)
        for word, stem in zip(words, self._stemmer.stemWords(words), strict=True):
            found.setdefault(stem, []).append(word)
        return found

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, word: str) -> bool:
        return _folded(word) in self._lines

    def translate(self, word: str) -> tuple[tuple[str, float], ...]:
        """Likely Indonesian words with their probabilities, best first, summing to at most 1.

        A word the table lacks is answered by those of its inflections that it has (the same
        English stem), evenly; an ordinal or a decade by its figure ("17th": 17, as in
        "abad ke-17"). A word it can't answer, or with another digit in it, gives ().
        """
        folded = _folded(word)
        figure = _FIGURE.fullmatch(folded)
        if figure:
            return ((figure[1], 1.0),)
        if any(c.isdigit() for c in folded):
            return ()
        if folded in self._lines:
            return self._parsed(folded)
        relatives = self._stems.get(self._stemmer.stemWord(folded), [])
        merged: dict[str, float] = {}
        for relative in relatives:
            for other, probability in self._parsed(relative):
                merged[other] = merged.get(other, 0.0) + probability / len(relatives)
        return tuple(sorted(merged.items(), key=lambda item: (-item[1], item[0])))

    def _parsed(self, word: str) -> tuple[tuple[str, float], ...]:
        fields = self._lines[word].split("\t")
        return tuple((fields[i], float(fields[i + 1])) for i in range(0, len(fields) - 1, 2))


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
