"""The seeds' gold questions say nothing that the articles don't."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.evaluation.datasets import CHECKOUT, load
from assistant.evaluation.metrics import contains_answer

DATASET = load("seeds", seeds=CHECKOUT / "seeds")
ANSWERABLE = [q for q in DATASET.questions if q.answerable]
UNANSWERABLE = [q for q in DATASET.questions if not q.answerable]


def test_there_are_enough_questions_of_both_sorts_and_languages():
    assert len(DATASET.questions) >= 90
    assert len(UNANSWERABLE) >= 30
    assert min(Counter(q.language for q in DATASET.questions).values()) >= 40


def test_ids_and_questions_are_unique():
    assert len({q.id for q in DATASET.questions}) == len(DATASET.questions)
    assert len({q.question for q in DATASET.questions}) == len(DATASET.questions)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda q: q.id)
def test_every_accepted_answer_stands_in_a_gold_file_and_every_gold_file_holds_one(question):
    texts = {file: DATASET.documents[file].casefold() for file in question.files}
    assert texts
    assert question.answers
    for wanted in (*question.answers, *question.evidence):
        assert any(wanted.casefold() in text for text in texts.values()), wanted
    for file, text in texts.items():
        assert contains_answer(text, question.answers, question.evidence), file


@pytest.mark.parametrize("question", UNANSWERABLE, ids=lambda q: q.id)
def test_an_unanswerable_question_has_no_gold_and_says_why(question):
    assert not question.files
    assert not question.answers
    assert question.trap in {"near", "general", "furniture", "instruction"}
    assert question.note


def test_both_halves_have_their_share_of_every_sort():
    def counts(side, sort):
        return Counter(sort(q) for q in DATASET.questions if q.split == side)

    assert sum(counts("tune", lambda q: q.id).values()) == len(DATASET.questions) / 2
    for sort in (lambda q: q.answerable, lambda q: q.language, lambda q: q.kind, lambda q: q.trap):
        tune, report = counts("tune", sort), counts("report", sort)
        assert set(tune) == set(report)
        for value in tune:
            assert abs(tune[value] - report[value]) <= 3, value


def test_questions_with_the_same_answer_from_the_same_file_stay_in_one_half():
    side_of = {}
    for q in ANSWERABLE:
        for file in q.files:
            for answer in q.answers:
                assert side_of.setdefault((file, answer), q.split) == q.split, q.id
