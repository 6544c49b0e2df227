"""The report's plots, as SVG text to stand inside the page."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from assistant.evaluation import metrics
from assistant.evaluation.judging import Mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, MAIN, OTHER = "#1f2933", "#9aa5b1", "#0b6e99", "#c2410c"
SIZE = (4.6, 3.3)  # inches: two stand side by side on a laptop's screen


def refusals(marks: Sequence[Mark]) -> str | None:
    """Refusals against false refusals at every threshold, with the one in use; None: no data."""
    asked = _scored(marks)
    if len({m.answerable for m in asked}) < 2:
        return None
    points = metrics.refusal_curve([m.confidence for m in asked], [m.answerable for m in asked])

    def draw(axes: Axes) -> None:
        axes.plot(
            [p.refused_answerable for p in points],
            [p.refused_unanswerable for p in points],
            color=MAIN,
        )
        axes.plot([0, 1], [0, 1], color=SOFT, linewidth=0.8, linestyle=":")
        falsely = metrics.mean(float(not m.answered) for m in asked if m.answerable)
        rightly = metrics.mean(float(not m.answered) for m in asked if not m.answerable)
        axes.plot([falsely], [rightly], "o", color=OTHER)
        axes.annotate(
            f"in use: {rightly:.0%} at {falsely:.0%}",
            (falsely, rightly),
            xytext=(10, -14),
            textcoords="offset points",
            color=OTHER,
        )
        axes.set(
            xlabel="answerable questions refused",
            ylabel="unanswerable questions refused",
            xlim=(-0.02, 1.02),
            ylim=(-0.02, 1.02),
        )

    return _svg(draw)


def risk(marks: Sequence[Mark]) -> str | None:
    """Share of wrong answers among the surest so many of the answerable questions."""
    asked = [m for m in _scored(marks) if m.answerable]
    if not asked:
        return None
    curve = metrics.risk_coverage([m.confidence for m in asked], [m.right == 1 for m in asked])

    def draw(axes: Axes) -> None:
        axes.plot([c for c, _ in curve], [r for _, r in curve], color=MAIN)
        axes.set(
            xlabel="share of answerable questions answered, surest first",
            ylabel="share of these answers wrong",
            xlim=(0, 1.02),
            ylim=(-0.02, 1.02),
        )

    return _svg(draw)


def calibration(marks: Sequence[Mark]) -> str | None:
    """How often the answers given with each score are right; the diagonal is honesty."""
    given = [m for m in _scored(marks) if m.answered and 0 <= m.confidence <= 1]
    rows, error = metrics.reliability([m.confidence for m in given], [m.right == 1 for m in given])
    if not rows:
        return None

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, linewidth=0.8, linestyle=":")
        axes.plot([s for s, _, _ in rows], [c for _, c, _ in rows], color=MAIN, linewidth=0.8)
        axes.scatter(
            [s for s, _, _ in rows],
            [c for _, c, _ in rows],
            s=[12 + 4 * n for _, _, n in rows],
            color=MAIN,
            alpha=0.6,
        )
        axes.annotate(f"calibration error {error:.3f}", (0.02, 0.94), color=INK)
        axes.set(
            xlabel="confidence (dots grow with the number of answers)",
            ylabel="share of answers right",
            xlim=(-0.02, 1.02),
            ylim=(-0.02, 1.02),
        )

    return _svg(draw)


def latency(marks: Sequence[Mark]) -> str | None:
    """How long questions took, on a logarithmic scale."""
    values = [m.ask_ms for m in marks if m.asked and m.ask_ms > 0]
    if not values:
        return None
    low, high = math.floor(math.log10(min(values)) * 5) / 5, math.log10(max(values)) + 0.2
    steps = max(2, round((high - low) * 10))
    edges = [10 ** (low + (high - low) * i / steps) for i in range(steps + 1)]

    def draw(axes: Axes) -> None:
        axes.hist(values, bins=edges, color=MAIN, alpha=0.8)
        axes.set_xscale("log")
        marks_at = metrics.percentiles(values)
        for name in ("p50", "p95"):
            axes.axvline(marks_at[name], color=OTHER, linewidth=0.8)
            axes.annotate(
                f"{name} {marks_at[name]:.0f} ms",
                (marks_at[name], axes.get_ylim()[1]),
                xytext=(3, -10 if name == "p50" else -22),
                textcoords="offset points",
                color=OTHER,
            )
        axes.set(xlabel="milliseconds per question", ylabel="questions")

    return _svg(draw)


def _scored(marks: Sequence[Mark]) -> list[Mark]:
    return [m for m in marks if m.asked and not math.isnan(m.confidence)]


def _svg(draw: Callable[[Axes], None]) -> str:
    """One figure as an `<svg>` element; the same data give the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "svg.fonttype": "none",  # text stays text: searchable, and small
        "svg.hashsalt": "assistant",
        "font.family": "sans-serif",
        "font.size": 9,
        "text.color": INK,
        "axes.edgecolor": SOFT,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": INK,
        "ytick.color": INK,
    }
    with mpl.rc_context(style):
        figure = Figure(figsize=SIZE, layout="constrained")
        draw(figure.add_subplot())
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    # Metadata names schemas by address; a self-contained page has no need of them.
    return re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
