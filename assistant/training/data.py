"""Reads the training folder: sentence pairs, questions with their passages, and what is held out.

Nothing here reads the sets that are kept for measuring, except `load_measures`, which is
only ever reported on: Belebele and IDK-MRC valid.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embedding import words

PARALLEL = ("news", "panl-bppt", "smeru", "ausaid", "bbc", "tatoeba", "nusax")
"""The parallel corpora trained on; `pud` is kept for measuring."""

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”)]?\s+(?=[\"“(]?[A-Z0-9])")
# Every fourth passage, some 2,300 questions: the ranking, which is fitted on them, needs many.
_HELD_OUT = 4
# Every sixth article of those that were matched: three of sixteen.
_HELD_OUT_TITLES = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """One English sentence and its Indonesian translation."""

    en: str
    id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the number of the passage that answers it."""

    question: str
    passage: int


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A retrieval task: questions over passages, one relevant passage to a question."""

    name: str
    question_language: str
    passages: tuple[str, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything that is learnt from.

    `parallel` holds runs of sentence pairs in the order of their documents, so that
    neighbours are about the same matter. `question_pairs` are English and Indonesian
    wordings of one question. `asked_*` are (question, passage) texts; `asked_cross` has
    English questions over Indonesian passages. `entailed` are Indonesian (premise,
    hypothesis) texts of which the second follows from the first.
    """

    parallel: tuple[tuple[Pair, ...], ...]
    question_pairs: tuple[Pair, ...]
    paragraph_pairs: tuple[Pair, ...]
    asked_id: tuple[tuple[str, str], ...]
    asked_en: tuple[tuple[str, str], ...]
    asked_cross: tuple[tuple[str, str], ...]
    entailed: tuple[tuple[str, str], ...]
    held_out: tuple[Retrieval, ...]

    def pairs(self) -> Iterator[Pair]:
        """All sentence and question pairs, in a fixed order."""
        for corpus in self.parallel:
            yield from corpus
        yield from self.question_pairs

    def english(self) -> Iterator[str]:
        """Every English text."""
        yield from (pair.en for pair in self.pairs())
        yield from (text for asked in self.asked_en for text in asked)
        yield from (question for question, _ in self.asked_cross)

    def indonesian(self) -> Iterator[str]:
        """Every Indonesian text."""
        yield from (pair.id for pair in self.pairs())
        yield from (text for asked in (*self.asked_id, *self.entailed) for text in asked)
        yield from (passage for _, passage in self.asked_cross)


def read_parallel(path: Path) -> tuple[Pair, ...]:
    """The pairs of one gzipped TSV file, English first; lines without both sides are left out."""
    pairs = []
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        en, _, indonesian = line.partition("\t")
        if en.strip() and indonesian.strip():
            pairs.append(Pair(en.strip(), indonesian.strip()))
    return tuple(pairs)


def load(folder: Path, *, hold_out: bool) -> TrainingData:
    """Reads the training sets below `folder`.

    With `hold_out`, a quarter of the IDK-MRC passages and three of the sixteen matched SQuAD
    articles are kept from training and returned as retrieval tasks to choose by.
    """
    reading = folder / "reading"
    idk = json.loads((reading / "idk-mrc-train.json").read_text("utf-8"))
    translated = json.loads((reading / "squad2-dev-machine-translated-id.json").read_text("utf-8"))
    english = read_squad(reading / "squad2-dev-half-en.json")
    tydi = read_squad(reading / "tydiqa-goldp-en-train.json")
    matched = match(english, translated)
    kept = set(kept_titles(matched)) if hold_out else set()
    kept_contexts = {t["context"] for title, _, t in matched if title in kept}
    kept_english = {e["context"] for title, e, _ in matched if title in kept}
    kept_idk = set(kept_passages(len(idk))) if hold_out else set()

    question_pairs: list[Pair] = []
    paragraph_pairs: list[Pair] = []
    sentence_pairs: list[Pair] = []
    cross: list[tuple[str, str]] = []
    for title, source, target in matched:
        if title in kept:
            continue
        paragraph_pairs.append(Pair(source["context"], target["context"]))
        sentence_pairs.extend(_same_sentences(source["context"], target["context"]))
        question_pairs.extend(_same_questions(source, target))
        cross.extend((q["question"], target["context"]) for q in _answerable(source))
    asked_id = [
        (q["question"], p["context"])
        for i, p in enumerate(idk)
        if i not in kept_idk
        for q in _answerable(p)
    ]
    asked_id += [
        (q["question"], p["context"])
        for p in translated
        if p["context"] not in kept_contexts
        for q in _answerable(p)
    ]
    asked_en = [
        (q["question"], p["context"])
        for _, p in (*english, *tydi)
        if p["context"] not in kept_english
        for q in _answerable(p)
    ]
    held_out: tuple[Retrieval, ...] = ()
    if hold_out:
        held_out = (
            _task("IDK-MRC train, held out", "id", idk, idk, sorted(kept_idk)),
            _cross_task(matched, translated, kept),
        )
    parallel = [read_parallel(folder / "parallel" / f"{name}.tsv.gz") for name in PARALLEL]
    return TrainingData(
        parallel=(*parallel, tuple(sentence_pairs)),
        question_pairs=tuple(question_pairs),
        paragraph_pairs=tuple(paragraph_pairs),
        asked_id=tuple(asked_id),
        asked_en=tuple(asked_en),
        asked_cross=tuple(cross),
        entailed=tuple(_entailed(folder / "entailment" / "indonli-train.jsonl")),
        held_out=held_out,
    )


def load_measures(folder: Path) -> tuple[Retrieval, ...]:
    """The retrieval tasks that are only reported on, never chosen by."""
    reading = folder / "reading"
    train = json.loads((reading / "idk-mrc-train.json").read_text("utf-8"))
    valid = json.loads((reading / "idk-mrc-valid.json").read_text("utf-8"))
    path = folder / "crosslingual" / "belebele-en-id-dev.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    passages = list(dict.fromkeys(row["passage_ind"] for row in rows))
    number = {passage: i for i, passage in enumerate(passages)}
    tasks = [
        _task("IDK-MRC valid", "id", valid + train, valid, range(len(valid))),
    ]
    for language, key in (("id", "question_ind"), ("en", "question_en")):
        asked = tuple(Asked(row[key], number[row["passage_ind"]]) for row in rows)
        name = f"Belebele dev, {'Indonesian' if language == 'id' else 'English'} question"
        tasks.append(Retrieval(name, language, tuple(passages), asked))
    return tuple(tasks)


def _task(
    name: str,
    language: str,
    paragraphs: Sequence[dict[str, Any]],
    asked_from: Sequence[dict[str, Any]],
    chosen: Iterable[int],
) -> Retrieval:
    passages = list(dict.fromkeys(p["context"] for p in paragraphs))
    number = {passage: i for i, passage in enumerate(passages)}
    asked = tuple(
        Asked(q["question"], number[asked_from[i]["context"]])
        for i in chosen
        for q in _answerable(asked_from[i])
    )
    return Retrieval(name, language, tuple(passages), asked)


def _cross_task(
    matched: Sequence[tuple[str, dict[str, Any], dict[str, Any]]],
    translated: Sequence[dict[str, Any]],
    titles: set[str],
) -> Retrieval:
    passages = list(dict.fromkeys(p["context"] for p in translated))
    number = {passage: i for i, passage in enumerate(passages)}
    asked = tuple(
        Asked(q["question"], number[target["context"]])
        for title, source, target in matched
        if title in titles
        for q in _answerable(source)
    )
    return Retrieval("SQuAD, English question, held out", "en", tuple(passages), asked)


def _answerable(paragraph: dict[str, Any]) -> list[dict[str, Any]]:
    return [q for q in paragraph["qas"] if not q.get("is_impossible") and q["question"].strip()]


def read_squad(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Every paragraph of a SQuAD file with its article's title."""
    data = json.loads(path.read_text("utf-8"))["data"]
    return [(article["title"], p) for article in data for p in article["paragraphs"]]


def _entailed(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            if row["label"] == "e" and row["premise"].strip() and row["hypothesis"].strip():
                yield row["premise"], row["hypothesis"]


def kept_passages(count: int) -> range:
    """Which of the `count` IDK-MRC training passages are held out."""
    return range(0, count, _HELD_OUT)


def kept_titles(matched: Sequence[tuple[str, dict[str, Any], dict[str, Any]]]) -> list[str]:
    """Which of the matched SQuAD articles are held out."""
    return sorted({title for title, _, _ in matched})[::_HELD_OUT_TITLES]


def match(
    english: Sequence[tuple[str, dict[str, Any]]], translated: Sequence[dict[str, Any]]
) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """English paragraphs with their machine translations: mutual best by what is spelt alike.

    Names and numbers survive translation, so the inverse-document-frequency cosine of the
    identical words finds the counterpart; 0.2 leaves out the few that have none.
    """
    bags = [Counter(words(p["context"])) for _, p in english]
    others = [Counter(words(p["context"])) for p in translated]
    seen = Counter(word for bag in (*bags, *others) for word in bag)
    shared = {w for bag in bags for w in bag} & {w for bag in others for w in bag}
    column = {word: i for i, word in enumerate(sorted(shared))}

    def matrix(rows: Sequence[Counter[str]]) -> np.ndarray[Any, Any]:
        out = np.zeros((len(rows), len(column)), dtype=np.float32)
        total = len(bags) + len(others)
        for i, bag in enumerate(rows):
            for word in bag:
                if word in column:
                    out[i, column[word]] = np.log(total / seen[word])
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9))

    scores = matrix(bags) @ matrix(others).T
    best, back = scores.argmax(1), scores.argmax(0)
    return [
        (title, paragraph, translated[best[i]])
        for i, (title, paragraph) in enumerate(english)
        if back[best[i]] == i and scores[i, best[i]] >= 0.2
    ]


def _same_questions(source: dict[str, Any], target: dict[str, Any]) -> list[Pair]:
    """Questions in order, where both sides kept them all."""
    if len(source["qas"]) != len(target["qas"]):
        return []
    return [
        Pair(a["question"].strip(), b["question"].strip())
        for a, b in zip(source["qas"], target["qas"], strict=True)
    ]


def _same_sentences(source: str, target: str) -> list[Pair]:
    """Sentences in order, where the translation kept their number."""
    left, right = _SENTENCE_END.split(source), _SENTENCE_END.split(target)
    if len(left) != len(right):
        return []
    return [Pair(a.strip(), b.strip()) for a, b in zip(left, right, strict=True)]
