"""An upload lands in its own subfolder under a harmless name, whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ArticleError
from assistant.web import uploads


@given(st.text(max_size=300))
def test_a_kept_name_is_one_harmless_path_component(given_name: str) -> None:
    try:
        name = uploads.safe_name(given_name)
    except ArticleError:
        return
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith(".")
    assert name.endswith(uploads.EXTENSIONS)
    assert len(name.encode()) <= uploads.MAX_NAME_BYTES
    assert name.isprintable()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../x.txt", "x.txt"),
        ("..\\..\\x.TXT", "x.txt"),
        ("/etc/passwd.md", "passwd.md"),
        ("berita\u202etxt.exe.txt", "beritatxt.exe.txt"),
        ("<img src=x>.txt", "img src=x.txt"),
        (".sembunyi.txt", "sembunyi.txt"),
    ],
)
def test_a_path_or_disguise_is_taken_off(given_name: str, kept: str) -> None:
    assert uploads.safe_name(given_name) == kept


@pytest.mark.parametrize("given_name", ["", ".txt", "a", "a.html", "a.txt.exe", "../..", " .md"])
def test_what_is_no_article_file_is_refused(given_name: str) -> None:
    with pytest.raises(ArticleError):
        uploads.safe_name(given_name)


def test_an_upload_is_kept_byte_for_byte_and_removed_again(tmp_path: Path) -> None:
    content = "Judul\r\n\r\nIsi é 🌍".encode()
    file = uploads.save(tmp_path, "../a.txt", content, max_bytes=100)
    assert file == "uploads/a.txt"
    assert (tmp_path / file).read_bytes() == content
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["a.txt"]
    uploads.remove(tmp_path, file)
    assert not (tmp_path / file).exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"  \n ", b"a\x00b", b"x" * 101])
def test_content_that_is_no_article_leaves_nothing_behind(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ArticleError):
        uploads.save(tmp_path, "a.txt", content, max_bytes=100)
    assert not list(tmp_path.rglob("*.txt"))


def test_an_upload_never_overwrites(tmp_path: Path) -> None:
    uploads.save(tmp_path, "a.txt", b"satu", max_bytes=100)
    with pytest.raises(ArticleError, match="uploaded before"):
        uploads.save(tmp_path, "a.txt", b"dua", max_bytes=100)
    assert (tmp_path / "uploads" / "a.txt").read_bytes() == b"satu"


@pytest.mark.parametrize("file", ["a.txt", "uploads/../a.txt", "../uploads/a.txt", "uploads/b.txt"])
def test_only_what_was_uploaded_can_be_removed(tmp_path: Path, file: str) -> None:
    (tmp_path / "a.txt").write_text("asli")
    (tmp_path / "uploads").mkdir()
    with pytest.raises(ArticleError):
        uploads.remove(tmp_path, file)
    assert (tmp_path / "a.txt").read_text() == "asli"


def test_uploads_do_not_follow_a_link_out_of_the_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.txt").write_text("asli")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "uploads").symlink_to(elsewhere)
    with pytest.raises(ArticleError):
        uploads.save(seeds, "b.txt", b"isi", max_bytes=100)
    with pytest.raises(ArticleError):
        uploads.remove(seeds, "uploads/a.txt")
    assert (elsewhere / "a.txt").exists()
