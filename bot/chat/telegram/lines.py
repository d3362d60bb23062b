"""Who is served when: one line a chat, each in its order, all lines at the same time."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress

from bot.chat.telegram.database import NotWrittenError
from bot.chat.telegram.inbox import Arrived

_LOOK = 0.05  # seconds
_AGAIN = 0.5  # seconds


class Lines:
    """Hands updates to `handle`, those of one line one after the other."""

    def __init__(self, handle: Callable[[Arrived], Awaitable[None]]) -> None:
        self._handle = handle
        self._waiting: defaultdict[str, deque[Arrived]] = defaultdict(deque)
        self._servers: dict[str, asyncio.Task[None]] = {}
        self._closing = False

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values())) + len(self._servers)

    def add(self, updates: Iterable[Arrived]) -> None:
        """Puts updates at the end of their lines."""
        for arrived in updates:
            self._waiting[arrived.line].append(arrived)
            if arrived.line not in self._servers and not self._closing:
                self._servers[arrived.line] = asyncio.create_task(self._serve(arrived.line))

    async def serve_now(self, updates: Sequence[Arrived]) -> None:
        """Puts updates at the end of their lines, and waits until they have been served."""
        self.add(updates)
        while any(arrived.line in self._servers for arrived in updates):
            await asyncio.sleep(_LOOK)

    async def close(self, seconds: float) -> None:
        """Begins nothing more, and waits for what is in hand; what takes longer than `seconds` is cancelled."""
        self._closing = True
        servers = list(self._servers.values())
        if servers:
            _, late = await asyncio.wait(servers, timeout=seconds)
            for server in late:
                server.cancel()
            await asyncio.gather(*servers, return_exceptions=True)

    async def _serve(self, line: str) -> None:
        waiting = self._waiting[line]
        try:
            while waiting and not self._closing:
                await self._handle(waiting.popleft())
        finally:
            del self._waiting[line], self._servers[line]


class SharedLines(Lines):
    """Serves the lines of this process in an inbox that several share.

    `first` gives the first update that waits in a line, by its name; where it gives None the line is given back, or
    another process has it. `give_back` gives it back whatever waits there. Both block.
    """

    def __init__(
        self,
        handle: Callable[[Arrived], Awaitable[None]],
        first: Callable[[str], Arrived | None],
        give_back: Callable[[str], None],
    ) -> None:
        super().__init__(handle)
        self._first, self._give_back = first, give_back
        self._again: set[str] = set()

    def __len__(self) -> int:
        return len(self._servers)

    def add(self, updates: Iterable[Arrived]) -> None:
        """Serves the lines in which these updates wait."""
        for line in {arrived.line for arrived in updates}:
            self._again.add(line)  # whoever serves it may have given it back just before
            self.take_up([line])

    def take_up(self, lines: Iterable[str]) -> None:
        """Serves these lines, where nobody does."""
        for line in lines:
            if line not in self._servers and not self._closing:
                self._servers[line] = asyncio.create_task(self._serve(line))

    async def _serve(self, line: str) -> None:
        try:
            while not self._closing:
                self._again.discard(line)
                try:
                    arrived = await asyncio.to_thread(self._first, line)
                    if arrived is not None:
                        await self._handle(arrived)
                    elif line not in self._again:
                        break
                except NotWrittenError:  # the update waits until the database is there again
                    await asyncio.sleep(_AGAIN)
            if self._closing:  # the other processes need not wait for what else is in hand here
                with suppress(NotWrittenError):
                    await asyncio.to_thread(self._give_back, line)
        finally:
            self._again.discard(line)
            del self._servers[line]
