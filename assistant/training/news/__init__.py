"""Questions over news, written for this project, each with a twin that the article only nears.

The published sets ask about encyclopaedias, and their unanswerable questions are mostly small
changes of wording. A reader of news fails elsewhere: at the minister's age where the article
gives his name, at the letter's content where it tells that a letter was sent, at what one speaker
said where another is quoted. The articles are invented, one JSON object a line; nothing in them
is from elsewhere, and none is about what `seeds/` is about. They were written by language models
after a brief. Others read the held-out articles again: of 1,410 pairs 2 near misses were answered
and 20 pairs could be read in two ways; these were taken out.

An object: `id`, `language`, `title`, `text`, and `pairs` of `question`, `answer` (verbatim; `in`,
a longer piece that stands there once, where the answer stands there more often), `near_miss`,
their `language`, and what `kind` of trap it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from assistant.types import Language

FOLDER = Path(__file__).parent

# Not a divisor of four: each four articles hold an English one, at the same place.
_HELD_OUT = 5
_TURN = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """A question that the text answers at `start`, in code points, and one that it doesn't.

    `around` stands in the text just once and holds the answer; it may be no more than that.
    """

    question: str
    near_miss: str
    language: Language
    kind: str
    answer: str
    start: int
    around: str


@dataclass(frozen=True, slots=True)
class Article:
    """An invented article with its pairs of questions."""

    id: str
    language: Language
    title: str
    text: str
    pairs: tuple[Pair, ...]

    @property
    def document(self) -> str:
        """The article as a file holds it, its title first."""
        return f"{self.title}\n\n{self.text}"

    def paragraph(self, asked_in: Language) -> dict[str, Any]:
        """The questions of one language as a paragraph of SQuAD 2.0 holds them.

        A near miss names its twin's answer as the plausible one.
        """
        qas: list[dict[str, Any]] = []
        for pair in self.pairs:
            if pair.language == asked_in:
                start = len(self.document) - len(self.text) + pair.start
                answers = [{"text": pair.answer, "answer_start": start}]
                qas.append({"question": pair.question, "is_impossible": False, "answers": answers})
                qas.append(
                    {
                        "question": pair.near_miss,
                        "is_impossible": True,
                        "answers": [],
                        "plausible_answers": answers,
                    }
                )
        return {"context": self.document, "qas": qas}


def load(folder: Path = FOLDER) -> list[Article]:
    """All articles, in the order of their files. Raises ValueError where an answer isn't found."""
    return [_article(row) for path in sorted(folder.glob("*.jsonl")) for row in _rows(path)]


class Parts(NamedTuple):
    """What the reader learns from, what the ranking is fitted on, and what only measures."""

    learnt: list[Article]
    fitted: list[Article]
    measured: list[Article]


def split(articles: list[Article]) -> Parts:
    """Every fifth article is held out, four in turn for fitting and four for measuring."""
    kept = articles[::_HELD_OUT]
    return Parts(
        [one for at, one in enumerate(articles) if at % _HELD_OUT],
        [one for at, one in enumerate(kept) if at // _TURN % 2 == 0],
        [one for at, one in enumerate(kept) if at // _TURN % 2 == 1],
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _article(row: dict[str, Any]) -> Article:
    pairs = tuple(_pair(row["text"], pair) for pair in row["pairs"])
    return Article(row["id"], row["language"], row["title"], row["text"], pairs)


def _pair(text: str, row: dict[str, Any]) -> Pair:
    around = row.get("in", row["answer"])
    at = text.find(around)
    inside = around.find(row["answer"])
    if at < 0 or inside < 0 or text.find(around, at + 1) >= 0:
        raise ValueError(f"{around!r} doesn't stand in its article just once")
    return Pair(
        row["question"],
        row["near_miss"],
        row["language"],
        row["kind"],
        row["answer"],
        at + inside,
        around,
    )
