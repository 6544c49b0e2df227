"""What the reader is trained on: spans, windows, altered questions. Training itself needs torch."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from assistant.reader import FOLDER
from assistant.training import held_out
from assistant.training.reader.examples import Encoder, Example, load, names
from assistant.translation import TranslationTable

DATA = Path(os.environ.get("ASSISTANT_DATA") or Path(__file__).parents[2] / "shared" / "data")
QUESTION = "Kapan Joko Widodo lahir di Surakarta pada 1961?"
LONG = "Di tepi sungai itu orang menanam padi. " * 60


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


@given(before=st.integers(0, 60), after=st.integers(0, 60), seed=st.integers(0, 5))
@settings(deadline=None, max_examples=40)
def test_the_answer_stays_in_the_window_and_its_pieces_spell_it(before, after, seed):
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    sentence = "Mereka makan roti. "
    answer = "21 Juni 1961"
    passage = sentence * before + f"Ia lahir pada {answer}. " + sentence * after
    start = passage.index(answer)
    encoded = Encoder(tokenizer, ["Bandung"], seed).encode(
        QUESTION, passage, True, (start, start + len(answer))
    )
    assert len(encoded.pieces) == len(encoded.sides) <= 192
    first, last = encoded.span
    assert encoded.sides[first] == encoded.sides[last] == 1
    assert tokenizer.decode(encoded.pieces[first : last + 1]) == answer.lower()


@pytest.mark.parametrize("seed", range(5))
def test_a_near_miss_keeps_what_it_nears_in_sight_and_has_no_span(tokenizer, seed):
    passage = LONG + "Ia lahir pada 21 Juni 1961. " + LONG
    start = passage.index("21 Juni")
    encoded = Encoder(tokenizer, ["Bandung"], seed).encode(
        QUESTION, passage, False, (start, start + 12)
    )
    assert encoded.span is None
    assert not encoded.answerable
    assert "21 juni 1961" in tokenizer.decode(encoded.pieces)


def test_an_epoch_holds_every_example_and_what_was_made_of_it(tokenizer):
    question = "Siapa yang mendukung Joko Widodo di Surakarta?"
    example = Example(question, "Megawati mendukungnya.", True, (0, 8), wrong=(LONG,))
    encoder = Encoder(tokenizer, ["Bandung", "Jakarta"], 0)
    plain = list(encoder.epoch([example], wrong=0.0, changed=0.0))
    assert [one.answerable for one in plain] == [True]
    made = list(encoder.epoch([example], wrong=1.0, changed=1.0))
    assert [one.answerable for one in made] == [True, False, False]
    asked = [tokenizer.decode(one.pieces[: one.sides.index(1)]) for one in made]
    read = [tokenizer.decode(one.pieces[one.sides.index(1) :]) for one in made]
    assert asked[0] == asked[1] != asked[2]
    assert read[0] == read[2]
    assert "tepi sungai" in read[1]


def test_names_are_those_inside_questions():
    examples = [Example(QUESTION, "", False, None), Example("Siapa itu?", "", False, None)]
    assert names(examples) == ["Joko Widodo", "Surakarta"]


@pytest.mark.skipif(not DATA.is_dir(), reason="no data folder (ASSISTANT_DATA)")
def test_nothing_held_out_is_learnt():
    """The questions that the ranking is fitted on are not among the examples."""
    table = TranslationTable(FOLDER.parent / "translations.tsv.gz")
    learnt = {(one.question, one.passage) for one in load(DATA, table)}
    for kept in held_out.load(DATA):
        for question in kept.questions:
            for file in question.context:
                assert (question.question, kept.dataset.documents[file]) not in learnt
