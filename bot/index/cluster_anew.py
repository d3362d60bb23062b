"""An archive in a cluster that is made anew beside the one that is asked, and then takes its place."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from secrets import token_hex
from typing import Any

from bot.index.cluster_releases import Head, kept_of, walk_heads, walk_sources
from bot.index.cluster_words import BY_HAND
from bot.index.feeding import Fed, bulk, commit, drop, feed, make_indices, point, there, walk_facts
from bot.index.lease import WRITER
from bot.index.nodes import FACTS, PASSAGES, RELEASES, WRITE_WITHIN, Nodes, asked
from bot.index.packing import pack
from bot.index.templates import VERSION
from bot.model import OnrecordError

AT_ONCE = 200  # releases that are copied together


def begin_anew(nodes: Nodes) -> dict[str, str]:
    """The indices that are made anew, by their kinds: those of an earlier run that was stopped, or new ones.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    for index in sorted(index for index in _unasked(nodes) if index.startswith(f"{nodes.facts}-")):
        with asked(nodes), suppress(LookupError):
            (found,) = nodes.client.mget(index=index, body={"ids": ["commit"]})["docs"]
            if found["_source"]["version"] == VERSION:
                return make_indices(nodes, index.rpartition("-")[2])
    return make_indices(nodes, token_hex(4))


def put_in_place(
    nodes: Nodes, into: Mapping[str, str], origin: str, still_here: Callable[[], None], warn: Callable[[str], None]
) -> None:
    """Lets new indices be asked in place of those that were, which are deleted.

    What the archive of `origin` did not bring to the old ones, and what was taken away there, goes along; also what a press
    office does meanwhile.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    names = {kind: nodes.named(kind) for kind in (RELEASES, FACTS)}
    with asked(nodes):
        old = {kind: next(iter(nodes.client.indices.get_alias(name=name))) for kind, name in names.items()}
    by_hand = _heads_by_hand(nodes, old[RELEASES])
    _copy(nodes, old[RELEASES], {"bool": {"must_not": {"term": {"origin": origin}}}}, into, still_here, warn)
    _copy_facts(nodes, old[FACTS], into, origin)
    commit(nodes, into)
    with asked(nodes):  # who writes moves with the archive
        writer = nodes.client.get(index=old[FACTS], id=WRITER)["_source"]
        nodes.client.index(index=into[FACTS], id=WRITER, body=writer, request_timeout=WRITE_WITHIN)
    before = point(nodes, into)
    still_here()
    # What was done to the old ones while they were copied.
    with asked(nodes):
        nodes.client.indices.refresh(index=",".join(before), request_timeout=WRITE_WITHIN)
    since = _heads_by_hand(nodes, old[RELEASES])
    late = [one for one, head in since.items() if by_hand.get(one) != head]
    _copy(nodes, old[RELEASES], {"terms": {"id": late}}, into, still_here, warn)
    gone = there(nodes, [one for one in by_hand if one not in since], into)
    drop(nodes, [head for head in gone.values() if by_hand[head.id] == head], into)
    _copy_facts(nodes, old[FACTS], into, origin)
    commit(nodes)
    with asked(nodes):
        left = [*before, *_unasked(nodes)]
        nodes.client.indices.delete(index=",".join(left), ignore_unavailable=True, request_timeout=WRITE_WITHIN)


def _unasked(nodes: Nodes) -> list[str]:
    """The indices of this archive that are not asked: of a run that was stopped."""
    names = ",".join(f"{nodes.named(kind)}-*" for kind in (RELEASES, PASSAGES, FACTS))
    with asked(nodes):
        indices = nodes.client.indices.get_alias(index=names)
        return [index for index, one in indices.items() if not one["aliases"]]


def _heads_by_hand(nodes: Nodes, index: str) -> dict[str, Head]:
    """The releases in an index of them that a press office put there, by their ids."""
    return {head.id: head for head in walk_heads(nodes, index, {"term": {"origin": BY_HAND}})}


def _copy(
    nodes: Nodes,
    old: str,
    query: Mapping[str, Any],
    into: Mapping[str, str],
    still_here: Callable[[], None],
    warn: Callable[[str], None],
) -> None:
    """Puts releases of an index of them into new ones."""
    for lot in _lots(nodes, old, query, warn):
        feed(nodes, lot, there(nodes, [fed.id for fed in lot], into), into)
        still_here()


def _lots(nodes: Nodes, old: str, query: Mapping[str, Any], warn: Callable[[str], None]) -> Iterator[list[Fed]]:
    lot: list[Fed] = []
    for source in walk_sources(nodes, old, query):
        try:
            kept = kept_of(source)
        except OnrecordError as error:
            warn(str(error).rstrip("."))
            continue
        lot.append(Fed(kept.release.id, pack(kept.release), kept.order, kept.origin, kept.file))
        if len(lot) == AT_ONCE:
            yield lot
            lot = []
    if lot:
        yield lot


def _copy_facts(nodes: Nodes, old: str, into: Mapping[str, str], origin: str) -> None:
    """Copies the words of other archives and what was taken away by hand, and takes that away from the new indices."""
    kept = [
        (name, source)
        for name, source in walk_facts(nodes, old)
        if source["kind"] == "gone" or source.get("origin") != origin
    ]
    away = {source["id"]: source["digest"] for _, source in kept if source["kind"] == "gone"}
    facts = into[FACTS]
    bulk(nodes, ({"_op_type": "index", "_index": facts, "_id": name, "_source": source} for name, source in kept))
    found = there(nodes, list(away), into)
    drop(nodes, [head for head in found.values() if head.origin != BY_HAND and head.digest == away[head.id]], into)
