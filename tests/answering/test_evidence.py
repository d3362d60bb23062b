"""What tells whether the best sentence answers."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import ranking
from bot.answering.answerer import found_passages, weigher
from bot.answering.evidence import Logistic, evidence, probability
from bot.answering.features import candidates, with_reading
from bot.answering.question import understand
from bot.index.corpus import Corpus


@pytest.fixture
def seen(coast: Corpus) -> Callable[[str], dict[str, float]]:
    """The evidence for the best sentence of two releases."""

    def see(text: str) -> dict[str, float]:
        question = understand(text)
        found = candidates(question, found_passages(question, coast), weigher(coast))
        return evidence(ranking.ranked(found, question, ranking.model("words")), question, 0.0)

    return see


def test_what_the_passage_does_not_say_is_missing(seen: Callable[[str], dict[str, float]]) -> None:
    assert seen("who chairs the harbour board?")["missing"] == 0
    assert seen("who chairs the harbour board of directors in Gothenburg?")["missing"] > 0.3


def test_a_name_is_missed_more_than_a_word(seen: Callable[[str], dict[str, float]]) -> None:
    assert seen("what did the quay of Norrvik cost?")["missing_names_around"] == 0
    assert seen("what did the quay of Malmö cost?")["missing_names_around"] > 0
    assert seen("what did the quay of malmö cost?")["missing_names_around"] == 0


def test_a_number_is_missed(seen: Callable[[str], dict[str, float]]) -> None:
    assert seen("how many people travelled on the ferries in 2023?")["missing_numbers"] == 0
    assert seen("how many people travelled on the ferries in 2019?")["missing_numbers"] == 1


def test_a_sum_says_what_a_thing_is_worth(seen: Callable[[str], dict[str, float]]) -> None:
    assert seen("how much is the quay worth?")["missing"] == 0


def test_what_is_to_be_counted_is_missed(seen: Callable[[str], dict[str, float]]) -> None:
    assert seen("how many people travelled on the ferries?")["missing_counted"] == 0
    assert seen("how many cranes travelled on the ferries?")["missing_counted"] == 1


def test_a_denial_needs_a_denial(seen: Callable[[str], dict[str, float]]) -> None:
    assert seen("who does not chair the harbour board?")["denies_alone"] == 1
    assert seen("who doesn't chair the harbour board?")["denies_alone"] == 1
    assert seen("who chairs the harbour board?")["denies"] == 0


def read(logits: Sequence[float | None], coast: Corpus) -> dict[str, float]:
    """The evidence for the first of some sentences, of which the reader has read those with a logit."""
    question = understand("who chairs the harbour board?")
    found = candidates(question, found_passages(question, coast), weigher(coast))[: len(logits)]
    known = [one if logit is None else with_reading(one, logit) for one, logit in zip(found, logits, strict=True)]
    return evidence([(one, -float(place)) for place, one in enumerate(known)], question, 0.0)


def test_without_a_reader_reading_says_nothing(coast: Corpus) -> None:
    assert not any(value for name, value in read([None, None], coast).items() if name.startswith("read"))


def test_the_reader_says_how_sure_it_is_and_what_it_would_rather_have(coast: Corpus) -> None:
    sure = read([3.0, -2.0], coast)
    assert (sure["reading"], sure["reads_other"]) == (3.0, 0.0)
    assert sure["reads"] > 0.9
    assert sure["reads_none"] < 0.1
    other = read([-2.0, 3.0], coast)
    assert (other["reading"], other["reads_other"]) == (-2.0, 5.0)
    none = read([-3.0, -3.0], coast)
    assert none["reads_none"] > 0.9


def test_what_was_not_read_is_not_taken_for_read(coast: Corpus) -> None:
    assert read([-3.0, None], coast)["reads_none"] > 0.9


def test_without_an_encoder_meaning_says_nothing(seen: Callable[[str], dict[str, float]]) -> None:
    figures = seen("who chairs the harbour board?")
    assert {name: figures[name] for name in ("meaning", "far", "close", "own")} == dict.fromkeys(
        ("meaning", "far", "close", "own"), 0.0
    )


@pytest.mark.parametrize("kind", ["words", "meaning", "translated"])
def test_every_weight_has_its_figure(kind: ranking.Kind, seen: Callable[[str], dict[str, float]]) -> None:
    learned = ranking.model(kind)
    figures = seen("who chairs the harbour board?")
    assert learned.confidence.weights.keys() | learned.answerable.weights.keys() <= figures.keys()
    assert 0 < learned.threshold < 1


@given(st.dictionaries(st.sampled_from("abc"), st.floats(-1e6, 1e6)), st.floats(-100, 100))
def test_a_probability_lies_between_nothing_and_all(weights: dict[str, float], bias: float) -> None:
    found = probability({"a": 1.0, "b": -2.0, "c": 0.5}, Logistic(weights, bias))
    assert 0 <= found <= 1
