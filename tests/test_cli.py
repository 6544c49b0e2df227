from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app

RUNNER = CliRunner()
TRADE = "Berapa kali lipat perdagangan Rusia dan Korea Utara naik pada 2023?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


def run(*arguments: str, seeds: Path, index: Path, typed: str | None = None) -> Result:
    options = ["--seeds", str(seeds), "--index", str(index)]
    return RUNNER.invoke(app, [*arguments, *options], input=typed)


def test_ask_prints_the_answer_and_its_place(seeds: Path, index: Path) -> None:
    result = run("ask", TRADE, seeds=seeds, index=index)
    assert result.exit_code == 0, result.output
    assert "sembilan kali lipat" in result.stdout
    assert "[1] 00" in result.stdout


def test_ask_exits_3_when_the_articles_do_not_say(seeds: Path, index: Path) -> None:
    result = run("ask", "Siapa yang mencoba membunuh Donald Trump?", seeds=seeds, index=index)
    assert result.exit_code == 3
    assert "[1]" not in result.stdout


def test_ask_json_is_the_contract(seeds: Path, index: Path) -> None:
    result = run("ask", TRADE, "--json", seeds=seeds, index=index)
    answer = json.loads(result.stdout)
    assert set(answer) >= {
        "question", "language", "status", "text", "short_answer", "sentences", "citations",
        "unknown_markers", "nearest", "engine", "timings_ms",
    }  # fmt: skip
    assert set(answer["sentences"][0]) == {
        "text", "start", "end", "citations", "support", "score",
    }  # fmt: skip
    assert set(answer["citations"][0]) == {
        "number", "file", "start", "end", "line", "quote", "title", "published", "outlet", "score",
    }  # fmt: skip
    assert set(answer["engine"]) >= {"answerer", "model", "embedder"}
    assert set(answer["timings_ms"]) == {"retrieve", "answer", "total"}
    assert answer["status"] == "answered"
    assert answer["language"] == "id"


def test_chat_keeps_the_conversation_and_shows_what_was_searched(seeds: Path, index: Path) -> None:
    result = run(
        "chat", seeds=seeds, index=index, typed=f"{TRADE}\nLalu dalam lima bulan pertama?\n\n"
    )
    assert result.exit_code == 0, result.output
    assert "Dicari: Lalu dalam lima bulan pertama?" in result.stdout
    assert "54" in result.stdout


def test_index_says_what_changed(seeds: Path, tmp_path: Path) -> None:
    assert "5 added" in run("index", seeds=seeds, index=tmp_path).stdout
    assert "5 unchanged" in run("index", seeds=seeds, index=tmp_path).stdout
    assert "5 added" in run("index", "--rebuild", seeds=seeds, index=tmp_path).stdout


def test_an_error_is_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    result = run("ask", "Apa?", seeds=tmp_path / "missing", index=tmp_path / "index")
    assert result.exit_code == 1
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Error: ")
    assert "missing" in lines[0]
    assert "Traceback" not in result.output


def test_usage_errors_exit_2() -> None:
    assert RUNNER.invoke(app, ["ask"]).exit_code == 2
    assert RUNNER.invoke(app, ["nonsense"]).exit_code == 2


def test_settings_come_from_arguments_over_environment_over_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.config import load_settings

    monkeypatch.chdir(tmp_path)
    (tmp_path / "assistant.toml").write_text('seeds = "from-file"\nindex = "from-file"\n')
    monkeypatch.setenv("ASSISTANT_INDEX", "from-environment")
    settings = load_settings(llm="ollama:from-argument", seeds=None)
    assert (str(settings.seeds), str(settings.index)) == ("from-file", "from-environment")
    assert settings.llm == "ollama:from-argument"


@pytest.mark.parametrize("content", ['polizy = "mark"', "seeds = [", 'policy = "lax"'])
def test_a_wrong_setting_is_named(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "assistant.toml").write_text(content)
    result = RUNNER.invoke(app, ["ask", "Apa?"])
    assert result.exit_code == 1
    assert "assistant.toml" in result.stderr
