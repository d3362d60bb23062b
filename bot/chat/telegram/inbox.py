"""The inbox: every update is written here before Telegram is told that it arrived, and crossed off when answered."""

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

KEPT = 3 * 24 * 3600.0  # seconds; Telegram delivers an update again for at most a day
_PRUNED_EVERY = 3600.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update as it came, and the line in which it waits: updates of one line are handled in their order."""

    update_id: int
    line: str
    payload: str


class Inbox:
    """The updates in the database, by their ids. Its methods block for a disk write, and may be called in any thread."""

    def __init__(self, database: sqlite3.Connection, lock: Lock) -> None:
        self._database, self._lock = database, lock
        self._pruned_at = 0.0

    def put(self, updates: Sequence[Any]) -> list[Arrived]:
        """Writes updates so that they survive a power cut, and gives those that are new, in their order.

        What is no update (it has no id) is left out.

        Raises:
            sqlite3.Error: they could not be written; none of them is.
        """
        new = []
        with self._lock:
            self._database.execute("PRAGMA synchronous=FULL")
            try:
                self._database.execute("BEGIN IMMEDIATE")
                for update in updates:
                    if id_of(update) < 0:
                        continue
                    arrived = as_arrived(update)
                    written = self._database.execute(
                        "INSERT OR IGNORE INTO inbox (update_id, payload) VALUES (?, ?)",
                        (arrived.update_id, arrived.payload),
                    )
                    if written.rowcount:
                        new.append(arrived)
                self._prune()
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            finally:
                self._database.execute("PRAGMA synchronous=NORMAL")
        return new

    def done(self, update_ids: Iterable[int]) -> None:
        """Crosses updates off. Their ids are kept for a while, to know them when they come again; their content is
        not."""
        with self._lock:
            self._database.executemany(
                "UPDATE inbox SET done_at = ?, payload = NULL WHERE update_id = ?",
                [(time.time(), update_id) for update_id in update_ids],
            )

    def pending(self) -> list[Arrived]:
        """The updates that are not crossed off, in the order in which they came."""
        with self._lock:
            rows = self._database.execute(
                "SELECT update_id, payload FROM inbox WHERE done_at IS NULL ORDER BY place"
            ).fetchall()
        return [Arrived(update_id, line_of(json.loads(payload)), payload) for update_id, payload in rows]

    def _prune(self) -> None:
        now = time.time()
        if now - self._pruned_at > _PRUNED_EVERY:
            self._pruned_at = now
            self._database.execute("DELETE FROM inbox WHERE done_at < ?", (now - KEPT,))


def as_arrived(update: dict[str, Any]) -> Arrived:
    """An update as it is handled."""
    return Arrived(id_of(update), line_of(update), json.dumps(update, separators=(",", ":")))


def id_of(update: Any) -> int:
    """The id of an update, -1 where it has none and so is no update."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and 0 <= number < 2**63 else -1


def line_of(update: dict[str, Any]) -> str:
    """The line of an update: its chat, or the person who asks where there is none (an inline query)."""
    for kind, content in update.items():
        if isinstance(content, dict):
            message = content.get("message") if kind == "callback_query" else content
            chat = message.get("chat") if isinstance(message, dict) else None
            person = content.get("from")
            if isinstance(chat, dict):
                return f"chat {chat.get('id')}"
            if isinstance(person, dict):
                return f"person {person.get('id')}"
    return ""
