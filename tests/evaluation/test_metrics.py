"""The measures, on rankings whose figures can be reckoned by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.metrics import (
    auroc,
    calibration,
    calibration_error,
    of_all_places,
    of_first_places,
    risk_by_coverage,
)

RANKINGS = [[True, False, True], [False, True], [False] * 5 + [True], [False] * 11, []]
SURE = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=40)


def test_measures_of_the_first_places() -> None:
    figures = of_first_places(RANKINGS)
    assert figures == {"p1": 0.2, "r3": 0.4, "r5": 0.4, "mrr": pytest.approx((1 + 1 / 2 + 1 / 6) / 5, abs=1e-4)}


def test_the_reciprocal_rank_of_an_open_set_ends_after_ten() -> None:
    assert of_first_places([[False] * 9 + [True]])["mrr"] == 0.1
    assert of_first_places([[False] * 10 + [True]])["mrr"] == 0.0


def test_measures_of_all_places() -> None:
    figures = of_all_places([[True, False, True], [False, True, False], [False] * 15 + [True]])
    assert figures["p1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["map"] == pytest.approx(((1 + 2 / 3) / 2 + 1 / 2 + 1 / 16) / 3, abs=1e-4)
    assert figures["mrr"] == pytest.approx((1 + 1 / 2 + 1 / 16) / 3, abs=1e-4)


def test_no_question_has_no_measures() -> None:
    assert of_first_places([]) == of_all_places([]) == {}


def test_the_chance_that_an_answerable_question_gets_more_confidence() -> None:
    assert auroc([True, True, False, False], [0.9, 0.4, 0.5, 0.1]) == 0.75
    assert auroc([True, False], [0.5, 0.5]) == 0.5
    assert auroc([True, True], [0.9, 0.4]) is None
    assert auroc([], []) is None


def test_confidence_against_truth() -> None:
    bins = calibration([True, False, True, True], [0.72, 0.78, 0.95, 1.0])
    assert [(one.count, round(one.confidence, 6), one.right) for one in bins] == [(2, 0.75, 0.5), (2, 0.975, 1.0)]
    assert calibration_error(bins) == pytest.approx((0.25 + 0.025) / 2)
    assert (calibration([], []), calibration_error([])) == ([], None)


@given(SURE)
def test_the_bins_hold_every_reply_once(replies: list[tuple[bool, float]]) -> None:
    right, confidence = [one for one, _ in replies], [sure for _, sure in replies]
    bins = calibration(right, confidence)
    assert sum(one.count for one in bins) == len(replies)
    assert sum(one.count * one.right for one in bins) == pytest.approx(sum(right))
    assert sum(one.count * one.confidence for one in bins) == pytest.approx(sum(confidence))
    assert 0 <= (calibration_error(bins) or 0) <= 1


def test_risk_grows_with_what_is_answered() -> None:
    curve = risk_by_coverage([True, True, False, False, True], [0.9, 0.8, 0.5, 0.5, 0.2])
    assert curve == [(0.2, 0.0), (0.4, 0.0), (0.8, 0.5), (1.0, 0.4)]


@given(SURE)
def test_who_answers_all_is_wrong_as_often_as_all_are_wrong(replies: list[tuple[bool, float]]) -> None:
    right = [one for one, _ in replies]
    curve = risk_by_coverage(right, [sure for _, sure in replies])
    coverage, risk = curve[-1]
    assert coverage == 1.0
    assert risk == pytest.approx(1 - sum(right) / len(right))
    assert [coverage for coverage, _ in curve] == sorted({coverage for coverage, _ in curve})
