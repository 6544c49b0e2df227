"""What happens in the conversation, without Gradio: a visitor's state in, what to show out.

Every method takes the visitor's own conversation, as their browser keeps it, and gives back a
`Shown`; a field that is None stays as it is on the page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

from assistant.errors import AssistantError
from assistant.types import Answer, Article, Citation, Delta, Done, Language
from assistant.web import reading, render
from assistant.web.desk import Desk
from assistant.web.exchanges import (
    Exchange,
    Growing,
    from_browser,
    history,
    to_browser,
)
from assistant.web.strings import STRINGS, Strings

logger = logging.getLogger(__name__)

REDRAW_SECONDS = 0.05
"""A model's text is redrawn 20 times a second at most: smooth to read, light on the network."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What changes on the page. `stored` goes into the visitor's browser."""

    past: str | None = None
    live: str | None = None
    panel: str | None = None
    status: str | None = None
    stored: list[dict[str, Any]] | None = None
    growing: Growing | None = None
    running: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """The conversation's side of the page, shared by all visitors and keeping nothing of them."""

    desk: Desk

    def greet(self, stored: Any, language: Language) -> Shown:
        """The page as it opens or changes its language: the kept conversation, or examples."""
        strings = STRINGS[language]
        exchanges = from_browser(stored)
        if not exchanges:
            return Shown(
                past="",
                live=render.welcome(self.desk.examples(language), strings),
                panel=render.panel_empty(strings),
                status="",
            )
        last = exchanges[-1].answer
        return Shown(
            past=render.conversation(exchanges, strings),
            live="",
            panel=render.sources(last, len(exchanges), strings),
            status="",
        )

    def ask(
        self,
        question: str,
        stored: Any,
        language: Language,
        answerer: str | None,
        *,
        replacing: int | None = None,
    ) -> Iterator[Shown]:
        """Answer a question, showing it as it grows. `replacing` is the number of the exchange
        that this one takes the place of; those after it go too."""
        strings = STRINGS[language]
        exchanges = from_browser(stored)
        if replacing is not None:
            exchanges = exchanges[: max(replacing - 1, 0)]
        question = question.strip()
        number = len(exchanges) + 1
        growing = Growing(question)
        pending = [*exchanges, Exchange(question)]
        yield Shown(
            past=render.conversation(exchanges, strings),
            live=render.growing(growing, number, strings),
            panel=render.panel_empty(strings),
            status=strings.searching,
            stored=to_browser(pending),
            growing=growing,
            running=True,
        )
        finished = self._refused(question, strings)
        try:
            for step in self._steps(question, exchanges, answerer, growing):
                growing = step
                if step.answer is None:
                    yield Shown(
                        live=render.growing(step, number, strings),
                        panel=render.sources(step.so_far(), number, strings)
                        if step.citations
                        else None,
                        growing=step,
                        running=True,
                    )
                else:
                    finished = Exchange(question, "done", step.answer)
        except AssistantError as error:
            finished = Exchange(question, "failed", error=str(error), hint=error.hint)
        except Exception:
            logger.exception("an answer failed")
            finished = Exchange(question, "failed", error=strings.error_unknown)
        if finished is None:
            finished = growing.stopped()
        yield self._over(exchanges, finished, strings)

    def stopped(self, growing: Growing, stored: Any, language: Language) -> Shown:
        """The visitor stopped the answer: what was checked by then stays."""
        strings = STRINGS[language]
        exchanges = from_browser(stored)
        if not exchanges or exchanges[-1].state != "pending":
            # A new conversation was begun, and a late piece of the old one came after it.
            return self.greet(stored, language)
        return self._over(exchanges[:-1], growing.stopped(), strings)

    def sources(self, stored: Any, turn: int, language: Language) -> str:
        """The panel with all that one answer cites."""
        return render.sources(_answer(from_browser(stored), turn), turn, STRINGS[language])

    def reference(
        self, stored: Any, turn: int, number: int, language: Language, at: int | None = None
    ) -> str | None:
        """The panel with the article of reference `number`, open at the cited place."""
        strings = STRINGS[language]
        answer = _answer(from_browser(stored), turn)
        if answer is None:
            return None
        cited = next((one for one in answer.citations if one.number == number), None)
        if cited is None:
            return None
        article = self.desk.folder.read(cited.file)
        if article is None:
            return reading.missing(cited, strings, changed=False, turn=turn)
        if not _still_says(article, cited):
            return reading.missing(cited, strings, changed=True, turn=turn)
        highlights = [
            reading.Highlight(
                start=one.start,
                end=one.end,
                number=one.number,
                turn=turn,
                sentence=_citing(answer, one.number),
                active=one.number == number,
            )
            for one in answer.citations
            if one.file == cited.file and _still_says(article, one)
        ]
        return reading.article(article, highlights, strings, back=True, turn=turn, at=at)

    def article(
        self, file: str, language: Language, at: int | None = None, end: int | None = None
    ) -> str | None:
        """The reading view of any article of the folder, with the passage `at`:`end` marked."""
        article = self.desk.folder.read(file)
        if article is None:
            return None
        found = []
        if at is not None and end is not None and 0 <= at < end <= len(article.text):
            found.append(reading.Highlight(at, end, 0, turn=0, sentence=0, active=True))
        return reading.article(article, found, STRINGS[language], back=False, at=at)

    def _steps(
        self, question: str, exchanges: list[Exchange], answerer: str | None, growing: Growing
    ) -> Iterator[Growing]:
        """The growing answer after each event worth showing."""
        if len(question) > self.desk.limits.question_chars:
            return
        asking = self.desk.answerer(answerer)
        drawn = 0.0
        for event in asking.stream(question, history=history(exchanges)):
            growing = growing.after(event)
            if isinstance(event, Delta) and monotonic() - drawn < REDRAW_SECONDS:
                continue
            drawn = monotonic()
            yield growing
            if isinstance(event, Done):
                return

    def _refused(self, question: str, strings: Strings) -> Exchange | None:
        """The exchange for a question that isn't asked at all."""
        limit = self.desk.limits.question_chars
        if len(question) <= limit:
            return None
        said = strings.too_long.format(count=len(question), limit=limit)
        return Exchange(question[:limit], "failed", error=said)

    def _over(self, exchanges: list[Exchange], finished: Exchange, strings: Strings) -> Shown:
        exchanges = [*exchanges, finished]
        number = len(exchanges)
        return Shown(
            live=render.turn(finished, number, strings),
            panel=render.sources(finished.answer, number, strings),
            status=render.announcement(finished, strings),
            stored=to_browser(exchanges),
        )


def _answer(exchanges: list[Exchange], turn: int) -> Answer | None:
    return exchanges[turn - 1].answer if 1 <= turn <= len(exchanges) else None


def _citing(answer: Answer, number: int) -> int:
    """The index of the first sentence that cites a reference."""
    for index, sentence in enumerate(answer.sentences):
        if number in sentence.citations:
            return index
    return 0


def _still_says(article: Article, citation: Citation) -> bool:
    """Whether the file still has the quotation where it was cited."""
    return article.text[citation.start : citation.end] == citation.quote
