"""Every form of marker is read, every one taken out, and how a stream is cut changes nothing."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.markers import MarkedSentence, MarkerSplitter, split

ANY_BRACKETED_NUMBER = re.compile(r"\[\s*\d+(?:\s*[,;\-–—]\s*\d+)*\s*\]")


def only(raw: str, passages: int = 5) -> MarkedSentence:
    (sentence,) = split(raw, passages=passages)
    return sentence


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("[1]", (1,)),
        ("[1, 2]", (1, 2)),
        ("[1][2]", (1, 2)),
        ("[1] [2]", (1, 2)),
        ("[1], [2] dan [4]", (1, 2, 4)),
        ("[2-4]", (2, 3, 4)),
        ("[4–2]", (2, 3, 4)),
        ("[1 sampai 3]", (1, 2, 3)),
        ("[1; 3]", (1, 3)),
        ("[1 dan 2]", (1, 2)),
        ("[１]", (1,)),
        ("【1】", (1,)),
        ("【1†source】", (1,)),
        ("【2†L3-L9】", (2,)),
        ("［3］", (3,)),
        ("[Source 1]", (1,)),
        ("[Sumber 1]", (1,)),
        ("[Sumber: 1, 2]", (1, 2)),
        ("[passage 2]", (2,)),
        ("[Bagian 3]", (3,)),
        ("[doc 1; doc 2]", (1, 2)),
        ("[citation:4]", (4,)),
        ("[cite: 1, 2]", (1, 2)),
        ("[source_1]", (1,)),
        ("[ref #2]", (2,)),
        ("[S1]", (1,)),
        ("[^1]", (1,)),
        ("[[1]]", (1,)),
        (r"\[1\]", (1,)),
        ("**[1]**", (1,)),
        ("<sup>1</sup>", (1,)),
        ("<sup>[2]</sup>", (2,)),
        ("[1](http://example.org/a_(b)?q=1)", (1,)),
        ("[[2]](http://example.org)", (2,)),
        ("(1)", (1,)),
        ("(1, 3)", (1, 3)),
        ("(Source 1)", (1,)),
        ("(Sumber 1 dan 2)", (1, 2)),
        ("(lihat [2])", (2,)),
        ("([1], [2])", (1, 2)),
        ("¹", (1,)),
        ("¹²", (1, 2)),
        ("¹,³", (1, 3)),
        ("²⁻⁴", (2, 3, 4)),
        ("`[2]`", (2,)),
        ("[\u200b1]", (1,)),
    ],
)
@pytest.mark.parametrize(
    "frame", ["Kim bertemu Putin {}.", "Kim bertemu Putin{}.", "Kim bertemu Putin {}"]
)
def test_each_form_is_read_and_taken_out(written: str, numbers: tuple[int, ...], frame: str):
    sentence = only(frame.format(written))
    assert sentence.text == frame.replace(" {}", "").replace("{}", "")
    assert sentence.markers == numbers
    assert sentence.unknown == ()


@pytest.mark.parametrize("after", [". {}", ".{}", "! {}", ".” {}", ".\n{}\n", '." {}'])
def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before(after: str):
    first, second = split(
        f"Kim bertemu Putin{after.format('[2]')} Mereka lalu makan malam bersama [3].", passages=5
    )
    assert first.markers == (2,)
    assert second == MarkedSentence(
        "Mereka lalu makan malam bersama.", (3,), (), new_line="\n" in after
    )


@pytest.mark.parametrize(
    "written",
    [
        "[0]",
        "[99]",
        "[-1]",
        "[n]",
        "[?]",
        "[source]",
        "[sumber]",
        "[citation needed]",
        "【12】",
        "[Sumber 9]",
        "(Source 7)",
        f"[{'9' * 5000}]",
    ],
)
def test_a_marker_that_names_no_passage_is_recorded_as_written_and_removed(written: str):
    sentence = only(f"Kim bertemu Putin {written}.")
    assert sentence == MarkedSentence("Kim bertemu Putin.", (), (written,), new_line=True)


def test_a_huge_range_costs_nothing_and_is_recorded():
    began = time.perf_counter()
    sentence = only("Kim bertemu Putin [1-999999999].", passages=3)
    assert time.perf_counter() - began < 0.5
    assert sentence.markers == (1, 2, 3)
    assert sentence.unknown == ("[1-999999999]",)


def test_what_only_looks_like_a_marker_stays():
    for text in (
        "Hal itu diatur dalam Pasal 5 ayat (1).",
        "Luas pulau itu 12 km².",
        "Jumlahnya mencapai 10⁶.",
        "Kata Budi (45).",
        "Ia [Putin] mengatakan hal [...] itu.",
        "Ledakan tahun (2019).",
        "Isi <b>tebal</b> & <script>alert(1)</script> begitu.",
        "According to Article 5, an attack on one is an attack on all.",
        "Harganya 3 (tiga) ribu.",
    ):
        assert only(text) == MarkedSentence(text, (), (), new_line=True)


def test_a_year_may_carry_a_superscript():
    assert only("Mereka bertemu pada 2019².").markers == (2,)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Menurut [1], kim bertemu Putin.", "Kim bertemu Putin."),
        ("According to [1], Kim met Putin.", "Kim met Putin."),
        ("According to Source 1, Kim met Putin.", "Kim met Putin."),
        ("Menurut Sumber 1, Kim bertemu Putin.", "Kim bertemu Putin."),
        ("Berdasarkan sumber [1], Kim bertemu Putin.", "Kim bertemu Putin."),
        ("[1] menyatakan bahwa Kim bertemu Putin.", "Kim bertemu Putin."),
        ("[1] Kim bertemu Putin.", "Kim bertemu Putin."),
        ("Kim, menurut [1], bertemu Putin.", "Kim, bertemu Putin."),
    ],
)
def test_a_reference_that_is_part_of_the_prose_leaves_no_hole(raw: str, text: str):
    assert only(raw) == MarkedSentence(text, (1,), (), new_line=True)


def test_markers_written_before_their_sentences():
    raw = "[1] Kim bertemu Putin di Rusia. [2] Mereka lalu makan malam bersama."
    assert [sentence.markers for sentence in split(raw, passages=2)] == [(1,), (2,)]


def test_an_own_bibliography_is_dropped_and_its_unknown_markers_recorded():
    for heading in ("References:", "**Daftar Pustaka**", "## Sumber", "Sources:", "Referensi"):
        splitter = MarkerSplitter(passages=2)
        raw = (
            f"Kim bertemu Putin [1].\n\n{heading}\n[1] Judul, 2020\n[9] Lain\n- Lagi\n2. Dan lagi\n"
        )
        sentences = splitter.feed(raw) + splitter.close()
        assert [sentence.text for sentence in sentences] == ["Kim bertemu Putin."]
        assert splitter.unknown == ("[9]",)


def test_definitions_are_dropped_wherever_they_stand():
    raw = (
        "Kim bertemu Putin [1].\n[^1]: Sebuah judul\n[1]: http://a.example\n[x y]: http://b.example"
    )
    assert [sentence.text for sentence in split(raw, passages=1)] == ["Kim bertemu Putin."]


def test_text_after_a_bibliography_is_kept():
    raw = "A sudah [1].\nSumber:\n- satu\n\nKim kemudian kembali ke Pyongyang [2]."
    assert split(raw, passages=2)[-1].markers == (2,)


def test_no_link_and_no_image_survives():
    raw = "Lihat ![peta](http://evil.example/?q=rahasia) di [sini](<http://a b> 'x'), [![i](u)](v)."
    assert only(raw).text == "Lihat peta di sini, i."
    assert "](" not in only("Aneh [a[b]](c)](d) sekali [x][3](y).").text


def test_lists_headings_and_emphasis_become_plain_lines():
    raw = "Berikut:\n- **Kim** pergi [1]\n* Putin pulang [2]\n3. Lalu selesai [1]\n> Kutipan [2]"
    assert [(s.text, s.markers, s.new_line) for s in split(raw, passages=2)] == [
        ("Berikut:", (), True),
        ("Kim pergi", (1,), True),
        ("Putin pulang", (2,), True),
        ("Lalu selesai", (1,), True),
        ("Kutipan", (2,), True),
    ]


def test_code_fences_go_and_their_lines_stay():
    assert only("```text\nKim bertemu Putin [1].\n```").markers == (1,)


def test_a_stream_cut_inside_a_marker_leaves_no_stump():
    assert only("Kim bertemu Putin [1, ").text == "Kim bertemu Putin"
    assert only("Kim bertemu Putin [").text == "Kim bertemu Putin"


def test_a_lone_marker_line_after_a_dropped_sentence_end_attaches_backwards():
    assert only("Kim bertemu Putin.\n\n[1]\n[2]").markers == (1, 2)


def test_nothing_is_nothing():
    assert split("", passages=3) == []
    assert split(" \n\n[1]\n", passages=3) == []


PIECES = st.sampled_from(
    [
        "Kim",
        "bertemu",
        "Putin",
        "pada",
        "2019",
        ". ",
        ", ",
        "\n",
        "\n\n",
        "?",
        " ! ",
        "…",
        ": ",
        " [1]",
        "[2, 3]",
        "[1-9]",
        "[0]",
        "【1†source】",
        "(2)",
        "(Sumber 1)",
        "¹",
        "²³",
        "[n]",
        "“",
        "”",
        '."',
        "ujarnya",
        "dr. ",
        "Prof. ",
        "km²",
        "ayat (1)",
        "\u200b",
        "\u3000",
        "\r\n",
        "- ",
        "* ",
        "**",
        "`",
        "```\n",
        "## ",
        "1. ",
        "<b>",
        "</b>",
        "[",
        "]",
        "(",
        ")",
        "](",
        "\\[",
        "[teks](http://a.b/c)",
        "![x](u)",
        "References:\n",
        "[1]: ",
        "Menurut [1], ",
        " (lihat [2])",
    ]
)
REPLIES = st.one_of(
    st.lists(PIECES | PIECES.map(lambda piece: piece + " "), max_size=40).map("".join),
    st.text(max_size=80),
    st.text(alphabet="[]()【】12, .-–^\n`*aKim†¹!", max_size=60),
)


@settings(max_examples=300, deadline=None)
@given(REPLIES, st.lists(st.integers(0, 200), max_size=12), st.integers(0, 4))
def test_how_the_stream_is_cut_changes_nothing(raw: str, cuts: list[int], passages: int):
    bounds = sorted({0, len(raw), *(min(cut, len(raw)) for cut in cuts)})
    splitter = MarkerSplitter(passages=passages)
    streamed: list[MarkedSentence] = []
    for start, end in pairwise(bounds):
        streamed += splitter.feed(raw[start:end])
    assert streamed + splitter.close() == split(raw, passages=passages)


@settings(max_examples=300, deadline=None)
@given(REPLIES, st.integers(0, 4))
def test_no_marker_and_no_link_survives_any_reply(raw: str, passages: int):
    for sentence in split(raw, passages=passages):
        assert sentence.text == sentence.text.strip()
        assert not ANY_BRACKETED_NUMBER.search(sentence.text)
        assert "](" not in sentence.text
        assert all(1 <= number <= passages for number in sentence.markers)
        assert len(set(sentence.markers)) == len(sentence.markers)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["kim", "putin", "rapat", "damai"]), max_size=60))
def test_no_word_of_plain_prose_is_lost(words: list[str]):
    raw = "".join(
        word + (" [1]. Lalu " if index % 7 == 6 else " ") for index, word in enumerate(words)
    )
    kept = " ".join(sentence.text for sentence in split(raw, passages=1))
    assert re.findall(r"\w+", kept) == re.findall(r"\w+", raw.replace("[1]", ""))


def test_a_long_reply_is_split_in_linear_time():
    raw = "Kim bertemu Putin di Vladivostok pada April [1]. Prof. Dr. lalu pulang " * 600
    began = time.perf_counter()
    split(raw, passages=3)
    split("[" * 5_000, passages=3)
    split("kata " * 5_000, passages=3)
    split("a. " * 3_000, passages=3)
    assert time.perf_counter() - began < 5
