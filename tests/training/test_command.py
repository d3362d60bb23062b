"""`python -m training` says in a sentence what is missing."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.model import OnrecordError
from training.__main__ import main, needs

ROOT = Path(__file__).parents[2]
WITHOUT_TORCH = pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed here")
WITH_TORCH = pytest.mark.skipif(find_spec("torch") is None, reason="only training needs torch: not installed")


def test_the_help_has_an_example_and_is_there_without_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "training", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "example: python -m training ../shared/qa" in done.stdout


def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(OnrecordError, match=r"Training needs nothing_such: pip install -e '.\[training\]'"):
        needs(["sys", "nothing_such"])


@WITHOUT_TORCH
def test_without_torch_one_sentence_is_printed(qa: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(qa)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@WITH_TORCH
def test_without_the_data_one_sentence_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--device", "cpu", "--work", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"There is no {tmp_path / 'pairs' / 'squad-train'}: give the folder")


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_a_teacher_judges_at_least_one_group(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["qa", "--teacher-groups", count])
    assert "--teacher-groups" in capsys.readouterr().err
