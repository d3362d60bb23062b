"""The releases of a corpus as a list that can be looked up in, whether they are in memory or on disk."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol, overload

from bot.model import Release


class Releases(Protocol):
    """The releases in their order. Each may be read from disk when it is asked for: look one up, do not walk them."""

    def __len__(self) -> int: ...

    @overload
    def __getitem__(self, place: int) -> Release: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Release]: ...

    def __iter__(self) -> Iterator[Release]: ...

    def find(self, release_id: str) -> Release | None:
        """The release with this id, or None where there is none."""

    def number(self, release_id: str) -> int | None:
        """The number of the release with this id in the list, from 1, or None where there is none."""

    def ids(self) -> Iterator[str]:
        """The ids of all, in their order; no text is read for them."""

    def sources(self) -> Sequence[str]:
        """The names of those who sent them, the most frequent first."""


class ReleasesInMemory(tuple[Release, ...]):
    """A `Releases` of some thousand releases."""

    __slots__ = ()

    def find(self, release_id: str) -> Release | None:
        return next((release for release in self if release.id == release_id), None)

    def number(self, release_id: str) -> int | None:
        return next((number for number, release in enumerate(self, 1) if release.id == release_id), None)

    def ids(self) -> Iterator[str]:
        return (release.id for release in self)

    def sources(self) -> Sequence[str]:
        counts = Counter(release.source for release in self if release.source)
        return [source for source, _ in counts.most_common()]
