"""Small parts of the page around the conversation, as HTML. Pure."""

from __future__ import annotations

from assistant.web import escaping as esc
from assistant.web.desk import EXTRACTIVE
from assistant.web.strings import Strings


def masthead(count: int, answerer: str, strings: Strings) -> str:
    """Title, what is being asked, and who answers."""
    by = strings.extractive if answerer == EXTRACTIVE else answerer
    return (
        f'<header class="masthead" lang="{strings.language}"><h1>{strings.title}</h1>'
        f'<p class="tagline">{strings.tagline.format(count=f"{count:,}")}</p>'
        f'<p class="by"><span>{strings.answerer}:</span> <b>{esc.name(by)}</b></p>'
        "</header>"
    )


def theme_switch(strings: Strings) -> str:
    """The light/dark switch."""
    return (
        f'<button type="button" class="theme" aria-label="{strings.theme}" '
        f'title="{strings.theme}"><span aria-hidden="true">◐</span></button>'
    )


def edit_note(turn: int, strings: Strings) -> str:
    """What is shown above the question while an earlier one is being edited."""
    return (
        f'<p class="editing">{strings.editing.format(turn=turn)} '
        f'<button type="button" class="action" data-action="close">{strings.cancel}</button></p>'
    )


def tested(answerer: str, milliseconds: float, trouble: str | None, *, strings: Strings) -> str:
    """The outcome of a connection test."""
    by = esc.name(strings.extractive if answerer == EXTRACTIVE else answerer)
    if trouble is None:
        said, kind = strings.test_ok.format(name=by, ms=f"{milliseconds:,.0f}"), "ok"
    else:
        said, kind = strings.test_failed.format(name=by, reason=esc.text(trouble)), "failed"
    return f'<p role="status" class="notice {kind}">{said}</p>'
