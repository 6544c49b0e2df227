"""Runs the page for a test, in a thread, and opens browsers on it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from assistant.web.desk import Desk
from assistant.web.folder import Asking, Folder
from assistant.web.limits import Limits
from assistant.web.server import create_app

CHROMIUM = Path("/usr/bin/chromium")

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
"""Without the last four, Chromium looks for hosts of its own on the network."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running page. `seeds` is the folder it serves."""

    url: str
    seeds: Path
    assistant: Any


@contextmanager
def running(
    answerers: Mapping[str, Asking],
    seeds: Path,
    *,
    allow_uploads: bool = False,
    auth: str | None = None,
    mcp: bool = False,
    limits: Limits | None = None,
) -> Iterator[Site]:
    """Serve the page on a free port of the loopback until the block is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    desk = Desk(Folder(seeds), answerers, limits=limits or Limits(), allow_uploads=allow_uploads)
    app = create_app(desk, port=port, auth=auth, mcp=mcp)
    server = uvicorn.Server(
        uvicorn.Config(
            app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the page did not start")
        time.sleep(0.02)
    try:
        yield Site(f"http://127.0.0.1:{port}/", seeds, next(iter(answerers.values())))
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass(slots=True)
class Watched:
    """What a page did that it should not: everything here must stay empty."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @classmethod
    def over(cls, page: Any, url: str) -> Watched:
        watched = cls()
        page.on(
            "console",
            lambda message: (
                watched.errors.append(message.text) if message.type == "error" else None
            ),
        )
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((url, "blob:", "data:"))
                else watched.foreign.append(request.url)
            ),
        )

        def refuse(dialog: Any) -> None:
            watched.dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", refuse)
        return watched

    def assert_clean(self) -> None:
        assert self.errors == [], self.errors
        assert self.foreign == []
        assert self.dialogs == []
