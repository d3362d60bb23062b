"""The model card says what was measured, and no more."""

from dataclasses import asdict

import pytest

from training.budget import BUDGETS
from training.card import card, table

FIGURES = {
    "wikiqa-dev": {"map": 0.8512, "mrr": 0.8604},
    "trecqa-dev": {"map": 0.8901, "mrr": 0.9402},
    "squad-part": {"p1": 0.9},
    "xquad-part-en": {"p1": 0.8812},
}
RUN = {
    "seed": 3,
    "device": "cpu",
    "budget": asdict(BUDGETS["cpu"]),
    "rate": 7e-5,
    "warm_up": 0.06,
    "longest": 128,
    "figures_of_epochs": {"1": FIGURES},
    "groups": {"squad-train": 12_000, "wikiqa-train": 345},
    "without_answer": 2_222,
    "sentences": 54_321,
    "taught": {},
    "lessons": [],
    "figures_with_teacher": {},
    "float": FIGURES,
    "int8": {**FIGURES, "squad-part": {"p1": 0.8933}},
    "sha256": "ab" * 32,
    "bytes": 23_500_000,
}
TAUGHT = {
    "taught": {"squad-train": 2_000, "senate": 500},
    "figures_with_teacher": {"teacher 1": FIGURES, "after the teacher": FIGURES},
}


def test_before_a_run_the_card_has_no_figures_and_says_so() -> None:
    empty = card({}, {})
    assert "No run was measured yet." in empty
    assert "Not measured yet: `python -m training ../shared/qa --ablations`." in empty
    assert "MAP" not in empty


@pytest.mark.parametrize(
    "said",
    [
        "12,345 groups (12,000 of squad-train, 345 of wikiqa-train) with 54,321 sentences",
        "in 2,222 of the groups nothing answers. There was no teacher.",
        "| seed | 3",
        "| rate of learning | 7e-05",
        "| file | 23.5 MB, SHA-256 `abab",
        "| 32 bits | 0.851 | 0.860 | 0.890 | 0.940 | 0.900 | 0.881 |",
        "| 8 bits, as it ships | 0.851 | 0.860 | 0.890 | 0.940 | 0.893 | 0.881 |",
        "| after epoch 1 | 0.851 |",
    ],
)
def test_the_card_has_the_settings_and_the_figures_of_a_run(said: str) -> None:
    assert said in card(RUN, {})


@pytest.mark.parametrize("said", ["CC BY-SA 4.0", "research use", "Apache-2.0", "English only", "`squad-part`"])
def test_the_card_names_licences_limits_and_what_was_kept_apart(said: str) -> None:
    assert said in card(RUN, {})


def test_a_teacher_is_on_the_card_where_there_was_one() -> None:
    assert "mpnet" not in card(RUN, {})
    taught = card({**RUN, **TAUGHT, "lessons": [2_000]}, {})
    assert "A teacher learned next, all-mpnet-base-v2 (the lowest 6 of 12 layers stayed as they were)" in taught
    assert "2,500 groups (2,000 of squad-train, 500 of senate) that had been judged (epochs: 1)" in taught
    assert "a teacher's logits and the reader's own, 0.6 and 0.4," in taught
    assert "| teacher 1 | 0.851 |" in taught
    assert "afresh" not in taught


def test_several_teachers_and_a_second_reader_are_on_the_card_where_there_were_such() -> None:
    taught = card({**RUN, **TAUGHT, "lessons": [2_000, 2_100], "budget": asdict(BUDGETS["cuda"])}, {})
    assert "Two teachers learned next, all-mpnet-base-v2, from 2,000 and 2,100 groups" in taught
    assert "mean of the teachers' logits, at a temperature of 2" in taught
    assert "A second reader learned from them afresh, at a rate of 0.0001" in taught


def test_the_card_has_a_row_for_each_ablation() -> None:
    ablations = {"groups": 900, "seed": 1, "figures": {"everything": FIGURES, "without squad-train": {}}}
    written = card(RUN, ablations)
    assert "each time with 900 groups (seed 1)" in written
    assert "| everything | 0.851 | 0.860 | 0.890 | 0.940 | 0.900 | 0.881 |" in written
    assert "| without squad-train | – | – | – | – | – | – |" in written


def test_every_row_of_a_table_has_as_many_cells() -> None:
    lines = table({"one": FIGURES, "other": {}}, "reader").splitlines()
    assert len({line.count("|") for line in lines}) == 1
