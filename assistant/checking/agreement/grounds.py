"""What a claim may rest on, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assistant.checking.wording import Wording

Fault = Literal["number", "date", "name", "negation", "agent"]


@dataclass(frozen=True)
class Grounds:
    """What a claim may rest on: `first`, the sentence that says most of it; `units`, all the
    sentences chosen (the first included); `around`, their neighbours, title, outlet and date.
    """

    first: Wording
    units: tuple[Wording, ...]
    around: tuple[Wording, ...]

    @cached_property
    def everything(self) -> tuple[Wording, ...]:
        """Units and surroundings."""
        return (*self.units, *self.around)
