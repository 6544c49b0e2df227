"""Names that differ between Indonesian and English, and the key that both share.

A general table: countries with their demonyms and short forms, a few capitals and regions,
international bodies. Keys are plain lower-case English names. Written by hand; not complete,
and nothing in it is taken from any one collection of articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# key: other names in either language, separated by commas. Case matters for short forms only
# in that every entry is looked up among capitalised words.
_TABLE = """
afghanistan: afganistan, afghan
albania: albanian
algeria: aljazair, algerian
angola: angolan
argentina: argentine, argentinian
armenia: armenian
australia: australian, aussie
austria: austrian
azerbaijan: azerbaijani
bahrain: bahraini
bangladesh: bangladeshi
belarus: belarusia, belarusian
belgium: belgia, belgian
bolivia: bolivian
bosnia and herzegovina: bosnia dan herzegovina, bosnia, bosnia herzegovina, bosnian
brazil: brasil, brazilian
brunei: brunei darussalam, bruneian
bulgaria: bulgarian
cambodia: kamboja, cambodian
cameroon: kamerun, cameroonian
canada: kanada, canadian
central african republic: republik afrika tengah
chad: chadian
chile: cile, chili, chilean
china: cina, tiongkok, chinese, republik rakyat tiongkok, rrt, rrc, prc, republik rakyat china
china: people's republic of china
colombia: kolombia, colombian
congo: kongo, congolese
costa rica: kosta rika, costa rican
croatia: kroasia, croatian
cuba: kuba, cuban
cyprus: siprus, cypriot
czech republic: republik ceko, ceko, czechia, czech
denmark: danish, dane
dominican republic: republik dominika
ecuador: ekuador, ecuadorian
egypt: mesir, egyptian
equatorial guinea: guinea khatulistiwa
estonia: estonian
ethiopia: etiopia, ethiopian
fiji: fijian
finland: finlandia, finnish
france: prancis, perancis, french
gabon: gabonese
georgia: georgian
germany: jerman, german
ghana: ghanaian
greece: yunani, greek
greenland: greenlandic
haiti: haitian
honduras: honduran
hungary: hungaria, hongaria, hungarian
iceland: islandia, icelandic
india: indian
indonesia: indonesian, republik indonesia
iran: iranian
iraq: irak, iraqi
ireland: irlandia, irish
israel: israeli
italy: italia, italian
ivory coast: pantai gading, cote d'ivoire
jamaica: jamaika, jamaican
japan: jepang, japanese
jordan: yordania, jordanian
kazakhstan: kazakh
kenya: kenyan
kuwait: kuwaiti
kyrgyzstan: kirgizstan, kirgistan, kyrgyz
laos: lao, laotian
latvia: latvian
lebanon: libanon, lebanon, lebanese
liberia: liberian
libya: libia, libyan
lithuania: lituania, lithuanian
luxembourg: luksemburg
madagascar: madagaskar, malagasy
malaysia: malaysian
maldives: maladewa, maldivian
mali: malian
mauritania: mauritanian
mexico: meksiko, mexican
moldova: moldovan
mongolia: mongolian
montenegro: montenegrin
morocco: maroko, moroccan
mozambique: mozambik, mozambican
myanmar: burma, burmese
namibia: namibian
nepal: nepali, nepalese
netherlands: belanda, dutch, holland
new zealand: selandia baru
nicaragua: nikaragua, nicaraguan
niger: nigerien
nigeria: nigerian
north korea: korea utara, korut, dprk, north korean, republik rakyat demokratik korea
north korea: republik demokratik rakyat korea, democratic people's republic of korea, rrdk
north macedonia: makedonia utara
norway: norwegia, norwegian
oman: omani
pakistan: pakistani
palestine: palestina, palestinian
panama: panamanian
papua new guinea: papua nugini
paraguay: paraguayan
peru: peruvian
philippines: filipina, filipino, philippine
poland: polandia, polish
portugal: portuguese, portugis
qatar: qatari
romania: rumania, romanian
russia: rusia, russian, federasi rusia, russian federation
rwanda: rwandan
saudi arabia: arab saudi, saudi, saudi arabian
senegal: senegalese
serbia: serbian
sierra leone: sierra leonean
singapore: singapura, singaporean
slovakia: slowakia, slovak
slovenia: slovenian
somalia: somali
south africa: afrika selatan, afsel, south african
south korea: korea selatan, korsel, rok, south korean, republik korea, republic of korea
south sudan: sudan selatan
soviet union: uni soviet, soviet, ussr
spain: spanyol, spanish
sri lanka: srilanka, sri lankan
sudan: sudanese
sweden: swedia, swedish
switzerland: swiss
syria: suriah, syrian
taiwan: taiwanese
tajikistan: tajik
tanzania: tanzanian
thailand: thai
east timor: timor leste, timor-leste, timor timur, timorese
tunisia: tunisian
turkey: turki, turkish, turkiye, türkiye
turkmenistan: turkmen
uganda: ugandan
ukraine: ukraina, ukrainian
united arab emirates: uni emirat arab, uea, uae, emirati
united kingdom: inggris raya, inggris, britania raya, britania, uk, u.k, britain, great britain
united kingdom: british, kerajaan inggris, england, english
united states: amerika serikat, amerika, as, a.s, us, u.s, usa, u.s.a, america, american
united states: united states of america
uruguay: uruguayan
uzbekistan: uzbek
vatican: vatikan, holy see, takhta suci
venezuela: venezuelan
vietnam: vietnamese, viet nam
west germany: jerman barat
east germany: jerman timur
yemen: yaman, yemeni
zambia: zambian
zimbabwe: zimbabwean
africa: afrika, african
asia: asian
europe: eropa, european
antarctica: antartika, antarktika, antarctic
caribbean: karibia
north america: amerika utara, north american
south america: amerika selatan, south american
latin america: amerika latin, latin american
central america: amerika tengah
oceania: oseania
middle east: timur tengah, middle eastern
southeast asia: asia tenggara, southeast asian
east asia: asia timur, east asian
northeast asia: asia timur laut, northeast asian
central asia: asia tengah
south asia: asia selatan, south asian
western europe: eropa barat
eastern europe: eropa timur
korean peninsula: semenanjung korea
indo-pacific: indo-pasifik, indo pacific, indo pasifik
pacific: pasifik, pacific ocean, samudra pasifik, samudera pasifik
atlantic: atlantik, atlantic ocean, samudra atlantik, samudera atlantik
indian ocean: samudra hindia, samudera hindia, lautan hindia
mediterranean: mediterania, laut tengah, mediterranean sea, laut mediterania
black sea: laut hitam
red sea: laut merah
south china sea: laut china selatan, laut cina selatan, laut tiongkok selatan
crimea: krimea, crimean
chechnya: chechen
hong kong: hongkong
java: jawa, javanese
sumatra: sumatera, sumatran
borneo: kalimantan
sulawesi: celebes
moluccas: maluku
west java: jawa barat, jabar
central java: jawa tengah, jateng
east java: jawa timur, jatim
moscow: moskow, moskwa, moskva
beijing: peking
tokyo: tokio
cairo: kairo
athens: athena
rome: roma, roman, romawi
venice: venesia
vienna: wina
warsaw: warsawa
lisbon: lisboa, lisabon
brussels: brussel
geneva: jenewa
copenhagen: kopenhagen
prague: praha
bucharest: bukares
budapest: budapes
belgrade: beograd
kyiv: kiev, kyiv
jerusalem: yerusalem
damascus: damaskus
baghdad: bagdad
tehran: teheran
riyadh: riyad
mecca: mekah, makkah, mekkah
medina: madinah
mexico city: kota meksiko
new york: kota new york, new york city
singapore strait: selat singapura
united nations: pbb, un, u.n, perserikatan bangsa-bangsa, perserikatan bangsa bangsa
security council: dewan keamanan, dk
human rights council: dewan hak asasi manusia, dewan ham
general assembly: majelis umum
european union: uni eropa, eu, ue, e.u
african union: uni afrika
arab league: liga arab
nato: pakta pertahanan atlantik utara, north atlantic treaty organization
asean: association of southeast asian nations, perhimpunan bangsa-bangsa asia tenggara
who: organisasi kesehatan dunia, world health organization
world bank: bank dunia
imf: dana moneter internasional, international monetary fund
wto: organisasi perdagangan dunia, world trade organization
icc: mahkamah pidana internasional, international criminal court
white house: gedung putih
capitol: gedung capitol
red cross: palang merah
west: barat, western
world war i: perang dunia i, perang dunia pertama, first world war, pd i
world war ii: perang dunia ii, perang dunia kedua, second world war, pd ii
cold war: perang dingin
olympics: olimpiade, olympic games, olympic, pesta olimpiade
world cup: piala dunia
islam: islamic, islami
hezbollah: hizbullah
taliban: thaliban
al qaeda: al qaida, alqaidah
scotland: skotlandia, scottish
wales: welsh
earth: bumi
senate: senat
house of representatives: dpr, dewan perwakilan rakyat
state department: departemen luar negeri as, deplu as
pentagon: departemen pertahanan as
korea: korean
muslim: moslem
christian: kristen, kristiani
catholic: katolik
buddhist: buddha, budha
hindu: hinduism
jewish: yahudi, jew
arab: arabic, arabian
quran: al-qur'an, alquran, qur'an, al qur'an, koran
bible: alkitab
christmas: natal
napoleon: napoleon bonaparte
aristotle: aristoteles
plato: platon
jesus: yesus, isa
muhammad: mohammad, mohammed
zelenskyy: zelensky, zelenskiy
volodymyr zelenskyy: volodymyr zelensky, volodymyr zelenskiy, vladimir zelensky
"""


def _aliases() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        key, _, others = line.partition(":")
        for name in (key, *others.split(",")):
            folded = " ".join(name.replace("-", " ").replace(".", " ").split())
            table.setdefault(folded, key.replace("-", " "))
    return table


_PARTS = """
utara: north
selatan: south
timur: east
barat: west
tenggara: southeast
tengah: central
pusat: central
northern: north
southern: south
eastern: east
western: west
kota: city
sungai: river
kali: river
danau: lake
gunung: mount
mountain: mount
mt: mount
pulau: island
kepulauan: islands
teluk: bay
gulf: bay
selat: strait
laut: sea
samudra: ocean
samudera: ocean
gurun: desert
hutan: forest
lembah: valley
tanjung: cape
benua: continent
semenanjung: peninsula
universitas: university
institut: institute
sekolah: school
akademi: academy
partai: party
buruh: labour
labor: labour
demokrat: democratic
demokratik: democratic
republik: republic
kerajaan: kingdom
kekaisaran: empire
kesultanan: sultanate
dinasti: dynasty
provinsi: province
kabupaten: regency
kecamatan: district
distrik: district
kementerian: ministry
departemen: department
dewan: council
majelis: assembly
mahkamah: court
pengadilan: court
badan: agency
komisi: commission
komite: committee
organisasi: organization
organisation: organization
persatuan: union
uni: union
serikat: union
asosiasi: association
perhimpunan: association
yayasan: foundation
institusi: institution
perusahaan: company
perang: war
pertempuran: battle
perjanjian: treaty
konferensi: conference
revolusi: revolution
stasiun: station
bandara: airport
pelabuhan: port
jembatan: bridge
jalan: street
jl: street
st: street
gedung: building
perpustakaan: library
gereja: church
masjid: mosque
kuil: temple
candi: temple
istana: palace
benteng: fort
menara: tower
taman: park
stadion: stadium
piala: cup
liga: league
klub: club
tim: team
nasional: national
internasional: international
dunia: world
kamp: camp
sosialis: socialist
komunis: communist
rakyat: people's
pekerja: workers
worker: workers
baru: new
besar: great
raya: great
agung: great
tua: old
of:
the:
dan:
and:
di:
"""


# Name as written (lower case, hyphens as spaces) to its key.
ALIASES: Mapping[str, str] = MappingProxyType(_aliases())
LONGEST_ALIAS = max(len(name.split()) for name in ALIASES)

# Common parts of names, Indonesian or variant English, to one English word; "" drops it.
COMMON_PARTS: Mapping[str, str] = MappingProxyType(
    {
        name: part.strip()
        for name, _, part in (line.partition(":") for line in _PARTS.split("\n"))
        if name
    }
)
