"""Which files an archive was made of, and what was found in each: what spares reading them again."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json import dumps
from typing import NamedTuple

from bot.index.catalogue import as_text
from bot.index.cores import Raw
from bot.reading.reading import Stamp

_THERE = "SELECT key FROM releases WHERE key = instead AND state <> 2"
_STANDS = f"run >= (SELECT since FROM roots WHERE number = root) AND (problem IS NULL OR instead IN ({_THERE}))"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Known:
    """A file that was read before: its stamp, None where it was too new to trust it, the digest, and its problem.

    `stands` says that what was found in it is still so: a release, or that another one is kept in place of it.
    """

    stamp: Stamp | None
    digest: bytes
    problem: str | None
    stands: bool


class Place(NamedTuple):
    """Where a release comes from: a root, and the name of the file in it as `as_text` writes it."""

    root: int
    name: str


@dataclass(frozen=True, slots=True)
class Holder:
    """The release that has an id: its file, and its key."""

    place: Place
    key: int


@dataclass(frozen=True, slots=True)
class Twin:
    """A file of the same bytes that holds a release, the key of that, and the run that saw the file last."""

    place: Place
    key: int
    run: int


class Ledger:
    """The files of an archive that is being written. `run` tells those that were seen this time from the others."""

    def __init__(self, database: sqlite3.Connection, run: int) -> None:
        self._database = database
        self.run = run

    def known(self, root: int, names: Sequence[str]) -> dict[str, Known]:
        """What is known of the files with these names."""
        rows = self._database.execute(
            f"SELECT name, size, changed, inode, digest, problem, {_STANDS} FROM files"  # noqa: S608
            " WHERE root = ? AND name IN (SELECT value FROM json_each(?))",
            (root, dumps([as_text(name) for name in names])),
        )
        found = {
            name: Known(None if size is None else Stamp(size, changed, inode), digest, problem, bool(stands))
            for name, size, changed, inode, digest, problem, stands in rows
        }
        return {name: found[written] for name in names if (written := as_text(name)) in found}

    def seen(self, root: int, names: Iterable[str]) -> None:
        """Notes that files are as they were."""
        rows = ((self.run, root, as_text(name)) for name in names)
        self._database.executemany("UPDATE files SET run = ? WHERE root = ? AND name = ?", rows)

    def note(self, root: int, raw: Raw, problem: str | None = None, instead: int | None = None) -> None:
        """Notes that a file was read: the problem with it, and the key of the release that is kept in place of it."""
        stamp = raw.stamp or (None, None, None)
        self._database.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (root, as_text(raw.name), *stamp, raw.digest, problem, instead, self.run),
        )

    def still(self, root: int, raw: Raw) -> None:
        """Notes that a file has a new stamp, and that its bytes are as they were."""
        stamp = raw.stamp or (None, None, None)
        self._database.execute(
            "UPDATE files SET size = ?, changed = ?, inode = ?, run = ? WHERE root = ? AND name = ?",
            (*stamp, self.run, root, as_text(raw.name)),
        )

    def twin(self, root: int, name: str, digest: bytes) -> Twin | None:
        """Another file of the same bytes whose release is in the archive."""
        row = self._database.execute(
            "SELECT root, name, key, run FROM files JOIN releases USING (root, name)"
            " WHERE digest = ? AND problem IS NULL AND state <> 2 AND NOT (root = ? AND name = ?)",
            (digest, root, as_text(name)),
        ).fetchone()
        return Twin(Place(row[0], row[1]), row[2], row[3]) if row else None

    def refuse(self, place: Place, problem: str, instead: int) -> None:
        """Notes that the release of another file, with this key, has taken the place of that of this one."""
        self._database.execute(
            "UPDATE files SET problem = ?, instead = ? WHERE root = ? AND name = ?", (problem, instead, *place)
        )

    def unsettled(self) -> set[int]:
        """The roots with files in place of which a release was kept that is there no more."""
        rows = self._database.execute(
            "SELECT DISTINCT root FROM files INDEXED BY files_stood_for"  # noqa: S608 - no value is in the text
            f" WHERE instead IS NOT NULL AND instead NOT IN ({_THERE})"
        )
        return {root for (root,) in rows}

    def file_counts(self, root: int) -> tuple[int, int]:
        """How many files of a root are known, and how many of them have a problem."""
        row = self._database.execute("SELECT count(*), count(problem) FROM files WHERE root = ?", (root,)).fetchone()
        return int(row[0]), int(row[1])

    def finish(self, root: int, stamp: Stamp | None) -> None:
        """Notes the stamp of an archive or a file that was read to its end, or that there is none to trust."""
        self._database.execute(
            "UPDATE roots SET size = ?, changed = ?, inode = ? WHERE number = ?",
            (*(stamp or (None, None, None)), root),
        )

    def keys_gone(self, root: int) -> list[int]:
        """The keys of the releases of a root whose files were not seen this time."""
        rows = self._database.execute(
            "SELECT key FROM releases JOIN files USING (root, name) WHERE root = ? AND run <> ? AND state <> 2",
            (root, self.run),
        )
        return [key for (key,) in rows]

    def forget(self, place: Place) -> None:
        """Forgets a file that is gone."""
        self._database.execute("DELETE FROM files WHERE root = ? AND name = ?", place)

    def forget_gone(self, root: int) -> None:
        """Forgets the files of a root that were not seen this time."""
        self._database.execute("DELETE FROM files WHERE root = ? AND run <> ?", (root, self.run))

    def keys_at(self, place: Place) -> list[int]:
        """The keys of the release of a file."""
        rows = self._database.execute("SELECT key FROM releases WHERE root = ? AND name = ? AND state <> 2", place)
        return [key for (key,) in rows]

    def id_at(self, place: Place) -> str | None:
        """The id of the release of a file, None where it holds none."""
        row = self._database.execute(
            "SELECT id FROM releases WHERE root = ? AND name = ? AND state <> 2", place
        ).fetchone()
        return str(row[0]) if row else None

    def holder(self, release_id: str) -> Holder | None:
        """The release with this id."""
        row = self._database.execute(
            "SELECT root, name, key FROM releases WHERE id = ? AND state <> 2", (release_id,)
        ).fetchone()
        return Holder(Place(row[0], row[1]), row[2]) if row else None
