"""Each part of the training is left out once, and all runs learn from equally many groups."""

import pytest
from training_world import QUESTIONS, SENTENCES

from bot.evaluation.selection import SelectionRow
from training.ablations import EVERYTHING, TAUGHT, WITHOUT_HARD, WITHOUT_NONE, Ways, ways
from training.composing import TIMES
from training.groups import Pairs
from training.negatives import Found
from training.sources import Sources
from training.teaching import Scores, key

ROWS = [SelectionRow("who leads the repairs?", SENTENCES, tuple(place == 4 for place in range(len(SENTENCES))))]
SOURCES = Sources(Pairs(SENTENCES * 4, QUESTIONS * 4), ROWS, ROWS)
FOUND = Found([[] for _ in QUESTIONS * 4], [[1, 2, 3] for _ in QUESTIONS * 4])
COUNT = 6


def known(scores: Scores | None = None) -> Ways:
    return ways(SOURCES, FOUND, 1, scores or {}, COUNT)


@pytest.mark.parametrize("name", known())
def test_all_runs_learn_from_equally_many_groups(name: str) -> None:
    assert len(known()[name]()) == COUNT


@pytest.mark.parametrize("name", TIMES)
def test_a_run_without_a_data_set_has_none_of_its_groups(name: str) -> None:
    assert name not in {group.source for group in known()[f"without {name}"]()}


def test_a_run_without_questions_that_nothing_answers_has_none_of_them() -> None:
    assert all(group.right for group in known()[WITHOUT_NONE]())


def test_a_run_without_hard_wrong_sentences_is_another() -> None:
    assert known()[WITHOUT_HARD]() != known()[EVERYTHING]()


def test_a_run_with_a_teacher_learns_from_what_everything_learns_from_and_its_scores() -> None:
    groups = known()[EVERYTHING]()
    scores = {key(group): tuple(map(float, range(len(group.sentences)))) for group in groups}
    judged = known(scores)[TAUGHT]()
    assert [key(group) for group in judged] == [key(group) for group in groups]
    assert [group.taught for group in judged] == [scores[key(group)] for group in groups]


def test_there_is_no_run_with_a_teacher_who_did_not_judge_all_of_its_groups() -> None:
    groups = known()[EVERYTHING]()
    scores = {key(group): (0.0,) for group in groups if key(group) != key(groups[0])}
    assert TAUGHT not in known()
    assert TAUGHT not in known(scores)
