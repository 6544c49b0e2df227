"""`assistant serve`: the checks before it, the FastAPI application, and uvicorn."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.reader import bundled_reader
from assistant.web.limits import Limits

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.web.desk import Desk
    from assistant.web.folder import Asking


def serve(
    answerers: Mapping[str, Asking],
    *,
    seeds: Path,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: str | None = None,
    force: bool = False,
    allow_uploads: bool = False,
    mcp: bool = False,
    limits: Limits | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until interrupted.

    `answerers` maps the names shown on the page to assistants over one index, the default
    first; the one that quotes without a model is named `extractive`. `auth` is
    `user:password` or `@file`. `ready(url)` is called once the page can be opened. Raises
    SettingsError when the port is taken, or the host is reachable by others and neither
    `auth` nor `force` is given.
    """
    from assistant.web.desk import Desk
    from assistant.web.folder import Folder

    check_address(host, port, auth=auth, force=force)
    desk = Desk(
        folder=Folder(seeds),
        answerers=answerers,
        limits=limits or Limits(),
        allow_uploads=allow_uploads,
    )
    app = create_app(desk, host=host, port=port, auth=auth, mcp=mcp)
    for language in ("id", "en"):
        desk.examples(language)  # so that the first visitor doesn't wait for them

    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if ready is not None and self.started:
                shown = f"[{host}]" if ":" in host else host
                ready(f"http://{shown}:{port}/")

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = Server(config)
    # Pages that are still open are cut off on Ctrl-C, which is no error to report.
    logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
    # Loaded while the first visitor still looks around.
    threading.Thread(target=bundled_reader, daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run()


def create_app(
    desk: Desk,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: str | None = None,
    mcp: bool = False,
) -> FastAPI:
    """The application: Gradio's page at `/`, its script, the MCP endpoint, all behind the guard."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported
    import gradio as gr
    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    from assistant.web.endpoints import add_endpoints
    from assistant.web.page import ASSETS, build_page
    from assistant.web.security import Guard, accounts
    from assistant.web.theme import paper

    given = accounts(auth)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/page-assets", StaticFiles(directory=ASSETS), name="page-assets")
    if mcp:
        from assistant.web.mcp_tools import mount_mcp

        mount_mcp(app, desk, path="/mcp", host=host)
    page = build_page(desk)
    with page:
        add_endpoints(desk)
    page.queue(
        max_size=desk.limits.queue,
        default_concurrency_limit=desk.limits.concurrency,
        api_open=True,
    )
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        server_port=port,
        auth=given.admits if given else None,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size=desk.limits.upload_bytes,
        footer_links=[],
        theme=paper(),
        css_paths=[ASSETS / "page.css"],
        show_error=True,
        pwa=False,
    )
    app.add_middleware(
        Guard,
        host=host,
        limits=desk.limits,
        allow_uploads=desk.allow_uploads,
        basic_auth_paths={"/mcp": given},
    )
    return app


def check_address(host: str, port: int, *, auth: str | None, force: bool) -> None:
    """Raise SettingsError if the page can't, or should not, be served there."""
    from assistant.web.security import accounts, check_host

    check_host(host, accounts(auth), force=force)
    check_port(host, port)


def check_port(host: str, port: int) -> None:
    """Raise SettingsError if nothing can listen there, before anything slow is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise SettingsError(
                f"{host}:{port} can't be listened on: {error}.",
                hint=f"Another program may have it; try --port {port + 1}.",
            ) from error
