"""A corpus: releases, the index that finds their passages, and the words that are in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.index.base import Meaning, PassageIndex
from bot.index.memory import MemoryIndex
from bot.model import Release
from bot.text.terms import words


@dataclass(frozen=True, slots=True)
class Corpus:
    """What questions are asked of. Never changed in place: a new version of the releases is a new corpus.

    `words` are the distinct words of the texts, lower-cased, the most frequent first: for completion and for the
    correction of typing errors. `meaning` says how near sentences are to a question, where there is an encoder.
    """

    releases: tuple[Release, ...]
    index: PassageIndex
    words: Sequence[str]
    meaning: Meaning | None = None


def build_corpus(releases: Iterable[Release]) -> Corpus:
    """A corpus in memory."""
    kept = tuple(releases)
    index = MemoryIndex()
    index.add(kept)
    return Corpus(kept, index, count_words(kept))


def count_words(releases: Iterable[Release]) -> tuple[str, ...]:
    """The distinct words of the texts and titles, the most frequent first, without numbers."""
    counts: Counter[str] = Counter()
    for release in releases:
        counts.update(word.term for word in words(f"{release.title}\n{release.text}"))
    return tuple(word for word, _ in counts.most_common() if word.isalpha())
