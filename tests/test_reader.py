"""The trained reader: windows, determinism, what it says of plain cases, and a broken model."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelError
from assistant.query import analyse_question
from assistant.reader import (
    FOLDER,
    LONGEST,
    UNREAD,
    AnswerSpan,
    Reader,
    _Sentence,
    _windows,
    bundled_reader,
)
from assistant.short_answers import short_answer
from assistant.types import Passage, SentenceSpan
from assistant.words.sentences import sentences

SUMMIT = (
    "Presiden Rusia Vladimir Putin bertemu Kim Jong Un di Vladivostok pada 25 April 2019. "
    "Keduanya membahas program nuklir. Cuaca di kota itu cerah."
)
FISH = (
    "Ikan mas adalah ikan air tawar yang bernilai ekonomis. "
    "Ikan ini dibudidayakan sejak tahun 1920-an. Ikan mas memakan tumbuhan dan hewan kecil."
)


def passage(text: str) -> Passage:
    spans = tuple(SentenceSpan(span.start, span.end) for span in sentences(text))
    return Passage("a.txt", 0, len(text), text, 1.0, "", None, sentences=spans)


@given(
    st.lists(st.integers(0, 60).map(lambda n: tuple(range(n))), max_size=30),
    st.integers(5, 80),
)
def test_windows_hold_every_sentence_in_order_and_fit(pieces, room):
    encoded = [_Sentence(one, tuple((n, n + 1) for n in one)) for one in pieces]
    windows = list(_windows(encoded, room))
    held = [at for window in windows for at in window.numbers]
    assert sorted(set(held)) == list(range(len(pieces)))
    for window in windows:
        first = window.numbers[0]
        assert window.numbers == tuple(range(first, first + len(window.sentences)))
        assert sum(len(sentence.pieces) for sentence in window.sentences) <= room
        for at, read in zip(window.numbers, window.sentences, strict=True):
            assert read.pieces == pieces[at][:room]
            assert len(read.places) == len(read.pieces)
    for one, other in pairwise(windows):
        assert other.numbers[0] in (one.numbers[-1], one.numbers[-1] + 1)
        assert other.numbers[-1] > one.numbers[-1]


@pytest.mark.parametrize(
    ("question", "answers", "doesnt", "sentence"),
    [
        ("Kapan Putin bertemu Kim Jong Un?", SUMMIT, FISH, 0),
        ("When did Putin meet Kim Jong Un?", SUMMIT, FISH, 0),
        ("Sejak kapan ikan mas dibudidayakan?", FISH, SUMMIT, 1),
    ],
)
def test_a_passage_that_answers_is_told_from_one_that_doesnt(question, answers, doesnt, sentence):
    reader = bundled_reader()
    yes, no = reader.read(question, passage(answers)), reader.read(question, passage(doesnt))
    assert yes.answers > 0 > no.answers
    assert max(range(3), key=yes.sentences.__getitem__) == sentence


def test_the_span_is_what_was_asked_for():
    read = bundled_reader().read("Kapan Putin bertemu Kim Jong Un?", passage(SUMMIT))
    span = read.spans[0]
    assert "25 April 2019" in SUMMIT[span.start : span.end]
    assert 0.3 < span.probability <= 1


def test_each_sentence_gets_odds_and_the_same_every_time():
    long = passage(" ".join([SUMMIT, FISH] * 20))
    first = bundled_reader().read("Kapan Putin bertemu Kim?", long)
    assert first == bundled_reader().read("Kapan Putin bertemu Kim?", long)
    assert len(first.sentences) == len(long.sentences)
    each = [max(first.sentences[at : at + 8]) for at in range(0, len(first.sentences), 8)]
    assert min(each) > UNREAD


@pytest.mark.parametrize("question", ["", "🙂🙂", "apa " * 3000, "x" * 10_000])
def test_any_question_is_read(question):
    reading = bundled_reader().read(question, passage(SUMMIT))
    assert len(reading.sentences) == 3


def test_a_passage_without_sentences_answers_nothing():
    empty = Passage("a.txt", 0, 0, "", 1.0, "", None)
    reading = bundled_reader().read("Siapa?", empty)
    assert (reading.answers, reading.sentences) == (UNREAD, ())


def test_a_sentence_longer_than_the_network_reads_is_cut():
    text = "kata " * (3 * LONGEST)
    assert len(bundled_reader().read("Apa?", passage(text)).sentences) == 1


@pytest.mark.parametrize("broken", ["missing", "tokenizer.json", "reader.onnx"])
def test_a_broken_model_is_told_with_what_to_do(tmp_path, broken):
    if broken != "missing":
        for name in ("tokenizer.json", "reader.onnx"):
            (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
        (tmp_path / broken).write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError) as caught:
        Reader.open(tmp_path)
    assert "Reinstall" in caught.value.hint


@pytest.mark.parametrize(
    ("question", "words", "given"),
    [
        ("Siapa yang memimpin delegasi Rusia?", "seraya", None),
        ("Siapa yang memimpin delegasi Rusia?", "Vladimir Putin", "Vladimir Putin"),
        ("Berapa orang yang datang?", "25 April 2019", None),
    ],
)
def test_a_short_answer_can_be_what_was_asked_for(question, words, given):
    text = f"Katanya, {words}"
    read = passage(text)
    likely = AnswerSpan(text.index(words), len(text), 0.9)
    assert short_answer(analyse_question(question), read, read.sentences[0], likely) == given
