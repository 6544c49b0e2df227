"""Words of both languages that running text writes small (`assistant.training.common_words`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("common_words.txt")


@cache
def common_words() -> frozenset[str]:
    """The words, lower-cased."""
    return frozenset(FILE.read_text("utf-8").split())
