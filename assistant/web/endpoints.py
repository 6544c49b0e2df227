"""The page's typed endpoints for programs: `/ask`, `/retrieve`, `/articles`."""

from __future__ import annotations

from typing import Any, TypedDict

import gradio as gr

from assistant.errors import AssistantError
from assistant.types import Turn
from assistant.web.desk import Desk
from assistant.web.programs import article_dicts, checked_question, passage_dicts


class TurnDict(TypedDict):
    """One earlier exchange."""

    question: str
    answer: str


def add_endpoints(desk: Desk) -> None:
    """Add the endpoints to the Blocks that is being built."""

    def ask(question: str, history: list[TurnDict] | None = None) -> dict[str, Any]:
        """Answer a question from the articles, with a checked citation for every sentence.

        Args:
            question: the question, in Indonesian or English
            history: earlier exchanges, oldest first, each with "question" and "answer"
        """
        turns = [
            Turn(question=str(turn["question"]), answer=str(turn["answer"]))
            for turn in history or []
        ]
        try:
            return desk.main.ask(checked_question(question, desk.limits), history=turns).to_dict()
        except AssistantError as error:
            raise gr.Error(f"{error} {error.hint}", print_exception=False) from error

    def retrieve(question: str, k: int = 10) -> list[dict[str, Any]]:
        """The passages that fit a question best, best first, with the score of each arm.

        Args:
            question: the question or words to search for
            k: how many passages, 1 to 50
        """
        try:
            return passage_dicts(desk, checked_question(question, desk.limits), k)
        except AssistantError as error:
            raise gr.Error(f"{error} {error.hint}", print_exception=False) from error

    def articles() -> list[dict[str, Any]]:
        """The indexed articles: file, title, date, outlet, size in bytes, number of passages."""
        return article_dicts(desk)

    for endpoint in (ask, retrieve, articles):
        gr.api(
            endpoint,
            api_name=endpoint.__name__,
            concurrency_limit=desk.limits.concurrency,
            concurrency_id="ask",
        )
