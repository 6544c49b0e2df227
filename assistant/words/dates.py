"""Dates and times in Indonesian and English text, as values that compare across both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.types import Language

# A fact's place in the text and its value.
Fact = tuple[int, int, str]
# A word's place and its lower-case form.
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
_AFTER_YEAR = r"\b(?![.,]\d|%)"
_DATE = re.compile(
    rf"""(?<![\w/])(?<!\d[.,])(?:
      (?P<bc>(?P<by>\d{{1,4}})\ ?(?:SM|BCE?|B\.C\.|sebelum\ masehi)\b)
    | (?P<iso>(?P<iy>{_YEAR})-(?P<im>0\d|1[0-2])-(?P<id>[0-3]\d))(?![\w-])
    | (?P<num>(?P<nd>\d{{1,2}})(?P<ns>[/.-])(?P<nm>\d{{1,2}})(?P=ns)(?P<ny>{_YEAR}))(?![\w/-])
    | (?P<dmy>(?P<dd>{_DAY})(?:st|nd|rd|th)?(?:\ of)?[ ](?P<dm>{_MONTH})\b\.?,?
        (?:[ ](?P<dy>\d{{3,4}}){_AFTER_YEAR})?)
    | (?P<mdy>(?P<mm>{_MONTH})\b\.?[ ](?P<md>{_DAY})(?:st|nd|rd|th)?\b(?![ ]?%|[.,]\d)
        (?:,?[ ](?P<my>{_YEAR}){_AFTER_YEAR})?)
    | (?P<ym>(?P<ymm>{_MONTH})\b\.?,?[ ](?:tahun\ )?(?P<ymy>\d{{3,4}}){_AFTER_YEAR})
    | (?P<decade>(?P<dec>(?:1\d|20)\d)0(?:-?an|['’]?s)\b)
    | (?P<century>abad\ (?:ke[ -]?)?(?P<cen>\d{{1,2}}|[IVX]+)\b
        | (?P<cen2>\d{{1,2}})(?:st|nd|rd|th)[ -]century\b)
    | (?P<short>\((?P<sa>\d{{1,2}})/(?P<sb>\d{{1,2}})\))
    | (?P<time>(?:pukul|jam)\ (?P<th>2[0-4]|[01]?\d)(?:[.:](?P<tm>[0-5]\d))?\b(?!\ jam)
        (?:\ (?P<part>dini\ hari|pagi|siang|sore|petang|malam)\b)?
      | (?P<th2>2[0-4]|[01]?\d)[.:](?P<tm2>[0-5]\d)(?=\ (?:WIB|WITA|WIT|GMT|UTC)\b)
      | (?P<th3>1[0-2]|0?[1-9])(?:[.:](?P<tm3>[0-5]\d))?\ ?(?P<ap>[ap])\.?m\b\.?
      | (?P<th4>[01]\d|2[0-3])[.:](?P<tm4>[0-5]\d)\b(?![.,:]\d|%))
    | (?P<month>(?P<mon>{_MONTH})\b)
    | (?P<weekday>(?P<wd>{"|".join(_WEEKDAYS)})\b)
    | (?P<year>{_YEAR}|\d{{3}})(?![\w%]|[.,]\d|[-/]\d{{1,2}}\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST_WORDS = frozenset({*_MONTHS, *_WEEKDAYS, "jum", "abad", "pukul", "jam"})
# Months whose bare name is no other word; "march", "may", "mei", "maret" need a preposition.
_PLAIN_MONTHS = frozenset(name for name in _MONTHS if len(name) > 3) - {"march", "sept", "maret"}
_UNSURE_MONTHS = frozenset({"maret", "mei", "may", "march"})
_MONTH_BEFORE = re.compile(
    r"\b(?:bulan|pada|sejak|hingga|sampai|awal|akhir|pertengahan|dari|in|since|until|by|early|late|"
    r"mid|of|last|next|this|from|to|through|during)[ -]$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:^|[.!?:\n“\"‘(\[])\s*$")
_NOT_A_YEAR_BEFORE = re.compile(
    r"(?:\b(?:rp|usd|us|idr|no|nomor|number|sebanyak|sebesar|setinggi|sepanjang|seluas|sekitar|"
    r"kurang|lebih|hampir|about|over|nearly|almost|some|pasal|us\$)\.?|[$€£])\s?$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s?(?:orang|jiwa|kk|km|(?-i:m)|meter|kilometer|mil|mile|miles|meters|metres|kg|"
    r"ton|tons|tonnes|gram|hektar|hektare|ha|acres?|buah|unit|ekor|kali|rupiah|dolar|dollars?|people|"
    r"persons?|men|women|soldiers|tentara|prajurit|pasukan|kursi|seats|halaman|pages|kata|words|watt|"
    r"volt|mw|hz|mhz|ribu|juta|miliar|thousand|million|billion|persen|per\s?cent|derajat|mdpl|kaki|"
    r"feet|ft|cc|rpm|tahun|years|hari|days|jam|hours|bulan|months|menit|minutes|siswa|students|"
    r"kepala|rumah|desa|species|spesies)\b",
    re.IGNORECASE,
)
_WEEKDAY_BEFORE = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\s$", re.IGNORECASE)
_CLOCK = re.compile(r"\b(?:pukul|jam|at|from) \d", re.IGNORECASE)
# A year before 1500 is taken for an amount unless something says that it is a year.
_SURE_YEAR = 1500
_YEAR_RANGE = re.compile(r"\s?[-–—]\s?\d{3,4}\b|\s(?:M|AD|CE|Masehi)\b")
_YEAR_RANGE_BEFORE = re.compile(r"\d{3,4}\s?[-–—]\s?$")
_CALLED_YEAR = re.compile(r"\b(?:tahun|year)\s$", re.IGNORECASE)
_YEAR_SAID = re.compile(
    r"\b(?:in|pada|sejak|since|until|hingga|sampai|dari|from)\s$", re.IGNORECASE
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


def dates(text: str, language: Language, words: Sequence[Word]) -> list[Fact]:
    """The dates in `text`; `words` are its words in order, where dates may start."""
    found: list[Fact] = []
    done = 0
    for at, word in words:
        if at < done or not (word[0].isdigit() or word in _FIRST_WORDS):
            continue
        match = _DATE.match(text, at - 1) if text[at - 1 : at] == "(" else None
        match = match or _DATE.match(text, at)
        value = match and _date_value(text, match, language)
        if match and value:
            end = match.end()
            while text[end - 1] in ",.":
                end -= 1
            found.append((match.start(), end, value))
            done = end
    return found


def _date_value(text: str, match: re.Match[str], language: Language) -> str | None:
    group = match.group
    if group("bc"):
        return f"bc{int(group('by'))}"
    if group("iso"):
        return _ymd(group("iy"), int(group("im")), int(group("id")))
    if group("num"):
        day, month = int(group("nd")), int(group("nm"))
        if month > 12 or (language == "en" and group("ns") == "/" and day <= 12):
            day, month = month, day  # 8/15/2023
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
    if group("time"):
        return _time_value(text, match)
    if group("short"):
        return _short_value(text, match, language)
    before = text[max(0, match.start() - 16) : match.start()]
    if group("month"):
        return _month_value(group("mon"), before)
    if group("weekday"):
        return _weekday_value(group("wd"), before, text[match.end() : match.end() + 2])
    return _year_value(text, match, before)


def _ymd(year: str | None, month: int, day: int | None) -> str | None:
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    head = f"{year or '-'}-{month:02d}"
    return head if day is None else f"{head}-{day:02d}"


def _roman(text: str) -> int:
    total = 0
    values = [_ROMAN[letter] for letter in text.lower()]
    for value, after in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < after else value
    return total


def _time_value(text: str, match: re.Match[str]) -> str | None:
    group = match.group
    hour = int(group("th") or group("th2") or group("th3") or group("th4"))
    minute = int(group("tm") or group("tm2") or group("tm3") or group("tm4") or 0)
    said = ":" in match.group() or _CLOCK.search(text, max(0, match.start() - 40), match.start())
    if group("th4") and not said:
        return None  # "12.30" alone is an amount
    part = (group("part") or group("ap") or "").lower()
    if part in ("p", "sore", "petang", "malam") and hour < 12:
        hour += 12
    elif (part == "a" and hour == 12) or (part == "siang" and hour < 4):
        hour = (hour + 12) % 24
    return f"t{hour:02d}:{minute:02d}"


def _short_value(text: str, match: re.Match[str], language: Language) -> str | None:
    """Day and month in brackets, only after a weekday: "Selasa (15/8)"."""
    day, month = int(match.group("sa")), int(match.group("sb"))
    if month > 12 or (language == "en" and day <= 12):
        day, month = month, day
    if not _WEEKDAY_BEFORE.search(text, max(0, match.start() - 12), match.start()):
        return None
    return _ymd(None, month, day)


def _month_value(name: str, before: str) -> str | None:
    lowered = name.lower()
    if not name[0].isupper() or re.search(r"\d\s$", before):
        return None
    sure = lowered in _PLAIN_MONTHS
    if sure or (lowered in _UNSURE_MONTHS and _MONTH_BEFORE.search(before)):
        return f"--{_MONTHS[lowered]:02d}"
    return None


def _weekday_value(name: str, before: str, after: str) -> str | None:
    if not name[0].isupper():
        return None
    if name == "Minggu" and _OPENING.search(before) and after != " (":
        return None  # a week, at the start of a sentence
    return f"w{_WEEKDAYS[name.lower()]}"


def _year_value(text: str, match: re.Match[str], before: str) -> str | None:
    year, end = match.group("year"), match.end()
    if _NOT_A_YEAR_BEFORE.search(before) or _UNIT_AFTER.match(text, end):
        return None
    said = (
        int(year) >= _SURE_YEAR
        or _YEAR_RANGE.match(text, end)
        or _YEAR_RANGE_BEFORE.search(before)
        or _CALLED_YEAR.search(before)
        or (len(year) == 4 and _YEAR_SAID.search(before))
    )
    return year if said else None


def dates_agree(a: str, b: str) -> bool:
    """Whether two date values can mean the same time."""
    if a == b:
        return True
    for one, other in ((a, b), (b, a)):
        if one[0] == "w":
            return _weekday_of(other) == one
        if one[0] == "t" or one.startswith("bc"):
            return False
    for one, other in ((a, b), (b, a)):
        year = _year_of(other)
        if one[0] == "c":
            return year is not None and (year - 1) // 100 + 1 == int(one[1:])
        if one.endswith("x"):
            return year is not None and year // 10 == int(one[:-1])
    parts = zip(_parts(a), _parts(b), strict=True)
    shared = [(one, other) for one, other in parts if one and other]
    return bool(shared) and all(one == other for one, other in shared)


def _weekday_of(value: str) -> str | None:
    try:
        return f"w{date.fromisoformat(value).isoweekday()}" if len(value) == 10 else None
    except ValueError:
        return None


def _year_of(value: str) -> int | None:
    head = value.split("-")[0]
    return int(head) if head.isdecimal() else None


def _parts(value: str) -> tuple[str, str, str]:
    """Year, month and day of a value, "" where it has none."""
    year, month, day, *_ = [*value.replace("--", "-", 1).split("-"), "", ""]
    return year, month, day
