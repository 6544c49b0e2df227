"""Bylines: the lines and marks that name the people, or the outlet, who wrote an article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.newspaper.outlets import is_outlet

_ROLE = (
    r"(?:oleh|by|penulis|editor|reporter|pewarta|penyunting|wartawan|kontributor|redaktur|author"
    r"|laporan|penerjemah|translator|sumber|source|teks|naskah|rep|red"
    r"|(?:written|reported|edited|compiled|story|words|text|reporting|editing|writing)\s+by)"
)
_LABELLED_NAME = re.compile(rf"{_ROLE}\s*[:：|/]\s*(?P<name>\S.{{0,100}})$", re.IGNORECASE)
_PERSON_ROLE = re.compile(
    r"(?:penulis|editor|reporter|pewarta|penyunting|wartawan|author|redaktur)\s*[:：]",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"\(?(?:additional )?(?:reporting|writing|editing)(?: and (?:writing|editing))? by"
    r" [^.!?]{2,100}\)?$",
    re.IGNORECASE,
)
_BARE_NAME = re.compile(
    r"(?:by|BY|By|oleh|Oleh|OLEH|(?:Reporting|Editing|Written|Reported|Edited|Story|Writing) by)"
    r"\s+(?P<name>[^\W\d_].{1,60})$"
)
_INITIALS = re.compile(r"\((?P<name>[A-Za-z]{2,12}(?:\s?[/-]\s?[A-Za-z]{2,12}){0,3})\)$")
_PARTICLES = frozenset("bin binti van von de da di al el la le and dan der den dos y".split())
_BETWEEN_NAMES = re.compile(r"\s+|,\s*|\s*&\s*|/")
_CAPITALISED = re.compile(r"(?=[^a-z])[^\W\d_](?:[^\W\d_]|[.'’-])*")
_LONGEST_BYLINE = 120


@dataclass(frozen=True, slots=True)
class Byline:
    """A line that names the people, or the outlet, who wrote the article."""

    name: str
    outlet: str | None


def byline(line: str) -> Byline | None:
    """The byline a line is: "Oleh: Budi", "By Jane Doe", "Editor: …", "(ahmad)"; else None."""
    if len(line) > _LONGEST_BYLINE:
        return None
    plain = line.strip("*_ ")
    match = _LABELLED_NAME.match(plain)
    if match and not match["name"].endswith((".", "?", "!")):
        name = match["name"].strip()
        if len(name.split()) <= 10:
            named = is_outlet(name) and not _PERSON_ROLE.match(plain)
            return Byline(name, name if named else None)
        return None
    match = _BARE_NAME.match(plain)
    if match and (is_name(match["name"]) or is_outlet(match["name"])):
        name = match["name"].strip()
        return Byline(name, name if is_outlet(name) else None)
    if _DESK.match(plain):
        return Byline(plain.strip("()"), None)
    match = _INITIALS.match(plain)
    if match:
        return Byline(match["name"], match["name"] if is_outlet(match["name"]) else None)
    return None


def is_name(words: str) -> bool:
    """Whether `words` has the shape of persons' names: capitalised words and particles only."""
    parts = [part for part in _BETWEEN_NAMES.split(words.strip()) if part]
    return (
        1 <= len(parts) <= 10
        and parts[0][0].isupper()
        and all(part.lower() in _PARTICLES or _CAPITALISED.fullmatch(part) for part in parts)
    )


def is_desk(line: str) -> bool:
    """Whether a line names writers by their part, which no body text does: "Editor: …"."""
    plain = line.strip("*_ ")
    return bool(_DESK.match(plain) or _PERSON_ROLE.match(plain))


# The writers' mark after an article's last sentence: "… Timur Laut. (ahmad)", "(ant/red)".
_SIGNATURE = re.compile(
    r"(?<=[.!?\"”’])\s*\((?P<name>[a-z]{2,12}(?:[/-][A-Za-z]{2,12}){0,3}"
    r"|[A-Z]{2,4}(?:[/-][A-Za-z]{2,12}){1,3}|[A-Z][a-z]+(?:[/-][a-z]{2,12}){1,3})\)$"
)


def signature(paragraph: str) -> Byline | None:
    """The writers' mark that closes a paragraph; it is the paragraph's last `len(name) + 2`."""
    match = _SIGNATURE.search(paragraph, max(0, len(paragraph) - 60))
    if match is None:
        return None
    outlets = [part for part in re.split(r"[/-]", match["name"]) if is_outlet(part)]
    return Byline(match["name"], outlets[0] if outlets else None)
