"""The language of a text, and its words: tokens, stems and stop words.

One analysis for all: the lexical index, the answerers and the checks see the same tokens.
`sentences` and `question_kind` live in their own modules and are offered here too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from assistant.types import Language
from assistant.words.questions import QuestionKind, question_kind
from assistant.words.roots import root
from assistant.words.sentences import sentences
from assistant.words.stopwords import STOP_WORDS

if TYPE_CHECKING:
    import Stemmer
    from py3langid.langid import LanguageIdentifier

__all__ = [
    "STOP_WORDS",
    "Analysis",
    "QuestionKind",
    "Token",
    "analyse",
    "detect",
    "question_kind",
    "sentences",
    "stem",
    "terms",
    "tokens",
]

# Combining marks and invisible joiners, which `\w` leaves out: they belong to their word.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0e31-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u2060\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
)
_LETTERS = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
# Prefixes whose number stands on its own: "ke-17" is 17, but "F-16" is a name.
_APART = r"(?:ke|pra|pre|post|pasca|mid|pertengahan|era|tahun|usia|umur|non|sub|per|se)"
# Units written without a space: "5km", "31.240,74km²".
_GLUED_UNIT = r"(?:[kcm]?m[²³23]?|kg|ha|[kmg]w|[kmgt]b|jt|rb)(?![^\W_])"
_TOKEN = re.compile(
    rf"""
    [A-Za-z]++(?=[ ,.\n])                                     # most words; the rest is for others
    | \d{{1,4}}(?:-\d{{1,2}}-|/\d{{1,2}}/)\d{{1,4}}(?![^\W_])  # 15/8/2023, 2023-08-15
    | \d++(?:[.,:]\d++)*+(?:%|(?![^\W_])|(?={_GLUED_UNIT}))  # 9,5  1.000  54%  10:30
    | [Rr][Pp](?=\d)                                         # Rp5.000
    | (?!(?i:{_APART})-)[^\W\d_]{{1,6}}-\d+[^\W_]*            # F-16  COVID-19
    | {_LETTERS}(?:['’]{_LETTERS})?                          # words, don't, Jum'at
    """,
    re.VERBOSE,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\\s]+")


class Token(NamedTuple):
    """One word or number. A named tuple, since an index makes millions.

    `text` is the case-folded NFKC surface, without a possessive 's and without whitespace;
    `start` and `end` are its place in the text; `number` is true for numbers and numeric
    dates ("9,5", "1.000", "54%", "15/8/2023"), false for names such as "f-16".
    """

    text: str
    start: int
    end: int
    number: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text's tokens in order, and the stem of each (same length)."""

    tokens: tuple[Token, ...]
    stems: tuple[str, ...]


def tokens(text: str) -> list[Token]:
    """The words and numbers of `text` in order; hyphenated words in their parts."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        surface, number = _READ[match[0]]
        start, end = match.span()
        # Not Token(…), whose constructor is a Python call: an index makes millions.
        found.append(_new(Token, (surface, start, end, number)))
    return found


def terms(text: str, language: Language) -> tuple[list[str], list[str]]:
    """Surfaces and stems of `text`, as `analyse` gives them, without offsets: for indexing."""
    surfaces = [_READ[raw][0] for raw in _TOKEN.findall(text)]
    return surfaces, [stem(surface, language) for surface in surfaces]


def analyse(text: str, language: Language) -> Analysis:
    """Tokens and stems of a text in a known language."""
    found = tokens(text)
    return Analysis(tuple(found), tuple(stem(token.text, language) for token in found))


class _Readings(dict[str, tuple[str, bool]]):
    """Token as written to its surface and whether it is a number; bounded, filled on demand."""

    def __missing__(self, raw: str) -> tuple[str, bool]:
        surface = _surface(raw)
        number = surface[0].isdigit() and (surface[-1].isdigit() or surface[-1] == "%")
        if len(self) >= _CACHED:
            self.clear()
        self[raw] = reading = (surface, number)
        return reading


def _surface(raw: str) -> str:
    """A token's comparable form: case-folded, NFKC, no invisible characters."""
    if raw.isascii():
        folded = raw.lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).casefold())
        folded = _INVISIBLE.sub("", folded).replace("’", "'") or raw
    return folded[:-2] if folded.endswith("'s") and len(folded) > 2 else folded


# Distinct words kept; a corpus of 100,000 passages has about as many.
_CACHED = 2**18
_READ = _Readings()
_new = tuple.__new__


@lru_cache(maxsize=_CACHED)
def stem(token: str, language: Language) -> str:
    """The stem of a case-folded token; numbers lose their per cent sign, names their hyphen.

    Snowball in both languages. For Indonesian it was chosen on 1,000 answerable questions of
    IDK-MRC train over its 3,659 passages (`training.stemming`: BM25, k1 = 0.9, b = 0.4, stop
    words left out of the question; one standard error of nDCG is about 0.012):

        analysis                       Recall@1  Recall@5  nDCG@10
        surface forms                     0.592     0.845    0.745
        surface less -nya, -lah, …        0.600     0.847    0.750
        Snowball stems                    0.611     0.850    0.756
        Sastrawi stems                    0.614     0.853    0.757
        surface and Snowball, half each   0.610     0.851    0.758
        surface and Sastrawi, half each   0.614     0.852    0.761

    Stems help; Sastrawi's lead over Snowball is a quarter of the error, and it takes a
    dictionary of 30,000 roots and is 300 times slower (78 against 0.2 µs a word). With stop
    words kept in the question every row loses 0.01 to 0.02.
    """
    if token[:1].isdigit():
        return token.rstrip("%")
    if "-" in token:
        return token.replace("-", "")
    stemmed = str(_stemmer(language).stemWord(token))
    return root(token, stemmed) if language == "id" else stemmed


@cache
def _stemmer(language: Language) -> Stemmer.Stemmer:
    import Stemmer

    # Our own cache stands in front of it.
    return Stemmer.Stemmer({"id": "indonesian", "en": "english"}[language], 0)


# Detection reads no further than this many characters: more changes nothing.
_ENOUGH = 2000


def detect(text: str) -> Language:
    """The language of a text or question; Indonesian where nothing speaks for either.

    Function words vote first; they alone are right on all 890 Belebele dev questions (445 in
    each language) and cost no model. A tie with ordinary words in it goes to py3langid, which
    takes 0.7 s and 120 MB to load, so only then. A tie of nothing but names and numbers is
    Indonesian, the language of most collections here.

    Share right (English, Indonesian) on runs of words cut at random from 3,600 parallel pairs:

        words            1            2            4            8
        votes alone      0.44 1.00    0.74 1.00    0.94 0.99    0.99 1.00
        py3langid alone  0.90 0.86    0.95 0.97    0.98 0.99    1.00 1.00
        lingua alone     0.87 0.95    0.96 0.98    0.98 0.99    0.99 1.00
        this             0.84 0.95    0.95 0.98    0.99 0.99    1.00 1.00

    On Belebele's whole questions all four are right every time.
    """
    shouting = text.isupper()
    score = 0
    words = _TOKEN.findall(text[:_ENOUGH])
    for raw in words:
        if len(raw) <= 4 and raw.isupper() and not shouting:
            continue  # AS, WHO, IT, US: acronyms, not function words
        word = _READ[raw][0]
        score += (word in STOP_WORDS["id"]) - (word in STOP_WORDS["en"])
    if score:
        return "id" if score > 0 else "en"
    if any(len(raw) > 2 and raw[0].islower() for raw in words):
        return _identify(text[:_ENOUGH])
    return "id"


def _identify(text: str) -> Language:
    return "en" if _identifier().classify(text)[0] == "en" else "id"


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["id", "en"])
    return identifier
