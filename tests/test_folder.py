"""Laws of listing a folder of articles."""

from __future__ import annotations

import os
import time
import unicodedata
from pathlib import Path

import pytest

from assistant.articles import FileStat, list_articles
from assistant.errors import SeedsError


def names(root: Path) -> list[str]:
    return [found.file for found in list_articles(root)[0]]


def reasons(root: Path) -> dict[str, str]:
    return {passed.file: passed.reason for passed in list_articles(root)[1]}


def test_articles_are_listed_by_suffix_sorted_with_their_facts(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("z.txt", "a.MD", "b/x.markdown", "b/c/y.Txt", "image.png", "b/notes.rst", "txt"):
        (tmp_path / name).write_text("isi")
    files, skipped = list_articles(tmp_path)
    assert [found.file for found in files] == ["a.MD", "b/c/y.Txt", "b/x.markdown", "z.txt"]
    assert skipped == []
    facts = (tmp_path / "z.txt").stat()
    assert files[-1] == FileStat("z.txt", facts.st_size, facts.st_mtime_ns)


def test_hidden_files_and_folders_are_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.txt").write_text("isi")
    (tmp_path / ".draft.txt").write_text("isi")
    assert list_articles(tmp_path) == ([], [])


def test_names_keep_the_form_the_disk_has(tmp_path: Path) -> None:
    forms = {unicodedata.normalize(form, "café.txt") for form in ("NFC", "NFD")}
    for name in forms:
        (tmp_path / name).write_text("isi")
    assert set(names(tmp_path)) == {path.name for path in tmp_path.iterdir()}


def test_links_inside_are_followed_to_files_only(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("isi")
    (tmp_path / "same.txt").symlink_to(tmp_path / "sub" / "a.txt")
    (tmp_path / "folder").symlink_to(tmp_path / "sub")
    assert names(tmp_path) == ["same.txt", "sub/a.txt"]
    assert reasons(tmp_path) == {}


def test_links_that_leave_loop_or_dangle_are_passed_over_with_a_reason(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret.txt").write_text("rahasia")
    (root / "leaves.txt").symlink_to(tmp_path / "out" / "secret.txt")
    (root / "outside").symlink_to(tmp_path / "out")
    (root / "sub" / "up").symlink_to(root)
    (root / "self.md").symlink_to(root / "self.md")
    (root / "gone.txt").symlink_to(root / "nowhere.txt")
    (root / "gone.png").symlink_to(root / "nowhere.png")
    found = reasons(root)
    assert names(root) == []
    assert set(found) == {"leaves.txt", "outside", "sub/up", "self.md", "gone.txt"}
    assert "leaves" in found["leaves.txt"]
    assert "outside" in found["outside"]
    assert "circle" in found["sub/up"]


def test_a_root_that_is_itself_a_link_is_listed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("isi")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert names(tmp_path / "link") == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_not_utf8_is_passed_over_readably(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("isi")
    except OSError:
        pytest.skip("this file system refuses such names")
    assert names(tmp_path) == []
    assert reasons(tmp_path) == {"caf\\udce9.txt": "its name is not UTF-8"}


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_what_cannot_be_read_is_passed_over_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    (tmp_path / "a.txt").write_text("isi")
    (tmp_path / "a.txt").chmod(0)
    try:
        assert names(tmp_path) == []
        assert set(reasons(tmp_path)) == {"shut", "a.txt"}
    finally:
        (tmp_path / "shut").chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_no_article(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert names(tmp_path) == []
    assert reasons(tmp_path) == {"pipe.txt": "not a plain file"}


def test_a_missing_root_and_a_file_as_root_are_errors_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("isi")
    for root, says in ((tmp_path / "nowhere", "no folder"), (tmp_path / "a.txt", "not a folder")):
        with pytest.raises(SeedsError, match=says) as caught:
            list_articles(root)
        assert caught.value.hint


def test_listing_is_linear_and_quick(tmp_path: Path) -> None:
    for number in range(1000):
        (tmp_path / f"{number}.txt").touch()
    start = time.process_time()
    assert len(names(tmp_path)) == 1000
    assert time.process_time() - start < 0.5  # some 10 ms on an idle core
