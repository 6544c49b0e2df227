"""Answers and conversations as text to keep: Markdown, JSON, and what the copy button copies."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant.types import Answer, Citation
from assistant.web.exchanges import Exchange, to_browser
from assistant.web.strings import Strings


def plain_answer(answer: Answer) -> str:
    """An answer with its references, as plain text."""
    lines = [answer.text]
    if answer.citations:
        lines.append("")
    lines.extend(f"[{citation.number}] {reference(citation)}" for citation in answer.citations)
    return "\n".join(lines)


def reference(citation: Citation) -> str:
    """One reference on one line: quotation, title, outlet, date, file and line."""
    where = ", ".join(
        part for part in (citation.title, citation.outlet, citation.published) if part
    )
    quote = " ".join(citation.quote.split())
    return f"“{quote}” {where}. {citation.file}:{citation.line}"


def markdown(exchanges: Sequence[Exchange], strings: Strings) -> str:
    """The conversation as Markdown, with the same numbers as on the screen.

    Text from files and visitors is escaped so that it stays text in a Markdown viewer.
    """
    parts = [f"# {strings.title}", ""]
    for exchange in exchanges:
        parts += [f"## {_markdown(exchange.question)}", ""]
        answer = exchange.answer
        if answer is None:
            parts += [f"*{_markdown(exchange.error or strings.interrupted)}*", ""]
            continue
        if answer.searched and answer.searched != exchange.question:
            parts += [f"*{strings.searched} {_markdown(answer.searched)}*", ""]
        if answer.short_answer:
            parts += [f"**{_markdown(answer.short_answer)}**", ""]
        parts += [_markdown(answer.text, keep_numbers=True), ""]
        if answer.citations:
            parts += [f"### {strings.references}", ""]
            parts += [
                f"- [{citation.number}] {_markdown(reference(citation))}"
                for citation in answer.citations
            ]
            parts.append("")
        if answer.nearest:
            parts += [strings.nearest, ""]
            parts += [
                f"- {_markdown(article.title)} ({_markdown(article.file)})"
                for article in answer.nearest
            ]
            parts.append("")
    return "\n".join(parts)


def as_json(exchanges: Sequence[Exchange]) -> str:
    """The conversation as JSON: a list of exchanges, each with the answer's own object."""
    return json.dumps(to_browser(exchanges), ensure_ascii=False, indent=2)


def _markdown(text: str, *, keep_numbers: bool = False) -> str:
    """Text that a Markdown viewer shows as it stands, on one line."""
    kept = "" if keep_numbers else "[]"
    escaped = "".join(
        f"\\{character}" if character in f"\\`*_<>#|!{kept}" else character
        for character in " ".join(text.split())
    )
    return escaped if not keep_numbers else escaped.replace("](", "]\\(")
