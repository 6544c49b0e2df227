"""Serving others: accounts, hosts, origins, sizes, headers, many visitors at once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.errors import SettingsError
from assistant.web import Limits, serve
from assistant.web.security import accounts, check_host
from web.conftest import SEEDS
from web.scripted import ScriptedAssistant
from web.site import Site, running

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    limits = Limits(logins_per_minute=3, body_bytes=100_000, upload_bytes=1_000)
    with running({"extractive": ScriptedAssistant(SEEDS)}, SEEDS, limits=limits) as running_site:
        yield running_site


def test_an_account_is_admitted_and_nobody_else() -> None:
    given = accounts("pembaca:kata:sandi")
    assert given is not None
    assert given.admits("pembaca", "kata:sandi")
    assert not given.admits("pembaca", "kata")
    assert not given.admits("lain", "kata:sandi")
    assert not given.admits("", "")


def test_accounts_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "akun"
    file.write_text("# pembaca\n\na:satu\nb:dua\n")
    given = accounts(f"@{file}")
    assert given is not None
    assert given.admits("a", "satu")
    assert given.admits("b", "dua")


@pytest.mark.parametrize("auth", ["", "a", "a:", ":b", "@/tidak/ada"])
def test_half_an_account_is_refused(auth: str) -> None:
    with pytest.raises(SettingsError):
        accounts(auth)


def test_other_machines_are_not_served_without_accounts() -> None:
    for host in ("0.0.0.0", "192.168.1.2", "::"):
        with pytest.raises(SettingsError, match="everyone"):
            check_host(host, None, force=False)
        check_host(host, None, force=True)
        check_host(host, accounts("a:b"), force=False)
    for host in ("127.0.0.1", "localhost", "::1"):
        check_host(host, None, force=False)


def test_a_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=str(port)) as raised:
            serve({"extractive": ScriptedAssistant(SEEDS)}, seeds=SEEDS, port=port)
    assert f"--port {port + 1}" in raised.value.hint


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    for path in ("", "config", "page-assets/page.js", "nirgendwo"):
        headers = httpx.get(site.url + path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_each_page_has_a_nonce_of_its_own(site: Site) -> None:
    nonces = set()
    for _ in range(3):
        page = httpx.get(site.url)
        nonce = page.headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
        assert page.text.count("<script") == page.text.count(f'<script nonce="{nonce}"')
        nonces.add(nonce)
    assert len(nonces) == 3


def test_a_foreign_name_for_this_machine_is_not_answered(site: Site) -> None:
    assert httpx.get(site.url, headers={"Host": "jahat.example"}).status_code == 421


def test_other_sites_cannot_post(site: Site) -> None:
    call = f"{site.url}gradio_api/call/articles"
    for origin in ("https://jahat.example", "null", "http://127.0.0.1:1"):
        refused = httpx.post(call, json={"data": []}, headers={"Origin": origin})
        assert refused.status_code == 403
    own = site.url.rstrip("/")
    assert httpx.post(call, json={"data": []}, headers={"Origin": own}).status_code == 200


def test_a_body_that_is_too_large_is_refused(site: Site) -> None:
    call = f"{site.url}gradio_api/call/ask"
    assert httpx.post(call, content=b"x" * 100_001).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x" * 1_000

    try:
        status = httpx.post(call, content=endless()).status_code
    except httpx.HTTPError:
        status = 413
    assert status >= 400


def test_guessing_passwords_is_slowed_down(site: Site) -> None:
    statuses = [
        httpx.post(f"{site.url}login", data={"username": "a", "password": "b"}).status_code
        for _ in range(5)
    ]
    assert statuses[-1] == 429


def test_a_full_queue_is_refused_and_recovers(tmp_path: Path) -> None:
    limits = Limits(queue=2, concurrency=1)
    slow = ScriptedAssistant(SEEDS, delay=0.05)
    with running({"extractive": slow}, SEEDS, limits=limits) as site:
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(lambda n: _called(site, f"Jawab pelan {n}"), range(8)))
        assert "complete" in outcomes
        assert outcomes.count("refused") >= 1
        assert _called(site, "Apa kata Putin?") == "complete"


def test_twenty_visitors_ask_at_once_and_each_gets_their_own_answer() -> None:
    with running({"extractive": ScriptedAssistant(SEEDS)}, SEEDS) as site:

        def visit(number: int) -> tuple[str, float]:
            started = time.perf_counter()
            answer = _asked(site, f"Pertanyaan pengunjung {number}")
            return answer["question"], time.perf_counter() - started

        with ThreadPoolExecutor(20) as pool:
            outcomes = list(pool.map(visit, range(20)))
    assert [question for question, _ in outcomes] == [
        f"Pertanyaan pengunjung {number}" for number in range(20)
    ]


def _asked(site: Site, question: str) -> Any:
    import json

    with httpx.Client(base_url=site.url, timeout=30) as web:
        event = web.post("gradio_api/call/ask", json={"data": [question, []]}).json()
        said = web.get(f"gradio_api/call/ask/{event['event_id']}").text
    data = next(line for line in said.splitlines() if line.startswith("data: "))
    return json.loads(data.removeprefix("data: "))[0]


def _called(site: Site, question: str) -> str:
    with httpx.Client(base_url=site.url, timeout=30) as web:
        posted = web.post("gradio_api/call/ask", json={"data": [question, []]})
        if posted.status_code != 200 or "event_id" not in posted.json():
            return "refused"
        said = web.get(f"gradio_api/call/ask/{posted.json()['event_id']}").text
    return "complete" if "event: complete" in said else "failed"


def test_serve_says_when_it_is_ready_and_stops_quietly(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = (
        "import sys; from pathlib import Path; from web.scripted import ScriptedAssistant;"
        "from assistant.web import serve; seeds = Path(sys.argv[1]);"
        "serve({'extractive': ScriptedAssistant(seeds)}, seeds=seeds, port=int(sys.argv[2]),"
        " ready=lambda url: print(url, flush=True))"
    )
    root = SEEDS.parent
    server = subprocess.Popen(
        [sys.executable, "-c", program, str(SEEDS), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"},
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        assert url == f"http://127.0.0.1:{port}/"
        started = time.perf_counter()
        assert httpx.get(url).status_code == 200
        assert time.perf_counter() - started < 2
        with httpx.stream("GET", f"{url}gradio_api/heartbeat/besucher"):
            server.send_signal(signal.SIGINT)
            _, said = server.communicate(timeout=30)
    finally:
        server.kill()
    assert said == ""
