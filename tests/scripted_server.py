"""An OpenAI-compatible server on loopback that does what its script says, well or badly.

Real HTTP, streaming (server-sent events) and not. Everything it was asked is kept in
`requests`, so that a test can see what left the program.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How the server answers one chat request.

    `reply` is the text, or makes it from the user's message. It is cut into events of
    `piece` characters, `pause` seconds apart, the first after `delay`. `failures` are HTTP
    statuses that the first requests get instead. With `cut_after` the connection is closed
    after that many characters; `abrupt` says how: without the end of the stream's encoding,
    or in order but with no `finish_reason`. `plain_json` ignores that a stream was asked for.
    """

    reply: str | Callable[[str], str] = ""
    piece: int = 9
    delay: float = 0.0
    pause: float = 0.0
    failures: tuple[int, ...] = ()
    error: Mapping[str, Any] = field(default_factory=lambda: {"message": "no", "type": "x"})
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    abrupt: bool = True
    plain_json: bool = False
    garbage: bytes | None = None
    finish_reason: str = "stop"


class _QuietServer(ThreadingHTTPServer):
    """A client that hangs up is part of what is tested, no reason for a traceback."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that reached the server."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def prompt(self) -> str:
        """All messages of the chat, one after the other."""
        return "\n".join(message["content"] for message in self.body["messages"])


class ScriptedServer:
    """The server; give it a `script` before each question."""

    def __init__(self) -> None:
        self.script = Script()
        self.requests: list[Request] = []
        self.written = 0
        self._released = threading.Event()
        self._lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                body = json.loads(self.rfile.read(length))
                try:
                    owner._answer(self, body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

        self._http = _QuietServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def url(self) -> str:
        """The base URL, as a spec wants it."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def spec(self) -> str:
        """The model spec of this server."""
        return f"{self.url}#scripted"

    def start(self) -> None:
        """Serve until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Let hanging requests go and shut the port."""
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _wait(self, seconds: float) -> None:
        self._released.wait(seconds)

    def _answer(self, handler: BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        with self._lock:
            turn = len(self.requests)
            self.requests.append(Request(handler.path, dict(handler.headers), body))
        script = self.script
        if turn < len(script.failures):
            self._fail(handler, script.failures[turn], script)
            return
        if not handler.path.endswith("/chat/completions"):
            self._fail(handler, 404, script)
            return
        self._wait(script.delay)
        if script.garbage is not None:
            self._send(handler, 200, "text/html", script.garbage)
            return
        reply = script.reply
        text = reply if isinstance(reply, str) else reply(body["messages"][-1]["content"])
        if body.get("stream") and not script.plain_json:
            self._stream(handler, text, script)
        else:
            choice = {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": script.finish_reason,
            }
            self._send_json(handler, 200, _object("chat.completion", choice), script)

    def _stream(self, handler: BaseHTTPRequestHandler, text: str, script: Script) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        limit = len(text) if script.cut_after is None else script.cut_after
        for at in range(0, min(limit, len(text)), script.piece):
            piece = text[at : min(at + script.piece, limit)]
            self._event(handler, {"index": 0, "delta": {"content": piece}, "finish_reason": None})
            self.written += len(piece)
            if script.pause:
                self._wait(script.pause)
        if script.cut_after is not None:
            if not script.abrupt:
                handler.wfile.write(b"0\r\n\r\n")
            handler.wfile.flush()
            handler.close_connection = True
            return
        self._event(handler, {"index": 0, "delta": {}, "finish_reason": script.finish_reason})
        self._chunk(handler, b"data: [DONE]\n\n")
        handler.wfile.write(b"0\r\n\r\n")

    def _event(self, handler: BaseHTTPRequestHandler, choice: Mapping[str, Any]) -> None:
        data = json.dumps(_object("chat.completion.chunk", choice), ensure_ascii=False)
        self._chunk(handler, f"data: {data}\n\n".encode())

    def _chunk(self, handler: BaseHTTPRequestHandler, data: bytes) -> None:
        handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        handler.wfile.flush()

    def _fail(self, handler: BaseHTTPRequestHandler, status: int, script: Script) -> None:
        self._send_json(handler, status, {"error": dict(script.error)}, script)

    def _send_json(
        self, handler: BaseHTTPRequestHandler, status: int, value: Any, script: Script
    ) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self._send(handler, status, "application/json", data, script.headers)

    def _send(
        self,
        handler: BaseHTTPRequestHandler,
        status: int,
        kind: str,
        data: bytes,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)


def _object(kind: str, choice: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": kind,
        "created": 1,
        "model": "scripted",
        "choices": [dict(choice)],
    }


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """A running server, stopped at the end whatever happened."""
    server = ScriptedServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
