"""Sentences edited without changing what they say, and altered in one fact: tests of a checker.

The facts are found here by plain patterns of their own and not by `entities`, so that a fact
which the checker can't see is altered all the same and counts against it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.types import Language

_MONTHS: dict[Language, list[str]] = {
    "id": (
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    ).split(),
    "en": (
        "January February March April May June July August September October November December"
    ).split(),
}
_NUMBER_WORDS: dict[Language, list[str]] = {
    "id": "dua tiga empat lima enam tujuh delapan sembilan sepuluh".split(),
    "en": "two three four five six seven eight nine ten".split(),
}
_YEAR = re.compile(r"(?<![\d.,/-])(?:1[5-9]\d\d|20[0-2]\d)(?![\d%/-]|[.,]\d)")
_DAY = {
    "id": re.compile(rf"(?<!\d)(?:[12]?\d|3[01])(?= (?:{'|'.join(_MONTHS['id'])})\b)"),
    "en": re.compile(
        rf"(?<!\d)(?:[12]?\d|3[01])(?= (?:{'|'.join(_MONTHS['en'])})\b)"
        r"|(?<=[a-z] )(?:[12]?\d|3[01])(?=, (?:1[5-9]|20)\d\d)"
    ),
}
_MONTH = {
    language: re.compile(rf"\b(?:{'|'.join(months)})\b(?=[ ,.]*\d| [12]\d{{3}})")
    for language, months in _MONTHS.items()
}
_FIGURE = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?=%|[^\w/-]|$)(?![.,]\d)")
_NAME = re.compile(
    r"(?<![\w.'’-])[A-Z][a-zà-ÿ'’]+(?:-[A-Za-z][a-z]+)*"
    r"(?: (?:bin |van |de |of )?[A-Z][a-zà-ÿ'’]+(?:-[a-zA-Z]+)*){0,3}"
    r"(?![\w-])|(?<![\w-])[A-Z]{2,6}(?![\w-])"
)
_NEGATIVE: dict[Language, re.Pattern[str]] = {
    "id": re.compile(r"\b(?:tidak|belum|bukan|tak)\b (?!hanya|saja|cuma|sekadar)", re.IGNORECASE),
    "en": re.compile(r"\bnot (?!only|just)|\bnever (?=\w)", re.IGNORECASE),
}
_VERB: dict[Language, re.Pattern[str]] = {
    "id": re.compile(
        r"(?<=[\w,] )(?=(?:me[mnlry]|di|ber|ter)[a-z]{4,}\b|(?:dapat|bisa|akan|memiliki)\b)"
    ),
    "en": re.compile(
        r"(?<= is )(?=[a-z])|(?<= (?:are|was|can) )(?=[a-z])|(?<= (?:will|were) )(?=[a-z])"
        r"|(?<= could )(?=be )|(?<= (?:would|might) )(?=be )|(?<= (?:has|had) )(?=been |\w+ed )"
    ),
}
_COPULA = re.compile(r"\b(?:adalah|merupakan)\b")
_NOT_VERBS = frozenset(
    "berbagai beberapa terhadap berdasarkan menurut terdiri dimana disebut terutama bersama "
    "berikut termasuk sebelum bernama berasal dirinya terakhir berupa mereka merupakan dimana "
    "berbentuk bermacam tersebut terbesar tertentu mengenai melalui terdapat dikenal sebagai "
    "tertinggi terkenal negara merdeka memang diatas dibawah dinasti tertua terpenting "
    "menteri digital tengah tenggara terbaik dirgantara menteri berkat merek".split()
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A sentence made from another: how, and whether it still says the same."""

    kind: str
    faithful: bool
    text: str


# ------------------------------------------------------------------------- faithful edits

_ADVERBS: dict[Language, list[str]] = {
    "id": "juga sangat kemudian lalu sendiri pun sekaligus bahkan cukup langsung pula".split(),
    "en": "also very then even quite currently largely subsequently furthermore later".split(),
}
_SYNONYMS: dict[Language, dict[str, str]] = {
    "id": {
        "adalah": "merupakan", "merupakan": "adalah", "karena": "sebab", "sekitar": "kira-kira",
        "memiliki": "mempunyai", "mempunyai": "memiliki", "telah": "sudah", "namun": "tetapi",
        "digunakan": "dipakai", "terletak": "berada", "mengatakan": "menyatakan",
        "ketika": "saat", "saat": "ketika", "untuk": "guna", "dapat": "bisa", "bisa": "dapat",
        "beberapa": "sejumlah", "hingga": "sampai",
        "selama": "sepanjang", "seperti": "misalnya", "besar": "raksasa", "menjadi": "jadi",
        "mendirikan": "membangun", "wilayah": "kawasan", "bagian": "sebagian", "daerah": "wilayah",
    },
    "en": {
        "because": "since", "about": "around", "big": "large", "began": "started",
        "started": "began", "said": "stated", "also": "additionally", "used": "employed",
        "while": "whereas", "but": "yet", "many": "numerous", "area": "region", "help": "assist",
        "near": "close to", "show": "demonstrate", "people": "persons", "city": "town",
    },
}  # fmt: skip
_LEADS: dict[Language, list[str]] = {
    "id": ["Menurut artikel itu, ", "Menurut laporan tersebut, ", "Artikel itu menyebutkan bahwa "],
    "en": ["According to the article, ", "The article says that ", "According to the report, "],
}
_FRONTED: dict[Language, re.Pattern[str]] = {
    "id": re.compile(
        r"(?P<lead>(?:Pada|Di|Dalam|Sejak|Setelah|Untuk|Dengan|Karena|Ketika|Selama|Sebelum|Saat)"
        r"\b[^,]{3,60}), "
        r"(?P<main>[^,]{15,})(?P<stop>[.!])$"
    ),
    "en": re.compile(
        r"(?P<lead>(?:In|On|At|After|During|Since|For|With|When|Before|By|While|If|Because)"
        r"\b[^,]{3,60}), "
        r"(?P<main>[^,]{15,})(?P<stop>[.!])$"
    ),
}  # fmt: skip


def faithful(
    sentence: str,
    language: Language,
    rng: random.Random,
    *,
    kin: Callable[[str], Sequence[str]] | None = None,
) -> list[Variant]:
    """Light edits that keep what `sentence` says; those that don't apply are left out.

    `kin` gives other inflections of a word (same stem, same voice) for the "stem" edit.
    """
    found = [Variant("verbatim", True, sentence)]
    words = sentence.split()
    adverbs = [i for i, word in enumerate(words) if i and word in _ADVERBS[language]]
    if adverbs:
        gone = rng.choice(adverbs)
        found.append(Variant("dropped", True, " ".join(words[:gone] + words[gone + 1 :])))
    without = re.sub(r" \([^()]{2,60}\)", "", sentence, count=1)
    if without != sentence:
        found.append(Variant("dropped", True, without))
    match = _FRONTED[language].match(sentence)
    if match:
        main, lead = match["main"], match["lead"]
        found.append(
            Variant(
                "reordered", True, f"{_capital(main)} {lead[0].lower()}{lead[1:]}{match['stop']}"
            )
        )
    swaps = [i for i, word in enumerate(words) if word.lower() in _SYNONYMS[language]]
    if swaps:
        at = rng.choice(swaps)
        other = _SYNONYMS[language][words[at].lower()]
        changed = [*words[:at], _capital(other) if at == 0 else other, *words[at + 1 :]]
        found.append(Variant("synonym", True, " ".join(changed)))
    inflected = [
        (i, other)
        for i, word in enumerate(words)
        if word.isalpha() and word.islower()
        for other in (kin(word) if kin else ())[:1]
    ]
    if inflected:
        at, other = rng.choice(inflected)
        found.append(Variant("stem", True, " ".join([*words[:at], other, *words[at + 1 :]])))
    opening = sentence[0].lower() + sentence[1:]
    keep = bool(_NAME.match(sentence)) and not re.match(r"[A-Z][a-z]+ [a-z]", sentence)
    found.append(
        Variant("attributed", True, rng.choice(_LEADS[language]) + (sentence if keep else opening))
    )
    commas = [m.start() for m in re.finditer(r",(?! \d)(?=\s)", sentence)]
    commas = [at for at in commas if len(sentence[:at].split()) >= 6]
    if (
        commas
        and not match
        and sentence.count("(", 0, commas[-1]) == sentence.count(")", 0, commas[-1])
    ):
        found.append(Variant("shortened", True, sentence[: commas[-1]] + "."))
    return [variant for variant in found if variant.kind == "verbatim" or variant.text != sentence]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --------------------------------------------------------------------------- alterations


def altered(
    sentence: str,
    language: Language,
    rng: random.Random,
    *,
    passage: str,
    names: Sequence[str],
) -> list[Variant]:
    """One alteration of each kind that `sentence` has something to alter for.

    Kinds: "number", "date", "name", "negation", "agent"; and, harder, "number nearby" and
    "name nearby", where the wrong value stands elsewhere in the passage. `names` are names
    of other passages.
    """
    made = [
        ("number", _other_number(sentence, language, rng, passage)),
        ("date", _other_date(sentence, language, rng, passage)),
        ("name", _other_name(sentence, rng, [name for name in names if name not in passage])),
        ("negation", _negated(sentence, language, rng)),
        ("agent", _swapped(sentence, rng, passage)),
        ("number nearby", _nearby_number(sentence, rng, passage)),
        ("name nearby", _other_name(sentence, rng, names_in(passage))),
    ]
    return [Variant(kind, False, text) for kind, text in made if text and text != sentence]


def names_in(passage: str) -> list[str]:
    """Capitalised runs that stand inside a sentence, in order, once each."""
    found = [
        match.group()
        for match in _NAME.finditer(passage)
        if match.start() and re.search(r"[\w,] $", passage[: match.start()][-2:])
    ]
    small = set(re.findall(r"\b[a-zà-ÿ]+\b", passage))
    return [
        name
        for name in dict.fromkeys(found)
        # A word that is also written small is no name, nor is "III".
        if len(name) > 2 and name.lower() not in small and not re.fullmatch("[IVXLC]+", name)
    ]


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text) if match.group()]


def _put(text: str, span: tuple[int, int], other: str) -> str:
    return text[: span[0]] + other + text[span[1] :]


def _date_spans(sentence: str, language: Language) -> list[tuple[int, int]]:
    return [
        *_spans(_YEAR, sentence),
        *_spans(_DAY[language], sentence),
        *_spans(_MONTH[language], sentence),
    ]


def _other_number(
    sentence: str, language: Language, rng: random.Random, passage: str
) -> str | None:
    dates = _date_spans(sentence, language)
    figures = [
        span
        for span in _spans(_FIGURE, sentence)
        if not any(low < span[1] and span[0] < high for low, high in dates)
        and sentence[max(0, span[0] - 1) : span[0]] not in ("[", "=", "+")
    ]
    words = _NUMBER_WORDS[language]
    spelt = _spans(re.compile(rf"\b(?:{'|'.join(words)})\b"), sentence)
    if not figures and not spelt:
        return None
    span = rng.choice(figures or spelt)
    old = sentence[slice(*span)]
    for _ in range(30):
        if old.isalpha():
            new = rng.choice(words)
        else:
            digits = [i for i, char in enumerate(old) if char.isdigit()]
            at = rng.choice(digits)
            new = old[:at] + rng.choice("123456789") + old[at + 1 :]
        if new != old and not re.search(rf"(?<!\d){re.escape(new)}(?!\d)", passage):
            return _put(sentence, span, new)
    return None


def _other_date(sentence: str, language: Language, rng: random.Random, passage: str) -> str | None:
    spans = _date_spans(sentence, language)
    if not spans:
        return None
    span = rng.choice(spans)
    old = sentence[slice(*span)]
    for _ in range(30):
        if old in _MONTHS[language]:
            new = rng.choice(_MONTHS[language])
        elif len(old) == 4:
            new = str(int(old) + rng.choice([-30, -11, -10, -3, -2, -1, 1, 2, 3, 10, 20]))
        else:
            new = str(rng.randint(1, 28))
        if new != old and not re.search(rf"(?<!\d){new}(?!\d)", passage):
            return _put(sentence, span, new)
    return None


def _inner_names(sentence: str) -> list[tuple[int, int]]:
    """Names in a sentence, its first word aside unless a name of two words or more."""
    spans = _spans(_NAME, sentence)
    return [
        span
        for span in spans
        if span[1] - span[0] > 2
        and span[0] > 0
        and sentence[span[0] - 1] in " ("
        and sentence[span[0] - 2] not in '.!?:“"'
        and not _is_month(sentence[slice(*span)])
    ]  # fmt: skip


def _is_month(name: str) -> bool:
    return any(word in months for word in name.split() for months in _MONTHS.values())


def _other_name(sentence: str, rng: random.Random, names: Iterable[str]) -> str | None:
    spans = _inner_names(sentence)
    taken = set(re.findall(r"\w+", sentence.lower()))
    pool = [
        name
        for name in names
        if not _is_month(name) and not taken & set(re.findall(r"\w+", name.lower()))
    ]
    if not spans or not pool:
        return None
    return _put(sentence, rng.choice(spans), rng.choice(pool))


def _negated(sentence: str, language: Language, rng: random.Random) -> str | None:
    present = _spans(_NEGATIVE[language], sentence)
    if present:
        span = rng.choice(present)
        return _capital(_put(sentence, span, "").strip())
    if language == "id":
        copula = _COPULA.search(sentence)
        if copula and rng.random() < 0.5:
            return _put(sentence, copula.span(), "bukan")
    places = [
        match.start()
        for match in _VERB[language].finditer(sentence)
        if re.match(r"\w+", sentence[match.start() :])[0] not in _NOT_VERBS  # type: ignore[index]
    ]
    if not places:
        return None
    at = places[0] if rng.random() < 0.7 else rng.choice(places)
    return sentence[:at] + ("tidak " if language == "id" else "not ") + sentence[at:]


def _swapped(sentence: str, rng: random.Random, passage: str) -> str | None:
    """Two names around an Indonesian or English verb, exchanged."""
    known = names_in(passage)
    spans = [
        span
        for span in _spans(_NAME, sentence)
        if not _is_month(sentence[slice(*span)])
        # A capital that opens the sentence makes no name.
        and (span[0] > 0 or " " in sentence[slice(*span)] or sentence[slice(*span)] in known)
    ]
    pairs = []
    for first, second in pairwise(spans):
        between = sentence[first[1] : second[0]]
        verb = re.search(r"\b(?:me[mnlry]\w{3,}|di\w{4,}|\w{3,}ed)\b", between)
        same = sentence[slice(*first)] == sentence[slice(*second)]
        if verb and len(between) < 60 and "," not in between and not same:
            pairs.append((first, second))
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    a, b = sentence[slice(*first)], sentence[slice(*second)]
    return sentence[: first[0]] + b + sentence[first[1] : second[0]] + a + sentence[second[1] :]


def _nearby_number(sentence: str, rng: random.Random, passage: str) -> str | None:
    """A figure or year replaced by another of the same kind that the passage has elsewhere."""
    for pattern in rng.sample([_YEAR, _FIGURE], 2):
        spans = [
            span
            for span in _spans(pattern, sentence)
            if (pattern is _YEAR or not _YEAR.fullmatch(sentence[slice(*span)]))
            and sentence[max(0, span[0] - 1) : span[0]] != "["
        ]
        if not spans:
            continue
        pool = [
            match.group()
            for match in pattern.finditer(passage)
            if match.group() not in sentence
            and (pattern is _YEAR or not _YEAR.fullmatch(match.group()))
            and passage[max(0, match.start() - 1) : match.start()] != "["
        ]
        if pool:
            return _put(sentence, rng.choice(spans), rng.choice(pool))
    return None
