"""Datelines: the words before a lead's dash that say where, who and sometimes when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.newspaper.outlets import REGIONS, is_domain, is_outlet, is_place
from assistant.newspaper.publication import find_date, is_calendar, without_dates
from assistant.types import Language

# "iNews", "InfoPublik", "GATRA": capitals that a person's name doesn't have.
_COINED = re.compile(r"[a-z][A-Z]|^[A-Z]{4,}$")
_DASH = re.compile(r"\s*(?:--+|[–—]|(?<=\s)-|-(?=\s))\s*")
# Longest dateline met: "WASHINGTON, April 26, 2022 (The Associated Press) — ".
_LONGEST_DATELINE = 70
_EMPTY_PARENTHESES = re.compile(r"\(\s*\)")
_LOOSE_COMMA = re.compile(r"\s*,\s*(?=,|$|\()|\s{2,}")
_PLACED = re.compile(
    r"(?P<place>[^,()/:;]{2,30}?)(?P<rest>(?:\s*[,/]\s*[^,()/]{1,40}){0,4})"
    r"\s*(?:\((?P<agency>[^()]{2,40})\))?$"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The words before a lead's dash, `lead[:length]`: place, outlet, sometimes the date."""

    length: int
    outlet: str | None
    published: str | None


def dateline(lead: str, language: Language, *, news: bool = False) -> Dateline | None:
    """The dateline a lead opens with, or None: "Jakarta, IDN Times - ", "SEOUL (Reuters) – ".

    `news` says that the article has a title or a date line: then a city in small letters
    opens one too, "Jakarta - Presiden …".
    """
    match = _DASH.search(lead, 2, _LONGEST_DATELINE + 5)
    if match is None or match.start() > _LONGEST_DATELINE or match.end() >= len(lead):
        return None
    head = lead[: match.start()].strip("*_ \t")
    length = match.end()
    alone = head[1:-1].strip() if head.startswith("(") and head.endswith(")") else head
    if is_domain(alone) or (alone != head and is_outlet(alone)):  # "Merdeka.com - ", "(AFP) - "
        return Dateline(length, alone, None)
    published = find_date(head, language)
    bare = _EMPTY_PARENTHESES.sub(" ", without_dates(head) if published else head)
    placed = _PLACED.match(_LOOSE_COMMA.sub(" ", bare).strip(" ,"))
    if placed is None:
        return None
    place, agency = placed["place"].strip(), placed["agency"]
    parts = [part.strip() for part in re.split(r"[,/]", placed["rest"]) if part.strip()]
    if is_domain(place) and parts and is_place(parts[-1]):  # "TEMPO.CO, Jakarta - "
        return Dateline(length, place, published)
    if not is_place(place):
        return None
    if agency and not is_calendar(agency):
        return Dateline(length, agency.strip(), published) if is_outlet(agency) else None
    if not parts and published is None:
        return Dateline(length, None, None) if _heads(place, lead[length:], news) else None
    outlet = next((part for part in parts if is_outlet(part)), None)
    if outlet is None:
        unknown = [part for part in parts if not _is_known(part)]
        if len(unknown) > 1 or not all(_may_be_outlet(part, place) for part in unknown):
            return None
        outlet = unknown[0] if unknown else None
    return Dateline(length, outlet, published)


def _heads(place: str, following: str, news: bool) -> bool:
    """ "SEOUL – Korea …" is a dateline, "Bandung - Surabaya kini dekat" is a route."""
    word = following.split(None, 1)[0]
    if place.isupper():
        return not (word.isupper() and len(word) > 3)
    return news and not word[0].islower() and not is_place(word.strip(",."))


def _is_known(part: str) -> bool:
    return part.strip(". ").lower() in REGIONS or is_calendar(part) or is_place(part)


def _may_be_outlet(part: str, place: str) -> bool:
    """An outlet nobody listed, where an outlet stands: "JAKARTA, Memorandum -", "Solo, iNews -"."""
    return len(part.split()) <= 3 and (place.isupper() or _COINED.search(part) is not None)
