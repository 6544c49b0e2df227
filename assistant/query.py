"""A question as it is searched: weighted terms, each with all that may stand for it.

An Indonesian passage answers an English question in other words, and "Korut" answers
"Korea Utara": each term carries its translations, the other names of the same thing and
everyday synonyms, with a strength between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.language import (
    STOP_WORDS,
    QuestionKind,
    Token,
    detect,
    question_kind,
    stem,
    terms,
    tokens,
)
from assistant.opposites import NEGATIONS, QUALIFIERS
from assistant.translation import TranslationTable
from assistant.types import Language
from assistant.words.gazetteer import ALIASES, LONGEST_ALIAS
from assistant.words.synonyms import LONGEST_SYNONYM, SYNONYMS

SYNONYM_STRENGTH = 0.5
"""A synonym counts half of the word itself."""

MIN_PROBABILITY = 0.05
"""Translations below this are mostly alignment noise."""

MAX_TRANSLATIONS = 6
"""Translations kept of one word; the rest of the mass is spread thin."""

NUMBER_WORDS = {
    word: figure
    for figure, words in {
        "2": "dua two", "3": "tiga three", "4": "empat four", "5": "lima five",
        "6": "enam six", "7": "tujuh seven", "8": "delapan eight", "9": "sembilan nine",
        "10": "sepuluh ten", "11": "sebelas eleven", "12": "twelve",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Small numbers that are written either way."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words that stand for one: their stems with a space at both ends, and its strength."""

    words: tuple[str, ...]
    joined: str
    strength: float


@dataclass(frozen=True, slots=True)
class Term:
    """One content word of a question.

    `matches` maps a stem to the strength in (0, 1] with which it stands for the word;
    `phrases` are names and synonyms of several words. `named` says that the word is (part of)
    a name or a number.
    """

    surface: str
    stem: str
    matches: dict[str, float]
    phrases: tuple[Phrase, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A question, analysed. `language` is the question's own.

    `qualifiers`: for each word that narrows it ("before"), those of which one must be there.
    """

    text: str
    language: Language
    kind: QuestionKind
    terms: tuple[Term, ...]
    negated: bool
    qualifiers: tuple[frozenset[str], ...]

    @property
    def says_nothing(self) -> bool:
        """Whether there is no word in it to look for: only signs, figures or emoji."""
        return not any(char.isalpha() for term in self.terms for char in term.surface)

    @property
    def asks(self) -> bool:
        """Whether it is put as a question, not as words to look for."""
        return self.kind is not QuestionKind.OTHER or "?" in self.text


@cache
def _table() -> TranslationTable:
    return TranslationTable.bundled()


@cache
def _names_of() -> dict[str, tuple[str, ...]]:
    """A thing's key -> every name it goes by."""
    names: dict[str, list[str]] = {}
    for name, key in ALIASES.items():
        names.setdefault(key, [key]).append(name)
    return {key: tuple(dict.fromkeys(others)) for key, others in names.items()}


def analyse_question(question: str, language: Language | None = None) -> Query:
    """The terms of a question; all its words where every one of them is a stop word."""
    language = language or detect(question)
    found = tokens(question)
    content = [token for token in found if token.text not in STOP_WORDS[language]] or found
    others = _other_names(found)
    by_surface: dict[str, Term] = {}
    for token in content:
        if token.text not in by_surface:
            by_surface[token.text] = _term(token, question, language, others.get(token.start, ()))
    words = {token.text for token in found}
    return Query(
        text=question,
        language=language,
        kind=question_kind(question, language),
        terms=tuple(by_surface.values()),
        negated=not NEGATIONS.isdisjoint(words),
        qualifiers=tuple(QUALIFIERS[word] for word in sorted(words & QUALIFIERS.keys())),
    )


def _term(
    token: Token, question: str, language: Language, others: Sequence[tuple[str, float]]
) -> Term:
    own = stem(token.text, language)
    matches = {own: 1.0, stem(token.text, "id"): 1.0}
    if token.text in NUMBER_WORDS:
        matches[NUMBER_WORDS[token.text]] = 1.0
    for word, figure in NUMBER_WORDS.items():
        if token.text == figure:
            matches[stem(word, "id")] = 1.0
    if language == "en":
        for word, strength in _translations(token.text):
            others = [*others, (word, strength)]
            others += [(name, strength * SYNONYM_STRENGTH) for name in SYNONYMS.get(word, ())]
    phrases: dict[str, Phrase] = {}
    for name, strength in others:
        words, stems = terms(name, "id")
        if len(stems) == 1:
            matches[stems[0]] = max(strength, matches.get(stems[0], 0.0))
        elif stems:
            joined = f" {' '.join(stems)} "
            phrases.setdefault(joined, Phrase(tuple(words), joined, strength))
    named = token.number or (question[token.start : token.start + 1].isupper() and token.start > 0)
    return Term(token.text, own, matches, tuple(phrases.values()), named)


def _translations(word: str) -> list[tuple[str, float]]:
    """Likely translations and their strengths: the likeliest is worth 1."""
    likely = [
        (other, probability)
        for other, probability in _table().translate(word)[:MAX_TRANSLATIONS]
        if probability >= MIN_PROBABILITY
    ]
    if not likely:
        return []
    best = likely[0][1]
    return [(other, (probability / best) ** 0.5) for other, probability in likely]


def _other_names(found: Sequence[Token]) -> dict[int, list[tuple[str, float]]]:
    """Per token start: the other names of the longest known name or word that it is part of."""
    others: dict[int, list[tuple[str, float]]] = {}
    sources: tuple[tuple[Callable[[str], Sequence[str]], float, int], ...] = (
        (lambda name: _names_of()[ALIASES[name]] if name in ALIASES else (), 1.0, LONGEST_ALIAS),
        (lambda name: SYNONYMS.get(name, ()), SYNONYM_STRENGTH, LONGEST_SYNONYM),
    )
    for lookup, strength, longest in sources:
        at = 0
        while at < len(found):
            for length in range(min(longest, len(found) - at), 0, -1):
                name = " ".join(token.text for token in found[at : at + length])
                names = lookup(name)
                if names:
                    for token in found[at : at + length]:
                        others.setdefault(token.start, []).extend(
                            (other, strength) for other in names if other != name
                        )
                    break
            at += max(1, length if names else 1)
    return others
