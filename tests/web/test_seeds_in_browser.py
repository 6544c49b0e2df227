"""The page over the real assistant: from an example to the sentence in the file, and uploads."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from web.conftest import SEEDS
from web.site import Site, running
from web.test_articles_in_browser import open_articles
from web.test_conversation_in_browser import ask, done

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Opening = Callable[..., Any]


@pytest.fixture(scope="module")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("real")
    seeds = folder / "seeds"
    shutil.copytree(SEEDS, seeds)
    with (
        Assistant.open(seeds, index=folder / "index") as assistant,
        running({"extractive": assistant}, seeds, allow_uploads=True) as site,
    ):
        yield site


def test_from_an_example_to_the_very_place_in_the_file(real_site: Site, open_page: Opening) -> None:
    page = open_page(real_site)
    page.locator(".example").first.click()
    turn = done(page)
    assert turn.locator("a.cite").count() >= 1
    for link in turn.locator("a.cite").all():
        link.click()
        number = link.inner_text()
        marks = page.locator(f'#panel mark.active[data-number="{number}"]')
        marks.first.wait_for()
        quote = "".join(marks.evaluate_all("marks => marks.map(mark => mark.textContent)"))
        file = page.locator("#panel .file").first.inner_text()
        assert quote
        assert quote in (real_site.seeds / file).read_bytes().decode("utf-8")


@pytest.mark.parametrize("locale", ["id-ID", "en-GB"])
def test_every_example_is_answered(real_site: Site, open_page: Opening, locale: str) -> None:
    page = open_page(real_site, locale=locale)
    examples = page.locator(".example").all_inner_texts()
    assert len(examples) >= 3
    for example in examples:
        assert real_site.assistant.ask(example).status == "answered"


def test_an_uploaded_article_is_cited_until_it_is_removed(
    real_site: Site, open_page: Opening, tmp_path: Path
) -> None:
    page = open_page(real_site)
    question = "Siapa yang meluncurkan perpustakaan terapung di Banjarmasin?"
    ask(page, question)
    assert "perpustakaan.txt" not in done(page).inner_text()
    open_articles(page)
    own = tmp_path / "perpustakaan.txt"
    own.write_text(
        "Perpustakaan Terapung di Banjarmasin\n\nWali Kota Ibnu Sina meluncurkan perpustakaan "
        "terapung di Banjarmasin pada 3 Mei 2021. Perpustakaan terapung itu memuat dua ribu buku "
        "dan berlayar menyusuri Sungai Martapura setiap hari.\n",
        encoding="utf-8",
    )
    page.set_input_files("#upload input[type=file]", own)
    page.wait_for_selector("#library-note >> text=sudah bisa ditanyakan")
    page.get_by_role("tab", name="Percakapan").click()
    ask(page, question)
    assert done(page, 2).locator("a.cite").count() >= 1
    assert "uploads/perpustakaan.txt" in page.locator("#panel").inner_text()
    open_articles(page)
    page.locator("#listing tr", has_text="perpustakaan.txt").locator("button.remove").click()
    page.wait_for_selector("#library-note >> text=dihapus")
    page.get_by_role("tab", name="Percakapan").click()
    ask(page, question)
    done(page, 3)
    assert "perpustakaan.txt" not in page.locator("#panel").inner_text()
    answer = real_site.assistant.ask(question)
    assert all(citation.file != "uploads/perpustakaan.txt" for citation in answer.citations)
