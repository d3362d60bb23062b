"""What admins were shown and have not decided on yet: releases to publish, and releases to take off the record."""

import sqlite3
import time
from dataclasses import dataclass
from threading import Lock
from typing import Literal

_KEPT = 30 * 24 * 3600.0  # seconds

Kind = Literal["publish", "remove"]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A row: who may decide and in which chat, and the Markdown to publish or the id of the release to remove."""

    row: int
    admin: int
    chat: int
    kind: Kind
    content: str


class Proposals:
    """The open decisions in the bot's database. Its methods may be called in any thread."""

    def __init__(self, database: sqlite3.Connection, lock: Lock) -> None:
        self._database, self._lock = database, lock

    def add(self, admin: int, chat: int, kind: Kind, content: str) -> int:
        """A new row, under the number that its buttons name. Old ones that nobody decided on are dropped."""
        now = time.time()
        with self._lock:
            self._database.execute("DELETE FROM proposals WHERE made_at < ?", (now - _KEPT,))
            row = self._database.execute(
                "INSERT INTO proposals (admin, chat, kind, content, made_at) VALUES (?, ?, ?, ?, ?)",
                (admin, chat, kind, content, now),
            ).lastrowid
        assert row is not None
        return row

    def find(self, row: int) -> Proposed | None:
        """The row with this number, None where it was decided on."""
        with self._lock:
            found = self._database.execute(
                "SELECT row, admin, chat, kind, content FROM proposals WHERE row = ?", (row,)
            ).fetchone()
        return Proposed(*found) if found else None

    def decided(self, row: int) -> None:
        """Forgets a row."""
        with self._lock:
            self._database.execute("DELETE FROM proposals WHERE row = ?", (row,))
