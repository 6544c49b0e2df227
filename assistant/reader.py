"""The trained reader: does a passage answer a question, and which of its sentences.

A small bilingual cross-encoder (MiniLM's size, 8-bit weights, run by onnxruntime) that sees
question and passage together, as bags of words and vectors never do. `training/reader/`
makes it; `models/reader/MODEL_CARD.md` says from what. It reads what search has found, and its log
odds are features among others (`features`), weighed on questions it did not learn from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.types import Passage

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "models" / "reader"

LONGEST = 256
"""Pieces that the network reads at once: question, passage and three marks."""

QUESTION = 64
"""Pieces of a question that are read; a longer one is cut, so that the passage has room."""

UNREAD = -12.0
"""Log odds of what was not read: as sure a no as the network ever says."""


READ_CACHE = 256
"""Readings kept: those of the last dozen questions."""


SPAN = 16
"""Pieces of a short answer at most: as long are 0.88 of IDK-MRC's (train) and all but 13 of the
15,786 over news."""


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """The words of a sentence that answer most probably: code points from the sentence's start.

    `probability`: that the answer starts and ends just there, if the passage holds one.
    """

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a passage.

    `answers`: log odds that the passage answers the question. `sentences`: for each of its
    sentences, the log odds that the passage answers plus the log probability that the answer
    starts there (natural logarithms, at least UNREAD). `spans`: the likeliest of each sentence.
    """

    answers: float
    sentences: tuple[float, ...]
    spans: tuple[AnswerSpan | None, ...] = ()

    @classmethod
    def unread(cls, passage: Passage) -> Reading:
        """Of a passage that was not worth the time."""
        return cls(UNREAD, (UNREAD,) * len(passage.sentences))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence's pieces, and where each stands in it."""

    pieces: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def cut(self, pieces: int) -> _Sentence:
        """At most so many of its first pieces."""
        return _Sentence(self.pieces[:pieces], self.places[:pieces])


@dataclass(frozen=True, slots=True)
class _Window:
    """Consecutive sentences that fit beside the question, with their numbers."""

    numbers: tuple[int, ...]
    sentences: tuple[_Sentence, ...]


class Reader:
    """Reads passages for a question; the same in and out every time, from any thread."""

    def __init__(self, tokenizer: Tokenizer, session: Any) -> None:
        self._tokenizer = tokenizer
        self._session = session
        self._first, self._between = marks(tokenizer)
        # Ranking and answering read the same passages one after the other.
        self._read = lru_cache(READ_CACHE)(self._read_anew)

    @classmethod
    def open(cls, folder: Path) -> Reader:
        """Load the model of a folder. Raises ModelError when it can't be read."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            session = onnxruntime.InferenceSession(
                str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise ModelError(
                f"The reader can't be loaded from {folder.name}: {error}",
                hint="Reinstall assistant, or train it again: python -m assistant.training.reader",
            ) from error
        return cls(tokenizer, session)

    def read(self, question: str, passage: Passage) -> Reading:
        """Read one passage, in as many windows as it takes."""
        texts = tuple(passage.quote(span.start, span.end) for span in passage.sentences)
        return self._read(question, texts)

    def _read_anew(self, question: str, texts: tuple[str, ...]) -> Reading:
        (asked,) = self._encode([question])
        asked = asked.cut(QUESTION)
        sentences = [UNREAD] * len(texts)
        spans: list[AnswerSpan | None] = [None] * len(texts)
        answers = UNREAD
        for window in _windows(self._encode(texts), LONGEST - 3 - len(asked.pieces)):
            odds, shares, found = self._run(asked.pieces, window)
            answers = max(answers, odds)
            for at, share, span in zip(window.numbers, shares, found, strict=True):
                here = odds + float(np.log(share + 1e-9))
                if here > sentences[at]:
                    sentences[at], spans[at] = here, span
        return Reading(answers, tuple(sentences), tuple(spans))

    def _encode(self, texts: Sequence[str]) -> list[_Sentence]:
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [_Sentence(tuple(one.ids), tuple(one.offsets)) for one in encoded]

    def _run(
        self, asked: Sequence[int], window: _Window
    ) -> tuple[float, list[float], list[AnswerSpan | None]]:
        """Log odds of an answer; for each sentence, the probability that the answer starts
        there, and the likeliest span."""
        flat = [piece for sentence in window.sentences for piece in sentence.pieces]
        pieces = np.array([[self._first, *asked, self._between, *flat, self._between]])
        sides = np.zeros_like(pieces)
        at = len(asked) + 2
        sides[0, at:] = 1
        odds, starts, ends = self._session.run(
            ["answers", "starts", "ends"], {"pieces": pieces, "sides": sides}
        )
        first = _softmax(starts[0, at : at + len(flat)])
        last = _softmax(ends[0, at : at + len(flat)])
        shares, spans = [], []
        done = 0
        for sentence in window.sentences:
            here = slice(done, done + len(sentence.pieces))
            shares.append(float(first[here].sum()))
            spans.append(_likeliest(sentence, first[here], last[here]))
            done = here.stop
        return float(odds[0]), shares, spans


def marks(tokenizer: Tokenizer) -> tuple[int, int]:
    """The pieces that open a text and that end each of its sides; ValueError without them."""
    first, between = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if first is None or between is None:
        raise ValueError("the tokenizer has no [CLS] and [SEP]")
    return first, between


@cache
def bundled_reader() -> Reader:
    """The reader in the package, loaded once."""
    return Reader.open(FOLDER)


def _likeliest(
    sentence: _Sentence, first: NDArray[np.float32], last: NDArray[np.float32]
) -> AnswerSpan | None:
    """The span of at most SPAN pieces with the highest probability of both its ends."""
    if not sentence.pieces:
        return None
    both = np.outer(first, last)
    both = np.triu(both) - np.triu(both, SPAN)
    start, end = np.unravel_index(int(both.argmax()), both.shape)
    return AnswerSpan(sentence.places[start][0], sentence.places[end][1], float(both[start, end]))


def _windows(sentences: Sequence[_Sentence], room: int) -> Iterator[_Window]:
    """Runs of whole sentences that fit into `room` pieces, each but the first opening with the
    last sentence of the one before it where that leaves room for another."""
    at = 0
    while at < len(sentences):
        end, length = at, 0
        while end < len(sentences) and (end == at or length + len(sentences[end].pieces) <= room):
            length += len(sentences[end].pieces)
            end += 1
        yield _Window(tuple(range(at, end)), tuple(s.cut(room) for s in sentences[at:end]))
        if end == len(sentences):
            return
        two = len(sentences[end - 1].pieces) + len(sentences[end].pieces)
        overlaps = end - at > 1 and two <= room
        at = end - 1 if overlaps else end


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(logits):
        return logits
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())
