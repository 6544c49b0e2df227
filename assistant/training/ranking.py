"""Fits the ranking models of `assistant.ranking`, and the threshold for refusing.

The training questions are those that the given embedder did not learn from (else its
cosines would look better here than they ever will be). Each is asked as it is, and with
the passage that answers it taken away; the annotators' unanswerable variants are asked as
they are. The models are logistic regressions, so that every weight can be read.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.evaluation.datasets import Dataset, GoldQuestion
from assistant.extractive import ExtractiveAnswerer
from assistant.features import (
    ANSWER_FEATURES,
    PASSAGE_FEATURES,
    SENTENCE_FEATURES,
    Candidate,
    Reliability,
    answer_features,
    matched,
    passage_features,
)
from assistant.index import Index
from assistant.query import analyse_question
from assistant.ranking import Logistic, RankingModels
from assistant.retrieval import PASSAGES_PER_ANSWER, Retriever, as_passage
from assistant.types import Embedder, Passage, SentenceSpan

FALSE_REFUSALS = 0.08
"""Share of answerable training questions that the threshold refuses: under a tenth, with
room for questions that are harder than these."""

MIN_SEEN = 8
"""Questions a stem must occur in before its own reliability is believed; the prior counts
as many."""

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the candidates that were found for it."""

    question: GoldQuestion
    answerable: bool
    candidates: tuple[Candidate, ...]

    @property
    def gold(self) -> NDArray[np.bool_]:
        """Which candidates are of a gold file."""
        return np.array([c.chunk.file in self.question.files for c in self.candidates], dtype=bool)


def fit(dataset: Dataset, questions: Sequence[GoldQuestion], embedder: Embedder) -> dict[str, Any]:
    """The content of `models/ranking.json`, from `questions` over all of the set's passages."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = dataset.write_folder(Path(folder) / "seeds")
        with Index.open(seeds, Path(folder) / "index", embedder=embedder) as index:
            index.refresh()
            return _fit(index, questions, embedder)


def _fit(index: Index, questions: Sequence[GoldQuestion], embedder: Embedder) -> dict[str, Any]:
    unfitted = Logistic((), 0.0)
    blank = RankingModels(Reliability({}, 0.9, 0.6), unfitted, unfitted, unfitted, threshold=0.0)
    reliability = _reliability(Retriever(index, embedder, models=blank), questions)
    retriever = Retriever(index, embedder, models=replace(blank, reliability=reliability))
    asked = [one for q in questions for one in _ask(retriever, q)]

    def weighed(one: Asked) -> Any:
        return retriever.weigh(analyse_question(one.question.question, one.question.language))

    intact = [one for one in asked if one.answerable]
    passage_rows = [
        np.array([passage_features(weighed(one), c) for c in one.candidates]) for one in intact
    ]
    passage = _logistic(np.concatenate(passage_rows), np.concatenate([one.gold for one in intact]))
    models = replace(blank, reliability=reliability, passage=_folded(passage))
    answerer = ExtractiveAnswerer(retriever, embedder, models=models)

    rows: list[NDArray[np.float64]] = []
    labels: list[NDArray[np.bool_]] = []
    found: list[list[Passage]] = []
    for one in asked:
        weighted = weighed(one)
        passages = sorted(
            (
                as_passage(models.passage.probability(passage_features(weighted, c)), c)
                for c in one.candidates
            ),
            key=lambda p: (-p.score, p.id),
        )[:PASSAGES_PER_ANSWER]
        features = list(answerer.features(weighted, passages))
        rows.append(np.array([row for _, _, each in features for row in each]))
        labels.append(
            np.array(
                [
                    one.answerable
                    and _answers(one.question, p, sentence.span.start, sentence.span.end)
                    for p, reading, _ in features
                    for sentence in reading.sentences
                ]
            )
        )
        found.append(passages)
    kept = [at for at in range(len(asked)) if len(rows[at])]
    groups = np.array([_group(asked[at].question) for at in kept])
    logits: dict[int, NDArray[np.float64]] = {}
    for train, test in GroupKFold(FOLDS).split(kept, groups=groups):
        model = _logistic(
            np.concatenate([rows[kept[at]] for at in train]),
            np.concatenate([labels[kept[at]] for at in train]),
        )
        for at in test:
            logits[kept[at]] = model.decision_function(rows[kept[at]])
    sentence = _logistic(
        np.concatenate([rows[at] for at in kept]), np.concatenate([labels[at] for at in kept])
    )
    answer_rows = np.array(
        [
            answer_features(
                weighed(asked[at]),
                rows[at].tolist(),
                logits[at].tolist(),
                passages=[p.score for p in found[at]],
                lexical=[p.lexical or 0.0 for p in found[at]],
                dense=[p.dense or 0.0 for p in found[at]],
            )
            for at in kept
        ]
    )
    answerable = np.array([asked[at].answerable for at in kept])
    confidence = np.zeros(len(kept))
    for train, test in GroupKFold(FOLDS).split(kept, groups=groups):
        model = _logistic(answer_rows[train], answerable[train])
        confidence[test] = model.predict_proba(answer_rows[test])[:, 1]
    answer = _logistic(answer_rows, answerable)
    threshold = float(np.quantile(confidence[answerable], FALSE_REFUSALS))
    return {
        "fitted_on": {
            "questions": len(questions),
            "asked": len(asked),
            "answerable": int(answerable.sum()),
            "auc_cross_validated": round(float(roc_auc_score(answerable, confidence)), 4),
            "refused_cross_validated": round(
                float((confidence[~answerable] < threshold).mean()), 4
            ),
            "false_refusals": FALSE_REFUSALS,
        },
        "threshold": round(threshold, 4),
        "passage": _stored(passage, PASSAGE_FEATURES),
        "sentence": _stored(sentence, SENTENCE_FEATURES),
        "answer": _stored(answer, ANSWER_FEATURES),
        "reliability": {
            "named": round(reliability.named, 4),
            "other": round(reliability.other, 4),
            "stems": {s: round(v, 3) for s, v in sorted(reliability.stems.items())},
        },
    }


def write(stored: dict[str, Any], path: Path) -> None:
    """Write the models as JSON that a person can read."""
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _ask(retriever: Retriever, question: GoldQuestion) -> Iterable[Asked]:
    """The question as it is, and, if it has an answer, with that taken away."""
    weighted = retriever.weigh(analyse_question(question.question, question.language))
    candidates = retriever.candidates(weighted)
    if not candidates:
        return
    yield Asked(question, question.answerable, tuple(candidates))
    if question.answerable:
        rest = [c for c in candidates if c.chunk.file not in question.files]
        lexical = max((c.lexical_share for c in rest), default=0.0) or 1.0
        dense = max((c.dense_share for c in rest), default=0.0) or 1.0
        removed = tuple(
            replace(c, lexical_share=c.lexical_share / lexical, dense_share=c.dense_share / dense)
            for c in rest
        )
        if removed:
            yield Asked(question, answerable=False, candidates=removed)


def _reliability(retriever: Retriever, questions: Sequence[GoldQuestion]) -> Reliability:
    """How often the gold passage holds each word of its question."""
    held: defaultdict[str, float] = defaultdict(float)
    seen: defaultdict[str, int] = defaultdict(int)
    by_class: dict[bool, list[float]] = {True: [], False: []}
    for question in questions:
        if not question.answerable:
            continue
        weighted = retriever.weigh(analyse_question(question.question, question.language))
        gold = [c for c in retriever.candidates(weighted) if c.chunk.file in question.files]
        if not gold:
            continue
        strengths = matched(weighted, gold[0].reading.stems, gold[0].reading.joined).strengths
        for term, strength in zip(weighted.query.terms, strengths, strict=True):
            held[term.stem] += strength
            seen[term.stem] += 1
            by_class[term.named].append(strength)
    named, other = float(np.mean(by_class[True])), float(np.mean(by_class[False]))
    stems = {
        stem: (held[stem] + MIN_SEEN * other) / (count + MIN_SEEN)
        for stem, count in seen.items()
        if count >= MIN_SEEN
    }
    return Reliability(stems, named, other)


def _answers(question: GoldQuestion, passage: Passage, span: SentenceSpan) -> bool:
    text = passage.quote(span.start, span.end).casefold()
    return passage.file in question.files and any(a.casefold() in text for a in question.answers)


def _group(question: GoldQuestion) -> str:
    """Questions about one passage stay in one fold."""
    return "|".join(question.files or question.context)


def _logistic(rows: NDArray[np.float64], labels: NDArray[np.bool_]) -> Pipeline:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
    return model.fit(rows, labels)


def _folded(model: Pipeline) -> Logistic:
    """The model over the raw features: the standardisation folded into its weights."""
    scaler, logistic = model[0], model[-1]
    weights = logistic.coef_[0] / scaler.scale_
    bias = float(logistic.intercept_[0] - (weights * scaler.mean_).sum())
    return Logistic(tuple(float(w) for w in weights), bias)


def _stored(model: Pipeline, names: Sequence[str]) -> dict[str, Any]:
    folded = _folded(model)
    weights = zip(names, folded.weights, strict=True)
    return {"bias": round(folded.bias, 5), "weights": {n: round(w, 5) for n, w in weights}}
