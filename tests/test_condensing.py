"""Follow-up questions written out by a model: only in the words of the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_articles import MEETING, number_of, write_articles
from scripted_server import Script, ScriptedServer, scripted_server

from assistant import Assistant, Turn
from assistant.condensing import condense
from assistant.errors import ModelUnreachable, ModelUseless
from assistant.llm.language_model import LanguageModel, Patience
from assistant.llm.models import load_llm

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

HISTORY = [
    Turn("Siapa Perdana Menteri yang ditemui Morozov?", "Morozov bertemu Ratna Dewi. [1]"),
]
FOLLOW_UP = "Di mana mereka bertemu?"
CONDENSED = "Di mana Morozov dan Perdana Menteri Ratna Dewi bertemu?"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as running:
        yield running


@pytest.fixture
def model(server: ScriptedServer) -> Iterator[LanguageModel]:
    loaded = load_llm(server.spec, patience=Patience(attempts=1, first_token=3))
    yield loaded
    loaded.close()


def test_a_follow_up_becomes_a_question_that_stands_alone(
    server: ScriptedServer, model: LanguageModel
) -> None:
    server.script = Script(reply=f'"{CONDENSED}"\n\nSemoga membantu!')
    assert condense(FOLLOW_UP, HISTORY, "id", model) == CONDENSED
    prompt = server.requests[0].prompt
    assert HISTORY[0].question in prompt
    assert FOLLOW_UP in prompt
    assert "[1]" not in prompt


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "\n\n",
        "Di mana? " * 100,
        "Berapa harga minyak goreng di pasar tradisional Surabaya pekan lalu?",
        "...",
    ],
)
def test_what_is_no_rewriting_is_useless(
    server: ScriptedServer, model: LanguageModel, reply: str
) -> None:
    server.script = Script(reply=reply)
    with pytest.raises(ModelUseless):
        condense(FOLLOW_UP, HISTORY, "id", model)


def test_a_failing_model_is_reported(server: ScriptedServer, model: LanguageModel) -> None:
    server.script = Script(failures=(500,) * 9)
    with pytest.raises(ModelUnreachable):
        condense(FOLLOW_UP, HISTORY, "id", model)


def test_history_is_bounded(server: ScriptedServer, model: LanguageModel) -> None:
    server.script = Script(reply=CONDENSED)
    turns = [Turn("x", "kata " * 2_000) for _ in range(200)] + HISTORY
    condense(FOLLOW_UP, turns, "id", model)
    assert HISTORY[0].question in server.requests[0].prompt
    assert len(server.requests[0].prompt) < 20_000


def test_the_assistant_searches_what_was_condensed_and_says_so(
    server: ScriptedServer, model: LanguageModel, tmp_path: Path
) -> None:
    def reply(prompt: str) -> str:
        if "Kutipan [" not in prompt:
            return CONDENSED
        return f"{MEETING} [{number_of(prompt, 'Lev Morozov bertemu')}]."

    server.script = Script(reply=reply)
    folder = write_articles(tmp_path / "articles")
    with Assistant.open(folder, index=tmp_path / "index", llm=model) as assistant:
        answer = assistant.ask(FOLLOW_UP, history=HISTORY)
        assert answer.searched == CONDENSED
        assert answer.question == FOLLOW_UP
        assert [c.file for c in answer.citations] == ["kereta.txt"]

        server.requests.clear()
        alone = assistant.ask("Kapan Presiden Morozov bertemu Ratna Dewi?", history=HISTORY)
        assert alone.searched == alone.question, "a question that stands alone is left alone"
        assert len(server.requests) == 1
