"""When the releases cannot be asked, the admins are told so once, and once more when they can be asked again."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.chat.telegram.told import Told

_KIND = "index away"
_QUIET = 5.0  # seconds without trouble, after which it is over
_LOOKED = 60.0  # seconds in which this process looks whether it is over

# In English, as the log is.
_BEGAN = "The releases cannot be asked: the index does not answer. Who asks is told to try again in a minute."
_OVER = "The releases can be asked again."


class Outage:
    """What becomes known of an outage, and `tell`, by which the admins hear of it."""

    def __init__(self, told: Told, tell: Callable[[str], Awaitable[None]]) -> None:
        self._told, self._tell = told, tell
        self._watched_until = time.monotonic() + _LOOKED  # a process that is gone may have told that it began

    async def seen(self) -> None:
        """A question could not be asked."""
        self._watched_until = float("inf")
        if await asyncio.to_thread(self._told.begins, _KIND):
            await self._tell(_BEGAN)

    async def passed(self) -> None:
        """A question could be asked."""
        now = time.monotonic()
        if now > self._watched_until:
            return
        self._watched_until = min(self._watched_until, now + _LOOKED)
        if await asyncio.to_thread(self._told.ends, _KIND, _QUIET):
            await self._tell(_OVER)
