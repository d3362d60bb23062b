"""Changing an archive: one program at a time, and whole or not at all."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time_ns

import tantivy

from bot.index.catalogue import Catalogue, as_text, connect, release_of_row
from bot.index.cutting import cut, words_of
from bot.index.engine import PLACES, is_intact, schema
from bot.index.packing import Packed
from bot.index.places import VERSION, catalogue_file, commit_file, made_anew, passages_folder, said
from bot.text.stemming import is_common, look_up_stems, stem

ROOM = 60_000_000  # bytes that the engine takes for what is not written yet
_FACTS = "id, title, published, source, place, wire, url"


class Writer:
    """The one who may change an archive; `open_writer` makes it. What was put and dropped is found after `commit`.

    `database` is the catalogue, in a transaction that a commit ends: what is noted there is there with the releases.
    `run` is a number that no run before had of which anything is left.
    """

    def __init__(self, folder: Path, engine: tantivy.Index, writer: tantivy.IndexWriter, database: sqlite3.Connection):
        self.database = database
        self._folder, self._engine, self._writer = folder, engine, writer
        self._words: Counter[str] = Counter()
        self._changed = False
        self.run = int(self._fact("run") or 0) + 1

    def root(self, path: Path, pattern: str | None = None) -> int:
        """The number of a root, which is new where it was not indexed yet; its pattern is this one from now on.

        Where it had another pattern, all of its files are to be read again.
        """
        self.begin()
        self.database.execute(
            "INSERT INTO roots (path, pattern) VALUES (?, ?) ON CONFLICT (path)"
            " DO UPDATE SET pattern = excluded.pattern, size = NULL, since = ? WHERE pattern IS NOT excluded.pattern",
            (as_text(path), pattern, self.run),
        )
        return int(self.database.execute("SELECT number FROM roots WHERE path = ?", (as_text(path),)).fetchone()[0])

    def put(self, packed: Packed, root: int, name: str, release_id: str) -> int:
        """Puts a release under this id, and gives its key.

        It takes the place of the release of this file, and of the one with this id.
        """
        self.begin()
        written = as_text(name)
        old = self.database.execute(
            "SELECT key FROM releases WHERE state <> 2 AND (root = ? AND name = ? OR id = ?)",
            (root, written, release_id),
        ).fetchall()
        self.drop(key for (key,) in old)
        published = packed.published.isoformat() if packed.published else None
        facts = (
            release_id,
            packed.title,
            published,
            packed.source,
            packed.place,
            packed.wire,
            packed.url,
        )
        key: int = self.database.execute(
            f"INSERT INTO releases (state, root, name, text, passages, {_FACTS})"  # noqa: S608 - no value is in the text
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key",
            (1, root, written, packed.text, packed.passages, *facts),
        ).fetchone()[0]
        self._feed(key, packed.terms, packed.source, packed.published.toordinal() if packed.published else None)
        self._words.update(packed.words.split())
        return key

    def drop(self, keys: Iterable[int]) -> int:
        """Takes releases away, and gives how many."""
        self.begin()
        gone = list(keys)
        for key in gone:
            title, text, state = self.database.execute(
                "SELECT title, text, state FROM releases WHERE key = ?", (key,)
            ).fetchone()
            release = release_of_row(("", title, None, None, None, None, None), text)
            self._words.subtract(words_of(release).split())
            self._writer.delete_documents_by_term("release", key)
            if state == 1:  # put and dropped since the last commit
                self.database.execute("DELETE FROM releases WHERE key = ?", (key,))
            else:
                self.database.execute("UPDATE releases SET state = 2 WHERE key = ?", (key,))
        return len(gone)

    def commit(self) -> None:
        """Makes all that was put, dropped and noted certain, and found from now on."""
        if not self._changed:
            return
        with said(self._folder):
            self.database.executemany(
                "INSERT INTO words VALUES (?, ?, ?) ON CONFLICT (word) DO UPDATE SET count = count + excluded.count",
                (
                    (word, count, None if is_common(word) else stem(word))
                    for word, count in sorted(self._words.items())
                    if count
                ),
            )
            self.database.execute("INSERT OR REPLACE INTO facts VALUES ('run', ?)", (str(self.run),))
            self.database.execute("COMMIT")
            self._words.clear()
            self._changed = False
            self._settle()

    def begin(self) -> None:
        """Begins a transaction where there is none."""
        if not self._changed:
            self.database.execute("BEGIN IMMEDIATE")
            self._changed = True

    def close(self) -> None:
        """Ends the writing. What was not committed is as if it had never been put."""
        with suppress(Exception):
            if self._changed:
                self.database.execute("ROLLBACK")
                self._writer.rollback()
        with suppress(Exception):
            # The engine drops its lock with the last of its threads.
            self._writer.wait_merging_threads()
        self.database.close()

    def mend(self) -> None:
        """Brings to its end what another program left in the middle of a commit."""
        coming = self.database.execute(
            "SELECT key, passages, title, text, source, published FROM releases WHERE state = 1 AND state <> 0 ORDER BY key"
        ).fetchall()
        going = self.database.execute("SELECT key FROM releases WHERE state = 2 AND state <> 0").fetchall()
        if not coming and not going:
            if self._passages() != int(self._fact("passages") or 0):
                raise made_anew(self._folder, "is damaged")  # one of its parts is another's, or gone
            return
        filled = [key for key, passages, *_ in coming if len(passages) > 1]
        if filled and not self._holds(filled[-1]):
            for key, _, title, text, source, published in coming:
                release = release_of_row(("", title, published, source, None, None, None), text)
                terms = (" ".join(words) for _, words in cut(release).passages)
                self._feed(key, terms, source, release.published.toordinal() if release.published else None)
        for (key,) in going:
            self._writer.delete_documents_by_term("release", key)
        self._settle()

    def _fact(self, name: str) -> str | None:
        row = self.database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _settle(self) -> None:
        """The second and the third step of a change: the engine commits, and what came is there."""
        self._writer.commit()
        self.database.execute("BEGIN IMMEDIATE")
        self.database.execute("UPDATE releases SET state = 0 WHERE state = 1 AND state <> 0")
        self.database.execute("DELETE FROM releases WHERE state = 2 AND state <> 0")
        self.database.execute("INSERT OR REPLACE INTO facts VALUES ('passages', ?)", (str(self._passages()),))
        self.database.execute("COMMIT")
        self.tell()

    def tell(self) -> None:
        """Tells those who read that there was a commit."""
        now = time_ns()
        commit_file(self._folder).touch(mode=0o600)
        os.utime(commit_file(self._folder), ns=(now, now))

    def _feed(self, key: int, terms: Iterable[str], source: str | None, published: int | None) -> None:
        for number, words in enumerate(terms):
            document = tantivy.Document()
            document.add_text("terms", words)
            document.add_integer("place", key * PLACES + number)
            document.add_integer("release", key)
            if source is not None:
                document.add_text("source", source)
            if published is not None:
                document.add_integer("published", published)
            self._writer.add_document(document)

    def _passages(self) -> int:
        """How many passages the engine has."""
        self._engine.reload()
        return self._engine.searcher().num_docs

    def _holds(self, key: int) -> bool:
        """Whether the engine knows a release. Its commits are atomic: it knows all of a batch, or none."""
        self._engine.reload()
        query = tantivy.Query.term_query(self._engine.schema, "release", key)
        return bool(self._engine.searcher().search(query, 1).hits)


@contextmanager
def open_writer(folder: Path) -> Iterator[Writer]:
    """The writer of the archive in a folder, which is made where there is none.

    What is not committed when it is left is as if it had not happened; what another program left half done is mended
    first. The lock is one of the system, which a program loses when it ends, however it ends.

    Raises:
        OnrecordError: another program writes, it is of another version, damaged, or the disk is full.
    """
    with said(folder):
        engine = _engine(folder)
        lock = engine.writer(ROOM, 1)
        if not is_intact(folder):
            raise made_anew(folder, "is damaged")
        database = connect(catalogue_file(folder), make=True)
        writer = Writer(folder, engine, lock, database)
        try:
            made_by = database.execute("SELECT value FROM facts WHERE name = 'version'").fetchone()
            if made_by != (VERSION,):
                raise made_anew(folder, "was made by another version of Onrecord")
            look_up_stems(Catalogue(folder).stem_of)
            writer.mend()
            if not commit_file(folder).exists():
                writer.tell()
            yield writer
        finally:
            writer.close()


def _engine(folder: Path) -> tantivy.Index:
    passages_folder(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    path = str(passages_folder(folder))
    catalogued = catalogue_file(folder).exists() and catalogue_file(folder).stat().st_size > 0
    if tantivy.Index.exists(path):
        if not tantivy.Index.is_compatible(path):
            raise made_anew(folder, "was made by another version of its engine")
    elif catalogued:
        raise made_anew(folder, "is damaged")
    engine = tantivy.Index(schema(), path)
    if engine.searcher().num_docs and not catalogued:
        raise made_anew(folder, "is damaged")
    return engine
