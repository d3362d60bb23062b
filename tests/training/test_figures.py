"""A reader is measured on sets that it never learned from."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper
from training_world import SENTENCES, Write

from training.figures import QUESTIONS, READ, Dev, Judged, by_file, figures, read_dev
from training.tokens import open_tokenizer


def knowing(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    return np.array([float("leads" in sentence) for _, sentence in pairs], np.float32)


def constant(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    return np.zeros(len(pairs), np.float32)


def test_whoever_reads_well_has_full_marks(qa: Path) -> None:
    measured = figures(read_dev(qa), knowing)
    assert measured == {
        "wikiqa-dev": {"map": 1.0, "mrr": 1.0},
        "trecqa-dev": {"map": 1.0, "mrr": 1.0},
        "squad-part": {"p1": 1.0},
        "xquad-part-en": {"p1": 1.0},
    }


def test_whoever_finds_all_alike_has_what_is_right_in_the_last_place(qa: Path) -> None:
    measured = figures(read_dev(qa), constant)
    assert measured["wikiqa-dev"]["mrr"] == pytest.approx(1 / len(SENTENCES), abs=1e-4)


def test_only_questions_with_a_right_and_a_wrong_candidate_count(qa: Path, write: Write) -> None:
    right, wrong = {"text": "yes.", "label": 1}, {"text": "no.", "label": 0}
    rows = [{"question": "?", "candidates": some} for some in ([right], [wrong], [right, wrong], [])]
    write("qa/selection/wikiqa-dev.jsonl", *rows)
    assert read_dev(qa).selection["wikiqa-dev"] == [Judged("?", ("yes.", "no."), (True, False))]


def test_of_an_open_set_the_sentences_that_words_find_are_read(qa: Path) -> None:
    [judged] = read_dev(qa).opened["squad-part"]
    assert judged == Judged("Who leads the repairs?", ("Nils Berg leads the repairs.",), (True,))


def test_an_open_set_has_always_the_same_questions_and_not_too_many_sentences(qa: Path, write: Write) -> None:
    paragraph = "\n".join(f"Number {number} repairs the tunnel." for number in range(3 * READ))
    (qa / "open" / "squad-part" / "corpus" / "norrvik.txt").write_text(paragraph, encoding="utf-8")
    asked = {"answers": ["Number"], "paragraph": paragraph}
    rows = [{"question": f"who repairs tunnel {number}?", **asked} for number in range(2 * QUESTIONS)]
    write("qa/open/squad-part/questions.jsonl", *rows)
    opened = read_dev(qa).opened["squad-part"]
    assert len({judged.question for judged in opened}) == QUESTIONS
    assert opened == read_dev(qa).opened["squad-part"]
    assert {len(judged.sentences) for judged in opened} == {READ}


def test_a_question_whose_words_find_nothing_is_answered_wrong() -> None:
    assert figures(Dev({}, {"open": [Judged("?", (), ())]}), constant) == {"open": {"p1": 0.0}}


@given(st.lists(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=1, max_size=6), min_size=1, max_size=4))
def test_figures_are_between_0_and_1(rows: list[list[tuple[bool, int]]]) -> None:
    judged = [Judged("?", tuple(str(score) for _, score in row), tuple(right for right, _ in row)) for row in rows]
    measured = figures(
        Dev({"s": judged}, {"o": judged}), lambda pairs: np.array([float(s) for _, s in pairs], np.float32)
    )
    assert all(0 <= value <= 1 for found in measured.values() for value in found.values())


def test_a_file_gives_each_pair_its_logit_in_their_order(words: Path, tmp_path: Path) -> None:
    pairs = [("who chairs?", sentence) for sentence in (*SENTENCES, "dahl.")]
    sums = [float(sum(open_tokenizer(words).encode(*pair).ids)) for pair in pairs]
    assert by_file(adding(tmp_path / "adding.onnx"), words)(pairs).tolist() == sums


def adding(path: Path) -> Path:
    """A file in place of a reader, whose logits are the sums of the tokens."""
    names = ("input_ids", "attention_mask", "token_type_ids")
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["input_ids"], ["numbers"], to=TensorProto.FLOAT),
            helper.make_node("ReduceSum", ["numbers", "axis"], ["logits"], keepdims=0),
        ],
        "adding",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in names],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts"])],
        [helper.make_tensor("axis", TensorProto.INT64, [1], [1])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path
