"""The endpoints and the MCP tools give programs the same checked citations as the page."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from web.conftest import SEEDS
from web.scripted import ScriptedAssistant
from web.site import Site, running

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    pytest.importorskip("mcp", reason="needs the extra mcp")
    with running(
        {"extractive": ScriptedAssistant(SEEDS)}, SEEDS, mcp=True, auth="pembaca:rahasia"
    ) as running_site:
        yield running_site


@pytest.fixture(scope="module")
def client(site: Site) -> Any:
    from gradio_client import Client

    return Client(site.url, auth=("pembaca", "rahasia"), verbose=False)


def verbatim(file: str, start: int, end: int) -> str:
    return (SEEDS / file).read_bytes().decode("utf-8")[start:end]


def test_ask_gives_the_answer_as_json(client: Any) -> None:
    answer = client.predict(question="Apa kata Putin?", api_name="/ask")
    assert answer["status"] == "answered"
    for one in answer["citations"]:
        assert verbatim(one["file"], one["start"], one["end"]) == one["quote"]
        assert f"[{one['number']}]" in answer["text"]


def test_ask_takes_the_turns_before(client: Any) -> None:
    history = [{"question": "Siapa Kim?", "answer": "Pemimpin."}]
    answer = client.predict(question="Di mana?", history=history, api_name="/ask")
    assert answer["searched"] == "Di mana? (Siapa Kim?)"


def test_retrieve_and_articles(client: Any) -> None:
    passages = client.predict(question="Putin", k=2, api_name="/retrieve")
    assert len(passages) == 2
    for passage in passages:
        assert verbatim(passage["file"], passage["start"], passage["end"]) == passage["text"]
    assert len(client.predict(api_name="/articles")) == 5


def test_the_endpoints_are_described_with_their_types(client: Any) -> None:
    described = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(described) == {"/ask", "/retrieve", "/articles"}
    parameters = {one["parameter_name"]: one for one in described["/ask"]["parameters"]}
    assert parameters["question"]["python_type"]["type"] == "str"
    assert not parameters["history"].get("required", False)


def test_an_error_reaches_the_program_with_its_hint(client: Any) -> None:
    with pytest.raises(Exception, match="Nyalakan modelnya"):
        client.predict(question="Ini gagal", api_name="/ask")
    with pytest.raises(Exception, match="at most 1,000"):
        client.predict(question="x" * 1_001, api_name="/ask")


def test_curl_gets_an_answer(site: Site) -> None:
    with httpx.Client(base_url=site.url) as web:
        web.post("login", data={"username": "pembaca", "password": "rahasia"}).raise_for_status()
        event = web.post("gradio_api/call/ask", json={"data": ["Apa kata Putin?", []]}).json()
        said = web.get(f"gradio_api/call/ask/{event['event_id']}", timeout=20).text
    data = next(line for line in said.splitlines() if line.startswith("data: "))
    assert json.loads(data.removeprefix("data: "))[0]["status"] == "answered"


def test_the_mcp_tools_return_citations(site: Site) -> None:
    from mcp.client import Client
    from mcp.client.streamable_http import streamable_http_client

    headers = {"Authorization": "Basic " + base64.b64encode(b"pembaca:rahasia").decode()}

    async def talk() -> tuple[list[str], Any, Any, Any]:
        import httpx2

        async with (
            httpx2.AsyncClient(headers=headers) as web,
            Client(streamable_http_client(f"{site.url}mcp", http_client=web)) as session,
        ):
            tools = await session.list_tools()
            answer = await session.call_tool("ask_articles", {"question": "Apa kata Putin?"})
            found = await session.call_tool("search_articles", {"question": "Putin", "k": 3})
            failed = await session.call_tool("ask_articles", {"question": "Ini gagal"})
        return [tool.name for tool in tools.tools], answer, found, failed

    names, answer, found, failed = _elsewhere(talk)
    assert names == ["ask_articles", "search_articles"]
    for one in answer.structured_content["citations"]:
        assert verbatim(one["file"], one["start"], one["end"]) == one["quote"]
    passages = found.structured_content["result"]
    assert len(passages) == 3
    assert verbatim(passages[0]["file"], passages[0]["start"], passages[0]["end"])
    assert failed.is_error
    assert "Nyalakan modelnya" in failed.content[0].text


def test_nothing_is_served_without_logging_in(site: Site) -> None:
    anonymous = httpx.Client(base_url=site.url)
    assert anonymous.post("mcp", json={}).status_code == 401
    assert anonymous.get("config").status_code == 401
    assert anonymous.get("gradio_api/info").status_code == 401
    for path in ("gradio_api/call/ask", "gradio_api/queue/join", "gradio_api/run/ask"):
        refused = anonymous.post(path, json={"data": ["Apa kata Putin?", []]})
        assert refused.status_code == 401, path
    wrong = "Basic " + base64.b64encode(b"pembaca:salah").decode()
    assert anonymous.post("mcp", headers={"Authorization": wrong}).status_code == 401
    page = anonymous.get("").text
    assert "Putin" not in page


def _elsewhere(task: Callable[[], Any]) -> Any:
    """Run a coroutine in a thread of its own: the browser's driver has a loop in this one."""
    import anyio

    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(anyio.run(task))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]
