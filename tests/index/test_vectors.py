"""Vectors that are kept, and what happens to their file."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.index import vectors as module
from bot.index.vectors import VectorStore

Vectors = dict[str, NDArray[np.float32]]


def some(count: int, *, seed: int = 0, size: int = 384) -> Vectors:
    """Vectors of length 1, each with its text."""
    matrix = np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return {f"text {number}": vector for number, vector in enumerate(matrix)}


def same(read: Vectors, kept: Vectors) -> bool:
    return list(read) == list(kept) and all(np.allclose(read[text], kept[text], atol=1e-3) for text in kept)


def test_what_is_kept_is_read_by_another_store_in_the_order_asked(tmp_path: Path) -> None:
    kept = some(5)
    VectorStore(tmp_path, "model").keep(kept)
    read = VectorStore(tmp_path, "model").read(["unknown", "text 3", "text 1", "text 3"])
    assert same(read, {text: kept[text] for text in ("text 3", "text 1")})


def test_vectors_have_length_1_and_cosines_are_right(tmp_path: Path) -> None:
    kept = some(200)
    store = VectorStore(tmp_path, "model")
    store.keep(kept)
    before, after = np.stack(list(kept.values())), np.stack(list(store.read(kept).values()))
    assert after.dtype == np.float32
    assert np.allclose(np.linalg.norm(after, axis=1), 1, atol=1e-6)
    assert np.abs(before @ before.T - after @ after.T).max() < 1e-3


def test_each_model_has_its_own(tmp_path: Path) -> None:
    small, large = some(2, size=8), some(2, seed=1)
    VectorStore(tmp_path, "small").keep(small)
    VectorStore(tmp_path, "large").keep(large)
    assert same(VectorStore(tmp_path, "small").read(small), small)
    assert same(VectorStore(tmp_path, "large").read(large), large)
    assert VectorStore(tmp_path, "other").read(large) == {}


def test_a_new_vector_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, "model")
    store.keep(some(3))
    store.keep(some(3, seed=1))
    assert same(store.read(some(3)), some(3, seed=1))


def test_any_text_may_be_a_key(tmp_path: Path) -> None:
    kept = dict(zip(["", "\0", "a\0b", "\ud800", "\U0010ffff", "ﷺ"], some(6).values(), strict=True))
    store = VectorStore(tmp_path, "model")
    store.keep(kept)
    assert same(store.read(kept), kept)


def test_where_nothing_was_kept_nothing_is_read_and_no_file_is_made(tmp_path: Path) -> None:
    assert VectorStore(tmp_path / "data", "model").read(["text"]) == {}
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    VectorStore(tmp_path / "data", "model").keep(some(1))
    assert (tmp_path / "data" / "vectors.sqlite3").stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "data" / "vectors.sqlite3").mkdir(parents=True)
    for data in (tmp_path / "file", tmp_path / "data"):
        store = VectorStore(data, "model")
        store.keep(some(1))
        assert store.read(some(1)) == {}


def run(program: str, data: Path) -> int:
    start = f"import os, resource\nfrom tests.index.test_vectors import *\nstore = VectorStore(Path({str(data)!r}), 'model')\n"
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", start + program], check=False, cwd=root, capture_output=True
    ).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits to the size of a file")
def test_on_a_full_disk_nothing_fails_and_what_was_kept_stays(tmp_path: Path) -> None:
    VectorStore(tmp_path, "model").keep(some(5))
    size = (tmp_path / "vectors.sqlite3").stat().st_size
    assert (
        run(f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\nstore.keep(some(3000, seed=1))", tmp_path)
        == 0
    )
    assert same(VectorStore(tmp_path, "model").read(some(5)), some(5))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_process_that_is_killed_while_it_adds_adds_all_or_nothing(tmp_path: Path) -> None:
    VectorStore(tmp_path, "model").keep(some(5))
    killed = (
        "class Fatal(dict):\n    def items(self):\n        yield from super().items()\n"
        "        os.kill(os.getpid(), 9)\n"
        "store.keep(Fatal(some(6000, seed=1)))"  # more than SQLite holds in memory before it writes
    )
    assert run(killed, tmp_path) == -signal.SIGKILL
    assert same(VectorStore(tmp_path, "model").read(some(6000)), some(5))


def test_many_may_read_and_add_at_once(tmp_path: Path) -> None:
    def add_and_read(number: int) -> bool:
        store, mine = VectorStore(tmp_path, f"model {number}"), some(50, seed=number)
        store.keep(mine)
        return same(store.read(mine), mine)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(add_and_read, range(12)))


@pytest.mark.parametrize("left", [0, 10, 4096, 6000])
def test_a_file_that_was_cut_short_is_replaced(left: int, tmp_path: Path) -> None:
    store, path = VectorStore(tmp_path, "model"), tmp_path / "vectors.sqlite3"
    store.keep(some(50))
    path.write_bytes(path.read_bytes()[:left])
    assert store.read(some(50)) == {}
    store.keep(some(50))
    assert same(store.read(some(50)), some(50))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**15), st.binary(min_size=1, max_size=64)), min_size=1, max_size=4))
def test_whatever_damages_the_file_nothing_fails_and_it_mends(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, bytes]]
) -> None:
    data = tmp_path_factory.mktemp("data")
    store, path = VectorStore(data, "model"), data / "vectors.sqlite3"
    store.keep(some(30))
    whole = bytearray(path.read_bytes())
    for place, written in damage:
        place %= len(whole)
        whole[place : place + len(written)] = written
    path.write_bytes(whole[:32_768])
    for vector in store.read(some(30)).values():
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    for _ in range(3):  # the damage may be found when it is read, when it is written, or when it is read again
        store.keep(some(30))
        mended = same(store.read(some(30)), some(30))
    assert mended


def test_what_nobody_reads_is_dropped_after_90_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = VectorStore(tmp_path, "model")

    def on_day(day: int) -> None:
        monkeypatch.setattr(module, "time", lambda: (20_000 + day) * 86_400)

    on_day(0)
    store.keep(some(2))
    on_day(60)
    assert store.read(["text 1"]).keys() == {"text 1"}
    on_day(91)
    store.keep({"new": some(1)["text 0"]})
    assert store.read(["text 0", "text 1", "new"]).keys() == {"text 1", "new"}
