"""The tables of EVALUATION.md, written from the runs they came from.

`python -m assistant.evaluation.tables` puts the figures of `runs/*/summary.json` and of
`runs/peers/table.md` between the file's markers, so that no figure is ever typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.evaluation.datasets import CHECKOUT
from assistant.evaluation.judging import judge
from assistant.evaluation.metrics import auc, mean, refusal_curve
from assistant.evaluation.run import SUMMARY_FILE, read_records

PAGE = CHECKOUT / "EVALUATION.md"

RETRIEVAL = ("Success@1", "R@5", "R@10", "nDCG@10")
ANSWERS = (
    "answers right",
    "false refusals",
    "refusals right",
    "gold file cited",
    "exact match",
    "F1",
    "citation recall",
    "citation precision",
)


def answers_table(summaries: Sequence[Mapping[str, Any]]) -> str:
    """One row per run in which questions were asked."""
    head = ["run", "questions", *ANSWERS, "AUC", "AURC", "p50 ms"]
    rows = [
        [
            _name(summary),
            f"{summary['questions']:,}",
            *(_with_interval(summary, figure) for figure in ANSWERS),
            _figure(summary["refusals"]["AUC"]),
            _figure(summary["refusals"]["AURC"]),
            f"{summary['latency_ms']['ask']['p50']:.0f}",
        ]
        for summary in summaries
        if "right" in summary["overall"]
    ]
    return _markdown(head, rows)


def halves_table(summary: Mapping[str, Any]) -> str:
    """The two halves of the seeds' questions: what was tuned on, and what is reported."""
    rows = [
        [half, *(_figure(figures.get(figure)) for figure in ("questions", *ANSWERS))]
        for half, figures in summary["by"]["split"].items()
    ]
    return _markdown(["half", "questions", *ANSWERS], rows)


def traps_table(summary: Mapping[str, Any]) -> str:
    """Refusals by the kind of unanswerable question, the worst first."""
    refused = "refusals right"
    by_kind = summary["by"]["answerability"]
    kinds = sorted((k for k in by_kind if refused in by_kind[k]), key=lambda k: by_kind[k][refused])
    rows = [
        [kind, str(by_kind[kind]["questions"]), _figure(by_kind[kind][refused])] for kind in kinds
    ]
    return _markdown(["kind of near miss", "questions", refused], rows)


def removed_table(open_run: Path, removed_run: Path) -> str:
    """Refusals of the same questions without their gold, against false refusals with it."""
    with_gold = [m for m in judge(read_records(open_run)) if m.answerable and not m.failed]
    without = [m for m in judge(read_records(removed_run)) if not m.failed]
    scores = [m.confidence for m in (*with_gold, *without)]
    answerable = [True] * len(with_gold) + [False] * len(without)
    points = refusal_curve(scores, answerable)
    rows = []
    for allowed in (0.05, 0.10, 0.15, 0.20):
        best = max(
            (p for p in points if p.refused_answerable <= allowed),
            key=lambda p: p.refused_unanswerable,
        )
        rows.append(
            [
                f"at most {allowed:.0%}",
                f"{best.refused_unanswerable:.1%}",
                f"{best.threshold:.3f}",
            ]
        )
    in_use = mean(float(not m.answered) for m in with_gold)
    refused = mean(float(not m.answered) for m in without)
    rows.append([f"in use, {in_use:.1%}", f"{refused:.1%}", ""])
    head = ["false refusals with the gold", "refused without it", "threshold"]
    return _markdown(head, rows) + f"\nAUC {auc(scores, answerable):.3f}.\n"


def retrieval_table(summaries: Sequence[Mapping[str, Any]]) -> str:
    """One row per run that has gold files."""
    head = ["run", "passages", *RETRIEVAL, "p50 ms", "p95 ms"]
    rows = [
        [
            _name(summary),
            f"{summary['documents']:,}",
            *(_with_interval(summary, figure) for figure in RETRIEVAL),
            f"{summary['latency_ms']['retrieve']['p50']:.0f}",
            f"{summary['latency_ms']['retrieve']['p95']:.0f}",
        ]
        for summary in summaries
        if "Success@1" in summary["overall"] and summary["settings"].get("variant") == "open"
    ]
    return _markdown(head, rows)


def citations_table(folder: Path) -> str:
    """One row per engine of `peers.citations`."""
    faults = ("refused", "dangling", "uncited", "unsupported")
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        seen = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        given = [one for one in seen if not one["refused"]]
        by_model = [one for one in given if one["note"].startswith("generative")]
        shown = [
            f"{mean(float(one[fault]) for one in (seen if fault == 'refused' else given)):.2f}"
            for fault in faults
        ]
        written = str(len(by_model)) if any(one["note"] for one in seen) else str(len(given))
        rows.append([path.stem, str(len(seen)), written, *shown])
    return _markdown(["engine", "answers", "written by the model", *faults], rows)


def fill(page: str, parts: Mapping[str, str]) -> str:
    """The page with each `<!-- NAME -->` … `<!-- /NAME -->` filled; others stay as they are."""
    for name, text in parts.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not pattern.search(page):
            raise SettingsError(
                f"{PAGE.name} has no place for {name!r}.", hint=f"Add <!-- {name} --> to it."
            )
        page = pattern.sub(lambda at, text=text: f"{at[1]}\n{text.strip()}\n\n{at[2]}", page)  # type: ignore[misc]
    return page


def _name(summary: Mapping[str, Any]) -> str:
    name = str(summary["dataset"])
    return f"{name}, reading" if summary["settings"].get("variant") == "reading" else name


def _with_interval(summary: Mapping[str, Any], figure: str) -> str:
    value = summary["overall"].get(figure)
    if value is None:
        return ""
    low, high = summary["interval"][figure]
    return f"{value:.3f} ({low:.2f} to {high:.2f})"


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _main(runs: Path) -> None:
    summaries = [
        json.loads(path.read_text("utf-8")) for path in sorted(runs.glob(f"*/{SUMMARY_FILE}"))
    ]
    parts = {"answers": answers_table(summaries), "retrieval": retrieval_table(summaries)}
    halves = [s for s in summaries if s["dataset"] == "seeds"]
    if halves:
        parts["halves"] = halves_table(halves[0])
    read = runs / "news-reading" / SUMMARY_FILE
    if read.exists():
        parts["traps"] = traps_table(json.loads(read.read_text("utf-8")))
    both = runs / "idk-mrc", runs / "idk-mrc-gold-removed"
    if all((run / SUMMARY_FILE).exists() for run in both):
        parts["removed"] = removed_table(*both)
    if list((runs / "citations").glob("*.jsonl")):
        parts["citations"] = citations_table(runs / "citations")
    peers = runs / "peers" / "table.md"
    if peers.exists():
        parts["peers"] = peers.read_text("utf-8")
    PAGE.write_text(fill(PAGE.read_text("utf-8"), parts), "utf-8")


if __name__ == "__main__":
    _main(CHECKOUT / "runs")
