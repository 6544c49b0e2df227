"""The page's documentation is run, line by line, against a running page."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from assistant.web import Limits
from web.conftest import SEEDS
from web.scripted import ScriptedAssistant
from web.site import Site, running

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

DOCS = (SEEDS.parent / "docs" / "page.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:7860/"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running({"extractive": ScriptedAssistant(SEEDS)}, SEEDS) as running_site:
        yield running_site


def block(language: str, site: Site) -> str:
    """The only code block of a language, with this page's address in it."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCS, re.S)
    assert ADDRESS in found
    return str(found.replace(ADDRESS, site.url))


def test_the_python_lines_run(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", block("python", site)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    first = done.stdout.splitlines()[0].split()
    assert first[0] == "1"
    assert (SEEDS / first[1]).exists()


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_curl_lines_run(site: Site) -> None:
    done = subprocess.run(
        ["sh", "-c", block("sh", site)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "event: complete" in done.stdout
    assert '"citations"' in done.stdout


def test_the_limits_are_the_ones_in_force() -> None:
    limits = Limits()
    said = " ".join(DOCS.split())
    assert f"limited to {limits.question_chars:,} characters" in said
    assert f"{limits.concurrency} are answered at once and {limits.queue} wait" in said
    assert f"to {limits.body_bytes // 1_000_000} MB" in said
    assert f"({limits.upload_bytes // 1_000_000} MB each)" in said
    assert f"to {limits.logins_per_minute} a minute" in said


def test_the_signs_are_the_ones_on_the_page() -> None:
    from assistant.web.render import SIGNS
    from assistant.web.strings import EN

    for support, sign in SIGNS.items():
        first_word = EN.support[support].split(" by")[0].split(" word")[0]
        assert f"`{sign}` {first_word}" in " ".join(DOCS.split())
