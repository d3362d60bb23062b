"""Logistic regressions on the evidence, and what they say of articles that they have not seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

FOLDS = 5

Array = NDArray[np.float64]


def regression() -> LogisticRegression:
    return LogisticRegression(C=3.0, max_iter=5000)


def out_of_fold(x: Array, y: NDArray[np.bool_], article: NDArray[np.str_], weight: Array) -> Array:
    """The probability of each row by a regression that has not seen its article."""
    found = np.zeros(len(y))
    for learn_from, held in GroupKFold(FOLDS).split(x, y, article):
        fitted = regression().fit(x[learn_from], y[learn_from], sample_weight=weight[learn_from])
        found[held] = fitted.predict_proba(x[held])[:, 1]
    return found


def as_written(fitted: LogisticRegression, names: Sequence[str]) -> dict[str, object]:
    weights = {name: round(float(c), 4) for name, c in zip(names, fitted.coef_[0], strict=True) if abs(c) > 1e-4}
    return {"weights": weights, "bias": round(float(fitted.intercept_[0]), 4)}
