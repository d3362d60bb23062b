"""What is done is kept in files, and not done again."""

from pathlib import Path

import pytest

from training import telling
from training.keeping import digest, keep, kept, read_kept


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "work" / "found.json"
    assert kept(path, lambda: [1, 2]) == [1, 2]
    assert kept(path, lambda: [3]) == [1, 2]


def test_whoever_is_interrupted_leaves_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    keep(path, {"map": 1})
    with pytest.raises(TypeError):
        keep(path, {"map": object()})
    assert read_kept(path) == {"map": 1}


def test_nothing_is_kept_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "none.json") == {}


def test_other_values_have_other_names() -> None:
    assert digest(["a", "b"]) == digest(("a", "b"))
    assert digest(["a", "b"]) != digest(["ab"])


def test_long_work_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "EVERY", -1.0)
    said: list[str] = []
    assert [*telling.counted("ab", "letters", said.append)] == ["a", "b"]
    assert said == ["letters: 1 of 2, 0 min to go", "letters: 2 of 2, 0 min to go"]
