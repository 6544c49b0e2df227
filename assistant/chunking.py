"""Article to Chunks: verbatim spans of whole sentences, the units that are indexed.

Body blocks with nothing but body between them make a stretch; a chunk never leaves its
stretch, so no furniture is ever inside one. Within a stretch sentences are packed to even
sizes under the limit, with cuts where the article itself pauses: before a heading rather
than at a paragraph's end, there rather than inside a paragraph, never right after a heading.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from assistant.counting import count_tokens, encoding
from assistant.language import sentences
from assistant.types import EVIDENCE_KINDS, Article, Block, Chunk, SentenceSpan

__all__ = ["SMALLEST", "chunk"]

# Fewer tokens than one long word has would cut words, and one code point can take four.
SMALLEST = 8

# Characters for each allowed token beyond which text isn't tried whole; words take 2 to 5.
_LONGEST_WINDOW = 64

# What a cut costs, in shares of the target size by which a chunk may miss it instead.
_BEFORE_HEADING, _AFTER_PARAGRAPH, _INSIDE_PARAGRAPH, _AFTER_HEADING = 0.0, 0.1, 0.4, 2.0
# Chunks smaller than this share of the target are worth any other cut.
_TINY = 0.5


@dataclass(frozen=True, slots=True)
class _Unit:
    """One sentence, or a part of one that is over the limit. `first` opens its block."""

    start: int
    end: int
    heading: bool
    first: bool


def chunk(article: Article, *, max_tokens: int) -> list[Chunk]:
    """The chunks of an article, in order, each of at most `max_tokens` o200k_base tokens.

    Every character of the article's body blocks that isn't whitespace lies in exactly one
    chunk; no chunk holds a character of any other block. `max_tokens` is at least 8; raises
    ValueError below.
    """
    if max_tokens < SMALLEST:
        raise ValueError(f"max_tokens is {max_tokens}, but at least {SMALLEST} are needed")
    text = article.text
    chunks: list[Chunk] = []
    line, counted = 1, 0
    for stretch in _stretches(article.blocks):
        for units, tokens in _packed(text, list(_units(text, stretch)), max_tokens):
            start, end = units[0].start, units[-1].end
            line += text.count("\n", counted, start)
            counted = start
            chunks.append(_chunk(article, units, start, end, line, tokens))
    return chunks


def _chunk(
    article: Article, units: Sequence[_Unit], start: int, end: int, line: int, tokens: int
) -> Chunk:
    identity = f"{article.file}\0{article.sha256}\0{start}:{end}"
    return Chunk(
        id=hashlib.sha256(identity.encode()).hexdigest()[:32],
        file=article.file,
        start=start,
        end=end,
        line=line,
        text=article.text[start:end],
        tokens=tokens,
        sentences=tuple(SentenceSpan(unit.start, unit.end, unit.heading) for unit in units),
        title=article.title,
        published=article.published,
        outlet=article.outlet,
        language=article.language,
    )


def _stretches(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Runs of body blocks without any other block between them."""
    stretch: list[Block] = []
    for block in blocks:
        if block.kind in EVIDENCE_KINDS:
            stretch.append(block)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


_WRAP = re.compile(r"[\r\n]")


def _units(text: str, stretch: Sequence[Block]) -> Iterator[_Unit]:
    for block in stretch:
        words = text[block.start : block.end]
        if "\n" in words or "\r" in words:
            words = _WRAP.sub(" ", words)  # a wrapped paragraph: its lines are no sentences' ends
        heading = block.kind != "paragraph"
        first = True
        for span in sentences(words):
            yield _Unit(block.start + span.start, block.start + span.end, heading, first)
            first = False


def _packed(text: str, units: list[_Unit], max_tokens: int) -> Iterator[tuple[list[_Unit], int]]:
    """The stretch's units in chunks, with each chunk's exact number of tokens."""
    if not units:
        return
    start, end = units[0].start, units[-1].end
    # Most articles and all short ones fit: one count, of text that isn't surely too long.
    if end - start <= _LONGEST_WINDOW * max_tokens:
        tokens = count_tokens(text[start:end])
        if tokens <= max_tokens:
            yield units, tokens
            return
    sized = list(_sized(text, units, max_tokens))
    held = [unit for unit, _ in sized]
    sums = [0, *accumulate(size for _, size in sized)]
    at = 0
    while at < len(held):
        until = _cut(held, sums, at, max_tokens)
        tokens = count_tokens(text[held[at].start : held[until - 1].end])
        # Sizes are of sentences apart; joined they may, rarely, come to a token more.
        while tokens > max_tokens and until > at + 1:
            until -= 1
            tokens = count_tokens(text[held[at].start : held[until - 1].end])
        yield held[at:until], tokens
        at = until


def _sized(text: str, units: Sequence[_Unit], max_tokens: int) -> Iterator[tuple[_Unit, int]]:
    """Each unit with its tokens, and one for the line end before it; long ones in parts."""
    for unit in units:
        words = text[unit.start : unit.end]
        size = count_tokens(words) if len(words) <= _LONGEST_WINDOW * max_tokens else max_tokens + 1
        if size <= max_tokens:
            yield unit, size + unit.first
            continue
        first = unit.first
        for start, end in _parts(text, unit.start, unit.end, max_tokens):
            size = count_tokens(text[start:end])
            yield _Unit(start, end, unit.heading, first), size + first
            first = False


def _cut(units: Sequence[_Unit], sums: Sequence[int], at: int, max_tokens: int) -> int:
    """Where the chunk that starts at unit `at` ends (exclusive)."""
    left = sums[-1] - sums[at]
    furthest = max(at + 1, bisect_right(sums, sums[at] + max_tokens) - 1)
    if furthest == len(units) and left <= max_tokens:
        return len(units)
    target = left / -(-left // max_tokens)
    best, least = furthest, float("inf")
    for until in range(furthest, at, -1):
        size = sums[until] - sums[at]
        if size < target * _TINY and best > until:
            break
        cost = abs(size - target) / target + _pause(units, until)
        if cost < least:
            best, least = until, cost
    return best


def _pause(units: Sequence[_Unit], until: int) -> float:
    """What it costs to cut before unit `until`."""
    if until == len(units):
        return 0.0
    if units[until - 1].heading:
        return _AFTER_HEADING
    if units[until].heading and units[until].first:
        return _BEFORE_HEADING
    return _AFTER_PARAGRAPH if units[until].first else _INSIDE_PARAGRAPH


# --- sentences over the limit ---------------------------------------------------------------


def _parts(text: str, start: int, end: int, max_tokens: int) -> Iterator[tuple[int, int]]:
    """Cuts `text[start:end]` into trimmed parts of at most `max_tokens` tokens.

    At a word's end where one is near; else at a code point, but not before a combining mark,
    joiner or modifier unless there is no other place.
    """
    while start < end:
        reach = _reach(text, start, end, max_tokens)
        cut = reach if reach == end else _word_end(text, start, reach)
        stop = cut
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        yield start, stop
        start = cut
        while start < end and text[start].isspace():
            start += 1


def _reach(text: str, start: int, end: int, max_tokens: int) -> int:
    """The furthest place so that `text[start:place]` has at most `max_tokens` tokens."""
    encode = encoding().encode_ordinary
    window = min(end, start + 8 * max_tokens)
    codes = encode(text[start:window])
    # Long tokens (runs of dashes, say) may fill no more than a part of the limit: look further.
    while (
        len(codes) <= max_tokens and window < end and window - start < _LONGEST_WINDOW * max_tokens
    ):
        window = min(end, start + 2 * (window - start))
        codes = encode(text[start:window])
    while len(codes) > max_tokens and window > start + 1:
        held = encoding().decode_bytes(codes[:max_tokens]).decode("utf-8", "ignore")
        window = max(start + 1, min(window - 1, start + len(held)))
        codes = encode(text[start:window])
    return window


def _word_end(text: str, start: int, reach: int) -> int:
    """The last word end in the second half of `text[start:reach]`, else a safe code point."""
    if text[reach].isspace():
        return reach
    for at in range(reach - 1, start + (reach - start) // 2, -1):
        if text[at].isspace():
            return at
    at = reach
    while at > start and _binds(text, at):
        at -= 1
    return at if at > start else reach


def _binds(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    letter, before = text[at], text[at - 1]
    return (
        unicodedata.category(letter) in ("Mn", "Mc", "Me")
        or letter in "\u200d\u200c\ufe0e\ufe0f"
        or before == "\u200d"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
        or ("\U0001f1e6" <= letter <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff")
    )
