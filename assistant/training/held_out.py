"""The questions that the ranking is fitted on: those that embedder and reader did not learn from.

Three kinds of folder, since a score must mean the same in each: many unrelated passages (IDK-MRC
train), a few dozen about one matter (the articles of SQuAD that were kept back, with Indonesian
and English questions over their Indonesian passages), and a handful of news articles (`news`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.datasets import Dataset, GoldQuestion
from assistant.evaluation.kinds import kind_of
from assistant.evaluation.news import gold_questions
from assistant.training import data, news
from assistant.types import Language

_ARTICLES = 6
"""News articles in a folder: as few as a newcomer tries the program on."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A folder of passages and the questions to ask of it."""

    dataset: Dataset
    questions: tuple[GoldQuestion, ...]


def load(folder: Path) -> list[HeldOut]:
    """What `data.load(folder, hold_out=True)` keeps back, and the news to fit on, as folders."""
    reading = folder / "reading"
    idk = json.loads((reading / "idk-mrc-train.json").read_text("utf-8"))
    translated = json.loads((reading / "squad2-dev-machine-translated-id.json").read_text("utf-8"))
    english = data.read_squad(reading / "squad2-dev-half-en.json")
    matched = data.match(english, translated)
    titles = data.kept_titles(matched)
    return [
        _idk(idk),
        *(_title(title, [(e, t) for of, e, t in matched if of == title]) for title in titles),
        *news_folders(),
    ]


def _idk(paragraphs: Sequence[dict[str, Any]]) -> HeldOut:
    files = {p["context"]: f"idk-{at:05d}.txt" for at, p in enumerate(paragraphs)}
    questions = [
        _question(q, files[paragraphs[at]["context"]], f"idk-{at}-{number}", "id", q)
        for at in data.kept_passages(len(paragraphs))
        for number, q in enumerate(paragraphs[at]["qas"])
    ]
    return _held_out("held-out/idk", files, questions)


def _title(title: str, paragraphs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> HeldOut:
    files = {t["context"]: f"squad-{at:05d}.txt" for at, (_, t) in enumerate(paragraphs)}
    questions = []
    for at, (source, target) in enumerate(paragraphs):
        file = files[target["context"]]
        for number, q in enumerate(target["qas"]):
            questions.append(_question(q, file, f"{title}-{at}-{number}-id", "id", q))
        if len(source["qas"]) == len(target["qas"]):
            pairs = zip(source["qas"], target["qas"], strict=True)
            for number, (asked, q) in enumerate(pairs):
                questions.append(_question(asked, file, f"{title}-{at}-{number}-en", "en", q))
    return _held_out(f"held-out/{title}", files, questions)


def news_folders() -> list[HeldOut]:
    """The news that the reader did not learn from, a few articles at a time."""
    kept = news.load("fit")
    return [
        _articles(kept[at : at + _ARTICLES], f"held-out/news-{at // _ARTICLES}")
        for at in range(0, len(kept), _ARTICLES)
    ]


def _articles(articles: Sequence[news.Article], name: str) -> HeldOut:
    files = {article.document: article.file for article in articles}
    return _held_out(name, files, [q for one in articles for q in gold_questions(one)])


def _question(
    asked: dict[str, Any], file: str, id_: str, language: Language, answered: dict[str, Any]
) -> GoldQuestion:
    """`answered` is the question whose answers stand in the passage: itself or its original."""
    answers = tuple(dict.fromkeys(a["text"] for a in answered.get("answers", ()) if a["text"]))
    answerable = not answered.get("is_impossible") and bool(answers)
    return GoldQuestion(
        id=id_,
        question=asked["question"].strip(),
        language=language,
        kind=kind_of(asked["question"]),
        answerable=answerable,
        files=(file,) if answerable else (),
        answers=answers if answerable else (),
        context=(file,),
    )


def _held_out(name: str, files: dict[str, str], questions: list[GoldQuestion]) -> HeldOut:
    documents = {file: text for text, file in files.items()}
    asked = tuple(question for question in questions if question.question)
    return HeldOut(Dataset(name, documents, asked), asked)
