"""An assistant that says what a test scripted: slow streams, refusals, failures, any support."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag

from assistant.errors import ModelUnreachable
from assistant.types import (
    Answer,
    Checked,
    Citation,
    Delta,
    Done,
    Engine,
    Event,
    NearestArticle,
    Passage,
    Refresh,
    Retrieved,
    Sentence,
    Skipped,
    Support,
    Turn,
)

SUPPORTS: tuple[Support, ...] = ("quoted", "supported", "weak", "unsupported")


@dataclass(frozen=True, slots=True)
class ScriptedRecord:
    file: str
    title: str
    published: str | None
    outlet: str | None
    size: int
    chunks: int


@dataclass(slots=True)
class ScriptedAssistant:
    """Quotes the first lines of the folder's files, one citation per sentence.

    "tidak ada" in a question finds nothing, "gagal" fails, "pelan" streams a draft a word every
    50 ms; anything else answers at once with one sentence of each kind of support.
    """

    seeds: Path
    delay: float = 0.05
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    closed: Flag = field(default_factory=Flag)

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        for event in self.stream(question, history=history):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError

    def stream(self, question: str, *, history: Sequence[Turn] = ()) -> Iterator[Event]:
        self.asked.append((question, tuple(history)))
        searched = f"{question} ({history[-1].question})" if history else question
        passages = tuple(self.retrieve(question, k=4))
        if "tidak ada" in question:
            yield Retrieved(searched, passages)
            yield Done(self._not_found(question, searched, passages))
            return
        yield Retrieved(searched, passages)
        if "gagal" in question:
            raise ModelUnreachable("Model tidak <b>terjangkau</b>.", hint="Nyalakan modelnya.")
        slow = "pelan" in question
        answer = self._answer(question, searched, passages)
        try:
            for sentence in answer.sentences:
                if slow:
                    for word in sentence.text.split():
                        time.sleep(self.delay)
                        yield Delta(word + " ")
                yield Checked(sentence, answer.citations[: max(sentence.citations, default=0)])
        finally:
            self.closed.set()
        yield Done(answer)

    def retrieve(self, question: str, *, k: int = 10) -> list[Passage]:
        found = []
        for rank, record in enumerate(self.articles()):
            text = (self.seeds / record.file).read_bytes().decode("utf-8")
            lines = [line for line in text.splitlines(keepends=True) if len(line) > 80]
            line = lines[rank % len(lines)].strip() if lines else text.strip()
            start = text.index(line)
            found.append(
                Passage(
                    file=record.file,
                    start=start,
                    end=start + len(line),
                    text=line,
                    score=0.9 - rank / 10,
                    title=record.title,
                    published=record.published,
                    outlet=record.outlet,
                    line=text.count("\n", 0, start) + 1,
                    lexical=9.1 - rank,
                    dense=None if rank == 1 else 0.5,
                )
            )
        return found[:k]

    def refresh(self, progress: Callable[[str, int, int], None] | None = None) -> Refresh:
        if progress is not None:
            progress("files", 1, 1)
        return Refresh(unchanged=tuple(record.file for record in self.articles()))

    def articles(self) -> Sequence[ScriptedRecord]:
        return [
            ScriptedRecord(
                file=path.relative_to(self.seeds).as_posix(),
                title=path.read_text("utf-8").strip().splitlines()[0][:80],
                published="2022-04-26",
                outlet=None,
                size=path.stat().st_size,
                chunks=2,
            )
            for path in sorted(self.seeds.rglob("*.txt"))
        ]

    def skipped(self) -> Sequence[Skipped]:
        return ()

    def _answer(self, question: str, searched: str, passages: tuple[Passage, ...]) -> Answer:
        text, sentences, citations = "", [], []
        for number, (passage, support) in enumerate(zip(passages, SUPPORTS, strict=False), 1):
            said = passage.text.split(". ")[0][:120].strip()
            text += " " if text else ""
            start = len(text)
            text += said
            sentences.append(Sentence(said, start, len(text), (number,), support, 0.5))
            text += f" [{number}]"
            citations.append(
                Citation(
                    number=number,
                    file=passage.file,
                    start=passage.start,
                    end=passage.start + len(said),
                    line=passage.line,
                    quote=said,
                    title=passage.title,
                    published=passage.published,
                    outlet=passage.outlet,
                    score=passage.score,
                )
            )
        return Answer(
            question=question,
            language="id",
            status="answered",
            text=text,
            short_answer="25 April 2019" if "kapan" in question.lower() else None,
            sentences=tuple(sentences),
            citations=tuple(citations),
            unknown_markers=(),
            nearest=(),
            engine=Engine("extractive", None, "scripted"),
            searched=searched,
            timings_ms={"total": 12.0},
        )

    def _not_found(self, question: str, searched: str, passages: tuple[Passage, ...]) -> Answer:
        return Answer(
            question=question,
            language="id",
            status="not_found",
            text="Hal itu tidak ada dalam artikel-artikel ini.",
            short_answer=None,
            sentences=(),
            citations=(),
            unknown_markers=(),
            nearest=tuple(NearestArticle(p.file, p.title, p.score) for p in passages[:3]),
            engine=Engine("extractive", None, "scripted"),
            searched=searched,
            timings_ms={"total": 3.0},
        )
