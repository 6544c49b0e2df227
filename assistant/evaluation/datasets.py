"""Gold questions over folders of passages: ours, and the published sets, by name.

A data set is documents (file name -> text) and questions. It is written out as one file per
passage, so that any program that reads a folder is measured on the same thing. Nothing is
ever downloaded: published sets are read from a data folder or from a path.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from assistant.errors import SettingsError
from assistant.evaluation.kinds import Kind, kind_of
from assistant.types import Language, Turn

Split = Literal["tune", "report"]
Needs = Literal["any", "all"]

GOLD = Path(__file__).parent / "gold"
CHECKOUT = Path(__file__).resolve().parents[2]
DATA_VARIABLE = "ASSISTANT_DATA"


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One question and what a right answer to it looks like.

    `answers` are accepted strings, each verbatim (case aside) in one of `files`; a set that
    has none (multiple choice) is measured by its files only. `evidence`, where given, must
    also lie in the cited text: it keeps a common name from counting wherever it stands.
    `needs` is "all" when every gold file has to be cited, each with an answer of its own.
    `context` names the files an annotator had before them: what is read in reading mode, for
    answerable and unanswerable questions alike. `trap` says what kind of unanswerable question
    it is.
    """

    id: str
    question: str
    language: Language
    kind: Kind
    answerable: bool
    files: tuple[str, ...]
    answers: tuple[str, ...]
    split: Split = "report"
    history: tuple[Turn, ...] = ()
    evidence: tuple[str, ...] = ()
    needs: Needs = "any"
    context: tuple[str, ...] = ()
    trap: str = ""
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The question as one JSON object of our form; empty optional parts are left out."""
        row: dict[str, Any] = {
            "id": self.id,
            "question": self.question,
            "language": self.language,
            "kind": self.kind,
            "split": self.split,
            "answerable": self.answerable,
            "files": list(self.files),
            "answers": list(self.answers),
        }
        if self.history:
            row["history"] = [{"question": t.question, "answer": t.answer} for t in self.history]
        if self.evidence:
            row["evidence"] = list(self.evidence)
        if self.needs != "any":
            row["needs"] = self.needs
        if self.context:
            row["context"] = list(self.context)
        row |= {name: value for name in ("trap", "note") if (value := getattr(self, name))}
        return row


@dataclass(frozen=True, slots=True)
class Dataset:
    """Passages as files, and questions about them. `name` goes into every result."""

    name: str
    documents: Mapping[str, str] = field(repr=False)
    questions: tuple[GoldQuestion, ...] = field(repr=False)

    @property
    def documents_sha256(self) -> str:
        """A hash over names and texts of the documents."""
        digest = hashlib.sha256()
        for file, text in sorted(self.documents.items()):
            digest.update(f"{file}\0{text}\0".encode())
        return digest.hexdigest()

    @property
    def sha256(self) -> str:
        """A hash over documents and questions: results with the same one are comparable."""
        digest = hashlib.sha256(self.documents_sha256.encode())
        for question in self.questions:
            digest.update(json.dumps(question.to_dict(), sort_keys=True).encode())
        return digest.hexdigest()

    def only(self, keep: Callable[[GoldQuestion], bool], *, name: str = "") -> Dataset:
        """The same documents with the questions that `keep` accepts."""
        return replace(
            self, name=name or self.name, questions=tuple(q for q in self.questions if keep(q))
        )

    def split(self, side: Split) -> Dataset:
        """One half of the questions: tune on one, report on the other."""
        return self.only(lambda q: q.split == side, name=f"{self.name}/{side}")

    def sample(self, count: int, *, seed: int = 0) -> Dataset:
        """`count` questions, the same for the same seed, in their old order."""
        if count >= len(self.questions):
            return self
        chosen = set(random.Random(seed).sample(range(len(self.questions)), count))
        kept = tuple(q for i, q in enumerate(self.questions) if i in chosen)
        return replace(self, name=f"{self.name}/{count}", questions=kept)

    def gold_removed(self) -> Dataset:
        """The answerable questions with all their gold files taken away: each must be refused.

        One folder for all questions, so every question's gold is gone, not only its own.
        """
        gold = {file for q in self.questions if q.answerable for file in q.files}
        return Dataset(
            name=f"{self.name}/gold-removed",
            documents={f: t for f, t in self.documents.items() if f not in gold},
            questions=tuple(
                replace(
                    q,
                    answerable=False,
                    files=(),
                    answers=(),
                    evidence=(),
                    needs="any",
                    context=(),
                    trap="gold removed",
                )
                for q in self.questions
                if q.answerable
            ),
        )

    def write_folder(self, folder: Path) -> Path:
        """Write one file per passage; files that already hold the same text are left alone.

        Raises SettingsError when the folder holds other files: they would be searched too.
        """
        folder.mkdir(parents=True, exist_ok=True)
        strangers = {
            path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
        } - set(self.documents)
        if strangers:
            raise SettingsError(
                f"{folder} holds {len(strangers)} files that are not of {self.name}, "
                f"{min(strangers)} for one.",
                hint="Choose another folder, or empty this one.",
            )
        for file, text in self.documents.items():
            path = folder / file
            data = text.encode()
            if not path.exists() or path.read_bytes() != data:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        return folder


def load(name: str, *, data: Path | None = None, seeds: Path | None = None) -> Dataset:
    """A data set by name.

    `seeds` (142 questions over the articles in `seeds`), `news` (questions over invented articles,
    half of them near misses, see `training.news`), `idk-mrc` (valid questions over the
    passages of train and valid), `idk-mrc-train`, `belebele-id`, `belebele-en` (questions in
    that language over the Indonesian passages), `squad2-en`, `squad2-id`; the same sets as
    their authors publish them, by path: `squad-id:FILE`, `squad-en:FILE` (SQuAD's JSON) and
    `belebele-id:FOLDER`, `belebele-en:FOLDER` (ind_Latn.jsonl and eng_Latn.jsonl); and
    `FOLDER:QUESTIONS.jsonl`, any folder of articles with questions in our form. `data` is the
    folder of the published sets, by default $ASSISTANT_DATA or `../shared/data` beside the
    checkout. Raises SettingsError for a name nobody knows or data that isn't there.
    """
    if name == "seeds":
        return load_folder(
            seeds or CHECKOUT / "seeds", questions=GOLD / "seeds.jsonl", name="seeds"
        )
    if name == "news":
        from assistant.evaluation import news

        return news.dataset()
    known: dict[str, Callable[[Path], Dataset]] = {
        "idk-mrc": lambda root: _idk_mrc(root, "valid"),
        "idk-mrc-train": lambda root: _idk_mrc(root, "train"),
        "belebele-id": lambda root: _belebele(root, "id"),
        "belebele-en": lambda root: _belebele(root, "en"),
        "squad2-en": lambda root: load_squad(
            root / "reading/squad2-dev-half-en.json", language="en", name="squad2-en"
        ),
        "squad2-id": lambda root: load_squad(
            root / "reading/squad2-dev-machine-translated-id.json", language="id", name="squad2-id"
        ),
    }
    if name in known:
        return known[name](data_folder(data))
    head, colon, tail = name.partition(":")
    language: Language = "en" if head.endswith("-en") else "id"
    if colon and head in ("squad-id", "squad-en"):
        return load_squad(Path(tail), language=language, name=Path(tail).stem)
    if colon and head in ("belebele-id", "belebele-en"):
        return load_belebele(Path(tail), language=language, name=head)
    folder, colon, questions = name.rpartition(":")
    if colon and questions.endswith(".jsonl"):
        return load_folder(Path(folder), questions=Path(questions))
    raise SettingsError(
        f"There is no data set {name!r}.",
        hint=f"Known: seeds, news, {', '.join(known)}; or FOLDER:QUESTIONS.jsonl.",
    )


def data_folder(explicit: Path | None = None) -> Path:
    """The folder of published data: the argument, $ASSISTANT_DATA, or beside the checkout."""
    chosen = explicit or Path(os.environ.get(DATA_VARIABLE) or CHECKOUT.parent / "shared" / "data")
    if not chosen.is_dir():
        raise SettingsError(
            f"The data folder {chosen} isn't there.",
            hint=f"Name it with --data or {DATA_VARIABLE}; nothing is downloaded.",
        )
    return chosen


def load_folder(folder: Path, *, questions: Path, name: str = "") -> Dataset:
    """Articles of a folder (.txt, .md, .markdown) with questions in our JSONL form."""
    if not folder.is_dir():
        raise SettingsError(f"The folder {folder} isn't there.", hint="Name it with --seeds.")
    documents = {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix.lower() in {".txt", ".md", ".markdown"}
    }
    rows = _jsonl(questions)
    return Dataset(
        name=name or f"{folder.name}:{questions.stem}",
        documents=documents,
        questions=tuple(
            question_from(row, source=questions.name, line=line)
            for line, row in enumerate(rows, start=1)
        ),
    )


def load_squad(path: Path, *, language: Language, name: str) -> Dataset:
    """SQuAD's JSON, as published (`{"data": [...]}`) or as a bare list of paragraphs."""
    passages = _Passages(prefix=name)
    questions = _squad_questions(_json(path), passages, language=language)
    return Dataset(name, passages.documents, tuple(questions))


def load_belebele(folder: Path, *, language: Language, name: str) -> Dataset:
    """Belebele as its authors publish it: one file per language, lines matched by question."""
    passages = _Passages(prefix="belebele")

    def key(row: Any) -> tuple[str, int]:
        return row["link"], int(row["question_number"])

    asked = _jsonl(folder / ("ind_Latn.jsonl" if language == "id" else "eng_Latn.jsonl"))
    indonesian = {key(row): row["flores_passage"] for row in _jsonl(folder / "ind_Latn.jsonl")}
    questions = tuple(
        _by_file_only(f"{name}-{position}", row["question"], language, passages.file(passage))
        for position, row in enumerate(asked)
        if (passage := indonesian.get(key(row)))
    )
    return Dataset(name, passages.documents, questions)


class _Passages:
    """Gives each distinct passage one file name, stable under reordering of the others."""

    def __init__(self, *, prefix: str) -> None:
        self._prefix = prefix
        self.documents: dict[str, str] = {}

    def file(self, passage: str) -> str:
        """The file of a passage, written on first sight; the name derives from its text."""
        name = f"{self._prefix}-{hashlib.sha256(passage.encode()).hexdigest()[:12]}.txt"
        self.documents.setdefault(name, passage)
        return name


def _idk_mrc(root: Path, split: Literal["train", "valid"]) -> Dataset:
    passages = _Passages(prefix="idk-mrc")
    questions = {
        part: _squad_questions(
            _json(root / f"reading/idk-mrc-{part}.json"), passages, language="id"
        )
        for part in ("train", "valid")
    }
    name = "idk-mrc" if split == "valid" else "idk-mrc-train"
    side: Split = "report" if split == "valid" else "tune"
    return Dataset(
        name, passages.documents, tuple(replace(q, split=side) for q in questions[split])
    )


def _belebele(root: Path, language: Language) -> Dataset:
    passages = _Passages(prefix="belebele")
    question_key = "question_en" if language == "en" else "question_ind"
    questions = tuple(
        _by_file_only(
            f"belebele-{row['id']}",
            row[question_key],
            language,
            passages.file(row["passage_ind"]),
        )
        for row in _jsonl(root / "crosslingual/belebele-en-id-dev.jsonl")
    )
    return Dataset(f"belebele-{language}", passages.documents, questions)


def _by_file_only(identity: str, question: str, language: Language, file: str) -> GoldQuestion:
    return GoldQuestion(
        id=identity,
        question=question,
        language=language,
        kind=kind_of(question),
        answerable=True,
        files=(file,),
        answers=(),
        context=(file,),
    )


def _squad_questions(loaded: Any, passages: _Passages, *, language: Language) -> list[GoldQuestion]:
    articles = loaded["data"] if isinstance(loaded, dict) else [{"paragraphs": loaded}]
    questions = []
    for article in articles:
        for paragraph in article["paragraphs"]:
            file = passages.file(paragraph["context"])
            folded = paragraph["context"].casefold()
            for qa in paragraph["qas"]:
                # An answer that isn't in its passage is a slip of the set (a few offsets and
                # texts are wrong): it can be cited by nobody, so it is dropped.
                texts = dict.fromkeys(a["text"].strip() for a in qa.get("answers", ()))
                answers = tuple(t for t in texts if t and t.casefold() in folded)
                unanswerable = bool(qa.get("is_impossible", False))
                if not answers and not unanswerable:
                    continue
                questions.append(
                    GoldQuestion(
                        id=str(qa["id"]),
                        question=qa["question"].strip(),
                        language=language,
                        # Answers are spans of text, so "apakah" asks for a thing, not yes or no.
                        kind="what" if (kind := kind_of(qa["question"])) == "polar" else kind,
                        answerable=not unanswerable,
                        files=(file,) if not unanswerable else (),
                        answers=answers if not unanswerable else (),
                        context=(file,),
                        trap="near" if unanswerable else "",
                    )
                )
    return questions


def question_from(row: Mapping[str, Any], *, source: str, line: int) -> GoldQuestion:
    """One question of our JSONL form; `source` and `line` go into the error if it isn't one."""
    try:
        answerable = bool(row.get("answerable", bool(row.get("files"))))
        return GoldQuestion(
            id=str(row["id"]),
            question=str(row["question"]),
            language="en" if row["language"] == "en" else "id",
            kind=row.get("kind") or kind_of(row["question"]),
            answerable=answerable,
            files=tuple(row.get("files", ())),
            answers=tuple(row.get("answers", ())),
            split=row.get("split", "report"),
            history=tuple(Turn(t["question"], t["answer"]) for t in row.get("history", ())),
            evidence=tuple(row.get("evidence", ())),
            needs=row.get("needs", "any"),
            context=tuple(row.get("context", row.get("files", ()))),
            trap=row.get("trap", ""),
            note=row.get("note", ""),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"{source}, line {line}, isn't a question: {error!r}.",
            hint='Each line is {"id", "question", "language", "files", "answers", …}; '
            "see EVALUATION.md.",
        ) from error


def _jsonl(path: Path) -> Iterable[Any]:
    rows = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise SettingsError(
                    f"{path.name}, line {number}, isn't JSON: {error}.",
                    hint="One JSON object per line.",
                ) from error
    return rows


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise SettingsError(f"{path.name} isn't JSON: {error}.", hint="Name another file.") from (
            error
        )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SettingsError(
            f"{path} can't be read: {error.strerror}.",
            hint=f"Name the data folder with --data or {DATA_VARIABLE}.",
        ) from error
