"""What admins were shown and have not decided on yet: releases to publish, and releases to take off the record."""

import time
from dataclasses import dataclass
from typing import Literal

from bot.chat.telegram.database import Database

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
    """The open decisions in the bot's database. Its methods may be called in any thread.

    A decision is claimed before it is carried out, by the update that told of it. That update may be handled again, after
    a process was killed, and then has its claim still; another one finds nothing to decide.

    Raises:
        sqlite3.Error, NotWrittenError: as the database does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, admin: int, chat: int, kind: Kind, content: str) -> int:
        """A new row, under the number that its buttons name. Old ones that nobody decided on are dropped."""
        now = time.time()
        self._database.change("DELETE FROM proposals WHERE made_at < ?", (now - _KEPT,))
        return self._database.insert(
            "INSERT INTO proposals (admin, chat, kind, content, made_at) VALUES (?, ?, ?, ?, ?)",
            (admin, chat, kind, content, now),
        )

    def find(self, row: int) -> Proposed | None:
        """The row with this number, None where it was decided on."""
        found = self._database.one("SELECT row, admin, chat, kind, content FROM proposals WHERE row = ?", (row,))
        return Proposed(*found) if found else None

    def claim(self, row: int, update: int) -> bool:
        """Whether this update, and no other, decides on a row."""
        return bool(
            self._database.change(
                "UPDATE proposals SET claimed_by = ? WHERE row = ? AND (claimed_by IS NULL OR claimed_by = ?)",
                (update, row, update),
            )
        )

    def leave(self, row: int) -> None:
        """Gives a claim up, where what was decided could not be done: it can be decided again."""
        self._database.change("UPDATE proposals SET claimed_by = NULL WHERE row = ?", (row,))

    def decided(self, row: int) -> None:
        """Forgets a row."""
        self._database.change("DELETE FROM proposals WHERE row = ?", (row,))
