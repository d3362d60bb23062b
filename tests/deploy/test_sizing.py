"""The arithmetic of docs/scaling.md: `benchmarks/sizing.py` keeps its own rules, and the page shows what it prints."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]


def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sizing", ROOT / "benchmarks" / "sizing.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules["sizing"] = found  # dataclasses look their module up
    spec.loader.exec_module(found)
    return found


sizing = module()
FIGURES, PRELIMINARY = sizing.read_figures()
MILLIONS = st.floats(0.01, 1_000)
QUESTIONS = st.floats(0.01, 5_000)


def test_the_page_shows_what_is_reckoned() -> None:
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    shown = page.partition(sizing.BEGIN)[2].partition(sizing.END)[0]
    assert shown.strip() == sizing.tables(FIGURES, PRELIMINARY), "run python benchmarks/sizing.py docs/scaling.md"


@given(MILLIONS, QUESTIONS)
def test_the_nodes_bear_the_load_also_when_one_is_lost(millions: float, questions: float) -> None:
    found = sizing.nodes(millions, questions, FIGURES)
    assert found.count >= 2
    assert found.busy_cores <= found.count * found.cores * sizing.BUSY * 1.001
    assert found.busy_cores <= (found.count - 1) * found.cores * sizing.BUSY_AFTER_LOSS * 1.001


@given(MILLIONS, QUESTIONS)
def test_every_node_has_a_shard_and_memory_for_what_is_hot(millions: float, questions: float) -> None:
    found = sizing.nodes(millions, questions, FIGURES)
    assert found.shards * found.copies >= found.count
    assert found.copies >= 2
    assert found.cache_gb <= sizing.cache_gb(found.memory_gb)
    assert sizing.heap_gb(found.memory_gb) <= 31
    assert sizing.size_gb(millions, FIGURES) / found.shards <= 30


@given(MILLIONS, QUESTIONS, st.floats(1, 100))
def test_more_is_never_cheaper(millions: float, questions: float, times: float) -> None:
    cores = sizing.search_cores(millions, questions, FIGURES)
    assert sizing.search_cores(millions * times, questions, FIGURES) >= cores
    assert sizing.search_cores(millions, questions * times, FIGURES) >= cores
    assert sizing.bots(questions * times, 25) >= sizing.bots(questions, 25) >= 2


def test_the_arithmetic_of_one_row_by_hand() -> None:
    figures = sizing.Figures(700, 1_000, 0.5, 6, 0.5, 4, 25, 210, 400, 4, 1_000)
    found = sizing.nodes(100, 30, figures)
    # 100 million passages of 700 bytes are 70 GB; 400 ms of a core want 8 shards of at most 50 ms.
    assert found.shards == 8
    # 30 times 6 + 8 x 0.5 + 100 x 4 ms.
    assert found.busy_cores == pytest.approx(12.3)
    # 12.3 of 20 cores would leave less than half; 5 nodes of 8 cores are the first that do, of at most six.
    assert (found.count, found.cores, found.copies) == (5, 8, 2)
    # 140 GB on five, half of it hot; twice that beside a new one, on disks that are 70 % full.
    assert found.cache_gb == pytest.approx(14)
    assert found.disk_gb == pytest.approx(80)
