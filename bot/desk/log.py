"""The question log: what people asked, whether it was answered, and how they voted.

A question is answered whether or not it can be noted. SQLAlchemy takes a while to import, and so the database is opened
with the first question.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from bot.desk import people
from bot.desk.noted import Noted, Period, Question, Vote
from bot.model import OnrecordError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.desk.database import Database

DATABASE = "desk.sqlite3"
"""The name of the database in the data folder."""

_WARNED_EVERY = 60.0  # seconds

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class QuestionLog:
    """The log in a data folder, or in the database with a URL. Its methods may be called in any thread, also while
    other processes use it.

    `retention_days` is for how long a question is kept; with 0 none is. `secret` is the bot's token: with a URL it tells
    people apart in the same way on all machines that have it.
    """

    def __init__(self, data: Path, retention_days: int, url: str | None = None, secret: str | None = None) -> None:
        self.retention_days = retention_days
        self._data = data
        self._url = url
        self._secret = secret if url else None
        self._lock = Lock()
        self._opened: Database | None = None
        self._salt: bytes | None = None
        self._warned_at = -_WARNED_EVERY
        self._expired = False

    @property
    def database(self) -> "Database":
        """Where the log is kept, with the feeds and those who get the digest."""
        from bot.desk.database import open_database

        with self._lock:
            if self._opened is None:
                self._opened = open_database(self._data, self._url)
            return self._opened

    def person(self, kind: str, number: int | str) -> str:
        """The name of somebody in the log, see `people.person`; empty where nothing may or can be kept of them."""
        if not self.retention_days:
            return ""
        try:
            if self._salt is None:
                self._salt = people.salt_of(self._secret) if self._secret else people.read_salt(self._data)
            return people.person(self._salt, kind, number)
        except OnrecordError as error:
            self._warn(error)
            return ""

    # What is put in. None of these ever keeps a question from its answer: they may wait for a second, and never raise.

    def note(self, noted: Noted) -> int | None:
        """Puts a question into the log, and gives its id; None where it is not kept."""

        def add(connection: "Connection") -> int:
            from bot.desk import keeping

            return keeping.add(connection, noted)

        return self._kept(noted.person, add)

    def rewrite(self, number: int | None, noted: Noted) -> int | None:
        """Puts an edited question and its answer in the place of the question with this id, without its votes.

        Gives its id: another one where that question was not kept, None where this one is not.
        """
        if number is None:
            return self.note(noted)

        def rewrite(connection: "Connection") -> int:
            from bot.desk import keeping

            return keeping.rewrite(connection, number, noted)

        return self._kept(noted.person, rewrite)

    def vote(self, number: int | None, person: str, up: bool, release: str, quote: str) -> None:
        """Counts a person's vote on a sentence that was quoted for a question; a second takes the place of the first.

        Nothing is counted for a question that is not kept (None).
        """
        if number is None:
            return

        def count(connection: "Connection") -> None:
            from bot.desk import keeping

            keeping.vote(connection, number, person, up, release, quote)

        self._kept(person, count)

    # What is taken out.

    def forget(self, person: str) -> int:
        """Deletes a person's questions with all votes on them, and their votes on those of others.

        Nothing of it stays on the disk, but for a while in the database's own log where another program is at work just
        then; a server is another matter, see `ServerDatabase.wipe`. Gives how many questions and votes of theirs there
        were.

        Raises:
            OnrecordError: it could not be deleted; all of it is still there.
        """
        if not self.retention_days:
            return self.expire()
        if not person:
            raise OnrecordError("What you asked cannot be found now, and so it is not deleted: try again later.")
        from bot.desk import keeping

        with self.database.writing() as connection:
            gone = keeping.forget(connection, person)
        self._wipe()
        return gone

    def expire(self) -> int:
        """Deletes the questions that are older than the retention, with their votes; gives how many there were.

        Raises:
            OnrecordError: they could not be deleted.
        """
        if not self.retention_days and not self._url and not (self._data / DATABASE).exists():
            return 0
        from bot.desk import keeping

        gone, more = 0, True
        while more:
            with self.database.writing() as connection:
                count = keeping.expire(connection, self._kept_from())
            gone, more = gone + count, count >= keeping.EXPIRED_AT_ONCE
        self._wipe()
        return gone

    # What is read.

    def period(self, start: datetime, end: datetime) -> Period:
        """What was asked from `start` until before `end`, with the votes on it.

        Raises:
            OnrecordError: the log cannot be read.
        """
        from bot.desk import keeping

        with self._reading() as connection:
            asked, voted = keeping.asked(connection, start, end), keeping.voted(connection, start, end)
            return Period(start, end, tuple(asked), tuple(voted))

    def began(self) -> datetime | None:
        """When the oldest question that is kept was asked, None where none is.

        Raises:
            OnrecordError: the log cannot be read.
        """
        from bot.desk import keeping

        with self._reading() as connection:
            return keeping.oldest(connection)

    @contextmanager
    def everything(self) -> Iterator[tuple[Iterator[Question], Iterator[Vote]]]:
        """All questions and all votes, oldest first, as they are at one moment; to be read inside the block.

        Raises:
            OnrecordError: the log cannot be read.
        """
        from bot.desk import keeping

        with self._reading() as connection:
            yield keeping.asked(connection), keeping.voted(connection)

    def close(self) -> None:
        """Closes the files; they are opened again when they are needed."""
        if self._opened is not None:
            self._opened.close()

    def _reading(self) -> "AbstractContextManager[Connection]":
        return self.database.reading()

    def _kept(self, person: str, change: "Callable[[Connection], _Result]") -> _Result | None:
        """What a change gives; None where nothing may or can be kept, which is said in the program's log."""
        first, self._expired = not self._expired, True
        try:
            if not self.retention_days:
                if first:
                    self.expire()
                return None
            if not person:
                return None
            from bot.desk import keeping

            with self.database.writing() as connection:
                if first:
                    keeping.expire(connection, self._kept_from())
                return change(connection)
        except OnrecordError as error:
            self._expired = not first
            self._warn(error)
            return None

    def _kept_from(self) -> datetime | None:
        """What was asked before goes; None is all."""
        return datetime.now(UTC) - timedelta(days=self.retention_days) if self.retention_days else None

    def _wipe(self) -> None:
        with suppress(OnrecordError):
            if self.database.wipe():
                return
        _log.warning("What was deleted is still in the database's own log: it goes with the next that is.")

    def _warn(self, error: OnrecordError) -> None:
        """One line in the program's log, but not one for each question."""
        now = time.monotonic()
        with self._lock:
            due = now - self._warned_at >= _WARNED_EVERY
            if due:
                self._warned_at = now
        if due:
            _log.warning("Questions are answered but not noted: %s", error)


def open_log(data: Path, retention_days: int, url: str | None = None, secret: str | None = None) -> QuestionLog:
    """The question log in the database with a URL `postgresql://…`, else in the data folder; made with the first question
    that is noted. `secret` is the bot's token, None where there is none."""
    return QuestionLog(data, retention_days, url, secret)
