"""The page's speed over the seeds: `PYTHONPATH=tests python -m web.bench` prints JSON.

`page_ready_s`: from opening the address to the first example that can be clicked, browser
already running. `first_token_ms`: from sending a question to the first sentence on the screen,
median of those of 20 that are `answered`. `visitors_*`: 20 programs asking at once through the
queue.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from assistant import Assistant
from assistant.evaluation import datasets
from web.site import CHROMIUM, FLAGS, Site, running

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTIONS = 20
VISITORS = 20

SEND_AND_WATCH = """() => new Promise((resolve) => {
  const started = performance.now();
  const observer = new MutationObserver(() => {
    const shown = document.querySelector('#live .s');
    if (shown || document.querySelector('.turn-done')) {
      observer.disconnect();
      resolve(shown ? performance.now() - started : null);
    }
  });
  observer.observe(document.body, {childList: true, subtree: true});
  document.querySelector('#send').click();
})"""


def page_ready_s(browser: Any, site: Site) -> float:
    """Seconds until a new visitor can click an example."""
    page = browser.new_context(locale="id-ID").new_page()
    started = time.perf_counter()
    page.goto(site.url)
    page.wait_for_selector(".example")
    taken = time.perf_counter() - started
    page.context.close()
    return taken


def first_token_ms(browser: Any, site: Site) -> list[float]:
    """Milliseconds from sending to the first sentence, once per question that is answered."""
    page = browser.new_context(locale="id-ID").new_page()
    page.goto(site.url)
    page.wait_for_selector(".example")
    taken = []
    for question in questions():
        page.fill("#question textarea", question)
        page.wait_for_timeout(200)
        taken.append(page.evaluate(SEND_AND_WATCH))
        page.wait_for_selector(".turn-done")
        page.click("#clear")
        page.wait_for_selector(".example")
        page.wait_for_timeout(200)
    page.context.close()
    return [each for each in taken if each is not None]


def questions() -> list[str]:
    """Questions that the page has not seen, of those that the seeds answer."""
    asked = [q.question for q in datasets.load("seeds").questions if q.answerable and not q.history]
    return asked[:: len(asked) // QUESTIONS][:QUESTIONS]


def visitors_ms(site: Site) -> tuple[list[float], int]:
    """Milliseconds each of 20 simultaneous visitors waits, and how many got no answer."""

    def visit(number: int) -> float | None:
        with httpx.Client(base_url=site.url, timeout=60) as web:
            started = time.perf_counter()
            question = f"Apa kata Putin tentang perdagangan {2000 + number}?"
            posted = web.post("gradio_api/call/ask", json={"data": [question, []]}).json()
            said = web.get(f"gradio_api/call/ask/{posted['event_id']}").text
        return (time.perf_counter() - started) * 1000 if "event: complete" in said else None

    with ThreadPoolExecutor(VISITORS) as pool:
        outcomes = list(pool.map(visit, range(VISITORS)))
    return [taken for taken in outcomes if taken is not None], outcomes.count(None)


def measure() -> dict[str, float]:
    """All figures."""
    with (
        tempfile.TemporaryDirectory() as index,
        Assistant.open(SEEDS, index=index) as assistant,
        running({"extractive": assistant}, SEEDS) as site,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page_ready_s(browser, site)  # the examples are made on the first visit
        ready = statistics.median(page_ready_s(browser, site) for _ in range(3))
        first = first_token_ms(browser, site)
        browser.close()
        waits, errors = visitors_ms(site)
    return {
        "page_ready_s": round(ready, 2),
        "answered": len(first),
        "first_token_ms": round(statistics.median(first)),
        "first_token_p95_ms": round(sorted(first)[int(0.95 * len(first)) - 1]),
        "visitors": VISITORS,
        "visitors_errors": errors,
        "visitors_median_ms": round(statistics.median(waits)),
        "visitors_p95_ms": round(sorted(waits)[int(0.95 * len(waits)) - 1]),
    }


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=2)
    sys.stdout.write("\n")
