"""The bench treats every peer alike and says why one is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from assistant.evaluation.datasets import Dataset, GoldQuestion
from assistant.evaluation.peers import bench as peers
from assistant.evaluation.peers.bench import HERE, PEERS, Peer, Result, table

FAKE = """
PACKAGES = ("pytest", "no-such-package")
def prepare(): pass
def build(folder, work):
    work.joinpath("index").write_bytes(b"x" * 100)
    names = sorted(p.name for p in folder.iterdir())
    def search(question, k):
        if question == "fails":
            raise ValueError("syntax")
        return [n for n in names if question in n] * 2
    return search
"""


@pytest.fixture
def harness(tmp_path):
    (tmp_path / "files").mkdir()
    for name in ("apel.txt", "jeruk.txt"):
        (tmp_path / "files" / name).write_text(name)
    (tmp_path / "work").mkdir()
    (tmp_path / "peer_fake.py").write_text(FAKE)

    def run(questions):
        (tmp_path / "questions.json").write_text(json.dumps(questions))
        subprocess.run(
            [
                sys.executable,
                str(HERE / "harness.py"),
                "fake",
                *(str(tmp_path / part) for part in ("files", "questions.json", "work", "out.json")),
            ],
            check=True,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )
        return json.loads((tmp_path / "out.json").read_text())

    return run


def test_the_harness_times_each_query_and_keeps_each_file_once(harness):
    raw = harness([["1", "apel"], ["2", "jeruk"]])
    assert raw["found"] == {"1": ["apel.txt"], "2": ["jeruk.txt"]}
    assert len(raw["query_ms"]) == 2
    assert raw["disk_bytes"] == 100
    assert raw["peak_mib"] > 1
    assert raw["versions"]["no-such-package"] == "unknown"


def test_a_query_that_fails_has_found_nothing_and_is_told(harness):
    raw = harness([["1", "fails"], ["2", "apel"]])
    assert raw["found"]["1"] == []
    assert raw["errors"] == ["ValueError: syntax"]
    assert len(raw["query_ms"]) == 2


def test_every_peer_has_its_module():
    for peer in PEERS:
        assert (HERE / f"peer_{peer.name}.py").is_file(), peer.name
    assert PEERS[0].name == peers.OURS  # first: the others are compared with it


def test_a_peer_that_cannot_run_leaves_its_reason_in_the_table(tmp_path):
    question = GoldQuestion("1", "Apa?", "id", "what", True, ("a.txt",), ())
    dataset = Dataset("mini", {"a.txt": "Apel."}, (question,))
    results = peers.bench([dataset], tmp_path, peers=[Peer("nobody", "Nobody's", None)])
    assert "No module named 'peer_nobody'" in results[0].why
    assert "not run: ModuleNotFoundError" in (tmp_path / "table.md").read_text()
    assert json.loads((tmp_path / "results.json").read_text())[0]["figures"] == {}


def test_the_rows_of_the_table_are_as_wide_as_its_head():
    figures = dict.fromkeys(
        (
            *peers.SHOWN,
            "passages/s",
            "query p50 ms",
            "query p95 ms",
            "peak MiB",
            "disk MiB",
        ),
        1.0,
    )
    lines = table(
        [
            Result("a", "A", "mini", figures, {"a": "1"}),
            Result("b", "B", "mini", {}, {}, why="can't be installed"),
        ]
    ).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 4
    assert len({row.count("|") for row in rows}) == 1
