"""Sentence spans of Indonesian and English text, by one regular expression and a few rules.

A line end always ends a sentence. Within a line each run of closing punctuation is a
candidate; what stands before it (an abbreviation, an initial, a list number) and after it
(a small letter, a comma, "ujarnya") decides. Quoted speech stays with the words that say
who spoke. Spans are trimmed, ordered, disjoint, and together hold every character that
isn't whitespace.
"""

from __future__ import annotations

import re

from assistant.types import Span
from assistant.words.stopwords import STOP_WORDS

# Never the last word of a sentence: a name, number or address follows.
_LEADING = frozenset(
    """
    ir prof dr drs dra drg hj kh kyai rp no nos nr jl jln gg kel ds dsn kec kab prov pt cv ud
    mr mrs ms st sdr sdri bpk yth tn ny nn alm almh gen sen rep gov col lt sgt capt cpt cmdr
    adm brig brigjen letjen mayjen jend jen irjen komjen kombes akbp kol letkol kapt ltd_ maj
    hon rev pres hlm hal vol ed eds cf fig figs art vs approx dept tel telp a.n a/n s.d u.p d.a
    a.l q.q c.q e.g i.e viz al jan feb mrt apr jun jul agt agu sep sept okt oct nov des dec
    ust ustadz lih pgs plt pjs kepgub kepmen permen uu pp min max ph
    """.split()
)
# May close a sentence, but only before a capitalised word ("PT Telkom Tbk. (TLKM)" goes on).
_CLOSING = frozenset(
    "dll dsb dst dkk tbk etc inc ltd co corp jr sr sm wib wita wit bros mfg ca".split()
)
# Who spoke, after a closing quotation mark: "…!" Kata Putin.
_SAID = frozenset(
    """
    kata katanya ujar ujarnya ucap ucapnya tutur tuturnya tegas tegasnya jelas jelasnya ungkap
    ungkapnya imbuh imbuhnya tambah tambahnya papar paparnya sebut sebutnya cetus cetusnya tulis
    tulisnya terang terangnya pungkas pungkasnya tukas tukasnya lanjut lanjutnya demikian
    said says told asked added wrote
    """.split()
)
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_QUOTES = "\"'”’»"
# Footnote marks ("…pada 1945.[1][2] Setelah itu") close a sentence as quotation marks do.
_CANDIDATE = re.compile(r"([.!?…。！？]+)((?:[\"'”’»)\]]|\[\d{1,3}\])*)(\s*)")
_OPENERS = "\"'“‘«([*_"
_WORD = re.compile(r"[^\W\d_]+")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")
_LIST_MARKER = re.compile(r"(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})(?:\.\d{1,3})*")
_STARTERS = STOP_WORDS["id"] | STOP_WORDS["en"]
# The longest abbreviation looked back for; keeps a line without spaces linear.
_LOOK_BACK = 24


def sentences(text: str) -> list[Span]:
    """The sentence spans of `text`: code points, end exclusive, in order, trimmed.

    No span crosses a line end; `text[span.start:span.end]` has no outer whitespace; every
    character that isn't whitespace lies in exactly one span.
    """
    spans: list[Span] = []
    for match in _LINE.finditer(text):
        _split_line(text, match.start(), match.end(), spans)
    return spans


def _split_line(text: str, start: int, end: int, spans: list[Span]) -> None:
    begin = start
    quotes = 0
    counted = start
    for match in _CANDIDATE.finditer(text, start, end):
        after = match.end()
        if after >= end:
            break
        cut = -1
        if match.group(3):
            if _ends(text, start, match, end):
                cut = match.end(2)
        elif _glued(text, start, match, end):
            cut = match.end(2)
            closing = match.group(2)
            if '"' in closing:
                quotes += text.count('"', counted, match.end(1))
                counted = match.end(1)
                if quotes % 2 == 0:
                    cut = match.end(1)
        if cut >= 0:
            _append(text, begin, cut, spans)
            begin = cut
    _append(text, begin, end, spans)


def _append(text: str, start: int, end: int, spans: list[Span]) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append(Span(start, start + len(stripped)))


def _before(text: str, start: int, dot: int) -> tuple[str, int]:
    """The word that ends at `dot`, without opening quotes, and where it starts."""
    low = max(start, dot - _LOOK_BACK)
    at = dot
    while at > low and not text[at - 1].isspace():
        at -= 1
    while at < dot and text[at] in _OPENERS:
        at += 1
    return text[at:dot], at


def _ends(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Whether a candidate that is followed by a space ends its sentence."""
    marks, closing = match.group(1), match.group(2)
    dot = match.start()
    at = match.end()
    while at < end and text[at] in _OPENERS:
        at += 1
    if at >= end:
        return False
    following = text[at]
    if following.islower() or following in ",;:.!?…%)]}”’»/":
        return False
    word = _WORD.match(text, at, end)
    next_word = word.group().lower() if word else ""
    if closing and closing[-1] in _QUOTES and next_word in _SAID:
        return False
    if marks[0] == "…" or marks.startswith(".."):
        return not (dot == start or text[dot - 1].isspace() or text[dot - 1] in "([")
    if marks != "." or closing:
        return not (closing == ")" and marks != ".")
    before, before_at = _before(text, start, dot)
    lowered = before.lower()
    if not before:
        return True
    if lowered in _LEADING:
        return False
    if lowered in _CLOSING:
        return text[match.end()].isupper()
    if not text[start:before_at].strip() and _LIST_MARKER.fullmatch(before):
        return False
    if (len(before) == 1 and before.isupper()) or _DOTTED.fullmatch(before):
        return next_word in _STARTERS and not next_word.isdigit() and len(next_word) > 1
    return True


def _glued(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Whether a full stop without a space after it ends a sentence ("tahun ini.Washington")."""
    if match.group(1) not in (".", "!", "?") or match.group(2) not in ("", '"', "”", "’", "»"):
        return False
    at = match.end()
    opened = text[at] in "“‘«"
    word = _WORD.match(text, at + opened, end)
    if word is None or not word.group()[0].isupper() or len(word.group()) < 2:
        return False
    if text[word.end() : word.end() + 1] == "." and text[word.end() + 1 : word.end() + 2].islower():
        return False  # www.Contoh.com
    before, _ = _before(text, start, match.start())
    tail = before[-3:]
    if before.lower() in _LEADING or "." in before or "/" in before or "@" in before:
        return False
    if before.isdigit():
        return len(word.group()) > 2
    return (len(tail) == 3 and tail.isalpha() and tail.islower()) or (
        bool(tail) and tail[-1] in "%)”\"'"
    )
