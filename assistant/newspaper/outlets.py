"""Names of places and news outlets, as datelines and bylines carry them.

General tables, written by hand and not complete: an outlet that isn't listed is known by
its domain or by a word such as "Times"; a place that isn't listed opens no dateline.
"""

from __future__ import annotations

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in listed.split(","))


_CITIES = _names("""
jakarta, bandung, surabaya, medan, semarang, yogyakarta, jogja, denpasar, makassar, palembang,
bogor, depok, tangerang, bekasi, solo, surakarta, malang, padang, pekanbaru, batam, balikpapan,
samarinda, banjarmasin, pontianak, palangkaraya, palangka raya, manado, kendari, palu,
gorontalo, mamuju, ambon, ternate, sofifi, jayapura, manokwari, sorong, merauke, timika, nabire,
kupang, mataram, bima, ende, maumere, banda aceh, lhokseumawe, bengkulu, jambi, pangkalpinang,
bandar lampung, bandarlampung, lampung, serang, cilegon, cirebon, tasikmalaya, sukabumi, garut,
cianjur, karawang, purwakarta, subang, indramayu, tegal, pekalongan, purwokerto, magelang,
salatiga, kudus, klaten, sleman, bantul, gunungkidul, kulon progo, kediri, madiun, jember,
banyuwangi, probolinggo, pasuruan, sidoarjo, gresik, lamongan, tuban, bojonegoro, blitar,
tulungagung, mojokerto, tanjungpinang, tanjung pinang, dumai, tarakan, nusantara, sanur, ubud,
labuan bajo, brebes, demak, boyolali, sragen, wonogiri, ngawi, cilacap, banyumas, kebumen,
washington, washington dc, new york, los angeles, chicago, san francisco, houston, boston,
miami, london, paris, berlin, rome, roma, madrid, lisbon, lisabon, vienna, wina, brussels,
brussel, geneva, jenewa, zurich, amsterdam, the hague, den haag, copenhagen, stockholm, oslo,
helsinki, warsaw, warsawa, prague, praha, budapest, bucharest, athens, athena, istanbul, ankara,
kyiv, kiev, moscow, moskow, moskwa, st petersburg, minsk, vladivostok, tbilisi, baku, yerevan,
jerusalem, yerusalem, tel aviv, gaza, ramallah, beirut, damascus, damaskus, baghdad, tehran,
teheran, riyadh, jeddah, mecca, makkah, mekah, medina, madinah, doha, dubai, abu dhabi, kuwait
city, muscat, sanaa, amman, cairo, kairo, tripoli, tunis, algiers, rabat, khartoum, addis ababa,
nairobi, lagos, abuja, accra, johannesburg, pretoria, cape town, kabul, islamabad, karachi,
lahore, new delhi, delhi, mumbai, kolkata, dhaka, colombo, kathmandu, yangon, naypyitaw,
bangkok, phnom penh, vientiane, hanoi, ho chi minh city, kuala lumpur, putrajaya, singapore,
singapura, manila, bandar seri begawan, dili, beijing, shanghai, hong kong, hongkong, taipei,
tokyo, osaka, hiroshima, seoul, busan, pyongyang, sydney, melbourne, canberra, perth, brisbane,
wellington, auckland, port moresby, suva, ottawa, toronto, montreal, vancouver, mexico city,
havana, caracas, bogota, lima, santiago, buenos aires, brasilia, rio de janeiro, sao paulo,
dublin, edinburgh, belfast, davos, nusa dua, strasbourg
""")
# What follows a city's comma without being an outlet.
REGIONS = _names("""
indonesia, as, a.s, us, u.s, usa, uk, inggris, england, scotland, south korea, north korea,
korea selatan, korea utara, korsel, korut, rusia, russia, ukraina, ukraine, jepang, japan,
china, cina, tiongkok, india, australia, malaysia, filipina, philippines, prancis, france,
jerman, germany, italia, italy, spanyol, spain, israel, palestina, gaza, iran, irak, iraq,
suriah, syria, lebanon, mesir, egypt, turki, turkey, arab saudi, saudi arabia, qatar, brasil,
brazil, kanada, canada, meksiko, mexico, belanda, belgia, swiss, switzerland, jawa barat, jawa
tengah, jawa timur, jabar, jateng, jatim, bali, papua, aceh, banten, ntt, ntb, riau, kepri,
lampung, sumatera utara, sumatera barat, sumut, sumbar, sumsel, kalimantan timur, kaltim,
kalbar, kalsel, sulawesi selatan, sulsel, sulut, maluku, diy, dki jakarta, d.c, dc, n.y, calif,
texas, florida
""")
_OUTLETS = _names("""
reuters, ap, associated press, the associated press, afp, agence france-presse, antara, antara
news, antaranews, bloomberg, xinhua, kyodo, kyodo news, yonhap, tass, kcna, sputnik, anadolu,
anadolu agency, dpa, efe, ansa, upi, ani, pti, bernama, bbc, bbc news, bbc indonesia, bbc news
indonesia, cnn, cnn indonesia, cnbc, cnbc indonesia, voa, voa indonesia, voa news, dw, dw
indonesia, abc, abc news, abc indonesia, nhk, rt, al jazeera, aljazeera, al arabiya, idn times,
kompas, kompas tv, tempo, detik, detikcom, detiknews, detikfinance, republika, okezone,
sindonews, sindo, liputan6, tribunnews, tribun, tribunjakarta, merdeka, viva, vivanews, jpnn,
kumparan, tirto, tirto.id, kontan, bisnis indonesia, beritasatu, medcom, metro tv, inews, media
indonesia, jawa pos, jawapos, pikiran rakyat, the jakarta post, jakarta post, jakarta globe,
katadata, rri, tvri, rmol, mongabay, harian jogja, solopos, suara merdeka, suara pembaruan, kbr,
hukumonline, the guardian, guardian, the new york times, new york times, the washington post,
washington post, nikkei, nikkei asia, financial times, the economist, the straits times, the
times, sky news, fox news, nbc news, cbs news, politico, axios, npr, euronews, france 24, the
korea times, the korea herald, korea herald, rodong sinmun, south china morning post, scmp,
global times
""")
_DOMAIN = re.compile(
    r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|co|id|net|org|tv|news|info|co\.id|or\.id)$",
    re.IGNORECASE,
)
_OUTLET_WORD = re.compile(
    r"(?:^|\s)(?:times|news|newspaper|post|press|herald|tribune|daily|gazette|magazine|radio|tv"
    r"|online|media|kompas|tempo|tribun|kontan|harian|pos)$",
    re.IGNORECASE,
)


def is_outlet(name: str) -> bool:
    """Whether a few words name a news outlet: a known one, a domain, "… Times"."""
    plain = name.strip().lower()
    if not plain or len(plain) > 40 or len(plain.split()) > 5:
        return False
    if plain in _OUTLETS:
        return len(plain) > 4 or " " in plain or name.strip().isupper()
    if _DOMAIN.match(plain):
        return True
    return name[0].isupper() and bool(_OUTLET_WORD.search(plain)) and len(plain.split()) > 1


def is_domain(name: str) -> bool:
    """Whether `name` is a site's address: "KOMPAS.com", "TEMPO.CO"."""
    return bool(_DOMAIN.match(name))


def is_place(name: str) -> bool:
    """Whether `name` is a city that datelines name."""
    return name.strip(" .").lower() in _CITIES
