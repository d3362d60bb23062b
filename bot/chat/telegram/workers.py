"""Threads that rank while the event loop goes on."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
_Job = tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Callable[[], Any]]


class Workers:
    """A few threads that do jobs for a coroutine. They are daemons: a job that does not end does not keep the process."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        for number in range(count):
            Thread(target=self._work, name=f"ranking-{number}", daemon=True).start()

    @property
    def waiting(self) -> int:
        """How many jobs no thread has begun."""
        return self._jobs.qsize()

    async def run(self, job: Callable[[], T]) -> T:
        """What `job` gives, or raises, in a thread, with the context of the one who waits for it."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, future, partial(copy_context().run, job)))
        return await future

    def close(self) -> None:
        """Ends the threads, each after the job that it has."""
        for _ in range(self._count):
            self._jobs.put(None)

    def _work(self) -> None:
        while (asked := self._jobs.get()) is not None:
            loop, future, job = asked
            if future.cancelled():
                continue
            try:
                result, error = job(), None
            except BaseException as raised:  # it is for the one who waits
                result, error = None, raised
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, future, result, error)


def _settle(future: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
