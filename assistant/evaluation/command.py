"""One evaluation from beginning to end: data set → index → run → marks → summary and files.

`assistant eval` and `python -m assistant.evaluation` both come here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from assistant.errors import IndexMismatch, SettingsError
from assistant.evaluation import run as running
from assistant.evaluation import trec
from assistant.evaluation.datasets import Dataset, load, load_folder
from assistant.evaluation.judging import judge
from assistant.evaluation.report import write_report
from assistant.evaluation.summary import summarise

if TYPE_CHECKING:
    from assistant.llm.language_model import LanguageModel

Progress = Callable[[str, int, int], None]
Opener = Callable[[Path, Path, Progress], AbstractContextManager[running.System]]
"""(seeds folder, index folder, progress) -> the system under test, open."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A finished run: its folder, its report, and its summary as JSON values."""

    folder: Path
    report: Path
    summary: Mapping[str, Any]


def choose(
    name: str,
    *,
    seeds: Path | None = None,
    questions: Path | None = None,
    data: Path | None = None,
    split: str = "all",
    limit: int | None = None,
) -> Dataset:
    """The data set to run: by name, or the user's own folder and JSONL; one half, a sample."""
    if questions is not None:
        dataset = load_folder(seeds or Path("seeds"), questions=questions)
    else:
        dataset = load(name, data=data, seeds=seeds)
    if split in ("tune", "report"):
        dataset = dataset.split("tune" if split == "tune" else "report")
    elif split != "all":
        raise SettingsError(f"There is no split {split!r}.", hint="tune, report or all.")
    return dataset if limit is None else dataset.sample(limit)


def opener_for(*, llm: str | None, embedder: str, reading: bool = False) -> Opener:
    """How the assistant is opened on a folder; in reading mode, with the passages given."""

    def open_(
        folder: Path, index: Path, progress: Progress
    ) -> AbstractContextManager[running.System]:
        if reading:
            from assistant.evaluation.reading import ReadingAssistant

            return ReadingAssistant.open(
                folder, index=index, llm=llm, embedder=embedder, progress=progress
            )
        from assistant.assistant import Assistant

        return Assistant.open(folder, index=index, llm=llm, embedder=embedder, progress=progress)

    def opener(
        folder: Path, index: Path, progress: Progress
    ) -> AbstractContextManager[running.System]:
        try:
            return open_(folder, index, progress)
        except IndexMismatch:
            # What is measured has changed since the last run, and the index is the run's own.
            shutil.rmtree(index)
            return open_(folder, index, progress)

    return opener


def evaluate(
    dataset: Dataset,
    out: Path,
    *,
    opener: Opener,
    settings: Mapping[str, Any],
    k: int = 10,
    ask: bool = True,
    workers: int = 1,
    citation_judge: str | None = None,
    fresh: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Evaluated:
    """Write the passages, open the system on them, run, mark, and write all results to `out`.

    `out` gets `run.json`, `answers.jsonl`, `summary.json`, `report.html`, `run.trec` and
    `qrels.trec`; the passages and the index stand under `out/../passages`, shared by the runs
    over the same files. An unfinished run in `out` is gone on with, unless `fresh`.
    `citation_judge` is the spec of a model that judges citations beside our own verifier.
    """
    if fresh:
        running.start_anew(out)
    shared = out.parent / "passages" / dataset.documents_sha256[:12]
    folder = dataset.write_folder(shared / "files")
    started = perf_counter()
    with opener(folder, shared / "index", progress) as system:
        opened = perf_counter()
        records = running.run(
            dataset,
            system,
            out,
            settings=settings,
            k=k,
            ask=ask,
            workers=workers,
            progress=lambda done, total: progress("questions", done, total),
        )
    marks = judge(records, model=_model(citation_judge))
    summary = {
        **running.run_facts(out),
        **summarise(marks),
        "seconds": {
            "open": round(opened - started, 2),
            "questions": round(perf_counter() - opened, 2),
        },
    }
    running.write_json(out / running.SUMMARY_FILE, summary)
    trec.write_run(out / "run.trec", records, tag=str(settings.get("system", "assistant")))
    trec.write_qrels(out / "qrels.trec", records)
    return Evaluated(out, write_report(out, records, marks), summary)


def _model(spec: str | None) -> LanguageModel | None:
    if spec is None:
        return None
    from assistant.llm.models import load_llm

    return load_llm(spec)
