"""The field's measures, by their published definitions, over plain values.

Retrieval measures come from ir_measures (trec_eval's code); the area under the ROC curve
from scikit-learn. What no library offers, or only with a language model attached, is written
out here in a few lines beside its source.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from assistant.evaluation.datasets import GoldQuestion
from assistant.types import Language

T = TypeVar("T")

RETRIEVAL_MEASURES = ("Success@1", "R@1", "R@5", "R@10", "RR@10", "nDCG@10")
"""ir_measures' own names. Success@1: a gold file stands first; R@k: share of the gold files
among the first k; where each question has one gold file the two agree at k=1."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WORD = re.compile(r"%|[^\W_]+")
# SQuAD's script strips ASCII punctuation; news text has these in its place.
_PUNCTUATION = set(string.punctuation) | set("“”‘’«»–—…")


# Retrieval


def retrieval(
    qrels: Mapping[str, Sequence[str]], run: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Per question id, each of RETRIEVAL_MEASURES in [0, 1], higher is better.

    `qrels` names the gold files of each question (at least one); `run` the files found, best
    first, each once. A question that is not in the run scores zero.
    """
    import ir_measures

    measures = [ir_measures.parse_measure(name) for name in RETRIEVAL_MEASURES]
    wanted = [
        ir_measures.Qrel(query, file, 1) for query, files in qrels.items() for file in set(files)
    ]
    # Scores are made from ranks: trec_eval breaks ties by document id, which is not our order.
    found = [
        ir_measures.ScoredDoc(query, file, 1.0 / rank)
        for query, files in run.items()
        for rank, file in enumerate(dict.fromkeys(files), start=1)
    ]
    scores = {query: dict.fromkeys(RETRIEVAL_MEASURES, 0.0) for query in qrels}
    for value in ir_measures.iter_calc(measures, wanted, found):
        scores[value.query_id][str(value.measure)] = float(value.value)
    return scores


# Answers


def normalise(text: str, language: Language) -> str:
    """SQuAD's normalisation: case, punctuation, English articles and extra space removed.

    After Rajpurkar et al. 2016 (evaluate-v2.0.py); Indonesian has no articles to drop.
    """
    folded = "".join(c for c in text.lower() if c not in _PUNCTUATION)
    if language == "en":
        folded = _ARTICLES.sub(" ", folded)
    return " ".join(folded.split())


def exact_match(predicted: str, accepted: Sequence[str], language: Language) -> float:
    """1.0 if the prediction is one of the accepted answers after normalisation, else 0.0.

    No accepted answers means the right prediction is none at all (SQuAD 2.0).
    """
    guess = normalise(predicted, language)
    return float(any(guess == normalise(gold, language) for gold in accepted or [""]))


def token_f1(predicted: str, accepted: Sequence[str], language: Language) -> float:
    """SQuAD's bag-of-tokens F1 against the best accepted answer, in [0, 1]."""
    guess = normalise(predicted, language).split()
    return max(_f1(guess, normalise(gold, language).split()) for gold in accepted or [""])


def _f1(guess: list[str], gold: list[str]) -> float:
    if not guess or not gold:
        return float(guess == gold)
    shared = sum((Counter(guess) & Counter(gold)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(guess), shared / len(gold)
    return 2 * precision * recall / (precision + recall)


def contains_answer(text: str, answers: Iterable[str], evidence: Iterable[str] = ()) -> bool:
    """Whether a text holds an accepted answer, word for word, and the evidence if any is given."""
    words = _words(text)

    def holds(wanted: str) -> bool:
        return bool(_words(wanted).strip()) and _words(wanted) in words

    needed = list(evidence)
    return any(map(holds, answers)) and (not needed or any(map(holds, needed)))


def answer_in_citation(gold: GoldQuestion, quotes: Iterable[tuple[str, str]]) -> bool:
    """Whether the quotes cited, pairs of (file, text), hold an accepted answer.

    Only quotes from gold files count. Where the question needs "all" gold files, each of them
    has to be cited with an answer of its own. False for a question without accepted answers.
    """
    by_file: dict[str, list[str]] = {}
    for file, text in quotes:
        by_file.setdefault(file, []).append(text)
    hits = [
        contains_answer("\n".join(by_file.get(file, ())), gold.answers, gold.evidence)
        for file in gold.files
    ]
    return bool(hits) and (all(hits) if gold.needs == "all" else any(hits))


def _words(text: str) -> str:
    """Words between single spaces, so that 25 is not found in 2025, nor "54" in "154"."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


# Refusals


@dataclass(frozen=True, slots=True)
class RefusalPoint:
    """Refusing below `threshold` would refuse these shares of the two kinds of questions."""

    threshold: float
    refused_unanswerable: float
    refused_answerable: float


def refusal_curve(scores: Sequence[float], answerable: Sequence[bool]) -> list[RefusalPoint]:
    """One point per distinct score, from refusing nothing to refusing everything.

    `scores` say how sure the system is that the articles answer, higher is surer. A share
    over no question is nan.
    """
    values, truth = np.asarray(scores, float), np.asarray(answerable, bool)
    thresholds = [*np.unique(values), np.inf]
    return [
        RefusalPoint(
            float(threshold),
            _share(values[~truth] < threshold),
            _share(values[truth] < threshold),
        )
        for threshold in thresholds
    ]


def auc(scores: Sequence[float], answerable: Sequence[bool]) -> float:
    """Area under the ROC curve: how often an answerable question scores above one that isn't.

    In [0, 1]; 0.5 is chance. nan when either kind is absent.
    """
    if len(set(answerable)) < 2:
        return float("nan")
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(np.asarray(answerable, int), np.asarray(scores, float)))


def risk_coverage(scores: Sequence[float], correct: Sequence[bool]) -> list[tuple[float, float]]:
    """(coverage, risk) after answering the 1, 2, … n surest questions.

    Risk is the share of wrong answers among those given (Geifman and El-Yaniv 2017). Equal
    scores count as in random order: their errors are spread evenly over them.
    """
    values, right = np.asarray(scores, float), np.asarray(correct, bool)
    order = np.argsort(-values, kind="stable")
    wrong = (~right[order]).astype(float)
    _, starts, sizes = np.unique(-values[order], return_index=True, return_counts=True)
    for start, size in zip(starts, sizes, strict=True):
        wrong[start : start + size] = wrong[start : start + size].mean()
    given = np.arange(1, len(wrong) + 1)
    risks = np.cumsum(wrong) / given
    return [(float(c), float(r)) for c, r in zip(given / len(wrong), risks, strict=True)]


def aurc(scores: Sequence[float], correct: Sequence[bool]) -> float:
    """Area under the risk-coverage curve, in [0, 1], lower is better; nan over nothing."""
    if not len(scores):
        return float("nan")
    return float(np.mean([risk for _, risk in risk_coverage(scores, correct)]))


# Support and citations


def support_shares(supports: Iterable[str]) -> dict[str, float]:
    """Share of sentences of each support class; empty over no sentence."""
    counts = Counter(supports)
    total = sum(counts.values())
    return {
        name: counts[name] / total
        for name in ("quoted", "supported", "weak", "unsupported")
        if total
    }


def citation_scores(
    sentences: Sequence[tuple[str, Sequence[T]]],
    entails: Callable[[Sequence[T], str], bool],
) -> tuple[float, float]:
    """ALCE's citation recall and precision of one answer (Gao et al. 2023, section 3).

    `sentences` are pairs of a sentence and the passages it cites; `entails(passages, sentence)`
    is the judge. Recall: share of sentences that have citations which together entail them.
    Precision: share of citations that are not irrelevant; one is irrelevant if its sentence is
    not entailed at all, or if it doesn't entail alone and the others do so without it.
    nan where there is nothing to count.
    """
    recalled: list[bool] = []
    precise: list[bool] = []
    for sentence, cited in sentences:
        held = bool(cited) and entails(cited, sentence)
        recalled.append(held)
        for position, passage in enumerate(cited):
            rest = [*cited[:position], *cited[position + 1 :]]
            needless = bool(rest) and not entails([passage], sentence) and entails(rest, sentence)
            precise.append(held and not needless)
    return _share(recalled), _share(precise)


# Reliability and latency


def reliability(
    scores: Sequence[float], correct: Sequence[bool], *, bins: int = 10
) -> tuple[list[tuple[float, float, int]], float]:
    """Per occupied bin (mean score, share correct, count), and the expected calibration error.

    Scores in [0, 1]; equal-width bins, the last one closed (Guo et al. 2017).
    """
    values, right = np.asarray(scores, float), np.asarray(correct, float)
    place = np.clip((values * bins).astype(int), 0, bins - 1)
    rows = [
        (float(values[place == b].mean()), float(right[place == b].mean()), int(sum(place == b)))
        for b in np.unique(place)
    ]
    if not rows:
        return [], float("nan")
    return rows, float(sum(n * abs(s - c) for s, c, n in rows) / len(values))


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p90, p95, p99 and the maximum (linear interpolation); empty over nothing."""
    if not len(values):
        return {}
    marks = {"p50": 50, "p90": 90, "p95": 95, "p99": 99, "max": 100}
    return {name: float(np.percentile(values, mark)) for name, mark in marks.items()}


def mean(values: Iterable[float]) -> float:
    """The mean; nan over nothing."""
    listed = list(values)
    return float(np.mean(listed)) if listed else float("nan")


def _share(flags: Any) -> float:
    return float(np.mean(flags)) if len(flags) else float("nan")
