"""Run and judgement files in TREC's form, for trec_eval and everything that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.evaluation.run import Record, files_found


def write_run(path: Path, records: Sequence[Record], *, tag: str) -> None:
    """`question Q0 file rank score tag`, each file once at its best rank.

    The score is 1/rank: trec_eval sorts by score and breaks ties by name.
    """
    path.write_text(
        "".join(
            f"{_field(record.gold.id)} Q0 {_field(file)} {rank} {1 / rank:.6f} {_field(tag)}\n"
            for record in records
            for rank, file in enumerate(files_found(record), start=1)
        ),
        "utf-8",
    )


def write_qrels(path: Path, records: Sequence[Record]) -> None:
    """`question 0 file 1`, one line per gold file; unanswerable questions have none."""
    path.write_text(
        "".join(
            f"{_field(record.gold.id)} 0 {_field(file)} 1\n"
            for record in records
            for file in record.gold.files
        ),
        "utf-8",
    )


def _field(value: str) -> str:
    """TREC's fields end at white space; a file name may hold some."""
    return "_".join(value.split()) or "_"
