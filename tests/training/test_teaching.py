"""A teacher's scores are written as they come, and go to the groups that they are of."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from training import teaching
from training.groups import Group
from training.made_questions import SOURCE
from training.teaching import key, mean_scores, questions_of_releases, read_scores, scored, with_scores

GROUPS = [Group(f"who {number}?", ("Dahl.", f"Berg {number}."), frozenset({0}), "x") for number in range(40)]


class Teacher:
    """Gives each sentence its length, and tires after some questions."""

    def __init__(self, patience: int = 1_000) -> None:
        self.patience, self.asked = patience, 0

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.asked += len(pairs)
        if self.asked > self.patience:
            raise KeyboardInterrupt
        return np.array([len(sentence) for _, sentence in pairs], np.float32)


def silent(words: str) -> None:
    pass


def test_each_group_has_the_scores_of_its_sentences(tmp_path: Path) -> None:
    scores = scored(Teacher(), GROUPS, tmp_path / "scores.jsonl", silent)
    for group in with_scores(GROUPS, scores):
        assert group.taught == tuple(float(len(sentence)) for sentence in group.sentences)


def test_what_was_judged_before_an_interruption_is_not_judged_again(tmp_path: Path) -> None:
    path = tmp_path / "work" / "scores.jsonl"
    with pytest.raises(KeyboardInterrupt):
        scored(Teacher(patience=50), GROUPS, path, silent)
    kept = len(read_scores(path))
    assert kept == teaching.AT_ONCE
    teacher = Teacher()
    assert scored(teacher, GROUPS, path, silent) == scored(Teacher(), GROUPS, tmp_path / "at-once.jsonl", silent)
    assert teacher.asked == 2 * (len(GROUPS) - kept)


@given(st.integers(0, 31))
def test_a_line_that_was_not_written_to_its_end_is_cut_off(written: int) -> None:
    lines = b'{"group": "a", "logits": [1.0]}\n', b'{"group": "b", "logits": [2.5]}\n'
    with TemporaryDirectory() as place:
        path = Path(place) / "scores.jsonl"
        path.write_bytes(lines[0] + lines[1][:written])
        assert read_scores(path) == {"a": (1.0,)}
        assert path.read_bytes() == lines[0]


def test_equal_groups_are_judged_once(tmp_path: Path) -> None:
    teacher = Teacher()
    scored(teacher, [GROUPS[0], GROUPS[1], GROUPS[0]], tmp_path / "scores.jsonl", silent)
    assert teacher.asked == 4


def test_a_group_that_was_not_judged_has_no_scores() -> None:
    assert [group.taught for group in with_scores(GROUPS[:2], {key(GROUPS[1]): (1.0, 2.0)})] == [None, (1.0, 2.0)]


def test_several_judge_together_what_all_have_judged() -> None:
    scores = {"a": (1.0, -1.0), "b": (2.0,)}, {"a": (0.0, 4.0), "c": (1.0,)}
    assert mean_scores(scores) == {"a": pytest.approx((0.5, 1.5))}
    assert mean_scores(scores, [0.6, 0.4]) == {"a": pytest.approx((0.6, 1.0))}


def test_groups_with_sentences_in_another_order_are_others() -> None:
    turned = Group(GROUPS[0].question, GROUPS[0].sentences[::-1], frozenset({1}), "x")
    assert key(turned) != key(GROUPS[0])


def test_made_questions_are_kept(qa: Path, tmp_path: Path) -> None:
    archive = qa.parent / "senate" / "senate-press-releases.tar.xz"
    made = questions_of_releases(archive, tmp_path / "work", 5, 1, 4, silent)
    assert made
    assert {group.source for group in made} == {SOURCE}
    archive.unlink()
    assert questions_of_releases(archive, tmp_path / "work", 5, 1, 4, silent) == made
