# mypy: ignore-errors
"""bm25s with Indonesian analysis: Snowball's Indonesian stems and a short list of stop words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import peer_bm25s_english as english
import Stemmer

PACKAGES = english.PACKAGES
prepare = english.prepare

# bm25s has no Indonesian list; the commonest function words and question words.
STOP_WORDS = (
    "yang di dan itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut "
    "bisa ada mereka lebih sudah atau saat oleh sebagai adalah apa apakah siapa siapakah kapan "
    "kapankah mana dimana dimanakah berapa berapakah bagaimana mengapa kenapa"
).split()


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """Indonesian analysis."""
    return english.build_with(
        folder, work, stemmer=Stemmer.Stemmer("indonesian"), stop_words=STOP_WORDS
    )
