"""EVALUATION.md's tables come from runs, and from nowhere else."""

from __future__ import annotations

import pytest
from scripted import DATASET, SETTINGS, Scripted, answer, perfect, silent

from assistant.errors import SettingsError
from assistant.evaluation import run as running
from assistant.evaluation.judging import judge
from assistant.evaluation.summary import summarise
from assistant.evaluation.tables import (
    answers_table,
    fill,
    halves_table,
    removed_table,
    traps_table,
)


def summary_of(folder, choose):
    records = running.run(DATASET, Scripted(choose), folder, settings=SETTINGS)
    return running.run_facts(folder) | summarise(judge(records))


def test_only_what_stands_between_its_markers_is_replaced_and_twice_is_once():
    page = "before\n<!-- a -->\nold\n<!-- /a -->\nafter\n"
    once = fill(page, {"a": "| new \\1 |"})
    assert once == "before\n<!-- a -->\n\n| new \\1 |\n\n<!-- /a -->\nafter\n"
    assert fill(once, {"a": "| new \\1 |"}) == once


def test_a_table_without_a_place_is_an_error():
    with pytest.raises(SettingsError, match="'b'"):
        fill("<!-- a -->\n<!-- /a -->\n", {"b": ""})


def test_a_row_holds_what_its_run_measured(tmp_path):
    table = answers_table([summary_of(tmp_path / "a", perfect), summary_of(tmp_path / "b", silent)])
    head, _, first, second = table.splitlines()
    assert first.startswith("| seeds | 142 | 1.000 (1.00 to 1.00) | 0.000 (0.00 to 0.00) |")
    assert second.startswith("| seeds | 142 | 0.000 (0.00 to 0.00) | 1.000 (1.00 to 1.00) |")
    assert first.count("|") == second.count("|") == head.count("|")
    assert "| report | 71 | 1.000 |" in halves_table(summary_of(tmp_path / "a", perfect))


def test_refusals_are_told_by_kind_the_worst_first(tmp_path):
    kinds = {q.trap for q in DATASET.questions if not q.answerable}
    worst = max(kinds)
    file, text = next(iter(DATASET.documents.items()))

    def choose(gold):
        fooled = gold.trap == worst
        return answer(gold.question, quotes=[(file, text[:80])]) if fooled else perfect(gold)

    _, _, first, *others = traps_table(summary_of(tmp_path, choose)).splitlines()
    assert len(others) == len(kinds) - 1
    assert first.startswith(f"| {worst} |")
    assert first.endswith("| 0.000 |")
    assert all(row.endswith("| 1.000 |") for row in others)


def test_refusals_without_the_gold_are_set_against_false_refusals_with_it(tmp_path):
    removed = DATASET.gold_removed()
    system = Scripted(lambda gold: perfect(gold) if gold.answerable else silent(gold))
    running.run(DATASET, system, tmp_path / "open", settings=SETTINGS)
    system.gold = {(q.question, q.history): q for q in removed.questions}
    running.run(removed, system, tmp_path / "removed", settings=SETTINGS)
    table = removed_table(tmp_path / "open", tmp_path / "removed")
    assert "| at most 5% | 100.0% |" in table
    assert "| in use, 0.0% | 100.0% |" in table
    assert "AUC 1.000" in table
