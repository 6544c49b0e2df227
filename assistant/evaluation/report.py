"""One self-contained HTML page over a run: figures, plots, and every failure beside its gold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation import plots
from assistant.evaluation.compare import Difference
from assistant.evaluation.judging import Mark
from assistant.evaluation.run import Record, run_facts
from assistant.evaluation.summary import GROUPINGS, summarise

TEMPLATES = Path(__file__).parent / "templates"
REPORT_FILE = "report.html"

TILES = (
    ("answers right", "an accepted answer stands in a quote of the right article"),
    ("refusals right", "questions without an answer that were refused"),
    ("false refusals", "answerable questions that were refused"),
    ("gold file cited", "answers that cite a right article"),
    ("Success@1", "the passage found first is of a right article"),
    ("nDCG@10", "ranking of the right articles"),
)
COLUMNS = (
    "questions",
    "answers right",
    "refusals right",
    "false refusals",
    "exact match",
    "F1",
    "Success@1",
    "R@5",
    "nDCG@10",
    "answer R@1",
    "answer R@5",
)
FAULTS = {
    "failed": "An error instead of an answer",
    "false refusal": "Refused, though the articles answer",
    "wrong answer": "Answered, but no accepted answer in what is cited",
    "should be refused": "Answered, though the articles don't",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One question that went wrong, with everything needed to see why."""

    fault: str
    record: Record
    mark: Mark


def write_report(folder: Path, records: Sequence[Record], marks: Sequence[Mark]) -> Path:
    """Write `report.html` into a run folder; returns its path."""
    path = folder / REPORT_FILE
    path.write_text(render(run_facts(folder), records, marks), "utf-8")
    return path


def render(facts: Mapping[str, Any], records: Sequence[Record], marks: Sequence[Mark]) -> str:
    """The page. Everything from articles, questions and answers is escaped by the template."""
    summary = summarise(marks)
    overall, intervals = summary["overall"], summary["interval"]
    return _render(
        "report.html.j2",
        facts=facts,
        summary=summary,
        tiles=[
            (name, overall[name], intervals[name], meaning)
            for name, meaning in TILES
            if name in overall
        ],
        figures=[(name, value, intervals.get(name)) for name, value in overall.items()],
        columns=[column for column in COLUMNS if column in overall],
        groupings=[(name, summary["by"][name]) for name in GROUPINGS],
        plots=[
            (title, svg)
            for title, svg in (
                ("Refusals against false refusals", plots.refusals(marks)),
                ("Risk against coverage", plots.risk(marks)),
                ("Reliability of the confidence", plots.calibration(marks)),
                ("Latency", plots.latency(marks)),
            )
            if svg is not None
        ],
        faults=FAULTS,
        failures=_failures(records, marks),
    )


def render_comparison(
    a: Mapping[str, Any], b: Mapping[str, Any], differences: Sequence[Difference]
) -> str:
    """The page for two runs side by side."""
    return _render("compare.html.j2", a=a, b=b, differences=differences)


def _failures(records: Sequence[Record], marks: Sequence[Mark]) -> list[Failure]:
    failures = [
        Failure(_fault(mark), record, mark)
        for record, mark in zip(records, marks, strict=True)
        if mark.asked and mark.right != 1
    ]
    order = list(FAULTS)
    return sorted(failures, key=lambda failure: order.index(failure.fault))


def _fault(mark: Mark) -> str:
    if mark.failed:
        return "failed"
    if not mark.answerable:
        return "should be refused"
    return "wrong answer" if mark.answered else "false refusal"


def _render(template: str, **values: Any) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = _figure
    return str(environment.get_template(template).render(values))


def _figure(value: float | None) -> str:
    """A share with three decimals, a count without, nothing for what doesn't apply."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
