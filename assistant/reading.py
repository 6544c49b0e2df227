"""A passage as ranking sees it: each sentence's stems in order, its numbers, names and cues."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.language import stem, tokens
from assistant.opposites import NEGATIONS
from assistant.orders import is_order
from assistant.types import Chunk, Language, Passage, SentenceSpan

TIME_WORDS = frozenset(
    "januari februari maret april mei juni juli agustus september oktober november desember "
    "january february march april may june july august october december "
    "senin selasa rabu kamis jumat sabtu minggu "
    "monday tuesday wednesday thursday friday saturday sunday "
    "lalu kemarin besok mendatang musim abad dekade ago yesterday tomorrow".split()
)
"""Words that tell when without a figure: months, days, seasons, "tahun lalu"."""

NUMBER_WORDS = frozenset(
    "dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus seratus "
    "ribu seribu juta miliar triliun two three four five six seven eight nine ten eleven twelve "
    "hundred thousand million billion".split()
)
PLACE_WORDS = frozenset(
    "di ke dari kota negara provinsi pulau wilayah desa kabupaten in at from near".split()
)
REASON_WORDS = frozenset(
    "karena sebab akibat disebabkan sehingga untuk guna agar demi memperingati "
    "because due since to".split()
)
COPULAS = frozenset("adalah ialah merupakan yaitu yakni disebut is are was were means".split())


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """One sentence's stems in order, and the positions at which things stand (from 0).

    `numbers` are figures, years and number words; `times`, words that tell when; `names`,
    capitalised words that don't merely open the sentence; `words`, the surfaces.
    `tainted`: it gives orders to a model, or follows a sentence that does (`orders`), and is
    no evidence.
    """

    span: SentenceSpan
    stems: tuple[str, ...]
    joined: str
    numbers: tuple[int, ...]
    times: tuple[int, ...]
    names: tuple[int, ...]
    places: bool
    reasons: bool
    copula: int | None
    negated: bool
    words: frozenset[str]
    tainted: bool


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A chunk's sentences, and the stems of it and of its article's title."""

    sentences: tuple[ReadSentence, ...]
    stems: frozenset[str]
    joined: str
    title: tuple[str, ...]


def read(chunk: Chunk | Passage) -> ReadPassage:
    """Analyse a chunk once, for any number of questions."""
    sentences = []
    tainted = False
    for span in chunk.sentences:
        text = chunk.text[span.start - chunk.start : span.end - chunk.start]
        tainted = tainted or is_order(text)
        sentences.append(_read_sentence(chunk.language, span, text, tainted=tainted))
    return ReadPassage(
        sentences=tuple(sentences),
        stems=frozenset().union(*(sentence.stems for sentence in sentences)),
        joined=padded([stem for sentence in sentences for stem in sentence.stems]),
        title=tuple(stem(token.text, chunk.language) for token in tokens(chunk.title)),
    )


def padded(stems: list[str]) -> str:
    """Stems as one string with a space at both ends, in which phrases are looked up."""
    return f" {' '.join(stems)} "


def _read_sentence(
    language: Language, span: SentenceSpan, text: str, *, tainted: bool
) -> ReadSentence:
    found = tokens(text)
    stems = [stem(token.text, language) for token in found]
    numbers, times, names = [], [], []
    copula = None
    for at, token in enumerate(found):
        if token.number or token.text in NUMBER_WORDS:
            numbers.append(at)
        elif token.text in TIME_WORDS:
            times.append(at)
        elif at and text[token.start].isupper():
            names.append(at)
        elif copula is None and token.text in COPULAS:
            copula = at
    words = {token.text for token in found}
    return ReadSentence(
        span=span,
        stems=tuple(stems),
        joined=padded(stems),
        numbers=tuple(numbers),
        times=tuple(times),
        names=tuple(names),
        places=not PLACE_WORDS.isdisjoint(words),
        reasons=not REASON_WORDS.isdisjoint(words),
        copula=copula,
        negated=not NEGATIONS.isdisjoint(words),
        words=frozenset(words),
        tainted=tainted,
    )
