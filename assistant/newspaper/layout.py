"""Text to pieces: which lines stand alone, which were wrapped, and what Markdown says they are.

A piece is a trimmed run of text. Lines of a hard-wrapped paragraph make one piece, whose
span holds their line ends; everywhere else a line is a piece. Nothing here knows what an
article is about: kinds that need the words are `structure`'s affair.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Role = Literal["text", "item", "heading", "title", "date", "author", "outlet", "code", "noise"]

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Piece:
    """A trimmed stretch of text, `text[start:end]`, and what its markup says it is.

    `level` is a Markdown heading's, 1 to 6, else 0. `lines` counts the lines it spans.
    """

    start: int
    end: int
    role: Role = "text"
    level: int = 0
    lines: int = 1


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int

    @property
    def width(self) -> int:
        return self.indent + self.end - self.start


# "\r" alone ends a line too (old Mac files); other separators are whitespace inside a line.
_LINE = re.compile(r"[^\r\n]+")
_NEWLINE = re.compile(r"\r\n|\n|\r")

_ITEM = re.compile(r"(?:[-*+•●▪◦‣·–]|[○■□➢✓✔])\s+(?=[^\w\s]{0,4}\w)")
_NUMBERED = re.compile(r"(?:\(?\d{1,3}[.)]|\(?[A-Za-z][.)]|\(?[ivx]{1,5}[.)])\s+\S")
# Footnote marks and credits may follow: "… lalu.[1]", "… kata dia. (KCNA)".
_ENDS = re.compile(
    r"[.!?…:;。][\"'”’»)\]*_]*(?:\s*(?:\([^()\n]{1,40}\)|\[[^\[\]\n]{1,16}\]))*[\"'”’»)*_]*$"
)
# Enough of a line's end for one such credit.
_END_LENGTH = 64

# Hard-wrapped text: nobody wraps narrower, and few wider (email 72, editors 80 to 120).
_NARROWEST, _WIDEST = 30, 130
# Proportional fonts and ragged copies leave lines shorter than the width by this much.
_SLACK = 0.85


def pieces(text: str, *, markdown: bool) -> list[Piece]:
    """The pieces of a text in order, disjoint, without outer whitespace or a leading BOM."""
    lines = list(_lines(text))
    return _markdown(text, lines) if markdown else _plain(text, lines)


def is_item(line: str) -> bool:
    """Whether a line opens with a bullet or a list number."""
    return bool(_ITEM.match(line) or _NUMBERED.match(line))


def is_numbered(line: str) -> bool:
    """Whether a line opens with a list number or letter."""
    return bool(_NUMBERED.match(line))


def ends_sentence(line: str) -> bool:
    """Whether a line closes with the punctuation of a sentence, or of a list it opens."""
    return bool(_ENDS.search(line[-_END_LENGTH:]))


def _lines(text: str) -> Iterator[_Line]:
    for match in _LINE.finditer(text):
        raw = match.group()
        start = match.start()
        if start == 0 and raw[0] == BOM:
            raw = raw[1:]
            start = 1
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            begin = start + indent
            yield _Line(begin, begin + len(stripped), indent)


def _adjoin(text: str, before: _Line, after: _Line) -> bool:
    """Whether no blank line stands between two lines."""
    gap = text[before.end : after.start]
    if len(gap) == 1:
        return True
    return len(_NEWLINE.findall(gap)) == 1


# --- plain text -----------------------------------------------------------------------------


def _plain(text: str, lines: list[_Line]) -> list[Piece]:
    if len(lines) == 1:
        return [_text_piece(text, lines)]
    runs = _runs(text, lines)
    widths = [_wrap_width(text, run) for run in runs]
    common = max((width for width in widths if width), default=0)
    found: list[Piece] = []
    for run, own in zip(runs, widths, strict=True):
        width = own or (common if common and max(line.width for line in run) <= common else 0)
        found.extend(_join(text, run, width))
    return found


def _runs(text: str, lines: list[_Line]) -> list[list[_Line]]:
    runs: list[list[_Line]] = []
    for line in lines:
        if runs and _adjoin(text, runs[-1][-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _wrap_width(text: str, run: list[_Line]) -> int:
    """The width a run was wrapped to, or 0 where no line break is plainly a wrap.

    Plainly: a full line that ends without punctuation, and a small letter after it.
    """
    if len(run) < 2:
        return 0
    width = max(line.width for line in run)
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    for before, after in pairwise(run):
        if (
            text[after.start].islower()
            and (text[before.end - 1].isalnum() or text[before.end - 1] in ",-–—")
            and before.width >= width * _SLACK
            and not is_item(text[after.start : after.start + 12])
        ):
            return width
    return 0


def _join(text: str, run: list[_Line], width: int) -> Iterator[Piece]:
    """The pieces of a run: lines are joined where the next word would not have fitted."""
    held = [run[0]]
    for line in run[1:]:
        if width and _is_wrap(text, held[-1], line, width):
            held.append(line)
        else:
            yield _text_piece(text, held)
            held = [line]
    yield _text_piece(text, held)


def _is_wrap(text: str, before: _Line, after: _Line, width: int) -> bool:
    following = text[after.start : after.end]
    if is_item(following[:16]):
        return False
    word = following.split(None, 1)[0]
    needed = before.width + 1 + len(word)
    if ends_sentence(text[before.start : before.end]) and not following[0].islower():
        return needed > width
    return needed > width * (_SLACK if following[0].islower() else 0.92)


def _text_piece(text: str, lines: list[_Line]) -> Piece:
    start, end = lines[0].start, lines[-1].end
    bullet = _ITEM.match(text, start, end)
    if bullet is None:
        return Piece(start, end, "text", 0, len(lines))
    return Piece(bullet.end(), end, "item", 0, len(lines))


# --- Markdown -------------------------------------------------------------------------------

_ATX = re.compile(r"(#{1,6})\s+(?=\S)")
_RULE = re.compile(r"(?:[-*_=~+]\s*){3,}$")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_SETEXT = re.compile(r"(=+|-{2,})$")
_QUOTE = re.compile(r"(?:>\s?)+")
_TABLE_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?$")
_IMAGE = re.compile(r"(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+$")
_TAGS = re.compile(r"(?:</?[A-Za-z][^<>]*>\s*)+$")
_REFERENCE = re.compile(r"\[[^\]]+\]:\s+\S+")
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)([^*_]+)\1:?$")
_KEY = re.compile(r"([A-Za-z_][\w -]*?)\s*:\s*(.*)$")

# Longer lines are text whatever they look like; it also keeps the patterns' cost bounded.
_LONGEST_NOISE = 1000
# A header longer than this is no front matter but an article between two rules.
_FRONT_MATTER_LINES = 60
_TITLE_KEYS = frozenset({"title", "judul", "headline"})
_DATE_KEYS = frozenset(
    {"date", "tanggal", "published", "publishdate", "published_at", "pubdate", "created"}
)
_AUTHOR_KEYS = frozenset({"author", "authors", "penulis", "byline", "oleh", "editor", "reporter"})
_OUTLET_KEYS = frozenset(
    {"source", "sumber", "outlet", "publisher", "site", "sitename", "site_name", "media"}
)


def _markdown(text: str, lines: list[_Line]) -> list[Piece]:
    found: list[Piece] = []
    at = _front_matter(text, lines, found)
    starts = [line.start for line in lines]
    held: list[_Line] = []

    def flush() -> None:
        if held:
            found.append(_text_piece(text, held))
            held.clear()

    while at < len(lines):
        line = lines[at]
        content = text[line.start : line.end]
        at += 1
        if held and not _adjoin(text, held[-1], line):
            flush()
        if content.startswith("<!--"):
            close = text.find("-->", line.start)
            if close >= 0:
                flush()
                found.append(Piece(line.start, close + 3, "noise"))
                at = bisect_left(starts, close + 3)
                rest_end = lines[at - 1].end
                begin = _skip_space(text, close + 3, rest_end)
                if begin < rest_end:
                    held.append(_Line(begin, rest_end, 0))
                continue
        fence = _FENCE.match(content)
        if fence:
            flush()
            at = _code(text, lines, at - 1, fence.group(1), found)
            continue
        heading = _ATX.match(content)
        if heading:
            flush()
            end = line.start + _closing_hashes(content)
            if heading.end() < end - line.start:
                start = line.start + heading.end()
                found.append(Piece(start, end, "heading", len(heading.group(1))))
            else:
                found.append(Piece(line.start, line.end, "noise"))
            continue
        if len(held) == 1 and _SETEXT.match(content) and not is_item(text[held[0].start :][:8]):
            level = 1 if content[0] == "=" else 2
            found.append(Piece(held[0].start, held[0].end, "heading", level))
            held.clear()
            found.append(Piece(line.start, line.end, "noise"))
            continue
        if _is_noise(content):
            flush()
            found.append(Piece(line.start, line.end, "noise"))
            continue
        bold = _BOLD_LINE.match(content)
        if bold and not held and not ends_sentence(bold.group(2)):
            found.append(Piece(line.start + bold.start(2), line.start + bold.end(2), "heading", 6))
            continue
        quote = _QUOTE.match(content)
        if quote and quote.end() < len(content) and not held:
            line = _Line(line.start + quote.end(), line.end, 0)
        if held and not _continues(text, held[-1], line):
            flush()
        held.append(line)
    flush()
    return found


def _closing_hashes(content: str) -> int:
    """Where a heading's words end: "## Words ##" may close with hashes."""
    bare = content.rstrip("#")
    return len(bare.rstrip()) if bare[-1:].isspace() else len(content)


def _skip_space(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _is_noise(content: str) -> bool:
    """Rules, table rules, images, bare tags and link definitions: markup without words."""
    first = content[0]
    if len(content) > _LONGEST_NOISE:
        return False
    if first in "-*_=~+|:" and (_RULE.match(content) or _TABLE_RULE.match(content)):
        return True
    if first in "![" and (_IMAGE.match(content) or _REFERENCE.match(content)):
        return True
    return first == "<" and bool(_TAGS.match(content))


def _continues(text: str, before: _Line, after: _Line) -> bool:
    """Whether a Markdown line goes on with the paragraph of the line before it."""
    content = text[after.start : after.start + 16]
    if is_item(content) or content[0] == "|":
        return False
    previous = text[before.start : before.end]
    # A long line that ends its sentence is a paragraph of its own in scraped articles.
    return not (len(previous) > _WIDEST and ends_sentence(previous)) and previous[0] != "|"


def _code(text: str, lines: list[_Line], at: int, fence: str, found: list[Piece]) -> int:
    """Adds the lines of a fenced block, each verbatim; returns the line after it."""
    found.append(Piece(lines[at].start, lines[at].end, "code"))
    at += 1
    while at < len(lines):
        line = lines[at]
        at += 1
        found.append(Piece(line.start, line.end, "code"))
        content = text[line.start : line.end]
        if content.startswith(fence) and not content.strip(fence[0]):
            break
    return at


def _front_matter(text: str, lines: list[_Line], found: list[Piece]) -> int:
    """Adds the pieces of a leading `---` header; returns the first line after it."""
    if (
        not lines
        or text[lines[0].start : lines[0].end] != "---"
        or text[: lines[0].start].strip(BOM)
    ):
        return 0
    close = next(
        (
            number
            for number in range(1, min(len(lines), _FRONT_MATTER_LINES))
            if text[lines[number].start : lines[number].end] in ("---", "...")
        ),
        0,
    )
    header = lines[1:close]
    if not header or _KEY.match(text[header[0].start : header[0].end]) is None:
        return 0
    found.append(Piece(lines[0].start, lines[0].end, "noise"))
    for line in header:
        found.append(_front_matter_piece(text, line))
    found.append(Piece(lines[close].start, lines[close].end, "noise"))
    return close + 1


def _front_matter_piece(text: str, line: _Line) -> Piece:
    match = _KEY.match(text[line.start : line.end])
    if match is None or line.indent or not match.group(2).strip("\"' "):
        return Piece(line.start, line.end, "noise")
    key = match.group(1).lower()
    start, end = line.start + match.start(2), line.end
    if end - start > 2 and text[start] in "\"'" and text[end - 1] == text[start]:
        start, end = start + 1, end - 1
    role: Role = "noise"
    if key in _TITLE_KEYS:
        role = "title"
    elif key in _DATE_KEYS:
        role = "date"
    elif key in _AUTHOR_KEYS:
        role = "author"
    elif key in _OUTLET_KEYS:
        role = "outlet"
    if role == "noise":
        return Piece(line.start, line.end, role)
    return Piece(start, end, role)
