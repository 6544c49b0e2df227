# mypy: ignore-errors
"""bm25s as its README uses it: English stop words, English Snowball stems, its default BM25."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import bm25s
import Stemmer

PACKAGES = ("bm25s", "PyStemmer")


def prepare() -> None:
    """Nothing beyond the imports."""


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """English analysis."""
    return build_with(folder, work, stemmer=Stemmer.Stemmer("english"), stop_words="en")


def build_with(
    folder: Path, work: Path, *, stemmer: Stemmer.Stemmer, stop_words: str | list[str]
) -> Callable[[str, int], list[str]]:
    """Index each file whole."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())

    def tokenize(texts: list[str]):
        return bm25s.tokenize(texts, stopwords=stop_words, stemmer=stemmer, show_progress=False)

    retriever = bm25s.BM25()
    retriever.index(tokenize([path.read_text("utf-8") for path in paths]), show_progress=False)
    retriever.save(str(work / "bm25s"))
    names = [path.name for path in paths]

    def search(question: str, k: int) -> list[str]:
        rows, scores = retriever.retrieve(
            tokenize([question]), k=min(k, len(names)), show_progress=False
        )
        # It fills up with files that share no word with the question, at score zero.
        return [names[row] for row, score in zip(rows[0], scores[0], strict=True) if score > 0]

    return search
