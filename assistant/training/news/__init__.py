"""Questions over news, written for this project, each with a twin that the article only nears.

The published sets ask about encyclopaedias, and their unanswerable questions are mostly small
changes of wording. A reader of news fails elsewhere: at the minister's age where the article
gives his name, at the letter's content where it tells that a letter was sent, at what one speaker
said where another is quoted.

The events are invented, and so are most persons; countries, institutions and some officials bear
real names, of whom nothing here reports what they did or said. Language models wrote articles and
questions after a brief; none is about what `seeds/` is about. Others read them again, but for the
first pairs to learn from: in the first held-out articles 22 of 1,410 pairs were answered after all
or could be read in two ways, of the later pairs 227 of 10,855. These were taken out, and so were
held-out articles on the matter of a learnt one.

They were written in four goes: 689 articles with ten pairs each; eight more pairs for each learnt
one of these; 365 articles on what passes between states, and 265 more of these, most of their pairs
asked across the languages. The bundled reader read the first go in all of its four epochs, the
second in two and the others in the last; the first two epochs were to be all, so that the learning
rate had fallen to nothing once before. Outlets and the best-known persons of the first go got their
invented names after these.

One JSON object a line: `id`, `part` ("learn": the reader learns from it; "fit": the ranking is
fitted on it; "measure": `assistant eval news`), `language`, `title`, `text`, and `pairs` of
`question`, `answer` (verbatim; `in`, a longer piece that stands there once, where the answer
stands there more often), `near_miss`, their `language`, and what `kind` of trap it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.types import Language

FOLDER = Path(__file__).parent

Part = Literal["learn", "fit", "measure"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question that the text answers at `start`, in code points, and one that it doesn't."""

    question: str
    near_miss: str
    language: Language
    kind: str
    answer: str
    start: int


@dataclass(frozen=True, slots=True)
class Article:
    """An invented article with its pairs of questions."""

    id: str
    part: Part
    language: Language
    title: str
    text: str
    pairs: tuple[Pair, ...]

    @property
    def file(self) -> str:
        """What its file is called in a folder."""
        return f"{self.id}.txt"

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


def load(part: Part | None = None, *, folder: Path = FOLDER) -> list[Article]:
    """The articles of one part, or all. Raises ValueError where an answer isn't found."""
    rows = [row for path in sorted(folder.glob("*.jsonl")) for row in _rows(path)]
    return [_article(row) for row in rows if part in (None, row["part"])]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _article(row: dict[str, Any]) -> Article:
    pairs = tuple(_pair(row["text"], pair) for pair in row["pairs"])
    return Article(row["id"], row["part"], row["language"], row["title"], row["text"], pairs)


def _pair(text: str, row: dict[str, Any]) -> Pair:
    answer, around = row["answer"], row.get("in", row["answer"])
    inside = [found.start() for found in re.finditer(rf"(?<!\w){re.escape(answer)}", around)]
    if text.count(around) != 1 or len(inside) != 1:
        raise ValueError(f"{answer!r} doesn't stand in its article just once, in {around!r}")
    return Pair(
        row["question"],
        row["near_miss"],
        row["language"],
        row["kind"],
        answer,
        text.index(around) + inside[0],
    )
