"""The articles tab, uploads, and articles that mean harm, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from web.conftest import SEEDS
from web.scripted import ScriptedAssistant
from web.site import Site, running
from web.test_conversation_in_browser import ask, done

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Opening = Callable[..., Any]

HOSTILE = (
    "<script>document.title='diretas';alert(1)</script> kalimat pertama yang cukup panjang untuk "
    "dikutip sebagai bukti dalam sebuah jawaban.\n"
    "<img src=http://jauh.example/x.png onerror=alert(2)> </mark></a><a href=javascript:alert(3)>"
    "klik saya sekarang juga supaya kalimat ini cukup panjang</a>\n"
    "![gambar](http://jauh.example/y.png) [tautan](javascript:alert(4)) dan $\\href{javascript:"
    "alert(5)}{rumus}$ dalam kalimat yang juga cukup panjang untuk dikutip\n"
    "kanan ke kiri: \u202eini terbalik\u202c, dan `kode`, dan {{ 7*7 }} ${7*7} dalam satu kalimat "
    "yang panjangnya lebih dari delapan puluh huruf juga\n"
)


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    seeds = tmp_path_factory.mktemp("hostile") / "seeds"
    seeds.mkdir()
    for number, name in enumerate(
        (
            "<img src=x onerror=alert(6)>.txt",
            "b\u202etxt.exe.txt",
            "c'\"&d.txt",
            "${7*7}{{7*7}}.txt",
        )
    ):
        lines = HOSTILE.splitlines(keepends=True)
        (seeds / name).write_text("".join(lines[number:] + lines[:number]), encoding="utf-8")
    with running({"extractive": ScriptedAssistant(seeds)}, seeds) as site:
        yield site


@pytest.fixture
def uploading_site(tmp_path: Path) -> Iterator[Site]:
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS, seeds)
    with running({"extractive": ScriptedAssistant(seeds)}, seeds, allow_uploads=True) as site:
        yield site


def open_articles(page: Any) -> None:
    page.get_by_role("tab", name="Artikel").click()
    page.wait_for_selector("#listing .listing")


def test_hostile_articles_are_shown_as_text(hostile_site: Site, open_page: Opening) -> None:
    page = open_page(hostile_site)
    ask(page, "<img src=x onerror=alert(7)> apa kata mereka?")
    turn = done(page)
    answer = hostile_site.assistant.ask("x")
    for citation in answer.citations:
        turn.locator(f'a.cite[href="#src-1-{citation.number}"]').click()
        mark = page.locator(f'#panel mark.active[data-number="{citation.number}"]').first
        mark.wait_for()
        shown = page.locator(f'#panel mark.active[data-number="{citation.number}"]')
        assert "".join(shown.evaluate_all("ms => ms.map(m => m.textContent)")) == citation.quote
    open_articles(page)
    page.locator("#listing .open-article").first.click()
    page.wait_for_selector("#reader-text .article")
    names = page.locator("#listing tbody th .file").all_inner_texts()
    assert "<img src=x onerror=alert(6)>.txt" in names
    assert "b⟨U+202E⟩txt.exe.txt" in names
    assert "${7*7}{{7*7}}.txt" in names
    for part in ("#talk", "#panel", "#reader-text", "#listing"):
        assert page.locator(f"{part} :is(script, img, iframe)").count() == 0
    assert page.title() == "Tanya Artikel"
    # No dialog, no foreign request, no console error: asserted as the page is closed.


def test_a_line_of_ten_megabytes_does_not_freeze_the_page(
    tmp_path: Path, open_page: Opening
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    line = "kata yang panjang sekali " * 400_000
    (seeds / "a.txt").write_text(line, encoding="utf-8")
    assistant = ScriptedAssistant(seeds)
    with running({"extractive": assistant}, seeds) as site:
        page = open_page(site)
        open_articles(page)
        page.locator("#listing .open-article").first.click()
        page.wait_for_selector("#reader-text .pager")
        assert len(page.locator("#reader-text .article-text").inner_text()) < 100_000
        page.locator("#reader-text .pager button").first.click()
        page.wait_for_selector("#reader-text .pager >> text=60001")


def test_the_list_search_and_reading_view(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    open_articles(page)
    assert page.locator("#listing tbody tr").count() == 5
    page.fill("#article-search :is(input, textarea)", "perdagangan")
    page.keyboard.press("Enter")
    hit = page.locator("#found .hits > li").first
    hit.wait_for()
    for arm in ("gabungan", "kata (BM25)", "makna (kosinus)"):
        assert arm in hit.locator(".arms").inner_text()
    passage = scripted_site.assistant.retrieve("perdagangan")[0]
    hit.locator(".open-article").click()
    mark = page.locator("#reader-text mark.active")
    mark.first.wait_for()
    assert "".join(mark.evaluate_all("ms => ms.map(m => m.textContent)")) == passage.text
    page.locator("#reader-text [data-action=close]").click()
    page.wait_for_selector("#reader-text .reader-empty")


def test_upload_ask_remove(uploading_site: Site, open_page: Opening, tmp_path: Path) -> None:
    page = open_page(uploading_site)
    open_articles(page)
    own = tmp_path / "kapal selam.txt"
    own.write_text(
        "Kapal Selam Baru\n\nKapal selam itu diluncurkan di Surabaya pada pagi hari oleh para "
        "pekerja galangan, kata menteri dalam sambutannya yang panjang.\n",
        encoding="utf-8",
    )
    page.set_input_files("#upload input[type=file]", own)
    page.wait_for_selector("#library-note >> text=kapal selam.txt")
    kept = uploading_site.seeds / "uploads" / "kapal selam.txt"
    assert kept.read_bytes() == own.read_bytes()
    row = page.locator("#listing tr", has_text="uploads/kapal selam.txt")
    assert "unggahan" in row.inner_text()
    assert any(p.file == "uploads/kapal selam.txt" for p in uploading_site.assistant.retrieve("x"))
    row.locator("button.remove").click()
    page.wait_for_selector("#library-note >> text=dihapus")
    assert not kept.exists()
    assert page.locator("#listing tr", has_text="kapal selam").count() == 0
    assert page.locator("#listing button.remove").count() == 0


@pytest.mark.parametrize(
    ("name", "content"), [("a.txt", b"\xff\xfe\x00"), ("kosong.md", b"  "), ("b.txt", b"a\x00b")]
)
def test_a_bad_upload_is_refused_with_its_reason(
    uploading_site: Site, open_page: Opening, tmp_path: Path, name: str, content: bytes
) -> None:
    page = open_page(uploading_site)
    open_articles(page)
    (tmp_path / name).write_bytes(content)
    page.set_input_files("#upload input[type=file]", tmp_path / name)
    page.wait_for_selector("#library-note .notice.failed")
    assert not list(uploading_site.seeds.glob("uploads/*"))


def test_without_permission_there_is_nothing_to_upload_with(
    hostile_site: Site, open_page: Opening
) -> None:
    page = open_page(hostile_site)
    open_articles(page)
    assert page.locator("#upload input").count() == 0
    refused = httpx.post(f"{hostile_site.url}gradio_api/upload", files={"files": b"x"})
    assert refused.status_code == 403


def test_re_indexing_says_what_it_found(uploading_site: Site, open_page: Opening) -> None:
    page = open_page(uploading_site)
    open_articles(page)
    page.click("#reindex")
    page.wait_for_selector("#library-note >> text=5 tetap")


def test_an_article_that_changed_or_went_keeps_its_quotation(
    uploading_site: Site, open_page: Opening
) -> None:
    page = open_page(uploading_site)
    ask(page, "Apa kata mereka?")
    done(page)
    answer = uploading_site.assistant.ask("x")
    (uploading_site.seeds / answer.citations[0].file).write_text("Lain sama sekali.\n")
    (uploading_site.seeds / answer.citations[1].file).unlink()
    for number, said in ((1, "berubah"), (2, "tidak ada lagi")):
        page.click(f'a.cite[href="#src-1-{number}"]')
        page.wait_for_selector(f"#panel .notice >> text={said}")
        assert page.locator("#panel blockquote").inner_text() == answer.citations[number - 1].quote
        page.keyboard.press("Escape")
        page.wait_for_selector("#panel .panel-list")
