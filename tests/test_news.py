"""The questions over news: every answer in its place, and nothing that measures among them."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from assistant.evaluation import datasets
from assistant.training import held_out, news

KINDS = """person time place number opposite role speaker reason content attribute premise scope
comparison future""".split()


@pytest.fixture(scope="module")
def articles() -> list[news.Article]:
    return news.load()


def test_every_answer_stands_where_its_pair_says(articles):
    for article in articles:
        for pair in article.pairs:
            assert article.text[pair.start : pair.start + len(pair.answer)] == pair.answer
        for language in ("id", "en"):
            paragraph = article.paragraph(language)
            for q in paragraph["qas"]:
                for answer in q["answers"] or q["plausible_answers"]:
                    start = answer["answer_start"]
                    assert paragraph["context"][start:].startswith(answer["text"])


def test_each_question_has_a_twin_that_differs(articles):
    for article in articles:
        asked = Counter(q for pair in article.pairs for q in (pair.question, pair.near_miss))
        assert max(asked.values()) == 1, article.id
        assert {pair.kind for pair in article.pairs} <= set(KINDS), article.id


def test_articles_are_told_apart(articles):
    assert len({article.id for article in articles}) == len(articles)
    assert len({article.text for article in articles}) == len(articles)


def test_what_the_ranking_is_fitted_on_is_kept_from_the_reader(articles):
    parts = news.split(articles)
    assert sorted(one.id for part in parts for one in part) == sorted(one.id for one in articles)
    for part in parts:
        assert {one.language for one in part} == {"id", "en"}
    folders = held_out.news_folders()
    assert {text for folder in folders for text in folder.dataset.documents.values()} == {
        one.document for one in parts.fitted
    }
    assert sum(len(folder.questions) for folder in folders) == 2 * sum(
        len(a.pairs) for a in parts.fitted
    )


def test_what_measures_is_a_folder_with_its_questions(articles):
    dataset = datasets.load("news")
    measured = news.split(articles).measured
    assert set(dataset.documents.values()) == {one.document for one in measured}
    assert len(dataset.questions) == 2 * sum(len(one.pairs) for one in measured)
    for question in dataset.questions:
        for file in question.files:
            assert any(answer in dataset.documents[file] for answer in question.answers)
            assert all(dataset.documents[file].count(one) == 1 for one in question.evidence)
        assert bool(question.trap) != question.answerable


def test_nothing_of_it_is_what_the_seeds_measure(articles):
    """No article about the seeds' matter, no question of theirs."""
    matter = re.compile(r"Korea Utara|North Korea|Korut|Pyongyang|Kim Jong|Vladimir Putin")
    gold = {question.question.casefold() for question in datasets.load("seeds").questions}
    for article in articles:
        assert not matter.search(article.document), article.id
        for pair in article.pairs:
            assert not {pair.question.casefold(), pair.near_miss.casefold()} & gold


def test_an_answer_that_is_not_there_once_is_an_error(tmp_path):
    pair = {
        "language": "id",
        "kind": "person",
        "question": "Siapa yang datang?",
        "answer": "Ani",
        "near_miss": "Siapa yang pulang?",
    }
    row = {"id": "a", "language": "id", "title": "Dua", "text": "Ani dan Ani.", "pairs": [pair]}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(ValueError, match="Ani"):
        news.load(tmp_path)
    row["pairs"] = [{**pair, "in": "dan Ani"}]
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (read,) = news.load(tmp_path)
    assert read.pairs[0].start == 8
