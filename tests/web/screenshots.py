"""The README's pictures: `PYTHONPATH=tests python -m web.screenshots docs/screenshots`.

Desktop and phone, light and dark, each an answer with its article open, over the seeds.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from assistant import Assistant
from web.site import CHROMIUM, FLAGS, Site, running

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTIONS = (
    "Kapan Kim Jong-un dan Vladimir Putin mengadakan pertemuan puncak?",
    "Berapa kali lipat perdagangan Rusia dan Korea Utara naik pada 2023?",
)
SHOTS = (
    ("desktop-light", 1280, 860, "light"),
    ("desktop-dark", 1280, 860, "dark"),
    ("phone-light", 390, 780, "light"),
    ("phone-dark", 390, 780, "dark"),
)
COLOURS = 64
"""Enough for text on paper; keeps a picture under some 100 kB."""


def take(browser: Any, site: Site, folder: Path) -> None:
    """All pictures into `folder`."""
    for name, width, height, scheme in SHOTS:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="id-ID", color_scheme=scheme
        )
        page = context.new_page()
        page.goto(site.url)
        page.wait_for_selector(".example")
        for turn, question in enumerate(QUESTIONS, start=1):
            page.fill("#question textarea", question)
            page.press("#question textarea", "Enter")
            page.wait_for_selector(f"#turn-{turn}.turn-done")
        page.locator(f"#turn-{len(QUESTIONS)} a.cite").first.click()
        page.wait_for_selector("#panel mark.active")
        page.wait_for_timeout(700)
        _save(page, folder / f"{name}.png")
        context.close()


def _save(page: Any, path: Path) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main(folder: Path) -> None:
    """Serve the seeds and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as index,
        Assistant.open(SEEDS, index=index) as assistant,
        running({"extractive": assistant}, SEEDS) as site,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take(browser, site, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
