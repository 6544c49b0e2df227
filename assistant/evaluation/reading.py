"""Reading mode: the answerer by itself, with the right passage already found.

Each question is answered from the files its annotator had before them and from nothing else.
Term weights and passage scores are those of the whole folder's index; a passage that the
search would not have found has score 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from assistant.articles import read_article
from assistant.chunking import chunk
from assistant.citations import compose
from assistant.conversation import standalone
from assistant.embedding import load_embedder
from assistant.extractive import ExtractiveAnswerer
from assistant.index import DEFAULT_CHUNK_TOKENS, Index
from assistant.language import detect
from assistant.prompts import refusal_text
from assistant.retrieval import Retriever
from assistant.types import Answer, Answerer, Draft, Embedder, Engine, Passage, Turn

DEPTH = 50
"""How far down the search is looked through for the passages that are read."""


class ReadingAssistant:
    """Answers a question from named files of an index."""

    def __init__(
        self,
        seeds: Path,
        index: Index,
        embedder: Embedder,
        *,
        answerer: Answerer | None,
        model: str | None,
    ) -> None:
        self._seeds = seeds
        self._index = index
        self._retriever = Retriever(index, embedder)
        self._answerer = answerer or ExtractiveAnswerer(self._retriever, embedder)
        self._engine = Engine("generative" if model else "extractive", model, embedder.name)

    @classmethod
    def open(
        cls,
        seeds: Path,
        *,
        index: Path,
        llm: str | None,
        embedder: str,
        progress: Callable[[str, int, int], None],
    ) -> Self:
        """Open and refresh the index of a folder."""
        loaded = load_embedder(embedder)
        answerer, model = _model(llm)
        opened = Index.open(seeds, index, embedder=loaded, chunk_tokens=DEFAULT_CHUNK_TOKENS)
        opened.refresh(progress)
        return cls(seeds, opened, loaded, answerer=answerer, model=model)

    def ask_in(
        self, question: str, files: Sequence[str], *, history: Sequence[Turn] = ()
    ) -> Answer:
        """The answer from these files alone."""
        started = perf_counter()
        language = detect(question)
        searched = standalone(question, tuple(history), language).searched
        passages = self._passages(searched, files)
        (draft,) = (
            event
            for event in self._answerer.draft(searched, language, passages, history)
            if isinstance(event, Draft)
        )
        composed = compose(draft, language=language)
        return Answer(
            question=question,
            language=language,
            status="answered" if composed.citations else "not_found",
            text=composed.text if composed.citations else refusal_text(language),
            short_answer=draft.short_answer if composed.citations else None,
            sentences=composed.sentences,
            citations=composed.citations,
            unknown_markers=draft.unknown_markers,
            nearest=(),
            engine=self._engine,
            searched=searched,
            timings_ms={"total": round((perf_counter() - started) * 1000, 1)},
            confidence=draft.confidence,
        )

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """Without files there is nothing to read: always not found."""
        return self.ask_in(question, (), history=history)

    def retrieve(self, question: str, *, k: int = 10) -> list[Passage]:
        """The search of the whole folder, for comparison."""
        return self._retriever.search(question, k=k)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._index.close()

    def _passages(self, searched: str, files: Sequence[str]) -> list[Passage]:
        """Every chunk of the files, as the search scores it, best first."""
        found = {p.id: p for p in self._retriever.search(searched, k=DEPTH)}
        passages = [
            found.get(piece.id) or Passage.of(piece, 0.0)
            for file in files
            for piece in chunk(read_article(self._seeds, file), max_tokens=DEFAULT_CHUNK_TOKENS)
        ]
        return sorted(passages, key=lambda p: (-p.score, p.file, p.start))


def _model(llm: str | None) -> tuple[Answerer | None, str | None]:
    if llm is None:
        return None, None
    from assistant.generative import GenerativeAnswerer
    from assistant.llm.models import load_llm

    return GenerativeAnswerer(load_llm(llm), policy="mark"), llm
