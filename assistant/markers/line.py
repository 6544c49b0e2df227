"""One line of a reply: its sentences, and which markers belong to which."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.markers.decoration import undecorated
from assistant.markers.finding import Found, find
from assistant.markers.marked import MarkedSentence, once
from assistant.markers.neutral import neutralise
from assistant.markers.numbers import passage_numbers
from assistant.markers.patterns import SAYS_THAT
from assistant.markers.traced import Traced
from assistant.words.sentences import sentences as sentence_spans


@dataclass(frozen=True, slots=True)
class Mark:
    """Markers taken out at one place: `at` in the clean text, `raw` where they stood."""

    at: int
    raw: int
    forward: bool
    numbers: tuple[int, ...]
    unknown: tuple[str, ...]


class Line:
    """One line of a reply (or what is known of it so far), read.

    `fresh`: `raw` begins at the line's start. `prefixed`: this line writes each marker
    before its sentence ("[1] Kim … [2] Putin …"). `final`: nothing follows.
    """

    def __init__(
        self, raw: str, *, passages: int, fresh: bool, prefixed: bool, final: bool = False
    ) -> None:
        self._passages = passages
        self._fresh = fresh
        self._clean = Traced()
        self.prefixed = prefixed
        self.marks: list[Mark] = []
        source = undecorated(raw, fresh=fresh)
        self._extract(source, find(source.text, passages=passages, final=final), end=len(raw))
        self.spans = [
            (span.start, span.end)
            for span in sentence_spans(self._clean.text)
            if any(char.isalnum() for char in self._clean.text[span.start : span.end])
        ]

    def words_after(self, index: int) -> int:
        """How many words follow the sentence `index`; -1: how many the line has."""
        at = 0 if index < 0 else self.spans[index][1]
        return len(self._clean.text[at:].split())

    def cut(self, index: int) -> int:
        """Where in the raw line the sentence `index` begins, its forward markers included."""
        start = self.spans[index][0]
        previous = self.spans[index - 1][1]
        return min(
            [self._clean.origin[start]]
            + [mark.raw for mark in self.marks if mark.forward and previous <= mark.at <= start]
        )

    def sentence(self, index: int) -> MarkedSentence:
        """The sentence `index` with its markers."""
        start, end = self.spans[index]
        marks = [mark for mark in self.marks if self._owner(mark) == index]
        return MarkedSentence(
            text=neutralise(self._clean.text[start:end]),
            markers=once(number for mark in marks for number in mark.numbers),
            unknown=once(strange for mark in marks for strange in mark.unknown),
            new_line=self._fresh and index == 0,
        )

    def _owner(self, mark: Mark) -> int:
        if mark.forward:
            return next(
                (index for index, (_, end) in enumerate(self.spans) if mark.at < end),
                len(self.spans) - 1,
            )
        return max(
            (index for index, (start, _) in enumerate(self.spans) if start < mark.at), default=0
        )

    def _extract(self, source: Traced, found: list[Found], *, end: int) -> None:
        """Copy the line without its markers, noting where each one stood."""
        clean = self._clean
        at = 0
        for place in found:
            clean.copy(source, at, place.start)
            starts_line = not clean.text.strip()
            at = place.end
            if place.lead_in:
                groups = place.lead_in
                if (groups["comma"] or groups["comma2"]) and (groups["after"] or groups["after2"]):
                    clean.write(",", source.origin[place.start])
            elif starts_line:
                says = SAYS_THAT.match(source.text, at)
                at = says.end() if says else at
                self.prefixed = self.prefixed or self._fresh
            at = _close_gap(clean, source.text, at)
            boundary = clean.text[-1:] in _CLOSERS
            numbers, unknown = passage_numbers(place.marker, self._passages)
            forward = place.lead_in is not None or starts_line or (boundary and self.prefixed)
            self.marks.append(
                Mark(
                    at=len(clean.text),
                    raw=source.origin[place.start] if place.start < len(source.origin) else end,
                    forward=forward,
                    numbers=numbers,
                    unknown=unknown,
                )
            )
            at = _resume(clean, source, at, capitalise=forward)
        clean.copy(source, at, len(source.text))


_CLOSERS = tuple('.!?…:"”’»')


def _close_gap(clean: Traced, source: str, at: int) -> int:
    """Take the blanks before a marker with it, and a pair of signs that is left empty."""
    while True:
        clean.rstrip()
        before, after = clean.text[-1:], source[at : at + 1]
        if before in (".", "!", "?", "…") and after == ".":
            return at + 1  # "sentence. [1]."
        if before + after not in ("()", "（）", "``"):
            return at
        clean.drop_tail(1)
        at += 1


def _resume(clean: Traced, source: Traced, at: int, *, capitalise: bool) -> int:
    """Make the text after a marker join the text before it; where to copy on from."""
    starts = not clean.text or clean.text.endswith((".", "!", "?", "…"))
    if capitalise and starts:
        # "According to [1], kim" and "[1] says that kim": the sentence starts here.
        while source.text[at : at + 1].isspace():
            at += 1
        first = source.text[at : at + 1]
        if first:
            if clean.text:
                clean.write(" ", source.origin[at])
            clean.write(first.upper() if len(first.upper()) == 1 else first, source.origin[at])
            at += 1
        return at
    following = source.text[at : at + 1]
    if clean.text and following and (following.isalnum() or following in "“‘(«"):
        # The marker was all that stood between two words.
        clean.write(" ", source.origin[at])
    return at
