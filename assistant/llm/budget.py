"""How much fits: passages and history packed into a model's context.

Counts are o200k_base tokens times the model's `token_ratio`, so that they are never less
than the model's own count. The most relevant passage comes first; one that doesn't fit
whole is shortened to its leading sentences, and no sentence is ever cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.counting import count_tokens
from assistant.types import Passage, Turn

TEMPLATE_MARGIN_TOKENS = 48
"""Model tokens for what a chat template puts around two messages (ChatML: some 20)."""

SMALLEST_ANSWER_TOKENS = 96
"""Model tokens that an answer gets at the least: two sentences."""

HISTORY_SHARE = 1 / 8
"""Part of the context that earlier turns may take: they help to read the question, and every
token of theirs is one less for evidence."""

_AROUND_A_TURN = 8
"""Tokens for the labels and line ends of an earlier turn."""

EARLIER_ANSWER_CHARS = 300
"""Of each earlier answer a model is shown this much: enough to say what "it" is."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A passage that was given to the model, under the number that the model cites it by.

    `text` is the part of it that the model is shown, from its start to a sentence's end,
    verbatim; `block` is what was sent for it.
    """

    number: int
    passage: Passage
    text: str
    block: str


def answer_reserve(context_tokens: int, answer_tokens: int) -> int:
    """Model tokens kept free for the answer: what it may take, at most a quarter of all."""
    return max(SMALLEST_ANSWER_TOKENS, min(answer_tokens, context_tokens // 4))


def pack_passages(
    passages: Sequence[Passage],
    *,
    tokens: float,
    ratio: float,
    render: Callable[[int, Passage, str], str],
) -> tuple[Packed, ...]:
    """As many of the passages, best first, as fit into `tokens` model tokens.

    `render(number, passage, text)` gives the block that is sent for a passage, and that is
    what is counted; `ratio` is model tokens per o200k_base token. After the first passage
    that has to be shortened no other follows: a less relevant one would only fill the rest.
    Empty when not one sentence fits.
    """
    packed: list[Packed] = []
    left = tokens / ratio
    for passage in passages:
        number = len(packed) + 1
        for end in reversed(_sentence_ends(passage)):
            text = passage.quote(passage.start, end)
            block = render(number, passage, text)
            needed = count_tokens(block)
            if needed <= left:
                packed.append(Packed(number, passage, text, block))
                left -= needed
                break
        else:
            break
        if len(text) < len(passage.text):
            break
    return tuple(packed)


def _sentence_ends(passage: Passage) -> list[int]:
    """Where the passage may be cut: after each sentence, and at its own end."""
    inner = [span.end for span in passage.sentences if span.end < passage.end]
    return [*inner, passage.end]


def pack_history(
    turns: Sequence[Turn], *, tokens: float, ratio: float, answer_chars: int
) -> tuple[Turn, ...]:
    """The latest of the turns that fit into `tokens` model tokens, oldest first.

    Answers are shortened to `answer_chars` characters at a word's end: an earlier answer is
    there to say what "it" is.
    """
    kept: list[Turn] = []
    left = tokens / ratio
    for turn in reversed(turns):
        short = Turn(turn.question, _shortened(turn.answer, answer_chars))
        left -= count_tokens(short.question) + count_tokens(short.answer) + _AROUND_A_TURN
        if left < 0:
            break
        kept.append(short)
    return tuple(reversed(kept))


def _shortened(text: str, chars: int) -> str:
    if len(text) <= chars:
        return text
    cut = text.rfind(" ", 0, chars)
    return text[: cut if cut > 0 else chars].rstrip() + " …"
