"""What stands before every request: headers, origins, sizes, log-ins.

Plain ASGI, so that streams pass through unbuffered. Only the page itself is rewritten: its
inline scripts get the nonce that the content-security policy names.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import SettingsError
from assistant.web.limits import Limits

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

POLICY = (
    "default-src 'self'; "
    # Gradio compiles its HTML templates with Function(): hence unsafe-eval. Inline scripts
    # and event attributes, which is what text from an article could smuggle in, stay shut.
    "script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; "  # Gradio writes style attributes
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who may come in; without accounts, everybody who reaches the port."""

    passwords: Mapping[str, str]

    def admits(self, user: str, password: str) -> bool:
        """Whether the password is right, in time that doesn't depend on how wrong it is."""
        expected = self.passwords.get(user)
        given = password.encode()
        same = hmac.compare_digest(given, (expected or secrets.token_hex()).encode())
        return same and expected is not None

    def admits_header(self, authorization: str | None) -> bool:
        """The same for an HTTP Basic `Authorization` header."""
        scheme, _, encoded = (authorization or "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return False
        return self.admits(user, password)


def accounts(auth: str | None) -> Accounts | None:
    """The accounts of `--auth`: `user:password`, or `@file` with one such pair a line.

    Empty lines and lines that begin with `#` are left out. Raises SettingsError.
    """
    if auth is None:
        return None
    if auth.startswith("@"):
        path = Path(auth[1:])
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"The file of accounts {path} can't be read: {error}.",
                hint="Write one user:password a line into it, as UTF-8.",
            ) from error
    else:
        lines = [auth]
    passwords: dict[str, str] = {}
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        user, _, password = line.strip().partition(":")
        if not user or not password:
            raise SettingsError(
                "--auth needs user:password, neither of them empty.",
                hint="For instance --auth reader:a-long-password, or --auth @accounts.txt.",
            )
        passwords[user] = password
    if not passwords:
        raise SettingsError(
            "--auth names no account.", hint="Write one user:password a line into the file."
        )
    return Accounts(passwords)


def check_host(host: str, given: Accounts | None, *, force: bool) -> None:
    """Refuse to serve other machines without accounts, unless forced. Raises SettingsError."""
    if host not in LOOPBACK and given is None and not force:
        raise SettingsError(
            f"On {host} everyone in the network could use and read this.",
            hint="Add --auth user:password, or --force if that is what you want.",
        )


@dataclass(frozen=True, slots=True)
class Guard:
    """ASGI middleware: refuses what no visitor of the page sends, and sets the headers."""

    app: ASGIApp
    host: str
    limits: Limits
    allow_uploads: bool
    basic_auth_paths: Mapping[str, Accounts | None] = field(default_factory=dict)
    _logins: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it may, with the headers on whatever comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        nonce = secrets.token_urlsafe(16)
        if refusal is not None:
            response = PlainTextResponse(
                refusal.text, status_code=refusal.status, headers=dict(refusal.headers)
            )
            await response(scope, receive, _with_headers(send, nonce))
            return
        if scope["path"] in ("/", ""):
            scope = _uncompressed(scope)
            await self.app(scope, receive, _Page(_with_headers(send, nonce), nonce))
            return
        limit = self.limits.upload_bytes * 8 if _is_upload(scope) else self.limits.body_bytes
        await self.app(scope, _bounded(receive, limit), _with_headers(send, nonce))

    def _refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if self.host in LOOPBACK and host not in LOOPBACK:
            # A foreign name that resolves to this machine: DNS rebinding.
            return Refusal(421, "This server answers on its own address only.")
        origin = headers.get("origin")
        if scope["method"] not in ("GET", "HEAD") and origin is not None:
            sent_from = urlsplit(origin)
            if sent_from.netloc.lower() != headers.get("host", "").lower():
                return Refusal(403, "Requests from other sites are refused.")
        if _is_upload(scope) and not self.allow_uploads:
            return Refusal(403, "Uploads are off; start with --allow-uploads.")
        length = headers.get("content-length", "0")
        limit = self.limits.upload_bytes * 8 if _is_upload(scope) else self.limits.body_bytes
        if not length.isdigit() or int(length) > limit:
            return Refusal(413, f"At most {limit:,} bytes at once.")
        logs_in = scope["path"].rstrip("/") == "/login" and scope["method"] == "POST"
        if logs_in and not self._may_log_in(scope):
            return Refusal(429, "Too many attempts. Wait a minute.", {"Retry-After": "60"})
        for prefix, given in self.basic_auth_paths.items():
            inside = scope["path"] == prefix or scope["path"].startswith(f"{prefix}/")
            if inside and given is not None:
                if not self._may_log_in(scope, count=False):
                    return Refusal(429, "Too many attempts.", {"Retry-After": "60"})
                if not given.admits_header(headers.get("authorization")):
                    self._may_log_in(scope)
                    return Refusal(401, "Log in.", {"WWW-Authenticate": 'Basic realm="assistant"'})
        return None

    def _may_log_in(self, scope: Scope, *, count: bool = True) -> bool:
        """Whether an address has attempts left this minute."""
        now = time.monotonic()
        tried = self._logins[(scope.get("client") or ("?", 0))[0]]
        while tried and tried[0] < now - 60:
            tried.popleft()
        if len(tried) >= self.limits.logins_per_minute:
            return False
        if count:
            tried.append(now)
        return True


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that ends a request here."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


def _bounded(receive: Receive, limit: int) -> Receive:
    """`receive` that ends the request when more than `limit` bytes have come in."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            return {"type": "http.disconnect"}
        return message

    return bounded


def _with_headers(send: Send, nonce: str) -> Send:
    """`send` that adds the security headers to the response's start."""

    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
            if "access-control-allow-origin" in headers:
                del headers["access-control-allow-origin"]
        await send(message)

    return adding


class _Page:
    """Collects the page and gives its inline scripts the nonce."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send = send
        self._nonce = nonce
        self._start: MutableMapping[str, Any] | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = bytes(self._body)
        headers = MutableHeaders(scope=self._start)
        if headers.get("content-type", "").startswith("text/html"):
            # Whatever text the page carries is escaped, so "<script" is always Gradio's own.
            body = body.replace(b"<script", f'<script nonce="{self._nonce}"'.encode())
            headers["content-length"] = str(len(body))
            headers["cache-control"] = "no-store"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _uncompressed(scope: Scope) -> Scope:
    """The request without its wish for compression: the page is rewritten on its way out."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}


def _is_upload(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["method"] == "POST" and path.rstrip("/").endswith("/upload")
