"""Systems whose marks are known beforehand: perfect, silent, and whatever a test needs."""

from __future__ import annotations

from assistant.evaluation.datasets import CHECKOUT, load
from assistant.types import Answer, Citation, Engine, NearestArticle, Passage, Sentence

DATASET = load("seeds", seeds=CHECKOUT / "seeds")
SETTINGS = {"system": "scripted"}


def answer(question, *, quotes=(), short=None, score=0.9, nearest=()):
    citations = tuple(
        Citation(n, file, 0, len(quote), 1, quote, "", None, None, score)
        for n, (file, quote) in enumerate(quotes, start=1)
    )
    sentences = tuple(
        Sentence(c.quote, 0, len(c.quote), (c.number,), "quoted", score) for c in citations
    )
    return Answer(
        question=question,
        language="id",
        status="answered" if citations else "not_found",
        text=" ".join(s.text for s in sentences),
        short_answer=short,
        sentences=sentences,
        citations=citations,
        unknown_markers=(),
        nearest=nearest,
        engine=Engine("extractive", None, "none"),
        searched=question,
    )


class Scripted:
    """A system that knows the gold and uses it as `choose` says."""

    def __init__(self, choose):
        self.choose = choose
        self.asked = []
        self.gold = {(q.question, q.history): q for q in DATASET.questions}

    def ask(self, question, *, history=()):
        self.asked.append(question)
        return self.choose(self.gold[question, tuple(history)])

    def retrieve(self, question, *, k=10):
        gold = next(q for q in DATASET.questions if q.question == question)
        files = gold.files or tuple(DATASET.documents)[:1]
        return [
            Passage(f, 0, len(DATASET.documents[f]), DATASET.documents[f], 0.5, "", None)
            for f in files
        ][:k]


def perfect(gold):
    """For each gold file, its accepted answers and evidence, word for word; else silence."""
    quotes = [
        (file, wanted)
        for file in gold.files
        for wanted in (*gold.answers, *gold.evidence)
        if wanted.casefold() in DATASET.documents[file].casefold()
    ]
    return answer(gold.question, quotes=quotes, short=gold.answers[0] if quotes else None)


def silent(gold):
    return answer(gold.question, nearest=(NearestArticle("a", "", 0.2),))
