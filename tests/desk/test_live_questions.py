"""Questions are put while releases come, change and go: each reply is right for a corpus that there was."""

import importlib.util
import sys
from dataclasses import replace
from math import isfinite
from pathlib import Path
from types import ModuleType

import pytest

from bot.desk.live import open_live
from bot.index.corpus import build_corpus

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "live_corpus.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    """`benchmarks/live_corpus.py`, which asks and changes far more often."""
    spec = importlib.util.spec_from_file_location("live_corpus", BENCHMARK)
    assert spec and spec.loader
    module = sys.modules["live_corpus"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_reply_is_of_a_corpus_that_there_never_was(
    benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark, "GRACE", 30.0)  # how soon is measured there, not here
    result = benchmark.measured(tmp_path, questions=50, changes=10, pause=0.0)
    assert result.wrong == ()
    assert result.questions >= 50
    assert all(map(isfinite, result.waits))


def test_a_reply_of_another_time_or_another_corpus_is_seen_to_be_wrong(benchmark: ModuleType, tmp_path: Path) -> None:
    versions = benchmark.Versions(tmp_path)
    versions.write("r1", benchmark.release_text(1, 0))
    live = open_live([tmp_path], tmp_path / "data", "off")
    asked = benchmark.ask(1, live)
    assert asked.reply.answered
    assert benchmark.wrong(asked, versions) is None
    assert benchmark.wrong(replace(asked, corpus=build_corpus([])), versions) == "a quote from another corpus"
    versions.write("r1", benchmark.release_text(1, 1))
    late = replace(asked, start=asked.start + 60, end=asked.end + 60)
    assert benchmark.wrong(asked, versions) is None
    assert "not in r1 then" in benchmark.wrong(late, versions)
    versions.write("r1", "")
    assert "not in r1 then" in benchmark.wrong(late, versions)
