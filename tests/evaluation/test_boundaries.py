"""Sentences that are found are measured by the boundaries between them."""

import pytest

from bot.evaluation.boundaries import SentenceRow, boundaries, sentence_ends

ROWS = [SentenceRow("A b. C d. E f.", (4, 9, 14)), SentenceRow("G h. I. ", (4, 7))]


def test_precision_recall_and_f1_are_of_the_boundaries_inside_the_texts() -> None:
    found = boundaries(ROWS, lambda text: {"A b. C d. E f.": [4, 7, 14], "G h. I. ": [7]}[text])
    assert found.true == {(0, 4), (0, 9), (1, 4)}
    assert found.found == {(0, 4), (0, 7)}
    assert (found.precision, found.recall, found.f1) == (0.5, 0.3333, 0.4)


def test_where_nothing_is_cut_there_is_no_precision() -> None:
    uncut = boundaries(ROWS, lambda text: [len(text.rstrip())])
    assert (uncut.precision, uncut.recall) == (None, 0.0)
    whole = boundaries([SentenceRow("A b.", (4,))], lambda _: [4])
    assert (whole.precision, whole.recall, whole.f1) == (None, None, None)


def test_the_same_sentence_twice_ends_twice() -> None:
    assert sentence_ends("No. No. Yes.", ["No.", "No.", "Yes."]) == [3, 7, 12]


def test_a_sentence_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="not found"):
        sentence_ends("No. Yes.", ["Yes.", "No."])
