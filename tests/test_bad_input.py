"""Bad input gets a clear error or a clear skip that names the file; nothing else is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import Assistant, AssistantError
from assistant.errors import (
    IndexCorrupt,
    IndexFault,
    IndexLocked,
    IndexMismatch,
    IndexReadOnly,
    QuestionError,
    SeedsError,
    SettingsError,
)

GOOD = "Panen padi di Subang naik 12 persen pada 2021, kata Bupati Ruhimat.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "good.txt").write_text(GOOD, encoding="utf-8")
    return made


def reasons(folder: Path, index: Path) -> dict[str, str]:
    """What was skipped and why, after checking that the good article still answers."""
    with Assistant.open(folder, index=index) as opened:
        answer = opened.ask("Berapa persen panen padi di Subang naik?")
        assert [citation.file for citation in answer.citations] == ["good.txt"]
        return {skipped.file: skipped.reason for skipped in opened.last_refresh.skipped}


BAD_FILES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "blank": lambda path: path.write_bytes(b" \r\n\t\n"),
    "binary": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "not UTF-8": lambda path: path.write_bytes("Harga beras naik é".encode("latin-1")),
    "UTF-16": lambda path: path.write_bytes("Harga beras naik.".encode("utf-16")),
    "50 MB": lambda path: path.write_bytes(b"Harga beras naik lagi.\n" * 2_300_000),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_skipped_by_name_and_the_rest_is_indexed(
    kind: str, folder: Path, tmp_path: Path
) -> None:
    BAD_FILES[kind](folder / "bad.txt")
    skipped = reasons(folder, tmp_path / "index")
    assert list(skipped) == ["bad.txt"]
    assert skipped["bad.txt"]


def test_a_symlink_loop_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "ring.txt").symlink_to(folder / "ring.txt")
    skipped = reasons(folder, tmp_path / "index")
    assert "ring.txt" in skipped


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_skipped(folder: Path, tmp_path: Path) -> None:
    (folder / "secret.txt").write_text("Rahasia negara.", encoding="utf-8")
    (folder / "secret.txt").chmod(0)
    assert "secret.txt" in reasons(folder, tmp_path / "index")


@pytest.mark.parametrize("make", [None, Path.mkdir, Path.touch], ids=["none", "empty", "file"])
def test_no_articles_is_a_clear_error(make: Callable[[Path], None] | None, tmp_path: Path) -> None:
    seeds = tmp_path / "nothing"
    if make:
        make(seeds)
    with pytest.raises(SeedsError, match="nothing") as raised:
        Assistant.open(seeds, index=tmp_path / "index")
    assert raised.value.hint


@pytest.mark.parametrize("question", ["", "  \n", "a" * 10_000])
def test_a_question_that_cannot_be_searched_says_so(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError) as raised:
        assistant.ask(question)
    assert raised.value.hint


@pytest.mark.parametrize(
    "question", ["🙂🙃", "???", "…", "\u202e", "[1]", "SELECT * FROM x; --", "id:*"]
)
def test_a_question_without_words_is_refused_calmly(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status == "not_found"


def test_an_index_with_other_settings_is_refused_with_the_command(
    folder: Path, tmp_path: Path
) -> None:
    Assistant.open(folder, index=tmp_path / "index").close()
    with pytest.raises(IndexMismatch) as raised:
        Assistant.open(folder, index=tmp_path / "index", chunk_tokens=64)
    assert "assistant index --rebuild" in raised.value.hint
    with Assistant.open(folder, index=tmp_path / "index", chunk_tokens=64, rebuild=True) as built:
        assert built.retrieve("panen padi")


@pytest.mark.parametrize("part", ["manifest.sqlite", "lexical", "chroma"])
def test_a_corrupted_index_is_refused_and_can_be_rebuilt(
    part: str, folder: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    Assistant.open(folder, index=index).close()
    for path in [index / part] if (index / part).is_file() else (index / part).rglob("*"):
        if path.is_file():
            path.write_bytes(b"garbage" * 20)
    with (
        pytest.raises(IndexFault) as raised,
        Assistant.open(folder, index=index) as opened,
    ):
        opened.ask("Berapa persen panen padi di Subang naik?")
    assert isinstance(raised.value, IndexCorrupt | IndexMismatch)
    assert "--rebuild" in raised.value.hint
    with Assistant.open(folder, index=index, rebuild=True) as opened:
        assert opened.ask("Berapa persen panen padi di Subang naik?").citations


def test_a_second_writer_is_told_who_writes(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    Assistant.open(folder, index=index).close()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); "
            "print('held', flush=True); sys.stdin.read()",
            str(index / ".lock"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    holder.stdout.readline()
    try:
        (folder / "new.txt").write_text("Banjir melanda Demak pada Senin.\n", encoding="utf-8")
        with pytest.raises(IndexLocked) as raised:
            Assistant.open(folder, index=index)
        assert raised.value.hint
    finally:
        holder.communicate(b"")
    with Assistant.open(folder, index=index) as opened:
        assert opened.last_refresh.added == ("new.txt",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_index_is_served_while_nothing_changed(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    Assistant.open(folder, index=index).close()
    index.chmod(0o500)
    try:
        with Assistant.open(folder, index=index) as opened:
            assert opened.retrieve("panen")
        (folder / "new.txt").write_text("Banjir melanda Demak.\n", encoding="utf-8")
        with pytest.raises(IndexReadOnly):
            Assistant.open(folder, index=index)
    finally:
        index.chmod(0o700)


def test_a_file_edited_after_indexing_is_never_quoted_stale(folder: Path, tmp_path: Path) -> None:
    question = "Berapa persen panen padi di Subang naik?"
    with Assistant.open(folder, index=tmp_path / "index") as opened:
        assert "12 persen" in opened.ask(question).text
        (folder / "good.txt").write_text(GOOD.replace("12", "7"), encoding="utf-8")
        edited = opened.ask(question)
        assert "7 persen" in edited.text
        assert "12 persen" not in edited.text
        (folder / "other.txt").write_text("Harga cabai turun.\n", encoding="utf-8")
        (folder / "good.txt").unlink()
        assert opened.ask(question).status == "not_found"


@pytest.mark.parametrize("spec", ["nonsense", "nonsense:x", ""])
def test_an_unknown_embedder_or_model_is_named(spec: str, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        Assistant.open(folder, index=tmp_path / "index", embedder=spec)
    with pytest.raises(AssistantError):
        Assistant.open(folder, index=tmp_path / "index", llm=spec)
