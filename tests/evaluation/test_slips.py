"""A slip of typing changes one word, as a finger would, and the same way each time."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.evaluation.slips import with_slip

WORDS = st.text(st.characters(categories=["L", "Nd", "P"]), min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_exactly_one_word_differs_by_one_slip_and_keeps_its_first_letter(words: list[str]) -> None:
    question = " ".join(words)
    slipped = with_slip(question)
    if not re.search(r"[^\W\d_]{4}", question):
        assert slipped == question
        return
    before, after = question.split(" "), slipped.split(" ")
    assert len(before) == len(after)
    ((was, became),) = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert OSA.distance(was, became) == 1
    assert was[0] == became[0]


@given(st.text())
def test_the_same_question_always_slips_the_same_way(question: str) -> None:
    assert with_slip(question) == with_slip(question)


def test_all_kinds_of_slips_happen() -> None:
    lengths = {len(with_slip(f"harbour {number}")) - len(f"harbour {number}") for number in range(60)}
    assert lengths == {-1, 0, 1}
    same_length = [with_slip(f"harbour {number}").split()[0] for number in range(60)]
    assert {sorted(word) == sorted("harbour") for word in same_length if len(word) == 7} == {True, False}


def test_a_slip_is_the_same_on_every_machine() -> None:
    assert with_slip("who chairs the harbour board?") == "who cgairs the harbour board?"


@pytest.mark.parametrize("question", ["", "who is he?", "2024 was 1999", "¿¡!?"])
def test_short_words_are_left_alone(question: str) -> None:
    assert with_slip(question) == question
