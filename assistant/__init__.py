"""Answers questions about a folder of articles and cites the exact passage for every sentence.

from assistant import Assistant

with Assistant.open("seeds", index="index") as assistant:
    print(assistant.ask("Kapan Kim dan Putin bertemu pada 2019?").text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.types import Answer, Citation, Passage, Refresh, Turn

if TYPE_CHECKING:
    from assistant.assistant import Assistant

__all__ = ["Answer", "Assistant", "AssistantError", "Citation", "Passage", "Refresh", "Turn"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # numpy, Chroma and the models are imported when the Assistant is, not before.
    if name == "Assistant":
        from assistant.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
