from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from web.scripted import ScriptedAssistant
from web.site import CHROMIUM, FLAGS, Site, Watched, running

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not CHROMIUM.exists():
        pytest.skip(f"needs Debian's Chromium at {CHROMIUM}")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def scripted_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page over a copy of the seeds, with an assistant that says what it is told to."""
    seeds = tmp_path_factory.mktemp("site") / "seeds"
    shutil.copytree(SEEDS, seeds)
    quoting = ScriptedAssistant(seeds)
    with running(
        {"extractive": quoting, "model-contoh": ScriptedAssistant(seeds)}, seeds, allow_uploads=True
    ) as site:
        yield site


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a site as a new visitor; at the end nothing may have gone wrong in any page."""
    opened: list[tuple[Any, Watched]] = []

    def opening(site: Site, *, width: int = 1440, locale: str = "id-ID", **options: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=locale, **options
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        opened.append((context, Watched.over(page, site.url)))
        page.goto(site.url)
        page.wait_for_selector(".welcome, .turn", timeout=30_000)
        return page

    yield opening
    for context, watched in opened:
        context.close()
        watched.assert_clean()
