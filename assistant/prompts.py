"""Prompt templates: files that know their placeholders, checked when they are read.

Each file of `prompts/` holds parts, one per language and role, headed by a line such as
`=== id system ===`. What stands above the first part is for people. A placeholder is
`{{name}}`; rendering replaces all of them in one pass, so that a value which contains
`{{question}}` stays what it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.errors import PromptError
from assistant.markers import neutralise
from assistant.types import LANGUAGES, Language

PLACEHOLDERS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "answer": {
        "system": frozenset({"refusal"}),
        "user": frozenset({"fence", "passages", "history", "question"}),
        "passage": frozenset({"fence", "number", "title", "source", "text"}),
        "history": frozenset({"turns"}),
        "turn": frozenset({"question", "answer"}),
    },
    "condense": {
        "system": frozenset(),
        "user": frozenset({"history", "question"}),
        "turn": frozenset({"question", "answer"}),
    },
    "refusal": {"text": frozenset()},
}
"""File, part and the placeholders that the program fills in there: neither more nor fewer."""

_HEADING = re.compile(r"^===[ \t]*(\w+)[ \t]+(\w+)[ \t]*===[ \t]*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One part of a prompt file. `name` is where it stands, as "answer.md, id user"."""

    name: str
    text: str

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that stand in double braces."""
        return frozenset(_PLACEHOLDER.findall(self.text))

    def render(self, values: Mapping[str, str]) -> str:
        """The text with each placeholder replaced. Raises PromptError unless all are given."""
        missing = self.placeholders - values.keys()
        if missing:
            raise PromptError(
                f"The prompt {self.name} was given no {', '.join(sorted(missing))}.",
                hint="This is a mistake in the program: please report it.",
            )
        return _PLACEHOLDER.sub(lambda match: values[match[1]], self.text)


@dataclass(frozen=True, slots=True)
class Prompts:
    """Every template, by file, language and part."""

    templates: Mapping[tuple[str, Language, str], Template]

    def part(self, file: str, language: Language, part: str) -> Template:
        """One template; `file` and `part` as in PLACEHOLDERS."""
        return self.templates[file, language, part]

    def refusal(self, language: Language) -> str:
        """The one sentence that says the articles hold no answer."""
        return self.part("refusal", language, "text").text


def prompts_folder() -> Path:
    """The folder with the templates: in the package of a wheel, at the top of a checkout."""
    package = Path(__file__).resolve().parent
    packed = package / "_prompts"
    return packed if packed.is_dir() else package.parent / "prompts"


def load_prompts(folder: Path | None = None) -> Prompts:
    """Read and check every template. Raises PromptError naming the file, part and placeholder."""
    folder = folder or prompts_folder()
    templates: dict[tuple[str, Language, str], Template] = {}
    for file, parts in PLACEHOLDERS.items():
        found = _read(folder / f"{file}.md")
        for language in LANGUAGES:
            for part, expected in parts.items():
                name = f"{file}.md, {language} {part}"
                text = found.pop((language, part), "")
                if not text:
                    raise PromptError(
                        f"The prompt {name} is missing or empty.",
                        hint=f"Add a part headed === {language} {part} === to {file}.md.",
                    )
                templates[file, language, part] = _checked(Template(name, text), expected)
        if found:
            strange = " and ".join(" ".join(heading) for heading in sorted(found))
            raise PromptError(
                f"{file}.md has a part that nothing uses: {strange}.",
                hint=f"Its parts are {', '.join(parts)}, each in id and en.",
            )
    return Prompts(templates)


@cache
def refusal_text(language: Language) -> str:
    """The one refusal, from the program's own prompts folder."""
    return load_prompts().refusal(language)


def _read(path: Path) -> dict[tuple[str, str], str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"The prompt {path.name} can't be read: {type(error).__name__}.",
            hint="Restore it from the project, or reinstall the package.",
        ) from error
    pieces = _HEADING.split(text)[1:]
    parts: dict[tuple[str, str], str] = {}
    for language, part, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        if (language, part) in parts:
            raise PromptError(
                f"{path.name} has two parts {language} {part}.", hint="Keep one of them."
            )
        parts[language, part] = body.strip()
    return parts


def _checked(template: Template, expected: frozenset[str]) -> Template:
    missing = expected - template.placeholders
    if missing:
        raise PromptError(
            f"The prompt {template.name} lacks {_braced(missing)}.",
            hint="Put it where its value belongs; prompts/ in the project shows where.",
        )
    extra = template.placeholders - expected
    if extra:
        raise PromptError(
            f"The prompt {template.name} has {_braced(extra)}, which nothing fills in.",
            hint=f"It may have {_braced(expected) or 'no placeholder'}.",
        )
    return template


def _braced(names: frozenset[str]) -> str:
    return ", ".join("{{" + name + "}}" for name in sorted(names))


# What a chat template or a tokenizer may read as a turn's border: <|im_start|>, </s>,
# <<SYS>>, <start_of_turn>, <｜User｜>, [INST]. llama.cpp turns such text into real control
# tokens wherever it stands.
_CONTROL_TAG = re.compile(r"<(?=[|｜/<!?]|[A-Za-z])|(?<=[|｜>A-Za-z\"'/])>")
_BRACKET_TAG = re.compile(r"\[(/?[A-Z_]{2,20})\]")
_ANGLES = {"<": "‹", ">": "›"}


def as_data(text: str) -> str:
    """`text` as a model may see it: nothing in it can pass for the prompt's own signs.

    Control and invisible characters go, numbers in brackets go (only ours are markers), tags
    lose their angle brackets. Only what the model reads is changed; offsets and quotes are
    taken from the text itself.
    """
    kept = "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in _INVISIBLE
    )
    kept = _CONTROL_TAG.sub(lambda match: _ANGLES[match[0]], neutralise(kept))
    return _BRACKET_TAG.sub(r"(\1)", kept)


_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def as_line(text: str) -> str:
    """`as_data` on one line: a title or a question can't begin a line of its own."""
    return " ".join(as_data(text).split())
