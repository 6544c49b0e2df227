"""Watching a reply as it is written: runaway length, loops, the wrong script, thinking aloud.

Every decision depends on the characters alone and not on how the stream was cut into pieces.
"""

from __future__ import annotations

import unicodedata

from assistant.errors import ModelUseless

MAX_REPLY_CHARS = 6_000
"""Characters read of one reply, about 2,000 tokens of Indonesian: for servers that ignore the
number of tokens that was asked for."""

_CHECK_EVERY = 40
"""Characters between two looks at the reply's tail."""

_LOOP_CHARS = 160
"""A tail this long that is one short piece over and over is a loop; the longest repetition
in the data ("ha ha ha …") has 40 characters."""

_LONGEST_LOOP = 40
"""Longest piece looked for: four times this is the tail. Longer ones are whole sentences,
whose repetition is counted where they are judged."""

_SCRIPT_LETTERS = 60
"""Letters from which the script is judged while the reply is still being written."""

_FEWEST_LETTERS = 12
"""Letters from which it is judged at the end."""

_FOREIGN_SHARE = 0.3
"""Share of letters outside the Latin script that makes a reply unreadable here: a name given
in Hangul or Cyrillic beside its transcription stays below it."""


class Watch:
    """Follows a reply; `full` once enough of it was read."""

    def __init__(self) -> None:
        self.full = False
        self._chars = 0
        self._tail = ""
        self._letters = 0
        self._foreign = 0

    def feed(self, text: str) -> str:
        """More of the reply; what of it is still read. Raises ModelUseless when it runs wild."""
        accepted = text[: MAX_REPLY_CHARS - self._chars]
        for char in accepted:
            self._chars += 1
            self._tail = (self._tail + char)[-_LOOP_CHARS:]
            if char.isalpha():
                self._letters += 1
                self._foreign += not _is_latin(char)
            if self._chars % _CHECK_EVERY == 0:
                self._look()
        self.full = self._chars >= MAX_REPLY_CHARS
        return accepted

    def close(self) -> None:
        """The end of the reply. Raises ModelUseless on a foreign script."""
        if self._letters >= _FEWEST_LETTERS:
            self._check_script()

    def _look(self) -> None:
        if len(self._tail) == _LOOP_CHARS and _is_loop(self._tail):
            raise ModelUseless(
                "it wrote the same words over and over", hint="Choose a larger model."
            )
        if self._letters >= _SCRIPT_LETTERS:
            self._check_script()

    def _check_script(self) -> None:
        if self._foreign > _FOREIGN_SHARE * self._letters:
            raise ModelUseless(
                "it answered in another script", hint="Ask again, or choose another model."
            )


def _is_latin(char: str) -> bool:
    return char.isascii() or unicodedata.name(char, "").startswith("LATIN ")


def _is_loop(tail: str) -> bool:
    return any(tail[period:] == tail[:-period] for period in range(1, _LONGEST_LOOP + 1))


class Thoughts:
    """Leaves out what a reasoning model thinks aloud at the start, between <think> tags."""

    _OPEN = "<think>"
    _CLOSE = "</think>"

    def __init__(self) -> None:
        self._state = "start"
        self._held = ""

    def feed(self, piece: str) -> str:
        """The part of the reply in this piece; empty while it is thinking."""
        if self._state == "reply":
            return piece
        self._held += piece
        if self._state == "start":
            begun = self._held.lstrip()
            if self._OPEN.startswith(begun[: len(self._OPEN)]) and len(begun) < len(self._OPEN):
                return ""
            if not begun.startswith(self._OPEN):
                self._state = "reply"
                held, self._held = self._held, ""
                return held
            self._state = "thinking"
        at = self._held.find(self._CLOSE)
        if at < 0:
            self._held = self._held[-len(self._OPEN) - len(self._CLOSE) :]
            return ""
        self._state = "reply"
        rest = self._held[at + len(self._CLOSE) :]
        self._held = ""
        return rest
