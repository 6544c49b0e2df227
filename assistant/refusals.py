"""Recognising a model's refusal, and its idle talk.

The prompt fixes one refusal (refusal.md); small models paraphrase it. A sentence counts as
a refusal only when it says of the passages, or of itself, that an answer is lacking.
"""

from __future__ import annotations

import re

from assistant.prompts import refusal_text
from assistant.types import LANGUAGES

_SOURCES_ID = r"(?:kutipan|artikel|teks|konteks|dokumen|sumber|informasi|jawaban)"
_SOURCES_EN = r"(?:passages?|articles?|texts?|contexts?|documents?|sources?|excerpts?)"

_REFUSALS = (
    re.compile(
        rf"^(?:maaf[,.]?\s+)?(?:(?:saya|kami)\s+tidak\s+(?:dapat|bisa|mampu)\s+"
        rf"(?:menjawab|menemukan)|tidak\s+(?:ada|terdapat|ditemukan)\s+(?:informasi|jawaban)|"
        rf"(?:jawaban|informasi)(?:nya)?\s+(?:\w+\s+){{0,4}}tidak\s+"
        rf"(?:ada|terdapat|tersedia|ditemukan|disebutkan|dijelaskan)|"
        rf"(?:\w+\s+){{0,3}}{_SOURCES_ID}(?:-{_SOURCES_ID})?\s+(?:\w+\s+){{0,4}}tidak\s+"
        rf"(?:memuat|menyebutkan|menjelaskan|mengandung|memberikan|menyediakan)\s+"
        rf"(?:\w+\s+){{0,3}}(?:informasi|jawaban|keterangan))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:(?:i'?m\s+)?sorry[,.]?\s+(?:but\s+)?)?(?:i\s+(?:can(?:no|')t|am\s+(?:unable|not\s+able)"
        rf"\s+to|could\s?n[o']t|do\s?n[o']t)\s+(?:answer|find|have\s+(?:enough\s+)?information)|"
        rf"(?:the\s+)?(?:\w+\s+){{0,2}}{_SOURCES_EN}\s+(?:\w+\s+){{0,3}}(?:do(?:es)?|did)\s?n[o']t\s+"
        rf"(?:contain|mention|provide|say|state|include|specify|give)|"
        rf"(?:the\s+)?answer\s+(?:is|was)\s+not\s+(?:in|found|given|provided)|"
        rf"there\s+is\s+no\s+(?:information|answer|mention))",
        re.IGNORECASE,
    ),
)

_SMALL_TALK = re.compile(
    r"^(?:tentu|baik(?:lah)?|berikut|jawaban(?:nya)?\s*:|semoga|terima\s+kasih|apakah\s+ada\s+yang|"
    r"jika\s+anda|silakan|sure|certainly|of\s+course|here(?:'s|\s+is|\s+are)|answer\s*:|"
    r"i\s+hope|let\s+me\s+know|thank\s+you|please\s+let|if\s+you\s+(?:have|need)|"
    r"based\s+on\s+the\s+(?:\w+\s+)?(?:passages?|articles?)|"
    r"berdasarkan\s+(?:kutipan|artikel)(?:\s+\w+){0,4}\s*:)",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Whether a sentence is the one refusal, in either language."""
    plain = _letters(text)
    return any(plain.startswith(_letters(refusal_text(language))) for language in LANGUAGES)


def is_like_refusal(text: str) -> bool:
    """Whether it reads like a refusal; an article may say so too ("tidak ada jawaban dari …")."""
    trimmed = text.strip().replace("’", "'")
    return any(pattern.match(trimmed) for pattern in _REFUSALS)


_ABOUT_PASSAGES = re.compile(
    r"^(?:the\s+)?(?:passages?|kutipan)\s+(?:that|which|is|are|yang|artikel|ini|tersebut|di\s+atas)\b",
    re.IGNORECASE,
)


def is_about_passages(text: str) -> bool:
    """Whether a sentence speaks of the passages as such, and not of what they say."""
    return bool(_ABOUT_PASSAGES.match(text.strip()))


def is_small_talk(text: str) -> bool:
    """Whether a sentence only opens or closes a reply and claims nothing about the articles."""
    return bool(_SMALL_TALK.match(text.strip())) and (
        len(text) < 60 or text.rstrip().endswith((":", "?", "!"))
    )


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
