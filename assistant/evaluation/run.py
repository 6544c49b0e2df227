"""Put a data set's questions to a system and write down everything it said.

One folder per run: `run.json` (what was run), `answers.jsonl` (one line per question, with
the whole answer), and, once all are answered, `summary.json`. A run that was stopped goes on
where it was; a folder that belongs to another run is refused.
"""

from __future__ import annotations

import json
import math
import platform
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, runtime_checkable

from assistant.errors import AssistantError, SettingsError
from assistant.evaluation.datasets import CHECKOUT, Dataset, GoldQuestion, question_from
from assistant.evaluation.metrics import contains_answer
from assistant.types import Answer, Passage, Turn

RUN_FILE = "run.json"
ANSWERS_FILE = "answers.jsonl"
SUMMARY_FILE = "summary.json"
PACKAGES = ("assistant", "chromadb", "tantivy", "llama-index-core", "numpy", "PyStemmer")


class System(Protocol):
    """What can be measured: `assistant.Assistant`, or anything that answers likewise."""

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question."""

    def retrieve(self, question: str, *, k: int = 10) -> Sequence[Passage]:
        """The k best passages, best first."""


@runtime_checkable
class Reader(Protocol):
    """A system that can be told which files to answer from: reading mode."""

    def ask_in(
        self, question: str, files: Sequence[str], *, history: Sequence[Turn] = ()
    ) -> Answer:
        """The answer from these files alone."""


@dataclass(frozen=True, slots=True)
class Found:
    """One retrieved passage; `hit`: it is of a gold file and holds an accepted answer.

    `also_in` names files whose near-duplicate was folded into it: they were found here too.
    """

    file: str
    start: int
    end: int
    score: float
    hit: bool
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One question, what was found for it and what was answered, as it stands in the JSONL.

    `answer` is `Answer.to_dict()`, None where the run only retrieves or the question failed;
    `error` then says why. Times are wall-clock milliseconds.
    """

    gold: GoldQuestion
    answer: Mapping[str, Any] | None
    found: tuple[Found, ...]
    retrieve_ms: float
    ask_ms: float
    error: str | None = None

    def to_json(self) -> str:
        """The record as one line."""
        row = {
            "id": self.gold.id,
            "gold": self.gold.to_dict(),
            "answer": self.answer,
            "found": [asdict(found) for found in self.found],
            "retrieve_ms": self.retrieve_ms,
            "ask_ms": self.ask_ms,
            "error": self.error,
        }
        return json.dumps(row, ensure_ascii=False, default=str)


def start_anew(folder: Path) -> None:
    """Forget the run in a folder; files that no run wrote are left alone."""
    for name in (RUN_FILE, ANSWERS_FILE, SUMMARY_FILE):
        (folder / name).unlink(missing_ok=True)


def run(
    dataset: Dataset,
    system: System,
    folder: Path,
    *,
    settings: Mapping[str, Any],
    k: int = 10,
    ask: bool = True,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Record]:
    """Run every question that isn't answered yet; the records of all, in the set's order.

    `settings` say what is being measured and go into the results; a folder with other settings
    or another data set raises SettingsError. `workers` above 1 helps where answers wait for a
    model behind an API. `progress(done, total)` is called after each question.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _claim(folder, dataset, settings=dict(settings) | {"k": k, "ask": ask})
    done = {record.gold.id: record for record in read_records(folder)}
    waiting = [gold for gold in dataset.questions if gold.id not in done]

    def one(gold: GoldQuestion) -> Record:
        return _put(system, gold, k=k, ask=ask)

    with (folder / ANSWERS_FILE).open("a", encoding="utf-8") as out:
        for record in _mapped(one, waiting, workers=workers):
            out.write(record.to_json() + "\n")
            out.flush()
            done[record.gold.id] = record
            if progress is not None:
                progress(len(done), len(dataset.questions))
    return [done[gold.id] for gold in dataset.questions]


def read_records(folder: Path) -> list[Record]:
    """The records of a run folder; a last line cut off by a kill is dropped from the file."""
    path = folder / ANSWERS_FILE
    if not path.exists():
        return []
    whole, _, torn = path.read_bytes().rpartition(b"\n")
    if torn:
        path.write_bytes(whole + b"\n" if whole else b"")
    records = []
    for number, line in enumerate(whole.decode("utf-8").split("\n"), start=1):
        if line:
            row = json.loads(line)
            records.append(
                Record(
                    gold=question_from(row["gold"], source=path.name, line=number),
                    answer=row["answer"],
                    found=tuple(_found(found) for found in row["found"]),
                    retrieve_ms=row["retrieve_ms"],
                    ask_ms=row["ask_ms"],
                    error=row["error"],
                )
            )
    return records


def run_facts(folder: Path) -> dict[str, Any]:
    """What was run in a folder: data set, hash, settings, versions, commit."""
    try:
        facts = json.loads((folder / RUN_FILE).read_text("utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{folder} is not the folder of a run.", hint="Name one that `assistant eval` wrote."
        ) from error
    return dict(facts)


def write_json(path: Path, value: Any) -> None:
    """JSON with nan and infinity as null, which strict readers accept."""
    path.write_text(json.dumps(_plain(value), ensure_ascii=False, indent=1) + "\n", "utf-8")


def files_found(record: Record) -> list[str]:
    """The files found, best first, each once; those of a folded passage stand together."""
    return list(dict.fromkeys(f for found in record.found for f in (found.file, *found.also_in)))


def _found(row: Mapping[str, Any]) -> Found:
    return Found(
        file=row["file"],
        start=row["start"],
        end=row["end"],
        score=row["score"],
        hit=row["hit"],
        also_in=tuple(row["also_in"]),
    )


def _put(system: System, gold: GoldQuestion, *, k: int, ask: bool) -> Record:
    """Ask one question; an error the system reports is a result, not the end of the run."""
    answer: Mapping[str, Any] | None = None
    searched, ask_ms = gold.question, 0.0
    try:
        if ask:
            started = perf_counter()
            if isinstance(system, Reader):
                given = system.ask_in(gold.question, gold.context, history=gold.history)
            else:
                given = system.ask(gold.question, history=gold.history)
            ask_ms = _ms(started)
            answer = given.to_dict()
            searched = given.searched or gold.question  # a follow-up is searched as rewritten
        started = perf_counter()
        passages = system.retrieve(searched, k=k)
        retrieve_ms = _ms(started)
    except AssistantError as error:
        return Record(gold, None, (), 0.0, ask_ms, error=f"{type(error).__name__}: {error}")
    found = tuple(
        Found(
            file=passage.file,
            start=passage.start,
            end=passage.end,
            score=float(passage.score),
            hit=not {passage.file, *passage.also_in}.isdisjoint(gold.files)
            and contains_answer(passage.text, gold.answers),
            also_in=passage.also_in,
        )
        for passage in passages
    )
    return Record(gold, answer, found, retrieve_ms, ask_ms)


def _mapped(
    one: Callable[[GoldQuestion], Record], waiting: Sequence[GoldQuestion], *, workers: int
) -> Iterator[Record]:
    if workers <= 1:
        yield from map(one, waiting)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(one, waiting)


def _claim(folder: Path, dataset: Dataset, *, settings: Mapping[str, Any]) -> None:
    """Write what is being run, or check that a folder begun before holds the same run."""
    identity = _plain(
        {"dataset": dataset.name, "sha256": dataset.sha256, "settings": dict(settings)}
    )
    path = folder / RUN_FILE
    if path.exists():
        before = run_facts(folder)
        differing = [name for name in identity if before.get(name) != identity[name]]
        if differing:
            raise SettingsError(
                f"{folder} holds a run with another {' and '.join(differing)}.",
                hint="Choose another folder with --out, or delete this one.",
            )
        return
    facts = {
        **identity,
        "documents": len(dataset.documents),
        "questions": len(dataset.questions),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "versions": _versions(),
        "commit": _commit(),
    }
    write_json(path, facts)


def _versions() -> dict[str, str]:
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def _commit() -> str | None:
    """The checkout's commit, with a plus where files differ from it; None outside one."""
    try:
        shown = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12"],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return shown.stdout.strip()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _ms(started: float) -> float:
    return round((perf_counter() - started) * 1000, 2)
