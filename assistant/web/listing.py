"""The articles tab as HTML: the list of the folder, and search with each arm's score. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Passage, Skipped
from assistant.web import escaping as esc
from assistant.web.folder import Record
from assistant.web.render import byline, score
from assistant.web.render import date as shown_date
from assistant.web.strings import Strings
from assistant.web.uploads import is_upload

SHOWN = 200
"""Rows of the list; a folder of thousands is searched, not scrolled."""


NONE = ' class="none"'
"""Marks a cell with nothing to say, which a narrow screen leaves out."""


def articles(
    records: Sequence[Record], skipped: Sequence[Skipped], strings: Strings, *, removable: bool
) -> str:
    """The folder's articles; uploaded ones can be removed if `removable`."""
    passages = sum(record.chunks for record in records)
    count = strings.articles_count.format(count=len(records), passages=passages)
    rows = "".join(_row(record, strings, removable=removable) for record in records[:SHOWN])
    rows += "".join(
        f'<tr class="skipped"><th scope="row">{esc.name(skip.file)}</th>'
        f'<td colspan="4">{esc.text(skip.reason)}</td>'
        f"<td>{strings.state_skipped}</td><td></td></tr>"
        for skip in skipped[:SHOWN]
    )
    hidden = len(records) - SHOWN
    more = f'<p class="muted">+ {hidden:,}</p>' if hidden > 0 else ""
    heads = "".join(
        f'<th scope="col">{label}</th>'
        for label in (
            strings.column_title,
            strings.column_outlet,
            strings.column_date,
            strings.column_length,
            strings.column_passages,
            strings.column_state,
        )
    )
    return (
        f'<section class="listing"><h2 class="panel-title">{strings.articles_heading}</h2>'
        f'<p class="muted">{count}</p><table><thead><tr>{heads}<td></td></tr></thead>'
        f"<tbody>{rows}</tbody></table>{more}</section>"
    )


def _row(record: Record, strings: Strings, *, removable: bool) -> str:
    uploaded = is_upload(record.file)
    remove = (
        f'<button type="button" class="action remove" data-action="remove" '
        f'data-file="{esc.text(record.file)}" aria-label="{strings.remove} '
        f'{esc.attribute(record.title)}">{strings.remove}</button>'
        if uploaded and removable
        else ""
    )
    cells = (
        (strings.column_outlet, esc.name(record.outlet) if record.outlet else "–"),
        (
            strings.column_date,
            shown_date(record.published, strings) if record.published else "–",
        ),
        (strings.column_length, _size(record.size)),
        (strings.column_passages, str(record.chunks)),
        (
            strings.column_state,
            strings.state_uploaded if uploaded else strings.state_indexed,
        ),
    )
    return (
        f'<tr><th scope="row"><button type="button" class="open-article" '
        f'data-file="{esc.text(record.file)}">{esc.name(record.title)}</button>'
        f'<span class="file">{esc.name(record.file)}</span></th>'
        + "".join(
            f'<td data-label="{label}"{NONE if value == "–" else ""}>{value}</td>'
            for label, value in cells
        )
        + f"<td>{remove}</td></tr>"
    )


def hits(passages: Sequence[Passage], strings: Strings) -> str:
    """What a search found: each passage with the score of each arm and the fused one."""
    if not passages:
        return f'<p class="notice">{strings.no_hits}</p>'
    listed = "".join(_hit(passage, strings) for passage in passages)
    return (
        f'<section><div class="hits-head"><h2 class="panel-title">{strings.hits}</h2>'
        f'<button type="button" class="action" data-action="close">{strings.close}</button></div>'
        f'<ol class="hits">{listed}</ol></section>'
    )


def _hit(passage: Passage, strings: Strings) -> str:
    head = byline(passage.title, passage.outlet, passage.published, passage.file, strings)
    arms = (
        (strings.arm_fused, score(passage.score, strings)),
        (strings.arm_lexical, _arm(passage.lexical, strings)),
        (strings.arm_dense, _arm(passage.dense, strings)),
    )
    facts = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in arms)
    also = ""
    if passage.also_in:
        files = ", ".join(esc.name(file) for file in passage.also_in)
        also = f'<p class="byline">{strings.also_in.format(files=files)}</p>'
    return (
        f'<li class="source">{head}<p class="excerpt">{esc.text(passage.text)}</p>'
        f'<dl class="arms">{facts}</dl>{also}<button type="button" class="action open-article" '
        f'data-file="{esc.text(passage.file)}" data-start="{passage.start}" '
        f'data-end="{passage.end}">{strings.read_article}</button></li>'
    )


def _arm(value: float | None, strings: Strings) -> str:
    return strings.not_returned if value is None else f"{value:.2f}"


def _size(size: int) -> str:
    return f"{size / 1000:,.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"
