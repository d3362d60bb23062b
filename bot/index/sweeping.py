"""Passages in a cluster whose release is not there as it was when they were cut.

A program that is ended between the passages of a release and the release leaves them. They are put again with it, unless the
release has changed by then: nobody is shown them, but they are counted.
"""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from bot.index.cluster_releases import count, walk_heads
from bot.index.feeding import bulk, commit, there
from bot.index.nodes import Nodes, asked

AT_ONCE = 5_000  # passages that are looked at together
IN_HAND = 3_600.0  # seconds in which a press office that put passages may yet put their release


class _Place(NamedTuple):
    """A passage by the release that it was cut of, and when that was put where it was put by hand, in microseconds."""

    release: str
    digest: str
    order: int
    id: str


def sweep(nodes: Nodes) -> int:
    """Takes away the passages that are of no release, after a commit; gives how many there were.

    Where there are as many passages as the releases say, none is looked at.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    if count(nodes, nodes.passages, {"match_all": {}}) == _said(nodes):
        return 0
    since = (time.time() - IN_HAND) * 1_000_000
    left = [place for place in _strays(nodes) if place.order < since]
    # A release may have been put since its head was read.
    heads = {name: head.digest for name, head in there(nodes, {place.release for place in left}).items()}
    gone = [place for place in left if heads.get(place.release) != place.digest]
    bulk(nodes, ({"_op_type": "delete", "_index": nodes.passages, "_id": place.id} for place in gone))
    if gone:
        commit(nodes)
    return len(gone)


def _said(nodes: Nodes) -> int:
    """How many passages the releases have by what is kept of them."""
    body = {"size": 0, "aggs": {"all": {"sum": {"field": "count"}}}}
    with asked(nodes):
        found = nodes.client.search(index=nodes.releases, body=body, allow_partial_search_results=False)
        return int(found["aggregations"]["all"]["value"])


def _strays(nodes: Nodes) -> Iterator[_Place]:
    """The passages of versions that are not there: both are walked side by side, in the order of their ids."""
    heads = walk_heads(nodes, nodes.releases)
    head = next(heads, None)
    for place in _places(nodes):
        while head is not None and head.id < place.release:
            head = next(heads, None)
        if head is None or (head.id, head.digest) != (place.release, place.digest):
            yield place


def _places(nodes: Nodes) -> Iterator[_Place]:
    """All passages in the order of the ids of their releases."""
    body: dict[str, Any] = {
        "size": AT_ONCE,
        "sort": [{"release": "asc"}, {"digest": "asc"}, {"number": "asc"}],
        "_source": False,
        "docvalue_fields": ["order"],
        "track_total_hits": False,
    }
    while True:
        with asked(nodes):
            found = nodes.client.search(index=nodes.passages, body=body, allow_partial_search_results=False)
            hits = found["hits"]["hits"]
            places = [_place(hit) for hit in hits]
        yield from places
        if len(hits) < AT_ONCE:
            return
        body["search_after"] = hits[-1]["sort"]


def _place(hit: dict[str, Any]) -> _Place:
    release, digest, _ = hit["sort"]
    return _Place(release, digest, int(hit["fields"]["order"][0]), hit["_id"])
