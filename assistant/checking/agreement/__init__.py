"""Whether the facts of a sentence agree with what it cites: numbers, dates, names, negation,
and how they are arranged.

These are gates and not weights: a sentence with one wrong fact is wrong, however many of its
words are right. Each gate errs towards refusing. `fault` asks them in order; each stands in
a module of its own, on `grounds`, `facts` and `alignment`.
"""

from __future__ import annotations

from assistant.checking.agreement.dates import date_borne_out
from assistant.checking.agreement.displaced import displaced_name
from assistant.checking.agreement.exchange import exchanged
from assistant.checking.agreement.grounds import Fault, Grounds
from assistant.checking.agreement.names import name_borne_out, unknown_name
from assistant.checking.agreement.negation import negation_agrees
from assistant.checking.agreement.numbers import number_borne_out
from assistant.checking.agreement.places import places_changed
from assistant.checking.roles import roles_agree
from assistant.checking.wording import Wording

__all__ = ["Fault", "Grounds", "fault"]


def fault(claim: Wording, grounds: Grounds) -> Fault | None:
    """The kind of the first fact of `claim` that `grounds` don't bear out; None when all agree."""
    for fact in claim.facts:
        if fact.kind == "number" and not number_borne_out(claim, fact, grounds):
            return "number"
        if fact.kind == "date" and not date_borne_out(claim, fact, grounds):
            return "date"
        if fact.kind == "name" and not name_borne_out(claim, fact, grounds):
            return "name"
    if unknown_name(claim, grounds):
        return "name"
    if not negation_agrees(claim, grounds):
        return "negation"
    if displaced_name(claim, grounds):
        return "name"
    agreed = roles_agree(claim, grounds.first)
    if agreed is None:
        return exchanged(claim, grounds.first) or places_changed(claim, grounds.first)
    return None if agreed else "agent"
