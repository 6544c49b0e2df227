"""One sentence of a model's reply, beside what its markers name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """One sentence of a model's reply, its markers taken out.

    `markers` are passage numbers, each within 1..n, in order, once each. `unknown` are the
    markers that name no passage, as written. `new_line` says that the sentence began a line
    of its own (a paragraph, a list item).
    """

    text: str
    markers: tuple[int, ...]
    unknown: tuple[str, ...]
    new_line: bool = False


_Value = TypeVar("_Value")


def once(values: Iterable[_Value]) -> tuple[_Value, ...]:
    """The values in order, once each."""
    return tuple(dict.fromkeys(values))
