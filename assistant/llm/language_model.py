"""A llama-index LLM with a name, a context size, bounded retries and an end to every wait."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Literal

from assistant.errors import ModelUnreachable
from assistant.llm.model_errors import Busy, TimedOut, translate

ANSWER_TOKENS = 700
"""Tokens a model may write for one answer: some 15 sentences of Indonesian news, three times
what a good answer needs; what is longer is rambling."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model."""

    role: Literal["system", "user"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a model is waited for, in seconds, and how often it is asked again.

    `first_token` covers the reading of the prompt, which takes a small local model 20 s;
    `idle` is the longest pause within an answer; `total` is the whole answer. `attempts`
    are made in all when a service is busy or can't be reached, `backoff` seconds after the
    first, twice that after the second, and so on up to `longest_wait`.
    """

    connect: float = 5.0
    first_token: float = 90.0
    idle: float = 30.0
    total: float = 180.0
    attempts: int = 3
    backoff: float = 0.5
    longest_wait: float = 20.0

    @property
    def silence(self) -> float:
        """Seconds of silence after which an HTTP client gives up: later than we do, whose error
        says more. It only ends what was left behind."""
        return max(self.first_token, self.idle) + 1.0


class LanguageModel:
    """A llama-index LLM with a name, a context size and an end to every wait.

    `context_tokens` is the model's own; `token_ratio` says how many of its tokens one
    o200k_base token stands for, at most. Safe to share between threads.
    """

    def __init__(
        self,
        llm: Any,
        *,
        name: str,
        context_tokens: int,
        token_ratio: float = 1.0,
        answer_tokens: int = ANSWER_TOKENS,
        patience: Patience | None = None,
        linger: float = 0.0,
        hang_up: Callable[[], None] | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        """Wrap `llm`.

        `linger` is how many seconds to wait for it to stop when told to. `hang_up` is called
        in the thread that ran a stream, when it is over or given up; `on_close` when the
        model is closed or forgotten.
        """
        self._llm = llm
        self.name = name
        self.context_tokens = context_tokens
        self.token_ratio = token_ratio
        self.answer_tokens = answer_tokens
        self.patience = patience or Patience()
        self._linger = linger
        self._hang_up = hang_up
        self._close = weakref.finalize(self, on_close or _nothing)

    def __repr__(self) -> str:
        return f"LanguageModel({self.name!r})"  # the LLM's own repr would show its key

    def close(self) -> None:
        """Give connections back. The model isn't used after that."""
        self._close()

    def stream(self, messages: Sequence[Message]) -> Generator[str]:
        """The reply, piece by piece as it is written; closing the iterator stops the model.

        A service that is busy or can't be reached is asked again, a bounded number of
        times, as long as nothing of its reply has been given out. Raises ModelUnreachable,
        ModelRefused (ContextTooSmall if that is why) or ModelUseless.
        """
        deadline = monotonic() + self.patience.total
        pump, first = self._open(messages, deadline, streaming=True)
        if first is None:
            # Some servers ignore "stream" and send one JSON object, which reads as no event.
            pump.stop()
            pump, first = self._open(messages, deadline, streaming=False)
        try:
            piece = first
            while piece is not None:
                yield piece
                piece = pump.take(self.patience.idle, deadline)
        finally:
            pump.stop(self._linger)

    def complete(self, messages: Sequence[Message], *, max_chars: int) -> str:
        """The reply as one text, cut off after `max_chars` characters. Raises as `stream`."""
        text = ""
        pieces = self.stream(messages)
        try:
            for piece in pieces:
                text += piece
                if len(text) >= max_chars:
                    break
        finally:
            pieces.close()
        return text[:max_chars]

    def ping(self) -> None:
        """Ask for one short reply, once. Raises as `stream`."""
        deadline = monotonic() + self.patience.total
        pump = self._pump([Message("user", "Tulis: ya")], streaming=True)
        try:
            pump.take(self.patience.first_token, deadline)
        finally:
            pump.stop(self._linger)

    def _open(
        self, messages: Sequence[Message], deadline: float, *, streaming: bool
    ) -> tuple[_Pump, str | None]:
        """Start the model and wait for its first piece, None if it wrote nothing."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_after_delay

        attempts = Retrying(
            retry=retry_if_exception(_worth_retrying),
            stop=stop_after_attempt(self.patience.attempts)
            | stop_after_delay(max(0.0, deadline - monotonic())),
            wait=self._wait,
            reraise=True,
        )
        for attempt in attempts:
            with attempt:
                pump = self._pump(messages, streaming=streaming)
                try:
                    return pump, pump.take(self.patience.first_token, deadline)
                except BaseException:
                    pump.stop(self._linger)
                    raise
        raise AssertionError("tenacity raises what the last attempt raised")

    def _pump(self, messages: Sequence[Message], *, streaming: bool) -> _Pump:
        return _Pump(lambda: _pieces(self._llm, messages, streaming=streaming), self._hang_up)

    def _wait(self, state: Any) -> float:
        """Seconds before the next attempt: what the service asked for, or doubling."""
        error = state.outcome.exception()
        asked = error.wait if isinstance(error, Busy) else None
        doubled = self.patience.backoff * 2.0 ** (state.attempt_number - 1)
        return min(asked if asked is not None else doubled, self.patience.longest_wait)


def _nothing() -> None:
    pass


def _worth_retrying(error: BaseException) -> bool:
    return isinstance(error, ModelUnreachable) and not isinstance(error, TimedOut)


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


class _Pump:
    """Runs a model's stream in a thread of its own, so that every wait for it has an end.

    Without it a silent peer, or a model that reads its prompt for minutes inside C++, could
    neither be timed out nor interrupted with Ctrl-C.
    """

    def __init__(
        self, open_stream: Callable[[], Generator[str]], hang_up: Callable[[], None] | None
    ) -> None:
        self._queue: SimpleQueue[str | _Failed | None] = SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(open_stream, hang_up), name="assistant-model", daemon=True
        )
        self._thread.start()

    def _run(
        self, open_stream: Callable[[], Generator[str]], hang_up: Callable[[], None] | None
    ) -> None:
        try:
            stream = open_stream()
            try:
                for piece in stream:
                    if self._stopped.is_set():
                        return
                    self._queue.put(piece)
            finally:
                stream.close()
                if hang_up is not None:
                    hang_up()
            self._queue.put(None)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._queue.put(_Failed(error))

    def take(self, patience: float, deadline: float) -> str | None:
        """The next piece, or None at the end. Raises what the model raised, translated."""
        seconds = max(0.0, min(patience, deadline - monotonic()))
        try:
            item = self._queue.get(timeout=seconds)
        except Empty:
            waited = "in the time it had" if seconds < patience else f"for {patience:.0f} s"
            raise TimedOut(
                f"the model wrote nothing {waited}",
                hint="Ask again, choose a smaller model, or see what its server is doing.",
            ) from None
        if isinstance(item, _Failed):
            if not isinstance(item.error, Exception):
                raise item.error
            raise translate(item.error) from None
        return item

    def stop(self, linger: float = 0.0) -> None:
        """Tell the model to stop; wait up to `linger` seconds until it has."""
        self._stopped.set()
        if linger:
            self._thread.join(linger)


def _pieces(llm: Any, messages: Sequence[Message], *, streaming: bool) -> Generator[str]:
    """The pieces of text that a llama-index LLM writes."""
    from llama_index.core.base.llms.types import ChatMessage, MessageRole

    chat = [
        ChatMessage(
            role=MessageRole.SYSTEM if message.role == "system" else MessageRole.USER,
            content=message.text,
        )
        for message in messages
    ]
    if not streaming:
        text = llm.chat(chat).message.content
        if text:
            yield text
        return
    stream = llm.stream_chat(chat)
    written = ""
    ended: bool | None = None  # None where the provider's events don't tell
    try:
        for response in stream:
            for choice in getattr(response.raw, "choices", None) or ():
                if hasattr(choice, "finish_reason"):
                    ended = bool(ended) or choice.finish_reason is not None
            piece = response.delta
            if piece is None:  # an LLM that only gives the text so far
                so_far = response.message.content or ""
                piece = so_far.removeprefix(written)
                written = so_far
            if piece:
                yield piece
        if ended is False:  # the connection was closed in good order, the reply was not
            raise ModelUnreachable(
                "the model's server broke off in mid-reply",
                hint="Ask again; if it goes on, look into the server's log.",
            )
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()
