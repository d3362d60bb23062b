"""How much one person may ask: a token bucket each."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from bot.chat.telegram.database import Database


@dataclass(frozen=True, slots=True)
class Taken:
    """What a bucket says: `wait` is 0 where one may go on, else how many seconds there is nothing; `first` is whether
    this is the first that was refused since the last that was not."""

    wait: float
    first: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """What one may do: `burst` at once, then one each `seconds`."""

    burst: int
    seconds: float


QUESTIONS, PRESSES, QUERIES = Pace(20, 3.0), Pace(40, 0.5), Pace(60, 0.5)


class Limits(Protocol):
    """Token buckets by key. `take` may block, and may be called in any thread."""

    def take(self, key: int) -> Taken:
        """Takes a token from the bucket of `key`, where there is one."""


class Buckets:
    """Token buckets in memory: `burst` at once, then one each `seconds`. `clock` gives seconds."""

    def __init__(self, burst: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._seconds, self._clock = burst, seconds, clock
        self._lock = Lock()
        self._buckets: dict[int, tuple[float, float, bool]] = {}  # tokens left, as of when, whether one was refused

    def take(self, key: int) -> Taken:
        """Takes a token from the bucket of `key`, where there is one."""
        with self._lock:
            now = self._clock()
            if len(self._buckets) > 10_000:
                self._forget_full(now)
            left, at, refused = self._buckets.get(key, (float(self._burst), now, False))
            left = min(self._burst, left + (now - at) / self._seconds)
            if left >= 1:
                self._buckets[key] = left - 1, now, False
                return Taken(0)
            self._buckets[key] = left, now, True
            return Taken((1 - left) * self._seconds, first=not refused)

    def _forget_full(self, now: float) -> None:
        full = [k for k, (left, at, _) in self._buckets.items() if left + (now - at) / self._seconds >= self._burst]
        for key in full:
            del self._buckets[key]


# `excluded` holds what a full bucket would become: its `at` is the server's clock before it waits for the row.
_LEFT = "LEAST(?, b.tokens + GREATEST(0, excluded.at - b.at) / ?)"
_TAKE = f"""
INSERT INTO buckets AS b (kind, key, tokens, at, refused)
VALUES (?, ?, ?, EXTRACT(EPOCH FROM clock_timestamp()), 0)
ON CONFLICT (kind, key) DO UPDATE SET
    tokens = {_LEFT} - CASE WHEN {_LEFT} >= 1 THEN 1 ELSE 0 END,
    refused = CASE WHEN {_LEFT} >= 1 THEN 0 ELSE b.refused + 1 END,
    at = GREATEST(b.at, excluded.at)
RETURNING tokens, refused
"""  # noqa: S608


class SharedBuckets:
    """Token buckets on the server, by whose clock they fill, for all processes of a bot; `kind` tells them from others.

    Raises:
        NotWrittenError: the server does not answer.
    """

    def __init__(self, database: Database, kind: str, burst: int, seconds: float) -> None:
        self._database, self._kind, self._burst, self._seconds = database, kind, float(burst), seconds

    def take(self, key: int) -> Taken:
        """Takes a token from the bucket of `key`, where there is one."""
        new = (self._kind, key, self._burst - 1)
        found = self._database.one(_TAKE, (*new, *(self._burst, self._seconds) * 3))
        assert found is not None  # a row is written in any case
        tokens, refused = found
        return Taken((1 - tokens) * self._seconds, first=refused == 1) if refused else Taken(0)
