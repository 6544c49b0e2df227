"""Models by one setting: specs, keys, waits, retries, and errors that give nothing away."""

from __future__ import annotations

import builtins
import inspect
import logging
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from scripted_server import Script, ScriptedServer, scripted_server

from assistant.errors import (
    AssistantError,
    MissingExtra,
    ModelError,
    ModelRefused,
    ModelUnreachable,
    ModelUseless,
    SettingsError,
)
from assistant.llm.language_model import LanguageModel, Message, Patience
from assistant.llm.model_errors import ContextTooSmall, TimedOut, translate
from assistant.llm.models import check_connection, load_llm, parse_spec

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ASK = (Message("system", "Jawab."), Message("user", "Siapa yang datang? RAHASIA-PROMPT"))
BRIEF = Patience(connect=1, first_token=1.0, idle=0.5, total=3.0, attempts=3, backoff=0.02)
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ASSISTANT_API_KEY", "OLLAMA_HOST")


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as running:
        yield running


def reply(model: LanguageModel) -> str:
    return "".join(model.stream(ASK))


# ------------------------------------------------------------------------------ specs


@pytest.mark.parametrize(
    ("spec", "provider", "model", "name"),
    [
        ("openai:gpt-4o-mini", "openai", "gpt-4o-mini", "openai:gpt-4o-mini"),
        ("anthropic:claude-x", "anthropic", "claude-x", "anthropic:claude-x"),
        ("ollama:llama3.1:8b", "ollama", "llama3.1:8b", "ollama:llama3.1:8b"),
        ("gguf:/secret/folder/m.gguf", "gguf", "/secret/folder/m.gguf", "gguf:m.gguf"),
        (" smollm2 ", "smollm2", "SmolLM2-135M-Instruct", "smollm2"),
        ("http://h:8080/v1/#org/m", "server", "org/m", "http://h:8080/v1#org/m"),
        ("https://h/v1#m", "server", "m", "https://h/v1#m"),
    ],
)
def test_a_spec_names_provider_and_model_and_hides_folders(
    spec: str, provider: str, model: str, name: str
) -> None:
    parsed = parse_spec(spec)
    assert (parsed.provider, parsed.model, parsed.name) == (provider, model, name)


@pytest.mark.parametrize(
    "spec",
    ["", "gpt-4o", "openai:", "mistral:x", "ftp://h/v1#m", "http://h/v1", "http://h/v1#", "gguf: "],
)
def test_a_spec_of_no_known_form_is_refused_with_a_hint(spec: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_spec(spec)
    assert caught.value.hint


@pytest.mark.parametrize("spec", ["http://me:s3cret@h/v1#m", "http://h/v1?api_key=s3cret#m"])
def test_a_key_in_the_address_is_refused_and_not_repeated(spec: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_spec(spec)
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"


def test_nothing_of_a_provider_is_imported_before_it_is_named() -> None:
    code = (
        "import sys; import assistant.llm.models as m; m.parse_spec('openai:gpt-4o');"
        "bad = [n for n in ('llama_index', 'openai', 'ollama', 'anthropic', 'xllamacpp', 'httpx',"
        " 'tenacity') if n in sys.modules]; assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_key_in_the_environment_alone_switches_nothing_on(
    monkeypatch: pytest.MonkeyPatch, server: ScriptedServer
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-only")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: custom-secret")
    server.script = Script(reply="Ya.")
    reply(load_llm(server.spec))
    sent = " ".join(f"{k}: {v}" for k, v in server.requests[0].headers.items())
    for secret in ("sk-of-openai-only", "org-secret", "proj-secret", "admin", "custom-secret"):
        assert secret not in sent


def test_the_assistants_own_key_is_sent_to_the_server_it_was_set_for(
    monkeypatch: pytest.MonkeyPatch, server: ScriptedServer
) -> None:
    monkeypatch.setenv("ASSISTANT_API_KEY", "k-for-this-server")
    server.script = Script(reply="Ya.")
    reply(load_llm(server.spec))
    assert server.requests[0].headers["Authorization"] == "Bearer k-for-this-server"


@pytest.mark.parametrize("spec", ["openai:gpt-4o", "anthropic:claude-x"])
def test_a_provider_without_its_key_says_which_variable(spec: str) -> None:
    with pytest.raises(SettingsError, match="needs a key") as caught:
        load_llm(spec)
    assert "_API_KEY" in caught.value.hint


def test_a_missing_extra_says_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_index.llms.ollama", None)
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    for spec, line in [
        ("ollama:m", "pip install llama-index-llms-ollama"),
        ("gguf:m", "pip install xllamacpp"),
    ]:
        with pytest.raises(MissingExtra) as caught:
            load_llm(spec)
        assert caught.value.hint == line


def test_a_llama_index_llm_is_taken_as_it_is() -> None:
    from llama_index.core.llms.mock import MockLLM

    model = load_llm(MockLLM(max_tokens=4))
    assert model.name == "MockLLM"
    assert reply(model)


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(SettingsError):
        load_llm(42)


def test_an_openai_model_newer_than_the_tables_is_still_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    assert load_llm("openai:gpt-99-quasar").context_tokens >= 100_000
    assert load_llm("openai:gpt-4o").context_tokens == 128_000


# --------------------------------------------------------------------------- streaming


def test_a_reply_comes_piece_by_piece(server: ScriptedServer) -> None:
    server.script = Script(reply="Kim datang ke Vladivostok.", piece=3)
    pieces = list(load_llm(server.spec).stream(ASK))
    assert len(pieces) == 9
    assert "".join(pieces) == "Kim datang ke Vladivostok."
    body = server.requests[0].body
    assert body["stream"] is True
    assert body["temperature"] == 0
    assert body["max_tokens"] > 0


def test_a_server_that_cannot_stream_is_read_too(server: ScriptedServer) -> None:
    server.script = Script(reply="Kim datang.", plain_json=True)
    assert reply(load_llm(server.spec)) == "Kim datang."


def test_closing_the_stream_stops_the_model(server: ScriptedServer) -> None:
    server.script = Script(reply="kata " * 2_000, piece=5, pause=0.005)
    stream = load_llm(server.spec).stream(ASK)
    next(stream)
    stream.close()
    time.sleep(0.2)
    written = server.written
    time.sleep(0.2)
    assert server.written - written < 50
    assert written < 2_000


def test_ctrl_c_reaches_the_caller_while_the_model_is_silent(server: ScriptedServer) -> None:
    server.script = Script(reply="Ya.", delay=20.0)
    model = load_llm(server.spec)
    main = threading.main_thread().ident
    assert main is not None
    # A shell's background job ignores Ctrl-C, and what it starts inherits that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGINT)).start()
    started = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            reply(model)
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - started < 5


# ------------------------------------------------------------------- retries and waits


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_or_failing_service_is_asked_again(server: ScriptedServer, status: int) -> None:
    server.script = Script(reply="Ya.", failures=(status, status))
    assert reply(load_llm(server.spec, patience=BRIEF)) == "Ya."
    assert len(server.requests) == 3


def test_attempts_are_bounded(server: ScriptedServer) -> None:
    server.script = Script(failures=(500,) * 99)
    with pytest.raises(ModelUnreachable, match="HTTP 500"):
        reply(load_llm(server.spec, patience=BRIEF))
    assert len(server.requests) == 3


def test_the_wait_that_a_service_asks_for_is_kept_to_and_bounded(server: ScriptedServer) -> None:
    server.script = Script(reply="Ya.", failures=(429,), headers={"Retry-After": "0.3"})
    started = time.monotonic()
    assert reply(load_llm(server.spec, patience=BRIEF)) == "Ya."
    assert 0.3 <= time.monotonic() - started < 10

    server.requests.clear()
    server.script = Script(reply="Ya.", failures=(429,), headers={"Retry-After": "86400"})
    impatient = Patience(attempts=2, longest_wait=0.1)
    started = time.monotonic()
    assert reply(load_llm(server.spec, patience=impatient)) == "Ya."
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("status", "error", "kind", "says"),
    [
        (401, {"message": "Incorrect API key: sk-abc"}, ModelRefused, "key"),
        (403, {"message": "no"}, ModelRefused, "key"),
        (404, {"message": "model not found"}, ModelRefused, "know the model"),
        (402, {"message": "pay"}, ModelRefused, "credit"),
        (429, {"message": "quota", "code": "insufficient_quota"}, ModelRefused, "credit"),
        (400, {"message": "x", "code": "context_length_exceeded"}, ContextTooSmall, "context"),
        (400, {"message": "exceeds the available context size"}, ContextTooSmall, "context"),
        (400, {"message": "bad"}, ModelRefused, "HTTP 400"),
        (418, {"message": "tea"}, ModelRefused, "HTTP 418"),
        (302, {"message": "moved"}, ModelRefused, "HTTP 302"),
    ],
)
def test_a_refusal_is_not_asked_again_and_says_why(
    server: ScriptedServer,
    status: int,
    error: dict[str, str],
    kind: type[ModelError],
    says: str,
) -> None:
    server.script = Script(failures=(status,) * 9, error=error)
    with pytest.raises(kind, match=says) as caught:
        reply(load_llm(server.spec, patience=BRIEF))
    assert len(server.requests) == 1
    assert "sk-abc" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_a_closed_port_is_unreachable() -> None:
    with pytest.raises(ModelUnreachable):
        reply(load_llm("http://127.0.0.1:9/v1#m", patience=BRIEF))


def test_a_hang_ends_when_patience_does(server: ScriptedServer) -> None:
    server.script = Script(reply="Ya.", delay=30)
    started = time.monotonic()
    with pytest.raises(TimedOut, match="wrote nothing"):
        reply(load_llm(server.spec, patience=BRIEF))
    assert time.monotonic() - started < 10, "the model hangs for 30 s"
    assert len(server.requests) == 1


def test_a_slow_drip_ends_with_the_total(server: ScriptedServer) -> None:
    server.script = Script(reply="kata " * 999, piece=1, pause=0.1)
    patience = Patience(first_token=1, idle=0.5, total=1.0)
    started = time.monotonic()
    with pytest.raises(ModelUnreachable):
        reply(load_llm(server.spec, patience=patience))
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("abrupt", [True, False])
def test_a_stream_cut_in_mid_word_is_a_failure(server: ScriptedServer, abrupt: bool) -> None:
    server.script = Script(reply="Kim datang ke Vladivostok.", cut_after=12, abrupt=abrupt)
    got: list[str] = []
    with pytest.raises(ModelUnreachable):
        got.extend(load_llm(server.spec, patience=BRIEF).stream(ASK))
    assert "".join(got) == "Kim datang ke Vladivostok."[:12]
    assert len(server.requests) == 1, "what was given out can't be taken back by asking again"


def test_a_reply_that_is_no_reply_is_useless(server: ScriptedServer) -> None:
    server.script = Script(garbage=b"<html>Welcome to nginx</html>")
    with pytest.raises(ModelUseless, match="no reply"):
        reply(load_llm(server.spec, patience=BRIEF))


def test_an_empty_reply_is_an_empty_stream(server: ScriptedServer) -> None:
    server.script = Script(reply="")
    assert reply(load_llm(server.spec, patience=BRIEF)) == ""


# ------------------------------------------------------------------- what is given away


def test_no_key_and_no_prompt_in_any_log_or_error(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ASSISTANT_API_KEY", "k-SECRET-k")
    model = load_llm(server.spec, patience=BRIEF)
    caplog.set_level(logging.DEBUG)
    for script in (
        Script(reply="Ya."),
        Script(failures=(401,) * 9, error={"message": "bad key k-SECRET-k for RAHASIA-PROMPT"}),
        Script(failures=(400,) * 9, error={"message": "RAHASIA-PROMPT k-SECRET-k"}),
        Script(failures=(500,) * 9, error={"message": "RAHASIA-PROMPT k-SECRET-k"}),
        Script(reply="Ya.", delay=9),
    ):
        server.requests.clear()
        server.script = script
        try:
            reply(model)
        except AssistantError as error:
            shown = "".join(traceback.format_exception(error)) + error.hint
            assert "SECRET" not in shown
            assert "RAHASIA" not in shown
    assert "SECRET" not in caplog.text
    assert "RAHASIA" not in caplog.text
    assert "SECRET" not in repr(model)


def _concrete(module: object) -> list[type[Exception]]:
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ != builtins.__name__
    ]


def test_every_error_of_the_http_libraries_is_translated_on_purpose() -> None:
    """A new release with an error that nobody mapped would end in "the model failed"."""
    import openai

    request = httpx.Request("POST", "http://h/v1")
    response = httpx.Response(418, request=request)
    unmapped = []
    for kind in [*_concrete(openai), *_concrete(httpx)]:
        if kind.__name__.startswith("_") or kind.__name__ in _NOT_FROM_CHAT:
            continue
        error = kind.__new__(kind)
        Exception.__init__(error, "x")
        if issubclass(kind, openai.APIStatusError):
            error.status_code = getattr(kind, "status_code", 418)  # type: ignore[attr-defined]
            error.response = response  # type: ignore[attr-defined]
        translated = translate(error)
        assert isinstance(translated, ModelError)
        if str(translated).startswith("the model failed"):
            unmapped.append(kind.__name__)
    assert not unmapped


_NOT_FROM_CHAT = {
    "OpenAIError",  # the root; raised as such only for missing credentials
    "InvalidWebhookSignatureError",
    "SubjectTokenProviderError",
    "WebSocketConnectionClosedError",
    "WebSocketQueueFullError",
    "HTTPError",  # httpx's abstract roots
    "RequestError",
    "HTTPStatusError",  # raise_for_status is never called
    "InvalidURL",  # specs are parsed before
    "CookieConflict",
    "TooManyRedirects",  # redirects aren't followed
}


# ------------------------------------------------------------------------- diagnosis


def test_a_working_connection_is_said_in_one_line(server: ScriptedServer) -> None:
    server.script = Script(reply="ya")
    line = check_connection(server.spec)
    assert "answers" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("status", "says"), [(401, "key was refused"), (404, "know the model"), (500, "HTTP 500")]
)
def test_a_broken_connection_is_diagnosed_in_one_line(
    server: ScriptedServer, status: int, says: str
) -> None:
    server.script = Script(failures=(status,) * 9)
    with pytest.raises(ModelError, match=says) as caught:
        check_connection(server.spec)
    assert str(caught.value).startswith(server.spec)
    assert len(server.requests) == 1


def test_no_route_is_diagnosed() -> None:
    with pytest.raises(ModelUnreachable, match="no route"):
        check_connection("http://127.0.0.1:9/v1#m")


def test_a_context_too_small_is_diagnosed_before_anything_is_sent() -> None:
    from llama_index.core.llms.mock import MockLLM

    class Tiny(MockLLM):
        @property
        def metadata(self):  # type: ignore[no-untyped-def]
            return super().metadata.model_copy(update={"context_window": 256})

    with pytest.raises(ContextTooSmall, match="256"):
        check_connection(Tiny())


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="needs llama.cpp: pip install xllamacpp")
    wrong = tmp_path / "m.gguf"
    wrong.write_bytes(b"GGUF\x03\x00\x00\x00 and then nothing that makes sense")
    for path in (tmp_path / "none.gguf", wrong, tmp_path):
        with pytest.raises(SettingsError):
            load_llm(f"gguf:{path}")
