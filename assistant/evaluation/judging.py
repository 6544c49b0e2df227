"""From what was said to marks: each record is judged against its gold, once, here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.evaluation import citation_judges, metrics
from assistant.evaluation.run import Record, files_found

if TYPE_CHECKING:
    from assistant.llm.language_model import LanguageModel

NOT_A_NUMBER = float("nan")
NOTHING = (NOT_A_NUMBER, NOT_A_NUMBER)


@dataclass(frozen=True, slots=True)
class Mark:
    """One question's marks, each in [0, 1] or nan where it doesn't apply.

    right: answered with an accepted answer in a quote of a gold file (a gold file cited, where
    the set has no answers); for an unanswerable question, refused. `confidence` is how sure the
    system was that the articles answer, whether it did so or not. Citation recall and
    precision are ALCE's, judged by our verifier; the `model_` ones by a language model.
    """

    id: str
    answerable: bool
    asked: bool
    failed: bool
    answered: bool
    right: float
    gold_cited: float
    exact: float
    f1: float
    confidence: float
    citation_recall: float
    citation_precision: float
    model_recall: float
    model_precision: float
    supports: tuple[str, ...]
    unknown_markers: int
    retrieval: Mapping[str, float]
    groups: Mapping[str, str]
    retrieve_ms: float
    ask_ms: float
    tokens: int | None = None


def judge(records: Sequence[Record], *, model: LanguageModel | None = None) -> list[Mark]:
    """The marks of a run, in the records' order; with a model, its view of citations too."""
    asker = citation_judges.language_model(model) if model else None
    qrels = {r.gold.id: r.gold.files for r in records if r.gold.answerable}
    scores = metrics.retrieval(
        qrels, {r.gold.id: files_found(r) for r in records if r.gold.answerable}
    )
    return [_mark(record, scores.get(record.gold.id, {}), asker) for record in records]


def confidence(answer: Mapping[str, Any]) -> float:
    """How sure the system was that the articles answer, higher is surer.

    The answer's own `confidence` where it has one. Otherwise the best sentence's score for an
    answer, and for a refusal that of the nearest article, kept below every answer.
    """
    if answer.get("confidence") is not None:
        return float(answer["confidence"])
    if answer["status"] == "answered":
        return 1.0 + max((s["score"] for s in answer["sentences"]), default=0.0)
    return max((n["score"] for n in answer["nearest"]), default=0.0)


def _mark(
    record: Record, retrieval: Mapping[str, float], asker: citation_judges.Entails | None
) -> Mark:
    gold, answer = record.gold, record.answer
    asked = answer is not None or record.error is not None
    answered = answer is not None and answer["status"] == "answered"
    quotes = [(c["file"], c["quote"]) for c in answer["citations"]] if answer else []
    cited = float(any(file in gold.files for file, _ in quotes))
    in_citation = metrics.answer_in_citation(gold, quotes) if gold.answers else bool(cited)
    predicted = _short(answer) if answer else ""
    with_answers = asked and (bool(gold.answers) or not gold.answerable)
    ours, theirs = NOTHING, NOTHING
    if answer:
        ours = citation_judges.score(answer, citation_judges.verifier(answer["language"]))
        theirs = citation_judges.score(answer, asker) if asker else NOTHING
    if not asked:
        right = NOT_A_NUMBER
    elif gold.answerable:
        right = float(answered and in_citation)
    else:
        right = float(not answered and record.error is None)
    hits = [found.hit for found in record.found]
    answer_recall = {
        f"answer R@{k}": float(any(hits[:k]))
        for k in (1, 5, 10)
        if gold.answerable and gold.answers
    }
    return Mark(
        id=gold.id,
        answerable=gold.answerable,
        asked=asked,
        failed=record.error is not None,
        answered=answered,
        right=right,
        gold_cited=cited if answered and gold.answerable else NOT_A_NUMBER,
        exact=(
            metrics.exact_match(predicted, gold.answers, gold.language)
            if with_answers
            else NOT_A_NUMBER
        ),
        f1=(
            metrics.token_f1(predicted, gold.answers, gold.language)
            if with_answers
            else NOT_A_NUMBER
        ),
        confidence=confidence(answer) if answer else NOT_A_NUMBER,
        citation_recall=ours[0],
        citation_precision=ours[1],
        model_recall=theirs[0],
        model_precision=theirs[1],
        supports=tuple(s["support"] for s in answer["sentences"]) if answer else (),
        unknown_markers=len(answer["unknown_markers"]) if answer else 0,
        retrieval={**retrieval, **answer_recall},
        groups={
            "language": gold.language,
            "kind": gold.kind,
            "answerability": "answerable" if gold.answerable else (gold.trap or "unanswerable"),
            "turn": "follow-up" if gold.history else "first",
            "split": gold.split,
        },
        retrieve_ms=record.retrieve_ms,
        ask_ms=record.ask_ms,
        tokens=_tokens(answer),
    )


def _short(answer: Mapping[str, Any]) -> str:
    """What is compared with the gold answers: the short answer, else the first quote."""
    if answer["status"] != "answered":
        return ""
    quotes = answer["citations"]
    return str(answer["short_answer"] or (quotes[0]["quote"] if quotes else answer["text"]))


def _tokens(answer: Mapping[str, Any] | None) -> int | None:
    """Tokens a model reported for this answer; None for models and answerers that don't."""
    usage = (answer or {}).get("usage")
    total = usage.get("total_tokens") if isinstance(usage, Mapping) else None
    return int(total) if total is not None and math.isfinite(total) else None
