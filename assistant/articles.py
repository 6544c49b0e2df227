"""File to Article: its text as it stands, and what each block of it is there for.

Bytes, checked; pieces of text (`layout`); what each piece is (`structure`, over `furniture`,
`publication` and `bylines`); the lead's `datelines` and the end's signature; blocks. Nothing is
ever removed from the text.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import ArticleError
from assistant.folder import FileStat, list_articles
from assistant.language import detect
from assistant.newspaper.bylines import signature
from assistant.newspaper.datelines import dateline
from assistant.newspaper.layout import Piece, pieces
from assistant.newspaper.publication import news_date
from assistant.newspaper.structure import Structure, structure
from assistant.types import Article, Block, Language, Span

__all__ = ["MAX_BYTES", "FileStat", "article_from_bytes", "list_articles", "read_article"]

# 20 MB of text is some 7 million tokens: a dump, not an article.
MAX_BYTES = 20_000_000

_BINARY: int = getattr(os, "O_BINARY", 0)  # else Windows would change the line ends
_MARKDOWN = (".md", ".markdown")
# Nothing to read: whitespace, byte order marks, zero-width and control characters.
_BLANK = re.compile(r"[\s\ufeff\u200b-\u200f\u2060\u00ad\x00-\x1f\x7f]*")
# Characters read to tell the language: `detect` is sure of a paragraph.
_LANGUAGE_SAMPLE = 600
# A title made of opening words is cut near this length, at a word.
_TITLE_CHARACTERS = 80


def read_article(root: Path, file: str, *, max_bytes: int = MAX_BYTES) -> Article:
    """Reads one file of the folder `root`; `file` is its POSIX path relative to `root`.

    Raises ArticleError, naming the file: missing, unreadable, larger than `max_bytes`,
    binary, not UTF-8, or blank.
    """
    return article_from_bytes(file, _read(root, file, max_bytes))


def article_from_bytes(file: str, data: bytes) -> Article:
    """The Article that the bytes of `file` hold. Raises ArticleError: binary, not UTF-8, blank."""
    text = _decode(file, data)
    found = pieces(text, markdown=file.lower().endswith(_MARKDOWN))
    language = _language(text, found)
    reading = structure(text, found, language)
    blocks, published, outlet = _blocks(text, found, reading, language)
    title = next((block for block in blocks if block.kind == "title"), None)
    return Article(
        file=file,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        language=language,
        title=_plain(text[title.start : title.end]) if title else _opening(text, blocks, file),
        title_span=Span(title.start, title.end) if title else None,
        published=published,
        outlet=outlet,
        blocks=tuple(blocks),
    )


def _read(root: Path, file: str, max_bytes: int) -> bytes:
    if file.startswith("/") or ".." in file.split("/"):
        raise ArticleError(
            f"{file} lies outside the folder of articles.",
            hint="Give the file's path relative to the folder.",
        )
    try:
        # Without O_NONBLOCK opening a named pipe would wait for ever.
        handle = os.open(f"{root}/{file}", os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
        try:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise ArticleError(f"{file} is not a plain file.", hint="Move it away.")
            _check_size(file, facts.st_size, max_bytes)
            data = os.read(handle, facts.st_size + 1)
            while more := os.read(handle, 2**20):  # it grew, or came in parts
                data += more
                _check_size(file, len(data), max_bytes)
        finally:
            os.close(handle)
    except FileNotFoundError as error:
        raise ArticleError(
            f"{file} is not there.", hint="Was it moved? Refresh with: assistant index."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArticleError(
            f"{file} can't be read: {reason}.", hint="Check the file and its permissions."
        ) from error
    return data


def _check_size(file: str, size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise ArticleError(
            f"{file} is too large: more than {max_bytes / 1e6:g} MB.",
            hint="Split it into one file per article.",
        )


def _decode(file: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ArticleError(f"{file} is not UTF-8 but UTF-16.", hint="Save it as UTF-8.")
    zero = data.find(b"\0")
    if zero >= 0:
        raise ArticleError(
            f"{file} is binary: byte {zero} is zero.",
            hint="Only text is read (.txt, .md); export the document as text.",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{file} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}.",
            hint="Save it as UTF-8.",
        ) from error
    if _BLANK.fullmatch(text):
        raise ArticleError(
            f"{file} is {'blank' if data else 'empty'}.", hint="Fill it or remove it."
        )
    return text


def _language(text: str, found: Sequence[Piece]) -> Language:
    sample: list[str] = []
    wanted = _LANGUAGE_SAMPLE
    for piece in found:
        if piece.role in ("text", "item", "heading"):
            sample.append(text[piece.start : min(piece.end, piece.start + wanted)])
            wanted -= len(sample[-1])
            if wanted <= 0:
                break
    return detect(" ".join(sample) or text[:_LANGUAGE_SAMPLE])


def _blocks(
    text: str, found: Sequence[Piece], reading: Structure, language: Language
) -> tuple[list[Block], str | None, str | None]:
    """The blocks, the day of publication and the outlet.

    The lead's dateline and the writers' mark after the last paragraph become bylines of
    their own: they are no part of what the article says.
    """
    published, outlet = reading.published, reading.outlet
    blocks = [
        Block(piece.start, piece.end, kind)
        for piece, kind in zip(found, reading.kinds, strict=True)
    ]
    prose = [at for at, block in enumerate(blocks) if block.kind == "paragraph"]
    if not prose:
        return blocks, published, outlet
    last = blocks[prose[-1]]
    signed = signature(text[last.start : last.end])
    if signed:
        mark = last.end - len(signed.name) - 2
        end = mark - len(text[last.start : mark]) + len(text[last.start : mark].rstrip())
        blocks[prose[-1] : prose[-1] + 1] = [
            Block(last.start, end, "paragraph"),
            Block(mark, last.end, "byline"),
        ]
    lead = blocks[prose[0]]
    news = published is not None or any(block.kind == "title" for block in blocks)
    opening = text[lead.start : lead.end]
    line = dateline(opening, language, news=news)
    if line:
        place = opening[: line.length].rstrip()
        blocks[prose[0] : prose[0] + 1] = [
            Block(lead.start, lead.start + len(place), "byline"),
            Block(lead.start + line.length, lead.end, "paragraph"),
        ]
        published = published or line.published
        outlet = outlet or line.outlet
    published = published or news_date(opening, language, dateline=line is not None)
    return blocks, published, outlet or (signed.outlet if signed else None)


_EMPHASIS = re.compile(r"\*\*|__|`")


def _plain(title: str) -> str:
    return " ".join(_EMPHASIS.sub("", title).split()) or title


def _opening(text: str, blocks: Sequence[Block], file: str) -> str:
    """The opening words of an article without a title, cut at a word."""
    body = next((block for block in blocks if block.kind in ("paragraph", "heading")), None)
    if body is None:
        return file
    words = " ".join(text[body.start : min(body.end, body.start + 4 * _TITLE_CHARACTERS)].split())
    if len(words) <= _TITLE_CHARACTERS:
        return words
    cut = words.rfind(" ", _TITLE_CHARACTERS // 2, _TITLE_CHARACTERS + 1)
    return words[: cut if cut > 0 else _TITLE_CHARACTERS].rstrip(" ,;:-–—") + "…"
