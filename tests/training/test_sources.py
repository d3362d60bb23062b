"""A reader learns from three sets, and never from those that it is measured on."""

import json
from pathlib import Path

import pytest

from bot.model import OnrecordError
from training.sources import OPEN, SELECTION, TRAINED, read_sources

REAL = Path(__file__).parents[3] / "shared" / "qa"
DEV = SELECTION | OPEN


def test_no_set_is_both_learned_from_and_measured_on() -> None:
    assert {*TRAINED.values()}.isdisjoint(DEV.values())
    assert not any("dev" in name or "part" in name for name in TRAINED.values())


def test_the_sets_to_measure_on_are_not_opened_to_learn(qa: Path) -> None:
    known = read_sources(qa)
    for name in DEV.values():
        for path in [qa / name, *(qa / name).rglob("*")]:
            if path.is_file():
                path.unlink()
    assert read_sources(qa) == known


@pytest.mark.skipif(not REAL.is_dir(), reason="the questions of ../shared/qa are not here")
def test_no_question_that_is_measured_on_is_learned_from() -> None:
    sources = read_sources(REAL)
    learned = {plain(question) for question, _ in sources.pairs.questions}
    learned |= {plain(row.question) for row in (*sources.wikiqa, *sources.trecqa)}
    for name in DEV.values():
        path = REAL / name / "questions.jsonl" if (REAL / name).is_dir() else REAL / name
        asked = {plain(json.loads(line)["question"]) for line in path.read_text(encoding="utf-8").splitlines()}
        assert asked.isdisjoint(learned), name


def plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


@pytest.mark.parametrize("name", TRAINED.values())
def test_a_set_that_is_missing_is_named(qa: Path, name: str) -> None:
    (qa / name).rename(qa / "elsewhere")
    with pytest.raises(OnrecordError, match=f"There is no .*{name}"):
        read_sources(qa)
