"""Whether a date of a claim stands in what it cites."""

from __future__ import annotations

from assistant.checking.agreement.facts import facts_of, has_rival
from assistant.checking.agreement.grounds import Grounds
from assistant.checking.wording import Wording
from assistant.words.entities import Entity, values_agree


def date_borne_out(claim: Wording, fact: Entity, grounds: Grounds) -> bool:
    """Each part of the date is stated by a date that agrees with the whole of it."""
    parts = _date_parts(fact.value)
    for readings, near in ((grounds.units, True), (grounds.everything, False)):
        agreeing = [
            _date_parts(other.value)
            for other in facts_of(readings, "date")
            if values_agree("date", fact.value, other.value)
        ]
        if set(parts) & set("cwtx"):
            borne_out = bool(agreeing)
        else:
            borne_out = all(
                any(other.get(name) == part for other in agreeing) for name, part in parts.items()
            )
        if borne_out:
            return near or not has_rival(claim, grounds.first, "date")
    if "-" in fact.value:
        return False
    # A bare year that the article has as a plain number ("tahun 711").
    return any(fact.value == other.value for other in facts_of(grounds.units, "number"))


def _date_parts(value: str) -> dict[str, str]:
    if value[:1] in "cwt" or "x" in value:
        return {value[:1] if value[:1] in "cwt" else "x": value}
    year, month, day = _split_date(value)
    return {
        name: part
        for name, part in (
            ("year", year),
            ("month", month),
            ("day", f"{month}-{day}" if day else ""),
        )
        if part
    }


def _split_date(value: str) -> tuple[str, str, str]:
    pieces = ["", *value[2:].split("-")] if value.startswith("--") else value.split("-")
    pieces += [""] * (3 - len(pieces))
    return pieces[0], pieces[1], pieces[2]
