"""Wrong sentences are those that retrieval takes for right ones."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_world import QUESTIONS, SENTENCES

from bot.evaluation.selection import SelectionRow
from training.groups import Group, Pairs
from training.negatives import (
    Found,
    found_by_meaning,
    found_by_words,
    groups_of_pairs,
    groups_of_selection,
)

PAIRS = Pairs(SENTENCES, QUESTIONS)
ASKED = [question for question, _ in QUESTIONS]
FOUND = Found(found_by_words(SENTENCES, ASKED, 4), [[3, 2, 1, 0] for _ in ASKED])
ROOF = "the repairs of the roof were long."
ROWS = (
    SelectionRow(ASKED[3], SENTENCES[3:], (False, True, False)),
    SelectionRow(ASKED[0], SENTENCES[:3], (True, False, False)),
    SelectionRow("who won?", (*SENTENCES[1:3], ROOF), (False, False, False)),
)


def groups_of(seed: int, *, hard: bool = True) -> list[Group]:
    return groups_of_pairs(PAIRS, FOUND, "pairs", Random(seed), hard=hard)


def test_words_find_the_sentences_that_share_them_best_first() -> None:
    [found] = found_by_words(SENTENCES, ["who leads the repairs?"], 4)
    assert found == [4, 5]


def test_words_find_no_more_than_they_are_asked_for_and_nothing_of_a_question_of_other_words() -> None:
    assert found_by_words(SENTENCES, ["who leads the repairs?", "xyzzy?"], 1) == [[4], []]


def test_words_look_for_more_sentences_than_there_are() -> None:
    assert found_by_words(SENTENCES[3:5], ["the repairs of the tunnel"], 20) == [[1, 0]]


def test_meaning_finds_the_nearest_vectors_first() -> None:
    sentences = np.eye(3, dtype=np.float32)
    assert found_by_meaning(sentences, np.array([[0.1, 0.9, 0.5]], np.float32), 2) == [[1, 2]]


@given(st.integers(), st.booleans())
def test_what_is_right_is_always_among_the_sentences_and_answers_the_question(seed: int, hard: bool) -> None:
    known = {question: SENTENCES[place] for question, place in QUESTIONS}
    for group in groups_of(seed, hard=hard):
        assert all(0 <= place < len(group.sentences) for place in group.right)
        assert len({*group.sentences}) == len(group.sentences) > 0
        if group.right:
            assert [group.sentences[place] for place in group.right] == [known[group.question]]


@given(st.integers(), st.integers(1, 4))
def test_no_more_wrong_sentences_stand_beside_a_right_one_than_are_asked_for(seed: int, beside: int) -> None:
    groups = groups_of_pairs(PAIRS, FOUND, "pairs", Random(seed), beside=beside)
    assert all(1 < len(group.sentences) <= 1 + beside for group in groups if group.right)
    assert all(0 < len(group.sentences) <= 1 + beside for group in groups)


@pytest.mark.parametrize("beside", [1, 2, 3, 4])
def test_as_many_wrong_sentences_are_found_as_are_asked_for_where_there_are_enough(beside: int) -> None:
    groups = [g for seed in range(20) for g in groups_of_pairs(PAIRS, FOUND, "pairs", Random(seed), beside=beside)]
    assert max(len(group.sentences) for group in groups) == 1 + beside


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_the_questions_comes_again_where_nothing_is_right(share: float) -> None:
    groups = groups_of_pairs(PAIRS, FOUND, "pairs", Random(1), nothing=share)
    assert sum(not group.right for group in groups) == share * len(QUESTIONS)


def test_each_question_has_a_group_in_which_something_is_right() -> None:
    assert [group.question for group in groups_of(1) if group.right] == ASKED


def test_where_nothing_is_right_the_answer_is_left_out_or_the_question_is_another() -> None:
    known = {question: SENTENCES[place] for question, place in QUESTIONS}
    nothing = [group for seed in range(40) for group in groups_of(seed) if not group.right]
    assert nothing
    assert all(known.get(group.question) not in group.sentences for group in nothing)
    assert {group.question in known for group in nothing} == {True, False}


def test_wrong_sentences_that_are_any_come_with_an_answer_always() -> None:
    assert all(group.right for seed in range(20) for group in groups_of(seed, hard=False))


def test_the_same_seed_gives_the_same_groups() -> None:
    assert groups_of(7) == groups_of(7)
    assert groups_of(7) != groups_of(8)


def test_a_right_candidate_is_judged_beside_those_of_its_document_and_beside_those_of_others() -> None:
    groups = groups_of_selection(ROWS, "rows", Random(1))
    own, mixed = [group for group in groups if group.question == ROWS[0].question and group.right]
    assert {*own.sentences} == {*ROWS[0].candidates}
    assert ROOF in mixed.sentences


def test_a_question_without_a_right_candidate_teaches_that_none_is() -> None:
    groups = groups_of_selection(ROWS, "rows", Random(1))
    [group] = [group for group in groups if group.question == "who won?"]
    assert group.right == frozenset()


@pytest.mark.parametrize("seed", range(10))
def test_without_hard_candidates_the_wrong_ones_are_of_other_questions(seed: int) -> None:
    for group in groups_of_selection(ROWS[:2], "rows", Random(seed), hard=False):
        [row] = [row for row in ROWS if row.question == group.question]
        wrong = {sentence for place, sentence in enumerate(group.sentences) if place not in group.right}
        assert not wrong & {*row.candidates}
