"""Dates and times in Indonesian and English text, as comparable values."""

# STAND-IN: the first dates.py of the split was overwritten by mistake, when a module
# of the same name was written (publication.py now). This is the date code of
# entities.py as of 35dc37c behind the new interface, with BC years added; what changed
# in between (ranges, clock times) is missing: put that version back and drop this note.

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.types import Language

# A fact's start, end and value; a word's start and its lower-case form.
Fact = tuple[int, int, str]
Word = tuple[int, str]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb pebruari", "maret march mar mrt",
            "april apr", "mei may", "juni june jun", "juli july jul",
            "agustus august aug agt agu", "september sep sept", "oktober october okt oct",
            "november nov nopember nop", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin monday", "selasa tuesday", "rabu wednesday", "kamis thursday",
            "jumat jum'at friday", "sabtu saturday", "minggu ahad sunday",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:1\d{3}|20\d{2}|2100)"
_DATE = re.compile(
    rf"""(?<![\w.,/-])(?:
      (?P<iso>(?P<iy>{_YEAR})-(?P<im>0\d|1[0-2])-(?P<id>[0-3]\d))(?![\w-])
    | (?P<num>(?P<nd>\d{{1,2}})(?P<ns>[/.-])(?P<nm>\d{{1,2}})(?P=ns)(?P<ny>{_YEAR}))(?![\w/-])
    | (?P<dmy>(?P<dd>{_DAY})(?:st|nd|rd|th)?(?:\ of)?[ ](?P<dm>{_MONTH})\b\.?,?(?:[ ](?P<dy>{_YEAR})\b)?)
    | (?P<mdy>(?P<mm>{_MONTH})\b\.?[ ](?P<md>{_DAY})(?:st|nd|rd|th)?\b(?!\ ?%)(?:,?[ ](?P<my>{_YEAR})\b)?)
    | (?P<ym>(?P<ymm>{_MONTH})\b\.?,?[ ](?:tahun\ )?(?P<ymy>{_YEAR})\b)
    | (?P<decade>(?P<dec>(?:1\d|20)\d)0(?:-?an|['’]?s)\b)
    | (?P<century>abad\ (?:ke[ -]?)?(?P<cen>\d{{1,2}}|[IVX]+)\b | (?P<cen2>\d{{1,2}})(?:st|nd|rd|th)[ -]century\b)
    | (?P<time>(?:(?:pukul|jam)\ (?P<th>[01]?\d|2[0-4])(?:[.:](?P<tm>[0-5]\d))?\b(?!\ jam)
        | (?P<th2>[01]?\d|2[0-4])[.:](?P<tm2>[0-5]\d)\ (?:WIB|WITA|WIT|GMT|UTC)\b
        | (?P<th3>1[0-2]|0?[1-9])(?:[.:](?P<tm3>[0-5]\d))?\ ?(?P<ap>[ap])\.?m\b\.?))
    | (?P<bc>(?P<bcy>\d{{1,4}})\ (?:SM|BCE?)\b)
    | (?P<month>(?P<mon>{_MONTH})\b)
    | (?P<weekday>(?P<wd>{"|".join(_WEEKDAYS)})\b)
    | (?P<year>{_YEAR})(?![\w%]|[.,]\d|[-/]\d\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Short month names and those that are words of their own need a capital and a number beside.
_PLAIN_MONTHS = frozenset(name for name in _MONTHS if len(name) > 3) - {"march", "sept", "maret"}
_MONTH_BEFORE = re.compile(
    r"\b(?:bulan|pada|sejak|hingga|sampai|awal|akhir|pertengahan|dari|in|since|until|by|early|late|"
    r"mid|of|last|next|this|from|to|through|during)[ -]$",
    re.IGNORECASE,
)
_WEEK_BEFORE = re.compile(r"\b(?:hari|pada|malam|pagi|sore|siang|setiap|[,(])\s?$", re.IGNORECASE)
_NOT_A_YEAR_BEFORE = re.compile(
    r"(?:\b(?:rp|usd|us|idr|no|nomor|number|sebanyak|sebesar|setinggi|sepanjang|seluas|sekitar|"
    r"kurang|lebih|hampir|about|over|nearly|almost|some|pasal|us\$)\.?|[$€£])\s?$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s?(?:orang|jiwa|kk|km|m|meter|kilometer|mil|mile|miles|meters|metres|kg|ton|tons|tonnes|gram|"
    r"hektar|hektare|ha|acres?|buah|unit|ekor|kali|rupiah|dolar|dollars?|people|persons?|men|women|"
    r"soldiers|tentara|prajurit|pasukan|kursi|seats|halaman|pages|kata|words|watt|volt|mw|hz|mhz|ribu|"
    r"juta|miliar|thousand|million|billion|persen|per\s?cent|derajat|mdpl|kaki|feet|ft|cc|rpm|tahun|"
    r"years|hari|days|jam|hours|bulan|months|menit|minutes|siswa|students|kepala|rumah|desa|species|"
    r"spesies)\b",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


def _roman(text: str) -> int:
    total = 0
    values = [_ROMAN[letter] for letter in text.lower()]
    for value, after in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < after else value
    return total


def dates(text: str, language: Language, words: Sequence[Word]) -> list[Fact]:  # noqa: ARG001
    """The dates and times in `text`, in order."""
    found: list[Fact] = []
    for match in _DATE.finditer(text):
        value = _date_value(text, match, language)
        if value:
            end = match.end()
            while end > match.start() and text[end - 1] in ",.":
                end -= 1
            found.append((match.start(), end, value))
    return found


def _date_value(text: str, match: re.Match[str], language: Language) -> str | None:
    group = match.group
    start, end = match.span()
    if group("iso"):
        return _ymd(group("iy"), int(group("im")), int(group("id")))
    if group("num"):
        day, month = int(group("nd")), int(group("nm"))
        if language == "en" and month > 12 >= day:
            day, month = month, day
        return _ymd(group("ny"), month, day)
    if group("dmy"):
        return _ymd(group("dy"), _MONTHS[group("dm").lower()], int(group("dd")))
    if group("mdy"):
        return _ymd(group("my"), _MONTHS[group("mm").lower()], int(group("md")))
    if group("ym"):
        return _ymd(group("ymy"), _MONTHS[group("ymm").lower()], None)
    if group("decade"):
        return f"{group('dec')}x"
    if group("century"):
        century = group("cen") or group("cen2")
        return f"c{int(century) if century.isdigit() else _roman(century)}"
    if group("bc"):
        return f"bc{int(group('bcy'))}"
    if group("time"):
        hour = int(group("th") or group("th2") or group("th3"))
        minute = int(group("tm") or group("tm2") or group("tm3") or 0)
        if group("ap"):
            hour = hour % 12 + (12 if group("ap").lower() == "p" else 0)
        return f"t{hour:02d}:{minute:02d}"
    before = text[max(0, start - 16) : start]
    if group("month"):
        name = group("mon")
        if not name[0].isupper() or len(name) < 3:
            return None
        if name.lower() in _PLAIN_MONTHS or (
            len(name) > 2
            and name.lower() in ("maret", "mei", "may", "march")
            and _MONTH_BEFORE.search(before)
        ):
            return f"--{_MONTHS[name.lower()]:02d}"
        return None
    if group("weekday"):
        name = group("wd")
        if not name[0].isupper():
            return None
        if name.lower() == "minggu" and not (
            _WEEK_BEFORE.search(before) or text[end : end + 2] == " ("
        ):
            return None
        return f"w{_WEEKDAYS[name.lower()]}"
    if _NOT_A_YEAR_BEFORE.search(before) or _UNIT_AFTER.match(text, end):
        return None
    year = group("year")
    return year if int(year) >= 1500 or re.search(r"\b(?:tahun|in|pada)\s$", before, re.I) else None


def _ymd(year: str | None, month: int, day: int | None) -> str | None:
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    head = f"{year or '-'}-{month:02d}"
    return head if day is None else f"{head}-{day:02d}"


def dates_agree(a: str, b: str) -> bool:
    """Whether two date values can be the same time."""
    if a > b:
        a, b = b, a
    if a[0] == "b" or b[0] == "b":
        return a == b
    if b[0] in "wt" or a[0] in "wt":
        if b[0] == "w" and len(a) == 10 and a[0].isdigit():
            try:
                return date.fromisoformat(a).isoweekday() == int(b[1:])
            except ValueError:
                return False
        return False
    if b[0] == "c":
        return a[0].isdigit() and (int(a[:3]) // 10 + 1 == int(b[1:]) if a[:3].isdigit() else False)
    if "x" in a or "x" in b:
        return a[:3] == b[:3] and not (a[:1] == "-")
    first, second = _parts(a), _parts(b)
    shared = [(x, y) for x, y in zip(first, second, strict=True) if x and y]
    return bool(shared) and all(x == y for x, y in shared)


def _parts(value: str) -> tuple[str, str, str]:
    if value.startswith("--"):
        pieces = ["", *value[2:].split("-")]
    else:
        pieces = value.split("-")
    pieces += [""] * (3 - len(pieces))
    return pieces[0], pieces[1], pieces[2]
