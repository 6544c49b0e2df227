"""What a model is given to read: it fits, the best first, no sentence cut."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.counting import count_tokens
from assistant.llm.budget import answer_reserve, pack_history, pack_passages
from assistant.types import Passage, SentenceSpan, Turn

WORDS = ["Kim", "datang", "ke", "kota", "pada", "hari", "Senin", "dengan", "kereta", "hijau"]
_sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(
    lambda words: " ".join(words) + "."
)


def passage(sentences: list[str], *, file: str = "a.txt", start: int = 0) -> Passage:
    text, spans = "", []
    for sentence in sentences:
        if text:
            text += " "
        spans.append(SentenceSpan(start + len(text), start + len(text) + len(sentence)))
        text += sentence
    return Passage(
        file=file,
        start=start,
        end=start + len(text),
        text=text,
        score=0.5,
        title="Judul",
        published=None,
        sentences=tuple(spans),
    )


def render(number: int, passage: Passage, text: str) -> str:
    return f"#abc [{number}]\n{passage.title}\n{text}\n#abc"


_passages = st.lists(
    st.tuples(st.lists(_sentence, min_size=1, max_size=8), st.integers(0, 50)), max_size=6
).map(lambda many: [passage(s, file=f"{i}.txt", start=at) for i, (s, at) in enumerate(many)])


@settings(max_examples=60, deadline=None)
@given(_passages, st.integers(0, 1_500), st.sampled_from([1.0, 1.3, 2.0]))
def test_what_is_packed_fits_is_in_order_and_ends_with_a_sentence(
    passages: list[Passage], room: int, ratio: float
) -> None:
    packed = pack_passages(passages, tokens=room, ratio=ratio, render=render)
    assert sum(count_tokens(one.block) for one in packed) * ratio <= room
    assert [one.passage for one in packed] == passages[: len(packed)]
    assert [one.number for one in packed] == list(range(1, len(packed) + 1))
    for one in packed:
        assert one.passage.text.startswith(one.text)
        assert one.text.endswith(".")
    for whole in packed[:-1]:
        assert whole.text == whole.passage.text


def test_with_room_enough_everything_is_packed_whole() -> None:
    passages = [passage(["Kim datang.", "Ia pulang."], file=f"{i}.txt") for i in range(5)]
    packed = pack_passages(passages, tokens=10_000, ratio=1.0, render=render)
    assert [one.text for one in packed] == [one.text for one in passages]


def test_a_passage_too_long_keeps_as_many_of_its_sentences_as_fit() -> None:
    long = passage([f"Kalimat nomor {i} berisi beberapa kata." for i in range(40)])
    packed = pack_passages([long, long], tokens=120, ratio=1.0, render=render)
    assert len(packed) == 1
    assert 3 < packed[0].text.count(".") < 40
    one_more = long.text[: len(packed[0].text) + len(" Kalimat nomor 10 berisi beberapa kata.")]
    assert count_tokens(render(1, long, one_more)) > 120


def test_without_room_for_a_sentence_nothing_is_packed() -> None:
    assert pack_passages([passage(["Kim datang."])], tokens=5, ratio=1.0, render=render) == ()


def test_history_keeps_the_latest_turns_in_order_and_shortens_answers_at_a_word() -> None:
    turns = [Turn(f"Pertanyaan {i}?", "kata panjang " * 60) for i in range(20)]
    kept = pack_history(turns, tokens=400, ratio=1.0, answer_chars=100)
    assert kept
    assert [turn.question for turn in kept] == [turn.question for turn in turns[-len(kept) :]]
    for turn in kept:
        assert len(turn.answer) <= 102
        assert turn.answer.endswith(("kata …", "panjang …"))
    assert pack_history(turns, tokens=5, ratio=1.0, answer_chars=100) == ()


def test_the_answer_keeps_room_in_any_context() -> None:
    for context in (512, 2_048, 8_192, 128_000):
        assert 96 <= answer_reserve(context, 700) <= max(96, context // 4)
