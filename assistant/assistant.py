"""The composition root and the main flow: a question in, a checked answer out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from assistant.citations import compose
from assistant.conversation import MAX_TURNS, standalone
from assistant.embedding import load_embedder
from assistant.errors import IndexLocked, IndexReadOnly, ModelError, QuestionError, SeedsError
from assistant.extractive import ExtractiveAnswerer
from assistant.index import DEFAULT_CHUNK_TOKENS, Index
from assistant.language import detect
from assistant.prompts import refusal_text
from assistant.retrieval import PASSAGES_PER_ANSWER, Retriever
from assistant.types import (
    Answer,
    Answerer,
    Checked,
    Delta,
    Done,
    Draft,
    DraftSentence,
    Embedder,
    Engine,
    Event,
    Language,
    NearestArticle,
    Passage,
    Refresh,
    Retrieved,
    Skipped,
    Turn,
)

if TYPE_CHECKING:
    from llama_index.core.base.base_retriever import BaseRetriever

    from assistant.llm.language_model import LanguageModel
    from assistant.storage.manifest import ArticleRecord

MAX_QUESTION_CHARS = 2_000
"""Ten times the longest question of the data sets (201 characters); what is longer is an article
pasted into the wrong field."""

NEAREST_SHOWN = 3
"""Articles named when nothing was found."""


class Assistant:
    """Answers questions about one folder of articles. Safe to share between threads."""

    def __init__(
        self,
        *,
        seeds: Path,
        index: Index,
        embedder: Embedder,
        writer: _Writer | None = None,
        last_refresh: Refresh | None = None,
    ) -> None:
        self._seeds = seeds
        self._index = index
        self._embedder = embedder
        self._retriever = Retriever(index, embedder)
        self._extractive = ExtractiveAnswerer(self._retriever, embedder)
        self._writer = writer
        self._writers = [writer] if writer else []  # shared with the copies of `with_llm`
        self._refreshing = threading.Lock()
        self.last_refresh = last_refresh or Refresh()

    @classmethod
    def open(
        cls,
        seeds: str | Path = "seeds",
        *,
        index: str | Path = "index",
        llm: Any = None,
        embedder: str | Embedder = "bundled",
        store: str | None = None,
        policy: Literal["mark", "strict"] = "mark",
        chunk_tokens: int = DEFAULT_CHUNK_TOKENS,
        rebuild: bool = False,
        read_only: bool = False,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Assistant:
        """Open the index of a folder of articles, building or refreshing it when needed.

        `llm` is a spec (`openai:MODEL`, `http://host/v1#MODEL`, …) or a llama-index `LLM`;
        `embedder` a spec or an object of that protocol; `store` the URL of a Chroma server.
        `progress(stage, done, total)` is told how indexing goes. Raises an AssistantError
        whose `hint` says what to do.
        """
        loaded = load_embedder(embedder) if isinstance(embedder, str) else embedder
        writer = None if llm is None else _Writer.load(llm, policy)
        with ExitStack() as undo:
            if writer is not None:
                undo.callback(writer.close)
            opened = Index.open(
                Path(seeds),
                Path(index),
                embedder=loaded,
                chunk_tokens=chunk_tokens,
                store=store,
                read_only=read_only,
            )
            undo.callback(opened.close)
            done = opened.rebuild(progress) if rebuild else opened.refresh(progress)
            undo.pop_all()
        return cls(
            seeds=Path(seeds),
            index=opened,
            embedder=loaded,
            writer=writer,
            last_refresh=done,
        )

    def with_llm(self, llm: Any, *, policy: Literal["mark", "strict"] = "mark") -> Assistant:
        """The same articles and index, answered by another model; close only the first.

        A model that was loaded from a spec is closed with it.
        """
        other = copy(self)
        other._writer = None if llm is None else _Writer.load(llm, policy)
        if other._writer is not None:
            self._writers.append(other._writer)
        return other

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question, every sentence of it checked against what it cites."""
        for event in self.stream(question, history=history):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream always ends with Done")

    def stream(self, question: str, *, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """The same answer as it comes about: Retrieved, then Delta and Checked, then Done."""
        started = perf_counter()
        question = _validated(question)
        language = detect(question)
        history = tuple(history)[-MAX_TURNS:]
        searched = self._standalone(question, history, language)
        passages = self._fresh_passages(searched, PASSAGES_PER_ANSWER)
        retrieved = perf_counter()
        yield Retrieved(searched, tuple(passages))

        draft, engine = yield from self._draft(searched, language, passages, history)
        composed = compose(draft, language=language, mark_unsupported=True)
        finished = perf_counter()
        yield Done(
            Answer(
                question=question,
                language=language,
                status="answered" if composed.citations else "not_found",
                text=composed.text if composed.citations else refusal_text(language),
                short_answer=draft.short_answer if composed.citations else None,
                sentences=composed.sentences if composed.citations else (),
                citations=composed.citations,
                unknown_markers=draft.unknown_markers,
                nearest=() if composed.citations else _nearest(passages),
                engine=engine,
                searched=searched,
                timings_ms={
                    "retrieve": _ms(retrieved - started),
                    "answer": _ms(finished - retrieved),
                    "total": _ms(finished - started),
                },
                confidence=draft.confidence,
            )
        )

    def retrieve(self, question: str, *, k: int = 10) -> list[Passage]:
        """The k passages that fit a question best, best first, near-duplicates folded."""
        return self._fresh_passages(_validated(question), k)

    def refresh(self, progress: Callable[[str, int, int], None] | None = None) -> Refresh:
        """Bring the index up to date with the folder and say what had changed."""
        with self._refreshing:  # searching goes on meanwhile
            self.last_refresh = self._index.refresh(progress)
            return self.last_refresh

    def articles(self) -> list[ArticleRecord]:
        """The indexed articles, by path."""
        return self._index.articles()

    def skipped(self) -> list[Skipped]:
        """Files of the folder that are not indexed, and why."""
        return self._index.skipped()

    def as_retriever(self, *, k: int = 10) -> BaseRetriever:
        """The same retrieval as a llama-index retriever, for anyone's llama-index engine."""
        from assistant.llama_index_retriever import AssistantRetriever

        return AssistantRetriever(self, k=k)

    def close(self) -> None:
        """Give the index and the models back; a model that was handed in stays its owner's."""
        with self._refreshing:
            try:
                for writer in self._writers:
                    writer.close()
                self._writers.clear()
            finally:
                self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _standalone(self, question: str, history: Sequence[Turn], language: Language) -> str:
        """What to search for a question; a follow-up is put into words by the model, if any."""
        follow_up = standalone(question, history, language)
        if follow_up.leans_on is None or self._writer is None:
            return follow_up.searched
        from assistant.condensing import condense

        try:
            return condense(question, history, language, self._writer.model)
        except ModelError:  # the search must not fail with the model
            return follow_up.searched

    def _fresh_passages(self, searched: str, k: int) -> list[Passage]:
        """Passages that stand in their files word for word; nothing stale is cited.

        A file that was edited or removed since the last refresh brings one more refresh; what
        still doesn't stand then (the index can't be written now) is left out.
        """
        passages = self._retriever.search(searched, k=k)
        if all(map(self._stands, passages)):
            return passages
        with suppress(IndexLocked, IndexReadOnly, SeedsError):
            self.refresh()
        return list(filter(self._stands, self._retriever.search(searched, k=k)))

    def _stands(self, passage: Passage) -> bool:
        try:
            text = (self._seeds / passage.file).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        return text[passage.start : passage.end] == passage.text

    def _draft(
        self,
        question: str,
        language: Language,
        passages: Sequence[Passage],
        history: Sequence[Turn],
    ) -> Generator[Delta | Checked, None, tuple[Draft, Engine]]:
        """Let the model write if there is one; the extractive answer stands in if it fails."""
        note = None
        if self._writer is not None and passages:
            try:
                drafting = self._writer.answerer.draft(question, language, passages, history)
                draft = yield from _shown(drafting, language)
            except ModelError as error:
                note = f"{self._writer.name}: {error}"
            else:
                return draft, Engine("generative", self._writer.name, self._embedder.name)
        draft = yield from _shown(
            self._extractive.draft(question, language, passages, history), language
        )
        return draft, Engine("extractive", None, self._embedder.name, note)


def _shown(
    drafting: Iterator[Delta | DraftSentence | Draft], language: Language
) -> Generator[Delta | Checked, None, Draft]:
    """Pass a draft's events on, each sentence numbered as it will stand in the answer."""
    sentences: list[DraftSentence] = []
    shown = 0
    for event in drafting:
        if isinstance(event, Draft):
            return event
        if isinstance(event, DraftSentence):
            sentences.append(event)
            composed = compose(Draft(tuple(sentences)), language=language)
            if len(composed.sentences) > shown:  # else nothing of it was left to show
                shown = len(composed.sentences)
                yield Checked(composed.sentences[-1], composed.citations)
        else:
            yield event
    return Draft(tuple(sentences))


@dataclass(frozen=True, slots=True)
class _Writer:
    """A language model, and what writes answers with it."""

    model: LanguageModel
    answerer: Answerer
    owned: bool
    """Whether the model was loaded here, from a spec."""

    @classmethod
    def load(cls, llm: Any, policy: Literal["mark", "strict"]) -> _Writer:
        from assistant.generative import GenerativeAnswerer
        from assistant.llm.models import load_llm

        model = load_llm(llm)
        return cls(model, GenerativeAnswerer(model, policy=policy), isinstance(llm, str))

    def close(self) -> None:
        """Close the model, if it is this program's own."""
        if self.owned:
            self.model.close()

    @property
    def name(self) -> str:
        """What the answer's `engine.model` says."""
        return self.model.name


def _validated(question: str) -> str:
    """The question without its outer whitespace; raises QuestionError if nothing can be asked."""
    question = question.strip()
    if not question:
        raise QuestionError("The question is empty.", hint="Ask something about the articles.")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} "
            "can be searched.",
            hint="Ask a shorter question; put long texts into the folder of articles instead.",
        )
    return question


def _nearest(passages: Sequence[Passage]) -> tuple[NearestArticle, ...]:
    """The articles of the best passages, each once, best first."""
    by_file: dict[str, NearestArticle] = {}
    for passage in passages:
        by_file.setdefault(passage.file, NearestArticle(passage.file, passage.title, passage.score))
    return tuple(by_file.values())[:NEAREST_SHOWN]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
