"""A whole article as HTML, the cited places marked in it. Pure.

Offsets are code points into the file's text, cut here and never in the browser, whose
strings count UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.types import Article, BlockKind, Citation
from assistant.web import escaping as esc
from assistant.web.render import byline
from assistant.web.strings import Strings

WINDOW = 60_000
"""Characters shown at once. The longest seed has 6,000 and a long feature 40,000; a browser lays
this much out in well under 100 ms, and a 10 MB file can't freeze the page."""

TAGS: dict[BlockKind, tuple[str, str]] = {
    "title": ("h3", "b-title"),
    "heading": ("h4", "b-heading"),
    "paragraph": ("p", "b-paragraph"),
    "date": ("p", "b-aside"),
    "byline": ("p", "b-aside"),
    "furniture": ("p", "b-aside"),
}


@dataclass(frozen=True, slots=True)
class Highlight:
    """A cited span of the article: `number` of the reference, and whether it was the one clicked.

    `sentence` is the index of the first sentence of exchange `turn` that cites it; `turn` is 0
    for a passage that a search found and no answer cites.
    """

    start: int
    end: int
    number: int
    turn: int
    sentence: int
    active: bool


def article(
    shown: Article,
    highlights: Sequence[Highlight],
    strings: Strings,
    *,
    back: bool,
    turn: int | None = None,
    at: int | None = None,
) -> str:
    """The reading view: byline, text with highlights, and the way back.

    `at` is the code point around which a long article is shown; by default the active
    highlight, or the beginning. `back` offers the list of all sources.
    """
    active = next((mark for mark in highlights if mark.active), None)
    focus = at if at is not None else active.start if active else 0
    first, last = window(len(shown.text), focus)
    bar = _bar(active, strings, back=back, turn=turn)
    # The text shows its own title; only a part from further down needs it repeated.
    title = shown.title if first > 0 else None
    head = byline(title, shown.outlet, shown.published, shown.file, strings)
    cited = _cited(highlights, strings)
    pager = _pager(shown, first, last, turn, active, strings)
    body = _blocks(shown, highlights, first, last)
    return (
        f'<div class="panel panel-article" data-turn="{turn or ""}">{bar}'
        f'<article class="article" lang="{shown.language}" tabindex="-1" '
        f'aria-label="{esc.attribute(shown.title)}"><header>{head}{cited}'
        f'</header>{pager}<div class="article-text">{body}</div>{pager}</article></div>'
    )


def missing(citation: Citation, strings: Strings, *, changed: bool, turn: int | None) -> str:
    """What is left to show when a cited article is gone or no longer says what was quoted."""
    head = byline(citation.title, citation.outlet, citation.published, citation.file, strings)
    said = strings.article_changed if changed else strings.article_gone
    return (
        f'<div class="panel panel-article" data-turn="{turn or ""}">'
        f"{_bar(None, strings, back=True, turn=turn)}"
        f'<article class="article" tabindex="-1"><header>{head}</header>'
        f'<p class="notice">{said}</p><blockquote>{esc.text(citation.quote)}</blockquote>'
        "</article></div>"
    )


def window(length: int, focus: int) -> tuple[int, int]:
    """The part of a text of `length` characters that is shown around `focus`."""
    if length <= WINDOW:
        return 0, length
    first = max(0, min(focus - WINDOW // 4, length - WINDOW))
    return first, first + WINDOW


def marked(text: str, start: int, end: int, highlights: Sequence[Highlight]) -> str:
    """`text[start:end]` as HTML with the highlights that fall into it.

    Where highlights overlap the active one is drawn, else the one with the lower number;
    the text itself comes out once and whole.
    """
    inside = [mark for mark in highlights if mark.start < end and mark.end > start]
    cuts = sorted(
        {start, end}
        | {min(max(edge, start), end) for mark in inside for edge in (mark.start, mark.end)}
    )
    parts: list[str] = []
    for low, high in pairwise(cuts):
        covering = [mark for mark in inside if mark.start <= low and mark.end >= high]
        piece = esc.text(text[low:high])
        if covering:
            top = min(covering, key=lambda mark: (not mark.active, mark.number))
            piece = _mark(piece, top)
        parts.append(piece)
    return "".join(parts)


def _mark(piece: str, highlight: Highlight) -> str:
    kind = "active" if highlight.active else "other"
    if highlight.turn == 0:
        return f'<mark class="{kind}" tabindex="-1">{piece}</mark>'
    return (
        f'<a class="back-to-sentence" href="#s-{highlight.turn}-{highlight.sentence}">'
        f'<mark class="{kind}" data-number="{highlight.number}">{piece}</mark></a>'
    )


def _blocks(shown: Article, highlights: Sequence[Highlight], first: int, last: int) -> str:
    """The paragraphs within the window; what lies between blocks is kept where it is words."""
    parts: list[str] = []
    position = first
    for start, end, kind in (*_paragraphs(shown), (len(shown.text), len(shown.text), "paragraph")):
        low, high = max(start, position), min(end, last)
        if shown.text[position : min(low, last)].strip():
            inner = marked(shown.text, position, min(low, last), highlights)
            parts.append(f'<p class="b-paragraph">{inner}</p>')
        if low < high:
            tag, name = TAGS[kind]
            inner = marked(shown.text, low, high, highlights)
            parts.append(f'<{tag} class="{name}">{inner}</{tag}>')
        position = max(position, high)
        if position >= last:
            break
    return "".join(parts)


def _paragraphs(shown: Article) -> list[tuple[int, int, BlockKind]]:
    """The blocks, those on one line (a dateline and its paragraph) taken together."""
    joined: list[tuple[int, int, BlockKind]] = []
    for block in shown.blocks:
        if joined and "\n" not in shown.text[joined[-1][1] : block.start]:
            start, end, kind = joined[-1]
            if block.end - block.start > end - start:
                kind = block.kind
            joined[-1] = (start, block.end, kind)
        else:
            joined.append((block.start, block.end, block.kind))
    return joined


def _bar(active: Highlight | None, strings: Strings, *, back: bool, turn: int | None) -> str:
    buttons = ""
    if back:
        buttons += (
            f'<button type="button" class="action" data-action="list" data-turn="{turn or ""}">'
            f'<span aria-hidden="true">←</span> {strings.back_to_list}</button>'
        )
    if active is not None and active.turn:
        label = strings.go_to_sentence.format(number=active.number)
        buttons += (
            f'<a class="action back-to-sentence" href="#s-{active.turn}-{active.sentence}" '
            f'aria-label="{esc.attribute(label)}">{strings.back_to_answer}</a>'
        )
    if not back:
        buttons += (
            f'<button type="button" class="action" data-action="close">'
            f'<span aria-hidden="true">×</span> {strings.close}</button>'
        )
    return f'<div class="panel-bar">{buttons}</div>'


def _cited(highlights: Sequence[Highlight], strings: Strings) -> str:
    """Links to the article's other citations, when it has more than one."""
    by_number = {mark.number: mark for mark in highlights}
    if len(by_number) < 2:
        return ""
    links = "".join(
        f'<a class="quote cite-chip" href="#src-{mark.turn}-{number}" data-turn="{mark.turn}" '
        f'data-number="{number}"{" aria-current=true" if mark.active else ""}>{number}</a>'
        for number, mark in sorted(by_number.items())
    )
    return f'<p class="byline cited-as">{strings.cites} {links}</p>'


def _pager(
    shown: Article,
    first: int,
    last: int,
    turn: int | None,
    active: Highlight | None,
    strings: Strings,
) -> str:
    total = len(shown.text)
    if (first, last) == (0, total):
        return ""
    number = active.number if active and active.turn else ""

    def button(at: int, label: str) -> str:
        return (
            f'<button type="button" class="action" data-action="page" data-at="{at}" '
            f'data-file="{esc.text(shown.file)}" data-turn="{turn or ""}" '
            f'data-number="{number}">{label}</button>'
        )

    said = strings.article_truncated.format(start=first + 1, end=last, total=total)
    step = WINDOW // 4  # the window opens a quarter before the place it is asked for
    earlier = button(max(0, first - WINDOW + step), strings.earlier) if first > 0 else ""
    later = button(min(last + step, total), strings.later) if last < total else ""
    return f'<div class="pager">{earlier}<span>{said}</span>{later}</div>'
