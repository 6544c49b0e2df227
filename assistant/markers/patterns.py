"""What a marker looks like, and the words around it that go with it."""

from __future__ import annotations

import re

_LABEL_WORDS = (
    r"sources?|src|sumber|passages?|bagian|kutipan|dokumen|documents?|docs?|refs?|referensi|"
    r"references?|rujukan|artikel|articles?|citations?|cite|sitasi|konteks|contexts?|chunks?|"
    r"teks|texts?|excerpts?|nomor|no|footnotes?|catatan(?:\ kaki)?"
)
_LABEL = rf"(?:(?:{_LABEL_WORDS})[\s_.:#\-–]{{0,3}})"
_ITEM = (
    rf"(?:{_LABEL}|[spdr](?=\d))?[#^@№]?\s{{0,2}}-?\d+"
    r"(?::\d+)?(?:[†‡][^\]】\n,;]{0,40})?"
)
_RANGE_SIGN = r"(?:-|–|—|‐|‑|−|\.{2,3}|to|sampai|hingga|s\.?d\.?)"
_PART = rf"(?:{_ITEM})(?:\s{{0,2}}{_RANGE_SIGN}\s{{0,2}}(?:{_ITEM}))?"
BODY = rf"{_PART}(?:(?:\s{{0,2}}[,;/&+]\s{{0,2}}|\s{{1,2}})(?:(?:and|dan)\s{{1,2}})?(?:{_PART}))*"
_LABELLED_BODY = rf"(?={_LABEL}){BODY}"
_PLACEHOLDER = rf"[nx?]|number|nomor|citation\ needed|butuh\ rujukan|{_LABEL_WORDS}"
SQUARE = (
    rf"\\?\[\[?\s{{0,2}}(?:{BODY}|{_PLACEHOLDER})\s{{0,2}}\\?\]\]?"
    rf"|[【［〔⟦〖]\s{{0,2}}(?:{BODY}|{_PLACEHOLDER})\s{{0,2}}[】］〕⟧〗]"
)
_ROUND = rf"[(（]\s{{0,2}}{_LABELLED_BODY}\s{{0,2}}[)）]"
SUPERSCRIPT = r"⁽?[⁰¹²³⁴-⁹]+(?:\s?[,;⁻]\s?[⁰¹²³⁴-⁹]+)*⁾?"
_ONE = rf"(?:{SQUARE}|{_ROUND}|{SUPERSCRIPT})"
_SEQUENCE = rf"{_ONE}(?:\s{{0,2}}(?:(?:[,;&]|dan\b|and\b)\s{{0,2}}){{0,2}}{_ONE})*"
_WRAPPED = (
    rf"[(（]\s{{0,2}}(?:(?:lihat|see|cf\.?|vide|dari|from|sumber|sources?|refs?\.?|"
    rf"referensi|referensi)\s{{0,2}}:?\s{{0,2}})?{_SEQUENCE}\s{{0,2}}[)）]"
)

SUPERSCRIPTS = "⁽⁰¹²³⁴⁵⁶⁷⁸⁹"
"""What a marker in superscript begins with, each digit at its value plus one."""

MARKER = re.compile(rf"(?:{_WRAPPED}|{_SEQUENCE})", re.IGNORECASE | re.VERBOSE)
ROUND_PLAIN = re.compile(
    r"[(（]\s{0,2}(\d{1,3}(?:\s{0,2}[,;&\-–]\s{0,2}\d{1,3})*)\s{0,2}[)）]"
    r"(?=\s*[.!?…]*[\"”’»]?\s*$|\s*[.!?…])"
)
# "Pasal 5 ayat (1)." is the law's own numbering.
BEFORE_ENUMERATION = re.compile(
    r"(?:(?<!\d)\d{1,3}|ayat|angka|huruf|pasal|butir|nomor|no\.?|poin|section|paragraph|article|clause|item)"
    r"\s*$",
    re.IGNORECASE,
)
# "12 km²", "x²", "10⁶": units and powers, not footnotes. A year may carry a footnote.
BEFORE_POWER = re.compile(
    r"(?:(?<![^\W\d_])(?:[a-zA-Z]|[mcdkhµn]m|dam|km|in|ft|yd|mi|ha|mc)"
    r"|(?<!\d)(?![12]\d{3}$)\d[\d.,]*)$"
)

_LEADS = (
    r"menurut|berdasarkan|dalam|pada|dari|di|according\ to|based\ on|in|from|as\ per|per|"
    r"(?:as|seperti|sebagaimana)\ (?:yang\ )?(?:stated|mentioned|reported|noted|described|"
    r"disebutkan|dijelaskan|dinyatakan|dilaporkan|tertulis|disebut)\ (?:in|by|dalam|di|oleh|pada)"
)
BARE_LABEL = r"(?:sources?|sumber|passages?|kutipan|excerpts?|konteks|contexts?)\s{1,2}\d+"
LEAD_IN = re.compile(
    rf"(?P<comma>,\s{{0,2}})?\b(?:{_LEADS})\s{{1,2}}(?:the\s{{1,2}})?(?:(?:{_LABEL_WORDS})\s{{1,2}})?"
    rf"(?P<seq>{_SEQUENCE})(?P<after>\s{{0,2}},)?"
    rf"|(?P<comma2>,\s{{0,2}})?\b(?:menurut|berdasarkan|according\ to|based\ on)\s{{1,2}}"
    rf"(?P<seq2>{BARE_LABEL})(?P<after2>\s{{0,2}},)?",
    re.IGNORECASE | re.VERBOSE,
)
SAYS_THAT = re.compile(
    r"\s{0,2}(?:(?:juga|also)\s)?(?:menyatakan|menyebutkan|melaporkan|mengatakan|menjelaskan|menulis|"
    r"states?|says?|reports?|notes?|mentions?|explains?)\s(?:bahwa|that)\s",
    re.IGNORECASE,
)
INNER = re.compile(
    rf"(?P<first>{_ITEM})(?:\s{{0,2}}{_RANGE_SIGN}\s{{0,2}}(?P<last>{_ITEM}))?",
    re.IGNORECASE | re.VERBOSE,
)
ONE_OF_SEQUENCE = re.compile(rf"{_ONE}|{BARE_LABEL}", re.IGNORECASE | re.VERBOSE)
CUT_SHORT = re.compile(r"\s*[\[【][\s\d,;\-–]*$")
