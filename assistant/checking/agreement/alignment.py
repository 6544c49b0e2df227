"""Two texts of one language laid side by side, word for word."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache

from assistant.checking.wording import Wording

Block = tuple[str, int, int, int, int]
"""One edit, as `SequenceMatcher.get_opcodes` gives it: its kind, and both its stretches."""


@lru_cache(maxsize=64)
def aligned(claim: Wording, first: Wording) -> tuple[Block, ...]:
    """The edits that turn the claim's words into the sentence's."""
    ours = [token.text for token in claim.tokens]
    theirs = [token.text for token in first.tokens]
    return tuple(SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes())
