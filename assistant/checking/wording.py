"""A sentence as the checker sees it: its words, how telling each is, and its facts.

Everything is worked out at most once per text and kept for the next sentence of the answer,
which is checked against the same passages.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from assistant.errors import ModelError
from assistant.language import STOP_WORDS, Token, analyse, stem
from assistant.translation import TABLE_FILE, TranslationTable
from assistant.types import Language
from assistant.words.entities import Entity, entities

WORDS_FILE = Path(__file__).parent.parent / "models" / "words.tsv.gz"

MOSTLY_CAPITAL = 6
"""A word with a capital in at least this many of ten places inside a sentence is a name."""

NUMBER_WEIGHT = 0.8
"""Weight of a figure among the words; near a rare noun's, since it is seldom there by chance."""

_FOOTNOTE = re.compile(r"\[\s*\d+(?:\s*[,;\-–—]\s*\d+)*\s*\]")
# Words that only point at the source: they claim nothing that it would have to contain.
_POINTING: Mapping[Language, frozenset[str]] = MappingProxyType(
    {
        "id": frozenset(
            "artikel laporan berita sumber teks kutipan bagian bacaan media menurut dilaporkan "
            "disebutkan menyebutkan menyebut dijelaskan dilansir dikutip berdasarkan informasi "
            "melaporkan menjelaskan menyatakan dinyatakan tersebut".split()
        ),
        "en": frozenset(
            "article articles report reports source sources text passage media according "
            "reported mentioned mentions says states stated information".split()
        ),
    }
)


@cache
def word_table() -> Mapping[Language, Mapping[str, tuple[float, int]]]:
    """Per language: word -> (weight in (0, 1], places of ten with a capital)."""
    try:
        lines = gzip.decompress(WORDS_FILE.read_bytes()).decode("utf-8").splitlines()
    except (OSError, EOFError, ValueError) as error:
        raise ModelError(
            f"the word table can't be read from {WORDS_FILE.name}: {error}",
            hint="reinstall assistant, or learn it again: python -m assistant.training.checker",
        ) from error
    table: dict[Language, dict[str, tuple[float, int]]] = {"id": {}, "en": {}}
    for line in lines:
        language, word, weight, capitals = line.split("\t")
        table["id" if language == "id" else "en"][word] = (int(weight) / 100, int(capitals))
    return MappingProxyType(table)


class Wording:
    """One text in a known language. Footnote numbers ("[3]") are read as blanks."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = _FOOTNOTE.sub(lambda match: " " * len(match[0]), text)
        self.language = language
        analysis = analyse(self.text, language)
        self.tokens: tuple[Token, ...] = analysis.tokens
        self.stems: tuple[str, ...] = analysis.stems
        self.surfaces = frozenset(token.text for token in self.tokens)
        self.stem_set = frozenset(self.stems)

    @cached_property
    def spaced(self) -> str:
        """The words with one blank between and around them, for looking phrases up."""
        return f" {' '.join(token.text for token in self.tokens)} "

    @cached_property
    def content(self) -> tuple[tuple[int, float], ...]:
        """(token index, weight) of each word that carries meaning."""
        known = word_table()[self.language]
        stop = STOP_WORDS[self.language] | _POINTING[self.language]
        return tuple(
            (index, NUMBER_WEIGHT if token.number else known.get(token.text, (1.0, 0))[0])
            for index, token in enumerate(self.tokens)
            if token.text not in stop
        )

    @cached_property
    def facts(self) -> tuple[Entity, ...]:
        """Numbers, dates, names and negations, and a name that opens the sentence."""
        found = entities(self.text, self.language)
        opening = self._opening_name(found)
        return (opening, *found) if opening else tuple(found)

    def _opening_name(self, found: list[Entity]) -> Entity | None:
        """The first word, where it is capitalised, in no fact yet, and no ordinary word."""
        if not self.tokens:
            return None
        first = self.tokens[0]
        known = word_table()[self.language].get(first.text)
        if (
            first.number
            or not self.text[first.start].isupper()
            or first.text in STOP_WORDS[self.language]
            or any(fact.start <= first.start < fact.end for fact in found)
        ):
            return None
        if known is None:
            # A rare inflection of an ordinary word ("Ditinggalkannya") is no name either.
            if len(first.text) < 4 or stem(first.text, self.language) != first.text:
                return None
        elif known[1] < MOSTLY_CAPITAL:
            return None
        return Entity("name", first.start, first.end, first.text)

    @cached_property
    def translated(self) -> Mapping[str, float]:
        """English text only: Indonesian stem -> the probability that a word here means it."""
        found: dict[str, float] = {}
        if self.language == "en":
            for index, _ in self.content:
                for word, probability in translations(self.tokens[index].text):
                    key = stem(word, "id")
                    found[key] = max(found.get(key, 0.0), probability)
        return found

    @cached_property
    def heads(self) -> Mapping[str, tuple[str, ...]]:
        """The stems by their first five letters."""
        found: dict[str, tuple[str, ...]] = {}
        for word in self.stem_set:
            if len(word) >= _HEAD:
                found[word[:_HEAD]] = (*found.get(word[:_HEAD], ()), word)
        return found

    @cached_property
    def alternatives(self) -> tuple[tuple[frozenset[str], float], ...]:
        """Per content word: the stems that would stand for it in either language, its weight."""
        found = []
        for index, weight in self.content:
            words = {self.stems[index]}
            if self.language == "en":
                words |= {
                    stem(word, "id")
                    for word, probability in translations(self.tokens[index].text)
                    if probability >= LEAST_PROBABILITY
                }
            found.append((frozenset(words), weight))
        return tuple(found)

    def roughly(self, evidence: Wording) -> float:
        """Roughly the share of this text found in the evidence, [0, 1]: quick, for ranking."""
        there: Set[str] = evidence.stem_set
        if self.language == "id" and evidence.language == "en":
            there = there | evidence.translated.keys()
        total = sum(weight for _, weight in self.alternatives)
        found = sum(weight for words, weight in self.alternatives if not words.isdisjoint(there))
        return found / total if total else 0.0

    def inside(self, start: int, end: int) -> list[int]:
        """The indices of the tokens within a span of the text."""
        return [i for i, token in enumerate(self.tokens) if start <= token.start < end]


@lru_cache(maxsize=2**13)
def read(text: str, language: Language) -> Wording:
    """The reading of a text, from memory where it was read before."""
    return Wording(text, language)


@cache
def _table(path: Path) -> TranslationTable:
    return TranslationTable(path)


_TABLE_PATH: ContextVar[Path] = ContextVar("table_path", default=TABLE_FILE)


@contextmanager
def translating_by(path: Path) -> Iterator[None]:
    """Another translation table than the bundled one, within a `with`: for training."""
    token = _TABLE_PATH.set(path)
    try:
        yield
    finally:
        _TABLE_PATH.reset(token)


def translations(word: str) -> tuple[tuple[str, float], ...]:
    """Likely Indonesian words for an English one, with their probabilities."""
    return _translations(word, _TABLE_PATH.get())


@lru_cache(maxsize=2**15)
def _translations(word: str, path: Path) -> tuple[tuple[str, float], ...]:
    return _table(path).translate(word)


FULL_CREDIT = 0.25
"""A word counts as found in full when its translations there have this probability together."""

SIMILAR_CREDIT = 0.8
"""What a word of the same root in another shape earns."""


def credit(claim: Wording, index: int, evidence: Wording) -> float:
    """How far the claim's token `index` is found in the evidence, [0, 1]."""
    token = claim.tokens[index]
    if token.text in evidence.surfaces or claim.stems[index] in evidence.stem_set:
        return 1.0
    if claim.language == evidence.language == "id" and not evidence.stem_set.isdisjoint(
        _unclipped(claim.stems[index])
    ):
        return 1.0
    if claim.language == evidence.language:
        return SIMILAR_CREDIT if not token.number and _similar(claim.stems[index], evidence) else 0
    if claim.language == "en":
        found = sum(
            probability
            for word, probability in translations(token.text)
            if word in evidence.surfaces or stem(word, "id") in evidence.stem_set
        )
    else:
        found = evidence.translated.get(claim.stems[index], 0.0)
    got = min(1.0, found / FULL_CREDIT)
    if got < SIMILAR_CREDIT and not token.number:
        alike = _similar(token.text, evidence) or _cognate(token.text, evidence)
        return SIMILAR_CREDIT if alike else got
    return got


@lru_cache(maxsize=2**15)
def _unclipped(stem_: str) -> frozenset[str]:
    """Other shapes of an Indonesian stem: me- and pe- swallow k, p, s and t.

    `roots` gives the letter back where that makes a word it knows; names and new words it doesn't
    know. Shorter stems than four letters would meet others by chance.
    """
    if len(stem_) < 4:
        return frozenset()
    whole = {letter + stem_ for letter in "kpst"} if stem_[0] in "aeiou" else set()
    return frozenset(whole | ({stem_[1:]} if stem_[0] in "kpst" and len(stem_) >= 5 else set()))


def same_stem(a: str, b: str) -> bool:
    """Whether two Indonesian (or two English) stems are one word's."""
    return a == b or b in _unclipped(a)


def same_word(claim: Wording, i: int, unit: Wording, j: int) -> bool:
    """Whether token `i` of a claim and token `j` of a source are one word, or translations."""
    if claim.tokens[i].text == unit.tokens[j].text:
        return True
    if claim.language == unit.language:
        return same_stem(claim.stems[i], unit.stems[j])
    one = read(unit.text[unit.tokens[j].start : unit.tokens[j].end], unit.language)
    return bool(one.tokens) and credit(claim, i, one) >= 0.3


def _similar(word: str, evidence: Wording) -> bool:
    """Whether the evidence has a word with the same beginning: "pertahanan", "pertahankan".

    Five letters and seven tenths of the shorter word: found on IndoNLI's training pairs to
    help; four letters join unrelated words.
    """
    return any(
        _shared_prefix(word, other) >= 0.7 * min(len(word), len(other))
        for other in evidence.heads.get(word[:_HEAD], ())
    )


_HEAD = 5
LEAST_PROBABILITY = 0.05
"""Translations rarer than this are mostly noise of the alignment."""

_SOUNDS = (
    ("ph", "f"), ("th", "t"), ("ch", "k"), ("ck", "k"), ("qu", "ku"), ("x", "ks"), ("ce", "se"),
    ("ci", "si"), ("c", "k"), ("v", "f"), ("y", "i"), ("tion", "si"), ("sion", "si"), ("ty", "tas"),
    ("z", "s"),
)  # fmt: skip
_DOUBLE = re.compile(r"(.)\1")


@lru_cache(maxsize=2**15)
def _spoken(word: str) -> str:
    """A word as Indonesian spells what it borrows: "central" and "sentral" come together."""
    for written, spoken in _SOUNDS:
        word = word.replace(written, spoken)
    return _DOUBLE.sub(r"\1", word)


def _cognate(word: str, evidence: Wording) -> bool:
    spoken = _spoken(word)
    if len(spoken) < _HEAD:
        return False
    return any(
        _shared_prefix(spoken, _spoken(other)) >= max(_HEAD, 0.7 * min(len(spoken), len(other)))
        for other in evidence.surfaces
        if other[0] in (word[0], spoken[0])
    )


def _shared_prefix(a: str, b: str) -> int:
    for index, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return index
    return min(len(a), len(b))
