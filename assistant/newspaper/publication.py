"""Dates of publication, Indonesian and English, as `YYYY-MM-DD`.

Only what the text says in a place where articles say it: a line of its own, or the lead's
own news date ("Selasa (15/8/2023)"). Dates of events in the body are nobody's publication
date.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assistant.newspaper.bylines import byline, is_name
from assistant.newspaper.outlets import is_outlet, is_place
from assistant.types import Language

_MONTH_NAMES = (
    ("januari", "january", "jan"),
    ("februari", "february", "pebruari", "feb", "peb"),
    ("maret", "march", "mar", "mrt"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu", "agt", "ags", "agst", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "december", "des", "dec"),
)
_MONTHS: Mapping[str, int] = MappingProxyType(
    {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
)
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = (
    r"(?<!\w)(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thurs?|thu|fri|sat|sun)\b\.?"
)
_DATE = re.compile(
    rf"""
    (?<![\w/.-]) (?:
      (?P<y1>\d{{4}}) (?P<s1>[-/.]) (?P<m1>\d{{1,2}}) (?P=s1) (?P<d1>\d{{1,2}}) (?!\d)
      | (?P<d2>\d{{1,2}}) (?P<s2>[-/.]) (?P<m2>\d{{1,2}}) (?P=s2) (?P<y2>\d{{4}}) (?![\w/])
      | (?P<d3>\d{{1,2}}) (?:st|nd|rd|th)? [\s-]* (?:of\s+)?
        (?P<m3>{_MONTH}) ,? [\s-]* (?P<y3>\d{{4}}) (?!\w)
      | (?P<m4>{_MONTH}) \s* (?P<d4>\d{{1,2}}) (?:st|nd|rd|th)? (?:\s*,\s*|\s+)
        (?P<y4>\d{{4}}) (?!\w)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What may stand beside the date on a date line.
_CLOCK = (
    r"(?<!\d)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?"
    r"(?:\s*[+-]\d{2}:?\d{2})?(?!\w)|(?<!\d)\d{1,2}\s*[ap]\.?m\b\.?"
    r"|\b\d{1,3}[ -]min(?:ute)?s?\s+read\b|\b\d{1,3}\s+menit\s+(?:mem)?baca\b"
)
_ZONE = (
    r"\b(?:WIB|WITA|WIT|UTC|GMT|EST|EDT|PST|PDT|CET|CEST|BST|SGT|JST|KST|AEST|AEDT|ET|PT)\b"
    r"(?:[+-]\d{1,2}(?::\d{2})?)?"
)
_LABEL = (
    r"\b(?:(?:first\s+|last\s+)?(?:published|posted|updated|modified|created)(?:\s+(?:on|at))?"
    r"|diterbitkan|dipublikasikan|ditayangkan|dipublish|diperbarui|diupdate|pembaruan|terakhir"
    r"|terbit|tayang|tanggal(?:\s+(?:terbit|tayang|publikasi))?|publikasi|dibuat|date|update"
    r"|pukul|jam|at|on|pada|hari)\b"
)
_LABELLED = re.compile(
    r"[\W_]*(?:(?:first\s+)?published|posted|updated|date|tanggal|diterbitkan|dipublikasikan"
    r"|ditayangkan|terbit|tayang|diperbarui)\b",
    re.IGNORECASE,
)
_BESIDE_DATE = re.compile(rf"{_CLOCK}|{_ZONE}|{_WEEKDAY}|{_LABEL}|T(?=\d\d:)|Z\b", re.IGNORECASE)
_SEPARATED = re.compile(r"[-–—|•·/]")
_NOT_WORDS = re.compile(r"[\W_]+")
_LONGEST_DATE_LINE = 120

_WEEKDATE = re.compile(
    rf"{_WEEKDAY},?\s*\((?P<inner>[^()]{{6,24}})\)|\({_WEEKDAY},?\s*(?P<within>[^()]{{6,24}})\)",
    re.IGNORECASE,
)
# Looked for first: the patterns above are slow, and most leads have no such date.
_CLOSED_YEAR = re.compile(r"\d{4}[^()\d]{0,3}\)")
_NUMERIC_DATE = re.compile(r"\((\d{1,2}[/.-]\d{1,2}[/.-]\d{4})\)")

_EARLIEST_YEAR = 1800


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that gives a date and little else. `published` is ISO; `outlet` where named."""

    published: str
    outlet: str | None
    labelled: bool


def find_date(text: str, language: Language) -> str | None:
    """The first full date in `text` as `YYYY-MM-DD`; None where there is none.

    15/8/2023 is day first; in English text a date that could be read both ways is none.
    """
    for match in _DATE.finditer(text):
        date = _iso(match, language)
        if date:
            return date
    return None


def _iso(match: re.Match[str], language: Language) -> str | None:
    group = match.groupdict()
    if group["y1"]:
        year, month, day = int(group["y1"]), int(group["m1"]), int(group["d1"])
    elif group["y2"]:
        year, month, day = int(group["y2"]), int(group["m2"]), int(group["d2"])
        if month > 12:  # "8/15/2023" can only be month first
            month, day = day, month
        elif language == "en" and day <= 12 and day != month:
            return None
    elif group["y3"]:
        year, month, day = int(group["y3"]), _month(group["m3"]), int(group["d3"])
    else:
        year, month, day = int(group["y4"]), _month(group["m4"]), int(group["d4"])
    if year < _EARLIEST_YEAR:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def date_line(line: str, language: Language) -> DateLine | None:
    """What a date line says: "26 April 2022", "Kompas.com - 26/04/2022, 14:30 WIB"."""
    if len(line) > _LONGEST_DATE_LINE or not any(letter.isdigit() for letter in line):
        return None
    match = _DATE.search(line)
    published = _iso(match, language) if match else None
    if match is None or published is None:
        return None
    rest = _DATE.sub(" ", line[: match.start()] + " " + line[match.end() :])
    rest = _BESIDE_DATE.sub(" ", rest)
    words = _NOT_WORDS.sub(" ", rest).strip()
    labelled = bool(_LABELLED.match(line))
    if not words:
        return DateLine(published, None, labelled)
    name = rest.strip(" \t|-–—,·•:;()/")
    if is_outlet(name):
        return DateLine(published, name, labelled)
    # "Jane Doe - April 26, 2022" is a date line, "Perjanjian 26 April 2022" a heading.
    person = len(name.split()) > 1 and is_name(name) and _SEPARATED.search(rest) is not None
    if person or is_place(name) or byline(name) is not None:
        return DateLine(published, None, labelled)
    return None


def news_date(lead: str, language: Language, *, dateline: bool) -> str | None:
    """The day of the news in a lead: "Selasa (15/8/2023)", "(Tuesday, Aug 15, 2023)".

    Without its weekday a date in parentheses counts only under a dateline. Where the lead
    gives several, the latest is the day it was written.
    """
    if not _CLOSED_YEAR.search(lead):
        return None
    given = [match["inner"] or match["within"] for match in _WEEKDATE.finditer(lead)]
    if not given and dateline:
        given = _NUMERIC_DATE.findall(lead)
    dates = [date for date in (find_date(text, language) for text in given) if date]
    return max(dates, default=None)


def without_dates(text: str) -> str:
    """`text` without its dates, clock times and weekdays."""
    return _BESIDE_DATE.sub(" ", _DATE.sub(" ", text))


def is_calendar(words: str) -> bool:
    """Whether `words` are months, weekdays and numbers only."""
    bare = re.sub(rf"{_MONTH}|{_WEEKDAY}|\d+|\(|\)|/", " ", words, flags=re.IGNORECASE)
    return not bare.strip(" .,")
