"""What programs get, through the endpoints and through MCP: plain JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assistant.errors import QuestionError
from assistant.web.desk import Desk
from assistant.web.limits import Limits

MAX_PASSAGES = 50
"""Passages one call can ask for."""


def checked_question(question: str, limits: Limits) -> str:
    """The question, if it is short enough. Raises QuestionError."""
    if len(question) > limits.question_chars:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {limits.question_chars:,} "
            "are taken here.",
            hint="Ask a shorter question.",
        )
    return question


def passage_dicts(desk: Desk, question: str, k: int) -> list[dict[str, Any]]:
    """The best passages as JSON values."""
    passages = desk.main.retrieve(question, k=min(max(k, 1), MAX_PASSAGES))
    return [
        {key: value for key, value in asdict(passage).items() if key != "sentences"}
        for passage in passages
    ]


def article_dicts(desk: Desk) -> list[dict[str, Any]]:
    """The indexed articles as JSON values."""
    return [
        {
            "file": record.file,
            "title": record.title,
            "published": record.published,
            "outlet": record.outlet,
            "bytes": record.size,
            "passages": record.chunks,
        }
        for record in desk.main.articles()
    ]
