"""What a gold question asks for, by its question word; only used to group figures.

Deliberately not the assistant's own classification: a system may not sort its own marks.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["who", "when", "where", "how_many", "what", "why", "how", "polar", "other"]

# In order: the first that matches wins, so "how many" stands before "how" and "sejak kapan"
# before "apa". "apakah" asks yes or no, "apa" asks for a thing.
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("how_many", r"\b(berapa|brp|seberapa|how (many|much|far|long|old|often|tall|large|big))\b"),
    ("when", r"\b(kapan|kapankah|bilamana|when|tahun berapa|tanggal berapa|what (year|date))\b"),
    ("where", r"\b(di ?mana|dimanakah|di manakah|ke mana|kemana|dari mana|where)\b"),
    ("why", r"\b(mengapa|kenapa|mengapakah|why)\b"),
    ("who", r"\b(siapa|siapakah|who|whom|whose)\b"),
    ("how", r"\b(bagaimana|bagaimanakah|gimana|how)\b"),
    ("what", r"\b(apa|apa saja|apakah yang|what|which|manakah|mana)\b"),
    ("polar", r"^\W*(apakah|adakah|benarkah|is|are|was|were|do|does|did|has|have|had|can|could)\b"),
)
_YEAR = re.compile(r"\b(tahun|tanggal|bulan|hari) (ke)?berapa\b", re.IGNORECASE)


def kind_of(question: str) -> Kind:
    """The kind of a question in Indonesian or English; "other" where no word tells."""
    if _YEAR.search(question):
        return "when"
    folded = question.casefold()
    for kind, pattern in _PATTERNS:
        if re.search(pattern, folded):
            return kind
    return "other"
