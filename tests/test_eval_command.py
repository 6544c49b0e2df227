"""`assistant eval` as EVALUATION.md shows it, on the real assistant."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.evaluation.datasets import CHECKOUT

pytest.importorskip("matplotlib", reason="needs the eval extra")
NOTES = "# Rapat warga\n\nRapat warga digelar pada hari Senin di balai desa. Ketuanya Pak Darto.\n"


@pytest.fixture
def evaluated(tmp_path, monkeypatch):
    """The three lines of EVALUATION.md, run in a folder with one article."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "rapat.md").write_text(NOTES, "utf-8")
    monkeypatch.chdir(tmp_path)
    page = (CHECKOUT / "EVALUATION.md").read_text("utf-8")
    block = re.search(r"On your own folder.*?```\n(.*?)```", page, re.DOTALL)[1]
    *echoes, command = block.strip().splitlines()
    rows = [shlex.split(echo)[1] for echo in echoes]
    (tmp_path / "questions.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    done = CliRunner().invoke(app, shlex.split(command)[1:])
    assert done.exit_code == 0, done.output
    return tmp_path / "runs" / "notes"


def test_the_three_lines_for_ones_own_folder_give_a_report_and_figures(evaluated):
    summary = json.loads((evaluated / "summary.json").read_text("utf-8"))
    assert summary["overall"]["Success@1"] == 1
    assert summary["questions"] == 2
    assert (evaluated / "report.html").is_file()
    assert (evaluated / "run.trec").read_text("utf-8").startswith("1 Q0 rapat.md 1 ")
    answers = [
        json.loads(line) for line in (evaluated / "answers.jsonl").read_text("utf-8").splitlines()
    ]
    assert [row["id"] for row in answers] == ["1", "2"]
    assert answers[0]["answer"]["confidence"] is not None  # the curve of refusals needs it


def test_two_runs_of_one_setting_are_the_same(evaluated, tmp_path):
    again = ["eval", "--seeds", "notes", "--questions", "questions.jsonl", "--out", "runs/again"]
    assert CliRunner().invoke(app, again).exit_code == 0
    pair = [str(evaluated), str(tmp_path / "runs" / "again")]
    done = CliRunner().invoke(app, ["eval", "--compare", *pair, "--out", "runs/pair"])
    assert done.exit_code == 0, done.output
    page = Path("runs/pair/compare.html").read_text("utf-8")
    figures = dict(re.findall(r"<tr><td>([^<]+)</td>.*>(\w+)</td></tr>", page))
    assert {figures[name] for name in figures if not name.endswith("ms")} == {"same"}


@pytest.mark.parametrize(
    "arguments",
    [["nobody"], ["seeds", "--split", "half"], ["seeds", "--variant", "closed"]],
)
def test_a_wrong_word_is_an_error_of_two_lines(arguments):
    done = CliRunner().invoke(app, ["eval", *arguments])
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: There is no ")
    assert len(done.stderr.strip().splitlines()) == 2


def test_an_index_of_another_setting_is_built_anew(evaluated, tmp_path):
    (manifest,) = (tmp_path / "runs" / "passages").glob("*/index")
    again = ["eval", "--seeds", "notes", "--questions", "questions.jsonl", "--out", "runs/other"]
    from assistant.assistant import Assistant

    files = manifest.parent / "files"
    shutil.rmtree(manifest)
    Assistant.open(files, index=manifest, chunk_tokens=64).close()
    done = CliRunner().invoke(app, again)
    assert done.exit_code == 0, done.output
