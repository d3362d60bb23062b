"""What an index of passages can do, whatever the engine."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from bot.model import Passage, Release


class PassageIndex(Protocol):
    """Finds the passages that hold the terms of a question. Terms are those of `bot.text.terms`."""

    def add(self, releases: Iterable[Release]) -> None:
        """Makes the passages of these releases findable; a release with an id already there is replaced."""

    def remove(self, release_ids: Collection[str]) -> None:
        """Forgets these releases; an id that is not there is no error."""

    def search(
        self, terms: Sequence[str], limit: int, scope: Collection[str] | None = None
    ) -> list[tuple[Passage, float]]:
        """The best passages that hold at least one of the terms, best first, with scores above zero.

        At most `limit`; only from the releases with ids in `scope` where one is given.
        """

    def document_frequency(self, term: str) -> int:
        """In how many passages the term is."""

    def __len__(self) -> int:
        """How many passages there are."""
