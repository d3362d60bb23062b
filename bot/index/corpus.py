"""A corpus: releases, the index that finds their passages, and the words that are in them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.index.base import Meaning, PassageIndex, Reading
from bot.index.cutting import Cut, cut, words_of
from bot.index.memory import MemoryIndex
from bot.index.releases import Releases, ReleasesInMemory
from bot.model import Release

__all__ = ["Corpus", "Cut", "build_corpus", "corpus_of", "count_words", "cut"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What questions are asked of. Never changed in place: a new version of the releases is a new corpus.

    `words` are the distinct words of the texts, lower-cased, the most frequent first: for completion and for the
    correction of typing errors. `meaning` says how near sentences are to a question, where there is an encoder, and
    `reader` how surely they answer it, where there is a reader.
    """

    releases: Releases
    index: PassageIndex
    words: Sequence[str]
    meaning: Meaning | None = None
    reader: Reading | None = None


def build_corpus(releases: Iterable[Release]) -> Corpus:
    """A corpus in memory."""
    return corpus_of({release: cut(release) for release in releases})


def corpus_of(cuts: Mapping[Release, Cut]) -> Corpus:
    """A corpus in memory of releases that are cut, in their order."""
    index = MemoryIndex(pair for one in cuts.values() for pair in one.passages)
    return Corpus(ReleasesInMemory(cuts), index, _most_frequent(one.words for one in cuts.values()))


def count_words(releases: Iterable[Release]) -> tuple[str, ...]:
    """The distinct words of the texts and titles, the most frequent first, without numbers."""
    return _most_frequent(map(words_of, releases))


def _most_frequent(texts: Iterable[str]) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text.split(" ") if text else ())
    return tuple(word for word, _ in counts.most_common())
