"""The trained reader: does a passage answer a question, and which of its sentences.

A small bilingual cross-encoder (MiniLM's size, 8-bit weights, run by onnxruntime) that sees
question and passage together, as bags of words and vectors never do. `training/reader/`
makes it; `models/MODEL_CARD.md` says from what. It reads what search has found, and its log
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


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a passage.

    `answers`: log odds that the passage answers the question. `sentences`: for each of its
    sentences, the log odds that the passage answers plus the log probability that the answer
    starts there (natural logarithms, at least UNREAD).
    """

    answers: float
    sentences: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """Consecutive sentences that fit beside the question: their numbers and their pieces."""

    sentences: tuple[int, ...]
    pieces: tuple[tuple[int, ...], ...]


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
        asked = self._encode([question])[0][:QUESTION]
        sentences = [UNREAD] * len(texts)
        answers = UNREAD
        for window in _windows(self._encode(texts), LONGEST - 3 - len(asked)):
            odds, shares = self._run(asked, window)
            answers = max(answers, odds)
            for at, share in zip(window.sentences, shares, strict=True):
                sentences[at] = max(sentences[at], odds + float(np.log(share + 1e-9)))
        return Reading(answers, tuple(sentences))

    def _encode(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [tuple(one.ids) for one in encoded]

    def _run(self, asked: Sequence[int], window: _Window) -> tuple[float, list[float]]:
        """Log odds of an answer, and the probability that it starts in each sentence."""
        flat = [piece for sentence in window.pieces for piece in sentence]
        pieces = np.array([[self._first, *asked, self._between, *flat, self._between]])
        sides = np.zeros_like(pieces)
        at = len(asked) + 2
        sides[0, at:] = 1
        odds, starts = self._session.run(["answers", "starts"], {"pieces": pieces, "sides": sides})
        likely = _softmax(starts[0, at : at + len(flat)])
        shares = []
        done = 0
        for sentence in window.pieces:
            shares.append(float(likely[done : done + len(sentence)].sum()))
            done += len(sentence)
        return float(odds[0]), shares


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


def _windows(sentences: Sequence[tuple[int, ...]], room: int) -> Iterator[_Window]:
    """Runs of whole sentences that fit into `room` pieces, each but the first opening with the
    last sentence of the one before it where that leaves room for another."""
    at = 0
    while at < len(sentences):
        end, length = at, 0
        while end < len(sentences) and (end == at or length + len(sentences[end]) <= room):
            length += len(sentences[end])
            end += 1
        yield _Window(
            tuple(range(at, end)), tuple(sentence[:room] for sentence in sentences[at:end])
        )
        if end == len(sentences):
            return
        overlaps = end - at > 1 and len(sentences[end - 1]) + len(sentences[end]) <= room
        at = end - 1 if overlaps else end


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(logits):
        return logits
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())
