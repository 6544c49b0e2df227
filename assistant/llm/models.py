"""A language model by one setting: spec to llama-index LLM, and every way it can fail.

    openai:MODEL             OpenAI's own service; the key is OPENAI_API_KEY
    anthropic:MODEL          Anthropic's; ANTHROPIC_API_KEY
    ollama:MODEL             an Ollama server on this machine, or at OLLAMA_HOST
    http(s)://host/v1#MODEL  any OpenAI-compatible server; ASSISTANT_API_KEY if it wants one
    gguf:PATH                a model file, in this process, by llama.cpp
    smollm2                  the small pip-installable model file, to try the real path

Nothing of a provider is imported before it is named. ASSISTANT_API_KEY goes before the
provider's own variable, and no other key is ever sent to a server named by URL. A key is
never part of a name, a repr, an error or a log line.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from assistant.errors import MissingExtra, ModelError, SettingsError
from assistant.llm.language_model import ANSWER_TOKENS, LanguageModel, Patience
from assistant.llm.model_errors import ContextTooSmall

Provider = Literal["openai", "anthropic", "ollama", "server", "gguf", "smollm2"]

_OPENAI_URL = "https://api.openai.com/v1"
_NO_KEY = "none"  # the client insists on one; local servers ignore it

SPECS = (
    "openai:MODEL, anthropic:MODEL, ollama:MODEL, http://host:port/v1#MODEL, gguf:PATH or smollm2"
)

UNKNOWN_CONTEXT_TOKENS = 8_192
"""Context assumed where a provider doesn't say: every model served in common use has it."""

OLLAMA_CONTEXT_TOKENS = 8_192
"""Asked of Ollama, whose own default (2,048 to 4,096) would cut the passages off silently."""

LARGE_CONTEXT_TOKENS = 128_000
"""Context assumed of an `openai:` model newer than llama-index's table."""

FOREIGN_TOKENS = 1.3
"""Tokens of another model's vocabulary per o200k_base token of Indonesian news, rounded up
from what the Llama 3 and Qwen vocabularies need (some 1.2)."""

SMALL_VOCABULARY_TOKENS = 2.0
"""The same for the English vocabularies of small model files: SmolLM2 needs 1.87 on seeds/."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A spec, read. `model` is a name, or a path for `gguf`; `url` only for `server`."""

    provider: Provider
    model: str
    url: str | None = None

    @property
    def name(self) -> str:
        """What the answer's `engine.model` says: the spec, without folders of this machine."""
        if self.provider == "server":
            return f"{self.url}#{self.model}"
        if self.provider == "smollm2":
            return "smollm2"
        model = Path(self.model).name if self.provider == "gguf" else self.model
        return f"{self.provider}:{model}"


def parse_spec(spec: str) -> ModelSpec:
    """Read a model spec. Raises SettingsError, which lists the forms, when it has none of them."""
    spec = spec.strip()
    if spec == "smollm2":
        return ModelSpec("smollm2", "SmolLM2-135M-Instruct")
    if re.match(r"https?://", spec, re.IGNORECASE):
        return _server_spec(spec)
    named: dict[str, Provider] = {
        "openai": "openai",
        "anthropic": "anthropic",
        "ollama": "ollama",
        "gguf": "gguf",
    }
    provider, _, model = spec.partition(":")
    if provider not in named or not model.strip():
        raise SettingsError(f"There is no language model {spec[:80]!r}.", hint=f"Use {SPECS}.")
    return ModelSpec(named[provider], model.strip())


def _server_spec(spec: str) -> ModelSpec:
    base, _, model = spec.partition("#")
    try:
        parts = urlsplit(base)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or (port is not None and port == 0):
        raise SettingsError(
            "The model server's address isn't a URL.",
            hint="Write it as http://host:port/v1#MODEL.",
        )
    if parts.username or parts.password or parts.query:
        # Not echoed: what stands there may be a key.
        raise SettingsError(
            "The model server's address carries a user, a password or a query.",
            hint="Put the key in ASSISTANT_API_KEY and leave the address bare.",
        )
    if not model.strip():
        raise SettingsError(
            f"The model server {base} needs a model's name.",
            hint=f"Append it after a number sign: {base.rstrip('/')}#MODEL.",
        )
    return ModelSpec("server", model.strip(), base.rstrip("/"))


def load_llm(spec: Any, *, patience: Patience | None = None) -> LanguageModel:
    """The language model of a spec, or of a llama-index `LLM` object.

    No network is touched yet; a model file is opened. Raises SettingsError (no such spec, no
    key, no such file), MissingExtra (with the line that installs it) or ModelError.
    """
    if isinstance(spec, LanguageModel):
        return spec
    if not isinstance(spec, str):
        return _from_object(spec, patience)
    parsed = parse_spec(spec)
    patience = patience or Patience()
    if parsed.provider == "openai":
        return _openai(parsed, patience)
    if parsed.provider == "anthropic":
        return _anthropic(parsed, patience)
    if parsed.provider == "ollama":
        return _ollama(parsed, patience)
    if parsed.provider == "server":
        return _server(parsed, patience)
    return _local(parsed, patience)


def check_connection(spec: Any) -> str:
    """One line that says the model answers. Raises the AssistantError that says why it doesn't."""
    model = load_llm(spec, patience=Patience(first_token=60.0, total=60.0, attempts=1))
    needed = smallest_context(model)
    if model.context_tokens < needed:
        raise ContextTooSmall(
            f"{model.name} reads {model.context_tokens:,} tokens at once; an answer needs "
            f"{needed:,}",
            hint="Choose a model, or start its server, with a larger context.",
        )
    try:
        model.ping()
    except ModelError as error:
        error.args = (f"{model.name}: {error}",)
        raise
    finally:
        if model is not spec:
            model.close()
    return f"{model.name} answers; it reads {model.context_tokens:,} tokens at once."


def smallest_context(model: LanguageModel) -> int:
    """Tokens a model must be able to read for one passage, the rules and a short answer."""
    return int(900 * model.token_ratio)


def _from_object(llm: Any, patience: Patience | None) -> LanguageModel:
    if not callable(getattr(llm, "stream_chat", None)) or not hasattr(llm, "metadata"):
        raise SettingsError(
            f"A {type(llm).__name__} is no language model.",
            hint=f"Give a llama-index LLM object, or a spec: {SPECS}.",
        )
    try:
        metadata = llm.metadata
        context, name = metadata.context_window, metadata.model_name
    except Exception:  # noqa: BLE001 - llama-index raises ValueError for models it doesn't know
        context, name = UNKNOWN_CONTEXT_TOKENS, getattr(llm, "model", "unknown")
    class_name = type(llm).__name__
    shown = class_name if name in ("", "unknown") else f"{class_name}:{name}"
    return LanguageModel(
        llm,
        name=shown,
        context_tokens=context if context and context > 0 else UNKNOWN_CONTEXT_TOKENS,
        token_ratio=FOREIGN_TOKENS,
        patience=patience,
    )


def _openai(spec: ModelSpec, patience: Patience) -> LanguageModel:
    key = _key("OPENAI_API_KEY")
    if key is None:
        raise SettingsError(
            f"{spec.name} needs a key.", hint="Set OPENAI_API_KEY in the environment."
        )
    module = _import("llama_index.llms.openai", extra="openai")
    client, hang_up = _openai_client(_OPENAI_URL, key, patience)
    llm = module.OpenAI(
        model=spec.model,
        temperature=0.0,
        max_tokens=ANSWER_TOKENS,
        api_key=key,
        api_base=_OPENAI_URL,
        max_retries=0,  # ours, so that every provider is treated alike
        openai_client=client,
    )
    try:
        context = llm.metadata.context_window
    except ValueError:  # newer than the table: speak to it as to any compatible server
        module = _import("llama_index.llms.openai_like", extra="openai")
        llm = module.OpenAILike(
            model=spec.model,
            additional_kwargs={"max_completion_tokens": ANSWER_TOKENS},
            temperature=1.0,  # the reasoning models accept no other
            api_key=key,
            api_base=_OPENAI_URL,
            max_retries=0,
            is_chat_model=True,
            context_window=LARGE_CONTEXT_TOKENS,
            openai_client=client,
        )
        context = LARGE_CONTEXT_TOKENS
    return LanguageModel(
        llm,
        name=spec.name,
        context_tokens=context,
        patience=patience,
        hang_up=hang_up,
        on_close=client.close,
    )


def _anthropic(spec: ModelSpec, patience: Patience) -> LanguageModel:
    key = _key("ANTHROPIC_API_KEY")
    if key is None:
        raise SettingsError(
            f"{spec.name} needs a key.", hint="Set ANTHROPIC_API_KEY in the environment."
        )
    module = _import("llama_index.llms.anthropic", extra="anthropic")
    _quiet("anthropic")
    llm = module.Anthropic(
        model=spec.model,
        temperature=0.0,
        max_tokens=ANSWER_TOKENS,
        api_key=key,
        max_retries=0,
        timeout=patience.silence,
    )
    try:
        context = llm.metadata.context_window
    except ValueError:  # without an entry in its table, llama-index can't even ask
        raise SettingsError(
            f"llama-index doesn't know the model {spec.model}.",
            hint="pip install --upgrade llama-index-llms-anthropic, or see the model's name.",
        ) from None
    return LanguageModel(
        llm,
        name=spec.name,
        context_tokens=context,
        token_ratio=FOREIGN_TOKENS,
        patience=patience,
    )


def _ollama(spec: ModelSpec, patience: Patience) -> LanguageModel:
    module = _import("llama_index.llms.ollama", extra="ollama")
    _quiet("ollama")
    host = os.environ.get("OLLAMA_HOST", "").strip() or "127.0.0.1:11434"
    url = host if "://" in host else f"http://{host}"
    llm = module.Ollama(
        model=spec.model,
        base_url=url,
        temperature=0.0,
        context_window=OLLAMA_CONTEXT_TOKENS,
        request_timeout=patience.silence,
        additional_kwargs={"num_predict": ANSWER_TOKENS},
    )
    return LanguageModel(
        llm,
        name=spec.name,
        context_tokens=OLLAMA_CONTEXT_TOKENS,
        token_ratio=FOREIGN_TOKENS,
        patience=patience,
    )


def _server(spec: ModelSpec, patience: Patience) -> LanguageModel:
    module = _import("llama_index.llms.openai_like", extra="openai")
    assert spec.url is not None
    key = _key() or _NO_KEY  # never OPENAI_API_KEY: it isn't this server's
    client, hang_up = _openai_client(spec.url, key, patience)
    # The client takes these from the environment for OpenAI's own service; another server
    # has no business to see them.
    client.organization = None
    client.project = None
    client._custom_headers = {}
    llm = module.OpenAILike(
        model=spec.model,
        temperature=0.0,
        max_tokens=ANSWER_TOKENS,
        api_key=_NO_KEY,
        api_base=spec.url,
        max_retries=0,
        is_chat_model=True,
        context_window=UNKNOWN_CONTEXT_TOKENS,
        openai_client=client,
    )
    return LanguageModel(
        llm,
        name=spec.name,
        context_tokens=UNKNOWN_CONTEXT_TOKENS,
        token_ratio=FOREIGN_TOKENS,
        patience=patience,
        hang_up=hang_up,
        on_close=client.close,
    )


def _openai_client(url: str, key: str, patience: Patience) -> tuple[Any, Callable[[], None]]:
    """An OpenAI client, and what closes the response that the calling thread has open.

    llama-index leaves a stream that is closed early to the garbage collector; until that
    comes by, the server goes on writing (and is paid for it).
    """
    openai = _import("openai", extra="openai")
    httpx = _import("httpx", extra="openai")
    _quiet("openai")
    opened = threading.local()

    def note(response: Any) -> None:
        opened.response = response

    def hang_up() -> None:
        response = getattr(opened, "response", None)
        if response is not None:
            response.close()

    http_client = httpx.Client(
        timeout=httpx.Timeout(patience.silence, connect=patience.connect),
        # A proxy named in the environment has no way to this machine's own ports.
        trust_env=not _is_loopback(urlsplit(url).hostname or ""),
        follow_redirects=False,  # a redirect would carry the passages to another host
        event_hooks={"response": [note]},
    )
    client = openai.OpenAI(
        api_key=key,
        admin_api_key=_NO_KEY,
        base_url=url,
        max_retries=0,
        timeout=http_client.timeout,
        http_client=http_client,
    )
    return client, hang_up


def _local(spec: ModelSpec, patience: Patience) -> LanguageModel:
    _import("xllamacpp", extra="local")
    from assistant.llm.local_models import SMOLLM2_CONTEXT_TOKENS, LlamaCpp, smollm2_file

    small = spec.provider == "smollm2"
    path = smollm2_file() if small else Path(spec.model).expanduser()
    llm = LlamaCpp(
        path=path,
        max_context_tokens=SMOLLM2_CONTEXT_TOKENS if small else UNKNOWN_CONTEXT_TOKENS,
        max_tokens=ANSWER_TOKENS,
    )
    return LanguageModel(
        llm,
        name=spec.name,
        context_tokens=llm.context_tokens,
        token_ratio=SMALL_VOCABULARY_TOKENS,
        patience=patience,
        on_close=llm.close,
        linger=10.0,  # a thread left inside llama.cpp would bring the interpreter down at exit
    )


def _key(provider_variable: str | None = None) -> str | None:
    """The key from the environment: ours, or else the provider's own."""
    for variable in ("ASSISTANT_API_KEY", provider_variable):
        value = os.environ.get(variable, "").strip() if variable else ""
        if value:
            return value
    return None


_PACKAGES: Mapping[str, str] = {
    "openai": "llama-index-llms-openai-like",
    "anthropic": "llama-index-llms-anthropic",
    "ollama": "llama-index-llms-ollama",
    "local": "xllamacpp",
}


def _import(module: str, *, extra: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        # The package, not "assistant[extra]": a package index may know another assistant.
        package = _PACKAGES[extra]
        raise MissingExtra(
            f"The package {package} isn't installed (extra: {extra}).",
            hint=f"pip install {package}",
        ) from error


def _quiet(package: str) -> None:
    """Keep a provider's package from logging requests: at debug level they hold the prompt."""
    for name in (package, "httpx", "httpcore", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
