"""Passages in a cluster, found with OpenSearch: a `PassageIndex` for archives that many machines ask.

Its BM25 is that of `bot.index.memory`, with the same parameters and the same inverse document frequency, over the statistics
of all shards; a factor that is the same for every passage is made up for where an engine leaves it out. It keeps the length
of a passage in one byte, exact up to 40 terms and within an eighth above, as the engine on disk does, and counts passages
without a term for nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from threading import Lock
from time import monotonic
from typing import Any, overload

from bot.index.address import Address
from bot.index.cluster_releases import Commit, Kept, ReleasesInCluster, Version, count, damaged, kept_of, read_commit
from bot.index.corpus import Corpus
from bot.index.nodes import Nodes, asked, made_anew, reach
from bot.index.packing import unpack_passages
from bot.index.scope import Scope, is_from
from bot.index.shelf import Shelf
from bot.model import Passage, Release, UnavailableError

LOOK_EVERY = 0.5  # seconds from one look for a commit to the next
LONGEST_TERM = 120  # letters; Lucene cuts a longer one in pieces
MOST_TERMS = 1_000  # of a question; Lucene looks for 1,024 at most
MOST_IDS = 65_536  # in a part of a scope; a cluster takes no more in one
MOST_COUNTED = 20_000  # terms of which it is remembered in how many passages they are


class ClusterIndex:
    """A `PassageIndex` of an archive in a cluster, as of a commit.

    Raises:
        OnrecordError: of each call: the cluster cannot be reached (UnavailableError), or refuses it.
    """

    def __init__(self, nodes: Nodes, shelf: Shelf[Version], commit: Commit, releases: ReleasesInCluster) -> None:
        self._nodes, self._shelf, self._commit, self._releases = nodes, shelf, commit, releases
        self._frequencies: dict[str, int] = {}

    def search(self, terms: Sequence[str], limit: int, scope: Scope | None = None) -> list[tuple[Passage, float]]:
        if not terms or limit < 1:
            return []
        found = self._found(terms, limit, scope)
        if any(passage is None for passage, _ in found):
            # A release was taken away or replaced between the search and the reading of it.
            found = self._found(terms, limit, scope)
        return [(passage, score) for passage, score in found if passage and score > 0]

    def _found(self, terms: Sequence[str], limit: int, scope: Scope | None) -> list[tuple[Passage | None, float]]:
        """What the cluster finds, with the scores; None in place of a passage whose release is gone."""
        body = {
            "query": {
                "bool": {
                    "should": [{"term": {"terms": term[:LONGEST_TERM]}} for term in terms[:MOST_TERMS]],
                    "minimum_should_match": 1,
                    "filter": self._filters(scope) if scope else [],
                }
            },
            "size": limit,
            "sort": [
                "_score",
                {"published": {"order": "desc", "missing": "_last"}},
                {"order": "asc"},
                {"number": "asc"},
            ],
            "track_total_hits": False,
            "_source": False,
            "docvalue_fields": ["release", "digest", "number"],
        }
        with asked(self._nodes):
            hits = self._nodes.client.search(
                index=self._nodes.passages,
                body=body,
                # The statistics of all shards take a round more; of one, they are what it has.
                search_type="dfs_query_then_fetch" if self._commit.shards > 1 else "query_then_fetch",
                preference="_local",
                allow_partial_search_results=False,
            )["hits"]["hits"]
            places = [
                (Version(fields["release"][0], fields["digest"][0]), int(fields["number"][0]))
                for fields in (hit["fields"] for hit in hits)
            ]
            scores = [float(hit["sort"][0]) * self._commit.scale for hit in hits]
        try:
            return list(zip(self._shelf.passages(places), scores, strict=True))
        except ValueError as error:
            raise made_anew(self._nodes.address, "is damaged") from error

    def document_frequency(self, term: str) -> int:
        known = self._frequencies.get(term)
        if known is not None:
            return known
        query = {"term": {"terms": term[:LONGEST_TERM]}}
        if len(self._frequencies) >= MOST_COUNTED:
            self._frequencies.clear()
        return self._frequencies.setdefault(term, count(self._nodes, self._nodes.passages, query))

    def __len__(self) -> int:
        return self._commit.passages

    def __iter__(self) -> Iterator[Passage]:
        for kept in self._releases.walk():
            try:
                yield from unpack_passages(kept.passages, kept.release)
            except ValueError as error:
                raise damaged(kept.release.id) from error

    def add(self, releases: Iterable[Release]) -> None:
        from bot.index.feeding import put_releases

        put_releases(self._nodes, releases)
        self._look()

    def remove(self, release_ids: Collection[str]) -> None:
        from bot.index.feeding import drop_releases

        drop_releases(self._nodes, release_ids)
        self._look()

    def _look(self) -> None:
        """Takes up the last commit."""
        self._commit = read_commit(self._nodes)
        self._frequencies = {}

    def _filters(self, scope: Scope) -> list[dict[str, Any]]:
        """What a passage must meet beside the terms."""
        filters: list[dict[str, Any]] = []
        if scope.releases is not None:
            ids = sorted(scope.releases)
            parts = (ids[first : first + MOST_IDS] for first in range(0, len(ids), MOST_IDS))
            filters.append(
                {"bool": {"should": [{"terms": {"release": part}} for part in parts] or [{"match_none": {}}]}}
            )
        if scope.source is not None:
            senders = [name for name in self._releases.sources() if is_from(name, scope.source)]
            filters.append({"terms": {"source": senders}})
        if scope.since is not None or scope.until is not None:
            since, until = scope.since or date.min, scope.until or date.max
            filters.append({"range": {"published": {"gte": since.toordinal(), "lte": until.toordinal()}}})
        return filters


class WordsInCluster(Sequence[str]):
    """The distinct words of an archive, the most frequent first; read when the first is asked for."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._words: Sequence[str] | None = None

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self._all()[place]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def _all(self) -> Sequence[str]:
        if self._words is None:
            from bot.index.cluster_words import read_words

            self._words = read_words(self._nodes)
        return self._words


class Cluster:
    """An archive in a cluster. Its methods may be called in any thread."""

    def __init__(self, address: Address) -> None:
        """Opens it.

        Raises:
            OnrecordError: it cannot be reached, there is none of this name, or it is of another version.
        """
        self.nodes = reach(address)
        self._shelf = Shelf(self._kept)
        self._lock = Lock()
        self._commit = read_commit(self.nodes)
        self._corpus = self._current()
        self._looked_at = monotonic()

    def corpus(self) -> Corpus:
        """The corpus as of the last commit; the same object until there is another one.

        It is looked for at most twice a second. While the cluster does not answer the corpus stays as it was.

        Raises:
            OnrecordError: the archive is gone.
        """
        if monotonic() - self._looked_at > LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                with suppress(UnavailableError):
                    self._look()
            finally:
                self._looked_at = monotonic()
                self._lock.release()
        return self._corpus

    def look(self) -> Corpus:
        """The corpus as of the last commit, which is looked for at once.

        Raises:
            OnrecordError: the cluster cannot be reached, or the archive is gone.
        """
        with self._lock:
            self._look()
        return self._corpus

    def releases(self) -> ReleasesInCluster:
        """The releases as of the commit that was looked at last."""
        return ReleasesInCluster(self.nodes, self._commit)

    def _look(self) -> None:
        commit = read_commit(self.nodes)
        if commit.stamp != self._commit.stamp:
            self._commit = commit
            self._corpus = self._current()

    def _current(self) -> Corpus:
        releases = ReleasesInCluster(self.nodes, self._commit)
        index = ClusterIndex(self.nodes, self._shelf, self._commit, releases)
        return Corpus(releases, index, WordsInCluster(self.nodes))

    def _kept(self, versions: Sequence[Version]) -> dict[Version, Kept]:
        """These releases, as far as they are there as they were."""
        ids = list(dict.fromkeys(version.id for version in versions))
        with asked(self.nodes):
            # Only what a refresh has shown, so that a release and its passages change together.
            found = self.nodes.client.mget(
                index=self.nodes.releases, body={"ids": ids}, realtime=False, preference="_local"
            )["docs"]
            read = {Version(one["_id"], one["_source"]["digest"]): one["_source"] for one in found if one.get("found")}
            return {version: kept_of(read[version]) for version in versions if version in read}


def open_cluster(address: Address) -> Cluster:
    """The archive in the cluster at an address.

    Raises:
        OnrecordError: it cannot be reached, there is none of this name, or it is of another version.
    """
    return Cluster(address)
