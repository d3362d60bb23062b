"""The releases of an archive in a cluster, as they are kept there, and the commit that they are of."""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, overload

from bot.index.nodes import Nodes, asked, made_anew, no_archive
from bot.index.packing import unpack_text
from bot.index.templates import VERSION
from bot.model import OnrecordError, Release

AT_ONCE = 500  # releases that are read at a time where all are walked
MOST_SENDERS = 10_000
HEAD = ("id", "digest", "count", "origin")
_ORDER = [{"order": "asc"}, {"id": "asc"}]


class Version(NamedTuple):
    """A release as it was put, once: its id and the digest of all that is kept of it."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A release as the cluster keeps it: what it is, its passages as bytes, where it came from, and its file's name."""

    release: Release
    passages: bytes
    digest: str
    origin: str
    file: str
    order: int


@dataclass(frozen=True, slots=True)
class Head:
    """What tells a release that is there from others: its id, the digest of its version, how many passages that has, and
    what brought it."""

    id: str
    digest: str
    count: int
    origin: str


@dataclass(frozen=True, slots=True)
class Commit:
    """What the last writer left: its stamp, and how many releases and passages there were.

    `scale` is what the scores of this engine are to be multiplied with, see `bot.index.feeding`; `shards` is in how many
    parts the passages are.
    """

    stamp: str
    releases: int
    passages: int
    scale: float
    shards: int


class ReleasesInCluster:
    """The `Releases` of an archive in a cluster, read one by one; in the order in which they were put."""

    def __init__(self, nodes: Nodes, commit: Commit) -> None:
        self._nodes, self._commit = nodes, commit
        self._sources: list[str] | None = None

    def __len__(self) -> int:
        return self._commit.releases

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
            found = self._page(first, last - first + 1)
            return [one.release for one in (found if wanted.step > 0 else found[::-1])[:: abs(wanted.step)]]
        at = place + len(self) if place < 0 else place
        page = self._page(at, 1) if at >= 0 else []
        if not page:
            raise IndexError(place)
        return page[0].release

    def __iter__(self) -> Iterator[Release]:
        return (kept.release for kept in self.walk())

    def find(self, release_id: str) -> Release | None:
        kept = self.kept(release_id)
        return kept.release if kept else None

    def number(self, release_id: str) -> int | None:
        found = self.kept(release_id)
        if found is None:
            return None
        before = {"range": {"order": {"lt": found.order}}}
        beside = [{"term": {"order": found.order}}, {"range": {"id": {"lte": release_id}}}]
        query = {"bool": {"should": [before, {"bool": {"filter": beside}}]}}
        return count(self._nodes, self._nodes.releases, query)

    def ids(self) -> Iterator[str]:
        return (source["id"] for source in _walked(self._nodes, self._nodes.releases, _ORDER, ["id"]))

    def sources(self) -> Sequence[str]:
        if self._sources is None:
            senders = {"terms": {"field": "source", "size": MOST_SENDERS}}
            with asked(self._nodes):
                found = self._nodes.client.search(
                    index=self._nodes.releases, body={"size": 0, "aggs": {"senders": senders}}, preference="_local"
                )
            self._sources = [bucket["key"] for bucket in found["aggregations"]["senders"]["buckets"]]
        return self._sources

    def kept(self, release_id: str) -> Kept | None:
        """The release with this id as it is kept."""
        return next(iter(self._read({"term": {"id": release_id}}, 1)), None)

    def of_file(self, name: str) -> Kept | None:
        """The release whose file has this name."""
        return next(iter(self._read({"term": {"file": name}}, 1)), None)

    def at_url(self, part: str, most: int) -> list[Kept]:
        """The releases in whose URL these signs are, whatever their case."""
        signs = "".join(f"\\{sign}" if sign in "\\*?" else sign for sign in part)
        return self._read({"wildcard": {"url": {"value": f"*{signs}*", "case_insensitive": True}}}, most)

    def listed(self) -> Iterator[tuple[str, str, date | None]]:
        """The id, the title and the day of each release, in their order; no text is read for them."""
        walked = _walked(self._nodes, self._nodes.releases, _ORDER, ["id", "title", "published"])
        return ((source["id"], source["title"], _day(source)) for source in walked)

    def walk(self) -> Iterator[Kept]:
        """All releases as they are kept, in their order."""
        return (kept_of(source) for source in _walked(self._nodes, self._nodes.releases, _ORDER, True))

    def at(self, first: int) -> Kept | None:
        """The release at a place in the order, from 0."""
        return next(iter(self._page(first, 1)), None)

    def _page(self, first: int, most: int) -> list[Kept]:
        found: list[Kept] = []
        while len(found) < most:
            page = self._read({"match_all": {}}, min(most - len(found), AT_ONCE), first + len(found))
            if not page:
                break
            found += page
        return found

    def _read(self, query: Mapping[str, Any], most: int, first: int = 0) -> list[Kept]:
        body = {"query": query, "size": most, "from": first, "sort": _ORDER, "track_total_hits": False}
        with asked(self._nodes):
            found = self._nodes.client.search(
                index=self._nodes.releases, body=body, preference="_local", allow_partial_search_results=False
            )
            return [kept_of(hit["_source"]) for hit in found["hits"]["hits"]]


def read_commit(nodes: Nodes) -> Commit:
    """The last commit of an archive.

    Raises:
        OnrecordError: there is none, it is of another version, or it cannot be reached.
    """
    with asked(nodes):
        docs = nodes.client.mget(index=nodes.facts, body={"ids": ["commit", "engine"]}, preference="_local")["docs"]
        if not all(one.get("found") for one in docs):
            raise no_archive(nodes.address)
        said, engine = (one["_source"] for one in docs)
    _check(said, nodes)
    try:
        scale, shards = float(engine["scale"]), int(engine["shards"])
        return Commit(said["stamp"], int(said["releases"]), int(said["passages"]), scale, shards)
    except (ValueError, LookupError, TypeError) as error:
        raise made_anew(nodes.address, "is damaged") from error


def check_version(nodes: Nodes) -> None:
    """Says that an archive cannot be written to by this program.

    Raises:
        OnrecordError: it is of another version, or cannot be reached.
    """
    with asked(nodes):
        (found,) = nodes.client.mget(index=nodes.facts, body={"ids": ["commit"]})["docs"]
        if not found.get("found"):
            raise no_archive(nodes.address)
        _check(found["_source"], nodes)


def _check(said: Mapping[str, Any], nodes: Nodes) -> None:
    if said.get("version") != VERSION:
        raise made_anew(nodes.address, "was made by another version of Onrecord")


def walk_heads(nodes: Nodes, index: str, query: Mapping[str, Any] | None = None) -> Iterator[Head]:
    """The heads of all releases in an index of them, or of those that meet a query, in the order of the bytes of their ids.

    Raises:
        OnrecordError: it cannot be reached.
    """
    walked = _walked(nodes, index, [{"id": "asc"}], HEAD, query)
    return (Head(**source) for source in walked)


def walk_sources(nodes: Nodes, index: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The releases in an index of them that meet a query, as `kept_of` takes them.

    Raises:
        OnrecordError: it cannot be reached.
    """
    return _walked(nodes, index, [{"id": "asc"}], True, query)


def kept_of(source: Mapping[str, Any]) -> Kept:
    """A release as the cluster has it.

    Raises:
        OnrecordError: it is damaged.
    """
    try:
        release = Release(
            id=source["id"],
            text=unpack_text(b64decode(source["text"])),
            title=source["title"],
            published=_day(source),
            source=source.get("source"),
            place=source.get("place"),
            wire=source.get("wire"),
            url=source.get("url"),
        )
        passages = b64decode(source["passages"])
        return Kept(release, passages, source["digest"], source["origin"], source["file"], int(source["order"]))
    except (ValueError, LookupError, TypeError) as error:
        raise damaged(str(source.get("id", ""))) from error


def damaged(release_id: str) -> OnrecordError:
    """The error for a release that cannot be read."""
    return OnrecordError(f"The release {release_id} in the cluster is damaged: run onrecord index --rebuild --to.")


def _day(source: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(source["published"]) if source.get("published") else None


def count(nodes: Nodes, index: str, query: Mapping[str, Any]) -> int:
    """How many there are that meet a query."""
    # As a search of nothing, for a cluster remembers those.
    body = {"query": query, "size": 0, "track_total_hits": True}
    with asked(nodes):
        found = nodes.client.search(index=index, body=body, preference="_local", allow_partial_search_results=False)
        return int(found["hits"]["total"]["value"])


def _walked(
    nodes: Nodes,
    index: str,
    order: Sequence[Any],
    fields: bool | Sequence[str],
    query: Mapping[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:
    """Each release in an index of them, or these fields of it, in this order, some hundred at a time."""
    after: list[Any] | None = None
    while True:
        body: dict[str, Any] = {"size": AT_ONCE, "sort": order, "_source": fields, "track_total_hits": False}
        if query is not None:
            body["query"] = query
        if after is not None:
            body["search_after"] = after
        with asked(nodes):
            hits = nodes.client.search(index=index, body=body, preference="_local", allow_partial_search_results=False)[
                "hits"
            ]["hits"]
        yield from (hit["_source"] for hit in hits)
        if len(hits) < AT_ONCE:
            return
        after = hits[-1]["sort"]
