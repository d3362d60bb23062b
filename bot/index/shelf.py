"""Releases that were read from where they are kept, and their passages: those that were read last stay in memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Generic, Protocol, TypeVar

from bot.index.packing import unpack_passage
from bot.model import Passage, Release

REMEMBERED = 2_000  # releases that stay in memory: 20 MB of those of the Senate

Key = TypeVar("Key", bound=Hashable)


class Stored(Protocol):
    """A release as it is kept, with its packed passages."""

    @property
    def release(self) -> Release: ...

    @property
    def passages(self) -> bytes: ...


class Shelf(Generic[Key]):
    """The releases by the keys that they are kept under; `read` gives those that are asked for, as far as they are there.

    Whoever asks for a passage twice gets the same object, as long as its release stays.
    """

    def __init__(self, read: Callable[[Sequence[Key]], Mapping[Key, Stored]]) -> None:
        self._read = read
        self._held: OrderedDict[Key, tuple[Stored, dict[int, Passage]]] = OrderedDict()
        self._lock = Lock()

    def passages(self, places: Sequence[tuple[Key, int]]) -> list[Passage | None]:
        """The passage at each place, the key of a release and a number in it; None where the release is gone."""
        found = self._entries(key for key, _ in places)
        return [_passage(*found[key], number) if key in found else None for key, number in places]

    def releases(self, keys: Sequence[Key]) -> list[Release]:
        """These releases, in this order, as far as they are there."""
        found = self._entries(keys)
        return [found[key][0].release for key in keys if key in found]

    def _entries(self, keys: Iterable[Key]) -> dict[Key, tuple[Stored, dict[int, Passage]]]:
        keys = dict.fromkeys(keys)
        with self._lock:
            found = {key: self._held[key] for key in keys if key in self._held}
            for key in found:
                self._held.move_to_end(key)
        if missing := [key for key in keys if key not in found]:
            read = self._read(missing)
            with self._lock:
                # Another thread may have read one meanwhile: a release is one object, and so is a passage.
                found |= {key: self._held.setdefault(key, (stored, {})) for key, stored in read.items()}
                while len(self._held) > REMEMBERED:
                    self._held.popitem(last=False)
        return found


def _passage(stored: Stored, made: dict[int, Passage], number: int) -> Passage:
    """A passage of a release, which is made once."""
    return made.get(number) or made.setdefault(number, unpack_passage(stored.passages, stored.release, number))
