"""Sentences that claim nothing: a refusal in other words, a lead-in to a list, a courtesy.

`assistant.refusals` knows the one refusal that the prompt asks for; this knows what a reply says
instead of it, as a whole sentence and with no figure, date or name in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from assistant.checking.wording import read
from assistant.types import Language

_HERE_ID = r"(?:artikel(?:-artikel)?|teks|sumber(?:-sumber)?|kutipan|konteks|dokumen)\b"
_HERE_EN = r"(?:articles?|sources?|passages?|texts?|context|documents?)\b"
_REFUSALS: Mapping[Language, re.Pattern[str]] = MappingProxyType(
    {
        "id": re.compile(
            rf"(?:maaf,?\s)?(?:{_HERE_ID}.{{0,40}}\b(?:tidak|belum)\s(?:memuat|menyebut|menyebutkan|"
            r"menjelaskan|memberikan|mencakup|menjawab|menyediakan|mengandung|membahas)\b.{0,80}"
            rf"|(?:tidak ada|(?:informasi|jawaban(?:nya)?|hal)\b.{{0,60}}\b(?:tidak|belum)\s(?:ada|"
            rf"tersedia|ditemukan|terdapat|disebutkan|dijelaskan)\b).{{0,60}}\b(?:dalam|di|pada|dari)"
            rf"\s(?:{_HERE_ID}).{{0,40}}"
            rf"|saya\s(?:tidak|belum)\s(?:tahu|menemukan|dapat|bisa)\b.{{0,100}})",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"(?:(?:i'm |i am )?sorry,?\s(?:but\s)?)?"
            rf"(?:(?:the|these|this|none of the)\s(?:provided\s)?{_HERE_EN}.{{0,30}}"
            r"\b(?:not|n['’]t|no|mentions?|contains?)\b.{0,100}"
            r"|(?:there|no|the)\b.{0,60}\b(?:no|not|information|answer)\b.{0,60}\b(?:in|by|from)"
            rf"\s(?:the|these|this)\s(?:provided\s)?{_HERE_EN}.{{0,40}}"
            rf"|i\s(?:do(?:n['’]t|\snot)\sknow|could(?:n['’]t|\snot)\sfind|can(?:not|['’]t)\sanswer)\b"
            rf".{{0,100}})",
            re.IGNORECASE,
        ),
    }
)
_LEAD_INS: Mapping[Language, re.Pattern[str]] = MappingProxyType(
    {
        "id": re.compile(
            r"(?:berikut(?:\s(?:ini|adalah))?\b.{0,90}:|(?:singkatnya|ringkasnya|kesimpulannya|"
            r"jawabannya|jawaban|penjelasannya|rinciannya|antara lain|yaitu|yakni)\s?:"
            rf"|(?:berdasarkan|menurut)\s{_HERE_ID}.{{0,50}}:)",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"(?:here (?:is|are)\b.{0,90}:|the following\b.{0,80}:|(?:in (?:short|summary)|"
            r"in conclusion|answer|summary)\s?:"
            rf"|(?:based on|according to) the {_HERE_EN}.{{0,50}}:)",
            re.IGNORECASE,
        ),
    }
)
_COURTESIES = re.compile(
    r"(?:terima kasih|semoga (?:membantu|bermanfaat)|tentu(?: saja)?|baik(?:lah)?|thank you|thanks|"
    r"sure|certainly|of course|i hope this helps|hope this helps)\s?[,.!:]*",
    re.IGNORECASE,
)


def is_paraphrased_refusal(text: str, language: Language) -> bool:
    """Whether a sentence says that the articles don't have the answer."""
    plain = text.strip()
    return bool(_REFUSALS[language].fullmatch(plain)) and not _has_particulars(plain, language)


def is_framing(text: str, language: Language) -> bool:
    """Whether a sentence claims nothing: a refusal, a lead-in to a list, a courtesy.

    A lead-in with a figure, a date or a name in it is held to be a claim.
    """
    plain = text.strip().strip("*_ ")
    if _COURTESIES.fullmatch(plain):
        return True
    if _LEAD_INS[language].fullmatch(plain):
        return not _has_particulars(plain, language)
    return is_paraphrased_refusal(text, language)


def _has_particulars(text: str, language: Language) -> bool:
    return any(fact.kind != "negation" for fact in read(text, language).facts)
