"""Laws of the facts found in text, and of their agreement."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.types import Language
from assistant.words.entities import Entity, agrees, entities, normalise_name, values_agree

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("ASSISTANT_DATA", ROOT.parent / "shared" / "data"))

PIECES = st.sampled_from(
    ["\r\n", "\ufeff", ". ", "25 April 2019", "April 25, 2019", "15/8/2023", "99/99/2023", "54%",
     "Selasa (15/8)", "dua puluh lima ribu", "nine-fold", "a third of", "abad ke-17", "Rp5.000",
     "1.2.3.4", "Kim Jong-un", "U.S.", "H.M. ", "e\u0301", "É", "tidak ", "n't", "don’t", "\u202e",
     "🙂", "²", "٣", "½", "pukul 10.30 WIB", "3 p.m.", "0 SM", "29 Februari 2023", "-", " ", "ke-"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=20).map("".join)


def values(text: str, language: Language, kind: str) -> list[str]:
    return [each.value for each in entities(text, language) if each.kind == kind]


@settings(max_examples=500, deadline=None)
@given(TEXTS, st.sampled_from(["id", "en"]))
def test_facts_lie_in_order_in_the_text_and_those_of_a_kind_are_disjoint(
    text: str, language: Language
) -> None:
    found = entities(text, language)
    assert [each.start for each in found] == sorted(each.start for each in found)
    ends = {"date": 0, "number": 0, "name": 0, "negation": 0}
    for each in found:
        assert ends[each.kind] <= each.start < each.end <= len(text)
        assert each.value
        piece = text[each.start : each.end]
        assert piece == piece.strip()
        ends[each.kind] = each.end


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_agreement_is_reflexive_and_symmetric(one: str, other: str) -> None:
    first, second = entities(one, "id"), entities(other, "en")
    for a in first:
        assert agrees(a, a)
        for b in second:
            assert agrees(a, b) == agrees(b, a)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("pada 26 April 2022", "id", "2022-04-26"),
        ("on April 25, 2019", "en", "2019-04-25"),
        ("on 25th of April 2019", "en", "2019-04-25"),
        ("(15/8/2023)", "id", "2023-08-15"),
        ("on 8/15/2023", "en", "2023-08-15"),
        ("2023-08-15", "id", "2023-08-15"),
        ("15-08-2023", "id", "2023-08-15"),
        ("pada bulan April", "id", "--04"),
        ("pada 17 Agustus", "id", "--08-17"),
        ("in May", "en", "--05"),
        ("Mei 1998", "id", "1998-05"),
        ("sejak 2017", "id", "2017"),
        ("8 Juni 632", "id", "632-06-08"),
        ("pada 1990-an", "id", "199x"),
        ("in the 1990s", "en", "199x"),
        ("abad ke-17", "id", "c17"),
        ("the 17th century", "en", "c17"),
        ("abad XIX", "id", "c19"),
        ("hari Selasa", "id", "w2"),
        ("on Sunday", "en", "w7"),
        ("pukul 10.30 WIB", "id", "t10:30"),
        ("at 3 p.m.", "en", "t15:00"),
        ("jam 7 malam", "id", "t19:00"),
        ("tahun 275 SM", "id", "bc275"),
    ],
)
def test_a_date_has_one_value_however_it_is_written(
    text: str, language: Language, value: str
) -> None:
    assert values(text, language, "date") == [value]


@pytest.mark.parametrize(
    "text",
    ["1500 orang", "Rp 2.000", "pasal 1945", "99/99/2023", "45 April", "Juniper", "dua minggu"],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert not values(text, "id", "date")


def test_both_ends_of_a_range_are_dates() -> None:
    assert values("(1185–1396)", "id", "date") == ["1185", "1396"]
    assert values("pukul 07.00 sampai 09.30", "id", "date") == ["t07:00", "t09:30"]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("sembilan kali lipat", "id", "9x"), ("ninefold", "en", "9x"), ("nine-fold", "en", "9x"),
        ("nine times", "en", "9x"), ("doubled", "en", "2x"), ("dua kali", "id", "2x"),
        ("54%", "id", "54%"), ("54 persen", "id", "54%"), ("54 per cent", "en", "54%"),
        ("lima puluh empat persen", "id", "54%"), ("fifty-four percent", "en", "54%"),
        ("1,5 juta", "id", "1500000"), ("1.5 million", "en", "1500000"),
        ("1.000", "id", "1000"), ("1,000", "en", "1000"),
        ("9,5", "id", "9.5"), ("9.5", "en", "9.5"),
        ("1.234.567,89", "id", "1234567.89"), ("1,234,567.89", "en", "1234567.89"),
        ("dua puluh lima ribu tiga ratus", "id", "25300"), ("seratus dua belas", "id", "112"),
        ("one hundred and five", "en", "105"), ("six-point-four billion", "en", "6400000000"),
        ("tiga koma lima", "id", "3.5"), ("a million", "en", "1000000"), ("seribu", "id", "1000"),
        ("setengah juta", "id", "500000"),
        ("dua pertiga", "id", "2/3"), ("two-thirds", "en", "2/3"),
        ("ke-17", "id", "#17"), ("17th", "en", "#17"),
        ("ketiga", "id", "#3"), ("third", "en", "#3"),
        ("Rp5.000", "id", "5000"), ("3km", "id", "3"), ("RW 08", "id", "8"),
    ],
)  # fmt: skip
def test_a_number_has_one_value_however_it_is_written(
    text: str, language: Language, value: str
) -> None:
    assert values(text, language, "number") == [value]


@pytest.mark.parametrize(
    ("text", "language"),
    [("salah satu negara", "id"), ("satu sama lain", "id"), ("puluhan ribu", "id"),
     ("hundreds of", "en"), ("one of them", "en"), ("pedagang kaki lima", "id"),
     ("tigaraksa", "id")],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_none(text: str, language: Language) -> None:
    assert not values(text, language, "number")


def test_a_list_of_numbers_is_not_their_sum() -> None:
    assert values("three and four floors", "en", "number") == ["3", "4"]
    assert values("tiga atau empat", "id", "number") == ["3", "4"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Pemimpin Korea Utara Kim Jong-un bertemu Presiden Rusia Vladimir Putin.", "id",
         ["north korea", "kim jong un", "russia", "vladimir putin"]),
        ("North Korean leader Kim Jong Un met Russia's President Vladimir Putin.", "en",
         ["north korea", "kim jong un", "russia", "vladimir putin"]),
        ("Menteri Luar Negeri AS Antony Blinken berpidato di PBB.", "id",
         ["united states", "antony blinken", "united nations"]),
        ("Kim menolak. Perdagangan naik.", "id", ["kim"]),
        ("Trade rose. Officials said no.", "en", []),
        ("Ditambahkan Basuki, jalan itu rusak.", "id", ["basuki"]),
        ("H.M. Soeharto dan W. F. Bryant", "id", ["h m soeharto", "w f bryant"]),
        ("Konstantinus I memerintah.", "id", ["konstantinus i"]),
        ("The Syrians left.", "en", ["syria"]),
        ("hubungan Korea Utara-Rusia membaik", "id", ["north korea", "russia"]),
        ("Enam Fakta Penembakan Donald Trump di Florida", "id", ["donald trump", "florida"]),
        ("Vladimir Putin, Kim Jong Un, Xi Jinping", "id",
         ["vladimir putin", "kim jong un", "xi jinping"]),
        ("Sisa-sisa bangunan itu roboh. Keterampilannya hebat.", "id", []),
        ("biayanya US$5 juta", "id", []),
    ],
)  # fmt: skip
def test_names_are_found_and_named_alike_in_both_languages(
    text: str, language: Language, found: list[str]
) -> None:
    assert values(text, language, "name") == found


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Ia tidak datang dan belum menjawab tanpa alasan.", "id", 3),
        ("She didn't come, never wrote, and cannot call.", "en", 3),
        ("She doesn’t.", "en", 1),
        ("tidak hanya itu", "id", 0), ("not only that", "en", 0), ("No. 5", "en", 0),
        ("Notaris bukannya", "id", 0),
    ],
)  # fmt: skip
def test_negations_are_counted(text: str, language: Language, count: int) -> None:
    assert len(values(text, language, "negation")) == count


@pytest.mark.parametrize(
    ("kind", "a", "b", "expected"),
    [
        ("date", "2019-04", "2019-04-25", True), ("date", "2019-04", "2019-04-26", True),
        ("date", "2019", "2019-04-25", True), ("date", "2019-04-25", "2019-04-26", False),
        ("date", "--04-25", "2019-04-25", True), ("date", "--04", "--05", False),
        ("date", "2019", "--04", False), ("date", "199x", "1995", True),
        ("date", "199x", "2001-01-01", False), ("date", "c17", "1650", True),
        ("date", "c17", "1700", True), ("date", "c17", "1701", False),
        ("date", "w2", "2023-08-15", True), ("date", "w3", "2023-08-15", False),
        ("date", "w2", "w3", False), ("date", "t10:30", "t10:31", False),
        ("date", "bc275", "275", False),
        ("number", "54%", "54", True), ("number", "54%", "54x", False),
        ("number", "#3", "3", True), ("number", "3", "4", False),
        ("name", "kim", "kim jong un", True), ("name", "kim jong il", "kim jong un", False),
        ("name", "north korea", "south korea", False), ("name", "putin", "vladimir putin", True),
        ("name", "john f kennedy", "john kennedy", True),
    ],
)  # fmt: skip
def test_values_agree_as_a_reader_would(kind: str, a: str, b: str, expected: bool) -> None:
    assert values_agree(kind, a, b) is expected  # type: ignore[arg-type]
    assert values_agree(kind, b, a) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("indonesian", "english"),
    [
        ("Korut", "DPRK"), ("Amerika Serikat", "US"), ("Inggris", "British"), ("Rusia", "Russian"),
        ("Tiongkok", "China"), ("PBB", "United Nations"), ("Uni Eropa", "EU"),
        ("Jakarta Utara", "North Jakarta"), ("Universitas Picardie", "University of Picardie"),
        ("Perang Dunia Kedua", "World War II"),
    ],
)  # fmt: skip
def test_names_of_places_agree_across_languages(indonesian: str, english: str) -> None:
    assert values_agree("name", normalise_name(indonesian), normalise_name(english))


def test_kinds_do_not_agree_with_one_another() -> None:
    assert not agrees(Entity("name", 0, 1, "2019"), Entity("date", 0, 1, "2019"))
    assert agrees(Entity("number", 0, 1, "2019"), Entity("date", 0, 1, "2019"))


def test_facts_of_parallel_sentences_agree() -> None:
    path = DATA / "parallel" / "pud.tsv.gz"
    if not path.exists():
        pytest.skip(f"no data folder at {DATA}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        pairs = [line.rstrip("\n").split("\t") for line in lines][:500]
    right = {"date": 0, "number": 0, "name": 0}
    seen = dict(right)
    for english, indonesian in pairs:
        other = entities(english, "en")
        for fact in entities(indonesian, "id"):
            if fact.kind in seen:
                seen[fact.kind] += 1
                right[fact.kind] += any(agrees(fact, each) for each in other)
    assert right["date"] / seen["date"] > 0.85
    assert right["number"] / seen["number"] > 0.85
    assert right["name"] / seen["name"] > 0.7


def test_a_sentence_takes_less_than_a_millisecond() -> None:
    text = next((ROOT / "seeds").glob("000*")).read_text("utf-8")
    lines = [line for line in text.splitlines() if line]
    entities(text, "id")
    started = time.process_time()
    for line in lines:
        entities(line, "id")
    assert (time.process_time() - started) / len(lines) < 0.001
