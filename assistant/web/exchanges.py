"""A visitor's conversation: what their browser keeps, and how an answer grows while it streams.

The server holds no conversation. The browser sends its own with every request, so whatever
comes in is checked here before anything is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from assistant.types import (
    Answer,
    Checked,
    Citation,
    Delta,
    Done,
    Engine,
    Event,
    Retrieved,
    Sentence,
    Turn,
)

State = Literal["pending", "done", "stopped", "failed"]

MAX_EXCHANGES = 100
"""Exchanges a browser keeps: with some 10 kB each, a fifth of its 5 MB of storage."""

MARKER = re.compile(r"\[(\d{1,4})\]")
"""A citation's number in the text of an answer."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what became of it. `error` and `hint` are set when it failed."""

    question: str
    state: State = "pending"
    answer: Answer | None = None
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Growing:
    """An answer while it streams. `passages` counts what was found; `unchecked` is a model's
    text whose sentences have not been checked yet."""

    question: str
    searched: str = ""
    passages: int | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    unchecked: str = ""
    answer: Answer | None = None

    def after(self, event: Event) -> Growing:
        """The answer after one more stream event."""
        match event:
            case Retrieved():
                return replace(self, searched=event.searched, passages=len(event.passages))
            case Delta():
                return replace(self, unchecked=self.unchecked + event.text)
            case Checked():
                return replace(
                    self,
                    sentences=(*self.sentences, event.sentence),
                    citations=_merged(self.citations, event.citations),
                    unchecked="",
                )
            case Done():
                return replace(self, answer=event.answer, unchecked="")

    def so_far(self) -> Answer:
        """The checked sentences as an answer of their own, whole or not."""
        if self.answer is not None:
            return self.answer
        text, sentences = _laid_out(self.sentences)
        return Answer(
            question=self.question,
            language="id",
            status="answered",
            text=text,
            short_answer=None,
            sentences=sentences,
            citations=self.citations,
            unknown_markers=(),
            nearest=(),
            engine=Engine("extractive", None, ""),
            searched=self.searched,
        )

    def stopped(self) -> Exchange:
        """The exchange that remains when the visitor stops the answer here."""
        if self.answer is not None:
            return Exchange(self.question, "done", self.answer)
        return Exchange(self.question, "stopped", self.so_far() if self.sentences else None)


def _merged(kept: tuple[Citation, ...], more: Sequence[Citation]) -> tuple[Citation, ...]:
    """Citations by number, each once, the newest of a number kept."""
    by_number = {citation.number: citation for citation in (*kept, *more)}
    return tuple(by_number[number] for number in sorted(by_number))


def _laid_out(sentences: Sequence[Sentence]) -> tuple[str, tuple[Sentence, ...]]:
    """Sentences put one after another, with their markers; offsets are those of the new text."""
    text = ""
    placed: list[Sentence] = []
    for sentence in sentences:
        text += " " if text else ""
        start = len(text)
        text += sentence.text
        placed.append(replace(sentence, start=start, end=len(text)))
        shown = {int(number) for number in MARKER.findall(sentence.text)}
        missing = [number for number in sentence.citations if number not in shown]
        text += "".join(f" [{number}]" for number in missing)
    return text, tuple(placed)


_EXCHANGES = TypeAdapter(list[Exchange])


def from_browser(stored: Any) -> list[Exchange]:
    """The conversation a browser sent; an empty one if it is none that we wrote.

    A version of the program that stored another shape must not break the page, so what
    can't be read is dropped as a whole.
    """
    if not isinstance(stored, list):
        return []
    try:
        exchanges = _EXCHANGES.validate_python(stored[-MAX_EXCHANGES:])
    except (ValidationError, TypeError):
        return []
    return [exchange for exchange in exchanges if exchange.question.strip()]


def to_browser(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """The conversation as plain JSON values for the browser's storage."""
    return [asdict(exchange) for exchange in exchanges[-MAX_EXCHANGES:]]


def history(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The answered exchanges as the assistant takes them, oldest first."""
    return [
        Turn(question=exchange.question, answer=exchange.answer.text)
        for exchange in exchanges
        if exchange.answer is not None and exchange.state == "done"
    ]
