"""Three short articles of our own, and what a test needs to know of a prompt about them."""

from __future__ import annotations

import re
from pathlib import Path

ARTICLES = {
    "kereta.txt": """Kereta Hijau Tiba di Kota Pelabuhan

13 Maret 2021

Presiden Arkadia Lev Morozov bertemu Perdana Menteri Ratna Dewi di Kota Samudra pada 12 Maret 2021.
Pertemuan itu berlangsung selama tiga jam dan membahas perdagangan gandum.
Nilai perdagangan kedua negara naik 54 persen pada 2020, kata Morozov.
Morozov tidak menandatangani perjanjian militer dalam kunjungan itu.
""",
    "gandum.txt": """Panen Gandum Arkadia Melimpah

2 Agustus 2021

Arkadia memanen 18 juta ton gandum pada musim panas 2021, menurut kantor berita Suara Arkadia.
Menteri Pertanian Irina Volkova mengatakan sebagian besar gandum akan dijual ke negara tetangga.
Harga gandum di pasar Kota Samudra turun menjadi 210 dolar per ton.
""",
    "jembatan.txt": """Jembatan Baru Menghubungkan Dua Negara

20 Oktober 2022

Jembatan Persahabatan sepanjang 900 meter diresmikan di Sungai Amara pada 19 Oktober 2022.
Ratna Dewi menyebut jembatan itu sebagai tonggak hubungan kedua negara.
Pembangunan jembatan menelan biaya 75 juta dolar dan memakan waktu empat tahun.
""",
}

MEETING = "Morozov bertemu Ratna Dewi di Kota Samudra pada 12 Maret 2021"
TRADE = "Nilai perdagangan kedua negara naik 54 persen pada 2020"
HARVEST = "Arkadia memanen 18 juta ton gandum pada musim panas 2021"
QUESTION = "Kapan Presiden Morozov bertemu Ratna Dewi di Kota Samudra?"


def write_articles(folder: Path) -> Path:
    """Put the articles into a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def number_of(prompt: str, phrase: str) -> int:
    """The number under which the prompt shows the passage that holds a phrase."""
    blocks = re.findall(
        r"(#[0-9a-f]{12}) (?:Kutipan|Passage) \[(\d+)\]\n(.*?)\n\1", prompt, re.DOTALL
    )
    for _, number, block in blocks:
        if phrase in block:
            return int(number)
    raise AssertionError(f"the prompt shows no passage with {phrase!r}")
