"""Whether a bot can answer now: each thing that it needs is asked for a sign of life, but not by each probe."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from bot.chat.telegram.service import Service
from bot.chat.telegram.workers import Workers

EVERY = 1.0  # seconds for which a look holds, so that probes are no way to load the machine
PATIENCE = 2.0  # seconds that a thing has to answer

_log = logging.getLogger(__name__)


@contextmanager
def health_of(service: Service, stopping: Callable[[], bool]) -> Iterator["Health"]:
    """The health of a running bot, within the block."""

    def index() -> None:
        service.corpus().index.search(("onrecord",), 1)

    def log() -> None:
        if service.office.log.retention_days:  # without, nothing is noted
            service.office.log.began()

    def store() -> None:
        service.store.scope(0)  # no chat has this number

    checks = {"The index": index, "The question log": log, "The bot's database": store}
    workers = Workers(len(checks))
    try:
        yield Health(checks, workers, stopping)
    finally:
        workers.close()


class Health:
    """Looks whether all that a bot needs answers.

    `checks` has for each thing, by its name in a sentence, a function that returns when it answers, and else raises; it
    may block. None is called again before it has returned: what hangs takes one thread and no more. `workers` are as
    many as there are checks. `stopping` says whether the bot takes nothing more.
    """

    def __init__(
        self, checks: Mapping[str, Callable[[], object]], workers: Workers, stopping: Callable[[], bool]
    ) -> None:
        self._checks, self._workers, self.stopping = checks, workers, stopping
        self._running: dict[str, asyncio.Future[object]] = {}
        self._look: asyncio.Task[tuple[str, ...]] | None = None
        self._looked_at = 0.0
        self._told: tuple[str, ...] = ()

    async def wrong(self) -> tuple[str, ...]:
        """A sentence for each thing that is not ready; none where the bot can answer. It takes PATIENCE at most."""
        if self.stopping():
            return ("The bot is stopping.",)
        if self._look is None or (self._look.done() and monotonic() - self._looked_at >= EVERY):
            self._looked_at = monotonic()
            self._look = asyncio.create_task(self._looked())
        return await asyncio.shield(self._look)

    async def _looked(self) -> tuple[str, ...]:
        found = await asyncio.gather(*(self._wrong_with(thing) for thing in self._checks))
        wrong = tuple(sentence for sentence in found if sentence)
        if wrong != self._told:
            if wrong:
                _log.warning("Not ready: %s", " ".join(wrong))
            else:
                _log.info("Ready again")
            self._told = wrong
        return wrong

    async def _wrong_with(self, thing: str) -> str | None:
        running = self._running.get(thing)
        if running is None or running.done():
            running = self._running[thing] = asyncio.ensure_future(self._workers.run(self._checks[thing]))
            running.add_done_callback(_heard)
        done, _ = await asyncio.wait({running}, timeout=PATIENCE)
        if not done:
            return f"{thing} gives no answer."
        # The words of an error may name a path or a server; its kind does not.
        error = running.exception()
        return f"{thing} does not answer ({type(error).__name__})." if error is not None else None


def _heard(running: asyncio.Future[object]) -> None:
    """What comes too late is no news: without a look at its error asyncio would log it."""
    if not running.cancelled():
        running.exception()
