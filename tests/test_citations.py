"""Laws 1 to 3: quotes are verbatim, every [n] has its citation, "not found" has neither."""

from __future__ import annotations

import re
import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citations import UNSUPPORTED_NOTE, compose
from assistant.markers import neutralise
from assistant.types import Draft, DraftSentence, Evidence, Passage

NUMBERED = re.compile(r"\[(\d+)\]")

# Wikipedia's footnotes, fake markers, links and signs that could join into one.
SCRAPS = st.sampled_from(
    [
        "[3]",
        "[3][4]",
        "[1, 2]",
        "[",
        "]",
        "1",
        "2",
        "[[1]2]",
        "](",
        "[a][3](u)",
        "[ 7 ]",
        "\u200b",
        "\u202e",
        " ",
        "kata",
        ".",
        "é",
        "𝒳",
        "[１]",
        "(",
        ")",
    ]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(SCRAPS, max_size=10).map("".join))
SUPPORTS = st.sampled_from(["quoted", "supported", "weak", "unsupported"])


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    file_text = draw(st.lists(TEXTS, min_size=1, max_size=4).map("\n".join)) + "!"
    start = draw(st.integers(0, len(file_text) - 1))
    end = draw(st.integers(start + 1, len(file_text)))
    return Passage(
        file=draw(st.sampled_from(["a.txt", "b/c.md", "ä.txt"]))
        + f"#{zlib.crc32(file_text.encode())}",
        start=start,
        end=end,
        text=file_text[start:end],
        score=draw(st.floats(0, 1)),
        title="Judul",
        published=None,
        line=1 + file_text.count("\n", 0, start),
        id=file_text,  # carries the whole file, so that the law can be checked against it
    )


@st.composite
def evidence(draw: st.DrawFn, pool: list[Passage]) -> Evidence:
    passage = draw(st.sampled_from(pool))
    start = draw(st.integers(passage.start, passage.end))
    return Evidence(passage, start, draw(st.integers(start, passage.end)))


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    pool = draw(st.lists(passages(), min_size=1, max_size=3))
    sentence = st.builds(
        DraftSentence,
        text=TEXTS,
        evidence=st.lists(evidence(pool), max_size=3).map(tuple),
        support=SUPPORTS,
        score=st.floats(0, 1),
        new_line=st.booleans(),
    )
    return Draft(
        sentences=tuple(draw(st.lists(sentence, max_size=5))),
        preface=draw(st.one_of(st.just(""), TEXTS)),
    )


@settings(max_examples=200, deadline=None)
@given(drafts())
def test_law_1_each_quote_is_the_files_own_text(draft: Draft):
    files = {e.passage.file: e.passage.id for s in draft.sentences for e in s.evidence}
    for citation in compose(draft, language="id").citations:
        content = files[citation.file].encode("utf-8").decode("utf-8")
        assert content[citation.start : citation.end] == citation.quote
        assert citation.line == 1 + content[: citation.start].count("\n")


@settings(max_examples=300, deadline=None)
@given(drafts(), st.booleans())
def test_law_2_every_number_has_its_citation_in_order_of_first_use(draft: Draft, mark: bool):
    composed = compose(draft, language="id", mark_unsupported=mark)
    in_text = [int(number) for number in NUMBERED.findall(composed.text)]
    assert list(dict.fromkeys(in_text)) == [c.number for c in composed.citations]
    assert [c.number for c in composed.citations] == list(range(1, len(composed.citations) + 1))
    assert in_text == [number for s in composed.sentences for number in s.citations]
    spans = [(c.file, c.start, c.end) for c in composed.citations]
    assert len(set(spans)) == len(spans)


@settings(max_examples=200, deadline=None)
@given(drafts())
def test_sentences_are_where_they_say_and_carry_no_marker(draft: Draft):
    composed = compose(draft, language="en")
    at = 0
    for sentence in composed.sentences:
        assert composed.text[sentence.start : sentence.end] == sentence.text != ""
        assert not NUMBERED.search(sentence.text)
        assert sentence.start >= at
        at = sentence.end


@given(TEXTS)
def test_law_3_a_draft_without_sentences_has_no_number_and_no_citation(preface: str):
    composed = compose(Draft(sentences=(), preface=preface), language="id")
    assert composed.citations == ()
    assert composed.sentences == ()
    assert not NUMBERED.search(composed.text)


@given(TEXTS)
def test_neutralising_twice_changes_nothing(text: str):
    once = neutralise(text)
    assert neutralise(once) == once
    assert "](" not in once


def passage(text: str, file: str = "a.txt") -> Passage:
    return Passage(file, 0, len(text), text, 0.5, "Judul", "2022-04-26", "Koran")


def test_a_footnote_stays_in_the_quote_and_goes_from_the_text():
    source = passage("Kim bertemu Putin pada 2019.[3][4] Lalu pulang.")
    sentence = DraftSentence(
        "Kim bertemu Putin pada 2019.[3][4]", (Evidence(source, 0, 34),), "quoted", 1.0
    )
    composed = compose(Draft((sentence,)), language="id")
    assert composed.text == "Kim bertemu Putin pada 2019. [1]"
    assert composed.citations[0].quote == "Kim bertemu Putin pada 2019.[3][4]"


def test_the_same_span_gets_the_same_number_and_another_span_the_next():
    source = passage("Satu kalimat. Dua kalimat.")
    first, second = Evidence(source, 0, 13), Evidence(source, 14, 26)
    draft = Draft(
        (
            DraftSentence("Dua.", (second, second), "supported", 0.9),
            DraftSentence("Satu dan dua.", (first, second), "weak", 0.6, new_line=True),
        ),
        preface="Menurut artikel:",
    )
    composed = compose(draft, language="id")
    assert composed.text == "Menurut artikel: Dua. [1]\nSatu dan dua. [2][1]"
    assert [c.start for c in composed.citations] == [14, 0]


def test_an_unsupported_sentence_can_be_marked_in_the_text_itself():
    draft = Draft((DraftSentence("Karangan.", (), "unsupported", 0.0),))
    for language in ("id", "en"):
        composed = compose(draft, language=language, mark_unsupported=True)
        assert composed.text == f"Karangan. {UNSUPPORTED_NOTE[language]}"
        assert composed.sentences[0].end == len("Karangan.")
