from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant, Passage, retrieval
from assistant.reader import Reading
from assistant.retrieval import Retriever

STORY = (
    "Kebakaran melanda gudang beras di Karawang pada Selasa malam. Tiga petugas terluka ketika "
    "atap gudang runtuh, kata Kepala Dinas Pemadam Suryadi. Kerugian ditaksir dua miliar rupiah."
)


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "a.txt").write_text(f"Gudang Beras Terbakar\n\n{STORY}\n", encoding="utf-8")
    (folder / "b.txt").write_text(
        f"Api Lalap Gudang di Karawang\n\n{STORY.replace('Tiga', 'Sebanyak tiga')}\n",
        encoding="utf-8",
    )
    (folder / "c.txt").write_text(
        "Festival Layang-layang\n\nRatusan layang-layang menghiasi langit Pangandaran.\n",
        encoding="utf-8",
    )
    return folder


def test_near_duplicates_count_as_one_and_say_where_else(wire: Path, tmp_path: Path) -> None:
    with Assistant.open(wire, index=tmp_path / "index") as opened:
        found = opened.retrieve("Berapa petugas terluka dalam kebakaran gudang beras?")
        stories = [passage for passage in found if "petugas terluka" in passage.text]
        assert len(stories) == 1
        assert {stories[0].file, *stories[0].also_in} == {"a.txt", "b.txt"}


def test_scores_fall_and_lie_between_0_and_1(assistant: Assistant) -> None:
    found = assistant.retrieve("Kim Jong Un dan Putin bertukar surat", k=20)
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert found[0].file == "004_36bc6a924c67e8fa.txt"
    assert len(assistant.retrieve("Kim Jong Un dan Putin bertukar surat", k=2)) == 2


@pytest.mark.parametrize(
    ("question", "file"),
    [
        ("What did Kim Jong Un write in his letter to Putin?", "004_36bc6a924c67e8fa.txt"),
        (
            "Which children's camp did North Korea open to Russian children?",
            "001_d68e96d8c5b78c5d.txt",
        ),
    ],
)
def test_an_english_question_finds_indonesian_passages(
    assistant: Assistant, question: str, file: str
) -> None:
    assert assistant.retrieve(question)[0].file == file


def test_a_short_form_finds_the_full_name(assistant: Assistant) -> None:
    files = {p.file for p in assistant.retrieve("Kemlu Korut", k=5)}
    assert "000_5fdad8b795111ef9.txt" in files


def test_llama_index_engines_can_use_the_retrieval(assistant: Assistant) -> None:
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine

    question = "Kapan Kim dan Putin bertemu pada 2019?"
    engine = RetrieverQueryEngine.from_args(assistant.as_retriever(k=3), llm=MockLLM())
    nodes = engine.query(question).source_nodes
    passages = assistant.retrieve(question, k=3)
    assert [node.node_id for node in nodes] == [passage.id for passage in passages]
    assert nodes[0].node.start_char_idx == passages[0].start
    assert nodes[0].metadata["file"] == passages[0].file


class Favouring:
    """A reader that is sure of the passages of one file and of nothing else."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.asked: list[str] = []

    def read(self, question: str, passage: Passage) -> Reading:
        self.asked.append(passage.file)
        odds = 60.0 if passage.file == self.file else -60.0
        return Reading(odds, (odds,) * len(passage.sentences))


def test_the_reader_decides_where_the_ranking_is_open(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Favouring("004_36bc6a924c67e8fa.txt")
    retriever = Retriever(assistant._index, assistant._embedder, reader=reader)
    monkeypatch.setattr(retrieval, "LEAD", 0.0)
    clear = [passage.file for passage in retriever.search("Siapa sekjen NATO?", k=20)]
    assert clear[0] != reader.file
    assert reader.asked == []
    monkeypatch.setattr(retrieval, "LEAD", 99.0)
    read = retriever.search("Siapa sekjen NATO?", k=20)
    assert read[0].file == reader.file
    assert sorted(passage.file for passage in read) == sorted(clear)
    assert [p.score for p in read] == sorted((p.score for p in read), reverse=True)
    assert 0 < len(reader.asked) <= retrieval.REREAD
