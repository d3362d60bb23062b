"""The inbox that several processes share: each update is claimed once, and each line is served by one of them.

A process has a number, by which the lines that it serves are known as its own, and is alive as long as its session has the
advisory lock on that number. PostgreSQL frees the lock when the process is gone, and not when it only stands still.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from bot.chat.telegram.database import Statements
from bot.chat.telegram.inbox import CROSS_OFF, KEPT, PRUNE, Arrived, as_arrived, id_of
from bot.chat.telegram.shared import Shared

_TAKEN_UP = 200  # lines at a time, so that the other processes get their share
_HELD = 3600.0  # seconds that a bucket or a word to the admins is kept, which is longer than any counts

# One statement, and so as a whole: the update is new, and its line is this process's or has an owner, who finds it.
# The row of a line that has an owner is written again to lock it, see `tables`.
PUT = """
WITH new AS (INSERT INTO inbox (update_id, line, payload) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING line)
INSERT INTO lines (line, owner) SELECT line, ? FROM new
ON CONFLICT (line) DO UPDATE SET owner = lines.owner RETURNING owner
"""
# The locks are tried only on a server that runs for a while: when it has just started again, its processes do.
_LET_GO = """
DELETE FROM lines WHERE owner IN (
    SELECT owner FROM (SELECT DISTINCT owner FROM lines WHERE owner <> ?) AS others
    WHERE clock_timestamp() > pg_postmaster_start_time() + make_interval(secs => ?)
    AND pg_try_advisory_xact_lock(hashtext(current_schema()), owner)
)
"""
_TAKE_UP = """
INSERT INTO lines (line, owner)
SELECT line, ? FROM inbox WHERE done_at IS NULL AND NOT EXISTS (SELECT 1 FROM lines WHERE lines.line = inbox.line)
GROUP BY line ORDER BY min(update_id) LIMIT ?
ON CONFLICT DO NOTHING
"""


class SharedInbox:
    """The updates on the server, and the lines of this process. Its methods block, and may be called in any thread."""

    patience: float | None = 4.0

    def __init__(self, database: Shared) -> None:
        self._database = database
        number = database.one("SELECT nextval('owners')")
        assert number is not None
        self.owner: int = number[0]
        self.losses = 0  # how often the lock of this process was lost, and others may have taken its lines

    def put(self, updates: Sequence[Any]) -> list[Arrived]:
        """Writes updates, and gives those that are new and in a line of this process. What is no update is left out.

        Where the answer of the server is lost, so is who serves the line: `sweep` finds it.

        Raises:
            NotWrittenError: not all of them could be written.
        """
        new = []
        for update in updates:
            if id_of(update) >= 0:
                arrived = as_arrived(update)
                values = (arrived.update_id, arrived.line, arrived.payload, self.owner)
                if self._database.one(PUT, values, patience=self.patience or 0) == (self.owner,):
                    new.append(arrived)
        return new

    def done(self, update_ids: Iterable[int]) -> None:
        """Crosses updates off. Their ids are kept for a while, to know them when they come again; their content is
        not.

        Raises:
            NotWrittenError: the server does not answer.
        """
        for update_id in update_ids:
            self._database.change(CROSS_OFF, (time.time(), update_id))

    def first(self, line: str) -> Arrived | None:
        """The first update, by its id, that waits in a line of this process. None where none does, and then the line is
        given back, and where the line is another's.

        Raises:
            NotWrittenError: the server does not answer.
        """
        found = self._database.one("SELECT its_update, its_payload FROM first_of(?, ?)", (line, self.owner))
        return None if found is None else Arrived(found[0], line, found[1])

    def give_back(self, line: str | None = None) -> None:
        """Gives a line of this process back, or all, for others to take up what waits there.

        Raises:
            NotWrittenError: the server does not answer.
        """
        if line is None:
            self._database.change("DELETE FROM lines WHERE owner = ?", (self.owner,), patience=1.0)
        else:
            own = "DELETE FROM lines WHERE line = ? AND owner = ?"
            self._database.change(own, (line, self.owner), patience=1.0)

    def sweep(self, asked: Statements, grace: float | None) -> list[str]:
        """Takes up lines that nobody serves, and gives all that are this process's.

        The lines of processes that are gone are among them where the server has run for `grace` seconds; with None they
        are left alone.
        """
        if grace is not None:
            asked.change(_LET_GO, (self.owner, grace))
        asked.change(_TAKE_UP, (self.owner, _TAKEN_UP))
        return [line for (line,) in asked.all("SELECT line FROM lines WHERE owner = ?", (self.owner,))]

    def prune(self, asked: Statements) -> None:
        """Forgets what has been kept for long enough."""
        now = time.time()
        asked.change(PRUNE, (now - KEPT,))
        asked.change("DELETE FROM buckets WHERE at < ?", (now - _HELD,))
        asked.change("DELETE FROM told WHERE at < ?", (now - KEPT,))
