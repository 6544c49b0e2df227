"""The conversation and its sources as HTML. Pure: values in, text out, everything escaped.

Anchors, which the page's script and readers without it both follow:
`turn-T` an exchange, `s-T-K` sentence K of it, `ref-T-K-N` the link to reference N after that
sentence, `src-T-N` the reference itself in the panel. T counts from 1, K from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.types import Answer, Citation, Language, NearestArticle, Sentence, Support
from assistant.web import escaping as esc
from assistant.web.exchanges import MARKER, Exchange, Growing
from assistant.web.export import plain_answer
from assistant.web.strings import Strings

SIGNS: dict[Support, str] = {"quoted": "=", "supported": "✓", "weak": "≈", "unsupported": "✗"}
"""The sign after a sentence: support must not be told by colour alone."""


def conversation(exchanges: Sequence[Exchange], strings: Strings) -> str:
    """All exchanges, oldest first."""
    return "".join(
        turn(exchange, number, strings) for number, exchange in enumerate(exchanges, start=1)
    )


def turn(exchange: Exchange, number: int, strings: Strings) -> str:
    """One exchange that is over."""
    answer = exchange.answer
    parts = [_question(exchange.question, number, strings)]
    if answer is not None:
        parts.append(_searched(exchange.question, answer.searched, strings))
        parts.append(_answer(answer, number, strings))
    if exchange.state == "failed":
        parts.append(
            f'<div class="notice failed" role="alert"><p class="notice-title">{strings.error}</p>'
            f"<p>{esc.text(exchange.error)}</p><p>{esc.text(exchange.hint)}</p></div>"
        )
    elif exchange.state == "stopped":
        parts.append(f'<p class="notice stopped">{strings.stopped}</p>')
    elif exchange.state == "pending":
        parts.append(f'<p class="notice stopped">{strings.interrupted}</p>')
    parts.append(_foot(exchange, number, strings))
    return _turn_element(number, exchange.state, "".join(parts))


def growing(answer: Growing, number: int, strings: Strings) -> str:
    """The exchange that is being answered."""
    parts = [_question(answer.question, number, strings)]
    if answer.passages is None:
        parts.append(f'<p class="progress"><span class="dots"></span>{strings.searching}</p>')
    else:
        parts.append(_searched(answer.question, answer.searched, strings))
        prose = _prose(answer.so_far(), number, strings) if answer.sentences else ""
        if answer.unchecked:
            prose += (
                f'<span class="unchecked" title="{esc.attribute(strings.draft_note)}">'
                f"{esc.text(answer.unchecked)}</span>"
            )
        if prose:
            parts.append(f'<div class="answer"><p class="said">{prose}</p></div>')
        found = strings.evidence_found.format(count=answer.passages)
        parts.append(
            f'<p class="progress"><span class="dots"></span>{strings.writing} ({found})</p>'
        )
    return _turn_element(number, "streaming", "".join(parts))


def welcome(examples: Sequence[str], strings: Strings) -> str:
    """The page before the first question: what to do, and examples to do it with."""
    buttons = "".join(
        f'<li><button type="button" class="example" data-question="{esc.text(example)}">'
        f"{esc.text(example)}</button></li>"
        for example in examples
    )
    listed = f"<p>{strings.try_asking}</p><ul>{buttons}</ul>" if examples else ""
    return f'<div class="welcome"><h2>{strings.welcome}</h2>{listed}</div>'


def announcement(exchange: Exchange, strings: Strings) -> str:
    """What a screen reader is told when an answer is finished."""
    if exchange.state == "failed":
        return f"{strings.error}. {esc.text(exchange.error)}"
    if exchange.state == "stopped":
        return strings.stopped
    if exchange.answer is None or exchange.answer.status == "not_found":
        return strings.not_found
    return strings.finished.format(count=len(exchange.answer.citations))


def sources(answer: Answer | None, number: int, strings: Strings) -> str:
    """The panel: the articles an answer cites, each with its quotations."""
    if answer is None or not answer.citations:
        return panel_empty(strings)
    by_file = sorted(answer.citations, key=lambda citation: _first_of(answer, citation.file))
    cards = "".join(
        _source_card(list(cited), number, strings)
        for _, cited in groupby(by_file, key=lambda citation: citation.file)
    )
    return (
        f'<div class="panel panel-list" data-turn="{number}">'
        f'<h2 class="panel-title">{strings.evidence}</h2>{cards}{legend(strings)}</div>'
    )


def panel_empty(strings: Strings) -> str:
    """The panel when there is nothing to cite."""
    return (
        f'<div class="panel panel-empty"><h2 class="panel-title">{strings.evidence}</h2>'
        f'<p class="muted">{strings.evidence_empty}</p>{legend(strings)}</div>'
    )


def legend(strings: Strings) -> str:
    """What the signs after sentences mean."""
    rows = "".join(
        f'<div><dt><span class="s s-{support}">{strings.support[support]}</span>'
        f'<span class="sign sign-{support}" aria-hidden="true">{sign}</span></dt>'
        f"<dd>{strings.support_help[support]}</dd></div>"
        for support, sign in SIGNS.items()
    )
    return f'<details class="legend"><summary>{strings.legend}</summary><dl>{rows}</dl></details>'


def byline(
    title: str | None, outlet: str | None, published: str | None, file: str, strings: Strings
) -> str:
    """Title, if one is wanted, over outlet, date and file name."""
    facts = [esc.name(outlet)] if outlet else []
    facts.append(
        f'<time datetime="{esc.attribute(published)}">{date(published, strings)}</time>'
        if published
        else strings.date_unknown
    )
    facts.append(f'<span class="file">{esc.name(file)}</span>')
    joined = '<span aria-hidden="true"> · </span>'.join(facts)
    head = f'<h3 class="source-title">{esc.name(title)}</h3>' if title else ""
    return f'{head}<p class="byline">{joined}</p>'


def score(value: float, strings: Strings) -> str:
    """A relevance in [0, 1] as a small bar with its number."""
    share = min(max(value, 0.0), 1.0)
    return (
        f'<span class="score" title="{strings.score} {value:.2f}"><span class="sr">'
        f'{strings.score} </span><span class="bar" aria-hidden="true"><span '
        f'style="width:{share:.0%}"></span></span>{value:.2f}</span>'
    )


MONTHS: dict[Language, list[str]] = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November "
    "Desember".split(),
    "en": "January February March April May June July August September October November "
    "December".split(),
}


def date(published: str, strings: Strings) -> str:
    """`2022-04-26` as "26 April 2022"; anything else as it stands."""
    parts = published.split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts) and 1 <= int(parts[1]) <= 12:
        return f"{int(parts[2])} {MONTHS[strings.language][int(parts[1]) - 1]} {int(parts[0])}"
    return esc.text(published)


def _turn_element(number: int, state: str, inner: str) -> str:
    return (
        f'<section class="turn turn-{state}" id="turn-{number}" '
        f'aria-labelledby="q-{number}">{inner}</section>'
    )


def _question(question: str, number: int, strings: Strings) -> str:
    return (
        f'<h2 class="question" id="q-{number}"><span class="sr">{strings.you}: </span>'
        f"<bdi>{esc.text(question)}</bdi></h2>"
    )


def _searched(question: str, searched: str, strings: Strings) -> str:
    if not searched or searched.strip() == question.strip():
        return ""
    return f'<p class="searched">{strings.searched} <q>{esc.text(searched)}</q></p>'


def _answer(answer: Answer, number: int, strings: Strings) -> str:
    if answer.status == "not_found":
        return _not_found(answer, strings)
    short = (
        f'<p class="short"><span class="sr">{strings.short_answer}: </span>'
        f"<strong>{esc.text(answer.short_answer)}</strong></p>"
        if answer.short_answer
        else ""
    )
    return (
        f'<div class="answer" lang="{answer.language}">{short}'
        f'<p class="said">{_prose(answer, number, strings)}</p></div>'
    )


def _not_found(answer: Answer, strings: Strings) -> str:
    nearest = "".join(_nearest(article, strings) for article in answer.nearest)
    listed = (
        f'<p class="nearest-title">{strings.nearest}</p><ul class="nearest">{nearest}</ul>'
        if nearest
        else ""
    )
    return (
        f'<div class="answer not-found" lang="{answer.language}"><p class="notice-title">'
        f'<span class="sign" aria-hidden="true">∅</span> {strings.not_found}</p>'
        f"<p>{esc.text(answer.text)}</p>{listed}</div>"
    )


def _nearest(article: NearestArticle, strings: Strings) -> str:
    return (
        f'<li><button type="button" class="open-article" data-file="{esc.text(article.file)}">'
        f"{esc.name(article.title)}</button> {score(article.score, strings)}</li>"
    )


def _prose(answer: Answer, turn_number: int, strings: Strings) -> str:
    """The text with its sentences marked and its numbers linked; nothing of it is left out."""
    titles = {citation.number: citation.title for citation in answer.citations}
    parts: list[str] = []
    position = 0
    index = -1
    for index, sentence in enumerate(answer.sentences):
        if not position <= sentence.start <= sentence.end <= len(answer.text):
            continue
        gap = answer.text[position : sentence.start]
        parts.append(_linked(gap, titles, turn_number, max(index - 1, 0), strings))
        parts.append(_sentence(sentence, index, titles, turn_number, strings))
        position = sentence.end
    parts.append(_linked(answer.text[position:], titles, turn_number, max(index, 0), strings))
    return "".join(parts)


def _sentence(
    sentence: Sentence, index: int, titles: dict[int, str], turn_number: int, strings: Strings
) -> str:
    """One sentence, its support told by underline, sign and words."""
    support = sentence.support
    return (
        f'<span class="s s-{support}" id="s-{turn_number}-{index}" tabindex="-1" '
        f'title="{esc.attribute(strings.support_help[support])}">'
        f"{_linked(sentence.text, titles, turn_number, index, strings)}</span>"
        f'<span class="sign sign-{support}" aria-hidden="true">{SIGNS[support]}</span>'
        f'<span class="sr"> ({strings.support[support]}) </span>'
    )


def _linked(
    text: str, titles: dict[int, str], turn_number: int, index: int, strings: Strings
) -> str:
    """Text with each [n] that has a citation made a link; any other stays text."""
    parts: list[str] = []
    position = 0
    for match in MARKER.finditer(text):
        number = int(match[1])
        if number not in titles:
            continue
        before = text[position : match.start()]
        parts.append(esc.text(before.rstrip(" ") if before.strip(" ") == "" else before))
        parts.append(_reference(number, titles[number], turn_number, index, strings))
        position = match.end()
    parts.append(esc.text(text[position:]))
    return "".join(parts)


def _reference(number: int, title: str, turn_number: int, index: int, strings: Strings) -> str:
    label = strings.go_to_reference.format(number=number, title=title)
    return (
        f'<sup><a class="cite" id="ref-{turn_number}-{index}-{number}" '
        f'href="#src-{turn_number}-{number}" aria-label="{esc.attribute(label)}">'
        f"{number}</a></sup>"
    )


def _foot(exchange: Exchange, number: int, strings: Strings) -> str:
    answer = exchange.answer
    facts: list[str] = []
    if answer is not None and exchange.state == "done":
        engine = answer.engine
        if engine.answerer == "generative":
            facts.append(strings.engine_generative.format(model=esc.name(engine.model or "?")))
        else:
            facts.append(strings.engine_extractive)
        total = answer.timings_ms.get("total")
        if total is not None:
            facts.append(strings.took.format(ms=f"{total:.0f}"))
    note = ""
    if answer is not None and answer.engine.note:
        note += f'<p class="notice">{strings.engine_note} {esc.text(answer.engine.note)}</p>'
    if answer is not None and answer.unknown_markers:
        markers = esc.text(", ".join(answer.unknown_markers))
        note += f'<p class="notice">{strings.unknown_markers.format(markers=markers)}</p>'
    buttons: list[str] = []
    if answer is not None and answer.citations:
        buttons.append(_action("sources", number, f"{strings.evidence} ({len(answer.citations)})"))
    if answer is not None:
        buttons.append(
            f'<button type="button" class="action copy" data-done="{strings.copied}">'
            f"{strings.copy}</button>"
            f'<textarea class="copy-text" readonly hidden aria-label="{strings.copy}">'
            f"{esc.text(plain_answer(answer))}</textarea>"
        )
    buttons.append(_action("retry", number, strings.retry))
    buttons.append(_action("edit", number, strings.edit))
    said = '<span aria-hidden="true"> · </span>'.join(facts)
    return (
        f'{note}<footer class="turn-foot"><p class="engine">{said}</p>'
        f'<div class="actions">{"".join(buttons)}</div></footer>'
    )


def _action(action: str, number: int, label: str) -> str:
    return (
        f'<button type="button" class="action {action}" data-action="{action}" '
        f'data-turn="{number}">{label}</button>'
    )


def _first_of(answer: Answer, file: str) -> int:
    """The number under which a file is cited first: groups a file's citations together."""
    return min(citation.number for citation in answer.citations if citation.file == file)


def _source_card(cited: Sequence[Citation], number: int, strings: Strings) -> str:
    first = cited[0]
    quotes = "".join(
        f'<li id="src-{number}-{citation.number}"><a class="quote" '
        f'href="#src-{number}-{citation.number}" data-turn="{number}" '
        f'data-number="{citation.number}"><span class="number" aria-hidden="true">'
        f'{citation.number}</span><span class="sr">[{citation.number}] </span>'
        f"<q>{esc.text(citation.quote)}</q></a>"
        f'<p class="byline">{strings.line.format(line=citation.line)} '
        f"{score(citation.score, strings)}</p></li>"
        for citation in cited
    )
    head = byline(first.title, first.outlet, first.published, first.file, strings)
    return f'<article class="source">{head}<ol class="quotes">{quotes}</ol></article>'
