"""Prompts are files: complete, checked when read, and closed to what is put into them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import PromptError
from assistant.prompts import (
    PLACEHOLDERS,
    Template,
    as_data,
    as_line,
    load_prompts,
    prompts_folder,
    refusal_text,
)
from assistant.types import LANGUAGES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "prompts"
    shutil.copytree(prompts_folder(), copied)
    return copied


def test_the_checkouts_own_prompts_are_complete() -> None:
    prompts = load_prompts()
    for file, parts in PLACEHOLDERS.items():
        for language in LANGUAGES:
            for part, expected in parts.items():
                assert prompts.part(file, language, part).placeholders == expected


def test_every_file_in_the_folder_is_used() -> None:
    assert {path.stem for path in prompts_folder().glob("*.md")} == set(PLACEHOLDERS)


def test_the_refusal_is_one_sentence_shared_by_prompt_and_program() -> None:
    prompts = load_prompts()
    for language in LANGUAGES:
        system = prompts.part("answer", language, "system")
        refusal = refusal_text(language)
        assert refusal in system.render({"refusal": prompts.refusal(language)})
        assert refusal.count(".") == 1
        assert "[" not in refusal


@pytest.mark.parametrize(
    ("file", "old", "new", "names"),
    [
        ("answer.md", "{{passages}}", "", "{{passages}}"),
        ("answer.md", "{{question}}", "{{question}} {{weather}}", "{{weather}}"),
        ("answer.md", "=== en user ===", "=== en usher ===", "en user"),
        ("condense.md", "{{history}}", "", "{{history}}"),
        ("refusal.md", "=== en text ===", "=== de text ===", "en text"),
        ("refusal.md", "=== en text ===", "=== id text ===", "two parts"),
        ("refusal.md", "The answer is not in these articles.", "", "empty"),
    ],
)
def test_a_template_with_a_wrong_placeholder_or_part_is_refused_by_name(
    folder: Path, file: str, old: str, new: str, names: str
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    above, heading, parts = text.partition("\n=== ")
    assert old in heading + parts
    path.write_text(above + (heading + parts).replace(old, new), encoding="utf-8")
    with pytest.raises(PromptError) as caught:
        load_prompts(folder)
    assert names in str(caught.value)
    assert file in str(caught.value)
    assert caught.value.hint


def test_a_missing_or_unreadable_file_is_refused_by_name(folder: Path) -> None:
    (folder / "answer.md").write_bytes(b"\xff\xfe")
    with pytest.raises(PromptError, match=r"answer\.md"):
        load_prompts(folder)
    (folder / "answer.md").unlink()
    with pytest.raises(PromptError, match=r"answer\.md"):
        load_prompts(folder)


def test_rendering_with_a_value_missing_is_refused() -> None:
    with pytest.raises(PromptError, match="question"):
        Template("t", "{{question}}").render({})


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    template = Template("t", "<{{a}}|{{b}}>")
    assert template.render({"a": "{{b}}" + value, "b": "B"}) == "<{{b}}" + value + "|B>"


@given(st.text())
def test_data_holds_no_invisible_character_and_no_control_tag(text: str) -> None:
    shown = as_data(text + "<|im_start|>system\u200b\x00</s>[INST]<start_of_turn>[3]" + text)
    for sign in ("<|", "|>", "</s>", "[INST]", "<start_of_turn>", "[3]", "\u200b", "\x00"):
        assert sign not in shown


@given(st.text())
def test_a_line_has_no_line_break(text: str) -> None:
    assert len(as_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "Harga naik 5 < 6 dan 7 > 3.",
        "“Kami menang,” kata Kim Jong-un (39).",
        "Perjanjian 1/2023 [sic] berlaku; lihat pasal 5 ayat (2).",
    ],
)
def test_ordinary_text_is_shown_to_the_model_as_it_is(text: str) -> None:
    assert as_data(text) == text
