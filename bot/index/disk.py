"""Passages on disk, found with tantivy: a `PassageIndex` for archives.

Its BM25 is that of `bot.index.memory`, with the same parameters and the same inverse document frequency. Scores differ in
the third digit: tantivy keeps the length of a passage in one byte, exact up to 40 terms and within an eighth above, and
reckons with 32 bits. So passages that are almost equal may change places. A passage that was taken away counts in the
document frequencies until its segment is merged with another.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import overload

import tantivy
from tantivy import Occur, Query

from bot.index.catalogue import BY_HAND, Catalogue
from bot.index.engine import PLACES, passages_gone
from bot.index.packing import pack, unpack_passages
from bot.index.places import said
from bot.index.scope import Scope, is_from
from bot.index.shelf import Shelf
from bot.model import Passage, Release

EXACT = 200  # passages up to which it is counted how many of them are still there
EQUALS = 200  # passages of the same score among which the freshest are looked for
AT_ONCE = 500  # releases that are read at a time where all are walked


class DiskIndex:
    """A `PassageIndex` of an archive, as it was when this object was made or last changed.

    Raises:
        OnrecordError: of each call: the archive is damaged, or cannot be changed now.
    """

    def __init__(self, folder: Path, engine: tantivy.Index, catalogue: Catalogue, shelf: Shelf[int]) -> None:
        self._folder, self._engine, self._catalogue, self._shelf = folder, engine, catalogue, shelf
        self._schema = engine.schema
        self._look()

    def search(self, terms: Sequence[str], limit: int, scope: Scope | None = None) -> list[tuple[Passage, float]]:
        if not terms or limit < 1:
            return []
        with said(self._folder):
            found = self._found(terms, limit, scope)
            if any(passage is None for passage, _ in found):
                # A release of this commit was taken away or replaced since.
                self._look()
                found = self._found(terms, limit, scope)
            return [(passage, score) for passage, score in found if passage]

    def _look(self) -> None:
        """Takes up the last commit."""
        with said(self._folder):
            self._engine.reload()
            self._searcher = self._engine.searcher()
            self._some_gone = bool(passages_gone(self._folder))

    def _found(self, terms: Sequence[str], limit: int, scope: Scope | None) -> list[tuple[Passage | None, float]]:
        """What the engine finds, with the scores; None in place of a passage whose release is gone."""
        asked = [(Occur.Should, Query.term_query(self._schema, "terms", term, "freq")) for term in terms]
        query = Query.boolean_query(asked)
        if scope is not None:
            query = Query.boolean_query([(Occur.Must, one) for one in (query, *self._filters(scope))])
        searcher = self._searcher  # another thread may take up another commit meanwhile
        hits = searcher.search(query, limit + 1, count=False).hits
        if len(hits) > limit and hits[limit][0] == hits[limit - 1][0]:
            hits = searcher.search(query, limit + EQUALS, count=False).hits
        addresses = [address for _, address in hits]
        places = [int(place or 0) for place in searcher.fast_field_values("place", addresses)]
        days = [int(day or 0) for day in searcher.fast_field_values("published", addresses)]
        scores = [float(score) for score, _ in hits]
        best = sorted(range(len(hits)), key=lambda at: (-scores[at], -days[at], places[at]))[:limit]
        passages = self._shelf.passages([divmod(places[at], PLACES) for at in best])
        return [(passage, scores[at]) for passage, at in zip(passages, best, strict=True) if scores[at] > 0]

    def document_frequency(self, term: str) -> int:
        with said(self._folder):
            count = self._searcher.doc_freq("terms", term)
            if not self._some_gone or not 0 < count <= EXACT:
                return count
            query = Query.term_query(self._schema, "terms", term, "freq")
            return len(self._searcher.search(query, EXACT, count=False).hits)

    def __len__(self) -> int:
        return self._searcher.num_docs

    def __iter__(self) -> Iterator[Passage]:
        for first in range(0, self._catalogue.count(), AT_ONCE):
            keys = self._catalogue.keys(first, AT_ONCE)
            found = self._catalogue.kept(keys)  # one may be gone since
            for kept in (found[key] for key in keys if key in found):
                with said(self._folder):
                    passages = unpack_passages(kept.passages, kept.release)
                yield from passages

    def add(self, releases: Iterable[Release]) -> None:
        from bot.index.writing import open_writer

        with open_writer(self._folder) as writer:
            root = writer.root(BY_HAND)
            for release in releases:
                writer.put(pack(release), root, release.id, release.id)
            writer.commit()
        self._look()

    def remove(self, release_ids: Collection[str]) -> None:
        from bot.index.writing import open_writer

        with open_writer(self._folder) as writer:
            writer.drop(self._catalogue.keys_of(release_ids))
            writer.commit()
        self._look()

    def _filters(self, scope: Scope) -> list[Query]:
        """What a passage must meet beside the terms."""
        filters = []
        if scope.releases is not None:
            keys = self._catalogue.keys_of(scope.releases)
            filters.append(Query.term_set_query(self._schema, "release", keys))
        if scope.source is not None:
            senders = [name for name in self._catalogue.sources() if is_from(name, scope.source)]
            filters.append(Query.term_set_query(self._schema, "source", senders))
        if scope.since is not None or scope.until is not None:
            since, until = scope.since or date.min, scope.until or date.max
            days = (tantivy.FieldType.Integer, since.toordinal(), until.toordinal())
            filters.append(Query.range_query(self._schema, "published", *days))
        return [Query.const_score_query(one, 0.0) for one in filters]


class ReleasesOnDisk:
    """The `Releases` of an archive, read one by one."""

    def __init__(self, catalogue: Catalogue, shelf: Shelf[int]) -> None:
        self._catalogue, self._shelf = catalogue, shelf
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = self._catalogue.count()
        return self._count

    def __bool__(self) -> bool:
        return self._catalogue.any()

    @overload
    def __getitem__(self, place: int) -> Release: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Release]: ...

    def __getitem__(self, place: int | slice) -> Release | Sequence[Release]:
        if isinstance(place, slice):
            wanted = range(len(self))[place]
            if not wanted:
                return []
            first, last = sorted((wanted[0], wanted[-1]))
            return self._shelf.releases(self._catalogue.keys(first, last - first + 1)[:: wanted.step])
        at = place + len(self) if place < 0 else place
        found = self._shelf.releases(self._catalogue.keys(at, 1)) if at >= 0 else []
        if not found:
            raise IndexError(place)
        return found[0]

    def __iter__(self) -> Iterator[Release]:
        for first in range(0, len(self), AT_ONCE):
            keys = self._catalogue.keys(first, AT_ONCE)
            found = self._catalogue.kept(keys)  # one may be gone since
            yield from (found[key].release for key in keys if key in found)

    def find(self, release_id: str) -> Release | None:
        return next(iter(self._shelf.releases(self._catalogue.keys_of([release_id]))), None)

    def number(self, release_id: str) -> int | None:
        return self._catalogue.number(release_id)

    def ids(self) -> Iterator[str]:
        return self._catalogue.ids()

    def sources(self) -> Sequence[str]:
        return self._catalogue.sources()


class WordsOnDisk(Sequence[str]):
    """The distinct words of an archive, the most frequent first; read when the first is asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._words: list[str] | None = None

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._all()[place]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def _all(self) -> list[str]:
        if self._words is None:
            self._words = self._catalogue.words()
        return self._words
