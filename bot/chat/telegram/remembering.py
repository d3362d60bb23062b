"""All that a bot remembers, in its own file or on a server that several processes share, and how its lines are served."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.chat.telegram.database import Database, NotWrittenError, open_file
from bot.chat.telegram.inbox import Arrived, FileInbox, Inbox
from bot.chat.telegram.limits import Buckets, Limits, Pace, SharedBuckets
from bot.chat.telegram.lines import Lines, SharedLines
from bot.chat.telegram.told import SharedTold, Told, ToldInMemory
from bot.model import OnrecordError

_THREADS = 12  # that may wait for the server, each with a connection

Handle = Callable[[Arrived], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Memory:
    """What a bot remembers. `limits` gives the buckets of a kind, and `serving` the lines, with what waits in them.

    Within the block of `serving` lines are this process's; when it ends they must be closed. In a block of `alone` no
    other process is in one. `losses` is how often other processes may have taken the lines of this one.
    """

    database: Database
    inbox: Inbox
    told: Told
    limits: Callable[[str, Pace], Limits]
    serving: Callable[[Handle], AbstractAsyncContextManager[Lines]]
    alone: Callable[[], AbstractContextManager[None]] = nullcontext
    losses: Callable[[], int] = int


def remembering(data: Path, bot: str, url: str | None) -> Memory:
    """What the bot with this id remembers: on the server with this URL, or else in a file in the folder `data`.

    Raises:
        OnrecordError: the file or the server cannot be used.
    """
    return _in_file(data, bot) if url is None else _on_server(url, bot)


def _in_file(data: Path, bot: str) -> Memory:
    database = open_file(data, bot)
    inbox = FileInbox(database)

    @asynccontextmanager
    async def serving(handle: Handle) -> AsyncIterator[Lines]:
        lines = Lines(handle)
        lines.add(await asyncio.to_thread(inbox.pending))
        yield lines

    return Memory(database, inbox, ToldInMemory(), lambda _, pace: Buckets(pace.burst, pace.seconds), serving)


def _on_server(url: str, bot: str) -> Memory:
    from bot.chat.telegram.ownership import Ownership
    from bot.chat.telegram.shared import open_shared
    from bot.chat.telegram.shared_inbox import SharedInbox

    database = open_shared(url, bot)
    try:
        inbox = SharedInbox(database)
    except NotWrittenError as error:
        database.close()
        raise _unreached(error) from error

    @asynccontextmanager
    async def serving(handle: Handle) -> AsyncIterator[Lines]:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_THREADS, "asking"))
        lines = SharedLines(handle, inbox.first, inbox.give_back)

        def found(names: list[str]) -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(lines.take_up, names)

        ownership = Ownership(database, inbox, found)
        try:
            try:
                await asyncio.to_thread(ownership.begin)
            except NotWrittenError as error:
                raise _unreached(error) from error
            yield lines
        finally:
            with suppress(NotWrittenError):  # they are taken up when the lock is free
                await asyncio.to_thread(inbox.give_back)
            await asyncio.to_thread(ownership.close)

    def limits(kind: str, pace: Pace) -> Limits:
        return SharedBuckets(database, kind, pace.burst, pace.seconds)

    return Memory(database, inbox, SharedTold(database), limits, serving, database.alone, lambda: inbox.losses)


def _unreached(error: NotWrittenError) -> OnrecordError:
    return OnrecordError(f"There is no answer from {error}. See that it runs, and ONRECORD_DATABASE.")
