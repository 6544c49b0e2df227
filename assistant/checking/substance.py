"""Whether a sentence says anything that an article could bear out.

A small model writes headings, bare figures, halves of sentences, the question over again and
broken words. Each of these overlaps with an article and claims nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from assistant.checking.wording import SIMILAR_CREDIT, Wording, credit, read, translations
from assistant.language import QuestionKind, detect, question_kind
from assistant.types import Language

FEWEST_WORDS = 4
"""From so many words on a sentence is read in its own language and not in the answer's. Of
4,668 training sentences of six words and more three were taken for the other language."""

ECHO = 0.8
"""A sentence with this share of its words from a title, and not from the text, echoes it."""

_BROKEN = re.compile("[\ufffd\ufffe\uffff\ue000-\uf8ff]")
_RUN = re.compile(r"[^\W\d_]+")

# Verbs without a prefix that shows them, and words that only stand before a predicate.
_PREDICATES: Mapping[Language, frozenset[str]] = MappingProxyType(
    {
        "id": frozenset(
            "adalah ialah yaitu yakni merupakan ada tiada punya akan telah sudah sedang masih "
            "pernah belum tidak bukan bisa dapat harus mau ingin boleh mampu perlu wajib tiba "
            "datang pergi pulang tinggal kata ujar tutur tegas ucap jelas tulis naik turun jatuh "
            "lahir meninggal tewas gugur hidup mati jadi masuk keluar tahu lupa ikut mulai "
            "selesai duduk bangun kembali pindah tidur makan minum mandi tumbuh hilang rusak "
            "berada berakhir lolos kalah menang unggul setuju sepakat percaya yakin minta "
            "terdiri terletak tampak muncul hadir singgah tampil lulus wafat lari maju mundur "
            "runtuh pecah terbit tenggelam cinta suka benci takut butuh".split()
        ),
        "en": frozenset(
            "is are was were be been being am has have had do does did will would can could may "
            "might must shall should says said say told tells made make makes came come comes "
            "went go goes took take takes gave give gives got get gets saw see sees knew know "
            "knows became become becomes held hold holds led lead leads met meet meets sent send "
            "sends sold sell sells bought buy buys won win wins lost lose loses rose rise rises "
            "fell fall falls grew grow grows began begin begins left leave leaves kept keep keeps "
            "put let set cut hit cost costs spoke speak speaks wrote write writes found find finds "
            "built build builds brought bring brings felt feel feels ran run runs paid pay pays "
            "stood stand stands fought fight fights died dies lies lay sits sat isn't aren't "
            "wasn't weren't don't doesn't didn't won't can't couldn't hasn't haven't".split()
        ),
    }
)
_VERB_SHAPE: Mapping[Language, re.Pattern[str]] = MappingProxyType(
    {
        "id": re.compile(r"(?:me[mnlry]?|di|ber|ter|be)\w{4,}"),
        "en": re.compile(r"\w{2,}(?:ed|izes?|ises?|ifies)"),
    }
)
NO_VERBS = frozenset(
    "dinas dinasti direktur direktorat diplomat diplomasi digital disiplin distrik dialog divisi "
    "menteri mereka merdeka merek medan media medis mesin metode meter mental meski meskipun "
    "berita beberapa berbagai berdasarkan besar beras bersama terhadap terakhir terbaik terbesar "
    "tersebut tertentu termasuk tengah tenggara tentara tentang terutama teroris teritori berlin "
    "dirinya dimana berikut diktator disertasi demokrasi benteng bendera bentuk".split()
)
"""Indonesian words with a verb's prefix that are none."""


def spoken(sentence: str, language: Language) -> Language:
    """The language that a sentence is in; the answer's own `language` where it is too short."""
    if len(_RUN.findall(sentence)) < FEWEST_WORDS:
        return language
    return detect(sentence)


def garbled(text: str) -> list[str]:
    """The pieces between blanks with broken characters, or with letters of several scripts."""
    if text.isascii():
        return []
    return [
        piece
        for piece in text.split()
        if not piece.isascii()
        and (
            _BROKEN.search(piece)
            or any(len({_script(char) for char in word}) > 1 for word in _RUN.findall(piece))
        )
    ]


def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    name = unicodedata.name(letter, "").split()
    # Japanese writes three scripts in one word.
    return "CJK" if name[:1] in (["HIRAGANA"], ["KATAKANA"], ["CJK"]) else (name or ["?"])[0]


def foreign_words(claim: Wording) -> list[int]:
    """The words (token indices) that are in another script than the Latin one."""
    if claim.text.isascii():
        return []
    return [
        index
        for index, token in enumerate(claim.tokens)
        if any(char.isalpha() and _script(char) != "LATIN" for char in token.text)
    ]


def says_nothing(claim: Wording) -> bool:
    """Whether a text has too little in it to be borne out: figures alone, a word or none."""
    words = [index for index, _ in claim.content if not claim.tokens[index].number]
    if not words:
        return True
    if len(words) > 1 or any(fact.kind in ("name", "date") for fact in claim.facts):
        return False
    return len(claim.tokens) < _SENTENCE_TOKENS


_SENTENCE_TOKENS = 6
"""A text of one word of weight and so many in all is a sentence: "If I do it, I speed it up"."""


def is_empty(text: str) -> bool:
    """Whether a text has no words beside figures and codes ("2023: 2023", "#5", "#d01d5a")."""
    return not any(len(word) > 1 and word.isalpha() for word in re.split(r"[^\w#]+", text) if word)


def has_predicate(claim: Wording) -> bool:
    """Whether a text has a verb, as far as its words show: else it is a heading or a piece.

    Indonesian verbs are known by their prefix, English ones by their ending or by being
    translated by a verb; those without either are listed.
    """
    shape, listed = _VERB_SHAPE[claim.language], _PREDICATES[claim.language]
    for token in claim.tokens:
        word = token.text
        if word in listed or word.endswith(("n't", "n’t")):
            return True
        if claim.text[token.start].isupper() and token.start > 0:
            continue
        if shape.fullmatch(word) and word not in NO_VERBS:
            return True
        if claim.language == "en" and any(
            probability >= _LIKELY and _VERB_SHAPE["id"].fullmatch(other) and other not in NO_VERBS
            for other, probability in translations(word)[:1]
        ):
            return True
    return False


_LIKELY = 0.3
"""Least probability of the translation that shows an English word to be a verb."""


def adds_to(claim: Wording, known: Sequence[Wording]) -> bool:
    """Whether a claim has a word of weight, or a figure, that none of the `known` texts has."""
    return any(
        max((credit(claim, index, reading) for reading in known), default=0.0) < SIMILAR_CREDIT
        for index, _ in claim.content
        if claim.tokens[index].text not in _NAMING
    )


# "The camp is called the camp": the words that say so add nothing.
_NAMING = frozenset(
    "called named name names known bernama nama namanya disebut dinamai dinamakan dikenal "
    "answer jawaban jawabannya question pertanyaan".split()
)


def share_in(claim: Wording, reading: Wording) -> float:
    """The weighted share of a claim's words that a text has, [0, 1]."""
    total = sum(weight for _, weight in claim.content)
    found = sum(weight * credit(claim, index, reading) for index, weight in claim.content)
    return found / total if total else 0.0


def restates(claim: Wording, question: str) -> bool:
    """Whether a claim is the question over again; of a yes-or-no question that is an answer."""
    if not question.strip():
        return False
    language = detect(question)
    if question_kind(question, language) is QuestionKind.POLAR:
        return False
    return not adds_to(claim, [read(question, language)])
