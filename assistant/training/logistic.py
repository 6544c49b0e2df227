"""Logistic regression whose weights may be told their sign.

Many of the ranking's features say nearly the same, and an unconstrained fit plays them off
against each other: a negative weight on coverage that only works where another feature is as
it was in training. With the signs fixed to what a feature means, the models carry over to
folders of another size and kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, softmax

from assistant.ranking import Logistic

RIDGE = 1e-4
"""Weight of the squared norm beside the mean log loss: only to keep equal features equal."""

LIST_RIDGE = 3e-3
"""The same for lists. On the held-out questions 1e-4 to 1e-1 rank alike (Recall@5 over 3,659
passages 0.908 to 0.911); among equals the smaller weights."""

Sign = int
"""1: the weight may not be below 0; -1: not above; 0: free."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model over raw features: the standardisation is folded into its weights."""

    weights: NDArray[np.float64]
    bias: float

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """One value per row."""
        return rows @ self.weights + self.bias

    def probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """One value in [0, 1] per row."""
        return np.asarray(expit(self.log_odds(rows)))

    def frozen(self) -> Logistic:
        """The same as the value that the program uses."""
        return Logistic(tuple(float(w) for w in self.weights), self.bias)


def fit_listwise(
    lists: Sequence[NDArray[np.float64]],
    labels: Sequence[NDArray[np.bool_]],
    signs: Sequence[Sign],
) -> Fitted:
    """A model that ranks: each list's gold against its rivals, then its odds calibrated.

    Minimises the softmax loss of each list that holds a gold row (ListNet's top-one loss, Cao et
    al. 2007), which knows no level; then a logistic model over that one score finds the level
    (Platt 1999). Lists without gold take part in the second step only.
    """
    every = np.concatenate(list(lists))
    mean, scale = every.mean(axis=0), every.std(axis=0)
    scale[scale < 1e-9] = 1.0
    ranked = [
        ((rows - mean) / scale, gold)
        for rows, gold in zip(lists, labels, strict=True)
        if gold.any()
    ]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, gradient = 0.0, np.zeros_like(weights)
        for rows, gold in ranked:
            share = softmax(rows @ weights)
            hit = share[gold].sum() + 1e-12
            value -= float(np.log(hit))
            gradient += rows.T @ (share - share * gold / hit)
        count = len(ranked)
        return (
            value / count + LIST_RIDGE * float(weights @ weights),
            gradient / count + 2 * LIST_RIDGE * weights,
        )

    start = np.zeros(every.shape[1])
    weights = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=_bounds(signs)).x / scale
    level = fit_logistic((every @ weights)[:, None], np.concatenate(list(labels)), [1])
    return Fitted(weights * level.weights[0], level.bias)


def fit_logistic(
    rows: NDArray[np.float64], labels: NDArray[np.bool_], signs: Sequence[Sign]
) -> Fitted:
    """Minimise the mean log loss under the signs (L-BFGS-B); deterministic."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-9] = 1.0
    scaled = (rows - mean) / scale
    target = labels.astype(np.float64)

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = parameters[:-1], parameters[-1]
        z = scaled @ weights + bias
        value = (np.logaddexp(0, z) - target * z).mean() + RIDGE * weights @ weights
        slope = (expit(z) - target) / len(rows)
        gradient = np.append(scaled.T @ slope + 2 * RIDGE * weights, slope.sum())
        return float(value), gradient

    start = np.zeros(rows.shape[1] + 1)
    start[-1] = np.log(target.mean() / (1 - target.mean()))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=_bounds([*signs, 0])).x
    weights = found[:-1] / scale
    return Fitted(weights, float(found[-1] - weights @ mean))


def _bounds(signs: Sequence[Sign]) -> list[tuple[float | None, float | None]]:
    return [(0.0 if sign == 1 else None, 0.0 if sign == -1 else None) for sign in signs]
