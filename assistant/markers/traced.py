"""Text that is edited and still knows where in the raw line it came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Traced:
    """Text that remembers, per character, where in the raw line it came from."""

    text: str = ""
    origin: list[int] = field(default_factory=list)

    def replace(
        self, pattern: re.Pattern[str], keep: Callable[[re.Match[str]], list[tuple[int, int] | str]]
    ) -> None:
        """Replace each match by pieces: spans of the text, or literal characters."""
        if not pattern.search(self.text):
            return
        built = Traced()
        at = 0
        for match in pattern.finditer(self.text):
            built.copy(self, at, match.start())
            for piece in keep(match):
                if isinstance(piece, str):
                    built.write(piece, self.origin[match.start()])
                else:
                    built.copy(self, *piece)
            at = match.end()
        built.copy(self, at, len(self.text))
        self.text, self.origin = built.text, built.origin

    def copy(self, other: Traced, start: int, end: int) -> None:
        """Append a span of another traced text."""
        self.text += other.text[start:end]
        self.origin += other.origin[start:end]

    def write(self, text: str, origin: int) -> None:
        """Append characters that stand in the raw text's place `origin`."""
        self.text += text
        self.origin += [origin] * len(text)

    def drop_tail(self, length: int) -> None:
        """Remove the last `length` characters."""
        if length:
            self.text = self.text[:-length]
            del self.origin[-length:]

    def rstrip(self) -> None:
        """Remove the blanks at the end."""
        self.drop_tail(len(self.text) - len(self.text.rstrip()))
