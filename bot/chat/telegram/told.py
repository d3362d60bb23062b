"""What the admins have been told of: one bot, of however many processes, tells it once."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from bot.chat.telegram.database import Database

_NOW = "EXTRACT(EPOCH FROM clock_timestamp())"


class Told(Protocol):
    """Words to the admins by their kinds. Its methods may block, and may be called in any thread."""

    def first(self, kind: str, seconds: float) -> bool:
        """Whether nobody said this in the last so many `seconds`; from here on it is said."""

    def begins(self, kind: str) -> bool:
        """Whether something begins, of which nobody knew; it goes on until it `ends`."""

    def ends(self, kind: str, seconds: float) -> bool:
        """Whether something ends, of which nobody heard for so many `seconds`, and of whose end nobody knew."""


class ToldInMemory:
    """What one process has said. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._at, self._lock = clock, dict[str, float](), Lock()

    def first(self, kind: str, seconds: float) -> bool:
        """Whether nobody said this in the last so many `seconds`; from here on it is said."""
        with self._lock:
            now, at = self._clock(), self._at.get(kind)
            if at is not None and now - at < seconds:
                return False
            self._at[kind] = now
            return True

    def begins(self, kind: str) -> bool:
        """Whether something begins, of which nobody knew."""
        with self._lock:
            new = kind not in self._at
            self._at[kind] = self._clock()
            return new

    def ends(self, kind: str, seconds: float) -> bool:
        """Whether something ends, of which nobody heard for so many `seconds`."""
        with self._lock:
            if kind not in self._at or self._clock() - self._at[kind] < seconds:
                return False
            del self._at[kind]
            return True


class SharedTold:
    """What any process of a bot has said, by the server's clock.

    Raises:
        NotWrittenError: the server does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def first(self, kind: str, seconds: float) -> bool:
        """Whether nobody said this in the last so many `seconds`; from here on it is said."""
        return bool(
            self._database.change(
                f"INSERT INTO told (kind, at) VALUES (?, {_NOW})"  # noqa: S608
                " ON CONFLICT (kind) DO UPDATE SET at = excluded.at WHERE told.at <= excluded.at - ?",
                (kind, seconds),
            )
        )

    def begins(self, kind: str) -> bool:
        """Whether something begins, of which nobody knew."""
        new = f"INSERT INTO told (kind, at) VALUES (?, {_NOW}) ON CONFLICT DO NOTHING"  # noqa: S608
        if self._database.change(new, (kind,)):
            return True
        self._database.change(f"UPDATE told SET at = {_NOW} WHERE kind = ?", (kind,))  # noqa: S608
        return False

    def ends(self, kind: str, seconds: float) -> bool:
        """Whether something ends, of which nobody heard for so many `seconds`."""
        gone = f"DELETE FROM told WHERE kind = ? AND at <= {_NOW} - ?"  # noqa: S608
        return bool(self._database.change(gone, (kind, seconds)))
