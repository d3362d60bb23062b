"""From folders, archives of files and single files to an archive on disk; again and again, as they change."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from time import monotonic, time_ns

from bot.index.catalogue import Root, as_path, as_text, roots_in
from bot.index.cores import Outcome, Raw, packed_files
from bot.index.ledger import Known, Ledger, Place, Twin
from bot.index.places import said
from bot.index.writing import Writer, open_writer
from bot.model import OnrecordError
from bot.reading.archives import End, Entry, Skipped, each_file, root_stamp
from bot.reading.draft import UnreadableError
from bot.reading.files import STILL_NEW
from bot.reading.folders import show
from bot.reading.ids import file_id, id_choices
from bot.reading.reading import Stamp

AT_ONCE = 500  # files that are looked up at a time
COMMIT_AFTER = 4_000  # releases
COMMIT_WITHIN = 20.0  # seconds
MOST_TOLD = 1_000  # sentences that are kept to be told


@dataclass(slots=True)
class Counts:
    """What has been done so far."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: int = 0

    @property
    def looked_at(self) -> int:
        """How many files were looked at."""
        return self.added + self.changed + self.unchanged + self.skipped


@dataclass(slots=True)
class Indexed:
    """What was done: `counts`, one sentence for each thing that is not as it should be, and how many files of other kinds
    were passed over, with an example.

    Of many `warnings` only the first are kept; `warned` says how many there were.

    `whole` is False where it was stopped, or a root could not be read to its end.
    """

    counts: Counts = field(default_factory=Counts)
    warnings: list[str] = field(default_factory=list)
    warned: int = 0
    others: int = 0
    example: str | None = None
    whole: bool = True

    def warn(self, sentence: str) -> None:
        """Keeps a sentence, as long as there are not too many."""
        self.warned += 1
        if len(self.warnings) < MOST_TOLD:
            self.warnings.append(sentence)


Told = Callable[[Path, float, Counts], None]
"""Hears which root is read, how much of it, from 0 to 1, and what has been done."""


def index_roots(
    roots: Sequence[Path],
    folder: Path,
    *,
    pattern: str | None = None,
    told: Told = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
    cores: int | None = None,
) -> Indexed:
    """Brings the archive in a folder to what the roots hold now; what is as it was is not read again.

    Args:
        roots: folders, tars, zips and texts. What was indexed from other roots stays as it is.
        pattern: what the names in these roots mean; None leaves a root with the pattern that it had.
        told: hears how far it is.
        stopped: whether to stop; then what was done is kept, and the next run goes on from there.
        cores: how many processes read; as many as there are cores where it is not said.

    Raises:
        OnrecordError: a root cannot be read, the archive cannot be written; what was committed is kept.
    """
    done = Indexed()
    with open_writer(folder) as writer, said(folder):
        known = {root.path: root.pattern for root in roots_in(writer.database)}
        places = dict.fromkeys(path.resolve() for path in roots)
        numbers = {path: writer.root(path, pattern or known.get(path)) for path in places}
        now = {root.path: root for root in roots_in(writer.database)}
        run = _Run(writer, done, {number: path for path, number in numbers.items()}, told, stopped)
        run.index([now[path] for path in places], cores)
        run.look_again([now[path] for path in places], cores)
        run.commit()
    return done


def index_file(path: Path, root: Path, folder: Path) -> None:
    """Brings the archive in a folder to what one file below the root holds now: also nothing, where it is gone.

    The root, a folder, is one of the archive from then on, if it was not yet.

    Raises:
        OnrecordError: the file cannot be read, or the archive not written.
    """
    done = Indexed()
    with open_writer(folder) as writer, said(folder):
        known = {one.path: one for one in roots_in(writer.database)}
        pattern = known[root.resolve()].pattern if root.resolve() in known else None
        here = Root(writer.root(root.resolve(), pattern), root.resolve(), pattern, None)
        run = _Run(writer, done, {here.number: here.path}, lambda *_: None, lambda: False)
        run.index_one(here, path.relative_to(root).as_posix(), path)
        run.commit()
    if done.warnings:
        raise OnrecordError(done.warnings[0])


class _Run:
    """One run over some roots."""

    def __init__(
        self, writer: Writer, done: Indexed, roots: Mapping[int, Path], told: Told, stopped: Callable[[], bool]
    ) -> None:
        self._writer, self._done, self._roots = writer, done, roots
        self._told, self._stopped = told, stopped
        self._ledger = Ledger(writer.database, writer.run)
        self._same: set[int] = set()
        self._whole: dict[int, Stamp | None] = {}
        self._put = 0
        self._last_commit = monotonic()

    def index(self, roots: Sequence[Root], cores: int | None) -> None:
        """Brings the archive to what the roots hold: what is gone from one may have moved to another."""
        self._same |= {root.number for root in roots if root.stamp and root.stamp == root_stamp(root.path)}
        for root in roots:
            self._walk(root, cores)
        self._finish()

    def look_again(self, roots: Sequence[Root], cores: int | None) -> None:
        """Looks once more into those of the roots where a release was kept in place of a file, and is gone by now."""
        unsettled, first = self._ledger.unsettled(), self._done
        again = [replace(root, stamp=None) for root in roots if root.number in unsettled]
        if again and first.whole:
            self._done = Indexed()
            self.index(again, cores)
            first.counts.added += self._done.counts.added
            first.counts.skipped -= self._done.counts.added
            first.whole = self._done.whole
            self._done = first

    def commit(self) -> None:
        """Makes certain what was done. A root is not done with where a release in place of a file of it is gone."""
        for number in self._ledger.unsettled():
            self._writer.begin()
            self._ledger.finish(number, None)
        self._writer.commit()
        self._put, self._last_commit = 0, monotonic()

    def _walk(self, root: Root, cores: int | None) -> None:
        """Puts what has come and changed in a root into the archive."""
        stamp = root_stamp(root.path)
        if self._stopped():
            self._done.whole = False
            return
        if root.number in self._same and root.stamp:
            files, skipped = self._ledger.file_counts(root.number)
            self._done.counts.unchanged += files - skipped
            self._done.counts.skipped += skipped
            return
        settled = stamp if stamp and time_ns() - stamp.changed > STILL_NEW else None
        ends: list[End] = []
        for raw, outcome in packed_files(self._changed(root, ends), root.pattern, cores):
            self._take(root, raw, outcome)
            self._commit_sometimes()
            if self._stopped():
                break  # what was read ahead is read again
        whole = bool(ends) and ends[0].whole and not ends[0].problem
        if ends and ends[0].problem:
            self._done.warn(f"{show(root.path)} {ends[0].problem}.")
        if ends:
            self._done.others += ends[0].others
            self._done.example = self._done.example or ends[0].example
        if whole:
            self._whole[root.number] = settled
        else:
            self._done.whole = False
            self._writer.begin()
            self._ledger.finish(root.number, None)

    def _finish(self) -> None:
        """Takes away what is gone from the roots that were read to their ends."""
        for number, stamp in self._whole.items():
            self._writer.begin()
            self._done.counts.removed += self._writer.drop(self._ledger.keys_gone(number))
            self._ledger.forget_gone(number)
            self._ledger.finish(number, stamp)
        self._whole.clear()

    def index_one(self, root: Root, name: str, path: Path) -> None:
        """Brings the archive to what one file holds."""
        try:
            stamp = Stamp.of(path.stat())
        except FileNotFoundError:
            here = Place(root.number, as_text(name))
            self._done.counts.removed += self._writer.drop(self._ledger.keys_at(here))
            self._ledger.forget(here)
            return
        entry = Entry(name, stamp, path.read_bytes)
        for raw, outcome in packed_files(self._looked_at(root, [entry]), root.pattern):
            self._take(root, raw, outcome)

    def _changed(self, root: Root, ends: list[End]) -> Iterator[Raw]:
        """The files that are not as they were; the others are noted as seen. At the end of the root, its `End`."""
        waiting: list[Entry] = []
        # In an archive a file can be read only before the next one is taken.
        together = AT_ONCE if root.path.is_dir() else 1
        for found in each_file(root.path, lambda share: self._told(root.path, share, self._done.counts)):
            if self._stopped():
                return
            match found:
                case Entry():
                    waiting.append(found)
                    if len(waiting) == together:
                        yield from self._looked_at(root, waiting)
                        waiting = []
                case Skipped(name, reason):
                    self._skip(root, name, reason)
                case End():
                    yield from self._looked_at(root, waiting)
                    ends.append(found)

    def _looked_at(self, root: Root, entries: Sequence[Entry]) -> Iterator[Raw]:
        """Those of the files that are not as they were, or of which it must be found out anew."""
        known = self._ledger.known(root.number, [entry.name for entry in entries])
        same: list[str] = []
        for entry in entries:
            last = known.get(entry.name)
            if last and last.stands and last.stamp == entry.stamp:
                same.append(entry.name)
                continue
            try:
                raw = entry.read()
            except UnreadableError as error:
                self._skip(root, entry.name, str(error))
                continue
            settled = entry.stamp if time_ns() - entry.stamp.changed > STILL_NEW else None
            new = Raw(entry.name, settled, blake2b(raw, digest_size=16).digest(), raw)
            if last and last.stands and last.digest == new.digest:
                self._writer.begin()
                self._ledger.still(root.number, new)
                self._count(last)
                continue
            yield new
        if same:
            self._writer.begin()
            self._ledger.seen(root.number, same)
            for name in same:
                self._count(known[name])

    def _count(self, last: Known) -> None:
        if last.problem:
            self._done.counts.skipped += 1
        else:
            self._done.counts.unchanged += 1

    def _take(self, root: Root, raw: Raw, outcome: Outcome) -> None:
        """Puts the release of a file into the archive, or says why there is none."""
        self._writer.begin()
        here = Place(root.number, as_text(raw.name))
        own = self._ledger.id_at(here)
        if outcome.packed is None:
            if own is None:
                self._ledger.note(root.number, raw, outcome.problem)
            self._skip(root, raw.name, outcome.problem or "cannot be read")
            return
        release_id = outcome.id or own
        twin = self._ledger.twin(root.number, raw.name, raw.digest)
        if twin and not self._moved(twin):
            self._refuse(here, raw, twin.key, f"is the same release as {show(as_path(twin.place.name))}")
            return
        if twin:
            release_id = release_id or self._ledger.id_at(twin.place)
        elif outcome.id and (holder := self._ledger.holder(outcome.id)) and holder.place != here:
            self._refuse(here, raw, holder.key, f"has the same id, {outcome.id}, as {show(as_path(holder.place.name))}")
            return
        release_id = release_id or self._free_id(root, raw.name)
        key = self._writer.put(outcome.packed, root.number, raw.name, release_id)
        if twin:
            self._writer.drop(self._ledger.keys_at(twin.place))  # its id may be another, which the pattern gives
            self._ledger.refuse(twin.place, f"is the same release as {show(Path(raw.name))}", key)
        self._ledger.note(root.number, raw)
        for warning in outcome.warnings:
            self._done.warn(f"{show(Path(raw.name))} {warning}.")
        if own is None:
            self._done.counts.added += 1
        else:
            self._done.counts.changed += 1

    def _moved(self, twin: Twin) -> bool:
        """Whether a file of the same bytes has come here: it is of these roots, and was not found this time.

        In an archive it may be found yet; then it is the one that is skipped.
        """
        root = self._roots.get(twin.place.root)
        if root is None or twin.place.root in self._same or twin.run == self._ledger.run:
            return False
        return not (root.is_dir() and (root / as_path(twin.place.name)).exists())

    def _refuse(self, here: Place, raw: Raw, instead: int, problem: str) -> None:
        """Notes a file whose release is in the archive already; what it said before goes."""
        self._writer.drop(self._ledger.keys_at(here))
        self._ledger.note(here.root, raw, problem, instead)
        self._done.counts.skipped += 1
        self._done.warn(f"{show(Path(raw.name))} is skipped: it {problem}.")

    def _skip(self, root: Root, name: str, reason: str) -> None:
        """Passes over a file that cannot be read; what it said last stays."""
        self._writer.begin()
        self._ledger.seen(root.number, [name])
        stays = self._ledger.id_at(Place(root.number, as_text(name))) is not None
        self._done.counts.skipped += 1
        self._done.warn(f"{show(Path(name))} {'stays as it was' if stays else 'is skipped'}: it {reason}.")

    def _free_id(self, root: Root, name: str) -> str:
        """The shortest id for a file that no other release has."""
        choices = chain([file_id(name)], id_choices(root.path / name))
        free = (choice for choice in choices if self._ledger.holder(choice) is None)
        return next(free, blake2b(os.fsencode(root.path / name), digest_size=16).hexdigest())

    def _commit_sometimes(self) -> None:
        """Commits where much would be lost, or much time has passed."""
        self._put += 1
        if self._put >= COMMIT_AFTER or monotonic() - self._last_commit > COMMIT_WITHIN:
            self.commit()
