"""A run writes down everything, goes on where it stopped, and marks by the gold."""

from __future__ import annotations

import json
import math
import random

import pytest
from scripted import DATASET, SETTINGS, Scripted, answer, perfect, silent

from assistant.errors import QuestionError, SettingsError
from assistant.evaluation import run as running
from assistant.evaluation import trec
from assistant.evaluation.judging import judge
from assistant.evaluation.summary import summarise


def marks_of(tmp_path, choose):
    records = running.run(DATASET, Scripted(choose), tmp_path, settings=SETTINGS)
    return records, judge(records)


def test_a_perfect_system_gets_full_marks(tmp_path):
    records, marks = marks_of(tmp_path, perfect)
    summary = summarise(marks)
    overall = summary["overall"]
    for name in ("answers right", "refusals right", "exact match", "F1", "gold file cited"):
        assert overall[name] == 1, name
    for name in ("RR@10", "nDCG@10", "R@10", "answer R@10", "Success@1"):
        assert overall[name] == 1, name
    assert overall["false refusals"] == overall["failed"] == 0
    assert summary["refusals"]["AUC"] == 1
    assert summary["refusals"]["at 10% false refusals"] == 1
    assert summary["refusals"]["AURC"] == 0
    assert len(records) == len(DATASET.questions)


def test_an_empty_system_refuses_everything_and_knows_nothing(tmp_path):
    _, marks = marks_of(tmp_path, silent)
    overall = summarise(marks)["overall"]
    assert overall["answers right"] == 0
    assert overall["refusals right"] == 1
    assert overall["false refusals"] == 1
    assert summarise(marks)["refusals"]["AUC"] == 0.5
    assert "gold file cited" not in overall


def test_a_random_system_is_right_by_chance_only(tmp_path):
    rng = random.Random(3)
    words = {f: t.split() for f, t in DATASET.documents.items()}

    def guess(gold):
        file = rng.choice(list(words))
        quote = rng.choice(words[file])
        return answer(gold.question, quotes=[(file, quote)], score=rng.random())

    _, marks = marks_of(tmp_path, guess)
    overall = summarise(marks)["overall"]
    assert overall["answers right"] < 0.1
    assert overall["refusals right"] == 0
    assert summarise(marks)["refusals"]["AUC"] == pytest.approx(0.5, abs=0.15)


def test_a_right_word_quoted_from_a_wrong_file_is_no_right_answer(tmp_path):
    def elsewhere(gold):
        quotes = [("elsewhere.txt", wanted) for wanted in gold.answers]
        return answer(gold.question, quotes=quotes)

    _, marks = marks_of(tmp_path, elsewhere)
    overall = summarise(marks)["overall"]
    assert overall["answers right"] == overall["gold file cited"] == 0


def test_a_run_goes_on_where_it_stopped_even_in_the_middle_of_a_line(tmp_path):
    first = Scripted(perfect)
    running.run(DATASET, first, tmp_path, settings=SETTINGS)
    path = tmp_path / running.ANSWERS_FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:100]) + lines[100][:50])
    second = Scripted(perfect)
    seen = []
    records = running.run(
        DATASET, second, tmp_path, settings=SETTINGS, progress=lambda *at: seen.append(at)
    )
    assert second.asked == [q.question for q in DATASET.questions[100:]]
    assert seen[-1] == (len(DATASET.questions),) * 2
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == [
        record.gold.id for record in records
    ]
    assert [r.to_json() for r in records] == [r.to_json() for r in running.read_records(tmp_path)]


@pytest.mark.parametrize("change", ["settings", "dataset"])
def test_a_folder_with_another_run_is_refused(tmp_path, change):
    running.run(DATASET, Scripted(silent), tmp_path, settings=SETTINGS)
    dataset = DATASET.split("tune") if change == "dataset" else DATASET
    settings = {"system": "another"} if change == "settings" else SETTINGS
    with pytest.raises(SettingsError, match=change):
        running.run(dataset, Scripted(silent), tmp_path, settings=settings)


def test_an_error_on_one_question_is_a_failure_and_the_run_goes_on(tmp_path):
    def sometimes(gold):
        if gold.id.endswith("1"):
            raise QuestionError("too long", hint="shorter")
        return perfect(gold)

    records, marks = marks_of(tmp_path, sometimes)
    failed = [m for m in marks if m.failed]
    assert {m.id for m in failed} == {q.id for q in DATASET.questions if q.id.endswith("1")}
    assert all(m.right == 0 for m in failed)
    assert any("too long" in (r.error or "") for r in records)


def test_threads_write_the_same_records(tmp_path):
    one = running.run(DATASET, Scripted(perfect), tmp_path / "a", settings=SETTINGS)
    four = running.run(DATASET, Scripted(perfect), tmp_path / "b", settings=SETTINGS, workers=4)
    assert [(r.gold, r.answer, r.found) for r in one] == [(r.gold, r.answer, r.found) for r in four]


def test_a_run_that_only_retrieves_has_no_answer_figures(tmp_path):
    records = running.run(DATASET, Scripted(perfect), tmp_path, settings=SETTINGS, ask=False)
    overall = summarise(judge(records))["overall"]
    assert overall["nDCG@10"] == 1
    assert "answers right" not in overall


def test_a_summary_is_strict_json(tmp_path):
    records = running.run(DATASET, Scripted(silent), tmp_path, settings=SETTINGS)
    running.write_json(tmp_path / "s.json", summarise(judge(records)) | {"none": math.nan})

    def refuse(constant):
        raise AssertionError(constant)

    loaded = json.loads((tmp_path / "s.json").read_text("utf-8"), parse_constant=refuse)
    assert loaded["none"] is None
    assert loaded["by"]["language"].keys() == {"en", "id"}


def test_trec_files_give_the_same_figures_through_ir_measures(tmp_path):
    ir_measures = pytest.importorskip("ir_measures")
    records = running.run(DATASET, Scripted(perfect), tmp_path, settings=SETTINGS)
    trec.write_run(tmp_path / "run.trec", records, tag="scripted")
    trec.write_qrels(tmp_path / "qrels.trec", records)
    read = ir_measures.calc_aggregate(
        [ir_measures.nDCG @ 10],
        ir_measures.read_trec_qrels(str(tmp_path / "qrels.trec")),
        ir_measures.read_trec_run(str(tmp_path / "run.trec")),
    )
    assert read[ir_measures.nDCG @ 10] == summarise(judge(records))["overall"]["nDCG@10"]
