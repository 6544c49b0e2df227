"""A sentence is supported by what it cites, or is said not to be; one wrong fact is enough."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checking.framing import is_framing, is_paraphrased_refusal
from assistant.checking.verification import judge
from assistant.evaluation.checker import auc, idk, indonli, pairs, passage_of, seeds, tally
from assistant.types import Passage, SentenceSpan

CHECKOUT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ASSISTANT_DATA", CHECKOUT.parent / "shared" / "data"))
needs_data = pytest.mark.skipif(
    not (DATA / "reading").is_dir(), reason="the data folder is absent (ASSISTANT_DATA)"
)

VISIT = (
    "Presiden Lutena Mira Santosa tiba di Kota Borhen pada 14 Mei 2021. "
    "Ia disambut oleh Raja Adalwin di istana. "
    "Lutena menjual 120 kapal kepada Borhen dengan harga 3,5 miliar dolar. "
    "Borhen tidak mengirim pasukan ke perbatasan. "
    "Menurut Tasha Wirya, kesepakatan itu memperkuat ekonomi kedua negara."
)
OTHER = (
    "Harga gandum di pasar Selmar naik 12 persen pada Agustus 2020. "
    "Para petani mengeluhkan kekeringan yang panjang."
)


def passage(text: str, file: str = "a.txt", **about: str) -> Passage:
    made = passage_of(text, file, "id")
    return Passage(
        file, 0, len(text), text, 0.5, about.get("title", "Judul"), about.get("published"),
        about.get("outlet"), "id", sentences=made.sentences,
    )  # fmt: skip


def judged(sentence: str, language: str = "id"):
    return judge(
        sentence, cited=[passage(VISIT)], others=[passage(OTHER, "b.txt")], language=language
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Borhen tidak mengirim pasukan ke perbatasan.",
        "borhen tidak mengirim pasukan, ke perbatasan",
        "“Borhen tidak mengirim  pasukan ke perbatasan”.",
        "Menurut Tasha Wirya, kesepakatan itu memperkuat ekonomi kedua negara.",
        "Menurut artikel itu, Borhen tidak mengirim pasukan ke perbatasan.",
        "Ia disambut oleh Raja Adalwin di istana. Lutena menjual 120 kapal kepada Borhen dengan "
        "harga 3,5 miliar dolar.",
    ],
)
def test_the_articles_own_words_are_quoted(sentence: str):
    found = judged(sentence)
    assert (found.support, found.score) == ("quoted", 1.0)
    assert all(evidence.quote in VISIT for evidence in found.evidence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Pada 14 Mei 2021, Presiden Mira Santosa tiba di Borhen.",
        "Mira Santosa tiba di Kota Borhen pada Mei 2021.",
        "Lutena menjual kapal kepada Borhen seharga 3,5 miliar dolar.",
        "Pasukan tidak dikirim Borhen ke perbatasan.",
        "Raja Adalwin menyambutnya di istana.",
    ],
)
def test_a_faithful_rewording_is_not_called_unsupported(sentence: str):
    assert judged(sentence).support != "unsupported"


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Lutena menjual 130 kapal kepada Borhen dengan harga 3,5 miliar dolar.", "number"),
        ("Lutena menjual 120 kapal kepada Borhen dengan harga 3,5 juta dolar.", "number"),
        ("Lutena menjual 120 kapal kepada Borhen dengan harga 35 miliar dolar.", "number"),
        ("Presiden Lutena Mira Santosa tiba di Kota Borhen pada 15 Mei 2021.", "date"),
        ("Presiden Lutena Mira Santosa tiba di Kota Borhen pada 14 Juni 2021.", "date"),
        ("Presiden Lutena Mira Santosa tiba di Kota Borhen pada 14 Mei 2022.", "date"),
        ("Presiden Lutena Mira Santosa tiba di Kota Velmar pada 14 Mei 2021.", "name"),
        ("Presiden Lutena Mira Santosi Karta tiba di Kota Borhen pada 14 Mei 2021.", "name"),
        ("Ia disambut oleh Raja Osric di istana.", "name"),
        ("Menurut Harun Wirya, kesepakatan itu memperkuat ekonomi kedua negara.", "name"),
        ("Borhen mengirim pasukan ke perbatasan.", "negation"),
        ("Ia tidak disambut oleh Raja Adalwin di istana.", "negation"),
        ("Lutena belum menjual 120 kapal kepada Borhen.", "negation"),
        ("Borhen menjual 120 kapal kepada Lutena dengan harga 3,5 miliar dolar.", "agent"),
    ],
)
def test_one_wrong_fact_makes_a_sentence_unsupported(sentence: str, fault: str):
    found = judged(sentence)
    assert found.support == "unsupported"
    assert found.evidence == ()
    assert found.fault == fault


@pytest.mark.parametrize(
    "sentence",
    [
        "Ibu kota Lutena terletak di tepi laut.",
        "Kota itu terkenal dengan jeruknya yang manis.",
        "Para menteri keuangan membahas suku bunga bank sentral.",
        "!!!",
        "123",
    ],
)
def test_what_the_articles_do_not_say_is_unsupported(sentence: str):
    assert judged(sentence).support == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("Borhen did not send troops to the border.", True),
        ("Lutena sold 120 ships to Borhen for 3.5 billion dollars.", True),
        ("President Mira Santosa arrived in the city of Borhen on May 14, 2021.", True),
        ("Borhen sent troops to the border.", False),
        ("Lutena sold 150 ships to Borhen for 3.5 billion dollars.", False),
        ("President Mira Santosa arrived in the city of Borhen on May 15, 2021.", False),
        ("President Mira Santosa arrived in the city of Velmar on May 14, 2021.", False),
        ("The finance ministers discussed interest rates.", False),
    ],
)
def test_english_sentences_are_checked_over_indonesian_passages(sentence: str, supported: bool):
    assert (judged(sentence, "en").support != "unsupported") == supported


ROLES = (
    "Raja Adalwin menyambut Mira Santosa di istana Borhen.",
    "Mira Santosa disambut oleh Raja Adalwin di istana Borhen.",
    "Lutena mengirim gandum kepada Borhen sejak 2019.",
    "Kapal itu berlayar dari Selmar ke Velmar selama tiga hari.",
    "Kota Selmar diserang pasukan Borhen pada malam hari.",
)


@pytest.mark.parametrize(
    ("source", "sentence", "language", "kept"),
    [
        (0, "Mira Santosa disambut oleh Raja Adalwin di istana Borhen.", "id", True),
        (0, "Mira Santosa disambut Raja Adalwin di istana.", "id", True),
        (0, "Mira Santosa menyambut Raja Adalwin di istana Borhen.", "id", False),
        (0, "Raja Adalwin disambut oleh Mira Santosa di istana Borhen.", "id", False),
        (1, "Raja Adalwin menyambut Mira Santosa di istana Borhen.", "id", True),
        (1, "Mira Santosa menyambut Raja Adalwin di istana Borhen.", "id", False),
        (2, "Gandum dikirim Lutena kepada Borhen sejak 2019.", "id", True),
        (2, "Gandum dikirim Borhen kepada Lutena sejak 2019.", "id", False),
        (3, "Selama tiga hari kapal berlayar ke Velmar dari Selmar.", "id", True),
        (3, "Selama tiga hari kapal berlayar ke Selmar dari Velmar.", "id", False),
        (4, "Pasukan Borhen menyerang kota Selmar pada malam hari.", "id", True),
        (4, "Pasukan Selmar menyerang kota Borhen pada malam hari.", "id", False),
        (0, "King Adalwin welcomed Mira Santosa at the palace.", "en", True),
        (0, "Mira Santosa was welcomed by King Adalwin at the palace.", "en", True),
        (0, "Mira Santosa welcomed King Adalwin at the palace.", "en", False),
        (0, "King Adalwin was welcomed by Mira Santosa at the palace.", "en", False),
        (2, "Lutena has sent wheat to Borhen since 2019.", "en", True),
        (2, "Borhen has sent wheat to Lutena since 2019.", "en", False),
        (3, "The ship sailed from Selmar to Velmar for three days.", "en", True),
        (3, "The ship sailed from Velmar to Selmar for three days.", "en", False),
        (4, "Borhen troops attacked the city of Selmar at night.", "en", True),
        (4, "Selmar troops attacked the city of Borhen at night.", "en", False),
    ],
)
def test_who_did_it_to_whom_holds_in_either_voice(source, sentence, language, kept):
    found = judge(sentence, cited=[passage(ROLES[source])], language=language)
    if kept:
        assert found.support in ("quoted", "supported", "weak")
    else:
        assert (found.support, found.fault) == ("unsupported", "agent")


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Harun Wirya membuka pasar ikan di Selmar pada Agustus 2020.", "id"),
        ("Harun Wirya opened the fish market in Selmar in August 2020.", "en"),
    ],
)
def test_a_name_from_next_door_does_not_take_the_place_of_the_sentences_own(sentence, language):
    source = passage(
        "Tasha Lenka membuka pasar ikan di Selmar pada Agustus 2020. "
        "Harun Wirya menulis buku tentang kapal layar."
    )
    assert judge(sentence, cited=[source], language=language).fault == "name"
    right = sentence.replace("Harun Wirya", "Tasha Lenka")
    assert judge(right, cited=[source], language=language).support != "unsupported"


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("The deputy minister of Lutena is called Mira Santosa.", "en"),
        ("Wakil menteri Lutena bernama Mira Santosa.", "id"),
    ],
)
def test_a_family_name_alone_is_not_the_person(sentence, language):
    source = passage(
        "Wakil menteri Lutena, Mira Wirya, mengunjungi pasar. Mira Santosa tiba di istana kemarin."
    )
    assert judge(sentence, cited=[source], language=language).fault == "name"
    right = sentence.replace("Santosa", "Wirya")
    assert judge(right, cited=[source], language=language).support != "unsupported"


def test_a_short_part_of_a_name_is_not_taken_for_an_abbreviation():
    source = passage(
        "Wakil menteri luar negeri Lutena, Mira Wirya, meminta rapat PBB pada Mei. "
        "Mira Jo Un tiba di istana kemarin."
    )
    claim = "The name of Lutena's deputy foreign minister is Mira Jo Un."
    assert judge(claim, cited=[source], language="en").fault == "name"


def test_a_name_that_english_translates_is_not_missing():
    source = passage("Klub Istri Taat di Borhen didirikan oleh Tasha Wirya pada Mei 2021.")
    found = judge(
        "The Obedient Wives Club in Borhen was founded by Tasha Wirya in May 2021.",
        cited=[source],
        language="en",
    )
    assert found.fault is None
    assert found.support != "unsupported"


@pytest.mark.parametrize(
    "sentence",
    [
        "2021: 2021",
        "#5",
        "120.",
        "14/5 2021 120",
        "The passage that supports the",
        "Pasukan tidak di\ufffdkirim Borhen ke perbatasan.",
        "\ufffd\ufffd Borhen tidak mengirim pasukan ke perbatasan.",
        "Borhen tidak mengirim pas\u0443kan ke perbatasan.",
    ],
)
def test_figures_pieces_and_broken_words_are_unsupported(sentence: str):
    assert judged(sentence, "en" if "passage" in sentence else "id").support == "unsupported"


@pytest.mark.parametrize(
    "sentence",
    [
        "Presiden Lutena Mira Santosa",
        "Kota Borhen, 14 Mei 2021",
        "Borhen tidak mengirim pasukan ke perbatasan (보르헨).",
    ],
)
def test_a_heading_and_a_word_of_another_script_are_weak_at_most(sentence: str):
    assert judged(sentence).support in ("weak", "unsupported")


def test_garbled_text_of_the_article_itself_may_be_quoted():
    source = passage("Kapal bernama \u0391lba itu tenggelam di Selat Borhen kemarin malam.")
    found = judge(source.text, cited=[source], language="id")
    assert found.support == "quoted"


def test_a_title_is_not_supported_by_the_sentences_below_it():
    source = passage(VISIT, title="Hubungan Dagang Lutena dan Borhen Semakin Hangat")
    found = judge(source.title, cited=[source], language="id")
    assert (found.support, found.evidence) == ("unsupported", ())
    found = judge(f"{source.title} itu", cited=[source], language="id")
    assert found.support == "unsupported"


def test_saying_the_question_again_is_weak_unless_it_asked_yes_or_no():
    claim = "Mira Santosa tiba di Kota Borhen pada Mei."
    asked = "Pada tahun berapa Mira Santosa tiba di Kota Borhen pada Mei?"
    cited = [passage(VISIT)]
    assert judge(claim, cited=cited, language="id").support == "supported"
    assert judge(claim, cited=cited, language="id", question=asked).support == "weak"
    polar = "Apakah Mira Santosa tiba di Kota Borhen pada Mei?"
    assert judge(claim, cited=cited, language="id", question=polar).support == "supported"


def test_a_piece_of_the_question_is_unsupported_and_a_question_weak():
    asked = "Siapa nama Presiden Lutena yang tiba di Kota Borhen?"
    piece = judge("Presiden Lutena", cited=[passage(VISIT)], language="id", question=asked)
    assert piece.support == "unsupported"
    again = judge(
        "Borhen mengirim pasukan tidak ke perbatasan?", cited=[passage(VISIT)], language="id"
    )
    assert again.support in ("weak", "unsupported")


def test_what_only_announces_an_answer_is_not_weighed():
    found = judged("The answer is: King Adalwin", "en")
    assert found.support == "weak", "a name, and nothing said of it"
    assert judged("Jawabannya adalah: Borhen tidak mengirim pasukan ke perbatasan.").support == (
        "quoted"
    )


def test_a_sentence_is_read_in_the_language_it_is_in():
    claim = "Borhen tidak mengirim pasukan ke perbatasan."
    assert judged(claim, "en").support == "quoted"
    assert judged("Pasukan Selmar dikirim ke perbatasan tahun lalu.", "en").support == (
        "unsupported"
    )


def test_across_languages_the_likest_passage_is_cited():
    near = passage("Borhen mengecam Lutena karena latihan perang di perbatasan.", "near.txt")
    far = passage("Borhen mengecam pedagang karena harga gandum di perbatasan.", "far.txt")
    found = judge(
        "Borhen condemned Lutena over the war exercises at the border.",
        cited=[far],
        others=[near],
        language="en",
    )
    assert {evidence.passage.file for evidence in found.evidence} == {"near.txt"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The foreign ministry of Borhen condemned Lutena for its actions in the region.",
        "Lutena's economy suffered badly because of the new law on ships.",
        "Borhen did not send troops to the border because ministers feared heavy losses there.",
    ],
)
def test_an_invention_about_the_same_names_is_not_supported_across_languages(sentence: str):
    assert judged(sentence, "en").support not in ("quoted", "supported")


def test_a_citation_is_narrowed_to_the_sentence_that_supports_it():
    found = judge(
        "Pasukan tidak dikirim Borhen ke perbatasan.", cited=[passage(VISIT)], language="id"
    )
    assert [e.quote for e in found.evidence] == ["Borhen tidak mengirim pasukan ke perbatasan."]


def test_an_uncited_sentence_gets_the_citation_that_supports_it():
    sentence = "Harga gandum di Selmar naik 12 persen pada Agustus 2020."
    found = judge(
        sentence, cited=[], others=[passage(VISIT), passage(OTHER, "b.txt")], language="id"
    )
    assert found.support in ("quoted", "supported")
    assert {e.passage.file for e in found.evidence} == {"b.txt"}


def test_a_wrong_citation_is_put_right():
    sentence = "Para petani mengeluhkan kekeringan yang panjang."
    found = judge(sentence, cited=[passage(VISIT)], others=[passage(OTHER, "b.txt")], language="id")
    assert found.support == "quoted"
    assert found.evidence[0].passage.file == "b.txt"


def test_a_sentence_that_joins_two_passages_cites_both():
    sentence = (
        "Borhen tidak mengirim pasukan ke perbatasan, dan harga gandum di pasar Selmar naik "
        "12 persen pada Agustus 2020."
    )
    found = judge(sentence, cited=[passage(VISIT), passage(OTHER, "b.txt")], language="id")
    assert found.support == "supported"
    assert {e.passage.file for e in found.evidence} == {"a.txt", "b.txt"}


def test_a_quotation_cut_out_of_a_denial_is_no_quotation():
    source = passage("Juru bicara membantah bahwa Borhen mengirim pasukan ke perbatasan kemarin.")
    found = judge("Borhen mengirim pasukan ke perbatasan.", cited=[source], language="id")
    assert found.support != "quoted"


def test_a_footnote_number_bears_out_nothing():
    source = passage("Kapal itu tenggelam di Selat Borhen.[7] Awaknya selamat.[8]")
    assert judge("Kapal itu tenggelam di Selat Borhen.", cited=[source], language="id").support == (
        "quoted"
    )
    wrong = judge("7 kapal itu tenggelam di Selat Borhen.", cited=[source], language="id")
    assert wrong.fault == "number"


def test_title_and_date_of_the_article_may_be_taken_for_granted():
    source = passage(
        "Ia tiba di istana dan disambut oleh sang raja.",
        title="Kunjungan Mira Santosa",
        published="2021-05-14",
    )
    found = judge(
        "Mira Santosa tiba di istana dan disambut oleh sang raja.", cited=[source], language="id"
    )
    assert found.support != "unsupported"
    strange = judge(
        "Harun Wirya tiba di istana dan disambut oleh sang raja.", cited=[source], language="id"
    )
    assert strange.fault == "name"


def test_headings_are_never_evidence():
    text = "Kapal tenggelam di Selat Borhen\nAwaknya selamat semua."
    source = Passage(
        "a.txt", 0, len(text), text, 0.5, "Judul", None, None, "id",
        sentences=(SentenceSpan(0, 31, heading=True), SentenceSpan(32, len(text))),
    )  # fmt: skip
    found = judge("Kapal tenggelam di Selat Borhen.", cited=[source], language="id")
    assert all(evidence.start >= 32 for evidence in found.evidence)


@pytest.mark.parametrize(
    ("text", "language", "framing"),
    [
        ("Berikut penjelasannya:", "id", True),
        ("Here are the main points:", "en", True),
        ("Artikel-artikel ini tidak memuat jawabannya.", "id", True),
        ("Tidak ada informasi tentang hal itu dalam artikel ini.", "id", True),
        ("The articles do not mention this.", "en", True),
        ("I could not find the answer in the provided articles.", "en", True),
        ("Semoga membantu!", "id", True),
        ("Berikut tiga negara yang menyerang Ukraina pada 2022:", "id", False),
        ("Tidak ada korban dalam ledakan itu.", "id", False),
        ("Presiden tidak memberikan jawaban kepada wartawan.", "id", False),
        ("Dokumen itu tidak ditemukan di rumahnya.", "id", False),
        ("There is no war in the north.", "en", False),
        ("The president did not answer.", "en", False),
        ("Kim bertemu Putin.", "id", False),
    ],
)
def test_only_a_sentence_without_a_claim_is_framing(text: str, language: str, framing: bool):
    assert is_framing(text, language) == framing


def test_a_refusal_is_told_from_other_framing():
    assert is_paraphrased_refusal("Artikel-artikel ini tidak memuat jawabannya.", "id")
    assert not is_paraphrased_refusal("Berikut penjelasannya:", "id")


WORDS = st.sampled_from(
    [
        "Kim",
        "Putin",
        "tidak",
        "2019",
        "[3]",
        "menyerang",
        "di",
        "“",
        ".",
        ",",
        "12%",
        "Mei",
        "(",
        "\n",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=15).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=3), st.sampled_from(["id", "en"]), st.integers(0, 3))
def test_evidence_is_verbatim_whatever_the_texts(claim, texts, language, cut):
    shown = [passage(text, f"{n}.txt") for n, text in enumerate(texts)]
    found = judge(claim, cited=shown[:cut], others=shown[cut:], language=language)
    assert 0.0 <= found.score <= 1.0
    for evidence in found.evidence:
        assert evidence.quote == texts[int(evidence.passage.file[0])][evidence.start : evidence.end]
        assert evidence.quote.strip()
    if found.support == "unsupported":
        assert found.evidence == ()
    elif not is_framing(claim, language):
        assert found.evidence


def test_the_same_check_gives_the_same_answer():
    one = judged("Pasukan tidak dikirim Borhen ke perbatasan.")
    assert one == judged("Pasukan tidak dikirim Borhen ke perbatasan.")


# ------------------------------------------------------------------------------ measured


def rate(found, kind: str) -> float:
    return found[kind].rate


def test_altered_seeds_are_caught_and_faithful_ones_pass():
    found = tally(seeds(CHECKOUT / "seeds"))
    assert rate(found, "faithful") <= 0.05
    for kind in ("number", "date"):
        assert rate(found, kind) >= 0.95
    assert rate(found, "name") >= 0.95
    assert rate(found, "negation") >= 0.8
    assert rate(found, "name nearby") >= 0.65


@needs_data
def test_altered_encyclopedia_sentences_are_caught_and_faithful_ones_pass():
    found = tally(idk(DATA, split="valid", limit=80))
    assert rate(found, "faithful") <= 0.05
    for kind in ("number", "date", "name"):
        assert rate(found, kind) >= 0.95
    assert rate(found, "negation") >= 0.8


@needs_data
def test_altered_english_sentences_over_indonesian_passages():
    from assistant.training.data import read_parallel

    found = tally(pairs(read_parallel(DATA / "parallel" / "pud.tsv.gz"), limit=80))
    assert rate(found, "faithful") <= 0.2
    assert rate(found, "number") >= 0.9
    assert rate(found, "name") >= 0.85
    assert rate(found, "name nearby") >= 0.5


@needs_data
def test_entailment_is_told_better_than_by_chance():
    found = indonli(DATA, split="val", limit=400)
    assert found.auc >= 0.78
    assert found.accuracy >= 0.72


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order():
    assert auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75
    assert auc([0.5, 0.5], [True, False]) == 0.5
