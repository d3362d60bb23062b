"""What an archive on disk knows of its releases, beside the terms that find them: a file of SQLite.

A change has three steps, and a crash after any of them loses nothing of what came before it. First the new releases are
written here as coming and the old ones marked as going, in one transaction: from then on the change is certain. Then the
engine commits its terms. Then those that came are there, and those that went are deleted. Who reads sees what is there
and what is going, which is what the engine finds until its commit.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from json import dumps
from pathlib import Path
from threading import Lock, local
from typing import Any, NamedTuple

from bot.index.packing import unpack_text
from bot.index.places import VERSION, archive_folder, catalogue_file, said
from bot.model import OnrecordError, Release
from bot.reading.reading import Stamp

BY_HAND = Path()  # the root of releases that come from no file
PATIENCE = 5.0  # seconds to wait for another process that writes
LISTED_AT_ONCE = 1_000  # rows
READ_AT_ONCE = 200  # rows with their texts
MANY_LOOKS = 200  # for stems; a question or two need fewer
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roots (
    number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, pattern TEXT, size INTEGER, changed INTEGER, inode INTEGER,
    since INTEGER NOT NULL DEFAULT 0 -- the run that gave it its pattern: a file seen in none since is read again
);
CREATE TABLE releases (
    key INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, -- 0 there, 1 coming, 2 going
    root INTEGER NOT NULL, name TEXT NOT NULL,
    id TEXT NOT NULL, title TEXT NOT NULL, published TEXT, source TEXT, place TEXT, wire TEXT, url TEXT,
    text BLOB NOT NULL, passages BLOB NOT NULL
);
CREATE VIEW shown AS SELECT * FROM releases WHERE state <> 1;
CREATE INDEX releases_in_order ON releases (root, name, state);
CREATE INDEX releases_by_id ON releases (id, state);
CREATE INDEX releases_by_source ON releases (source, state) WHERE source IS NOT NULL;
CREATE INDEX releases_by_url ON releases (url, state) WHERE url IS NOT NULL;
CREATE INDEX releases_in_change ON releases (state) WHERE state <> 0;
CREATE TABLE files (
    root INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER, changed INTEGER, inode INTEGER, digest BLOB NOT NULL,
    problem TEXT, instead INTEGER, -- the key of the release that is kept in place of the one in this file
    run INTEGER NOT NULL, PRIMARY KEY (root, name)
) WITHOUT ROWID;
CREATE INDEX files_by_digest ON files (digest);
CREATE INDEX files_stood_for ON files (instead) WHERE instead IS NOT NULL;
CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER NOT NULL, stem TEXT) WITHOUT ROWID;
"""
_FACTS = "id, title, published, source, place, wire, url"


@dataclass(frozen=True, slots=True)
class Root:
    """A folder, a file or an archive of files that is indexed.

    `pattern` tells what the names in it mean. `stamp` is that of an archive or a file that was read to its end.
    """

    number: int
    path: Path
    pattern: str | None
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A release as it is kept: its key in the engine, the root and the name of its file, and its passages as bytes.

    `name` is written as `as_text` does.
    """

    key: int
    root: int
    name: str
    release: Release
    passages: bytes


class Row(NamedTuple):
    """A release as its row has it: its key, the name of its file as `as_text` writes it, its id, what is known of it (see
    `_FACTS`), and its packed text and passages."""

    key: int
    name: str
    id: str
    facts: tuple[str | None, ...]
    text: bytes
    passages: bytes

    def release(self) -> Release:
        """The release.

        Raises:
            ValueError: the row is damaged.
        """
        return release_of_row((self.id, *self.facts), self.text)


class Catalogue:
    """Reads the catalogue of an archive, in any number of threads. Each call sees the last transaction.

    Raises:
        OnrecordError: of each call: the file cannot be read, or is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads, self._alone = local(), Lock()
        self._stems: dict[str, str] = {}
        self._looks = 0
        with said(folder):
            self._file = _identity(catalogue_file(folder))
            self._first = connect(catalogue_file(folder))

    def fact(self, name: str) -> str | None:
        """What is noted under a name."""
        rows = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def roots(self) -> list[Root]:
        """What is indexed, in the order in which it was named first."""
        with said(self._folder), self._database() as database:
            return roots_in(database)

    def kept(self, keys: Iterable[int]) -> dict[int, Kept]:
        """The releases with these keys, as far as they are there."""
        rows = self._rows(
            f"SELECT key, root, name, text, passages, {_FACTS} FROM releases"  # noqa: S608 - no value is in the text
            " WHERE key IN (SELECT value FROM json_each(?))",
            (dumps(list(keys)),),
        )
        with said(self._folder):
            return {row[0]: Kept(row[0], row[1], row[2], release_of_row(row[5:], row[3]), row[4]) for row in rows}

    def count(self) -> int:
        """How many releases there are."""
        return int(self._rows("SELECT count(*) FROM shown")[0][0])

    def any(self) -> bool:
        """Whether there is a release."""
        return bool(self._rows("SELECT 1 FROM shown LIMIT 1"))

    def keys(self, first: int, count: int) -> list[int]:
        """The keys of `count` releases in the order of roots and names, from the one at `first` (from 0)."""
        rows = self._rows("SELECT key FROM shown ORDER BY root, name LIMIT ? OFFSET ?", (count, first))
        return [row[0] for row in rows]

    def ids(self) -> Iterator[str]:
        """The ids of all releases, in their order."""
        return (row[0] for row in self._rows("SELECT id FROM shown ORDER BY root, name"))

    def keys_of(self, release_ids: Collection[str]) -> list[int]:
        """The keys of the releases with these ids; last those that are still coming.

        What the engine finds is also found so where a program ended just after the engine's commit.
        """
        rows = self._rows(
            "SELECT key FROM releases WHERE id IN (SELECT value FROM json_each(?)) ORDER BY state = 1, state",
            (dumps(list(release_ids)),),
        )
        return [row[0] for row in rows]

    def keys_at(self, root: int, name: str) -> list[int]:
        """The keys of the releases of the file with this name in a root."""
        rows = self._rows("SELECT key FROM shown WHERE root = ? AND name = ?", (root, as_text(name)))
        return [row[0] for row in rows]

    def keys_named(self, name: str) -> list[int]:
        """The keys of the releases whose files have this name in whatever root, or one that ends so after a slash."""
        written = as_text(name)
        rows = self._rows(
            "SELECT key FROM shown WHERE name = ? OR substr(name, ?) = ? ORDER BY root, name",
            (written, -len(written) - 1, f"/{written}"),
        )
        return [row[0] for row in rows]

    def urls_with(self, part: str) -> dict[int, str]:
        """The keys and the URLs of the releases in whose URL these signs are, whatever their case."""
        rows = self._rows("SELECT key, url FROM shown WHERE url IS NOT NULL AND instr(lower(url), lower(?))", (part,))
        return dict(rows)

    def listed(self) -> Iterator[tuple[str, str, date | None]]:
        """The id, the title and the day of each release, in their order; no text is read for them."""
        root, name = -1, ""
        while rows := self._rows(
            "SELECT root, name, id, title, published FROM shown WHERE (root, name) > (?, ?) ORDER BY root, name LIMIT ?",
            (root, name, LISTED_AT_ONCE),
        ):
            for _, _, release_id, title, day in rows:
                yield release_id, title, date.fromisoformat(day) if day else None
            root, name = rows[-1][:2]

    def rows_by_id(self) -> Iterator[Row]:
        """All releases as they are kept, in the order of the bytes of their ids."""
        last = ""
        while rows := self._rows(
            f"SELECT key, name, text, passages, {_FACTS} FROM shown WHERE id > ? ORDER BY id LIMIT ?",  # noqa: S608
            (last, READ_AT_ONCE),
        ):
            for key, name, text, passages, release_id, *facts in rows:
                yield Row(key, name, release_id, tuple(facts), text, passages)
            last = rows[-1][4]

    def number(self, release_id: str) -> int | None:
        """The place of a release in the order, from 1, or None where it is not there."""
        rows = self._rows(
            "SELECT count(*) FROM shown AS before JOIN (SELECT root, name FROM shown WHERE id = ? LIMIT 1) AS this"
            " WHERE (before.root, before.name) <= (this.root, this.name)",
            (release_id,),
        )
        return int(rows[0][0]) or None

    def sources(self) -> list[str]:
        """The names of senders, the most frequent first."""
        rows = self._rows(
            "SELECT source FROM shown WHERE source IS NOT NULL GROUP BY source ORDER BY count(*) DESC, source"
        )
        return [row[0] for row in rows]

    def words(self) -> list[str]:
        """The distinct words of the texts, the most frequent first."""
        return [row[0] for row in self._rows("SELECT word FROM words WHERE count > 0 ORDER BY count DESC, word")]

    def stem_of(self, word: str) -> str | None:
        """The stem of a word of the texts that is not common; None for others, and where it cannot be read.

        Who asks for many of them gets all at once: each look into the file takes as long as a hundred into memory.
        """
        known = self._stems.get(word)
        if known is not None:
            return known
        self._looks += 1
        with suppress(OnrecordError):
            if self._looks == MANY_LOOKS:
                self._stems = dict(self._rows("SELECT word, stem FROM words WHERE stem IS NOT NULL"))
            rows = self._rows("SELECT stem FROM words WHERE word = ?", (word,))
            return rows[0][0] if rows else None
        return None

    def _rows(self, statement: str, values: Sequence[str | int] = ()) -> list[tuple[Any, ...]]:
        with said(self._folder), self._database() as database:
            return database.execute(statement, values).fetchall()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """The connection of this thread. Where another file has taken the place of this one, threads that have none take
        turns with the first."""
        own: sqlite3.Connection | None = getattr(self._threads, "database", None)
        if own is None and self._is_in_place():
            with suppress(sqlite3.Error):
                own = connect(catalogue_file(self._folder))
                if self._is_in_place():
                    self._threads.database = own
                else:
                    own.close()
                    own = None
        if own is not None:
            yield own
            return
        with self._alone:
            yield self._first

    def _is_in_place(self) -> bool:
        with suppress(OSError):
            return _identity(catalogue_file(self._folder)) == self._file
        return False


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def connect(path: Path, *, make: bool = False) -> sqlite3.Connection:
    """A connection to a catalogue; `make` one where there is none.

    Raises:
        sqlite3.Error: it cannot be opened, or is damaged.
    """
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'rwc' if make else 'rw'}",
        PATIENCE,
        isolation_level=None,
        uri=True,
        check_same_thread=False,
    )
    try:
        # Before the engine commits the change must be on the disk.
        database.execute("PRAGMA synchronous = FULL")
        if make:
            database.execute("PRAGMA journal_mode = WAL")
            if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                database.executescript(
                    f"BEGIN; {_SCHEMA} INSERT INTO facts VALUES ('version', '{VERSION}'); COMMIT;"  # noqa: S608
                )
    except BaseException:
        database.close()
        raise
    return database


def known_roots(data: Path) -> list[Root]:
    """What is indexed under a data folder, by whatever version; nothing where that cannot be read."""
    with suppress(OnrecordError):
        return [root for root in Catalogue(archive_folder(data)).roots() if root.path != BY_HAND]
    return []


def roots_in(database: sqlite3.Connection) -> list[Root]:
    """What is indexed, in the order in which it was named first."""
    rows = database.execute("SELECT number, path, pattern, size, changed, inode FROM roots ORDER BY number")
    return [
        Root(number, as_path(path), pattern, None if size is None else Stamp(size, changed, inode))
        for number, path, pattern, size, changed, inode in rows
    ]


def release_of_row(facts: Sequence[str | None], text: bytes) -> Release:
    """The release of a row with `_FACTS` and its packed text.

    Raises:
        ValueError: the row is damaged.
    """
    release_id, title, published, source, place, wire, url = facts
    return Release(
        id=release_id or "",
        text=unpack_text(text),
        title=title or "",
        published=date.fromisoformat(published) if published else None,
        source=source,
        place=place,
        wire=wire,
        url=url,
    )


def as_text(path: Path | str) -> str:
    """The path in characters that can be written, whatever its bytes are."""
    return os.fsencode(path).decode("latin-1")


def as_path(text: str) -> Path:
    """The path that `as_text` wrote."""
    return Path(os.fsdecode(text.encode("latin-1")))
