"""What the reader made of pairs, kept in a file, so that the ranking can be learned again without reading all again."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from hashlib import blake2b
from math import inf
from pathlib import Path

from bot.answering.reader import Reader


class KeptReadings:
    """A `Reading` that takes all the time it needs, and remembers what it has read.

    `name` tells readers apart: a logit of another model is another logit.
    """

    def __init__(self, reader: Reader, name: str, data: Path) -> None:
        self._reader, self._name = reader, name
        self._path = data / "readings.sqlite3"
        with closing(self._open()) as database:
            database.execute("CREATE TABLE IF NOT EXISTS readings (pair BLOB PRIMARY KEY, logit REAL) WITHOUT ROWID")

    def read(self, question: str, sentences: Sequence[str], before: Sequence[str] = ()) -> list[float | None]:
        texts = list(zip(sentences, before, strict=True)) if before else [(sentence,) for sentence in sentences]
        keys = [self._key(question, *text) for text in texts]
        with closing(self._open()) as database:
            holes = ",".join("?" * len(keys))
            known = dict(database.execute(f"SELECT pair, logit FROM readings WHERE pair IN ({holes})", keys))  # noqa: S608
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if new:
                alone = [text[0] for text in new.values()]
                behind = [text[-1] for text in new.values()] if before else []
                known |= zip(new, self._reader.read(question, alone, behind, within=inf), strict=True)
                with database:
                    database.executemany("INSERT OR IGNORE INTO readings VALUES (?, ?)", [(k, known[k]) for k in new])
        return [known[key] for key in keys]

    def _key(self, *texts: str) -> bytes:
        return blake2b("\0".join((self._name, *texts)).encode("utf-8", "replace"), digest_size=16).digest()

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=60)
