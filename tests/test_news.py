"""The questions over news: every answer in its place, and nothing that measures among them."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from assistant.evaluation import datasets
from assistant.reader import FOLDER
from assistant.training import held_out, news
from assistant.training.reader.examples import over_news
from assistant.translation import TranslationTable

TRANSLATIONS = FOLDER.parent / "translations.tsv.gz"
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


def test_the_reader_learns_from_nothing_that_is_fitted_on_or_measured(articles):
    kept = {one.document for one in articles if one.part != "learn"}
    learnt = {one.passage for one in over_news(TranslationTable(TRANSLATIONS))}
    assert len(learnt) + len(kept) == len(articles)
    assert not learnt & kept
    assert {one.part for one in articles} == {"learn", "fit", "measure"}


def test_no_held_out_article_tells_a_story_that_is_learnt(articles):
    """Rare names and numbers that two of them share: with six, the matter is the same."""
    word = re.compile(r"\b(?:[A-Z][\w'-]{3,}|\d[\d.,]*\d)\b")
    said = {one.id: set(word.findall(one.text)) for one in articles}
    common = Counter(name for names in said.values() for name in names)
    rare = {id_: {name for name in names if common[name] <= 6} for id_, names in said.items()}
    learnt = [one.id for one in articles if one.part == "learn"]
    for one in articles:
        if one.part != "learn":
            assert max(len(rare[one.id] & rare[other]) for other in learnt) < 6, one.id


def test_the_ranking_is_fitted_on_its_own_part():
    folders = held_out.news_folders()
    fitted = news.load("fit")
    asked = {file: text for folder in folders for file, text in folder.dataset.documents.items()}
    assert asked == {one.file: one.document for one in fitted}
    assert sum(len(folder.questions) for folder in folders) == 2 * sum(len(a.pairs) for a in fitted)


def test_what_measures_is_a_folder_with_its_questions(articles):
    dataset = datasets.load("news")
    measured = [one for one in articles if one.part == "measure"]
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


@pytest.mark.parametrize("around", ["dan An", "dan Ani Ani", "Budi"])
def test_what_does_not_place_the_answer_is_an_error(tmp_path, around):
    pair = {"language": "id", "kind": "person", "question": "Siapa?", "answer": "Ani", "in": around}
    row = {"id": "a", "part": "fit", "language": "id", "title": "", "text": "Ani dan Ani Ani."}
    (tmp_path / "a.jsonl").write_text(json.dumps({**row, "pairs": [pair]}), encoding="utf-8")
    with pytest.raises(ValueError, match="Ani"):
        news.load(folder=tmp_path)


def test_an_answer_that_is_not_there_once_is_an_error(tmp_path):
    pair = {
        "language": "id",
        "kind": "person",
        "question": "Siapa yang datang?",
        "answer": "Ani",
        "near_miss": "Siapa yang pulang?",
    }
    row = {
        "id": "a",
        "part": "fit",
        "language": "id",
        "title": "Dua",
        "text": "Ani dan Ani.",
        "pairs": [pair],
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(ValueError, match="Ani"):
        news.load(folder=tmp_path)
    row["pairs"] = [{**pair, "in": "dan Ani"}]
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (read,) = news.load(folder=tmp_path)
    assert read.pairs[0].start == 8
