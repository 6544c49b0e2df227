"""Numbers in Indonesian and English text, in figures and in words, as comparable values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from assistant.types import Language
from assistant.words.dates import Fact, Word

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
    "puluh": 10, "trilyun": 10**12, "trillion": 10**12, "lusin": 12, "dozen": 12,
}  # fmt: skip
_SINGLE = {"seratus": 100, "seribu": 1000, "sejuta": 10**6, "semiliar": 10**9, "selusin": 12}
_ORDINALS = {
    "pertama": 1, "first": 1, "second": 2, "ketiga": 3, "third": 3, "keempat": 4, "fourth": 4,
    "kelima": 5, "fifth": 5, "keenam": 6, "sixth": 6, "ketujuh": 7, "seventh": 7,
    "kedelapan": 8, "eighth": 8, "kesembilan": 9, "ninth": 9, "kesepuluh": 10, "tenth": 10,
    "kesebelas": 11, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_FRACTIONS = {
    "sepertiga": "1/3", "seperempat": "1/4", "seperlima": "1/5", "a third": "1/3",
    "a quarter": "1/4", "a fifth": "1/5", "half": "1/2", "setengah": "1/2", "separuh": "1/2",
    "separo": "1/2",
}  # fmt: skip
_BOTTOMS = {"pertiga": 3, "perempat": 4, "perlima": 5, "third": 3, "quarter": 4, "fifth": 5}
_MULTIPLES = {
    "twice": "2x", "doubled": "2x", "doubles": "2x", "double": "2x", "thrice": "3x",
    "tripled": "3x", "triple": "3x", "quadrupled": "4x",
}  # fmt: skip
_ID_DIGIT = "satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"
_ID_BELOW_100 = rf"(?:sepuluh|sebelas|(?:{_ID_DIGIT})(?:\ belas|\ puluh(?:\ (?:{_ID_DIGIT})\b)?)?)"
_ID_BELOW_1000 = (
    rf"(?:(?:seratus|(?:{_ID_DIGIT})\ ratus)(?:\ {_ID_BELOW_100}\b)?|{_ID_BELOW_100}|nol)"
)
_EN_DIGIT = "one|two|three|four|five|six|seven|eight|nine"
_EN_BELOW_100 = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:{_EN_DIGIT})\b)?"
    rf"|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|{_EN_DIGIT}|zero)"
)
_EN_BELOW_1000 = (
    rf"(?:(?:(?:{_EN_DIGIT}|a)[ -]hundred(?:(?:[ -]and)?[ -]{_EN_BELOW_100}\b)?)|{_EN_BELOW_100})"
)
_SCALE = "ribu|juta|miliar|milyar|triliun|trilyun|thousand|million|billion|trillion"
_BELOW_1000 = rf"(?:{_ID_BELOW_1000}|{_EN_BELOW_1000})"
_SPELLED = (
    rf"(?:(?:seribu|sejuta|semiliar|selusin|setengah\ juta|a\ (?:dozen|thousand|million|billion)"
    rf"|{_BELOW_1000})\b(?:(?:\ koma|[ -]point)(?:[ -](?:{_ID_DIGIT}|nol|{_EN_DIGIT}|zero)\b)+)?"
    rf"(?:[ -](?:{_SCALE}|dozen|lusin)\b(?:(?:[ -]and)?[ -]{_BELOW_1000}\b(?![ -](?:of|in)\b))?)*)"
)
_FIGURE = r"\d+(?:[.,]\d+)*"
# Units written without a space: "5km", "31.240,74km²".
_GLUED = r"(?:[kcm]?m[²³23]?|kg|ha|[kmg]w|[kmgt]b|hp|jt|rb|an)"
_NUMBER = re.compile(
    rf"""(?:(?<![\w.,-])|(?<=Rp))(?:
      (?P<fraction>(?:(?P<top>{_ID_DIGIT}|{_EN_DIGIT})[ -](?P<bottom>pertiga|perempat|perlima
            |thirds?|quarters?|fifths?)
          | (?P<part>sepertiga|seperempat|seperlima|a\ (?:third|quarter|fifth)(?=\ of\b)
            |half|setengah|separuh|separo))\b(?!\ (?:juta|miliar|place)))
    | (?P<ordinal>ke-?(?P<ko>\d+)\b | (?P<eo>\d+)(?:st|nd|rd|th)\b | (?:{"|".join(_ORDINALS)})\b)
    | (?P<multiple>(?:{"|".join(_MULTIPLES)})\b)
    | (?P<fold>(?P<fw>{"|".join(_UNITS)})-?fold\b)
    | (?P<amount>(?:(?P<figure>{_FIGURE})(?:(?![^\W_])|(?={_GLUED}\b))
            (?:[ -](?P<scale>(?:ratus\ |puluh\ )?(?:{_SCALE}))\b)?
        | (?P<words>{_SPELLED}))
        (?P<unit>\ ?%|\ persen\b|\ per\ ?cent\b|\ kali(?:\ lipat)?\b|[ -]?fold\b|\ times\b)?)
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
    elif re.fullmatch(rf"\d{{1,3}}\{point}000", digits):
        digits = digits.replace(point, "")
    elif re.fullmatch(r"\d+[.,]\d+", digits):
        digits = digits.replace(",", ".")
    elif not digits.isdecimal():
        return None
    return _plain(Decimal(digits))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _spelled_value(words: list[str]) -> Decimal:
    """The value of a spelled number; the pattern has already seen that it is well formed."""
    total, current = Decimal(0), Decimal(0)
    decimals = ""
    for at, word in enumerate(words):
        if word in ("koma", "point"):
            digits = [each for each in words[at + 1 :] if each in _UNITS]
            decimals = "".join(str(_UNITS[each]) for each in digits)
            current += Decimal(f"0.{decimals}")
        elif word in _SINGLE:
            current += _SINGLE[word]
        elif word == "setengah":
            current = Decimal("0.5")
        elif word == "puluh":
            current = current // 10 * 10 + current % 10 * 10
        elif word == "belas":
            current += 10
        elif word in ("ratus", "hundred"):
            current = (current or Decimal(1)) * 100
        elif word in _SCALES:
            total, current = total + (current or Decimal(1)) * _SCALES[word], Decimal(0)
        elif word in _UNITS and not decimals:
            current += _UNITS[word]
    return total + current


# What a number can start with.
_FIRST_WORDS = frozenset(
    {*_UNITS, *_SINGLE, *_ORDINALS, *_MULTIPLES, *(part.split()[0] for part in _FRACTIONS), "ke"}
    | {f"{unit}fold" for unit in _UNITS}
)


def numbers(
    text: str, language: Language, words: Sequence[Word], taken: Sequence[Fact]
) -> list[Fact]:
    """The numbers in `text` outside the spans `taken`; `words` are its words in order."""
    found: list[Fact] = []
    done = 0
    for at, word in words:
        if at < done or not (word[0].isdigit() or word in _FIRST_WORDS):
            continue
        match = _NUMBER.match(text, at)
        if match is None or any(low < match.end() and at < high for low, high, _ in taken):
            continue
        value = _number_value(text, match, language)
        if value:
            found.append((at, match.end(), value))
            done = match.end()
    return found


def _number_value(text: str, match: re.Match[str], language: Language) -> str | None:
    group = match.group
    if group("ordinal"):
        figure = group("ko") or group("eo")
        return f"#{int(figure) if figure else _ORDINALS[group('ordinal').lower()]}"
    if group("multiple"):
        return _MULTIPLES[group("multiple").lower()]
    if group("fraction"):
        part = group("part")
        if part:
            return _FRACTIONS[part.lower()]
        return f"{_UNITS[group('top').lower()]}/{_BOTTOMS[group('bottom').lower().rstrip('s')]}"
    if group("fold"):
        return f"{_UNITS[group('fw').lower()]}x"
    if group("figure"):
        plain = number_value(group("figure"), language)
        if plain is None:
            return None
        number = Decimal(plain)
        for word in (group("scale") or "").lower().split():
            number *= _SCALES[word]
    else:
        words = re.findall(r"[^\W\d_]+", group("words").lower())
        before = text[max(0, match.start() - 8) : match.start()].lower()
        if words in (["satu"], ["one"]) and (not group("unit") or _IDLE_ONE.search(before)):
            return None
        if words == ["lima"] and before.endswith("kaki "):
            return None  # pedagang kaki lima, street vendors
        number = _spelled_value(words)
    unit = (group("unit") or "").lower()
    suffix = "%" if "%" in unit or "per" in unit else "x" if unit else ""
    return _plain(number) + suffix


def numbers_agree(a: str, b: str) -> bool:
    """Whether two number values are the same amount, and their units don't contradict."""
    unit_a, unit_b = a.strip("0123456789.-/"), b.strip("0123456789.-/")
    if unit_a and unit_b and unit_a != unit_b:
        return False
    return a.strip("#%x") == b.strip("#%x")
