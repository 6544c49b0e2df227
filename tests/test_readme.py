"""What the README shows is run, and what it names is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app

CHECKOUT = Path(__file__).resolve().parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(CHECKOUT)
    assert 'index="index"' in example
    exec(example.replace('index="index"', f"index={str(tmp_path)!r}"), {})
    assert "answered" in capsys.readouterr().out


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`assistant (\w+)", README))))
def test_every_command_it_names_has_a_help(command: str) -> None:
    assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_every_make_target_and_extra_it_names_exists() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z-]+)", README)) - {"which"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    named = re.search(r"the extras (.*?) bring the rest", README, re.DOTALL)
    assert named
    for extra in re.findall(r"`(\w+)`", named.group(1)):
        assert extra in project["project"]["optional-dependencies"]
