"""Saying how far a long step is."""

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import TypeVar

EVERY = 15.0  # seconds

Told = Callable[[str], None]
T = TypeVar("T")


def counted(items: Sequence[T], what: str, told: Told) -> Iterator[T]:
    """The items one by one; `told` hears each quarter of a minute how many are done and how many minutes remain."""
    started = last = monotonic()
    for number, item in enumerate(items, start=1):
        yield item
        now = monotonic()
        if now - last > EVERY:
            rest = (now - started) / number * (len(items) - number)
            told(f"{what}: {number:,} of {len(items):,}, {rest / 60:.0f} min to go")
            last = now
