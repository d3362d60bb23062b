"""The worst failures come first, with what decided."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.evaluation.asking import Outcome, known_as_foreign, known_of_open, outcomes
from bot.evaluation.failures import SHOWN, contrasts, failures
from bot.evaluation.opensets import OpenQuestion
from bot.index.corpus import build_corpus
from bot.model import Passage, Quote, Refusal, Release, Sentence

RELEASE = Release(
    id="quay",
    title="Norrvik opens a third quay",
    text="Ingrid Dahl chairs the harbour board of Norrvik. The board has met for a hundred years. It is green.",
)
CORPUS = build_corpus([RELEASE])
MET = OpenQuestion("who chairs the harbour board of Norrvik?", ("The board has met for a hundred years.",), None)


def quote(features: Mapping[str, float]) -> Quote:
    sentence = Sentence(RELEASE, 0, 11)
    return Quote(RELEASE, 0, 11, Passage(RELEASE, 0, 11, (sentence,)), 0.0, features=features)


def test_a_wrong_answer_shows_the_right_one_and_its_place() -> None:
    asked = list(outcomes([known_of_open(MET, 1)], CORPUS))
    assert len(asked[0].reply.quotes) == 1
    (failure,) = failures(asked, CORPUS).wrong
    assert failure.right is not None
    assert failure.place is not None
    assert failure.right.text == "The board has met for a hundred years."
    assert failure.reply.quotes[failure.place - 1] is failure.right
    assert len(failure.reply.quotes) > 1
    assert failure.contrasts


def test_what_is_not_among_the_candidates_has_no_place() -> None:
    nowhere = replace(MET, answers=("Nils Berg chairs it.",))
    (failure,) = failures(outcomes([known_of_open(nowhere, 1)], CORPUS), CORPUS).wrong
    assert (failure.right, failure.place) == (None, None)


def test_each_kind_has_its_list_and_its_order(outcome: Callable[..., Outcome]) -> None:
    def with_confidence(right: bool, confidence: float, *, answered: bool, answerable: bool) -> Outcome:
        made = outcome([right], confidence, answered=answered, answerable=answerable)
        return replace(made, known=replace(made.known, asked=f"who chairs the board? {confidence}"))

    asked = [
        with_confidence(True, 0.95, answered=True, answerable=True),
        with_confidence(False, 0.5, answered=True, answerable=True),
        with_confidence(False, 0.9, answered=True, answerable=True),
        with_confidence(False, 0.125, answered=False, answerable=True),
        with_confidence(True, 0.25, answered=False, answerable=True),
        with_confidence(False, 0.75, answered=True, answerable=False),
        with_confidence(False, 0.8, answered=True, answerable=False),
        with_confidence(False, 0.2, answered=False, answerable=False),
    ]
    found = failures(asked, CORPUS)
    assert [one.outcome.reply.confidence for one in found.wrong] == [0.9, 0.5]
    assert [one.outcome.reply.confidence for one in found.refused] == [0.25, 0.125]
    assert [one.outcome.reply.confidence for one in found.answered] == [0.8, 0.75]
    assert found.counts == {"wrong": 2, "refused": 2, "answered": 2}


def test_of_many_failures_the_worst_are_shown_and_all_are_counted(outcome: Callable[..., Outcome]) -> None:
    found = failures([outcome([False], 0.5)] * (SHOWN + 5), CORPUS)
    assert (len(found.wrong), found.counts["wrong"]) == (SHOWN, SHOWN + 5)


def test_a_question_that_finds_nothing_is_a_failure_without_a_quote() -> None:
    known = replace(known_of_open(MET, 1), asked="how high is Everest?")
    (asked,) = outcomes([known], CORPUS)
    assert asked.reply.refusal is Refusal.NOT_ON_RECORD
    (failure,) = failures([asked], CORPUS).refused
    assert (failure.reply.quotes, failure.contrasts) == ((), ())


def test_the_features_that_differ_most_by_their_spread_come_first() -> None:
    first = quote({"often": 4.0, "seldom": 1.0, "same": 2.0, "flat": 1.0})
    right = quote({"often": 1.0, "seldom": 0.0, "same": 2.0, "flat": 1.0})
    other = quote({"often": 9.0, "seldom": 0.0, "same": 5.0, "flat": 1.0})
    assert [(one.name, one.quoted, one.against) for one in contrasts([first, right, other], right)] == [
        ("seldom", 1.0, 0.0),
        ("often", 4.0, 1.0),
    ]


def test_without_a_right_one_the_mean_of_all_is_beside_it() -> None:
    first, other = quote({"coverage": 1.0}), quote({"coverage": 0.0})
    for right in (None, first):
        (contrast,) = contrasts([first, other], right)
        assert (contrast.name, contrast.quoted, contrast.against) == ("coverage", 1.0, 0.5)


def test_an_unanswerable_question_that_is_answered_is_one() -> None:
    known = known_as_foreign("who chairs the harbour board of Norrvik?", 10)
    (failure,) = failures(outcomes([known], CORPUS), CORPUS).answered
    assert failure.right is None
    assert failure.reply.quotes[0].text.startswith("Ingrid Dahl")
