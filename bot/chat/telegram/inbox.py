"""The inbox: every update is written here before Telegram is told that it arrived, and crossed off when answered."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.chat.telegram.database import File, Statements

KEPT = 3 * 24 * 3600.0  # seconds; Telegram delivers an update again for at most a day
PRUNED_EVERY = 3600.0
CROSS_OFF = "UPDATE inbox SET done_at = ?, payload = NULL WHERE update_id = ?"
PRUNE = "DELETE FROM inbox WHERE done_at < ?"


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update as it came, and the line in which it waits: updates of one line are handled in their order.

    `taken` is the moment of `time.perf_counter` in which this process got it.
    """

    update_id: int
    line: str
    payload: str
    taken: float = field(default_factory=time.perf_counter, compare=False)


class Inbox(Protocol):
    """The updates that arrived. Its methods block, and may be called in any thread."""

    patience: float | None
    """For how many seconds whoever brings an update waits for `put`; None is however long it takes."""

    def put(self, updates: Sequence[Any]) -> list[Arrived]:
        """Writes updates, and gives those that this process serves and that did not come before.

        Raises:
            sqlite3.Error: they could not be written to the file.
            NotWrittenError: they could not be written to the server; they must be brought again.
        """

    def done(self, update_ids: Iterable[int]) -> None:
        """Crosses updates off."""


class FileInbox:
    """The updates in the bot's file, by their ids. Its methods block for a disk write, and may be called in any thread."""

    patience: float | None = None

    def __init__(self, database: File) -> None:
        self._database = database
        self._pruned_at = 0.0

    def put(self, updates: Sequence[Any]) -> list[Arrived]:
        """Writes updates so that they survive a power cut, and gives those that are new, in their order.

        What is no update (it has no id) is left out.

        Raises:
            sqlite3.Error: they could not be written; none of them is.
        """
        with self._database.surviving_power_cuts():
            return self._database.transaction(lambda asked: self._put(asked, updates))

    def done(self, update_ids: Iterable[int]) -> None:
        """Crosses updates off. Their ids are kept for a while, to know them when they come again; their content is
        not."""
        for update_id in update_ids:
            self._database.change(CROSS_OFF, (time.time(), update_id))

    def pending(self) -> list[Arrived]:
        """The updates that are not crossed off, in the order in which they came."""
        rows = self._database.all("SELECT update_id, payload FROM inbox WHERE done_at IS NULL ORDER BY place")
        return [Arrived(update_id, line_of(json.loads(payload)), payload) for update_id, payload in rows]

    def _put(self, asked: Statements, updates: Sequence[Any]) -> list[Arrived]:
        new = []
        for update in updates:
            if id_of(update) >= 0:
                arrived = as_arrived(update)
                insert = "INSERT INTO inbox (update_id, payload) VALUES (?, ?) ON CONFLICT DO NOTHING"
                if asked.change(insert, (arrived.update_id, arrived.payload)):
                    new.append(arrived)
        now = time.time()
        if now - self._pruned_at > PRUNED_EVERY:
            self._pruned_at = now
            asked.change(PRUNE, (now - KEPT,))
        return new


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
