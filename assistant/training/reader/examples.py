"""What the reader learns from: questions with a passage, which answers them somewhere or not.

Not answered are the annotators' own unanswerable questions, the news' near misses, questions
beside a passage that BM25 takes for right, and questions of which a name or number was exchanged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from assistant.language import STOP_WORDS
from assistant.reader import marks
from assistant.training import data, news
from assistant.training.measure import Bm25, query_terms
from assistant.translation import TranslationTable
from assistant.types import LANGUAGES

Ids = list[int]

_WRONG = 10
# Shorter than what the network can read: what is cut off differs from one time to the next.
_LONGEST = 192
# Pieces of a question at most: the passage needs the rest.
_QUESTION = 64
_NAME = re.compile(r"(?<=\w )[A-Z]\w+(?: [A-Z]\w+)*")
_NUMBER = re.compile(r"\b\d+\b")


@dataclass(frozen=True, slots=True)
class Example:
    """A question beside a passage; `span` in characters where the answer stands, if anywhere.

    An unanswerable question's span is what it could be mistaken to ask about, where that is
    known: it must stay in sight. `wrong` are passages that don't answer it though they look like
    it.
    """

    question: str
    passage: str
    answerable: bool
    span: tuple[int, int] | None
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Encoded:
    """Pieces with their sides; `span` is the first and last piece of the answer."""

    pieces: Ids
    sides: Ids
    answerable: bool
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Entailment:
    """A premise, a hypothesis, and 0 entailed, 1 neutral, 2 contradicted."""

    premise: str
    hypothesis: str
    label: int


def load(folder: Path, table: TranslationTable) -> list[Example]:
    """All but what is held out, questions and passages in both languages."""
    reading = folder / "reading"
    idk = json.loads((reading / "idk-mrc-train.json").read_text("utf-8"))
    translated = json.loads((reading / "squad2-dev-machine-translated-id.json").read_text("utf-8"))
    english = data.read_squad(reading / "squad2-dev-half-en.json")
    tydi = [p for _, p in data.read_squad(reading / "tydiqa-goldp-en-train.json")]
    matched = data.match(english, translated)
    titles = set(data.kept_titles(matched))
    kept = {p["context"] for title, e, t in matched if title in titles for p in (e, t)}
    held = set(data.kept_passages(len(idk)))
    own_id = [p for at, p in enumerate(idk) if at not in held]
    own_id += [p for p in translated if p["context"] not in kept]
    own_en = [p for _, p in english if p["context"] not in kept] + tydi
    across_en, across_id = [], []
    for title, source, target in matched:
        if title not in titles and len(source["qas"]) == len(target["qas"]):
            across_en.append(_asked_as(source, target))
            across_id.append(_asked_as(target, source))
    return [
        *_examples(own_id, "id", "id", table),
        *_examples(own_en, "en", "en", table),
        *_examples(across_en, "en", "id", table),
        *_examples(across_id, "id", "en", table),
        *over_news(table),
    ]


def over_news(table: TranslationTable) -> Iterator[Example]:
    """Questions over the invented articles, those of one language at a time."""
    learnt = news.load("learn")
    for written_in in LANGUAGES:
        articles = [one for one in learnt if one.language == written_in]
        for asked_in in LANGUAGES:
            paragraphs = [one.paragraph(asked_in) for one in articles]
            yield from _examples(paragraphs, asked_in, written_in, table)


def entailments(path: Path) -> list[Entailment]:
    """IndoNLI's lines."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Entailment(row["premise"], row["hypothesis"], "enc".index(row["label"]))
        for row in rows
        if row["premise"].strip() and row["hypothesis"].strip()
    ]


def _asked_as(asking: dict[str, Any], answering: dict[str, Any]) -> dict[str, Any]:
    """The passage and answers of one side with the questions of the other."""
    qas = [
        {**theirs, "question": ours["question"]}
        for ours, theirs in zip(asking["qas"], answering["qas"], strict=True)
    ]
    return {"context": answering["context"], "qas": qas}


def _examples(
    paragraphs: Sequence[dict[str, Any]], asked_in: str, written_in: str, table: TranslationTable
) -> Iterator[Example]:
    passages = list(dict.fromkeys(p["context"] for p in paragraphs))
    bm25 = Bm25(passages, written_in)
    for paragraph in paragraphs:
        for q in paragraph["qas"]:
            question = q["question"].strip()
            answers = [a for a in q.get("answers", ()) if a["text"].strip()]
            answerable = not q.get("is_impossible") and bool(answers)
            if not question or (not answerable and not q.get("is_impossible")):
                continue
            terms = query_terms(question, asked_in if asked_in != written_in else "id", table)
            if asked_in == written_in == "en":
                terms = {w: s for w, s in terms.items() if w not in STOP_WORDS["en"]}
            scores = bm25.scores(terms)
            best = np.argsort(-scores, kind="stable")[: _WRONG + 1]
            texts = [a["text"].casefold() for a in answers]
            wrong = tuple(
                passages[i]
                for i in best
                if passages[i] != paragraph["context"]
                and not any(t in passages[i].casefold() for t in texts)
            )
            yield Example(
                question,
                paragraph["context"],
                answerable,
                _span(paragraph["context"], answers or q.get("plausible_answers", ())),
                wrong,
            )


def _span(context: str, answers: Iterable[dict[str, Any]]) -> tuple[int, int] | None:
    for answer in answers:
        start, text = answer["answer_start"], answer["text"]
        if context[start : start + len(text)] == text:
            return start, start + len(text)
    return None


class Encoder:
    """Examples to pieces, one way of many each time: which wrong passage, which window."""

    def __init__(self, tokenizer: Tokenizer, names: Sequence[str], seed: int) -> None:
        self._tokenizer = tokenizer
        self._random = np.random.default_rng(seed)
        self._names = names
        self._first, self._between = marks(tokenizer)

    def epoch(
        self, examples: Sequence[Example], *, wrong: float, changed: float
    ) -> Iterator[Encoded]:
        """Every example as it is, and a share of them beside a wrong passage or altered.

        `wrong` is of all examples, `changed` of the answerable ones.
        """
        for one in examples:
            yield self.encode(one.question, one.passage, one.answerable, one.span)
            if one.wrong and self._random.random() < wrong:
                other = one.wrong[int(self._random.integers(len(one.wrong)))]
                yield self.encode(one.question, other, False, None)
            if one.answerable and self._random.random() < changed:
                question = self._changed(one.question, one.passage)
                if question is not None:
                    yield self.encode(question, one.passage, False, one.span)

    def encode(
        self, question: str, passage: str, answerable: bool, span: tuple[int, int] | None
    ) -> Encoded:
        """One pair; a passage too long is cut to a random window that holds the span."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION]
        text = self._tokenizer.encode(passage, add_special_tokens=False)
        room = _LONGEST - len(asked) - 3
        found = None
        if span is not None:
            inside = [at for at, (a, b) in enumerate(text.offsets) if a < span[1] and b > span[0]]
            found = (inside[0], inside[-1]) if inside else None
        low, high = 0, max(0, len(text.ids) - room)
        if found is not None:
            low, high = max(0, min(high, found[1] - room + 1)), min(high, found[0])
        at = int(self._random.integers(low, max(low, high) + 1))
        ids = text.ids[at : at + room]
        pieces = [self._first, *asked, self._between, *ids, self._between]
        offset = len(asked) + 2
        sides = [0] * offset + [1] * (len(ids) + 1)
        if not answerable or found is None or found[0] < at or found[1] - at >= room:
            placed = None
        else:
            placed = (found[0] - at + offset, found[1] - at + offset)
        return Encoded(pieces, sides, answerable, placed)

    def _changed(self, question: str, passage: str) -> str | None:
        """The question with one name or number exchanged for one it wasn't about."""
        for pattern in (_NAME, _NUMBER) if self._random.random() < 0.6 else (_NUMBER, _NAME):
            found = list(pattern.finditer(question))
            if not found:
                continue
            match = found[int(self._random.integers(len(found)))]
            other = self._other(match.group(), passage, number=pattern is _NUMBER)
            if other is not None:
                return question[: match.start()] + other + question[match.end() :]
        return None

    def _other(self, old: str, passage: str, *, number: bool) -> str | None:
        if number:
            value = int(old[:9])
            far = max(3, value // 3) if value < 1000 else 20
            return str(
                max(
                    1, value + int(self._random.choice((-1, 1)) * self._random.integers(1, far + 1))
                )
            )
        pool: Sequence[str] = self._names
        if self._random.random() < 0.5:
            near = [m.group() for m in _NAME.finditer(passage)]
            pool = near or pool
        other = pool[int(self._random.integers(len(pool)))]
        return (
            None
            if other.casefold() in old.casefold() or old.casefold() in other.casefold()
            else other
        )


def names(examples: Iterable[Example]) -> list[str]:
    """Capitalised words of the questions, most of them names."""
    return sorted({m.group() for one in examples for m in _NAME.finditer(one.question)})
