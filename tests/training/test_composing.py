"""An epoch has the small sets more often, and what is taken of it by chance is nested."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_world import QUESTIONS, SENTENCES

from bot.evaluation.selection import SelectionRow
from training.composing import TIMES, composed, sampled
from training.groups import Group, Pairs
from training.negatives import Found

ROWS = [SelectionRow("who leads the repairs?", SENTENCES, tuple(place == 4 for place in range(len(SENTENCES))))]
FOUND = Found([[] for _ in QUESTIONS], [[1, 2, 3] for _ in QUESTIONS])


def epoch(seed: int = 1, without: tuple[str, ...] = (), *, hard: bool = True) -> list[Group]:
    return composed(Pairs(SENTENCES, QUESTIONS), FOUND, ROWS, ROWS, seed=seed, without=without, hard=hard)


def answered(groups: list[Group]) -> Counter[str]:
    return Counter(group.source for group in groups if group.right)


def test_a_small_set_is_seen_more_often() -> None:
    once = answered(epoch())
    assert once["squad-train"] == len(QUESTIONS) * TIMES["squad-train"]
    assert once["trecqa-train"] * TIMES["wikiqa-train"] == once["wikiqa-train"] * TIMES["trecqa-train"]


@pytest.mark.parametrize("name", TIMES)
def test_a_set_can_be_left_out(name: str) -> None:
    assert answered(epoch(without=(name,))).keys() == TIMES.keys() - {name}


def test_the_same_seed_composes_the_same() -> None:
    assert epoch() == epoch()
    assert epoch() != epoch(seed=2)


@given(st.lists(st.integers()), st.integers(0, 20), st.integers(0, 20), st.integers())
def test_what_is_taken_of_fewer_is_also_in_what_is_taken_of_more(
    items: list[int], few: int, more: int, seed: int
) -> None:
    assert sampled(items, more, seed)[:few] == sampled(items, min(few, more), seed)


@given(st.lists(st.integers()), st.integers())
def test_all_are_taken_where_no_number_is_given(items: list[int], seed: int) -> None:
    assert sorted(sampled(items, None, seed)) == sorted(items)
