"""Groups are read from files of pairs and of candidates."""

from pathlib import Path

import pytest
from training_world import QUESTIONS, SENTENCES, Write

from bot.model import OnrecordError
from training.groups import Group, read_pairs, read_selection


def test_pairs_keep_the_order_of_their_sentences(qa: Path) -> None:
    pairs = read_pairs(qa / "pairs" / "squad-train")
    assert pairs.sentences == SENTENCES
    assert pairs.questions == QUESTIONS


@pytest.mark.parametrize(
    "row", [{"question": "who?", "sentence": len(SENTENCES)}, {"question": "who?"}, {"sentence": 0}]
)
def test_a_question_without_its_sentence_is_named_by_its_line(qa: Path, write: Write, row: object) -> None:
    write("qa/pairs/squad-train/questions.jsonl", {"question": "who?", "sentence": 0}, row)
    with pytest.raises(OnrecordError, match=r"questions.jsonl, line 2, is not a question"):
        read_pairs(qa / "pairs" / "squad-train")


def test_pairs_that_are_not_there_are_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match=r"Cannot read .*: pairs are in sentences.jsonl"):
        read_pairs(tmp_path)


def test_a_selection_set_has_its_questions_with_their_candidates(qa: Path) -> None:
    [row] = read_selection(qa / "selection" / "wikiqa-train.jsonl")
    assert row.candidates == SENTENCES
    assert row.right.index(True) == 4


def test_what_is_no_selection_set_is_said_in_a_sentence(write: Write) -> None:
    with pytest.raises(OnrecordError, match="no selection set"):
        read_selection(write("texts.jsonl", {"text": "One. Two.", "sentences": ["One.", "Two."]}))


def test_a_group_is_a_pair_for_each_sentence() -> None:
    assert Group("who?", ("Dahl.", "Berg."), frozenset({0}), "x").pairs == [("who?", "Dahl."), ("who?", "Berg.")]
