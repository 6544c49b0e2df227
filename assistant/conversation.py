"""Follow-up questions: what a short question means after the ones before it.

Without a language model this is a heuristic. A question that leans on the conversation
("Lalu dalam lima bulan pertama?", "Siapa yang menerimanya?", "What did he say?") is
searched together with the content words of the question it leans on; one that stands by
itself is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language import STOP_WORDS, QuestionKind, question_kind, stem, tokens
from assistant.types import Language, Turn

MAX_TURNS = 8
"""Turns of history that are looked at; older ones no longer say what "it" is."""

SELF_CONTAINED_WORDS = 4
"""Content words from which a question stands by itself though it has an anaphor. Of IDK-MRC's
training questions, which all stand by themselves, 0.45 have three or fewer: so few words alone
prove nothing, and only with an anaphor are they taken to lean on what was said before."""

OPENERS = re.compile(
    r"^\W*(lalu|lantas|terus|dan|kemudian|bagaimana dengan|bagaimana kalau|kalau|tapi|tetapi|"
    r"selain itu|and|then|so|but|what about|how about|what else|apa lagi|siapa lagi)\b",
    re.IGNORECASE,
)
"""Words that open a question as the continuation of another."""

ANAPHORS = frozenset(
    # Indonesian, then English
    "itu tersebut dia ia beliau mereka begitu sana situ keduanya "
    "it its he him his she her hers they them their theirs that this those these there "
    "then both one".split()
)
"""Words that stand for something said before."""

NOT_POSSESSIVE = frozenset(
    "hanya punya bertanya tanya banyak biasanya misalnya akhirnya sebelumnya selanjutnya "
    "umumnya sebenarnya sebaiknya seharusnya setidaknya adanya khususnya terutamanya".split()
)
"""Words that end in -nya without meaning "its" or "of them"."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is searched for a question: `searched` is the question itself if it stands alone."""

    searched: str
    leans_on: str | None = None


def standalone(question: str, history: Sequence[Turn], language: Language) -> FollowUp:
    """The query to search for `question` after the turns of `history`, oldest first."""
    if not history or not _leans(question, language):
        return FollowUp(question)
    antecedent = _antecedent(history, language)
    if question_kind(question, language) is QuestionKind.OTHER:
        # "Lalu pada 2024?" asks what the question before it asked: how many, who, when.
        return FollowUp(f"{question} ({antecedent})", leans_on=antecedent)
    known = {stem(word, language) for word in _content(question, language)}
    added = [word for word in _content(antecedent, language) if stem(word, language) not in known]
    if not added:
        return FollowUp(question)
    return FollowUp(f"{question} ({' '.join(added)})", leans_on=antecedent)


def _antecedent(history: Sequence[Turn], language: Language) -> str:
    """The latest earlier question that stands by itself, with those that lean on it."""
    chain: list[str] = []
    for turn in reversed(history):
        chain.append(turn.question)
        if not _leans(turn.question, language):
            break
    return " ".join(reversed(chain))


def _leans(question: str, language: Language) -> bool:
    content = _content(question, language)
    if not content or OPENERS.match(question):
        return True
    words = [token.text for token in tokens(question)]
    possessive = any(
        len(word) > 5 and word.endswith("nya") and word not in NOT_POSSESSIVE for word in words
    )
    anaphor = possessive or not ANAPHORS.isdisjoint(words)
    return anaphor and len(content) < SELF_CONTAINED_WORDS


def _content(text: str, language: Language) -> list[str]:
    """The words of a text that carry meaning, as they stand, each once."""
    content: dict[str, None] = {}
    for token in tokens(text):
        if token.text not in STOP_WORDS[language] and token.text not in ANAPHORS:
            content.setdefault(text[token.start : token.end])
    return list(content)
