"""A cluster that keeps a call waiting in vain is asked by one call at a time, so that the others need not wait, too."""

from collections.abc import Callable
from threading import Lock, get_ident
from time import monotonic

QUIET = 1.0  # seconds after a call that waited in vain in which no other is sent
LONG = 0.5  # seconds that are waiting; a cluster that refuses a call at once may be asked again at once


class Outage:
    """Whether a cluster is lost, by the last call that came to an end. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._quiet_until: float | None = None
        self._asking: int | None = None  # the thread whose call finds out whether it is there again

    def lets(self) -> bool:
        """Whether a call may be sent. While the cluster is lost one thread's may, from time to time."""
        with self._lock:
            if self._quiet_until is None or self._asking == get_ident():
                return True
            if self._asking is not None or self._clock() < self._quiet_until:
                return False
            self._asking = get_ident()
            return True

    def ended(self, answered: bool, seconds: float) -> None:
        """Notes whether a call was answered, by whatever, and how long that took."""
        with self._lock:
            if self._asking == get_ident():
                self._asking = None
            self._quiet_until = None if answered or seconds < LONG else self._clock() + QUIET
