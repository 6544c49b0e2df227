"""How answers, progress and conversations look in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from assistant.types import Answer, Citation, Done, Event, Refresh, Retrieved, Turn

if TYPE_CHECKING:
    from assistant.assistant import Assistant

WEAK_MARK = " (?)"
"""Behind a sentence that its source supports weakly; one without support says so itself."""

WEAK_LEGEND = {"id": "(?) didukung lemah oleh sumbernya", "en": "(?) weakly supported"}
NEAREST = {"id": "Artikel terdekat:", "en": "Nearest articles:"}
SEARCHED = {"id": "Dicari:", "en": "Searched:"}


def show_stream(events: Iterator[Event]) -> Answer:
    """Print an answer and its sources; returns it."""
    console = Console(highlight=False, soft_wrap=True)
    for event in events:
        if isinstance(event, Done):
            _show_answer(console, event.answer)
            return event.answer
    raise AssertionError("a stream always ends with Done")


def converse(assistant: Assistant) -> None:
    """Ask, answer, ask again, until an empty line or the end of the input."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        "Tanyakan isi artikel; baris kosong mengakhiri. / Ask the articles; an empty line ends.",
        style="dim",
    )
    history: list[Turn] = []
    while True:
        try:
            question = console.input("[bold]›[/bold] ").strip()
        except (EOFError, KeyboardInterrupt):
            question = ""
        if not question:
            return
        answer = _ask_interruptibly(console, assistant, question, history)
        if answer is not None:
            history.append(Turn(question, answer.text))


def _ask_interruptibly(
    console: Console, assistant: Assistant, question: str, history: list[Turn]
) -> Answer | None:
    """One answer; Ctrl-C stops this answer only. Shows what was searched when it differs."""
    try:
        for event in assistant.stream(question, history=history):
            if isinstance(event, Retrieved) and event.searched != question:
                console.print(f"{SEARCHED['id']} {escape(event.searched)}", style="dim")
            elif isinstance(event, Done):
                _show_answer(console, event.answer)
                return event.answer
    except KeyboardInterrupt:
        console.print("…", style="dim")
    return None


def _show_answer(console: Console, answer: Answer) -> None:
    if answer.short_answer:
        console.print(escape(answer.short_answer), style="bold")
    console.print(escape(_marked_text(answer)))
    if any(sentence.support == "weak" for sentence in answer.sentences):
        console.print(WEAK_LEGEND[answer.language], style="dim")
    if answer.engine.note:
        console.print(escape(answer.engine.note), style="yellow")
    if answer.citations:
        console.print()
    for citation in answer.citations:
        _show_citation(console, citation)
    if answer.nearest:
        console.print(NEAREST[answer.language])
        for article in answer.nearest:
            console.print(f"  {escape(article.file)}  {escape(article.title)}", style="dim")


def _marked_text(answer: Answer) -> str:
    """The answer's text with a mark behind each sentence whose support is weak."""
    text = answer.text
    for sentence in reversed(answer.sentences):
        if sentence.support == "weak":
            text = text[: sentence.end] + WEAK_MARK + text[sentence.end :]
    return text


def _show_citation(console: Console, citation: Citation) -> None:
    place = f"{citation.file}:{citation.line}"
    details = " · ".join(filter(None, [citation.title, citation.outlet, citation.published]))
    console.print(f"\\[{citation.number}] {escape(place)}  [dim]{escape(details)}[/dim]")
    console.print(f"    {escape(' '.join(citation.quote.split()))}", style="italic")


def show_refresh(refresh: Refresh) -> None:
    """Say in a few lines what a refresh found."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{len(refresh.added)} added, {len(refresh.changed)} changed, "
        f"{len(refresh.removed)} removed, {len(refresh.unchanged)} unchanged."
    )
    for skipped in refresh.skipped:
        console.print(f"Skipped {escape(skipped.file)}: {escape(skipped.reason)}", style="yellow")


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error while indexing has something to do; nothing otherwise."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    bars = Progress(*columns, console=console, transient=True)
    tasks: dict[str, TaskID] = {}

    def report(stage: str, done: int, total: int) -> None:
        if total == 0:
            return
        if stage not in tasks:
            bars.start()  # not before: a bar of nothing leaves an empty line
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done, total=total)

    try:
        yield report
    finally:
        if tasks:
            bars.stop()
