"""What a provider's exception means, in our words.

The one place where foreign errors become ModelErrors. Messages are ours and carry a status
code at most, because a provider's own text may quote the prompt or a piece of the key. The
exceptions are told apart by class names, so that no provider has to be imported for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.errors import (
    AssistantError,
    ModelError,
    ModelRefused,
    ModelUnreachable,
    ModelUseless,
)


class ContextTooSmall(ModelRefused):
    """The prompt didn't fit the model; a shorter one may."""


class TimedOut(ModelUnreachable):
    """Waited long enough once: asking again would only double the wait."""


class Busy(ModelUnreachable):
    """429: worth trying again, after `wait` seconds if the service said how long."""

    def __init__(self, message: str, *, hint: str, wait: float | None) -> None:
        super().__init__(message, hint=hint)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Symptom:
    """What is known of a foreign error without quoting it."""

    names: frozenset[str]
    status: int | None
    code: str
    text: str = field(repr=False)


_CONTEXT_WORDS = re.compile(
    r"context.{0,20}(length|size|window|limit)|exceed_context|too many tokens|"
    r"prompt is too long|maximum context|exceeds the available context",
    re.IGNORECASE,
)

_TIMEOUTS = frozenset({"APITimeoutError", "TimeoutException", "TimeoutError"})
_CONNECTION = frozenset(
    {"APIConnectionError", "TransportError", "ConnectionError", "OSError", "StreamError"}
)
_GARBLED = frozenset(
    {
        "APIResponseValidationError",
        "DecodingError",
        "ValueError",  # JSON and Unicode that doesn't parse
        "ValidationError",
        "AttributeError",
        "KeyError",
        "IndexError",
        "TypeError",
        "LengthFinishReasonError",
        "ContentFilterFinishReasonError",
    }
)


def translate(error: Exception) -> ModelError:
    """The ModelError that says what a provider's exception means, without quoting it."""
    if isinstance(error, ModelError):
        return error
    if isinstance(error, AssistantError):
        return ModelRefused(str(error), hint=error.hint)
    symptom = _symptom(error)
    if symptom.status is not None:
        return _by_status(symptom, error)
    if symptom.names & _TIMEOUTS:
        return TimedOut(
            "the model's server didn't answer in time",
            hint="See whether the server is running and what it is doing.",
        )
    if _CONTEXT_WORDS.search(symptom.text):
        return _context_too_small()
    if symptom.names & _GARBLED:
        return ModelUseless(
            f"the model's server sent something that is no reply ({type(error).__name__})",
            hint="See whether the address is that of an OpenAI-compatible API (…/v1).",
        )
    if symptom.names & _CONNECTION:
        return ModelUnreachable(
            "there is no route to the model's server, or it broke off",
            hint="See whether the server is running and the address is right.",
        )
    if "APIError" in symptom.names:
        return ModelUnreachable(
            "the model's server reported an error in mid-reply",
            hint="Ask again; if it goes on, look into the server's log.",
        )
    return ModelUseless(
        f"the model failed ({type(error).__name__})",
        hint="Test it with: assistant models SPEC.",
    )


def _symptom(error: Exception) -> _Symptom:
    names = frozenset(kind.__name__ for kind in type(error).__mro__)
    status = getattr(error, "status_code", None)
    body = getattr(error, "body", None)
    code = getattr(error, "code", None)
    if isinstance(body, Mapping):
        code = code or body.get("code") or body.get("type")
    return _Symptom(
        names=names,
        status=status if isinstance(status, int) and status > 0 else None,
        code=str(code or ""),
        text=str(error)[:2_000],
    )


def _by_status(symptom: _Symptom, error: Exception) -> ModelError:
    status = symptom.status
    assert status is not None
    if status in (401, 403):
        return ModelRefused(
            f"the key was refused (HTTP {status})",
            hint="Set the provider's key, or ASSISTANT_API_KEY, in the environment.",
        )
    if status == 402 or "insufficient_quota" in (symptom.code, getattr(error, "type", "")):
        return ModelRefused(
            f"the account has no credit left (HTTP {status})",
            hint="See the provider's billing page, or choose another model.",
        )
    if status == 404:
        return ModelRefused(
            "the server doesn't know the model, or the address (HTTP 404)",
            hint="See which models it has (GET …/models; for Ollama: ollama list).",
        )
    if status == 429:
        return Busy(
            "the model's server is busy (HTTP 429)",
            hint="Wait a moment and ask again.",
            wait=_retry_after(error),
        )
    if status in (400, 413, 422) and (
        _CONTEXT_WORDS.search(symptom.code) or _CONTEXT_WORDS.search(symptom.text)
    ):
        return _context_too_small()
    if status >= 500 or status in (408, 409, 425):
        return ModelUnreachable(
            f"the model's server failed (HTTP {status})",
            hint="Ask again; if it goes on, look into the server's log.",
        )
    return ModelRefused(
        f"the request was refused (HTTP {status})",
        hint="See whether the model takes chat requests and the address ends in /v1.",
    )


def _context_too_small() -> ContextTooSmall:
    return ContextTooSmall(
        "the model's context is too small for the prompt",
        hint="Choose a model, or start its server, with a larger context.",
    )


def _retry_after(error: Exception) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if headers is not None else None
    try:
        seconds = float(value) if value is not None else None
    except ValueError:  # a date: the doubling will do
        return None
    return seconds if seconds is not None and seconds >= 0 else None
