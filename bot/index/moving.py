"""From an archive on disk to one in a cluster: what is not there yet is put there, what is gone is taken away.

Both are walked side by side in the order of their ids, so nothing of either is held in memory, and a run that was stopped
is gone on with by the next: what it put is there.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex

from bot.index.archive import Archive
from bot.index.catalogue import Row, as_path
from bot.index.cluster_releases import Head, ReleasesInCluster, read_commit, walk_heads
from bot.index.cluster_words import BY_HAND, words_actions
from bot.index.cores import in_cores
from bot.index.cutting import cut
from bot.index.feeding import (
    Fed,
    bulk,
    commit,
    digest_of,
    drop,
    feed,
    gone_action,
    make,
    make_indices,
    point,
    there,
)
from bot.index.nodes import FACTS, RELEASES, WRITE_WITHIN, Nodes, asked
from bot.index.packing import Packed, pack
from bot.model import OnrecordError

AT_ONCE = 200  # releases that are compared, cut and put together
COMMIT_AFTER = 4_000  # releases
COMMIT_WITHIN = 20.0  # seconds
LEASE = 120.0  # seconds after which one who writes and says nothing is taken for dead
MOST_TOLD = 100


@dataclass(slots=True)
class Moved:
    """What was done: how many releases were put new, changed, taken away, and as they were, and a sentence for each that
    could not be put. `whole` is False where it was stopped."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)
    whole: bool = True

    @property
    def looked_at(self) -> int:
        """How many releases of the archive were looked at."""
        return self.added + self.changed + self.unchanged


Told = Callable[[float, Moved], None]
"""Hears how much is done, from 0 to 1, and what."""


def move(
    archive: Archive,
    origin: str,
    nodes: Nodes,
    *,
    rebuild: bool = False,
    told: Told = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
    cores: int | None = None,
) -> Moved:
    """Brings the archive in a cluster to what the archive on disk holds.

    What other archives brought there, or a press office put there by itself, stays; what a press office took away there
    stays away, until it changes.

    Args:
        origin: what tells this archive from others.
        rebuild: makes the archive anew beside the one that is asked meanwhile, and puts it in its place at the end.
        told: hears how far it is.
        stopped: whether to stop; then what was done is kept, and the next run goes on from there.
        cores: how many processes cut releases; as many as there are cores where it is not said.

    Raises:
        OnrecordError: the cluster cannot be reached, or another program writes to it.
    """
    make(nodes)
    with _alone(nodes) as still_here:
        stamp = _rebuilding(nodes) if rebuild else None
        into = make_indices(nodes, stamp) if stamp else None
        move_ = _Move(archive, origin, nodes, into, told, stopped, still_here)
        done = move_.run(cores)
        if into is not None and done.whole:
            _copy_others(nodes, origin, into)
            commit(nodes, into)
            before = point(nodes, into)
            with asked(nodes.address):
                nodes.client.indices.delete(index=",".join(before), request_timeout=WRITE_WITHIN)
    return done


class _Move:
    """One run from an archive to a cluster."""

    def __init__(
        self,
        archive: Archive,
        origin: str,
        nodes: Nodes,
        into: Mapping[str, str] | None,
        told: Told,
        stopped: Callable[[], bool],
        still_here: Callable[[], None],
    ) -> None:
        self._archive, self._origin, self._nodes, self._into = archive, origin, nodes, into
        self._told, self._stopped, self._still_here = told, stopped, still_here
        self._done = Moved()
        self._total = max(1, archive.catalogue.count())
        self._put = 0
        self._last_commit = time.monotonic()

    def run(self, cores: int | None) -> Moved:
        """Does all of it."""
        for lot, terms in in_cores(((lot, [one.row for one in lot]) for lot in self._lots()), _terms_of, cores):
            fed = [_fed(one.row, found, self._origin) for one, found in zip(lot, terms, strict=True)]
            # A press office may have put another version since the heads were read.
            before = there(self._nodes, [one.row.id for one in lot if one.there], self._into)
            feed(self._nodes, fed, before, self._into)
            self._put += len(fed)
            self._commit_sometimes()
        if self._done.whole:
            facts = self._into[FACTS] if self._into else self._nodes.facts
            bulk(self._nodes, words_actions(facts, self._archive.catalogue.words()))
        commit(self._nodes, self._into)
        return self._done

    def _lots(self) -> Iterator[list["_Step"]]:
        """The releases that are to be put, some at a time; those that are gone are taken away meanwhile."""
        lot: list[_Step] = []
        gone: list[Head] = []
        for step in self._steps():
            match step:
                case _Step():
                    lot.append(step)
                case Head():
                    gone.append(step)
            if len(lot) >= AT_ONCE:
                yield lot
                lot = []
            if len(gone) >= AT_ONCE:
                drop(self._nodes, gone, self._into)
                gone = []
        drop(self._nodes, gone, self._into)
        if lot:
            yield lot

    def _steps(self) -> Iterator["_Step | Head"]:
        """What is to be put, and what is to be taken away."""
        away = _taken_away(self._nodes)
        heads = walk_heads(self._nodes, self._into[RELEASES] if self._into else self._nodes.releases)
        head = next(heads, None)
        for row in self._archive.catalogue.rows_by_id():
            if self._stopped():
                self._done.whole = False
                return
            while head is not None and head.id < row.id:
                yield from self._left(head)
                head = next(heads, None)
            same = head if head is not None and head.id == row.id else None
            if same:
                head = next(heads, None)
            yield from self._compared(row, same, away)
            if self._done.looked_at % AT_ONCE == 0:
                self._told(self._done.looked_at / self._total, self._done)
                self._commit_sometimes()
        while head is not None:
            yield from self._left(head)
            head = next(heads, None)

    def _compared(self, row: Row, head: Head | None, away: Mapping[str, str]) -> Iterator["_Step"]:
        """Puts a release of the archive, unless it is there as it is."""
        digest = digest_of(row.facts, row.text, row.passages)
        if away.get(row.id) == digest:
            self._done.unchanged += 1
        elif head is None:
            self._done.added += 1
            yield _Step(row, there=False)
        elif head.origin not in (self._origin, BY_HAND):
            self._done.unchanged += 1
            if len(self._done.warnings) < MOST_TOLD:
                self._done.warnings.append(f"{row.id} is skipped: another archive brought a release with this id")
        elif head.digest == digest and head.origin == self._origin:
            self._done.unchanged += 1
        else:
            self._done.changed += 1
            yield _Step(row, there=True)

    def _left(self, head: Head) -> Iterator[Head]:
        """Takes away a release that this archive brought and has no more."""
        if head.origin == self._origin:
            self._done.removed += 1
            yield head

    def _commit_sometimes(self) -> None:
        """Lets be seen what was put, and says that this program is still at work."""
        if self._put < COMMIT_AFTER and time.monotonic() - self._last_commit < COMMIT_WITHIN:
            return
        self._still_here()
        if self._put:
            commit(self._nodes, self._into)
        self._put, self._last_commit = 0, time.monotonic()


@dataclass(frozen=True, slots=True)
class _Step:
    """A release that is to be put, and whether there is one with its id."""

    row: Row
    there: bool


def _terms_of(rows: list[Row]) -> list[tuple[str, ...]]:
    """The terms of each passage of each release."""
    return [tuple(" ".join(terms) for _, terms in cut(row.release()).passages) for row in rows]


def _fed(row: Row, terms: tuple[str, ...], origin: str) -> Fed:
    title, published, source, place, wire, url = row.facts
    packed = Packed(
        title=title or "",
        published=date.fromisoformat(published) if published else None,
        source=source,
        place=place,
        wire=wire,
        url=url,
        text=row.text,
        passages=row.passages,
        terms=terms,
        words="",  # the words of all of the archive are put together
    )
    file = as_path(row.name).name.encode("utf-8", "replace").decode("utf-8")
    return Fed(row.id, packed, row.key, origin, file)


def _taken_away(nodes: Nodes) -> dict[str, str]:
    """The ids and digests of the versions that a press office took away, or put another in the place of."""
    body = {"query": {"term": {"kind": "gone"}}, "size": 10_000}
    with asked(nodes.address):
        hits = nodes.client.search(index=nodes.facts, body=body)["hits"]["hits"]
    return {hit["_source"]["id"]: hit["_source"]["digest"] for hit in hits}


def _copy_others(nodes: Nodes, origin: str, into: Mapping[str, str]) -> None:
    """Puts into new indices what this archive did not bring to the old ones, and what was taken away there."""
    lot: list[Fed] = []
    for kept in ReleasesInCluster(nodes, read_commit(nodes)).walk():
        if kept.origin == origin:
            continue
        lot.append(Fed(kept.release.id, pack(kept.release), kept.order, kept.origin, kept.file))
        if len(lot) == AT_ONCE:
            feed(nodes, lot, {}, into)
            lot = []
    feed(nodes, lot, {}, into)
    away = _taken_away(nodes)
    bulk(nodes, (gone_action(into[FACTS], release_id, digest) for release_id, digest in away.items()))


@contextmanager
def _alone(nodes: Nodes) -> Iterator[Callable[[], None]]:
    """Nobody else moves an archive to this one meanwhile. What is given says from time to time that this program is at
    work yet; one that says nothing for two minutes is taken for dead.

    Raises:
        OnrecordError: another program does.
    """
    from opensearchpy.exceptions import ConflictError, NotFoundError

    me = token_hex(8)
    busy = OnrecordError(
        f"Another onrecord writes to the archive {nodes.address.name} at {nodes.address.shown}: try again when it is done."
    )

    def say(**where: int) -> None:
        lease = {"by": me, "until": time.time() + LEASE}
        nodes.client.index(index=facts, id="writer", body=lease, request_timeout=WRITE_WITHIN, **where)

    def still_here() -> None:
        with asked(nodes.address):
            say()

    facts = nodes.facts
    with asked(nodes.address):
        try:
            found = nodes.client.get(index=facts, id="writer")
        except NotFoundError:
            found = None
        if found and found["_source"]["until"] > time.time():
            raise busy
        try:
            if found:
                say(if_seq_no=found["_seq_no"], if_primary_term=found["_primary_term"])
            else:
                nodes.client.create(
                    index=facts,
                    id="writer",
                    body={"by": me, "until": time.time() + LEASE},
                    request_timeout=WRITE_WITHIN,
                )
        except ConflictError:
            raise busy from None
    try:
        yield still_here
    finally:
        with suppress(Exception):  # it lapses by itself
            nodes.client.delete(index=nodes.facts, id="writer", request_timeout=WRITE_WITHIN)


def _rebuilding(nodes: Nodes) -> str:
    """The stamp of the indices that are made anew: that of an earlier run that was stopped, or a new one."""
    with asked(nodes.address):
        indices = nodes.client.indices.get_alias(index=f"{nodes.facts}-*")
    begun = sorted(index for index, one in indices.items() if not one["aliases"])
    return begun[0].rpartition("-")[2] if begun else token_hex(4)
