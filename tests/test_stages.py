"""Steps are told to whoever listens, and to nobody else."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest

from bot.stages import begun, begun_at, listen, stage, took


def test_each_step_is_told_with_its_seconds() -> None:
    heard: list[tuple[str, float]] = []
    start = perf_counter()
    with listen(lambda *step: heard.append(step)), stage("outer"), stage("inner"):
        pass
    assert [name for name, _ in heard] == ["inner", "outer"]
    assert 0 <= heard[0][1] <= heard[1][1] <= perf_counter() - start


def test_a_step_that_fails_is_told_too_and_fails() -> None:
    heard: list[str] = []
    with listen(lambda name, _: heard.append(name)), pytest.raises(ValueError, match="as it was"), stage("failing"):
        raise ValueError("as it was")
    assert heard == ["failing"]


def test_a_function_may_be_a_step_in_many_threads() -> None:
    heard: list[str] = []

    @stage("doubling")
    def double(number: int) -> int:
        return 2 * number

    with listen(lambda name, _: heard.append(name)), ThreadPoolExecutor(4) as threads:
        assert list(threads.map(double, range(20))) == list(range(0, 40, 2))
    assert heard == ["doubling"] * 20


def test_who_listens_no_longer_hears_no_more() -> None:
    first: list[str] = []
    second: list[str] = []
    with listen(lambda name, _: first.append(name)):
        with listen(lambda name, _: second.append(name)), stage("both"):
            pass
        with stage("one"):
            pass
    with stage("none"):
        pass
    assert (first, second) == (["both", "one"], ["both"])


def test_what_had_to_wait_began_before_its_turn() -> None:
    heard: list[float] = []

    async def turn() -> float:
        return begun()

    async def work() -> None:
        with begun_at(perf_counter() - 60):
            assert perf_counter() - await asyncio.create_task(turn()) >= 60
            took("waiting", begun())

    with listen(lambda _, seconds: heard.append(seconds)):
        asyncio.run(work())
    assert heard[0] >= 60


def test_what_nobody_says_the_beginning_of_begins_now() -> None:
    before = perf_counter()
    assert before <= begun() <= perf_counter()
