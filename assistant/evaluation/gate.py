"""The regression gate: key figures may not fall below the committed ones.

`gate.json` holds, per data set and figure, the value and the margin below it (the lower side
of its 95 % bootstrap interval) when it was committed. It is changed on purpose only:
`python -m assistant.evaluation.gate --reason "…"` measures anew and writes it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from assistant.errors import SettingsError
from assistant.evaluation.bootstrap import interval
from assistant.evaluation.command import opener_for
from assistant.evaluation.datasets import Dataset, data_folder, load
from assistant.evaluation.judging import judge
from assistant.evaluation.run import run
from assistant.evaluation.summary import LOWER_IS_BETTER, values_of

GATE_FILE = Path(__file__).parent / "gate.json"
SAMPLE = 200
"""Questions of IDK-MRC valid, half of them unanswerable: 20 seconds on two cores."""

LEAST_QUESTIONS = 2
"""A figure without spread has an interval of no width; this many questions may still turn,
since another machine's arithmetic can tip a question that lies on the edge."""

FIGURES = (
    "answers right",
    "refusals right",
    "false refusals",
    "Success@1",
    "answer R@5",
    "nDCG@10",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A committed figure; `margin` is how far a later one may lie on its bad side."""

    value: float
    margin: float


def datasets(data: Path | None = None) -> list[Dataset]:
    """The sets of the gate; only the seeds where the data folder isn't there."""
    sets = [load("seeds")]
    try:
        root = data_folder(data)
    except SettingsError:
        return sets
    return [*sets, load("idk-mrc", data=root).sample(SAMPLE)]


def measure(dataset: Dataset, work: Path) -> dict[str, Bar]:
    """The gate's figures of one data set, as they are now."""
    files = dataset.write_folder(work / "files")
    opener = opener_for(llm=None, embedder="bundled")
    with opener(files, work / "index", lambda _stage, _done, _total: None) as system:
        marks = judge(run(dataset, system, work / "run", settings={"system": "assistant"}))
    bars = {}
    for figure, values in values_of(marks).items():
        if figure in FIGURES:
            found = interval(list(values.values()))
            bad_end = found.high if figure in LOWER_IS_BETTER else found.low
            margin = max(abs(found.value - bad_end), LEAST_QUESTIONS / found.n)
            bars[figure] = Bar(round(found.value, 4), round(margin, 4))
    return bars


def committed() -> dict[str, dict[str, Bar]]:
    """The figures of `gate.json`, by data set."""
    rows = json.loads(GATE_FILE.read_text("utf-8"))["sets"]
    return {
        name: {figure: Bar(**bar) for figure, bar in figures.items()}
        for name, figures in rows.items()
    }


def falls(before: Mapping[str, Bar], now: Mapping[str, Bar]) -> list[str]:
    """One line for each figure that is worse than committed by more than its margin."""
    lines = []
    for figure, bar in before.items():
        value = now[figure].value if figure in now else float("nan")
        sign = -1 if figure in LOWER_IS_BETTER else 1
        if not sign * (value - bar.value) >= -bar.margin:
            lines.append(f"{figure}: {value:.3f}, committed {bar.value:.3f} ± {bar.margin:.3f}")
    return lines


def write(sets: Mapping[str, Mapping[str, Bar]], *, reason: str) -> None:
    """Commit these figures, with the reason why they changed."""
    content: dict[str, Any] = {
        "reason": reason,
        "sets": {
            name: {figure: asdict(bar) for figure, bar in bars.items()}
            for name, bars in sets.items()
        },
    }
    GATE_FILE.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _measured(sets: Sequence[Dataset]) -> dict[str, dict[str, Bar]]:
    measured = {}
    for dataset in sets:
        with tempfile.TemporaryDirectory() as work:
            measured[dataset.name] = measure(dataset, Path(work))
    return measured


if __name__ == "__main__":
    import typer

    def main(
        reason: Annotated[str, typer.Option(help="Why the figures change.")],
        data: Annotated[Path | None, typer.Option(help="Folder of the published sets.")] = None,
    ) -> None:
        """Measure the gate's figures anew and write them to gate.json."""
        write(_measured(datasets(data)), reason=reason)
        typer.echo(GATE_FILE.read_text("utf-8"))

    typer.run(main)
