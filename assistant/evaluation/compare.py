"""Two runs of the same questions, side by side, so that noise isn't called progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingsError
from assistant.evaluation.bootstrap import Interval, interval
from assistant.evaluation.judging import Mark, judge
from assistant.evaluation.run import read_records, run_facts
from assistant.evaluation.summary import LOWER_IS_BETTER, values_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two runs over the questions both answer; `gain` is B minus A.

    `verdict`: "better" or "worse" where the interval of the gain leaves out zero, in the
    figure's own sense of better; "same" otherwise.
    """

    figure: str
    a: float
    b: float
    gain: Interval
    verdict: str


def compare_folders(a: Path, b: Path) -> list[Difference]:
    """Compare two run folders; raises SettingsError if their questions have nothing in common."""
    facts = run_facts(a), run_facts(b)
    marks = judge(read_records(a)), judge(read_records(b))
    if not {m.id for m in marks[0]} & {m.id for m in marks[1]}:
        raise SettingsError(
            f"{a} ({facts[0]['dataset']}) and {b} ({facts[1]['dataset']}) share no question.",
            hint="Compare two runs of one data set.",
        )
    return compare(*marks)


def compare(a: Sequence[Mark], b: Sequence[Mark]) -> list[Difference]:
    """The paired differences of every figure that applies to some question in both runs."""
    differences = []
    in_a, in_b = _values(a), _values(b)
    for figure in in_a:
        shared = [id_ for id_ in in_a[figure] if id_ in in_b.get(figure, {})]
        if not shared:
            continue
        before = [in_a[figure][id_] for id_ in shared]
        after = [in_b[figure][id_] for id_ in shared]
        gain = interval([y - x for x, y in zip(before, after, strict=True)])
        differences.append(
            Difference(
                figure,
                interval(before).value,
                interval(after).value,
                gain,
                _verdict(gain, lower_is_better=figure in LOWER_IS_BETTER),
            )
        )
    return differences


def _values(marks: Sequence[Mark]) -> Mapping[str, Mapping[str, float]]:
    """Figure -> question id -> value."""
    latencies = {
        "ask ms": {m.id: m.ask_ms for m in marks if m.asked},
        "retrieve ms": {m.id: m.retrieve_ms for m in marks},
    }
    return values_of(marks) | latencies


def _verdict(gain: Interval, *, lower_is_better: bool) -> str:
    if gain.low <= 0 <= gain.high:
        return "same"
    return "better" if (gain.value > 0) is not lower_is_better else "worse"
