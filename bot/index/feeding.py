"""Putting releases into an archive in a cluster, and taking them away.

The passages of a release are put before the release, and those of its earlier version are taken away with it. Who reads sees
all of that only with the refresh at the end, of both indices one after the other; in between a passage whose release is
another version is left out. So a quote is always of the text as it is there. Whatever a program leaves half done is done
again, with the same ids, by the next that puts these releases; passages of a version that never came are swept away when an
archive on disk is brought there again.
"""

import time
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from json import dumps
from secrets import token_hex
from typing import Any

from bot.index.cluster import LONGEST_TERM
from bot.index.cluster_releases import HEAD, Head, check_version, count
from bot.index.cluster_words import BY_HAND
from bot.index.memory import K1
from bot.index.nodes import FACTS, PASSAGES, RELEASES, WRITE_WITHIN, Nodes, asked
from bot.index.packing import Packed, pack
from bot.index.templates import VERSION, put_templates
from bot.model import OnrecordError, Release, UnavailableError

LOT = 1_000  # documents in a request
LOT_BYTES = 5_000_000
TRIES = 8  # of what a cluster refuses for the moment, with pauses from one second to half a minute
KINDS = (RELEASES, PASSAGES, FACTS)


@dataclass(frozen=True, slots=True)
class Fed:
    """A release as it is put: under an id, with a place in the order, from an origin and a file."""

    id: str
    packed: Packed
    order: int
    origin: str = BY_HAND
    file: str = ""

    @property
    def digest(self) -> str:
        """What tells this version from every other one."""
        packed = self.packed
        day = packed.published.isoformat() if packed.published else None
        facts = (packed.title, day, packed.source, packed.place, packed.wire, packed.url)
        return digest_of(facts, packed.text, packed.passages)


def digest_of(facts: Sequence[str | None], text: bytes, passages: bytes) -> str:
    """128 bits of all that is kept of a release but its id, in hexadecimal.

    `facts` are its title, its day in ISO 8601, source, place, wire and URL; text and passages are packed.
    """
    parts = (dumps(list(facts)).encode("ascii"), text, passages)
    return blake2b(b"".join(blake2b(part).digest() for part in parts), digest_size=16).hexdigest()


def make(nodes: Nodes) -> None:
    """Makes an empty archive, where there is none.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    with asked(nodes):
        if nodes.client.indices.exists_alias(name=nodes.facts):
            return
        point(nodes, make_indices(nodes, token_hex(4)))


def make_indices(nodes: Nodes, stamp: str) -> dict[str, str]:
    """New indices of all three kinds that nobody asks yet, or those of this stamp that are there, by their kinds.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    from opensearchpy.exceptions import ConflictError, RequestError

    made = {kind: f"{nodes.named(kind)}-{stamp}" for kind in KINDS}
    with asked(nodes):
        put_templates(nodes)
        for index in made.values():
            try:
                nodes.client.indices.create(index=index, timeout="30s", request_timeout=WRITE_WITHIN)
            except RequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise
        nodes.client.cluster.health(
            index=",".join(made.values()), wait_for_status="yellow", timeout="30s", request_timeout=WRITE_WITHIN
        )
        empty = {"version": VERSION, "stamp": token_hex(8), "releases": 0, "passages": 0}
        with suppress(ConflictError):  # they are there, of a run that was stopped
            nodes.client.create(index=made[FACTS], id="commit", body=empty, request_timeout=WRITE_WITHIN)
        with suppress(ConflictError):
            engine = {"scale": _scale(nodes.client.info()["version"]), "shards": nodes.address.shards}
            nodes.client.create(index=made[FACTS], id="engine", body=engine, request_timeout=WRITE_WITHIN)
    return made


def _scale(version: Mapping[str, Any]) -> float:
    """What the scores of indices that are made by this version are to be multiplied with, to be those of BM25 as it was
    published (Robertson et al. 1994): OpenSearch leaves out the factor k1 + 1 from version 3 on, others have it."""
    major = str(version.get("number", "")).partition(".")[0]
    left_out = version.get("distribution") == "opensearch" and major.isdigit() and int(major) >= 3
    return K1 + 1 if left_out else 1.0


def point(nodes: Nodes, made: Mapping[str, str]) -> list[str]:
    """Lets these indices be asked by the names of the archive, in one step, and gives the indices that were asked before.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    with asked(nodes):
        before: list[str] = []
        for kind in KINDS:
            if nodes.client.indices.exists_alias(name=nodes.named(kind)):
                before += nodes.client.indices.get_alias(name=nodes.named(kind))
        steps = [{"remove": {"index": index, "alias": alias_of(nodes, index)}} for index in before]
        steps += [{"add": {"index": index, "alias": nodes.named(kind)}} for kind, index in made.items()]
        nodes.client.indices.update_aliases(body={"actions": steps}, request_timeout=WRITE_WITHIN)
        return before


def alias_of(nodes: Nodes, index: str) -> str:
    """The name by which an index of the archive is asked."""
    return next(nodes.named(kind) for kind in KINDS if index.startswith(f"{nodes.named(kind)}-"))


def put_releases(nodes: Nodes, releases: Iterable[Release], file: str = "") -> None:
    """Puts releases by themselves, each under its id; they are found when it returns. The archive is made where there is
    none.

    Of one that an archive on disk brought it is remembered which version this takes the place of, so that the archive does
    not bring that back.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses them.
    """
    make(nodes)
    check_version(nodes)
    lot = [
        Fed(release.id, pack(release), time.time_ns() // 1_000 + place, file=file)
        for place, release in enumerate(releases)
    ]
    if not lot:
        return
    before = there(nodes, [fed.id for fed in lot])
    bulk(nodes, _instead(nodes, before.values()))
    feed(nodes, lot, before)
    commit(nodes)


def drop_releases(nodes: Nodes, release_ids: Collection[str]) -> None:
    """Takes releases away; they are gone when it returns. What an archive on disk brought it does not bring back.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    check_version(nodes)
    found = there(nodes, release_ids)
    if not found:
        return
    bulk(nodes, _instead(nodes, found.values()))
    drop(nodes, found.values())
    commit(nodes)


def _instead(nodes: Nodes, heads: Iterable[Head]) -> Iterator[dict[str, Any]]:
    """Notes which versions of archives on disk are taken away by hand."""
    return (_gone_action(nodes.facts, head.id, head.digest) for head in heads if head.origin != BY_HAND)


def _gone_action(index: str, release_id: str, digest: str) -> dict[str, Any]:
    """What notes that this version of a release was taken away by hand."""
    source = {"kind": "gone", "id": release_id, "digest": digest}
    return {"_op_type": "index", "_index": index, "_id": f"gone:{release_id}", "_source": source}


def taken_away(nodes: Nodes, release_ids: Sequence[str]) -> dict[str, str]:
    """The digests of the versions of archives on disk that a press office took away, or put another in the place of, by
    the ids of the releases; at most some hundred of these.

    Raises:
        OnrecordError: the cluster cannot be reached.
    """
    with asked(nodes):
        found = nodes.client.mget(index=nodes.facts, body={"ids": [f"gone:{one}" for one in release_ids]})["docs"]
        return {one["_source"]["id"]: one["_source"]["digest"] for one in found if one.get("found")}


def walk_facts(nodes: Nodes, index: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All that is noted in an index of facts but who writes and what the last commit is: names, and what is noted.

    Raises:
        OnrecordError: it cannot be reached.
    """
    from opensearchpy.helpers import scan

    with asked(nodes):
        for hit in scan(nodes.client, index=index, query={"query": {"exists": {"field": "kind"}}}):
            yield hit["_id"], hit["_source"]


def there(nodes: Nodes, release_ids: Collection[str], into: Mapping[str, str] | None = None) -> dict[str, Head]:
    """What is there of these releases, also what is not to be seen yet, by their ids.

    Raises:
        OnrecordError: the cluster cannot be reached.
    """
    index = into[RELEASES] if into else nodes.releases
    heads: dict[str, Head] = {}
    left = list(release_ids)
    while left:
        some, left = left[:LOT], left[LOT:]
        with asked(nodes):
            found = nodes.client.mget(index=index, body={"ids": some}, _source=list(HEAD))["docs"]
        heads |= {one["_id"]: Head(**one["_source"]) for one in found if one.get("found")}
    return heads


def feed(nodes: Nodes, lot: Sequence[Fed], before: Mapping[str, Head], into: Mapping[str, str] | None = None) -> None:
    """Puts releases in place of what is there of them; they are found after the next `commit`.

    `into` names other indices by their kinds.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses them.
    """
    passages = into[PASSAGES] if into else nodes.passages
    releases = into[RELEASES] if into else nodes.releases
    bulk(nodes, _passages(lot, before, passages))
    bulk(nodes, ({"_op_type": "index", "_index": releases, "_id": fed.id, "_source": _source(fed)} for fed in lot))


def drop(nodes: Nodes, heads: Iterable[Head], into: Mapping[str, str] | None = None) -> None:
    """Takes releases away; they are no longer found after the next `commit`.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    gone = list(heads)
    releases, passages = (into[kind] if into else nodes.named(kind) for kind in (RELEASES, PASSAGES))
    bulk(nodes, ({"_op_type": "delete", "_index": releases, "_id": head.id} for head in gone))
    bulk(nodes, (action for head in gone for action in _deletes(head, passages)))


def commit(nodes: Nodes, into: Mapping[str, str] | None = None) -> None:
    """Lets all that was put and dropped be seen, and tells those who read.

    Raises:
        OnrecordError: the cluster cannot be reached, or refuses it.
    """
    from opensearchpy.exceptions import ConflictError

    releases, passages, facts = (into[kind] if into else nodes.named(kind) for kind in KINDS)
    with asked(nodes):
        nodes.client.indices.refresh(index=f"{passages},{releases},{facts}", request_timeout=WRITE_WITHIN)
    every: dict[str, Any] = {"match_all": {}}
    while True:
        with asked(nodes), suppress(ConflictError):  # another writer has counted meanwhile, or less
            before = nodes.client.get(index=facts, id="commit")
            counts = {"releases": count(nodes, releases, every), "passages": count(nodes, passages, every)}
            last = {"version": VERSION, "stamp": token_hex(8), **counts}
            where = {"if_seq_no": before["_seq_no"], "if_primary_term": before["_primary_term"]}
            nodes.client.index(index=facts, id="commit", body=last, request_timeout=WRITE_WITHIN, params=where)
            return


def bulk(nodes: Nodes, actions: Iterable[dict[str, Any]]) -> None:
    """Carries out actions, in requests of a few megabytes. What a cluster that is busy refuses is tried again after a
    pause, and only that; to delete what is not there is no error.

    Raises:
        UnavailableError: the cluster cannot be reached, or is busy for minutes.
        OnrecordError: it refuses an action for good.
    """
    from opensearchpy.helpers import streaming_bulk

    with asked(nodes):
        for done, said in streaming_bulk(
            nodes.client,
            actions,
            chunk_size=LOT,
            max_chunk_bytes=LOT_BYTES,
            max_retries=TRIES,
            initial_backoff=1,
            max_backoff=30,
            raise_on_error=False,
            raise_on_exception=True,
            request_timeout=WRITE_WITHIN,
        ):
            ((kind, answer),) = said.items()
            status = answer.get("status")
            if done or (kind == "delete" and status == 404):
                continue
            where = nodes.address.shown
            if status in (429, 503):
                raise UnavailableError(f"The cluster at {where} is busy: run it again in a while to go on.")
            reason = answer.get("error")
            kind_of = reason.get("type") if isinstance(reason, dict) else reason
            if kind_of == "cluster_block_exception":
                raise OnrecordError(f"The cluster at {where} may only be read now: its disks may be full.")
            raise OnrecordError(f"The cluster at {where} refuses a release ({kind_of}): is it another version's?")


def _passages(lot: Sequence[Fed], before: Mapping[str, Head], index: str) -> Iterator[dict[str, Any]]:
    """The actions that put the passages of releases in the place of those of their earlier versions."""
    for fed in lot:
        digest, packed = fed.digest, fed.packed
        day = packed.published.toordinal() if packed.published else None
        facts = {"release": fed.id, "digest": digest, "source": packed.source, "published": day, "order": fed.order}
        for number, terms in enumerate(packed.terms):
            source = {"terms": _bounded(terms), "number": number, **facts}
            yield {"_op_type": "index", "_index": index, "_id": _passage_id(fed.id, digest, number), "_source": source}
        was = before.get(fed.id)
        if was and was.digest != digest:
            yield from _deletes(was, index)


def _deletes(head: Head, index: str) -> Iterator[dict[str, Any]]:
    for number in range(head.count):
        yield {"_op_type": "delete", "_index": index, "_id": _passage_id(head.id, head.digest, number)}


def _passage_id(release_id: str, digest: str, number: int) -> str:
    return f"{release_id}/{digest[:16]}/{number}"


def _source(fed: Fed) -> dict[str, Any]:
    """All that is kept of a release."""
    packed = fed.packed
    return {
        "id": fed.id,
        "title": packed.title,
        "published": packed.published.isoformat() if packed.published else None,
        "source": packed.source,
        "place": packed.place,
        "wire": packed.wire,
        "url": packed.url,
        "text": b64encode(packed.text).decode("ascii"),
        "passages": b64encode(packed.passages).decode("ascii"),
        "digest": fed.digest,
        "count": len(packed.terms),
        "origin": fed.origin,
        "file": fed.file,
        "order": fed.order,
        **({"words": " ".join(sorted(set(packed.words.split())))} if fed.origin == BY_HAND else {}),
    }


def _bounded(terms: str) -> str:
    """The terms, none longer than the cluster takes in one piece."""
    if len(terms) <= LONGEST_TERM:
        return terms
    return " ".join(term[:LONGEST_TERM] for term in terms.split(" "))
