"""What an index of passages can do, whatever the engine."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from bot.index.scope import Scope
from bot.model import Passage, Release, Sentence


class PassageIndex(Protocol):
    """Finds the passages that hold the terms of a question. Terms are those of `bot.text.terms`."""

    def add(self, releases: Iterable[Release]) -> None:
        """Makes the passages of these releases findable; a release with an id already there is replaced."""

    def remove(self, release_ids: Collection[str]) -> None:
        """Forgets these releases; an id that is not there is no error."""

    def search(self, terms: Sequence[str], limit: int, scope: Scope | None = None) -> list[tuple[Passage, float]]:
        """The best passages that hold at least one of the terms, best first, with scores above zero.

        At most `limit`; only from the releases in `scope` where one is given. Among equals the fresher release is first.
        """

    def document_frequency(self, term: str) -> int:
        """In how many passages the term is."""

    def __len__(self) -> int:
        """How many passages there are."""

    def __iter__(self) -> Iterator[Passage]:
        """Every passage, in the order of the releases."""


class Near(NamedTuple):
    """How near a sentence is to a question, and how near to other questions that are like it: cosines, on one scale
    whatever the encoder.

    A sentence that is near to every question of a kind or of a language (a hub: Radovanović et al., "Hubs in Space",
    2010) says little by being near to this one. What it has in common with all of them is told apart, as in
    cross-domain similarity local scaling (Conneau et al., "Word Translation Without Parallel Data", 2018).
    """

    question: float
    others: float


class Nearness(Protocol):
    """How near the sentences of a corpus are to one question in meaning."""

    def best(self, limit: int, scope: Scope | None = None) -> list[Passage]:
        """The passages of the `limit` nearest sentences, nearest first; none where the corpus is too large to know."""

    def of(self, sentences: Sequence[Sentence]) -> dict[Sentence, Near]:
        """How near each sentence is; in a large corpus only the first ones, as many as are encoded in time."""


class Meaning(Protocol):
    """What an encoder knows of a corpus, whatever the words and the language of a question."""

    @property
    def is_whole(self) -> bool:
        """Whether all sentences are encoded, but for those that have just come; of a large corpus hardly any is."""

    def about(self, question: str) -> Nearness:
        """How near its sentences are to this question."""


class Reading(Protocol):
    """What reads a question and a sentence together. English only."""

    def read(self, question: str, sentences: Sequence[str], before: Sequence[str] = ()) -> list[float | None]:
        """How surely each of the sentences answers: a logit, or None where there was no time; the first go first.

        With `before`, a text for each of the sentences, each is read behind its text, or not where there is no room.
        """
