"""From an archive on disk to one in a cluster: what is not there yet is put there, what is gone is taken away.

Both are walked side by side in the order of their ids, so nothing of either is held in memory, and a run that was stopped
is gone on with by the next: what it put is there.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.index.archive import Archive
from bot.index.catalogue import Row, as_path
from bot.index.cluster_anew import begin_anew, put_in_place
from bot.index.cluster_releases import Head, check_version, walk_heads
from bot.index.cluster_words import BY_HAND, words_actions
from bot.index.cores import in_cores
from bot.index.cutting import cut
from bot.index.feeding import Fed, bulk, commit, digest_of, drop, feed, make, taken_away, there
from bot.index.lease import alone
from bot.index.nodes import FACTS, RELEASES, Nodes
from bot.index.packing import Packed
from bot.index.places import said
from bot.index.sweeping import sweep

AT_ONCE = 200  # releases that are compared, cut and put together
COMMIT_AFTER = 4_000  # releases
COMMIT_WITHIN = 20.0  # seconds
MOST_TOLD = 100  # warnings that are kept


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

    def warn(self, sentence: str) -> None:
        """Keeps a sentence, without its full stop, where there are not too many already."""
        if len(self.warnings) < MOST_TOLD:
            self.warnings.append(sentence)

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
    if not rebuild:
        check_version(nodes)
    with alone(nodes) as still_here:
        into = begin_anew(nodes) if rebuild else None
        done = _Move(archive, origin, nodes, into, told, stopped, still_here).run(cores)
        if done.whole and into is not None:
            put_in_place(nodes, into, origin, still_here, done.warn)
        elif done.whole:
            sweep(nodes)
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
        for lot in self._cut(cores):
            ids = [one.id for one in lot]
            # As they are at this moment: a press office may have put another version since the heads were read.
            away, before = taken_away(self._nodes, ids), there(self._nodes, ids, self._into)
            fed = [one for one in lot if away.get(one.id) != one.digest]
            feed(self._nodes, fed, before, self._into)
            changed = sum(one.id in before for one in fed)
            self._done.changed += changed
            self._done.added += len(fed) - changed
            self._done.unchanged += len(lot) - len(fed)
            self._put += len(fed)
            self._commit_sometimes()
        if self._done.whole:
            facts = self._into[FACTS] if self._into else self._nodes.facts
            bulk(self._nodes, words_actions(facts, self._origin, self._archive.catalogue.words()))
        commit(self._nodes, self._into)
        return self._done

    def _cut(self, cores: int | None) -> Iterator[list[Fed]]:
        """The releases that are to be put, with their terms."""
        with said(self._archive.folder):
            for lot, terms in in_cores(((lot, lot) for lot in self._lots()), _terms_of, cores):
                yield [_fed(row, found, self._origin) for row, found in zip(lot, terms, strict=True)]

    def _lots(self) -> Iterator[list[Row]]:
        """The releases that are to be put, some at a time; those that are gone are taken away meanwhile."""
        lot: list[Row] = []
        gone: list[Head] = []
        for step in self._steps():
            match step:
                case Row():
                    lot.append(step)
                case Head():
                    gone.append(step)
            if len(lot) >= AT_ONCE:
                yield lot
                lot = []
            if len(gone) >= AT_ONCE:
                self._drop(gone)
                gone = []
        self._drop(gone)
        if lot:
            yield lot

    def _steps(self) -> Iterator[Row | Head]:
        """What is to be put, and what is to be taken away."""
        heads = walk_heads(self._nodes, self._into[RELEASES] if self._into else self._nodes.releases)
        head = next(heads, None)
        for looked_at, row in enumerate(self._archive.catalogue.rows_by_id(), 1):
            if self._stopped():
                self._done.whole = False
                return
            while head is not None and head.id < row.id:
                yield from self._left(head)
                head = next(heads, None)
            same = head if head is not None and head.id == row.id else None
            if same:
                head = next(heads, None)
            yield from self._compared(row, same)
            if looked_at % AT_ONCE == 0:
                self._told(looked_at / self._total, self._done)
                self._commit_sometimes()
        while head is not None:
            yield from self._left(head)
            head = next(heads, None)

    def _compared(self, row: Row, head: Head | None) -> Iterator[Row]:
        """A release of the archive, unless it is there as it is."""
        if head is not None and head.origin not in (self._origin, BY_HAND):
            self._done.unchanged += 1
            self._done.warn(f"{row.id} is skipped: another archive brought a release with this id")
        elif head is not None and (head.digest, head.origin) == (_digest(row), self._origin):
            self._done.unchanged += 1
        else:
            yield row

    def _left(self, head: Head) -> Iterator[Head]:
        """A release that this archive brought and has no more; in new indices also what an earlier run copied there."""
        if head.origin == self._origin:
            self._done.removed += 1
            yield head
        elif self._into is not None:
            yield head

    def _drop(self, gone: list[Head]) -> None:
        """Takes releases away, but for those that a press office has put anew since they were looked at."""
        now = there(self._nodes, [head.id for head in gone], self._into)
        drop(self._nodes, [head for head in gone if now.get(head.id) == head], self._into)

    def _commit_sometimes(self) -> None:
        """Lets be seen what was put, and says that this program is still at work."""
        if self._put < COMMIT_AFTER and time.monotonic() - self._last_commit < COMMIT_WITHIN:
            return
        self._still_here()
        if self._put:
            commit(self._nodes, self._into)
        self._put, self._last_commit = 0, time.monotonic()


def _digest(row: Row) -> str:
    return digest_of(row.facts, row.text, row.passages)


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
