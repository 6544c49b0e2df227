"""Laws of reading: what a file's text is, and what each block of it is there for."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.articles import article_from_bytes, read_article
from assistant.errors import ArticleError
from assistant.types import Article

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


def read(text: str, file: str = "a.txt") -> Article:
    return article_from_bytes(file, text.encode())


def kinds(article: Article) -> str:
    """The kinds of all blocks in order, runs counted: "title paragraph*3"."""
    runs: list[tuple[str, int]] = []
    for block in article.blocks:
        if runs and runs[-1][0] == block.kind:
            runs[-1] = (block.kind, runs[-1][1] + 1)
        else:
            runs.append((block.kind, 1))
    return " ".join(kind if number == 1 else f"{kind}*{number}" for kind, number in runs)


def texts(article: Article, kind: str) -> list[str]:
    return [article.text[b.start : b.end] for b in article.blocks if b.kind == kind]


LEAD = "Pemerintah kota menutup tiga jembatan tua mulai pekan depan, kata wali kota."
MORE = "Penutupan itu akan berlangsung selama dua bulan sampai perbaikan selesai."


# --- the five seeds: every block --------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "000_5fdad8b795111ef9.txt",
            "date byline paragraph*7 heading paragraph*7 heading paragraph*9",
        ),
        (
            "001_d68e96d8c5b78c5d.txt",
            "title byline furniture*2 paragraph*2 heading paragraph*5 heading paragraph heading"
            " paragraph*2 byline furniture",
        ),
        (
            "002_c3f205b9d33d9894.txt",
            "furniture*2 title furniture paragraph*4 heading paragraph*2 furniture heading"
            " paragraph*3 furniture",
        ),
        (
            "003_61873db0656fb277.txt",
            "title paragraph*2 heading*2 paragraph heading paragraph heading paragraph*8"
            " furniture heading paragraph*5",
        ),
        (
            "004_36bc6a924c67e8fa.txt",
            "title heading byline paragraph*4 heading paragraph*3 furniture heading paragraph*3"
            " heading furniture paragraph*4 furniture*7",
        ),
    ],
)
def test_every_block_of_the_seeds_has_its_kind(file: str, expected: str) -> None:
    assert kinds(read_article(SEEDS, file)) == expected


@pytest.mark.parametrize(
    ("number", "title", "own", "published", "outlet"),
    [
        (
            0,
            "Korea Utara dan Rusia telah mengembangkan hubungan mereka dan memberikan…",
            False,
            "2022-04-26",
            None,
        ),
        (
            1,
            "Deretan Hasil Pertemuan Vladimir Putin dan Kim Jong-un di Pyongyang, Barat"
            " Ketar-ketir!",
            True,
            None,
            None,
        ),
        (
            2,
            "Pyongyang: Rusia dan Korea Utara menyepakati kemitraan strategis",
            True,
            None,
            None,
        ),
        (3, "Apakah Rusia dan Korea Utara Bersahabat?", True, None, None),
        (
            4,
            "Ingin Hancurkan Imperalis, Kim Jong Un dan Putin Bertukar Surat",
            True,
            "2023-08-15",
            "IDN Times",
        ),
    ],
)
def test_the_seeds_have_their_title_date_and_outlet(
    number: int, title: str, own: bool, published: str | None, outlet: str | None
) -> None:
    file = sorted(path.name for path in SEEDS.glob("*.txt"))[number]
    article = read_article(SEEDS, file)
    assert (article.title, article.published, article.outlet) == (title, published, outlet)
    assert article.language == "id"
    assert (article.title_span is not None) == own
    if article.title_span:
        span = article.title_span
        assert article.text[span.start : span.end] == title


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_each_line_of_the_seeds_that_is_furniture_is_marked_and_no_other(path: Path) -> None:
    signs = (
        "Baca Juga:", "READ\u00a0", "Share This Article", "4 Min Read", "Foto: Vladimir",
        "ilustrasi(unsplash", "Verified Writer", "peternak ulat", "IDN Times Community",
        "Topik:", "Ernia Karina", "Berita Terkini Lainnya", "Berita Utama",
        "Berita tentang Indonesia",
    )  # fmt: skip
    article = read_article(SEEDS, path.name)
    for line in texts(article, "furniture"):
        assert any(sign in line for sign in signs) or line == article.title
    for kind in ("title", "heading", "paragraph"):
        for line in texts(article, kind):
            assert not any(sign in line for sign in signs)


def test_the_seeds_text_is_the_files_bytes() -> None:
    for path in SEEDS.glob("*.txt"):
        article = read_article(SEEDS, path.name)
        assert article.text.encode() == path.read_bytes()
        assert article.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


# --- titles -----------------------------------------------------------------------------------


def test_a_single_paragraph_has_no_title_of_its_own() -> None:
    text = "Danau itu terletak di pulau Sumatra. Luasnya seribu kilometer persegi."
    article = read(text)
    assert kinds(article) == "paragraph"
    assert article.title_span is None
    assert article.title == text


@pytest.mark.parametrize("text", ["Apa itu danau?", "Danau terbesar di dunia", "Danau!"])
def test_a_single_line_is_a_paragraph_whatever_it_ends_with(text: str) -> None:
    assert kinds(read(text)) == "paragraph"


def test_a_missing_title_is_the_opening_words_cut_at_a_word() -> None:
    article = read("Jembatan " * 30 + "selesai.\n\n" + MORE)
    assert article.title_span is None
    assert article.title.endswith("Jembatan…")
    assert len(article.title) <= 81


@pytest.mark.parametrize(
    "title",
    [
        "Tiga Jembatan Ditutup",
        "Mengapa Tiga Jembatan Ditutup?",
        "Awas, Tiga Jembatan Ditutup!",
        'Wali Kota: "Tiga Jembatan Berbahaya"',
        "Kota di Tepi Sungai: Kisah Tiga Jembatan",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"])
def test_an_unfinished_first_line_is_the_title(title: str, gap: str) -> None:
    article = read(title + gap + LEAD + gap + MORE)
    assert kinds(article) == "title paragraph*2"
    assert article.title == title


def test_a_first_sentence_with_a_full_stop_is_no_title() -> None:
    assert kinds(read(f"Tiga jembatan ditutup.\n\n{LEAD}\n\n{MORE}")) == "paragraph*3"


def test_a_line_that_comes_twice_in_the_head_is_the_title() -> None:
    article = read(f"Warta Kita\n\nJembatan Tua Ditutup\n\nJembatan Tua Ditutup\n\n{LEAD}\n{MORE}")
    assert kinds(article) == "furniture title furniture paragraph*2"
    assert article.title == "Jembatan Tua Ditutup"


def test_a_list_without_sentences_has_no_title_and_no_headings() -> None:
    assert kinds(read("beras\nGula pasir\nMinyak goreng\nTelur ayam")) == "paragraph*4"


# --- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("26 April 2022", "2022-04-26"),
        ("Selasa, 15 Agustus 2023", "2023-08-15"),
        ("15/8/2023", "2023-08-15"),
        ("3/4/2023", "2023-04-03"),
        ("8/15/2023", "2023-08-15"),
        ("2023-08-15", "2023-08-15"),
        ("2023-08-15T10:30:00+07:00", "2023-08-15"),
        ("26 Apr 2022 14:30 WIB", "2022-04-26"),
        ("Senin, 05 Des 2022 | 09.15 WIB", "2022-12-05"),
        ("April 26, 2022", "2022-04-26"),
        ("Published 9:00 AM EDT, Tue August 15, 2023", "2023-08-15"),
        ("Diterbitkan: 1 Mei 2021", "2021-05-01"),
        ("26th of April, 2022", "2022-04-26"),
        ("Jakarta, 26 April 2022", "2022-04-26"),
    ],
)
def test_a_date_line_gives_the_day_of_publication(line: str, published: str) -> None:
    article = read(f"Jembatan Tua Ditutup\n\n{line}\n\n{LEAD}\n\n{MORE}")
    assert kinds(article) == "title date paragraph*2"
    assert article.published == published


def test_an_english_date_that_reads_both_ways_is_none() -> None:
    body = "The city closed three old bridges on Monday, the mayor said in a statement."
    assert read(f"Old bridges closed\n\n8/9/2023\n\n{body}\n\n{body}").published is None


@pytest.mark.parametrize("line", ["32 April 2022", "30 Februari 2022", "15/13/2023"])
def test_a_day_that_never_was_is_no_date(line: str) -> None:
    assert read(f"Jembatan Tua Ditutup\n\n{line}\n\n{LEAD}\n\n{MORE}").published is None


@pytest.mark.parametrize(
    ("lead", "published"),
    [
        ("Jembatan itu ditutup pada Selasa (15/8/2023), kata wali kota.", "2023-08-15"),
        ("Jembatan ditutup Senin (14/8/2023), dikutip Selasa (15/8/2023).", "2023-08-15"),
        ("JAKARTA, 26 April 2022 – Jembatan itu ditutup, kata wali kota.", "2022-04-26"),
        ("Jakarta, IDN Times - Jembatan itu ditutup (15/8/2023), kata dia.", "2023-08-15"),
        ("Wali kota (lahir 13 Oktober 1941) menutup jembatan itu.", None),
        ("Jembatan itu dibuka pada 26 April 1932 oleh gubernur.", None),
        ("Soekarno (6 Juni 1901) pernah melewati jembatan itu.", None),
    ],
)
def test_the_leads_news_date_counts_and_event_dates_do_not(
    lead: str, published: str | None
) -> None:
    assert read(f"Jembatan Tua Ditutup\n\n{lead}\n\n{MORE}").published == published


def test_the_days_of_a_chronicle_are_headings_not_its_publication() -> None:
    article = read(f"14 Agustus 2023\n{LEAD}\n15 Agustus 2023\n{MORE}\n16 Agustus 2023\n{LEAD}")
    assert article.published is None
    assert kinds(article) == "heading paragraph heading paragraph heading paragraph"


# --- datelines and bylines --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "outlet"),
    [
        ("Jakarta, IDN Times - ", "IDN Times"),
        ("JAKARTA, KOMPAS.com – ", "KOMPAS.com"),
        ("Jakarta, CNN Indonesia -- ", "CNN Indonesia"),
        ("TEMPO.CO, Jakarta - ", "TEMPO.CO"),
        ("SEOUL (Reuters) - ", "Reuters"),
        ("(Reuters) - ", "Reuters"),
        ("SEOUL, South Korea (AP) — ", "AP"),
        ("Jakarta (ANTARA) - ", "ANTARA"),
        ("Merdeka.com - ", "Merdeka.com"),
        ("BANDUNG, iNews.id – ", "iNews.id"),
        ("SEOUL – ", None),
        ("JAKARTA, Indonesia – ", None),
    ],
)
def test_a_dateline_names_the_outlet_but_its_city_is_none(opening: str, outlet: str | None) -> None:
    article = read(f"Jembatan Tua Ditutup\n\n{opening}{LEAD}\n\n{MORE}")
    assert article.outlet == outlet
    assert kinds(article) == "title byline paragraph*2"
    assert texts(article, "paragraph") == [LEAD, MORE]


@pytest.mark.parametrize(
    "lead",
    [
        "Bandung - Surabaya kini dapat ditempuh dalam tiga jam, kata menteri.",
        "JAKARTA - BANDUNG kini dapat ditempuh dalam satu jam, kata menteri.",
        "Kim Jong Un, Putin - dua pemimpin itu - bertemu pada hari Rabu.",
        "AS – Rusia kembali memanas setelah perundingan itu gagal.",
        "Presiden Rusia – Vladimir Putin – tiba di ibu kota pada hari Rabu.",
    ],
)
def test_a_dash_in_the_lead_is_no_dateline(lead: str) -> None:
    article = read(f"Jembatan Tua Ditutup\n\n{lead}\n\n{MORE}")
    assert article.outlet is None
    assert texts(article, "paragraph") == [lead, MORE]


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("By Jane Doe", None),
        ("Oleh: Budi Santoso", None),
        ("Penulis: Ani", None),
        ("Reporter: Budi Santoso | Editor: Ani", None),
        ("Sumber: Reuters", "Reuters"),
        ("Oleh ANTARA", "ANTARA"),
        ("CNN Indonesia", "CNN Indonesia"),
    ],
)
@pytest.mark.parametrize("place", ["head", "tail"])
def test_bylines_are_recognised_at_both_ends(line: str, outlet: str | None, place: str) -> None:
    body = f"{LEAD}\n\n{MORE}"
    if place == "head":
        article = read(f"Jembatan Tua Ditutup\n\n{line}\n\n{body}")
        assert kinds(article) == "title byline paragraph*2"
    elif line == "CNN Indonesia":
        pytest.skip("a bare outlet's name at the end may be a link")
    else:
        article = read(f"Jembatan Tua Ditutup\n\n{body}\n\n{line}")
        assert kinds(article) == "title paragraph*2 byline"
    assert article.outlet == outlet


def test_a_city_in_small_letters_is_a_dateline_in_news_only() -> None:
    article = read(f"Jembatan Tua Ditutup\n\nJakarta - {LEAD}\n\n{MORE}")
    assert texts(article, "byline") == ["Jakarta -"]
    assert texts(read(f"Jakarta - {LEAD}\n\n{MORE}"), "byline") == []


def test_a_name_beside_an_outlet_under_the_title_is_a_byline() -> None:
    article = read(f"Jembatan Tua Ditutup\nBudi Santoso - detikNews\n\n{LEAD}\n\n{MORE}")
    assert kinds(article) == "title byline paragraph*2"
    assert article.outlet == "detikNews"


@pytest.mark.parametrize("sentence", ["Oleh karena itu jalan ditutup.", "By then it was closed."])
def test_a_sentence_that_opens_like_a_byline_stays(sentence: str) -> None:
    assert sentence in texts(read(f"{LEAD}\n\n{sentence}\n\n{MORE}\n\n{sentence}"), "paragraph")


def test_the_writers_mark_after_the_last_sentence_is_a_byline() -> None:
    article = read(f"{LEAD}\n\n{MORE} (ant/red)")
    assert texts(article, "byline") == ["(ant/red)"]
    assert texts(article, "paragraph") == [LEAD, MORE]


def test_a_name_above_the_reading_time_is_a_byline_and_no_outlet() -> None:
    article = read(f"Jembatan Tua Ditutup\n\nBudi\n3 menit baca\n\n{LEAD}\n\n{MORE}")
    assert kinds(article) == "title byline furniture paragraph*2"
    assert article.outlet is None


# --- headings, wrapped text, Markdown ---------------------------------------------------------


def test_an_unfinished_line_over_a_paragraph_is_a_heading() -> None:
    article = read(f"{LEAD}\nLalu lintas dialihkan\n{MORE}\n2. Biaya perbaikan\n{LEAD}")
    assert kinds(article) == "paragraph heading paragraph heading paragraph"


@pytest.mark.parametrize("end", [".[1]", ".[2][3]", ". (KCNA)", ".”", '."', ".*", "?)"])
def test_a_sentence_with_a_note_or_credit_after_it_is_no_heading(end: str) -> None:
    article = read(f"{LEAD}\nJembatan itu runtuh{end}\n{MORE}")
    assert kinds(article) == "paragraph*3"


def test_a_list_of_facts_is_no_heading() -> None:
    text = f"{LEAD}\n1. Jembatan Merah\n2. Jembatan Putih\n3. Jembatan Biru\n{MORE}"
    assert kinds(read(text)) == "paragraph*5"
    text = f"{LEAD}\nPanjang: 120 meter\nLebar: 9 meter\n{MORE}"
    assert kinds(read(text)) == "paragraph*4"


WRAPPED = """Jembatan Tua Ditutup

Pemerintah kota menutup tiga jembatan tua mulai pekan depan karena
pondasinya retak, kata wali kota. Penutupan itu akan berlangsung
selama dua bulan, sampai
perbaikan selesai.

Biaya
Perbaikan itu menelan biaya sembilan miliar rupiah, lebih mahal dari
rencana semula, menurut kepala dinas.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_hard_wrapped_lines_make_one_paragraph(newline: str) -> None:
    text = WRAPPED.replace("\n", newline)
    article = read(text)
    assert kinds(article) == "title paragraph*2 heading paragraph"
    first, short, second = texts(article, "paragraph")
    assert first.startswith("Pemerintah")
    assert first.endswith("sampai")  # a line that was cut short on purpose
    assert newline in first
    assert short == "perbaikan selesai."
    assert second.split()[-2:] == ["kepala", "dinas."]


def test_paragraphs_on_lines_of_their_own_are_not_joined() -> None:
    assert kinds(read(f"{LEAD}\n{MORE}\n{LEAD}\n{MORE}")) == "paragraph*4"


MARKDOWN = """\ufeff---
title: "Jembatan Tua Ditutup"
date: 2022-04-26T10:00:00+07:00
author: Budi Santoso
source: Warta Kita
tags: [jembatan]
---
<!-- dibuat
oleh mesin -->
# Jembatan Tua Ditutup

Pemerintah kota menutup tiga jembatan,
kata [wali kota](https://example.org/wali).

## Biaya ##

- Perbaikan: sembilan miliar
  rupiah
* Alat berat

![foto](a.png)

```python
# Baca juga: bukan judul
x = 1
```

| Jembatan | Panjang |
|----------|---------|
| Merah    | 120     |

> Kami lega.

**Baca juga:** [Jembatan lain](https://example.org)

Lampiran
--------
Selesai dalam dua bulan.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_markdown_is_read_and_stays_verbatim(newline: str) -> None:
    article = read(MARKDOWN.replace("\n", newline), "catatan.MD")
    assert article.title == "Jembatan Tua Ditutup"
    assert article.published == "2022-04-26"
    assert article.outlet == "Warta Kita"
    assert texts(article, "heading") == ["Jembatan Tua Ditutup", "Biaya", "Lampiran"]
    assert texts(article, "byline") == ["Budi Santoso", "Warta Kita"]
    assert texts(article, "paragraph") == [
        f"Pemerintah kota menutup tiga jembatan,{newline}kata"
        " [wali kota](https://example.org/wali).",
        f"Perbaikan: sembilan miliar{newline}  rupiah",
        "Alat berat",
        "```python",
        "# Baca juga: bukan judul",
        "x = 1",
        "```",
        "| Jembatan | Panjang |",
        "| Merah    | 120     |",
        "Kami lega.",
        "Selesai dalam dua bulan.",
    ]
    furniture = texts(article, "furniture")
    assert f"<!-- dibuat{newline}oleh mesin -->" in furniture
    assert "![foto](a.png)" in furniture
    assert "**Baca juga:** [Jembatan lain](https://example.org)" in furniture


def test_an_unclosed_comment_hides_nothing() -> None:
    assert "Isi artikel." in texts(read("<!-- lupa\n\nIsi artikel.", "a.md"), "paragraph")


def test_markup_in_a_text_file_is_only_text() -> None:
    assert texts(read("# Bukan judul.\n\n---\n\nIsi."), "paragraph")[0] == "# Bukan judul."


# --- bytes ------------------------------------------------------------------------------------


def test_a_byte_order_mark_stays_in_the_text_and_out_of_the_blocks() -> None:
    article = article_from_bytes("a.txt", b"\xef\xbb\xbf" + LEAD.encode())
    assert article.text == "\ufeff" + LEAD
    assert [(b.start, b.end) for b in article.blocks] == [(1, 1 + len(LEAD))]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t\xe2\x80\x8b\n", "blank"),
        (b"\xef\xbb\xbf", "blank"),
        (b"abc\xff\xfedef", "not UTF-8: byte 3 is 0xff"),
        ("café".encode("latin-1"), "not UTF-8"),
        (b"PNG\0\1\2", "binary"),
        ("UTF-16".encode("utf-16"), "UTF-16"),
        (b"\xed\xa0\x80", "not UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "berkas.txt").write_bytes(data)
    with pytest.raises(ArticleError, match=says) as caught:
        read_article(tmp_path, "berkas.txt")
    assert "berkas.txt" in str(caught.value)
    assert caught.value.hint


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 101)
    with pytest.raises(ArticleError, match=r"a\.txt is too large"):
        read_article(tmp_path, "a.txt", max_bytes=100)
    assert read_article(tmp_path, "a.txt", max_bytes=101).text == "x" * 101


@pytest.mark.parametrize("file", ["tiada.txt", "../a.txt", "/etc/hostname", "folder.txt"])
def test_what_is_no_file_of_the_folder_is_refused(tmp_path: Path, file: str) -> None:
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ArticleError, match=file) as caught:
        read_article(tmp_path, file)
    assert caught.value.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ArticleError, match=r"pipe\.txt is not a plain file"):
        read_article(tmp_path, "pipe.txt")


PIECES = st.sampled_from(
    [
        *("\n", "\r\n", "\r", "\n\n", " ", "\t", "\u2028", "\u00a0", "\ufeff", "\u0301"),
        *("👩‍👩‍👧", "שלום", "مرحبا", "Presiden", "bertemu.", "Baca Juga: ", "Topik:", "• ", "1. "),
        *("# ", "---", "<!--", "-->", "```", "26 April 2022", "Foto: A/B", "(ahmad)", "?", "|"),
        *("JAKARTA, X.com - ", "By Jane", "x" * 90),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join),
    st.sampled_from(["a.txt", "a.md"]),
)
def test_any_text_is_read_whole_in_ordered_trimmed_blocks(text: str, file: str) -> None:
    assume("\0" not in text)
    try:
        article = read(text, file)
    except ArticleError:
        assert not any(letter.isalnum() for letter in text)
        return
    assert article.text == text
    assert article.title.strip()
    done = 0
    for block in article.blocks:
        assert done <= block.start < block.end <= len(text)
        words = text[block.start : block.end]
        assert words == words.strip()
        done = block.end
    assert not (text[0] == "\ufeff" and article.blocks and article.blocks[0].start == 0)
    if file == "a.txt":
        covered = {at for block in article.blocks for at in range(block.start, block.end)}
        assert all(at in covered for at, letter in enumerate(text) if letter.isalnum())
    assert read(text, file) == article
