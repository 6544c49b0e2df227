"""What a question asks for: a person, a time, a place, a quantity, …"""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.types import Language


class QuestionKind(StrEnum):
    """What kind of answer a question asks for."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    QUANTITY = "quantity"
    REASON = "reason"
    MANNER = "manner"
    THING = "thing"
    POLAR = "polar"
    OTHER = "other"


_K = QuestionKind
_ID_TIME_NOUN = r"tahun|tanggal|bulan|hari|pukul|jam|abad|dekade|era|periode|zaman"
_ID_PLACE_NOUN = (
    r"negara|kota|provinsi|kabupaten|kecamatan|desa|pulau|benua|daerah|wilayah|tempat|lokasi|"
    r"kawasan|distrik|negeri|ibu\s?kota|universitas|sekolah"
)
_INDONESIAN: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            _K.REASON,
            r"\b(?:mengapa|kenapa|ngapain|apa (?:yang )?(?:sebab\w*|alasan\w*|penyebab\w*|menyebabkan|membuat)|apakah (?:sebab|alasan|penyebab)\w*|karena apa|sebab apa)\b",
        ),
        (
            _K.TIME,
            rf"\b(?:kapan(?:kah)?|bila(?:mana)? (?:waktu)?|sejak kapan|(?:{_ID_TIME_NOUN})(?: ke)?[ -]?(?:berapa|apa|mana)(?:kah)?|berapa lama)\b",
        ),
        (
            _K.PLACE,
            rf"\b(?:di ?mana(?:kah)?|ke ?mana(?:kah)?|dari ?mana(?:kah)?|(?:di|dari|ke) (?:{_ID_PLACE_NOUN}) (?:mana|apa)(?:kah)?|(?:{_ID_PLACE_NOUN}) (?:mana|apa)(?:kah)?)\b",
        ),
        (_K.QUANTITY, r"\b(?:se)?berapa(?:kah)?\b"),
        (_K.PERSON, r"\bsiapa(?:kah)?\b"),
        (_K.MANNER, r"\b(?:bagaimana(?:kah)?|gimana|dengan cara apa|cara apa)\b"),
    )
)
_ENGLISH: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            _K.REASON,
            r"\b(?:why|how come|what (?:is|was|were|are) the (?:reason|cause)s?|for what reason)\b",
        ),
        (
            _K.TIME,
            r"\b(?:when|how long|(?:what|which) (?:\w+ )?(?:year|date|day|month|time|century|decade)s?)\b",
        ),
        (
            _K.QUANTITY,
            r"\bhow (?:many|much|often|far|big|large|high|tall|old|deep|fast|heavy|wide)\b|\bwhat (?:number|percentage|percent|share|amount|proportion)\b",
        ),
        (
            _K.PLACE,
            r"\b(?:where|(?:what|which) (?:city|country|state|place|province|island|continent|region|town|village)s?)\b",
        ),
        (_K.PERSON, r"\b(?:who|whom|whose)\b"),
        (_K.MANNER, r"\bhow\b"),
    )
)


def question_kind(question: str, language: Language) -> QuestionKind:
    """The kind of answer that `question` asks for; OTHER where it isn't a known question."""
    for kind, pattern in _INDONESIAN if language == "id" else _ENGLISH:
        if pattern.search(question):
            return kind
    if language == "id":
        if re.search(r"\b(?:apa|apakah|mana|manakah)\b", question, re.IGNORECASE):
            if re.match(
                r"\W*apakah (?!maksud|arti|nama|ibu ?kota|yang|itu|fungsi)", question, re.I
            ):
                return QuestionKind.POLAR
            return QuestionKind.THING
        return QuestionKind.OTHER
    if re.search(r"\b(?:what|which)\b", question, re.IGNORECASE):
        return QuestionKind.THING
    if re.match(
        r"\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
        question,
        re.I,
    ):
        return QuestionKind.POLAR
    return QuestionKind.OTHER
