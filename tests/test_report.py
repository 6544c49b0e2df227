"""The report: one page that needs nothing else, escapes everything and shows every failure."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from scripted import DATASET, SETTINGS, Scripted, answer, perfect, silent

from assistant.errors import SettingsError
from assistant.evaluation import run as running
from assistant.evaluation.bootstrap import interval
from assistant.evaluation.compare import compare, compare_folders
from assistant.evaluation.judging import judge
from assistant.evaluation.report import render_comparison, write_report

pytest.importorskip("matplotlib", reason="needs the eval extra")
pytest.importorskip("jinja2", reason="needs the eval extra")

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&</style>"


class Page(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data):
        self.text.append(data)


def page_of(folder, choose, dataset=DATASET):
    records = running.run(dataset, Scripted(choose), folder, settings=SETTINGS)
    return write_report(folder, records, judge(records)).read_text("utf-8")


def middling(gold):
    """Right on even questions, wrong on multiples of three, silent on the others."""
    number = int(gold.id[-3:])
    if number % 2 == 0:
        return perfect(gold)
    if number % 3 == 0:
        return replace(answer(gold.question, quotes=[("x.txt", HOSTILE)]), confidence=0.6)
    return replace(silent(gold), confidence=0.1)


def test_what_articles_and_answers_say_reaches_the_page_as_text_only(tmp_path):
    page = Page(page_of(tmp_path, middling))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert HOSTILE in "".join(page.text)


def test_the_page_asks_nothing_of_any_host(tmp_path):
    page = Page(page_of(tmp_path, middling))
    fetched = [
        (name, value)
        for name, value in page.attributes
        if name in {"src", "href", "xlink:href", "data", "action"} and not value.startswith("#")
    ]
    assert fetched == []
    html = (tmp_path / "report.html").read_text("utf-8")
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_every_failure_and_nothing_else_is_shown(tmp_path):
    page = Page(page_of(tmp_path, middling))
    shown = {value for name, value in page.attributes if name == "id" and value.startswith("seeds")}
    marks = judge(running.read_records(tmp_path))
    assert shown == {mark.id for mark in marks if mark.right != 1}


def test_the_pages_of_perfect_and_silent_systems_can_be_drawn(tmp_path):
    assert "<p>None.</p>" in page_of(tmp_path / "a", perfect)
    assert "Refused, though the articles answer (92)" in page_of(tmp_path / "b", silent)


def test_the_same_run_gives_the_same_page(tmp_path):
    page = page_of(tmp_path, middling)
    assert page_of(tmp_path, middling) == page


def test_intervals_hold_the_mean_and_narrow_with_more_questions():
    few, many = interval([0.0, 1.0] * 10), interval([0.0, 1.0] * 1_000)
    for found in (few, many):
        assert found.low <= found.value == 0.5 <= found.high
    # the standard error of a share of 0.5 over n questions is 0.5 / sqrt(n)
    assert few.margin == pytest.approx(1.96 * 0.5 / 20**0.5, rel=0.15)
    assert many.margin == pytest.approx(1.96 * 0.5 / 2_000**0.5, rel=0.15)


def test_an_interval_covers_the_truth_about_as_often_as_it_says():
    import numpy as np

    rng = np.random.default_rng(5)
    held = [
        found.low <= 0.7 <= found.high
        for found in (interval((rng.random(100) < 0.7).astype(float)) for _ in range(200))
    ]
    assert sum(held) / len(held) == pytest.approx(0.95, abs=0.05)


def test_two_runs_of_the_same_are_the_same_and_a_real_difference_is_found(tmp_path):
    for name, choose in (("a", middling), ("b", middling), ("c", perfect)):
        running.run(DATASET, Scripted(choose), tmp_path / name, settings=SETTINGS)
    figures = ("answers right", "refusals right", "false refusals", "F1")
    same = {d.figure: d.verdict for d in compare_folders(tmp_path / "a", tmp_path / "b")}
    assert [same[name] for name in figures] == ["same"] * 4
    better = {d.figure: d.verdict for d in compare_folders(tmp_path / "a", tmp_path / "c")}
    assert [better[name] for name in figures] == ["better"] * 4
    worse = {d.figure: d.verdict for d in compare_folders(tmp_path / "c", tmp_path / "a")}
    assert [worse[name] for name in figures] == ["worse"] * 4


def test_a_difference_within_the_noise_is_no_progress(tmp_path):
    def nearly(gold):
        return silent(gold) if gold.id in {"seeds-001", "seeds-002"} else perfect(gold)

    a = judge(running.run(DATASET, Scripted(perfect), tmp_path / "a", settings=SETTINGS))
    b = judge(running.run(DATASET, Scripted(nearly), tmp_path / "b", settings=SETTINGS))
    (right,) = [d for d in compare(a, b) if d.figure == "answers right"]
    assert right.gain.value == pytest.approx(-2 / 92)
    assert right.verdict == "same"


def test_runs_without_a_common_question_are_not_compared(tmp_path):
    for name in ("tune", "report"):
        running.run(DATASET.split(name), Scripted(silent), tmp_path / name, settings=SETTINGS)
    with pytest.raises(SettingsError, match="share no question"):
        compare_folders(tmp_path / "tune", tmp_path / "report")


def test_the_comparison_is_a_page_too(tmp_path):
    for name, choose in (("a", middling), ("b", perfect)):
        running.run(DATASET, Scripted(choose), tmp_path / name, settings=SETTINGS)
    differences = compare_folders(tmp_path / "a", tmp_path / "b")
    facts = running.run_facts(tmp_path / "a"), running.run_facts(tmp_path / "b")
    page = Page(render_comparison(*facts, differences))
    assert "better" in page.text
    assert page.tags.count("tr") == len(differences) + 1
