"""What a question asks for: a person, a time, a place, a quantity, …

The first question word decides, with the noun beside it ("tahun berapa", "which city").
"Apakah" is "what" before a noun phrase and "whether" before a clause; see `_is_polar`.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import StrEnum

from assistant.types import Language


class QuestionKind(StrEnum):
    """What kind of answer a question asks for."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    QUANTITY = "quantity"
    REASON = "reason"
    MANNER = "manner"
    THING = "thing"
    POLAR = "polar"
    OTHER = "other"


# One group a kind, tried in this order at each place; the leftmost match wins. A length of
# time ("berapa lama", "how long") is a quantity: its answer is a number, not a date.
_INDONESIAN = re.compile(
    r"""\b(?:
    (?P<reason>
        mengapa(?:kah)? | kenapa(?:kah)? | ngapain
      | apa(?:kah)?(?:\ yang)?(?:\ men)??\ ?(?:sebab\w*|alasan\w*|penyebab\w*|menyebabkan|mendasari)
      | apa(?:kah)?\ yang\ membuat | (?:kar[e]na|sebab|atas\ dasar)\ apa(?:kah)?
    )
  | (?P<time>
        kapan(?:kah|pun)? | bilamana(?:kah)? | bila(?:kah)?(?=\ \w+\ \w+\ (?:di|ter))
      | (?:tahun|tanggal|bulan|hari|pukul|jam|abad|dekade|era|periode|zaman|masa)
        (?:\ ke)?[\ -]?(?:berapa|apa|mana)(?:kah)?
      | (?:apa|berapa)(?:kah)?\ (?:tanggal|tahun\ (?:(?:ber|di|ter)\w{4}|kelahiran|kematian)\w*)
    )
  | (?P<place>
        (?:di|ke|dari)\ ?man[ae](?:kah|pun)?
      | (?:(?:di|dari|ke|pada)\ )?
        (?:negara|kota|provinsi|kabupaten|kecamatan|desa|pulau|benua|daerah|wilayah|tempat|lokasi
          |kawasan|distrik|negeri|ibu\ ?kota|gedung|bandara|pelabuhan|selat|laut|sungai)
        (?:\ bagian)?\ (?:mana|apa)(?:kah)?
      | apa(?:kah)?\ (?:nama\ )?ibu\ ?kota
    )
  | (?P<quantity>
        (?:se)?berap[ae](?:kah)?
      | apa(?:kah)?\ (?:jumlah|luas|tinggi|panjang|populasi|persentase|banyak)
    )
  | (?P<person> siapa(?:kah|pun)? | sapa(?:kah)? )
  | (?P<manner> bagaimana(?:kah)? | gimana | dengan\ cara\ apa | cara\ apa )
  | (?P<thing> apa(?:kah)? | mana(?:kah)? | yang\ mana(?:kah)? )
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"""\b(?:
    (?P<reason>
        why | how\ come
      | (?:what|which)\ (?:(?:is|was|were|are)\ )?(?:the\ )?(?:\w+\ )?(?:reason|cause)s?
      | what\ (?:caused|causes|led\ to) | for\ what\ reason
    )
  | (?P<time>
        when
      | (?:what|which)\ (?:(?:is|was)\ the\ )?(?:exact\ |same\ )?
        (?:year|date|day|month|time|century|decade|period|era)s?
      | how\ (?:long\ ago|soon|recently)
    )
  | (?P<quantity>
        how\ (?:many|much|often|far|big|large|high|tall|long|old|deep|fast|heavy|wide|hot|cold
          |close)
      | at\ what\ (?:age|speed|temperature|rate)
      | (?:what|which)\ (?:(?:is|was|were|are)\ the\ )?(?:\w+\ )?
        (?:number|percentage|percent|share|amount|proportion|population|area|height|length|total|cost
          |price|size|temperature|distance|weight|age|rate|depth|width|speed|value|fraction)
    )
  | (?P<place>
        where(?:abouts)?
      | (?:what|which)\ (?:\w+\ )??
        (?:city|country|state|place|province|island|continent|region|town|village|nation|cities
          |countries|location|river|district|county|airport|building)s?
      | what\ (?:is|was)\ the\ capital
    )
  | (?P<person>
        who | whom | whose
      | which\ (?:\w+\ )??
        (?:person|people|president|leader|king|queen|minister|author|writer|director|player|actor|actress|singer|scientist|general|emperor|founder|pope|official)s?
    )
  | (?P<manner> how | in\ what\ way )
  | (?P<thing> what | whats | which )
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
# "When Putin came, what did he say?" asks what: the clause before the comma is a condition.
_CLAUSE_FIRST = re.compile(
    r"^\W*(?:when|where|while|if|after|as|bila|bilamana|kapan pun)\b[^?]*?,\s*"
    r"(?=(?:(?:in|at|on|to|from|by)\s)?"
    r"(?:who|whom|whose|what|which|when|where|why|how|did|does|is|was|were|are|siapa|apa|kapan|"
    r"berapa|di ?mana|mengapa|bagaimana)\w*\b)",
    re.IGNORECASE,
)
_ENGLISH_POLAR = re.compile(
    r"\W*(?:and |but |so )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|"
    r"should|shall|may|might|must|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|"
    r"won't|can't)\b(?!.*\bor\b.*\bwh)",
    re.IGNORECASE,
)
_INDONESIAN_POLAR = re.compile(
    r"\W*(?:lalu |dan |jadi |terus )?(?:benarkah|betulkah|adakah|bisakah|dapatkah|bolehkah|"
    r"sudahkah|pernahkah|masihkah|akankah|haruskah|perlukah|mungkinkah|tidakkah|bukankah|"
    r"mampukah|maukah|(?:benar|betul) (?:tidak|gak|nggak))\b",
    re.IGNORECASE,
)
_APAKAH = re.compile(r"\bapakah\s+(.*)", re.IGNORECASE | re.DOTALL)
# Words that open or carry a clause: an auxiliary, a negation, a pronoun as the subject.
_CLAUSE = frozenset(
    """
    benar betul ada mungkin bisa boleh dapat akan sudah telah masih pernah sedang harus perlu kita
    kami saya anda dia ia mereka kamu aku tidak belum bukan mau ingin mampu jadi adalah merupakan
    punya cocok sama setuju tetap juga hanya
    """.split()
)
_VERB = re.compile(r"(?:me(?:ny|ng|m|n|l|r|w|y)\w{3,}|ber\w{4,}|di\w{2,}(?:kan|i|a|u|n|h|t|p|r|s))")
_NOT_VERBS = frozenset(
    """
    media mesin menteri medan meter merek merah metode meja mentega menara merpati menu merdeka
    berita berat berlian beras beruang berkas berapa bersama berbagai berikut bernama berasal
    dinasti diri dialek digital dinding disiplin distrik diktator diplomat direktur dingin dimensi
    dinas divisi disket diagram dialog diameter dimaksud diameternya digunakan disebut dari dirinya
    mental mentri melayu merkuri meninggal bermain didunia didalam diluar diatas ditengah dibawah
    """.split()
)
# A first noun that asks for a definition or a property: never the subject of a clause.
_PROPERTIES = frozenset(
    """
    nama arti makna maksud pengertian definisi jenis kegunaan manfaat fungsi tujuan bahan latar
    contoh ciri bentuk warna judul gelar julukan lambang semboyan mata isi hasil akibat dampak
    perbedaan persamaan kepanjangan singkatan ras tokoh
    """.split()
)
_STOPS_SEARCH = frozenset("yang untuk dari bagi pada oleh".split())
_QUESTION_WORDS = (
    "dimanakah dimana siapakah siapa berapakah berapa apakah kapankah kapan mengapa bagaimana "
    "bagaimanakah kenapa"
).split()


def question_kind(question: str, language: Language) -> QuestionKind:
    """The kind of answer that `question` asks for; OTHER where it isn't a known question."""
    asked = _CLAUSE_FIRST.sub("", question, count=1)
    if language == "en":
        if _ENGLISH_POLAR.match(asked):
            return QuestionKind.POLAR
        return _leftmost(_ENGLISH.search(asked))
    if _INDONESIAN_POLAR.match(asked):
        return QuestionKind.POLAR
    match = _INDONESIAN.search(asked)
    if match is None:
        match = _INDONESIAN.search(_mended(asked))
    kind = _leftmost(match)
    if kind is QuestionKind.THING and _is_polar(asked):
        return QuestionKind.POLAR
    return kind


def _leftmost(match: re.Match[str] | None) -> QuestionKind:
    return QuestionKind(match.lastgroup) if match and match.lastgroup else QuestionKind.OTHER


def _mended(question: str) -> str:
    """The question with a misspelt first word put right ("berapkah", "dimnakah")."""
    first, _, rest = question.strip().partition(" ")
    close = get_close_matches(first.lower(), _QUESTION_WORDS, n=1, cutoff=0.8)
    return f"{close[0]} {rest}" if close and len(first) > 4 else question


def _is_polar(question: str) -> bool:
    """Whether "apakah" asks yes or no: a clause follows, not a noun phrase.

    "Apakah Rusia menyerang?" has a subject and a verb; "Apakah lagu pertama X?", "Apakah alat
    yang digunakan …?" name a thing. Looks for an auxiliary, a pronoun or a verb before the
    first relative "yang" or preposition, and takes a name as a subject when words follow it.
    """
    match = _APAKAH.match(question.lstrip("\"'“‘ "))
    if match is None:
        return False
    words = re.findall(r"[^\W\d_]+", match.group(1))
    if not words:
        return False
    first = words[0].lower()
    if first in _PROPERTIES:
        return False
    if first in _CLAUSE or (first in ("ini", "itu") and len(words) > 1 and words[1].islower()):
        return first != "itu" or words[1] in _CLAUSE or bool(_VERB.fullmatch(words[1]))
    for word in words[:8]:
        lowered = word.lower()
        if lowered in _STOPS_SEARCH:
            break
        if lowered in _CLAUSE or (lowered not in _NOT_VERBS and _VERB.fullmatch(lowered)):
            return True
    return words[0][0].isupper() and any(
        word.islower() and word not in _STOPS_SEARCH and word not in ("dan", "di", "ke")
        for word in words[1:]
    )
