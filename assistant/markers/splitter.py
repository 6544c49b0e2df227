"""A reply, whole or as it streams in, cut into marked sentences."""

from __future__ import annotations

import re
import unicodedata

from assistant.markers.bibliography import dropped_line, heads_bibliography
from assistant.markers.line import Line
from assistant.markers.marked import MarkedSentence, once


def split(raw: str, *, passages: int) -> list[MarkedSentence]:
    """The sentences of a model's whole reply; `passages` is how many it was shown.

    Markdown links and images are reduced to their text, emphasis and list signs go, a
    bibliography of the model's own is dropped (the program mints the list of sources),
    and every form of marker is read. HTML stays as the characters it is.
    """
    splitter = MarkerSplitter(passages=passages)
    return splitter.feed(raw) + splitter.close()


class MarkerSplitter:
    """Reads a streamed reply. However the stream is cut, the sentences are the same.

    A sentence comes out once the words after it have shown that it is complete and that no
    further marker of it follows. `unknown` collects every unknown marker so far, those of
    the dropped bibliography included.
    """

    def __init__(self, *, passages: int) -> None:
        self._passages = passages
        self._buffer: list[str] = []
        self._words = 0  # words read since the last look at the buffer, or sentence end
        self._due = _LOOKAHEAD_WORDS  # so many words make another look worth while
        self._fresh = True  # the buffer starts at a line's start
        self._prefixed = False  # this line writes its markers before the sentences
        self._bibliography = False
        self._pending: MarkedSentence | None = None
        self._unknown: dict[str, None] = {}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Every unknown marker read so far, as written, once each, in order."""
        return tuple(self._unknown)

    def feed(self, text: str) -> list[MarkedSentence]:
        """Read the next piece of the reply; the sentences that it completed."""
        done: list[MarkedSentence] = []
        # One character at a time: what comes out depends on the characters alone and not on
        # how the stream was cut.
        for char in text:
            if char == "\n":
                done += self._end_line()
                continue
            if unicodedata.category(char) == "Cf":
                continue
            self._buffer.append(char)
            if char.isspace() and len(self._buffer) > 1 and not self._buffer[-2].isspace():
                self._words += 1
                if self._words >= self._due:
                    settled = self._advance()
                    done += settled
                    self._words = 0
                    # A line that goes on without a sentence's end is looked at ever less often.
                    self._due = _LOOKAHEAD_WORDS if settled else self._due + _LOOKAHEAD_WORDS
        return done

    def close(self) -> list[MarkedSentence]:
        """The end of the reply: the sentences still held back."""
        done = self._end_line(final=True)
        if self._pending is not None:
            done.append(self._pending)
            self._pending = None
        return done

    def _advance(self) -> list[MarkedSentence]:
        """Give out what is settled in the middle of a line."""
        raw = "".join(self._buffer)
        if _open_bracket(raw) or (self._fresh and dropped_line(raw, self._bibliography)):
            return []
        done: list[MarkedSentence] = []
        while True:
            line = Line(raw, passages=self._passages, fresh=self._fresh, prefixed=self._prefixed)
            if len(line.spans) < 2 or line.words_after(0) < _LOOKAHEAD_WORDS:
                break
            done += self._take(line, 0)
            raw = raw[line.cut(1) :]
            self._prefixed = line.prefixed
            self._fresh = False
            self._buffer = list(raw)
        if line.spans and self._pending is not None and line.words_after(-1) >= _LOOKAHEAD_WORDS:
            # The line has text of its own, so no lone marker follows the pending sentence.
            done.append(self._pending)
            self._pending = None
        return done

    def _end_line(self, *, final: bool = False) -> list[MarkedSentence]:
        raw = "".join(self._buffer)
        fresh = self._fresh
        self._buffer = []
        self._words, self._due, self._fresh = 0, _LOOKAHEAD_WORDS, True
        prefixed, self._prefixed = self._prefixed, False
        if not raw.strip() or _FENCE.match(raw):
            return []
        if fresh:
            if heads_bibliography(raw):
                self._bibliography = True
                self._note(raw)
                return []
            if dropped_line(raw, self._bibliography):
                self._note(raw)
                return []
            self._bibliography = False
        line = Line(raw, passages=self._passages, fresh=fresh, prefixed=prefixed, final=final)
        if not line.spans:
            self._attach(line)
            return []
        done: list[MarkedSentence] = []
        for index in range(len(line.spans)):
            done += self._take(line, index)
        return done

    def _take(self, line: Line, index: int) -> list[MarkedSentence]:
        """Make the line's sentence the pending one; the one that was pending is complete."""
        sentence = line.sentence(index)
        self._unknown.update(dict.fromkeys(sentence.unknown))
        done = [] if self._pending is None else [self._pending]
        self._pending = sentence
        return done

    def _attach(self, line: Line) -> None:
        """A line of markers alone belongs to the sentence before it."""
        markers = [number for mark in line.marks for number in mark.numbers]
        unknown = [text for mark in line.marks for text in mark.unknown]
        self._unknown.update(dict.fromkeys(unknown))
        if self._pending is not None:
            self._pending = MarkedSentence(
                self._pending.text,
                once([*self._pending.markers, *markers]),
                once([*self._pending.unknown, *unknown]),
                self._pending.new_line,
            )

    def _note(self, raw: str) -> None:
        """Record the unknown markers of a line that is dropped."""
        line = Line(raw, passages=self._passages, fresh=True, prefixed=False)
        self._unknown.update(dict.fromkeys(text for mark in line.marks for text in mark.unknown))


# A marker may follow the full stop and "ujarnya" may follow a closing quote: three words
# after a sentence's end settle both.
_LOOKAHEAD_WORDS = 3
# A bracket that opened this many characters ago and hasn't closed is no marker.
_BRACKET_REACH = 200
_FENCE = re.compile(r"\s*(?:```|~~~)[\w+-]*\s*$")


def _open_bracket(raw: str) -> bool:
    """Whether a marker or link may still be being written at the end of `raw`."""
    tail = raw[-_BRACKET_REACH:]
    return any(
        tail.rfind(opening) > tail.rfind(closing) for opening, closing in ("[]", "【】", "()")
    )
