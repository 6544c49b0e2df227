"""Words that turn what is asked into its opposite: negations, antonyms, "before", "except".

One such word changed makes a question that the article no longer answers, while every other
word still fits. A general table, written by hand.
"""

from __future__ import annotations

from assistant.language import stem

NEGATIONS = frozenset(
    "tidak tak bukan bukanlah belum tanpa jangan enggak nggak gak not never no none without "
    "neither nor cannot isn't aren't wasn't weren't don't doesn't didn't hasn't haven't "
    "won't".split()
)

QUALIFIERS: dict[str, frozenset[str]] = {
    word: frozenset(group.split())
    for group in (
        "sebelum sebelumnya before previously prior",
        "sesudah setelah usai pasca sejak after since following",
        "selain kecuali except besides",
    )
    for word in group.split()
}
"""A word that narrows a question, and the words of which one must stand in an answer."""

_ANTONYMS = """
dukung setuju sepakat | tolak tentang lawan bantah kecam
naik tingkat tambah tumbuh | turun kurang merosot
menang kemenangan | kalah
untung laba | rugi
lahir | tinggal wafat mati
mulai awal buka | akhir tutup henti
pertama awal | terakhir
besar tinggi panjang luas banyak | kecil rendah pendek sempit sedikit
terbesar tertinggi terpanjang terluas terbanyak | terkecil terendah terpendek tersempit
tua | muda
cepat | lambat
panas | dingin
kuat | lemah
datang tiba masuk | pergi berangkat keluar
kirim beri jual ekspor | terima beli impor
serang | bela lindung
utara | selatan
timur | barat
kawan sahabat sekutu | musuh lawan
ayah suami putra | ibu istri putri
laki pria | perempuan wanita
herbivora | karnivora
positif | negatif
"""


def _antonyms() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _ANTONYMS.strip().splitlines():
        left, right = ({stem(word, "id") for word in side.split()} for side in line.split("|"))
        for word in left:
            table.setdefault(word, set()).update(right)
        for word in right:
            table.setdefault(word, set()).update(left)
    return {word: frozenset(others) for word, others in table.items()}


ANTONYMS: dict[str, frozenset[str]] = _antonyms()
"""Indonesian stem -> the stems that say the opposite."""
