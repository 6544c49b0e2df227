from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ModelError
from assistant.translation import TABLE_FILE, TranslationTable


@pytest.fixture(scope="module")
def table() -> TranslationTable:
    return TranslationTable.bundled()


def test_every_word_s_probabilities_are_best_first_and_sum_to_at_most_one(table):
    text = gzip.decompress(TABLE_FILE.read_bytes()).decode("utf-8")
    words = [line.partition("\t")[0] for line in text.splitlines()]
    assert len(words) == len(set(words)) == len(table) > 10_000
    for word in words:
        found = table.translate(word)
        probabilities = [probability for _, probability in found]
        assert all(0 < probability <= 1 for probability in probabilities), word
        assert probabilities == sorted(probabilities, reverse=True), word
        # Three decimals are kept, of at most six words.
        assert sum(probabilities) <= 1 + 6 * 0.0005, word
        assert len({other for other, _ in found}) == len(found), word


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("government", "pemerintah"),
        ("missile", "rudal"),
        ("Earthquake", "gempa"),
        ("children", "anak"),
        ("school", "sekolah"),
        ("war", "perang"),
        ("weapons", "senjata"),
        ("when", "kapan"),
        ("price", "harga"),
        ("Russia", "rusia"),
    ],
)
def test_common_words_find_their_translation(table, word, expected):
    assert expected in [other for other, _ in table.translate(word)[:3]]


@pytest.mark.parametrize(
    ("inflected", "known"), [("earthquaking", "earthquake"), ("Volcanoed", "volcano")]
)
def test_an_inflection_the_table_lacks_is_answered_by_its_relatives(table, inflected, known):
    assert inflected not in table
    assert known in table
    best = table.translate(known)[0][0]
    assert best in [other for other, _ in table.translate(inflected)]


@pytest.mark.parametrize(
    ("word", "figure"), [("17th", "17"), ("1st", "1"), ("1970s", "1970"), ("22ND", "22")]
)
def test_ordinals_and_decades_become_their_figure(table, word, figure):
    assert table.translate(word) == ((figure, 1.0),)


@pytest.mark.parametrize("word", ["", " ", "2019", "9,5", "f-16", "zzyzxqv", "🙂", "\t", "\n"])
def test_what_it_can_t_answer_gives_nothing(table, word):
    assert table.translate(word) == ()


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_gives_words_with_probabilities(word):
    for other, probability in _TABLE.translate(word):
        assert other
        assert 0 < probability <= 1


def test_the_file_stays_small():
    assert TABLE_FILE.stat().st_size < 2_000_000


def test_a_damaged_table_says_how_to_mend_it(tmp_path):
    broken = tmp_path / "translations.tsv.gz"
    broken.write_bytes(b"not gzip")
    with pytest.raises(ModelError) as caught:
        TranslationTable(broken).translate("house")
    assert "reinstall" in caught.value.hint
    with pytest.raises(ModelError):
        TranslationTable(tmp_path / "absent.tsv.gz").translate("house")


_TABLE = TranslationTable.bundled()
