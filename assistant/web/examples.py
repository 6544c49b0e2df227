"""Example questions, made from what the folder's articles say. Deterministic."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from assistant.types import Article
from assistant.web.render import date
from assistant.web.strings import Strings
from assistant.words.entities import entities

SHOWN = 4
"""Examples on the page: a glance, and one column on a phone without scrolling."""

READ_CHARS = 20_000
"""How far into an article examples are looked for: ten times the median news article, so
that a file without an end doesn't hold up the page."""

SAYING = re.compile(
    r"\b(?:kata|ujar|ucap|tutur|jelas|sebut|tulis|tegas|said|says|told|wrote)\s+"
    r"(?:\w+\s+){0,3}?$",
    re.IGNORECASE,
)
"""What stands before the name of someone who is quoted: a verb, and perhaps their office."""


def examples(
    articles: Sequence[Article], strings: Strings, answered: Callable[[str], bool]
) -> tuple[str, ...]:
    """Questions that these articles raise, in the interface's language, each from another place
    and each one that `answered` says has an answer."""
    candidates = [list(_candidates(article, strings)) for article in articles]
    chosen: list[str] = []
    for row in zip_longest(*(_rotated(listed, at) for at, listed in enumerate(candidates))):
        for question in row:
            if question is None or question in chosen:
                continue
            if answered(question):
                chosen.append(question)
            if len(chosen) == SHOWN:
                return tuple(chosen)
    return tuple(chosen)


def _rotated(listed: list[str], by: int) -> list[str]:
    """The same questions begun elsewhere, so that neighbours are not all of one kind."""
    if not listed:
        return listed
    by %= len(listed)
    return listed[by:] + listed[:by]


def _candidates(article: Article, strings: Strings) -> Iterator[str]:
    """An article's own questions, its dates and those it quotes; else its title."""
    seen: set[str] = set()
    for question in _raised(article, strings):
        if question not in seen:
            seen.add(question)
            yield question
    if not seen and article.title_span is not None:
        yield strings.example_title.format(value=article.title)


def _raised(article: Article, strings: Strings) -> Iterator[str]:
    body = [block for block in article.body if block.end <= READ_CHARS]
    for block in body:
        text = article.text[block.start : block.end].strip()
        if block.kind in ("title", "heading") and text.endswith("?"):
            yield text
    dates: list[str] = []
    speakers: list[str] = []
    for block in body:
        if block.kind != "paragraph":
            continue
        text = article.text[block.start : block.end]
        for found in entities(text, article.language):
            if found.kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", found.value):
                dates.append(date(found.value, strings))
            elif found.kind == "name" and SAYING.search(text[: found.start]):
                named = text[found.start : found.end]
                if " " in named:
                    speakers.append(named)
    if dates:
        yield strings.example_date.format(value=dates[0])
    if speakers:
        yield strings.example_speaker.format(value=speakers[0])
