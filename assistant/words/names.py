"""Names in Indonesian and English text: gazetteer names and runs of capitalised words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.types import Span
from assistant.words.common_words import common_words
from assistant.words.dates import Fact
from assistant.words.gazetteer import ALIASES, COMMON_PARTS, LONGEST_ALIAS
from assistant.words.sentences import sentences
from assistant.words.stopwords import STOP_WORDS

_CAPITAL = re.compile(
    r"[^\W\d_a-z]\.(?=[ ]?[^\W\d_a-z])|"  # the initials of "W. F. Bryant", "H.M. Soeharto", "U.S."
    r"[^\W\d_a-z][^\W_]*(?:['’.][^\W\d_]+)*(?:[-‐][^\W_]+)*"
)
_TITLES = frozenset(
    """
    presiden wakil menteri perdana luar negeri jenderal sekretaris raja ratu pangeran putri
    sultan gubernur bupati wali walikota ketua kepala pemimpin kamerad kawan tuan nyonya bapak ibu
    pak bu profesor dokter kolonel letnan kapten laksamana marsekal ayah duta besar juru bicara
    direktur utama pemerintah anggota komandan hakim jaksa uskup paus kardinal santo santa nabi
    president vice prime minister foreign general secretary king queen prince princess governor
    mayor chairman chairwoman chairperson leader comrade mr mrs ms dr prof professor colonel
    lieutenant captain admiral marshal ambassador spokesman spokeswoman spokesperson director sir
    lord lady government chief head deputy senator representative judge pope cardinal bishop saint
    member commander former ir drs hj kh
    """.split()
)
# Words that often open a sentence with a capital and are no part of the name that follows.
_OPENERS = frozenset(
    """
    mantan warga polisi pihak sejumlah kelompok tim kemarin berdasarkan sesuai seusai ditambahkan
    dilansir dikutip kata ujar hari tahun bulan meskipun bersama beberapa banyak akibat begitu
    according meanwhile earlier later today yesterday speaking asked police last next early late
    both several officials critics experts researchers scientists
    """.split()
)
_PARTICLES = "bin|binti|van|von|de|der|den|del|da|al|el|ibn|la|le|du|dos|of|of the"
_NOT_NAMES = frozenset(
    """
    rp usd idr eur us$ km kg wib wita wit gmt utc am pm ad bc sm tv ok dll no i ii iii iv v vi vii
    viii ix x xi xii
    """.split()
)
_GENERIC = frozenset(COMMON_PARTS) | frozenset(COMMON_PARTS.values())
_STARTERS = STOP_WORDS["id"] | STOP_WORDS["en"]
_GAP = re.compile(rf" *|-| +(?:{_PARTICLES}) ")
_ROMAN = re.compile(r"[IVX]+")


_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_HEADLINE = 4  # fewer capitalised words may well be one long name
_PARTS = re.compile(r"[-'‐]")
_CLITICS = frozenset("s m re ve ll d t".split())
_HYPHENS = re.compile(r"[-.‐–]")
# Capitalised words in order: the word, its start, its end.
_Run = list[tuple[str, int, int]]


def normalise_name(name: str) -> str:
    """A name in its comparable form: lower case, hyphens as spaces, English for common parts.

    "Kim Jong-un" and "Kim Jong Un" are one; "Korea Utara" and "DPRK" are "north korea";
    "Teluk Mossel" is "bay mossel" (`agrees` doesn't mind the order of words).
    """
    folded = _fold_name(name)
    if folded in ALIASES:
        return ALIASES[folded]
    words = [COMMON_PARTS.get(word, word) for word in folded.split()]
    return " ".join(word for word in words if word) or folded


def _fold_name(name: str) -> str:
    folded = name.lower() if name.isascii() else unicodedata.normalize("NFKC", name).casefold()
    if "'" in folded or "’" in folded:
        folded = re.sub(r"'s\b|'$", "", folded.replace("’", "'"))
    return " ".join(_HYPHENS.sub(" ", folded).split())


def names(text: str, taken: Sequence[Fact]) -> list[Fact]:
    """The names in `text` outside the spans `taken`."""
    found: list[Fact] = []
    spans = sentences(text)
    starts = {span.start for span in spans}
    headlines = [span for span in spans if _is_headline(text[span.start : span.end])]
    blocked = {at for low, high, _ in taken for at in range(low, high)}
    run: _Run = []
    for match in _CAPITAL.finditer(text):
        start, end = match.span()
        if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            continue
        gap = bool(run) and _GAP.fullmatch(text, run[-1][2], start) is not None
        if run and (not gap or start in blocked):
            found += _name_run(text, run, starts)
            run = []
        if start not in blocked:
            run += _pieces(match.group(), start, end, headlines)
    if run:
        found += _name_run(text, run, starts)
    return found


def _pieces(word: str, start: int, end: int, headlines: Sequence[Span]) -> _Run:
    """One capitalised word as a run: in two where a hyphen joins countries ("DPRK-Rusia")."""
    headline = any(span.start <= start < span.end for span in headlines)
    if headline and len(word) > 3 and _is_common(word):
        return []
    left, hyphen, right = word.rpartition("-")
    if hyphen and right[0].isupper() and _fold_name(word) not in ALIASES:
        if not left or not (_fold_name(left) in ALIASES or _fold_name(right) in ALIASES):
            return [(word, start, end)]
        middle = end - len(right)
        return [(left, start, middle - 1), (right, middle, end)]
    return [(word, start, end)]


def _is_headline(sentence: str) -> bool:
    """Whether every word of weight has a capital, so that capitals tell nothing."""
    words = [word for word in _LONG_WORD.findall(sentence) if word.lower() not in _STARTERS]
    return len(words) >= _HEADLINE and all(word[0].isupper() for word in words)


def _name_run(text: str, run: _Run, starts: set[int]) -> list[Fact]:
    """The names in one run of capitalised words: gazetteer names, and what lies between them."""
    found: list[Fact] = []
    at = 0
    while at < len(run):
        if (
            at == 0
            and run[0][1] in starts
            and len(run) > 1
            and _is_plain_opener(run[0][0], run[1][0])
        ):
            at = 1
        known = _known(text, run, at)
        upto = at + known[0] if known else _plain_end(text, run, at)
        if upto == at:
            at += 1
            continue
        low, high = run[at][1], run[upto - 1][2]
        value = known[1] if known else normalise_name(text[low:high])
        if known or _is_name(text, run[at:upto], value, low in starts):
            found.append((low, high, value))
        at = upto
    return found


def _is_plain_opener(first: str, second: str) -> bool:
    """Whether a sentence opens with a common word before a name: "Ditambahkan Basuki"."""
    if len(first) < 5:
        return False  # Ash, Mark, Rose: short common words are often given names
    common = common_words()
    return (
        first.casefold() in common
        and second.casefold() not in common
        and (first.casefold() not in COMMON_PARTS)
    )


def _known(text: str, run: _Run, at: int) -> tuple[int, str] | None:
    """The longest gazetteer name that starts at `at`: its length in words, and its key."""
    for size in range(min(LONGEST_ALIAS, len(run) - at), 0, -1):
        low, high = run[at][1], run[at + size - 1][2]
        written = text[low:high]
        if high - low <= 3 and not written.isupper():
            continue  # "Un", "As" are no acronyms
        folded = _fold_name(written)
        key = ALIASES.get(folded) or (ALIASES.get(folded[:-1]) if folded[-1] == "s" else None)
        if key and text[high : high + 1] != "$":  # US$
            return size, key
    return None


def _plain_end(text: str, run: _Run, at: int) -> int:
    """Where the name ends that starts at `at`: before the next title or gazetteer name."""
    upto = at
    while upto < len(run):
        word = run[upto][0].casefold()
        if upto > at and _ROMAN.fullmatch(run[upto][0]):
            upto += 1  # Konstantinus I
            continue
        if word in _TITLES or word in _STARTERS or (word in _OPENERS and upto == at):
            break
        if upto > at and _known(text, run, upto):
            break
        upto += 1
    return upto


def _is_name(text: str, words: _Run, value: str, opening: bool) -> bool:
    first, low, _ = words[0]
    if len(value) < 2 or value in _NOT_NAMES or value in _GENERIC:
        return False
    if len(words) > 1 or (first.isupper() and not text.isupper()):
        return True
    if opening or text[low - 1 : low] in tuple("\"“'‘("):
        return not _is_common(first)
    return first.casefold() not in common_words()


def _is_common(word: str) -> bool:
    """Whether a capitalised opening word is an ordinary one: "Sisa-sisa", "He's", "Ujungnya"."""
    parts = _PARTS.split(word.casefold().replace("’", "'"))
    common = common_words()
    return all(
        part in common
        or part in _STARTERS
        or part in _CLITICS
        or (part.endswith(("nya", "lah", "kah", "pun")) and part[:-3] in common)
        for part in parts
    )


def names_agree(a: str, b: str) -> bool:
    """Whether one name's words hold the other's: "kim" and "kim jong un"."""
    first, second = _weighty(a), _weighty(b)
    return first <= second or second <= first


def _weighty(name: str) -> set[str]:
    """A name's words without initials, unless it has nothing else; plurals as singulars."""
    words = {word[:-1] if len(word) > 4 and word[-1] == "s" else word for word in name.split()}
    return {word for word in words if len(word) > 1} or words
