"""Facts in a text that can be compared: dates, numbers, names and negations.

Values are normalised so that the same fact has the same value in Indonesian and English:

    date      "2019-04-25"; parts that aren't given are left out or dashed: "2019-04", "2019",
              "--04-25", "--04"; "199x" a decade, "c17" a century, "w2" a weekday (1 is Monday),
              "t10:30" a time of day
    number    a plain decimal, "1500000", "9.5"; "54%" a percentage, "9x" a multiple,
              "#3" an ordinal
    name      lower case, hyphens as spaces; countries and the like by their key in `gazetteer`
    negation  "not"

`agrees` compares two values as a reader would: "April 2019" goes with "25 April 2019".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from assistant.gazetteer import ALIASES, LONGEST_ALIAS
from assistant.sentences import sentences
from assistant.stopwords import STOP_WORDS
from assistant.types import Language

EntityKind = Literal["date", "number", "name", "negation"]


@dataclass(frozen=True, slots=True)
class Entity:
    """One fact: its kind, its place in the text (code points, end exclusive), its value."""

    kind: EntityKind
    start: int
    end: int
    value: str


# --- dates -----------------------------------------------------------------------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb pebruari", "maret march mar mrt",
            "april apr", "mei may", "juni june jun", "juli july jul",
            "agustus august aug agt agu", "september sep sept", "oktober october okt oct",
            "november nov nopember nop", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin monday", "selasa tuesday", "rabu wednesday", "kamis thursday",
            "jumat jum'at friday", "sabtu saturday", "minggu ahad sunday",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:1\d{3}|20\d{2}|2100)"
_DATE = re.compile(
    rf"""(?<![\w.,/-])(?:
      (?P<iso>(?P<iy>{_YEAR})-(?P<im>0\d|1[0-2])-(?P<id>[0-3]\d))(?![\w-])
    | (?P<num>(?P<nd>\d{{1,2}})(?P<ns>[/.-])(?P<nm>\d{{1,2}})(?P=ns)(?P<ny>{_YEAR}))(?![\w/-])
    | (?P<dmy>(?P<dd>{_DAY})(?:st|nd|rd|th)?(?:\ of)?[ ](?P<dm>{_MONTH})\b\.?,?(?:[ ](?P<dy>{_YEAR})\b)?)
    | (?P<mdy>(?P<mm>{_MONTH})\b\.?[ ](?P<md>{_DAY})(?:st|nd|rd|th)?\b(?!\ ?%)(?:,?[ ](?P<my>{_YEAR})\b)?)
    | (?P<ym>(?P<ymm>{_MONTH})\b\.?,?[ ](?:tahun\ )?(?P<ymy>{_YEAR})\b)
    | (?P<decade>(?P<dec>(?:1\d|20)\d)0(?:-?an|['’]?s)\b)
    | (?P<century>abad\ (?:ke[ -]?)?(?P<cen>\d{{1,2}}|[IVX]+)\b | (?P<cen2>\d{{1,2}})(?:st|nd|rd|th)[ -]century\b)
    | (?P<time>(?:(?:pukul|jam)\ (?P<th>[01]?\d|2[0-4])(?:[.:](?P<tm>[0-5]\d))?\b(?!\ jam)
        | (?P<th2>[01]?\d|2[0-4])[.:](?P<tm2>[0-5]\d)\ (?:WIB|WITA|WIT|GMT|UTC)\b
        | (?P<th3>1[0-2]|0?[1-9])(?:[.:](?P<tm3>[0-5]\d))?\ ?(?P<ap>[ap])\.?m\b\.?))
    | (?P<month>(?P<mon>{_MONTH})\b)
    | (?P<weekday>(?P<wd>{"|".join(_WEEKDAYS)})\b)
    | (?P<year>{_YEAR})(?![\w%]|[.,]\d|[-/]\d\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Short month names and those that are words of their own need a capital and a number beside.
_PLAIN_MONTHS = frozenset(name for name in _MONTHS if len(name) > 3) - {"march", "sept", "maret"}
_MONTH_BEFORE = re.compile(
    r"\b(?:bulan|pada|sejak|hingga|sampai|awal|akhir|pertengahan|dari|in|since|until|by|early|late|"
    r"mid|of|last|next|this|from|to|through|during)[ -]$",
    re.IGNORECASE,
)
_WEEK_BEFORE = re.compile(r"\b(?:hari|pada|malam|pagi|sore|siang|setiap|[,(])\s?$", re.IGNORECASE)
_NOT_A_YEAR_BEFORE = re.compile(
    r"(?:\b(?:rp|usd|us|idr|no|nomor|number|sebanyak|sebesar|setinggi|sepanjang|seluas|sekitar|"
    r"kurang|lebih|hampir|about|over|nearly|almost|some|pasal|us\$)\.?|[$€£])\s?$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s?(?:orang|jiwa|kk|km|m|meter|kilometer|mil|mile|miles|meters|metres|kg|ton|tons|tonnes|gram|"
    r"hektar|hektare|ha|acres?|buah|unit|ekor|kali|rupiah|dolar|dollars?|people|persons?|men|women|"
    r"soldiers|tentara|prajurit|pasukan|kursi|seats|halaman|pages|kata|words|watt|volt|mw|hz|mhz|ribu|"
    r"juta|miliar|thousand|million|billion|persen|per\s?cent|derajat|mdpl|kaki|feet|ft|cc|rpm|tahun|"
    r"years|hari|days|jam|hours|bulan|months|menit|minutes|siswa|students|kepala|rumah|desa|species|"
    r"spesies)\b",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


def _roman(text: str) -> int:
    total = 0
    values = [_ROMAN[letter] for letter in text.lower()]
    for value, after in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < after else value
    return total


def _dates(text: str, language: Language) -> list[Entity]:
    found: list[Entity] = []
    for match in _DATE.finditer(text):
        value = _date_value(text, match, language)
        if value:
            end = match.end()
            while end > match.start() and text[end - 1] in ",.":
                end -= 1
            found.append(Entity("date", match.start(), end, value))
    return found


def _date_value(text: str, match: re.Match[str], language: Language) -> str | None:
    group = match.group
    start, end = match.span()
    if group("iso"):
        return _ymd(group("iy"), int(group("im")), int(group("id")))
    if group("num"):
        day, month = int(group("nd")), int(group("nm"))
        if language == "en" and month > 12 >= day:
            day, month = month, day
        return _ymd(group("ny"), month, day)
    if group("dmy"):
        return _ymd(group("dy"), _MONTHS[group("dm").lower()], int(group("dd")))
    if group("mdy"):
        return _ymd(group("my"), _MONTHS[group("mm").lower()], int(group("md")))
    if group("ym"):
        return _ymd(group("ymy"), _MONTHS[group("ymm").lower()], None)
    if group("decade"):
        return f"{group('dec')}x"
    if group("century"):
        century = group("cen") or group("cen2")
        return f"c{int(century) if century.isdigit() else _roman(century)}"
    if group("time"):
        hour = int(group("th") or group("th2") or group("th3"))
        minute = int(group("tm") or group("tm2") or group("tm3") or 0)
        if group("ap"):
            hour = hour % 12 + (12 if group("ap").lower() == "p" else 0)
        return f"t{hour:02d}:{minute:02d}"
    before = text[max(0, start - 16) : start]
    if group("month"):
        name = group("mon")
        if not name[0].isupper() or len(name) < 3:
            return None
        if name.lower() in _PLAIN_MONTHS or (
            len(name) > 2
            and name.lower() in ("maret", "mei", "may", "march")
            and _MONTH_BEFORE.search(before)
        ):
            return f"--{_MONTHS[name.lower()]:02d}"
        return None
    if group("weekday"):
        name = group("wd")
        if not name[0].isupper():
            return None
        if name.lower() == "minggu" and not (
            _WEEK_BEFORE.search(before) or text[end : end + 2] == " ("
        ):
            return None
        return f"w{_WEEKDAYS[name.lower()]}"
    if _NOT_A_YEAR_BEFORE.search(before) or _UNIT_AFTER.match(text, end):
        return None
    year = group("year")
    return year if int(year) >= 1500 or re.search(r"\b(?:tahun|in|pada)\s$", before, re.I) else None


def _ymd(year: str | None, month: int, day: int | None) -> str | None:
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    head = f"{year or '-'}-{month:02d}"
    return head if day is None else f"{head}-{day:02d}"


# --- numbers ---------------------------------------------------------------------------------

_UNITS = {
    "nol": 0, "zero": 0, "satu": 1, "one": 1, "dua": 2, "two": 2, "tiga": 3, "three": 3,
    "empat": 4, "four": 4, "lima": 5, "five": 5, "enam": 6, "six": 6, "tujuh": 7, "seven": 7,
    "delapan": 8, "eight": 8, "sembilan": 9, "nine": 9, "sepuluh": 10, "ten": 10,
    "sebelas": 11, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "ratus": 100, "hundred": 100, "ribu": 1000, "thousand": 1000, "juta": 10**6,
    "million": 10**6, "miliar": 10**9, "milyar": 10**9, "billion": 10**9, "triliun": 10**12,
    "trilyun": 10**12, "trillion": 10**12, "lusin": 12, "dozen": 12,
}  # fmt: skip
_SINGLE = {"seratus": 100, "seribu": 1000, "sejuta": 10**6, "semiliar": 10**9, "selusin": 12}
_ORDINALS = {
    "pertama": 1, "first": 1, "second": 2, "ketiga": 3, "third": 3, "keempat": 4, "fourth": 4,
    "kelima": 5, "fifth": 5, "keenam": 6, "sixth": 6, "ketujuh": 7, "seventh": 7,
    "kedelapan": 8, "eighth": 8, "kesembilan": 9, "ninth": 9, "kesepuluh": 10, "tenth": 10,
    "kesebelas": 11, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_MULTIPLES = {
    "twice": "2x", "doubled": "2x", "doubles": "2x", "double": "2x", "thrice": "3x",
    "tripled": "3x", "triple": "3x", "quadrupled": "4x",
}  # fmt: skip
_NUMBER_WORD = "|".join(
    sorted({*_UNITS, *_SCALES, *_SINGLE, "belas", "puluh"}, key=len, reverse=True)
)
_FIGURE = r"\d+(?:[.,]\d+)*"
_NUMBER = re.compile(
    rf"""(?<![\w.,-])(?:
      (?P<ordinal>ke-?(?P<ko>\d+)\b | (?P<eo>\d+)(?:st|nd|rd|th)\b | (?:{"|".join(_ORDINALS)})\b)
    | (?P<multiple>(?:{"|".join(_MULTIPLES)})\b)
    | (?P<amount>(?:(?P<figure>{_FIGURE})(?![^\W_])|(?P<words>(?:{_NUMBER_WORD})(?![^\W_](?<!fold))))
        (?P<more>(?:(?:\ and)?[ -](?:{_NUMBER_WORD})\b)*)
        (?P<unit>\ ?%|\ persen\b|\ per\ ?cent\b|\ kali(?:\ lipat)?\b|[ -]?fold\b|\ times\b)?)
    | (?P<fold>(?P<fw>{"|".join(_UNITS)})-?fold\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_IDLE_ONE = re.compile(r"(?:\b(?:salah|no|any|every|each|the|this|that|which))\s$", re.IGNORECASE)


def number_value(figure: str, language: Language) -> str | None:
    """A figure as written ("1.000", "9,5") as a plain decimal; None where it isn't one."""
    thousands, point = (".", ",") if language == "id" else (",", ".")
    digits = unicodedata.normalize("NFKC", figure)
    if re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{point}\d+)?", digits):
        digits = digits.replace(thousands, "").replace(point, ".")
    elif re.fullmatch(rf"\d{{1,3}}(?:\{point}\d{{3}}){{2,}}(?:\{thousands}\d+)?", digits):
        digits = digits.replace(point, "").replace(thousands, ".")  # the other language's habit
    elif re.fullmatch(r"\d+[.,]\d+", digits):
        digits = digits.replace(",", ".")
    elif not digits.isdecimal():
        return None
    return _plain(Decimal(digits))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _words_value(words: list[str], head: Decimal | None) -> Decimal | None:
    total, current = Decimal(0), head
    for word in words:
        if word in _SINGLE:
            total, current = total + (current or 0), Decimal(_SINGLE[word])
        elif word in _SCALES:
            scale = _SCALES[word]
            if scale >= 1000:
                total, current = total + (1 if current is None else current) * scale, None
            else:
                current = (1 if current is None else current) * scale
        elif word == "puluh":
            base = 1 if current is None else current
            current = (
                base // 10 * 10 + base % 10 * 10 if base < 10 else base - base % 10 + base % 10 * 10
            )
        elif word == "belas":
            base = Decimal(0) if current is None else current
            current = base + 10
        elif word in _UNITS:
            current = (current or 0) + _UNITS[word]
    return total + (current or 0)


def _numbers(text: str, language: Language, taken: list[Entity]) -> list[Entity]:
    found: list[Entity] = []
    spans = [(entity.start, entity.end) for entity in taken]
    for match in _NUMBER.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in spans):
            continue
        value = _number_value(text, match, language)
        if value:
            found.append(Entity("number", match.start(), match.end(), value))
    return found


def _number_value(text: str, match: re.Match[str], language: Language) -> str | None:
    group = match.group
    if group("ordinal"):
        figure = group("ko") or group("eo")
        return f"#{int(figure) if figure else _ORDINALS[group('ordinal').lower()]}"
    if group("multiple"):
        return _MULTIPLES[group("multiple").lower()]
    if group("fold"):
        return f"{_UNITS[group('fw').lower()]}x"
    more = re.findall(r"[^\W\d_]+", group("more").lower().replace(" and", ""))
    if group("figure"):
        plain = number_value(group("figure"), language)
        if plain is None:
            return None
        head: Decimal | None = Decimal(plain)
    else:
        head = None
        more = [group("words").lower(), *more]
        if more in (["satu"], ["one"]):
            before = text[max(0, match.start() - 8) : match.start()]
            if not group("unit") or _IDLE_ONE.search(before):
                return None
    try:
        number = _words_value(more, head)
    except InvalidOperation:
        return None
    if number is None:
        return None
    unit = (group("unit") or "").lower()
    suffix = "%" if "%" in unit or "per" in unit else "x" if unit else ""
    return _plain(number) + suffix


# --- negations -------------------------------------------------------------------------------

_NEGATION = re.compile(
    r"\b(?:tidak(?:lah|kah)?|tak|bukan(?:lah|kah)?|belum(?:lah)?|tanpa|jangan(?:lah)?|nggak|enggak|"
    r"gak|ndak|tiada|not|never|no(?!\.\s?\d)|none|nobody|nothing|neither|nor|without|cannot|"
    r"\w+n['’]t)\b(?!\s(?:hanya|saja|cuma|sekadar|only|just|merely)\b)",
    re.IGNORECASE,
)


def _negations(text: str) -> list[Entity]:
    return [Entity("negation", m.start(), m.end(), "not") for m in _NEGATION.finditer(text)]


# --- names -----------------------------------------------------------------------------------

_CAPITAL = re.compile(r"[^\W\d_a-z][^\W_]*(?:['’.][^\W\d_]+)*(?:-[^\W_]+)*(?:-[^\W_]+)?")
_TITLES = frozenset(
    """
    presiden wakil menteri perdana luar negeri dalam jenderal sekretaris raja ratu pangeran putri
    sultan gubernur bupati wali kota ketua kepala pemimpin kamerad kawan tuan nyonya bapak ibu pak
    bu profesor dokter jenderal kolonel letnan kapten laksamana marsekal ayah duta besar juru
    bicara departemen kementerian direktur utama republik kerajaan pemerintah negara kabinet
    president vice prime minister foreign general secretary king queen prince princess governor
    mayor chairman chairwoman leader comrade mr mrs ms dr prof professor colonel lieutenant captain
    admiral marshal ambassador spokesman spokesperson department ministry director sir lord lady
    republic kingdom government state chief ir drs hj kh
    """.split()
)
_PARTICLES = frozenset(
    "bin binti van von de der den del da di al el ibn la le du dos of the".split()
)
_STARTERS = STOP_WORDS["id"] | STOP_WORDS["en"]
_GAP = re.compile(r"[ \u00a0]+(?:(?:%s) )*" % "|".join(sorted(_PARTICLES)))


def normalise_name(name: str) -> str:
    """A name in its comparable form: lower case, hyphens as spaces, gazetteer keys applied."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("’", "'")
    folded = re.sub(r"'s\b", "", folded)
    folded = " ".join(re.sub(r"[-.]", " ", folded).split())
    return ALIASES.get(folded, folded)


def _names(text: str, language: Language, taken: list[Entity]) -> list[Entity]:
    found: list[Entity] = []
    starts = {span.start for span in sentences(text)}
    blocked = [(e.start, e.end) for e in taken if e.kind != "negation"]
    run: list[tuple[str, int, int]] = []

    def flush() -> None:
        if run:
            _name_run(text, run, starts, found)
            run.clear()

    for match in _CAPITAL.finditer(text):
        start, end = match.span()
        if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            continue
        if any(low < end and start < high for low, high in blocked):
            flush()
            continue
        if run and not _GAP.fullmatch(text, run[-1][2], start):
            flush()
        run.append((match.group(), start, end))
    flush()
    return found


def _name_run(
    text: str, run: list[tuple[str, int, int]], starts: set[int], found: list[Entity]
) -> None:
    at = 0
    while at < len(run):
        for size in range(min(LONGEST_ALIAS, len(run) - at), 0, -1):
            low, high = run[at][1], run[at + size - 1][2]
            key = normalise_name(text[low:high])
            short = size == 1 and high - low <= 3 and not text[low:high].isupper()
            if key in _KEYS and not short:
                found.append(Entity("name", low, high, key))
                at += size
                break
        else:
            size = _plain_name(text, run, at, starts, found)
            at += size


_KEYS = frozenset(ALIASES.values())


def _plain_name(
    text: str, run: list[tuple[str, int, int]], at: int, starts: set[int], found: list[Entity]
) -> int:
    """Takes the words from `at` up to the next title or gazetteer name as one name."""
    upto = at
    while upto < len(run):
        word = run[upto][0].casefold()
        if (
            word in _TITLES
            or word in _STARTERS
            or (upto > at and normalise_name(run[upto][0]) in _KEYS)
        ):
            break
        upto += 1
    if upto == at:
        return 1
    low, high = run[at][1], run[upto - 1][2]
    opening = at == 0 and (low in starts or text[low - 1 : low] in "\"“'(‘")
    if upto - at == 1 and opening and not run[at][0].isupper():
        return 1
    found.append(Entity("name", low, high, normalise_name(text[low:high])))
    return upto - at


# --- the whole, and agreement ----------------------------------------------------------------


def entities(text: str, language: Language) -> list[Entity]:
    """The facts in `text`, in order of their start; no two of a kind overlap."""
    dates = _dates(text, language)
    numbers = _numbers(text, language, dates)
    found = [*dates, *numbers, *_negations(text)]
    found += _names(text, language, found)
    return sorted(found, key=lambda entity: (entity.start, entity.end))


def agrees(a: Entity, b: Entity) -> bool:
    """Whether two facts can both be true of the same thing: symmetric, not transitive."""
    if a.kind == b.kind:
        return values_agree(a.kind, a.value, b.value)
    if {a.kind, b.kind} == {"date", "number"}:
        return a.value == b.value  # 1500, the year or the amount
    return False


@lru_cache(maxsize=2**14)
def values_agree(kind: EntityKind, a: str, b: str) -> bool:
    """`agrees` on bare values of one kind."""
    if a == b:
        return True
    if kind == "date":
        return _dates_agree(a, b)
    if kind == "number":
        return _numbers_agree(a, b)
    if kind == "name":
        first, second = set(a.split()), set(b.split())
        return first <= second or second <= first
    return False


def _dates_agree(a: str, b: str) -> bool:
    if a > b:
        a, b = b, a
    if b[0] in "wt" or a[0] in "wt":
        if b[0] == "w" and len(a) == 10 and a[0].isdigit():
            try:
                return date.fromisoformat(a).isoweekday() == int(b[1:])
            except ValueError:
                return False
        return False
    if b[0] == "c":
        return a[0].isdigit() and (int(a[:3]) // 10 + 1 == int(b[1:]) if a[:3].isdigit() else False)
    if "x" in a or "x" in b:
        return a[:3] == b[:3] and not (a[:1] == "-")
    first, second = _parts(a), _parts(b)
    shared = [(x, y) for x, y in zip(first, second, strict=True) if x and y]
    return bool(shared) and all(x == y for x, y in shared)


def _parts(value: str) -> tuple[str, str, str]:
    if value.startswith("--"):
        pieces = ["", *value[2:].split("-")]
    else:
        pieces = value.split("-")
    pieces += [""] * (3 - len(pieces))
    return pieces[0], pieces[1], pieces[2]


def _numbers_agree(a: str, b: str) -> bool:
    unit_a, unit_b = a.strip("0123456789.-"), b.strip("0123456789.-")
    if unit_a and unit_b and unit_a != unit_b:
        return False
    return a.strip("#%x") == b.strip("#%x")
