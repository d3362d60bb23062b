"""Measures of rankings and of confidence, by the libraries of the extra `evaluation`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from ir_measures import AP, RR, Measure, P, Success, calc_aggregate
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

BINS = 10
DEPTH = 10  # places that are looked at for the reciprocal rank of an open set

_MEASURES = {"p1": P @ 1, "r3": Success @ 3, "r5": Success @ 5, "mrr": RR @ DEPTH}
_ALL_PLACES = {"p1": P @ 1, "map": AP, "mrr": RR}
_UNSEEN = "unseen"


def of_first_places(rankings: Sequence[Sequence[bool]]) -> dict[str, float]:
    """Measures of questions of which only the first places are known: what stands there, right or wrong, best first.

    `p1`, `r3`, `r5`: the share of the questions with something right in the first place, the first three, the first
    five. `mrr`: the mean reciprocal rank of what is right first (Voorhees, "The TREC-8 Question Answering Track
    Report", 1999), 0 beyond ten. None of them where there is no question.
    """
    # What is right may be in none of the places: it then exists, but unseen.
    return _measured(_MEASURES, rankings, {_UNSEEN: 1})


def of_all_places(rankings: Sequence[Sequence[bool]]) -> dict[str, float]:
    """Measures of questions with every candidate in its place, right or wrong, best first.

    `p1` and `mrr` as above, at any depth. `map`: the mean over the questions of average precision, which is the mean
    over the right candidates of the precision down to each. None of them where there is no question.
    """
    return _measured(_ALL_PLACES, rankings, {})


def _measured(
    measures: Mapping[str, Measure], rankings: Sequence[Sequence[bool]], more: dict[str, int]
) -> dict[str, float]:
    if not rankings:
        return {}
    judged = {str(n): {str(place): int(right) for place, right in enumerate(r)} | more for n, r in enumerate(rankings)}
    placed = {str(n): {str(place): -float(place) for place in range(len(r))} for n, r in enumerate(rankings)}
    values = calc_aggregate(list(measures.values()), judged, placed)
    return {name: round(float(values[measure]), 4) for name, measure in measures.items()}


def auroc(positive: Sequence[bool], confidence: Sequence[float]) -> float | None:
    """The chance that a positive has more confidence than a negative: the area under the ROC curve, from 0 to 1.

    0.5 tells nothing. None where there are only positives or only negatives.
    """
    return round(float(roc_auc_score(positive, confidence)), 4) if len({*positive}) == 2 else None


@dataclass(frozen=True, slots=True)
class Bin:
    """Replies of about the same confidence: how many, their mean confidence, and the share of them that is right."""

    count: int
    confidence: float
    right: float


def calibration(right: Sequence[bool], confidence: Sequence[float]) -> list[Bin]:
    """The replies in ten bins of confidence of equal width, those that are empty left out."""
    if not right:
        return []
    shares, means = calibration_curve(np.array(right, dtype=int), confidence, pos_label=1, n_bins=BINS)
    # The counts, which scikit-learn keeps to itself, by the same edges.
    places = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence)
    counts = [count for count in np.bincount(places) if count]
    return [Bin(int(n), float(mean), float(share)) for n, mean, share in zip(counts, means, shares, strict=True)]


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """How far confidence and truth are apart in the mean over the replies, from 0 to 1; None without replies.

    The expected calibration error of Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using
    Bayesian Binning", 2015.
    """
    total = sum(one.count for one in bins)
    return round(sum(one.count * abs(one.right - one.confidence) for one in bins) / total, 4) if total else None


def risk_by_coverage(right: Sequence[bool], confidence: Sequence[float]) -> list[tuple[float, float]]:
    """For each threshold that could be set, the share of questions answered and the share wrong of those answered.

    From the highest threshold down: El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification",
    2010. Replies of the same confidence are answered together or not at all.
    """
    ordered = sorted(zip(confidence, right, strict=True), reverse=True)
    curve: list[tuple[float, float]] = []
    answered = wrong = 0
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        replies = list(group)
        answered += len(replies)
        wrong += sum(not is_right for _, is_right in replies)
        curve.append((answered / len(ordered), wrong / answered))
    return curve
