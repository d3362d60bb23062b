"""Learning to rank the candidates of a question as a whole."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]


def listwise(
    groups: Sequence[tuple[Array, NDArray[np.bool_], float]],
    *,
    drawn_to: Array,
    strength: float,
    never_against: Sequence[bool],
) -> Array:
    """The weights of a linear score, of shape (features,).

    The loss of a group is minus the log of the share of what is right in the softmax over its candidates (Cao et al.,
    "Learning to Rank: From Pairwise Approach to Listwise Approach", 2007).

    Args:
        groups: the features of candidates, of shape (candidates, features), which of them are right, and how much the
            group counts.
        drawn_to: the weights where nothing is learned.
        strength: how strongly they are drawn there: it multiplies the square of the distance.
        never_against: whose weights are not below 0.
    """
    features = np.concatenate([found for found, _, _ in groups])
    right = np.concatenate([good for _, good, _ in groups]).astype(float)
    weight = np.array([counts for _, _, counts in groups])
    lengths = np.array([len(good) for _, good, _ in groups])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])

    def loss(weights: Array) -> tuple[float, Array]:
        scores = features @ weights
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        total, good = np.add.reduceat(powers, starts), np.add.reduceat(powers * right, starts)
        pull = powers / np.repeat(total, lengths) - powers * right / np.repeat(good, lengths)
        away = weights - drawn_to
        lost = weight @ (np.log(total) - np.log(good)) + strength * away @ away
        return float(lost), features.T @ (pull * np.repeat(weight, lengths)) + 2 * strength * away

    bounds = [(0, None) if bound else (None, None) for bound in never_against]
    found: Array = minimize(loss, drawn_to, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found
