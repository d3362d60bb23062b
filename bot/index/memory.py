"""Passages in memory, found with rank-bm25."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from math import log

import numpy as np
from rank_bm25 import BM25Okapi

from bot.index.scope import Scope
from bot.model import Passage, Release
from bot.text.passages import split_passages
from bot.text.terms import words_and_terms

K1 = 1.2
B = 0.75


def inverse_document_frequency(frequency: int, documents: int) -> float:
    """How much a term tells, above zero for every term: ln(1 + (N - n + 0.5) / (n + 0.5)), as Lucene has it.

    The formula of Robertson and Spärck Jones (1976) turns negative for a term that is in most documents, and in a
    release of seven paragraphs that is what the release is about.
    """
    return log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


class BM25(BM25Okapi):  # type: ignore[misc]
    """rank-bm25's Okapi BM25 (Robertson et al. 1994) with an inverse document frequency that is never negative.

    `frequency` holds in how many of the documents each term is. Must not be empty: rank-bm25 divides by the number of
    documents.
    """

    frequency: dict[str, int]
    avgdl: float

    def __init__(self, documents: Sequence[Sequence[str]], k1: float = K1, b: float = B) -> None:
        super().__init__(documents, k1=k1, b=b)
        self.avgdl = self.avgdl or 1.0  # documents of stop words only have no length

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.frequency = nd
        self.idf = {term: inverse_document_frequency(n, self.corpus_size) for term, n in nd.items()}


class MemoryIndex:
    """A `PassageIndex` for some thousand passages: rank-bm25 over passages that are kept in memory."""

    def __init__(self, prepared: Iterable[tuple[Passage, Sequence[str]]] = ()) -> None:
        """Starts empty, or from passages with their terms, as `prepare` gives them."""
        self._prepared: dict[str, list[tuple[Passage, Sequence[str]]]] = {}
        for passage, passage_terms in prepared:
            self._prepared.setdefault(passage.release.id, []).append((passage, passage_terms))
        self._rank_anew()

    def add(self, releases: Iterable[Release]) -> None:
        for release in releases:
            self._prepared[release.id] = prepare(release)
        self._rank_anew()

    def remove(self, release_ids: Collection[str]) -> None:
        for release_id in release_ids:
            self._prepared.pop(release_id, None)
        self._rank_anew()

    def search(self, terms: Sequence[str], limit: int, scope: Scope | None = None) -> list[tuple[Passage, float]]:
        if self._bm25 is None:
            return []
        scores = self._bm25.get_scores(list(terms))
        found = np.flatnonzero(scores > 0)
        if scope is not None:
            holds = cache(scope.holds)  # once a release
            held = [holds(self._passages[place].release) for place in found]
            found = found[np.array(held, dtype=bool)]
        # A stable sort by score, then by day: among equals of a day, the passage that comes first in the corpus.
        order = found[np.lexsort((-self._days[found], -scores[found]))][:limit]
        return [(self._passages[place], float(scores[place])) for place in order]

    def document_frequency(self, term: str) -> int:
        return self._bm25.frequency.get(term, 0) if self._bm25 else 0

    def __len__(self) -> int:
        return len(self._passages)

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._passages)

    def prepared(self) -> Iterable[tuple[Passage, Sequence[str]]]:
        """Every passage with its terms, from which an equal index can be made."""
        for group in self._prepared.values():
            yield from group

    def _rank_anew(self) -> None:
        self._passages = [passage for passage, _ in self.prepared()]
        days = (passage.release.published for passage in self._passages)
        self._days = np.array([day.toordinal() if day else 0 for day in days], dtype=np.int64)
        self._bm25 = BM25([passage_terms for _, passage_terms in self.prepared()]) if self._passages else None


def prepare(release: Release) -> list[tuple[Passage, Sequence[str]]]:
    """The passages of a release, each with its terms; in the order of the text."""
    return [(passage, words_and_terms(passage.text)[1]) for passage in split_passages(release)]
