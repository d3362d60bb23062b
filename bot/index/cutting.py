"""A release cut into passages and words: what every index is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.model import Passage, Release
from bot.text.passages import split_passages
from bot.text.terms import words, words_and_terms


@dataclass(frozen=True, slots=True)
class Cut:
    """What takes long to find in a release: its passages with their terms, and its words without numbers, in order."""

    passages: Sequence[tuple[Passage, Sequence[str]]]
    words: str


def cut(release: Release) -> Cut:
    """A release cut into passages and words."""
    passages = split_passages(release)
    read = [words_and_terms(passage.text) for passage in passages]
    pairs = [(passage, found) for passage, (_, found) in zip(passages, read, strict=True)]
    if any(before.end == after.start for before, after in pairwise(passages)):
        # A word may look different where what touches it is not seen.
        return Cut(pairs, words_of(release))
    body = (word for found, _ in read for word in found)
    return Cut(pairs, _without_numbers([*_spelled(release.title), *body]))


def words_of(release: Release) -> str:
    """The words of title and text without numbers, in order, with spaces between them."""
    return _without_numbers(_spelled(f"{release.title}\n{release.text}"))


def _spelled(text: str) -> list[str]:
    return [word.term for word in words(text)]


def _without_numbers(spelled: Iterable[str]) -> str:
    return " ".join(filter(str.isalpha, spelled))
