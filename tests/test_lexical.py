from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import IndexCorrupt
from assistant.lexical import LexicalStore, PhraseTerm, Posting, QueryTerm


def posting(id_: str, text: str) -> Posting:
    words = text.split()
    return Posting(id_, words, [word[:4] for word in words])


@pytest.fixture
def store(tmp_path: Path):
    store = LexicalStore.open(tmp_path / "lexical", create=True)
    store.add(
        [
            posting("a", "perdagangan rusia naik sembilan kali lipat"),
            posting("b", "kim jong un bertemu putin di vladivostok"),
            posting("c", "kim bertemu jong dan un"),
            posting("d", "beras kopi kopi kopi"),
        ]
    )
    store.commit()
    yield store
    store.close()


def ids(hits) -> list[str]:
    return [hit.id for hit in hits]


def one(term: str, **options) -> QueryTerm:
    return QueryTerm(((term, 1.0),), **{"field": "surface"} | options)


def test_a_term_finds_the_passages_it_occurs_in_and_no_others(store) -> None:
    assert ids(store.search([one("putin")], 10)) == ["b"]
    assert set(ids(store.search([one("kim")], 10))) == {"b", "c"}


def test_no_hit_no_term_and_no_k_give_an_empty_list(store) -> None:
    assert store.search([one("jakarta")], 10) == []
    assert store.search([], 10) == []
    assert store.search([one("kim")], 0) == []
    assert store.search([one("kim", weight=0.0), QueryTerm(())], 10) == []


def test_each_field_is_searched_apart(store) -> None:
    assert ids(store.search([one("perd", field="stem")], 10)) == ["a"]
    assert store.search([one("perd")], 10) == []


def test_a_weight_multiplies_the_score(store) -> None:
    (once,) = store.search([one("putin")], 1)
    (twice,) = store.search([one("putin", weight=2.0)], 1)
    assert twice.score == pytest.approx(2 * once.score)


def test_scores_of_terms_are_added(store) -> None:
    alone = [store.search([one(word)], 1)[0].score for word in ("kopi", "beras")]
    (both,) = store.search([one("kopi"), one("beras")], 1)
    assert both.score == pytest.approx(sum(alone))


def test_alternatives_count_as_their_best(store) -> None:
    alternatives = (("kopi", 1.0), ("beras", 0.5))
    kopi = store.search([one("kopi")], 1)[0].score
    beras = store.search([one("beras", weight=0.5)], 1)[0].score
    (both,) = store.search([QueryTerm(alternatives, "surface")], 1)
    assert both.score == pytest.approx(max(kopi, beras))


def test_a_phrase_needs_its_words_in_a_row(store) -> None:
    assert ids(store.search([PhraseTerm(("kim", "jong", "un"))], 10)) == ["b"]
    assert store.search([PhraseTerm(("kim",))], 10) == []
    assert store.search([PhraseTerm(())], 10) == []


def test_ties_are_ordered_by_id(store) -> None:
    store.add([posting(f"tie{n}", "seragam semua") for n in (3, 1, 2, 9, 5)])
    store.commit()
    assert ids(store.search([one("seragam")], 3)) == ["tie1", "tie2", "tie3"]


def test_what_is_removed_is_not_found(store) -> None:
    store.remove(["b", "never there"])
    assert ids(store.search([one("putin")], 10)) == ["b"], "before the commit"
    store.commit()
    assert store.search([one("putin")], 10) == []
    assert sorted(store.ids()) == ["a", "c", "d"]
    assert len(store) == 3


def test_replacing_a_passage_leaves_one(store) -> None:
    store.add([posting("a", "gandum jagung")], replacing=["a"])
    store.commit()
    assert len(store) == 4
    assert store.search([one("rusia")], 10) == []
    assert ids(store.search([one("gandum")], 10)) == ["a"]


def test_document_frequencies_count_passages(store) -> None:
    assert store.document_frequencies(["kim", "kopi", "jakarta"], field="surface") == [2, 1, 0]


def test_it_is_the_same_after_opening_again(store, tmp_path: Path) -> None:
    before = store.search([one("kim")], 10)
    store.close()
    assert LexicalStore.open(tmp_path / "lexical").search([one("kim")], 10) == before


def test_a_reader_sees_another_writers_commit_when_it_reloads(store, tmp_path: Path) -> None:
    reader = LexicalStore.open(tmp_path / "lexical")
    store.add([posting("e", "kakao")])
    store.commit()
    assert reader.search([one("kakao")], 10) == []
    reader.reload()
    assert ids(reader.search([one("kakao")], 10)) == ["e"]


@pytest.mark.parametrize("wreck", ["missing", "empty", "garbage", "a file"])
def test_postings_that_cannot_be_read_are_called_corrupt(tmp_path: Path, wreck: str) -> None:
    folder = tmp_path / "lexical"
    if wreck == "a file":
        folder.write_text("no folder")
    elif wreck != "missing":
        folder.mkdir()
    if wreck == "garbage":
        (folder / "meta.json").write_bytes(b"\x00garbage")
    with pytest.raises(IndexCorrupt) as caught:
        LexicalStore.open(folder)
    assert "--rebuild" in caught.value.hint
    LexicalStore.destroy(folder)
    assert len(LexicalStore.open(folder, create=True)) == 0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(st.characters(blacklist_categories=("Cs",)), min_size=1), min_size=1))
def test_any_analysed_token_is_found_as_it_is(words: list[str]) -> None:
    """Our tokens hold no whitespace; whatever else they hold is text and never syntax."""
    tokens = [token for word in words for token in word.split()]
    with tempfile.TemporaryDirectory() as folder:
        store = LexicalStore.open(Path(folder) / "lexical", create=True)
        store.add([Posting("x", tokens, tokens)])
        store.commit()
        for token in tokens:
            assert ids(store.search([one(token)], 1)) == ["x"]
        store.close()
