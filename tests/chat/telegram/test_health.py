"""A look at what a bot needs: each thing for itself, in time, and not for each who asks."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from bot.chat.telegram import health
from bot.chat.telegram.health import Health
from bot.chat.telegram.workers import Workers


@contextmanager
def looking(checks: Mapping[str, Callable[[], object]], stopping: Callable[[], bool] = bool) -> Iterator[Health]:
    workers = Workers(len(checks))
    yield Health(checks, workers, stopping)
    workers.close()


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await work()

    asyncio.run(whole())


def broken() -> None:
    raise OSError("/a/path is gone, and so is its password")


def test_all_is_well_where_all_answers() -> None:
    async def work() -> None:
        with looking({"The one": bool, "The other": bool}) as found:
            assert await found.wrong() == ()

    run(work)


def test_each_thing_that_does_not_answer_has_its_line_without_the_words_of_the_error() -> None:
    async def work() -> None:
        with looking({"The one": broken, "The other": bool, "The third": broken}) as found:
            assert await found.wrong() == ("The one does not answer (OSError).", "The third does not answer (OSError).")

    run(work)


def test_many_who_ask_at_once_share_one_look() -> None:
    looks: list[None] = []

    async def work() -> None:
        with looking({"The one": lambda: looks.append(None)}) as found:
            await asyncio.gather(*(found.wrong() for _ in range(50)))
            await found.wrong()
            assert len(looks) == 1

    run(work)


def test_what_hangs_is_not_waited_for_nor_asked_again_before_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    monkeypatch.setattr(health, "EVERY", 0.0)
    calls: list[None] = []
    free = threading.Event()

    def hang() -> None:
        calls.append(None)
        assert free.wait(10)

    async def work() -> None:
        with looking({"The one": hang, "The other": bool}) as found:
            for _ in range(3):
                assert await found.wrong() == ("The one gives no answer.",)
            assert len(calls) == 1
            free.set()
            while await found.wrong():
                pass

    run(work)


def test_it_heals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "EVERY", 0.0)
    checks: dict[str, Callable[[], object]] = {"The one": broken}

    async def work() -> None:
        with looking(checks) as found:
            assert await found.wrong()
            checks["The one"] = bool
            assert not await found.wrong()

    run(work)


def test_a_bot_that_is_stopping_is_not_ready() -> None:
    async def work() -> None:
        with looking({"The one": bool}, lambda: True) as found:
            assert await found.wrong() == ("The bot is stopping.",)

    run(work)
