"""Everyday words that Indonesian and English newsrooms use for one another.

A general table, written by hand: short forms, and near-synonyms that a question uses where
an article uses another. It widens what is searched, at a lower weight than the word itself;
it never decides whether a sentence supports another.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_GROUPS = """
kemlu, kemenlu, kementerian luar negeri
menlu, menteri luar negeri
kemhan, kemenhan, kementerian pertahanan
menhan, menteri pertahanan
menkeu, menteri keuangan
mendag, menteri perdagangan
wamenlu, wakil menteri luar negeri
deplu, departemen luar negeri
dk pbb, dewan keamanan pbb, dewan keamanan
ham, hak asasi manusia
ktt, konferensi tingkat tinggi, pertemuan puncak
jubir, juru bicara
capres, calon presiden
cawapres, calon wakil presiden
pilpres, pemilihan presiden
pemilu, pemilihan umum
pilkada, pemilihan kepala daerah
dpr, dewan perwakilan rakyat
mk, mahkamah konstitusi
ma, mahkamah agung
kpk, komisi pemberantasan korupsi
kapolri, kepala polri
polri, kepolisian
tni, tentara nasional indonesia
alutsista, senjata
bbm, bahan bakar minyak
phk, pemutusan hubungan kerja
umkm, usaha mikro kecil dan menengah
pdb, produk domestik bruto
apbn, anggaran pendapatan dan belanja negara
uu, undang undang
rs, rumah sakit
sd, sekolah dasar
univ, universitas
ortu, orang tua
sekjen, sekretaris jenderal
dirjen, direktur jenderal
dubes, duta besar
kedubes, kedutaan besar
ultah, ulang tahun, hari jadi
medsos, media sosial
koran, surat kabar, harian
berita, kabar
senjata, persenjataan
peluru, amunisi
misil, rudal
perang, konflik, pertempuran
serangan, invasi, agresi
teman, sahabat, kawan
bersahabat, berteman
bertemu, berjumpa
pertemuan, pembicaraan
naik, meningkat, bertambah, tumbuh
turun, menurun, berkurang, merosot
kenaikan, peningkatan, pertumbuhan
perdagangan, dagang, niaga
omzet, omset, perputaran
perjanjian, kesepakatan, pakta, traktat
menandatangani, meneken
setuju, sepakat, menyetujui, menyepakati
menolak, menentang, membantah, menampik
kritik, kecaman, mengkritik, mengecam, mengutuk
tuduhan, tudingan, dakwaan
menuduh, menuding
khawatir, cemas, prihatin
berkunjung, mengunjungi, melawat, datang
kunjungan, lawatan
tiba, datang, sampai
menyambut, menerima, menjemput
mengirim, memasok, menyediakan
pengiriman, pasokan
membantu, menolong, mendukung
bantuan, pertolongan, dukungan
pemimpin, ketua, kepala
presiden, kepala negara
wakil, deputi
bos, pemimpin, pimpinan
ekonomi, perekonomian
uang, dana
harga, biaya
wafat, meninggal, tewas, gugur, almarhum, mati
lahir, kelahiran
istri, suami, pasangan
anak, putra, putri
bapak, ayah
ibu, ibunda
besar, raksasa
cuma, hanya
bikin, membuat, menyebabkan
ngomong, bicara, berkata, mengatakan
bilang, kata, mengatakan, menyebut, menyatakan, menegaskan
tulis, menulis, menuliskan
nama, sebutan, julukan
arti, makna, maksud
didirikan, dibentuk, dibangun
pendiri, pembentuk
letak, terletak, berada, lokasi
luas, seluas
pakar, ahli
warga, penduduk, rakyat
mobil, kendaraan
sekolah, pendidikan
laut, maritim, bahari
tahun lalu, tahun sebelumnya
"""


def _synonyms() -> dict[str, tuple[str, ...]]:
    table: dict[str, set[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = [name.strip() for name in line.split(",")]
        for name in group:
            table.setdefault(name, set()).update(other for other in group if other != name)
    return {name: tuple(sorted(others)) for name, others in table.items()}


SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(_synonyms())
"""Case-folded word or phrase -> the others of its groups."""

LONGEST_SYNONYM = max(len(name.split()) for name in SYNONYMS)
"""Words in the longest entry."""
