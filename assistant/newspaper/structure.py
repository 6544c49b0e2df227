"""What each piece of an article is there for, judged by its words and by its place.

`furniture`, `publication` and `bylines` judge a line alone. Here the neighbours speak: the
lines before the first paragraph are the head (title, date, byline, navigation), those after
the last one the tail (topics, writers, related links), and short unfinished lines between
paragraphs are headings. In doubt a piece stays a paragraph: better a line too many than
evidence lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.newspaper.bylines import byline, is_desk, is_name
from assistant.newspaper.furniture import Mark, is_credited, is_navigation, mark
from assistant.newspaper.layout import Piece, ends_sentence, is_item, is_numbered
from assistant.newspaper.outlets import is_outlet
from assistant.newspaper.publication import date_line, find_date
from assistant.types import BlockKind, Language

_LONGEST_TITLE, _TITLE_WORDS = 200, 30
_LONGEST_HEADING, _HEADING_WORDS = 110, 16
# More unfinished lines than this in a row are a list or a table, not headings.
_HEADING_RUN = 3
# A related article's teaser is shorter; a paragraph of the article that goes on is longer.
_LONG_PARAGRAPH = 160
# Footers stand at the end: a marker before this share of the text is none.
_FOOTER_FROM = 0.4
# ... and what follows it is at most this share of the article's sentences.
_FOOTER_SHARE = 0.25
# Links in a box inside an article, at most, where no bullets mark them.
_INSET_LINKS = 4
# A person's line under the title has at most so many words.
_NAME_WORDS = 4
# Words of a writer's self-description ("peternak ulat"), at most.
_BIO_WORDS = 12
# How many pieces from the end a labelled date ("Published: …") may still stand.
_TAIL_PIECES = 6


@dataclass(frozen=True, slots=True)
class Structure:
    """One kind per piece, and what the article's own lines say about it."""

    kinds: tuple[BlockKind, ...]
    published: str | None
    outlet: str | None


def structure(text: str, pieces: Sequence[Piece], language: Language) -> Structure:
    """The kinds of `pieces` (of `text`), the ISO date and the outlet they give."""
    reader = _Reader(text, pieces, language)
    reader.read()
    kinds = tuple(kind or "paragraph" for kind in reader.kinds)
    return Structure(kinds, reader.published, reader.outlet)


class _Reader:
    """An article while it is being read. A piece is open until something claims it."""

    def __init__(self, text: str, pieces: Sequence[Piece], language: Language) -> None:
        self.text = text
        self.pieces = pieces
        self.language = language
        self.lines = [text[piece.start : piece.end] for piece in pieces]
        self.marks: list[Mark | None] = [None] * len(pieces)
        self.kinds: list[BlockKind | None] = [None] * len(pieces)
        self.title: int | None = None
        self.published: str | None = None
        self.outlet: str | None = None

    def read(self) -> None:
        """The main flow: own signs, head, labels, tail, headings."""
        self._own_signs()
        if len(self.pieces) == 1:
            return
        body = self._first_paragraph()
        self._find_title(body)
        self._head(body)
        self._labels()
        self._tail(body)
        self._repeated_titles()
        self._headings()

    # --- what a piece says by itself --------------------------------------------------------

    def _own_signs(self) -> None:
        for at, piece in enumerate(self.pieces):
            line = self.lines[at]
            if piece.role == "noise":
                self.kinds[at] = "furniture"
            elif piece.role == "code":
                self.kinds[at] = "paragraph"
            elif piece.role == "heading":
                self.kinds[at] = "heading"
                self.marks[at] = mark(line)
            elif piece.role in ("text", "item"):
                self.marks[at] = mark(line)
                if self.marks[at] is not None:
                    self.kinds[at] = "furniture"
            else:
                self._header_field(at, piece, line)

    def _header_field(self, at: int, piece: Piece, line: str) -> None:
        """A line of Markdown front matter."""
        self.kinds[at] = "byline"
        if piece.role == "title" and self.title is None:
            self.title = at
            self.kinds[at] = "title"
        elif piece.role == "date":
            self.kinds[at] = "date"
            self.published = self.published or find_date(line, self.language)
        elif piece.role == "outlet":
            self.outlet = self.outlet or line

    def _open(self, at: int) -> bool:
        return self.kinds[at] is None

    def _prose(self, at: int) -> bool:
        """Whether a piece is an open sentence or paragraph."""
        if at >= len(self.lines):
            return False
        line = self.lines[at]
        return self._open(at) and (len(line) > _LONGEST_TITLE or ends_sentence(line))

    def _titled(self, at: int) -> bool:
        """Whether an open piece could be a title: short, one sentence at most, no full stop."""
        piece, line = self.pieces[at], self.lines[at]
        return (
            self._open(at)
            and piece.role == "text"
            and piece.lines <= 3
            and len(line) <= _LONGEST_TITLE
            and not line[0].islower()
            and line[-1] not in ".,:;"
            and not (ends_sentence(line) and line[-1] not in "?!…\"'”’")
            and not line.endswith(('."', ".”", ".)"))
            and len(line.split()) <= _TITLE_WORDS
        )

    # --- head -------------------------------------------------------------------------------

    def _first_paragraph(self) -> int:
        """Where the body starts: the first piece that reads as prose and not as a title."""
        for at, piece in enumerate(self.pieces):
            if piece.role == "code" or (piece.role == "item" and self._open(at)):
                return at
            if self._prose(at) and not self._titled(at):
                if not self._is_head_caption(at):
                    return at
                self.kinds[at] = "furniture"
        return len(self.pieces)

    def _is_head_caption(self, at: int) -> bool:
        """A credited line above an article that goes on is the opening picture's caption."""
        return is_credited(self.lines[at]) and sum(map(self._prose, range(at + 1, at + 4))) > 1

    def _find_title(self, body: int) -> None:
        if self.title is not None:
            return
        marked = [at for at, piece in enumerate(self.pieces) if piece.role == "heading"]
        if marked and (self.pieces[marked[0]].level == 1 or marked[0] <= body):
            self._claim_title(marked[0])
            return
        if body == len(self.pieces):
            return  # nothing but unfinished lines: a list, whose first line is no title
        candidates = [at for at in range(body) if self._titled(at) and not self._is_credit(at)]
        if not candidates:
            return
        keys = [_key(line) for line in self.lines]
        repeated = [at for at in candidates if keys[at] and keys[at] in keys[at + 1 :]]
        plain = [at for at in candidates if not is_navigation(self.lines[at])]
        chosen = (repeated or plain or candidates)[0]
        for at in candidates:
            if at < chosen and (is_navigation(self.lines[at]) or repeated):
                self.kinds[at] = "furniture"
        self._claim_title(chosen)

    def _claim_title(self, at: int) -> None:
        self.title = at
        self.kinds[at] = "title"

    def _is_credit(self, at: int) -> bool:
        """A head line that says when or who rather than what."""
        line = self.lines[at]
        return (
            date_line(line, self.language) is not None
            or byline(line) is not None
            or is_outlet(line)
        )

    def _head(self, body: int) -> None:
        timeline = any(
            date is not None and not date.labelled
            for at in range(body + 1, len(self.pieces))
            if self._open(at) and len(self.lines[at]) <= 40
            for date in [date_line(self.lines[at], self.language)]
        )
        for at in range(body):
            if not self._open(at):
                continue
            line = self.lines[at]
            date = date_line(line, self.language)
            if date is not None:
                if timeline and not date.labelled and at == body - 1:
                    continue  # the first heading of a chronicle
                self.kinds[at] = "date"
                self.published = self.published or date.published
                self.outlet = self.outlet or date.outlet
            elif not self._claim_byline(at) and is_outlet(line):
                self.kinds[at] = "byline"
                self.outlet = self.outlet or line
        for at in range(body):
            if self._open(at) and self._claim_desk(at):
                continue
            if self._open(at) and self._is_named(at):
                self.kinds[at] = "byline"

    def _claim_byline(self, at: int) -> bool:
        found = byline(self.lines[at])
        if found is None:
            return False
        self.kinds[at] = "byline"
        self.outlet = self.outlet or found.outlet
        return True

    def _claim_desk(self, at: int) -> bool:
        """ "Budi Santoso - detikNews", under the title."""
        name, dash, outlet = self.lines[at].rpartition(" - ")
        if not (dash and is_outlet(outlet) and is_name(name)):
            return False
        if len(name.split()) > _NAME_WORDS or self.title is None or at < self.title:
            return False
        self.kinds[at] = "byline"
        self.outlet = self.outlet or outlet.strip()
        return True

    def _is_named(self, at: int) -> bool:
        """A bare name in the head: beside a date, or above a reading time or share button."""
        line = self.lines[at]
        words = len(line.split())
        if words > _NAME_WORDS or not is_name(line):
            return False
        under = self.marks[at + 1] if at + 1 < len(self.pieces) else None
        if under in (Mark.ALONE, Mark.SHARE, Mark.AUTHOR):
            return True
        beside = [other for other in (at - 1, at + 1) if 0 <= other < len(self.pieces)]
        return words > 1 and any(self.kinds[other] == "date" for other in beside)

    # --- labels and tail --------------------------------------------------------------------

    def _labels(self) -> None:
        """What stands under "Baca juga:" or "Topik:" belongs to it: a list, or one link."""
        for at, own in enumerate(self.marks):
            if own not in (Mark.LINK, Mark.INSET, Mark.END) or self.kinds[at] == "title":
                continue
            follower = at + 1
            while follower < len(self.pieces) and self._is_link(follower, items_only=True):
                self.kinds[follower] = "furniture"
                follower += 1
            if follower == at + 1 and self.kinds[at] == "furniture":
                limit = {Mark.LINK: 1, Mark.INSET: _INSET_LINKS}.get(own, 0)
                for link in range(follower, min(follower + limit, len(self.pieces))):
                    if not self._is_link(link, items_only=False):
                        break
                    self.kinds[link] = "furniture"
            if follower > at + 1:
                self.kinds[at] = "furniture"

    def _is_link(self, at: int, *, items_only: bool) -> bool:
        line = self.lines[at]
        listed = self.pieces[at].role == "item" or is_item(line)
        return (
            self._open(at)
            and (listed or not items_only)
            and len(line) <= _LONGEST_TITLE
            and not line.rstrip("\"'”’)").endswith((".", ":", ";"))
        )

    def _tail(self, body: int) -> None:
        last = max((at for at in range(len(self.pieces)) if self._prose(at)), default=-1)
        self._footer(body, last)
        for at in range(body + 1, len(self.pieces)):
            if self._open(at) and (at > last or is_desk(self.lines[at])):
                self._claim_byline(at)
        self._labelled_dates(last)
        for at in range(max(body, 1), len(self.pieces)):
            before = self.kinds[at - 1]
            writer = self.marks[at - 1] is Mark.AUTHOR or (before == "byline" and at - 1 > last)
            if writer and self._open(at) and self._describes(at):
                self.kinds[at] = "furniture"

    def _footer(self, body: int, last: int) -> None:
        """After a closing marker all is furniture, unless the article plainly goes on."""
        sizes = [len(line) if self._prose(at) else 0 for at, line in enumerate(self.lines)]
        allowed = _FOOTER_SHARE * sum(sizes)
        goes_on = max((at for at, size in enumerate(sizes) if size >= _LONG_PARAGRAPH), default=-1)
        after = sum(sizes)
        for at in range(len(self.pieces)):
            after -= sizes[at]
            if at <= body or self.pieces[at].start < len(self.text) * _FOOTER_FROM:
                continue
            own = self.marks[at]
            ended = own is Mark.END and at > goes_on and after <= allowed
            if ended or (own in (Mark.SHARE, Mark.INSET) and at > last):
                self.kinds[at:] = ["furniture"] * (len(self.pieces) - at)
                return

    def _labelled_dates(self, last: int) -> None:
        for at in range(max(last + 1, len(self.pieces) - _TAIL_PIECES), len(self.pieces)):
            if not self._open(at):
                continue
            date = date_line(self.lines[at], self.language)
            if date is not None and date.labelled:
                self.kinds[at] = "date"
                self.published = self.published or date.published

    def _describes(self, at: int) -> bool:
        line = self.lines[at]
        return not ends_sentence(line) and len(line.split()) <= _BIO_WORDS

    # --- headings ---------------------------------------------------------------------------

    def _repeated_titles(self) -> None:
        """A title's copy right under it is the page's; further down it heads a section."""
        if self.title is None:
            return
        key = _key(self.lines[self.title])
        for at, line in enumerate(self.lines):
            if at == self.title or not (self._open(at) or self.kinds[at] == "heading"):
                continue
            if len(line) <= _LONGEST_TITLE + 10 and key and _key(line) == key:
                self.kinds[at] = "furniture" if at == self.title + 1 else "heading"

    def _headings(self) -> None:
        """Short unfinished lines with a paragraph under them, where Markdown marks none."""
        if any(piece.role == "heading" and piece.level < 6 for piece in self.pieces):
            return
        run: list[int] = []
        for at in range(len(self.pieces)):
            if self._open(at) and self._headed(at):
                run.append(at)
            elif self.kinds[at] in (None, "paragraph", "heading"):
                if self._open(at) and self.pieces[at].role == "text" and _is_run(self.lines, run):
                    for heading in run:
                        self.kinds[heading] = "heading"
                self.kinds[at] = self.kinds[at] or "paragraph"
                run = []

    def _headed(self, at: int) -> bool:
        """Whether an open piece has a heading's shape."""
        piece, line = self.pieces[at], self.lines[at]
        if piece.role != "text" or piece.lines > 2 or len(line) > _LONGEST_HEADING:
            return False
        if line[0].islower() or not any(letter.isalpha() for letter in line):
            return False
        if line[-1] == "?" and line[0] not in "\"“'‘«":
            return len(line.split()) <= _HEADING_WORDS and line.count("?") == 1
        return not ends_sentence(line) and line[-1] != "," and len(line.split()) <= _HEADING_WORDS


# A law's or book's own headings never make a list, however many stand together.
_SECTION = re.compile(
    r"(?:BAB|Bab|Pasal|PASAL|Bagian|BAGIAN|Paragraf|CHAPTER|Chapter|SECTION|Section|PART|Part)"
    r" (?:\d{1,3}[A-Z]?|[IVXLC]{1,6}|Ke[a-z]+)$"
)
_PAIR = re.compile(r"[^:]{2,40}:\s+\S")


def _is_run(lines: Sequence[str], run: Sequence[int]) -> bool:
    """Whether a run of short lines heads what follows, rather than being a list of facts."""
    run = [at for at in run if not _SECTION.match(lines[at])]
    if len(run) > _HEADING_RUN:
        return False
    if len(run) <= 1:
        return True
    numbered = sum(is_numbered(lines[at]) for at in run)
    return numbered <= 1 and sum(bool(_PAIR.match(lines[at])) for at in run) <= 1


_NOT_LETTERS = re.compile(r"[\W_]+")


def _key(line: str) -> str:
    """A title's comparable form: letters and digits only; empty for what can't be a title."""
    return _NOT_LETTERS.sub(" ", line[:300].casefold()).strip()
