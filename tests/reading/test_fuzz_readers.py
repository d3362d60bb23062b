"""Broken files are read or refused in a sentence; `benchmarks/fuzz_readers.py` tries thousands of them."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import SEEDS
from mutations import is_read, mutation

from bot.model import OnrecordError
from bot.reading.drafting import read_draft
from bot.reading.formats import KINDS


@pytest.mark.parametrize("extension", SEEDS)
@pytest.mark.filterwarnings("ignore")
def test_a_broken_file_is_read_or_refused(extension: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(7)
    seeds = SEEDS[extension]()
    # No time is asserted here: the machine that tests run on may be a busy one.
    read = [is_read(mutation(chance.choice(seeds), extension, chance), extension, 60) for _ in range(75)]
    assert any(read)


@given(st.binary(max_size=200), st.sampled_from([*KINDS, ""]))
def test_any_bytes_under_any_name_are_read_or_refused(raw: bytes, extension: str) -> None:
    try:
        draft = read_draft(raw, f"a{extension}")
    except OnrecordError:
        return
    assert draft.text
