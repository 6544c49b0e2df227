"""Which words of a sentence and its translation belong together. Training itself needs torch."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from assistant.reader import FOLDER, marks
from assistant.training.reader.alignment import Aligner, Text, same

LINKS = {
    ("the", "itu"): 3.0,
    ("house", "rumah"): 8.0,
    ("home", "rumah"): 2.0,
    ("big", "besar"): 5.0,
}


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


def text(tokenizer: Tokenizer, said: str) -> Text:
    return Text.of(said, tokenizer.encode(said, add_special_tokens=False))


def test_a_word_stands_where_its_first_piece_does(tokenizer):
    read = text(tokenizer, "Xylograf itu rumah")
    assert [word for _, word in read.words] == ["xylograf", "itu", "rumah"]
    assert tokenizer.id_to_token(read.pieces[read.words[2][0]]) == "rumah"
    first, last = marks(tokenizer)
    framed = read.between(first, last)
    assert (framed.pieces[0], framed.pieces[-1]) == (first, last)
    assert framed.pieces[framed.words[2][0]] == read.pieces[read.words[2][0]]


def test_words_are_linked_to_what_they_translate(tokenizer):
    own, other = text(tokenizer, "rumah besar itu"), text(tokenizer, "the big house")
    (links,) = Aligner(LINKS).align([own], [other])
    words, theirs = dict(own.words), dict(other.words)
    assert {(words[at], theirs[there]) for at, there in links} == {
        ("rumah", "house"),
        ("besar", "big"),
        ("itu", "the"),
    }


def test_of_two_translations_the_likelier_one_counts(tokenizer):
    own, other = text(tokenizer, "rumah"), text(tokenizer, "home house")
    (links,) = Aligner(LINKS).align([own], [other])
    assert [dict(other.words)[there] for _, there in links] == ["house"]


def test_names_that_were_never_seen_are_linked_by_their_spelling(tokenizer):
    own, other = text(tokenizer, "Jokowi datang"), text(tokenizer, "Jokowi came")
    (links,) = Aligner(LINKS).align([own], [other])
    assert [dict(other.words)[there] for _, there in links] == ["jokowi"]


def test_one_sentence_cut_in_two_ways_is_linked_word_by_word():
    own = Text((1, 7, 8, 9, 2), ((1, "the"), (2, "xylograph"), (3, "is")))
    other = Text((4, 5, 5, 6), ((0, "the"), (1, "xylo"), (3, "is")))
    assert same(own, other) == [(1, 0), (3, 3)]
