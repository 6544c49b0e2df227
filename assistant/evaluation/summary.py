"""Figures over marks: of the whole run, and by language, kind, answerability and turn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.evaluation import metrics
from assistant.evaluation.bootstrap import interval
from assistant.evaluation.judging import Mark

GROUPINGS = ("language", "kind", "answerability", "turn", "split")

FIGURES: dict[str, tuple[Callable[[Mark], float], Callable[[Mark], bool]]] = {
    "right": (lambda m: m.right, lambda m: m.asked),
    "answers right": (lambda m: m.right, lambda m: m.asked and m.answerable),
    "gold file cited": (lambda m: m.gold_cited, lambda m: not math.isnan(m.gold_cited)),
    "refusals right": (lambda m: m.right, lambda m: m.asked and not m.answerable),
    "false refusals": (
        lambda m: float(not m.answered),
        lambda m: m.asked and m.answerable,
    ),
    "exact match": (lambda m: m.exact, lambda m: not math.isnan(m.exact)),
    "F1": (lambda m: m.f1, lambda m: not math.isnan(m.f1)),
    "citation recall": (lambda m: m.citation_recall, lambda m: not math.isnan(m.citation_recall)),
    "citation precision": (
        lambda m: m.citation_precision,
        lambda m: not math.isnan(m.citation_precision),
    ),
    "citation recall, by a model": (
        lambda m: m.model_recall,
        lambda m: not math.isnan(m.model_recall),
    ),
    "citation precision, by a model": (
        lambda m: m.model_precision,
        lambda m: not math.isnan(m.model_precision),
    ),
    "dangling markers": (lambda m: float(m.unknown_markers > 0), lambda m: m.answered),
    "failed": (lambda m: float(m.failed), lambda m: m.asked),
}
"""Name -> (value of a mark, which marks it is averaged over). Right: see Mark."""

RETRIEVAL_FIGURES = (*metrics.RETRIEVAL_MEASURES, "answer R@1", "answer R@5", "answer R@10")
"""The last three: a passage of a gold file that holds an accepted answer is among the first k."""


LOWER_IS_BETTER = frozenset(
    {"false refusals", "dangling markers", "failed", "ask ms", "retrieve ms"}
)


def values_of(marks: Sequence[Mark]) -> dict[str, dict[str, float]]:
    """Figure -> question id -> value in [0, 1], where the figure applies to the question."""
    out = {
        name: {mark.id: value(mark) for mark in marks if counts(mark)}
        for name, (value, counts) in FIGURES.items()
    } | {
        name: {mark.id: mark.retrieval[name] for mark in marks if name in mark.retrieval}
        for name in RETRIEVAL_FIGURES
    }
    return {name: values for name, values in out.items() if values}


def figures(marks: Sequence[Mark]) -> dict[str, float]:
    """Every figure that applies to these marks, each a mean in [0, 1]."""
    means = {name: metrics.mean(values.values()) for name, values in values_of(marks).items()}
    return {"questions": len(marks), **means}


def intervals(marks: Sequence[Mark]) -> dict[str, list[float]]:
    """Figure -> [low, high], the 95 % bootstrap interval of its mean."""
    out = {}
    for name, values in values_of(marks).items():
        found = interval(list(values.values()))
        out[name] = [found.low, found.high]
    return out


def summarise(marks: Sequence[Mark]) -> dict[str, Any]:
    """The summary of a run as JSON values."""
    asked = [mark for mark in marks if mark.asked and not math.isnan(mark.confidence)]
    scores = [mark.confidence for mark in asked]
    answerable = [mark.answerable for mark in asked]
    given = [mark for mark in asked if mark.answered]
    tokens = [mark.tokens for mark in marks if mark.tokens is not None]
    return {
        "overall": figures(marks),
        "interval": intervals(marks),
        "by": {grouping: _grouped(marks, grouping) for grouping in GROUPINGS},
        "refusals": {
            "AUC": metrics.auc(scores, answerable),
            "AURC": metrics.aurc(
                [mark.confidence for mark in asked if mark.answerable],
                [_would_be_right(mark) for mark in asked if mark.answerable],
            ),
            "in use": [
                metrics.mean(float(not m.answered) for m in asked if not m.answerable),
                metrics.mean(float(not m.answered) for m in asked if m.answerable),
            ],
            "at 10% false refusals": _refused_at(scores, answerable, 0.10),
            "curve": [
                [p.threshold, p.refused_unanswerable, p.refused_answerable]
                for p in metrics.refusal_curve(scores, answerable)
            ]
            if scores
            else [],
        },
        "support": metrics.support_shares(s for mark in given for s in mark.supports),
        "latency_ms": {
            "ask": metrics.percentiles([m.ask_ms for m in marks if m.asked]),
            "retrieve": metrics.percentiles([m.retrieve_ms for m in marks]),
        },
        "tokens per answer": metrics.mean(map(float, tokens)) if tokens else None,
    }


def _grouped(marks: Sequence[Mark], grouping: str) -> Mapping[str, Mapping[str, float]]:
    names = sorted({mark.groups[grouping] for mark in marks})
    return {name: figures([m for m in marks if m.groups[grouping] == name]) for name in names}


def _would_be_right(mark: Mark) -> bool:
    return mark.right == 1.0


def _refused_at(
    scores: Sequence[float], answerable: Sequence[bool], allowed: float
) -> float | None:
    """The most refusals of unanswerable questions at this share of false ones; None: no such."""
    if len(set(answerable)) < 2:
        return None
    return max(
        p.refused_unanswerable
        for p in metrics.refusal_curve(scores, answerable)
        if p.refused_answerable <= allowed
    )
