"""The weights of the ranking features: four small logistic models and the refusal threshold.

Fitted by `assistant.training.ranking` on questions that measure nothing here;
`models/ranking.json` holds the weights by name, with the figures they reached.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.errors import ModelError
from assistant.features import (
    ANSWER_FEATURES,
    PASSAGE_FEATURES,
    REREAD_FEATURES,
    SENTENCE_FEATURES,
    Reliability,
)

WEIGHTS_FILE = Path(__file__).parent / "models" / "ranking.json"


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model over named features."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, row: Sequence[float]) -> float:
        """The probability in [0, 1] that what the row describes answers the question."""
        return sigmoid(self.log_odds(row))

    def log_odds(self, row: Sequence[float]) -> float:
        """The same as log odds, within -30 and 30."""
        z = self.bias + sum(w * x for w, x in zip(self.weights, row, strict=True))
        return max(-30.0, min(30.0, z))


def sigmoid(log_odds: float) -> float:
    """Log odds as a probability."""
    return 1 / (1 + math.exp(-log_odds))


@dataclass(frozen=True, slots=True)
class RankingModels:
    """What `models/ranking.json` holds.

    `passage` ranks passages, `reread` those that were read too, `sentence` their sentences;
    `answer` says whether the best of them answers at all; below `threshold`, a probability, the
    question is refused.
    """

    reliability: Reliability
    passage: Logistic
    reread: Logistic
    sentence: Logistic
    answer: Logistic
    threshold: float


@cache
def bundled_ranking() -> RankingModels:
    """The fitted weights, read once. Raises ModelError when the file doesn't fit the code."""
    try:
        stored = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
        return RankingModels(
            reliability=Reliability(**stored["reliability"]),
            passage=_logistic(stored["passage"], PASSAGE_FEATURES),
            reread=_logistic(stored["reread"], REREAD_FEATURES),
            sentence=_logistic(stored["sentence"], SENTENCE_FEATURES),
            answer=_logistic(stored["answer"], ANSWER_FEATURES),
            threshold=float(stored["threshold"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The ranking weights can't be read from {WEIGHTS_FILE.name}: {error!r}",
            hint="Reinstall assistant, or fit them again: python -m assistant.training.ranking",
        ) from error


def _logistic(stored: Mapping[str, object], names: Sequence[str]) -> Logistic:
    weights = stored["weights"]
    if not isinstance(weights, dict) or tuple(weights) != tuple(names):
        raise ValueError("its features are not those of the code")
    return Logistic(tuple(weights.values()), float(str(stored["bias"])))
