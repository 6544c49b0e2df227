"""Laws of page furniture: what never counts as evidence, and what always may."""

from __future__ import annotations

import pytest

from assistant.articles import article_from_bytes
from assistant.newspaper.furniture import mark

BODY = (
    "Pemerintah kota menutup tiga jembatan tua mulai pekan depan, kata wali kota.",
    "Penutupan itu akan berlangsung selama dua bulan sampai perbaikan selesai.",
)


def furniture_of(*lines: str, gap: str = "\n\n") -> list[str]:
    article = article_from_bytes("a.txt", gap.join(lines).encode())
    return [article.text[b.start : b.end] for b in article.blocks if b.kind == "furniture"]


@pytest.mark.parametrize(
    "line",
    [
        # other articles
        "Baca Juga: 6 Fakta tentang Jembatan Merah",
        "Baca juga: Mengapa jembatan retak?",
        "BACA JUGA : Jembatan Merah Ditutup",
        "Baca juga Jembatan Merah Ditutup",
        "Simak juga: Video jembatan retak",
        "Simak Video 'Jembatan Retak'",
        "Lihat juga Video: Jembatan Retak",
        "Tonton juga video ini",
        "READ  Jembatan Merah Ditutup",
        "READ\u00a0 Jembatan Merah Ditutup",
        "READ ALSO: Red Bridge Closed",
        "READ MORE: Red Bridge Closed.",
        "Read also: Red Bridge Closed",
        "Read more: Red Bridge Closed",
        "Read More Red Bridge Closed",
        "See also: bridges",
        "Also read: bridges",
        "Related: Red Bridge Closed",
        "Related articles",
        "Artikel terkait:",
        "Selanjutnya: Biaya perbaikan",
        "**Baca juga:** [Jembatan](https://example.org)",
        "- Baca juga: Jembatan Merah",
        "[Gambas:Video 20detik]",
        # sharing, reading, buying
        "Share This Article",
        "Share this:",
        "Bagikan artikel ini",
        "Bagikan:",
        "4 Min Read",
        "3 minutes read",
        "5 menit baca",
        "Waktu baca: 4 menit",
        "2 jam yang lalu",
        "3 hours ago",
        "Facebook Twitter WhatsApp",
        "Copy Link",
        "#jembatan #kota",
        "Advertisement",
        "ADVERTISEMENT",
        "- Advertisement -",
        "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT",
        "Scroll to continue reading",
        "Story continues below advertisement",
        "Iklan",
        # pictures
        "Foto: Budi Santoso/ANTARA",
        "Jembatan Merah dari udara. Foto: Budi Santoso/TASS",
        "Jembatan Merah ilustrasi(unsplash.com/Jane Doe)",
        "Jembatan Merah dari udara. (ANTARA FOTO/Budi Santoso)",
        "(ANTARA FOTO/Budi Santoso)",
        "Jembatan Merah saat ditutup (KOMPAS.com/BUDI SANTOSO)",
        "Ilustrasi jembatan (Foto: Istimewa)",
        "Photo: Jane Doe",
        "Photo credit: Jane Doe",
        "The red bridge from above. REUTERS/Jane Doe",
        "The red bridge from above. Photo by Jane Doe on Unsplash",
        "Getty Images",
        "Sumber foto: Dinas Pekerjaan Umum",
        # subscribing, rights, boilerplate
        "Subscribe to our newsletter",
        "Sign up for our daily newsletter to get the best stories.",
        "Follow us on Facebook and Twitter",
        "Ikuti kami di Google News",
        "Ikuti berita terbaru di saluran WhatsApp kami.",
        "Dapatkan update berita pilihan setiap hari dari kami di Telegram.",
        "Copyright © Warta Kita 2023",
        "© 2023 Warta Kita",
        "All rights reserved.",
        "Hak cipta dilindungi undang-undang.",
        "Artikel ini telah tayang di Warta Kita dengan judul Jembatan",
        "This article was originally published in Warta Kita.",
        "Warta Community adalah media yang menyediakan platform untuk menulis.",
        "BUDI SANTOSO Photo Verified Writer BUDI SANTOSO",
        "-----",
        "* * *",
        # ends
        "Topik:",
        "Topik: jembatan, kota",
        "Tags: bridges, cities",
        "Berita Terkini Lainnya",
        "Berita terkait",
        "Editor's picks",
        "Editor’s Pick",
        "Most Read",
        "Leave a Reply",
        "12 Komentar",
        "You may also like",
    ],
)
def test_furniture_is_recognised_between_paragraphs(line: str) -> None:
    assert mark(line) is not None
    assert line.removeprefix("- ") in furniture_of(BODY[0], line, BODY[1])


@pytest.mark.parametrize(
    "line",
    [
        "Kami membaca juga laporan itu, kata wali kota.",
        "Share this view: many engineers do, he said, and so do the mayors of other cities.",
        "Baca juga buku itu bila sempat, kata guru tersebut.",
        "Simak juga bagaimana jembatan itu dibangun pada abad lalu.",
        "Lihat juga dampaknya terhadap pedagang kecil, kata dia.",
        "READ is a programme for young engineers.",
        "Read more books about bridges, the teacher told her pupils.",
        "Foto itu diambil dari udara oleh seorang warga.",
        "Foto-foto jembatan itu beredar luas di media sosial.",
        "Ia memperlihatkan foto: jembatan, sungai, dan kota lama.",
        "Photo evidence was shown to the court on Monday.",
        "Getty Images sued the company over the pictures of the bridge.",
        "Kantor berita itu mengutip pernyataan pemerintah. (Reuters/ant)",
        "Wali kota mengumumkan penutupan itu kemarin (dan/atau pekan depan).",
        "Iklan rokok dilarang di jembatan itu sejak 2010.",
        "Advertisement revenue fell by a third last year.",
        "Bagikan makanan kepada warga, pesan wali kota.",
        "Berita terkini menyebutkan jembatan itu sudah dibuka lagi.",
        "Topik: pembahasan utama rapat itu adalah jembatan.",
        "Topik itu dibahas dalam rapat.",
        "Copyright law protects the engineer's drawings.",
        "Hak cipta atas gambar itu milik negara.",
        "Hak Cipta dilindungi undang-undang selama hidup pencipta.",
        "Follow-up talks between the city and Facebook resumed on Monday.",
        "Like our ancestors, we build bridges of stone.",
        "Ikuti jejak para insinyur itu, kata menteri.",
        "Daftar kanal televisi di Indonesia bertambah setiap tahun.",
        "Register of bridges in the English Channel area was published.",
        "This story was first published in 1843 by a London house.",
        "Tulisan ini diterbitkan pada 1908 oleh sebuah penerbit di Batavia.",
        "Komentar wali kota itu memicu kritik.",
        "Comments by the mayor drew criticism.",
        "Trending topics this week were the bridge and the flood.",
        "Populer di kalangan turis, jembatan itu dibangun pada 1932.",
        "Empat menit membaca laporan itu sudah cukup, katanya.",
        "4 min read tests were run on the disks of the control room.",
        "Tentang penulis buku itu tidak banyak yang diketahui.",
        "The writer said he was a verified writer of the agency for ten years.",
        "Selanjutnya jembatan itu akan dicat merah.",
        "Related work was done by engineers in Bandung.",
        "Disclaimer itu dibacakan di muka sidang.",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_sentence_of_the_article_is_never_furniture(line: str, gap: str) -> None:
    assert furniture_of(BODY[0], line, BODY[1], gap=gap) == []
    assert furniture_of(line) == []
    assert furniture_of(BODY[0], BODY[1], line, gap=gap) == []


def test_a_long_paragraph_is_never_furniture_whatever_it_begins_with() -> None:
    line = "Baca juga: " + "jembatan itu panjang sekali dan tua. " * 20
    assert furniture_of(BODY[0], line, BODY[1]) == []


def test_phrases_of_furniture_inside_a_paragraph_leave_it_alone() -> None:
    line = "Di bawah berita itu tertulis Baca Juga: Jembatan Merah, lalu Share This Article."
    assert furniture_of(BODY[0], line, BODY[1]) == []


def test_the_list_under_a_label_belongs_to_it() -> None:
    lines = (BODY[0], "Baca juga:", "• Jembatan Merah Ditutup", "• Jembatan Biru Dibuka", BODY[1])
    assert furniture_of(*lines, gap="\n") == [
        "Baca juga:",
        "Jembatan Merah Ditutup",
        "Jembatan Biru Dibuka",
    ]


def test_the_one_link_under_a_label_belongs_to_it_and_the_paragraph_does_not() -> None:
    assert furniture_of(BODY[0], "Baca juga:", "Jembatan Merah Ditutup", BODY[1]) == [
        "Baca juga:",
        "Jembatan Merah Ditutup",
    ]
    assert furniture_of(BODY[0], "Baca juga:", BODY[1]) == ["Baca juga:"]


def test_after_a_closing_marker_the_rest_is_furniture() -> None:
    tail = ("Topik:", "• Budi Santoso", "Berita Terkini Lainnya", "Wali kota mundur.", "Hujan lagi")
    assert furniture_of(*BODY, *tail) == [line.removeprefix("• ") for line in tail]


def test_a_closing_marker_before_a_long_paragraph_closes_nothing() -> None:
    assert furniture_of(BODY[0], "Share This Article", BODY[1]) == ["Share This Article"]
    long = " ".join(BODY) + " " + " ".join(BODY)
    assert furniture_of(BODY[0], "Berita Terkait", long) == ["Berita Terkait"]


def test_an_inset_box_takes_its_links_and_no_sentence() -> None:
    lines = (BODY[0], "Pilihan Redaksi", "• Jembatan Merah", "• Jembatan Biru", "Warga lega.")
    assert furniture_of(*lines) == ["Pilihan Redaksi", "Jembatan Merah", "Jembatan Biru"]
    lines = (BODY[0], "Related articles", "Red Bridge Closed", "Blue Bridge Opened", "It rained.")
    assert furniture_of(*lines) == list(lines[1:4])


def test_a_credited_line_above_the_article_is_a_caption_and_below_it_a_paragraph() -> None:
    line = "Jembatan Merah dari udara. (REUTERS/Warta)"
    assert furniture_of("Jembatan Tua Ditutup", line, *BODY) == [line]
    assert furniture_of("Jembatan Tua Ditutup", *BODY, line) == []


def test_a_writers_self_description_under_the_badge_is_furniture() -> None:
    tail = ("BUDI Verified Writer BUDI", "peternak ulat")
    assert furniture_of(*BODY, *tail) == list(tail)


def test_section_names_above_the_title_are_furniture_only_where_a_title_follows() -> None:
    assert furniture_of("Berita Utama", "Jembatan Tua Ditutup", *BODY) == ["Berita Utama"]
    assert furniture_of("Home > News > Kota", "Jembatan Tua Ditutup", *BODY)
    assert furniture_of("Ekonomi", *BODY) == []
