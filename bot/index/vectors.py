"""Vectors of texts, kept under the data folder, so that an unchanged text need not be encoded again.

This is a convenience and no record: where the file cannot be read or written, or is damaged, it is as if nothing were
kept, and no answer fails for it.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEPT = 90  # days that a vector is kept which nobody reads
_NOTED = 7  # days after which it is noted again that one was read
_WAIT = 1.0  # seconds that are waited for another process
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key INTEGER PRIMARY KEY, used INTEGER NOT NULL, vector BLOB NOT NULL)"


class VectorStore:
    """The vectors of one model in `vectors.sqlite3`. Any number of threads and processes may read and add.

    Numbers are rounded to 16 bits; what is read back has length 1 again, and differs by less than 0.001 in any cosine.
    """

    def __init__(self, data: Path, model: str) -> None:
        self._path = data / "vectors.sqlite3"
        self._model = model

    def read(self, texts: Iterable[str]) -> "dict[str, NDArray[np.float32]]":
        """The vectors of those texts that are kept, in the order of the texts; each of shape (d,) and length 1."""
        keys = {text: self._key(text) for text in texts}
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", _WAIT, uri=True)) as database:
                rows = database.execute(
                    "SELECT key, used, vector FROM vectors WHERE key IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(keys.values())),),
                ).fetchall()
        except sqlite3.Error as error:
            self._remove_if_damaged(error)
            return {}
        today = _today()
        if stale := [key for key, used, _ in rows if not today - _NOTED < used <= today]:
            self._change("UPDATE vectors SET used = ? WHERE key = ?", ((today, key) for key in stale))
        found = _unpacked([(key, blob) for key, _, blob in rows])
        return {text: found[key] for text, key in keys.items() if key in found}

    def keep(self, vectors: "Mapping[str, NDArray[np.float32]]") -> None:
        """Adds vectors of length 1; a text that is kept already gets the new one."""
        today = _today()
        rows = ((self._key(text), today, vector.astype("<f2").tobytes()) for text, vector in vectors.items())
        self._change("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _key(self, text: str) -> int:
        """A number of 64 bits for the text in this model; two of a million texts share one once in 30 million times."""
        whole = f"{self._model}\0{text}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(whole, digest_size=8).digest(), signed=True)

    def _change(self, statement: str, rows: "Iterable[tuple[int | bytes, ...]]") -> None:
        """Runs the statement for each row, all or none. Once a day it also drops what nobody reads."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            with closing(sqlite3.connect(self._path, _WAIT)) as database, database:
                database.execute("BEGIN IMMEDIATE")
                database.execute(_TABLE)
                database.executemany(statement, rows)
                today = _today()
                if database.execute("PRAGMA user_version").fetchone() != (today,):
                    database.execute("DELETE FROM vectors WHERE used < ?", (today - _KEPT,))
                    database.execute(f"PRAGMA user_version = {today}")
        except OSError:
            return
        except sqlite3.Error as error:
            self._remove_if_damaged(error)

    def _remove_if_damaged(self, error: sqlite3.Error) -> None:
        """Makes room for a new file. An operational error, such as a full disk, says nothing against the old one."""
        other = isinstance(error, sqlite3.OperationalError) and "unsupported file format" not in str(error)
        if isinstance(error, sqlite3.DatabaseError) and not other:
            with suppress(OSError):  # the journal first: it would be played into the new file
                self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
                self._path.unlink(missing_ok=True)


def _today() -> int:
    """Days since 1970."""
    return int(time() // 86_400)


def _unpacked(rows: list[tuple[int, bytes]]) -> "dict[int, NDArray[np.float32]]":
    """The vectors by their keys, without those that cannot have been written here."""
    import numpy as np

    sizes = [len(blob) for _, blob in rows if isinstance(blob, bytes) and blob and not len(blob) % 2]
    usual = max(set(sizes), key=sizes.count, default=0)
    rows = [(key, blob) for key, blob in rows if isinstance(blob, bytes) and len(blob) == usual]
    if not usual:
        return {}
    matrix = np.frombuffer(b"".join(blob for _, blob in rows), "<f2").reshape(len(rows), -1).astype(np.float32)
    lengths = np.linalg.norm(matrix, axis=1)
    whole = np.abs(lengths - 1) < 0.01
    matrix[whole] /= lengths[whole, None]
    return {key: vector for (key, _), vector, good in zip(rows, matrix, whole, strict=True) if good}
