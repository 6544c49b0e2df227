"""Laws of chunks: verbatim, whole sentences, no furniture, nothing lost, within the limit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.articles import article_from_bytes, read_article
from assistant.chunking import SMALLEST, chunk
from assistant.counting import count_tokens
from assistant.errors import ArticleError
from assistant.types import Article, Chunk

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
DATA = Path(os.environ.get("ASSISTANT_DATA", ROOT.parent / "shared" / "data"))
READING = DATA / "reading" / "idk-mrc-valid.json"


def read(text: str, file: str = "a.txt") -> Article:
    return article_from_bytes(file, text.encode())


def check_laws(article: Article, chunks: list[Chunk], max_tokens: int) -> None:
    """Everything that holds for every article's chunks."""
    text = article.text
    owner = [0] * len(text)
    done = 0
    for piece in chunks:
        assert done <= piece.start < piece.end
        done = piece.end
        assert piece.text == text[piece.start : piece.end] == piece.text.strip()
        assert piece.tokens == count_tokens(piece.text) <= max_tokens
        assert piece.line == 1 + text.count("\n", 0, piece.start)
        assert piece.sentences[0].start == piece.start
        assert piece.sentences[-1].end == piece.end
        at = piece.start
        for sentence in piece.sentences:
            assert at <= sentence.start < sentence.end
            words = text[sentence.start : sentence.end]
            assert words == words.strip()
            at = sentence.end
        for at in range(piece.start, piece.end):
            owner[at] += 1
    for block in article.blocks:
        expected = 1 if block in article.body else 0
        for at in range(block.start, block.end):
            if expected == 0:
                assert owner[at] == 0, "a chunk holds furniture"
            elif not text[at].isspace():
                assert owner[at] == 1, "evidence is lost or doubled"
    headings = [(b.start, b.end) for b in article.body if b.kind in ("title", "heading")]
    for piece in chunks:
        for sentence in piece.sentences:
            inside = any(low <= sentence.start < high for low, high in headings)
            assert sentence.heading == inside
    assert len({piece.id for piece in chunks}) == len(chunks)


PIECES = st.sampled_from(
    [
        *("\n", "\r\n", "\r", "\n\n", " ", "  ", "\t", "\u2028", "\u00a0", "\ufeff", "\u0301"),
        *(
            "👩‍👩‍👧",
            "🇮🇩",
            "👍🏽",
            "שלום",
            "مرحبا",
            "e\u0301",
            "Presiden",
            "bertemu.",
            "Ir.",
            '"',
            "”",
        ),
        *("Baca Juga: Satu\n", "Topik:", "• ", "1. ", "# ", "---", "```", "26 April 2022", "?"),
        *("JAKARTA, X.com - ", "(ahmad)", "Share This Article", "x" * 90, "dua kata " * 40),
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join),
    st.sampled_from(["a.txt", "a.md"]),
    st.sampled_from([SMALLEST, 16, 64, 256]),
)
def test_the_laws_hold_for_any_text(text: str, file: str, max_tokens: int) -> None:
    assume("\0" not in text)
    try:
        article = read(text, file)
    except ArticleError:
        return
    check_laws(article, chunk(article, max_tokens=max_tokens), max_tokens)


@pytest.mark.parametrize("max_tokens", [SMALLEST, 64, 128, 256, 512])
@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_the_laws_hold_for_the_seeds(path: Path, max_tokens: int) -> None:
    article = read_article(SEEDS, path.name)
    check_laws(article, chunk(article, max_tokens=max_tokens), max_tokens)


@pytest.mark.parametrize(
    "text",
    [
        "kata " * 3000,
        "x" * 20_000,
        "字" * 5000,
        "👩‍👩‍👧‍👦" * 800,
        "a\u0301\u0302" * 4000,
        "e" + "\u0301" * 3000,
        "-" * 50_000,
        " ".join("satu-dua-tiga" for _ in range(3000)),
        "مرحبا بالعالم " * 900,
        "Kata" + " " * 1_000_000 + "lagi",  # tiktoken's own stack overflows on these
    ],
    ids=[
        "words",
        "letters",
        "hanzi",
        "families",
        "marks",
        "pile",
        "dashes",
        "hyphens",
        "arabic",
        "gap",
    ],
)
def test_a_line_without_a_sentence_end_is_cut_within_the_limit(text: str) -> None:
    article = read("Judul Panjang\n\n" + text)
    start = time.process_time()
    chunks = chunk(article, max_tokens=64)
    assert time.process_time() - start < 5
    check_laws(article, chunks, 64)


def test_a_long_sentence_is_cut_at_word_ends() -> None:
    article = read("kalimat yang panjang sekali tanpa titik " * 100)
    words = [word for piece in chunk(article, max_tokens=32) for word in piece.text.split()]
    assert words == article.text.split()


@pytest.mark.parametrize("cluster", ["a\u0301\u0302", "👩‍👩‍👧", "👍🏽", "🇮🇩", "❤️"])
def test_a_cut_never_parts_a_character_from_its_marks(cluster: str) -> None:
    article = read(cluster * 600)
    chunks = chunk(article, max_tokens=64)
    assert len(chunks) > 1
    for piece in chunks:
        assert len(piece.text) % len(cluster) == 0
        assert not unicodedata.combining(piece.text[0])


def test_wrapped_lines_do_not_end_sentences() -> None:
    text = (
        "Pemerintah kota menutup tiga jembatan tua mulai pekan depan karena\n"
        "pondasinya retak, kata wali kota. Penutupan itu akan berlangsung\n"
        "selama dua bulan."
    )
    (piece,) = chunk(read(text), max_tokens=256)
    assert piece.text == text
    assert [text[s.start : s.end] for s in piece.sentences] == [
        "Pemerintah kota menutup tiga jembatan tua mulai pekan depan karena\n"
        "pondasinya retak, kata wali kota.",
        "Penutupan itu akan berlangsung\nselama dua bulan.",
    ]


def test_a_short_article_is_one_chunk_with_its_title_as_heading() -> None:
    (piece,) = chunk(
        read("Jembatan Ditutup\n\nJembatan itu ditutup. Alasannya retak."), max_tokens=99
    )
    assert [sentence.heading for sentence in piece.sentences] == [True, False, False]
    assert piece.title == "Jembatan Ditutup"


def test_furniture_parts_chunks_that_would_have_fitted() -> None:
    text = "Jembatan itu ditutup.\n\nBaca Juga: Jembatan Merah\n\nAlasannya retak."
    assert [piece.text for piece in chunk(read(text), max_tokens=256)] == [
        "Jembatan itu ditutup.",
        "Alasannya retak.",
    ]


def test_an_article_of_furniture_only_has_no_chunks() -> None:
    assert chunk(read("Share This Article\n\nAdvertisement"), max_tokens=64) == []


SENTENCE = "Jembatan tua di kota itu ditutup sejak pekan lalu karena pondasinya retak. "


def test_chunks_are_of_even_size_without_a_tiny_tail() -> None:
    for number in range(8, 40):
        chunks = chunk(read(SENTENCE * number), max_tokens=128)
        sizes = [piece.tokens for piece in chunks]
        assert min(sizes) >= 0.5 * max(sizes)
        assert len(chunks) <= -(-sum(sizes) // 128) + 1


def test_chunks_break_before_headings_and_never_right_after_one() -> None:
    section = "\n\nBagian tentang jembatan\n\n" + SENTENCE * 3
    article = read("Judul Artikel\n" + section * 12)
    chunks = chunk(article, max_tokens=160)
    assert len(chunks) > 3
    for piece in chunks[1:]:
        assert piece.sentences[0].heading
    for max_tokens in range(60, 400, 7):
        for piece in chunk(article, max_tokens=max_tokens):
            assert not piece.sentences[-1].heading


def test_ids_derive_from_path_content_and_span() -> None:
    article = read(SENTENCE * 30)
    ids = [piece.id for piece in chunk(article, max_tokens=64)]
    assert ids == [piece.id for piece in chunk(read(SENTENCE * 30), max_tokens=64)]
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in ids)
    elsewhere = [piece.id for piece in chunk(read(SENTENCE * 30, "b.txt"), max_tokens=64)]
    changed = [piece.id for piece in chunk(read(SENTENCE * 30 + "!"), max_tokens=64)]
    assert not set(ids) & set(elsewhere)
    assert not set(ids) & set(changed)


@pytest.mark.parametrize("max_tokens", [-1, 0, SMALLEST - 1])
def test_a_limit_too_small_for_words_is_refused(max_tokens: int) -> None:
    with pytest.raises(ValueError, match="max_tokens"):
        chunk(read(SENTENCE), max_tokens=max_tokens)


def test_special_tokens_in_an_article_are_plain_text() -> None:
    assert count_tokens("<|endoftext|>") > 1


@pytest.mark.parametrize("before", [None, "/nowhere"])
def test_counting_needs_no_network_no_llama_index_and_leaves_the_environment(
    before: str | None,
) -> None:
    script = (
        "import os, socket, sys\n"
        "socket.socket.connect = None\n"
        "from assistant.counting import count_tokens\n"
        "assert 'tiktoken' not in sys.modules\n"
        "assert count_tokens('Korea Utara') > 1\n"
        f"assert os.environ.get('TIKTOKEN_CACHE_DIR') == {before!r}\n"
        "assert not any(name.startswith('llama_index.') for name in sys.modules)\n"
    )
    environment = {key: value for key, value in os.environ.items() if "TIKTOKEN" not in key}
    if before:
        environment["TIKTOKEN_CACHE_DIR"] = before
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, cwd=ROOT)


@pytest.mark.skipif(not READING.exists(), reason=f"no data at {READING}")
def test_passages_of_an_encyclopaedia_stay_whole_and_are_read_quickly() -> None:
    passages = [row["context"] for row in json.loads(READING.read_text())]
    chunk(read("Pemanasan."), max_tokens=256)
    start = time.process_time()
    articles = [read(passage) for passage in passages]
    chunks = [chunk(article, max_tokens=256) for article in articles]
    took = time.process_time() - start
    for article, pieces in zip(articles, chunks, strict=True):
        assert {block.kind for block in article.blocks} == {"paragraph"}
        assert (article.title_span, article.published, article.outlet) == (None, None, None)
        check_laws(article, pieces, 256)
    assert len(passages) / took > 1000  # some 5,000 on an idle core
