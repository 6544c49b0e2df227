"""Fits the ranking models of `assistant.ranking`, and the threshold for refusing.

The training questions are those that the given embedder did not learn from (else its
cosines would look better here than they ever will be). Each is asked as it is, and with
the passage that answers it taken away; the annotators' unanswerable variants are asked as
they are. The models are logistic regressions, so that every weight can be read.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from assistant.embedding import load_embedder
from assistant.evaluation.datasets import GoldQuestion
from assistant.extractive import ExtractiveAnswerer
from assistant.features import (
    ANSWER_FEATURES,
    PASSAGE_FEATURES,
    REREAD_FEATURES,
    SENTENCE_FEATURES,
    Candidate,
    Reliability,
    Weighted,
    answer_features,
    held_anywhere,
    matched,
    passage_features,
)
from assistant.index import Index
from assistant.query import analyse_question
from assistant.ranking import WEIGHTS_FILE, Logistic, RankingModels
from assistant.reader import bundled_reader
from assistant.retrieval import LEAD, PASSAGES_PER_ANSWER, REREAD, Retriever, as_passage
from assistant.training import held_out
from assistant.training.held_out import HeldOut
from assistant.training.logistic import Fitted, fit_listwise, fit_logistic
from assistant.types import Embedder, Passage, SentenceSpan

FALSE_REFUSALS = 0.07
"""Share of answerable held-out questions that the threshold refuses. They are easier than most
people's, having been asked with the passage at hand: of the seeds' tuning half 0.07 refuses 0.09,
and 0.10 would refuse 0.13."""

MIN_SEEN = 8
"""Questions a stem must occur in before its own reliability is believed; the prior counts
as many."""

FOLDS = 5

AGAINST = frozenset(
    {
        "nowhere",
        "named_nowhere",
        "names_lost",
        "negation_differs",
        "antonym",
        "qualifier_lost",
        "rarest_missing",
        "rarest_missing_here",
        "names_missing",
        "passage_second",
        "lexical_second",
        "lexical_fifth",
    }
)
"""Features that can only speak against an answer."""

EITHER = frozenset(
    {"length", "position", "lead", "first", "terms", "kind_unknown", "sentence_lead"}
)
"""Features that may speak for or against; every other can only speak for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the candidates that were found for it, some of them of a gold file."""

    question: GoldQuestion
    answerable: bool
    weighted: Weighted
    candidates: tuple[Candidate, ...]

    @property
    def gold(self) -> NDArray[np.bool_]:
        """Which candidates are of a gold file."""
        return np.array([c.chunk.file in self.question.files for c in self.candidates], dtype=bool)

    @property
    def passage_rows(self) -> NDArray[np.float64]:
        """One row of features per candidate."""
        return np.array([passage_features(self.weighted, c) for c in self.candidates])


@dataclass(frozen=True, slots=True)
class Read:
    """A question's passages as an answerer gets them, with their sentences' features."""

    asked: Asked
    passages: tuple[Passage, ...]
    rows: NDArray[np.float64]
    answers: NDArray[np.bool_]
    held: tuple[float, ...]

    def row(self, logits: NDArray[np.float64]) -> list[float]:
        """The question's own row of features."""
        return answer_features(
            self.asked.weighted,
            self.rows.tolist(),
            logits.tolist(),
            passages=[passage.score for passage in self.passages],
            lexical=[passage.lexical or 0.0 for passage in self.passages],
            dense=[passage.dense or 0.0 for passage in self.passages],
            held=self.held,
        )


def fit(folders: Sequence[HeldOut], embedder: Embedder) -> dict[str, Any]:
    """The content of `models/ranking.json`."""
    with ExitStack() as stack:
        indexes = []
        for folder in folders:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            seeds = folder.dataset.write_folder(root / "seeds")
            index = stack.enter_context(Index.open(seeds, root / "index", embedder=embedder))
            index.refresh()
            indexes.append((index, folder.questions))
        return _fit(indexes, embedder)


def _fit(
    indexes: Sequence[tuple[Index, Sequence[GoldQuestion]]], embedder: Embedder
) -> dict[str, Any]:
    unfitted = Logistic((), 0.0)
    models = RankingModels(
        Reliability({}, 0.9, 0.6), unfitted, unfitted, unfitted, unfitted, threshold=0.0
    )
    unweighted = [
        one
        for index, questions in indexes
        for one in _ask(Retriever(index, embedder, models=models), questions, removed=False)
    ]
    models = replace(models, reliability=_reliability(unweighted))

    asked: list[tuple[Index, Asked]] = []
    for index, questions in indexes:
        retriever = Retriever(index, embedder, models=models)
        asked.extend((index, one) for one in _ask(retriever, questions, removed=True))
    intact = [one for _, one in asked if one.answerable]
    passage = fit_listwise(
        [one.passage_rows for one in intact],
        [one.gold for one in intact],
        _signs(PASSAGE_FEATURES),
    )
    models = replace(models, passage=passage.frozen())
    reread = _reread_model([one for _, one in asked], models)
    models = replace(models, reread=reread.frozen())
    read = []
    for index, own in groupby(asked, key=itemgetter(0)):
        retriever = Retriever(index, embedder, models=models)
        answerer = ExtractiveAnswerer(retriever, embedder, models=models)
        read += [_read(one, retriever, answerer) for _, one in own]
    read = [one for one in read if len(one.rows)]
    groups = np.array([_group(one.asked.question) for one in read])

    logits: dict[int, NDArray[np.float64]] = {}
    for train, test in GroupKFold(FOLDS).split(read, groups=groups):
        model = _sentence_model([read[at] for at in train])
        logits |= {at: model.log_odds(read[at].rows) for at in test}
    rows = np.array([one.row(logits[at]) for at, one in enumerate(read)])
    answerable = np.array([one.asked.answerable for one in read])
    adversarial = np.array([not one.asked.question.answerable for one in read])
    confidence = np.zeros(len(read))
    for train, test in GroupKFold(FOLDS).split(read, groups=groups):
        model = fit_logistic(rows[train], answerable[train], _signs(ANSWER_FEATURES))
        confidence[test] = model.probability(rows[test])
    threshold = float(np.quantile(confidence[answerable], FALSE_REFUSALS))
    removed = ~answerable & ~adversarial
    return {
        "fitted_on": {
            "questions": sum(len(questions) for _, questions in indexes),
            "asked": len(read),
            "answerable": int(answerable.sum()),
            "auc_gold_removed": _auc(confidence[answerable], confidence[removed]),
            "auc_adversarial": _auc(confidence[answerable], confidence[adversarial]),
            "refused_gold_removed": _share(confidence[removed] < threshold),
            "refused_adversarial": _share(confidence[adversarial] < threshold),
            "false_refusals": FALSE_REFUSALS,
        },
        "threshold": round(threshold, 4),
        "passage": _stored(passage, PASSAGE_FEATURES),
        "reread": _stored(reread, REREAD_FEATURES),
        "sentence": _stored(_sentence_model(read), SENTENCE_FEATURES),
        "answer": _stored(fit_logistic(rows, answerable, _signs(ANSWER_FEATURES)), ANSWER_FEATURES),
        "reliability": {
            "named": round(models.reliability.named, 4),
            "other": round(models.reliability.other, 4),
            "stems": {s: round(v, 3) for s, v in sorted(models.reliability.stems.items())},
        },
    }


def _auc(answerable: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    labels = np.concatenate([np.ones(len(answerable)), np.zeros(len(other))])
    return round(float(roc_auc_score(labels, np.concatenate([answerable, other]))), 4)


def _share(which: NDArray[np.bool_]) -> float:
    return round(float(which.mean()), 4)


def write(stored: dict[str, Any], path: Path) -> None:
    """Write the models as JSON that a person can read."""
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _ask(
    retriever: Retriever, questions: Sequence[GoldQuestion], *, removed: bool
) -> Iterable[Asked]:
    """Each question as it is, and, if it has an answer and `removed`, with that taken away."""
    for question in questions:
        weighted = retriever.weigh(analyse_question(question.question, question.language))
        candidates = tuple(retriever.candidates(weighted))
        if not candidates:
            continue
        yield Asked(question, question.answerable, weighted, candidates)
        rest = [c for c in candidates if c.chunk.file not in question.files]
        if removed and question.answerable and rest:
            lexical = max(c.lexical_share for c in rest) or 1.0
            dense = max(c.dense_share for c in rest) or 1.0
            without = tuple(
                replace(
                    c, lexical_share=c.lexical_share / lexical, dense_share=c.dense_share / dense
                )
                for c in rest
            )
            yield Asked(question, False, weighted, without)


def _reread_model(asked: Iterable[Asked], models: RankingModels) -> Fitted:
    """Weighs the reader's word against the ranking's, where the ranking is open."""
    reader = bundled_reader()
    lists, gold = [], []
    for one in asked:
        odds = np.array([models.passage.log_odds(row) for row in one.passage_rows.tolist()])
        order = np.argsort(-odds, kind="stable")[:REREAD]
        if not one.answerable or len(order) < 2 or odds[order[0]] - odds[order[1]] >= LEAD:
            continue
        passages = [as_passage(0.0, one.candidates[at]) for at in order]
        read = [reader.read(one.question.question, passage).answers for passage in passages]
        lists.append(np.column_stack([odds[order], read]))
        gold.append(one.gold[order])
    return fit_listwise(lists, gold, _signs(REREAD_FEATURES))


def _read(asked: Asked, retriever: Retriever, answerer: ExtractiveAnswerer) -> Read:
    ranked = retriever.ranked(asked.weighted, asked.candidates)
    passages = [as_passage(score, candidate) for score, candidate in ranked]
    passages = passages[:PASSAGES_PER_ANSWER]
    rows, answers, readings = [], [], []
    for passage, reading, each in answerer.features(asked.weighted, passages):
        readings.append(reading)
        for sentence, row in zip(reading.sentences, each, strict=True):
            rows.append(row)
            answers.append(asked.answerable and _answers(asked.question, passage, sentence.span))
    return Read(
        asked,
        tuple(passages),
        np.array(rows),
        np.array(answers, dtype=bool),
        tuple(held_anywhere(asked.weighted, readings)),
    )


def _sentence_model(read: Sequence[Read]) -> Fitted:
    """Ranks a question's sentences: fitted on the questions that have an answer."""
    intact = [one for one in read if one.asked.answerable]
    return fit_listwise(
        [one.rows for one in intact],
        [one.answers for one in intact],
        _signs(SENTENCE_FEATURES),
    )


def _signs(names: Sequence[str]) -> list[int]:
    """What each feature may say: 1 for, -1 against, 0 either."""
    bare = [name.removeprefix("best_").removeprefix("any_") for name in names]
    return [0 if name in EITHER else -1 if name in AGAINST else 1 for name in bare]


def _reliability(asked: Iterable[Asked]) -> Reliability:
    """How often the gold passage holds each word of its question."""
    held: defaultdict[str, float] = defaultdict(float)
    seen: defaultdict[str, int] = defaultdict(int)
    by_class: dict[bool, list[float]] = {True: [], False: []}
    for one in asked:
        gold = [c for c in one.candidates if c.chunk.file in one.question.files]
        if not gold:
            continue
        reading = gold[0].reading
        strengths = matched(one.weighted, reading.stems, reading.joined).strengths
        for term, strength in zip(one.weighted.query.terms, strengths, strict=True):
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
    return (
        passage.file in question.files
        and any(answer.casefold() in text for answer in question.answers)
        and (not question.evidence or any(part.casefold() in text for part in question.evidence))
    )


def _group(question: GoldQuestion) -> str:
    """Questions about one passage stay in one fold."""
    return "|".join(question.files or question.context)


def _stored(model: Fitted, names: Sequence[str]) -> dict[str, Any]:
    weights = zip(names, model.weights, strict=True)
    return {"bias": round(model.bias, 5), "weights": {n: round(float(w), 5) for n, w in weights}}


def main() -> None:
    """`python -m assistant.training.ranking --data DIR`: an embedder with less data, then this."""
    parser = argparse.ArgumentParser(prog="python -m assistant.training.ranking")
    parser.add_argument("--data", type=Path, required=True, help="the folder of training data")
    parser.add_argument("--embedder", type=Path, help="one trained with --hold-out, if at hand")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.embedder or Path(folder) / "embedder.npz"
        if options.embedder is None:
            _train_embedder(options.data, Path(folder))
        write(fit(held_out.load(options.data), load_embedder("bundled", file=path)), WEIGHTS_FILE)


def _train_embedder(folder: Path, out: Path) -> None:
    """The bundled embedder's recipe on what isn't held out. Needs torch."""
    from assistant.training import data, embedder, translations
    from assistant.translation import TranslationTable

    examples = data.load(folder, hold_out=True)
    links = translations.align(list(examples.pairs()))
    lines = out / "translations.tsv.gz"
    translations.write(translations.table(links), lines)
    trained = embedder.train(examples, links, TranslationTable(lines), embedder.Recipe())
    embedder.write(trained, out / "embedder.npz")


if __name__ == "__main__":
    main()
