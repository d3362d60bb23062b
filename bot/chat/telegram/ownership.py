"""That a process is alive is known by a lock of its own; while it holds that, it takes up what others left lying."""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from bot.chat.telegram.database import NotWrittenError
from bot.chat.telegram.inbox import PRUNED_EVERY
from bot.chat.telegram.shared import PATIENCE, Asked, Shared
from bot.chat.telegram.shared_inbox import SharedInbox

_log = logging.getLogger(__name__)

EVERY = 1.0  # seconds from one look at what lies to the next
GRACE = 10.0  # seconds that the others have to take their locks again when the server was lost
_AGAIN = 0.2  # seconds

_TAKE = "SELECT pg_try_advisory_lock(hashtext(current_schema()), ?)"
# A machine that is cut off keeps its lock until the server misses it: not for the hours that are usual.
_MISSED_SOON = """
SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '2', false),
set_config('tcp_keepalives_count', '3', false)
"""


class Ownership:
    """Holds the lock of a process, in a thread and on a connection of its own, until it is closed.

    `found` is called in that thread with the lines that are this process's, about every second.
    """

    def __init__(self, database: Shared, inbox: SharedInbox, found: Callable[[list[str]], None]) -> None:
        self._database, self._inbox, self._found = database, inbox, found
        self._held, self._ended = Event(), Event()
        self._lost = False
        self._pruned_at = -PRUNED_EVERY
        self._thread = Thread(target=self._run, name="ownership", daemon=True)

    def begin(self) -> None:
        """Returns when the lock is held: until then no line may be this process's.

        Raises:
            NotWrittenError: the server does not answer.
        """
        self._thread.start()
        if not self._held.wait(PATIENCE):
            raise NotWrittenError("the lock of this process cannot be had")

    def close(self) -> None:
        """Gives up the lock."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(2 * EVERY)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with self._database.connect() as connection:
                    connection.detach()  # its session ends with it, and the lock with the session
                    self._hold(Asked(connection))
            except SQLAlchemyError as error:
                if not self._lost:
                    _log.warning("The database is lost (%s)", type(error).__name__)
                    self._inbox.losses += 1
                self._lost = True
                self._ended.wait(_AGAIN)

    def _hold(self, asked: Asked) -> None:
        while asked.one(_TAKE, (self._inbox.owner,)) != (True,):
            if self._ended.wait(_AGAIN):
                return
        asked.one(_MISSED_SOON)
        quiet_until = 0.0
        if self._lost:
            quiet_until = time.monotonic() + GRACE
            _log.info("The database is there again")
        self._lost = False
        self._held.set()
        while True:
            now = time.monotonic()
            self._found(self._inbox.sweep(asked, GRACE if now >= quiet_until else None))
            if now - self._pruned_at > PRUNED_EVERY:
                self._pruned_at = now
                self._inbox.prune(asked)
            if self._ended.wait(EVERY):
                return
