"""What one running page stands on: the folder, who answers, the limits, the examples."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter

from assistant.errors import AssistantError
from assistant.types import Language, Refresh
from assistant.web.examples import examples
from assistant.web.folder import Asking, Folder
from assistant.web.limits import Limits
from assistant.web.strings import STRINGS

EXTRACTIVE = "extractive"
"""The name of the answerer that quotes and needs no model."""


EXAMPLE_ARTICLES = 12
"""Articles that examples are made from, spread over the folder; reading them takes some 50 ms."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Shared by all visitors; holds nothing of any of them.

    `answerers` maps names to assistants over the same index; the first is the default.
    """

    folder: Folder
    answerers: Mapping[str, Asking]
    limits: Limits = field(default_factory=Limits)
    allow_uploads: bool = False
    _examples: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answerer(self, name: str | None) -> Asking:
        """The answerer of that name, or the default one."""
        return self.answerers.get(name or "") or next(iter(self.answerers.values()))

    @property
    def main(self) -> Asking:
        """The assistant through which the index is searched, listed and refreshed."""
        return next(iter(self.answerers.values()))

    def refresh(self, progress: Callable[[str, int, int], None] | None = None) -> Refresh:
        """Bring the index up to date, and forget the examples made from the old one."""
        done = self.main.refresh(progress)
        with self._lock:
            self._examples.clear()
        return done

    def examples(self, language: Language) -> tuple[str, ...]:
        """Example questions, made once per language and state of the folder."""
        with self._lock:
            if language not in self._examples:
                records = self.main.articles()
                step = max(1, len(records) // EXAMPLE_ARTICLES)
                articles = [
                    article
                    for record in records[::step][:EXAMPLE_ARTICLES]
                    if (article := self.folder.read(record.file)) is not None
                ]
                self._examples[language] = examples(articles, STRINGS[language], self._answers_well)
            return self._examples[language]

    def test(self, name: str) -> tuple[float, str | None]:
        """Ask an answerer something; milliseconds taken, and what went wrong if it did."""
        question = next(iter(self.examples("id")), "test")
        started = perf_counter()
        try:
            note = self.answerer(name).ask(question).engine.note
        except AssistantError as error:
            note = f"{error} {error.hint}"
        return (perf_counter() - started) * 1000, note

    def _answers_well(self, question: str) -> bool:
        """Whether the quoting answerer finds an answer; without one, whether a passage fits."""
        quoting = self.answerers.get(EXTRACTIVE)
        try:
            if quoting is not None:
                return quoting.ask(question).status == "answered"
            return bool(self.main.retrieve(question, k=1))
        except AssistantError:
            return False
