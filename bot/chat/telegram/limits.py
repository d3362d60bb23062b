"""How much one person may ask: a token bucket each."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """What a bucket says: `wait` is 0 where one may go on, else how many seconds there is nothing; `first` is whether
    this is the first that was refused since the last that was not."""

    wait: float
    first: bool = False


class Buckets:
    """Token buckets by key: `burst` at once, then one each `seconds`. `clock` gives seconds."""

    def __init__(self, burst: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._seconds, self._clock = burst, seconds, clock
        self._buckets: dict[int, tuple[float, float, bool]] = {}  # tokens left, as of when, whether one was refused

    def take(self, key: int) -> Taken:
        """Takes a token from the bucket of `key`, where there is one."""
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
