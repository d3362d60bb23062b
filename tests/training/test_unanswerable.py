"""A question that a sentence answers is changed so that it does not any more."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.unanswerable import OPPOSITE, made_unanswerable

SENTENCE = "The northern quay of Norrvik was opened by the king in 1998, before the tunnel."


def made(question: str, others: tuple[str, ...] = (), sentence: str = SENTENCE) -> set[str | None]:
    return {made_unanswerable(question, sentence, others, Random(seed)) for seed in range(60)}


@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.text(max_size=40), max_size=3), st.integers())
def test_it_is_never_the_same_question(question: str, sentence: str, others: list[str], seed: int) -> None:
    assert made_unanswerable(question, sentence, others, Random(seed)) != question


@given(st.integers(0, 10_000), st.integers())
def test_it_never_is_the_same_question_about_a_number(number: int, seed: int) -> None:
    question = f"what was opened in {number:,}?"
    assert made_unanswerable(question, SENTENCE, (), Random(seed)) != question


def test_another_number_is_not_in_the_sentence() -> None:
    numbers = {changed for changed in made("what in 1997?") if changed}
    assert numbers
    assert not any("1998" in changed or "1997" in changed for changed in numbers)
    assert all(changed.startswith("what in ") for changed in numbers)


def test_a_word_becomes_its_opposite() -> None:
    assert "which southern quay?" in made("which northern quay?")


def test_a_question_is_denied() -> None:
    assert made("who was that?") == {"who wasn't that?", "who was never that?"}


@pytest.mark.parametrize("question", ["who is not that?", "who wasn't that?"])
def test_what_is_denied_is_not_denied_again(question: str) -> None:
    assert made(question) == {None}


def test_a_thing_is_lent_from_another_question_that_the_sentence_does_not_speak_of() -> None:
    assert made("quay of norrvik?", ("a bridge of norrvik?",)) == {"quay of bridge?"}


def test_a_word_that_names_nothing_is_not_lent() -> None:
    assert made("quay of norrvik?", ("during which other?",)) == {None}


def test_nothing_is_made_where_no_way_fits() -> None:
    assert made("why?") == {None}


def test_opposites_go_both_ways() -> None:
    assert OPPOSITE["first"] == "last"
    assert OPPOSITE["last"] == "first"
    assert all(word != other for word, other in OPPOSITE.items())
