"""Where the bot keeps what it must remember: in a file under the data folder, or where several bots can (see `shared`)."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Protocol, TypeVar

from bot.chat.telegram import tables
from bot.model import OnrecordError

Result = TypeVar("Result")
Values = Sequence[object]
Row = tuple[Any, ...]

_AGAIN = 1.0  # seconds


class NotWrittenError(Exception):
    """The database that several bots share does not answer: it may or may not have done what was asked of it."""


class Statements(Protocol):
    """What can be asked in SQL that SQLite and PostgreSQL both know, with `?` for each value.

    Raises:
        sqlite3.Error: the file cannot be used, as on a full disk.
        NotWrittenError: the server does not answer.
    """

    def one(self, statement: str, values: Values = ()) -> Row | None:
        """The first row that is found."""

    def all(self, statement: str, values: Values = ()) -> list[Row]:
        """The rows that are found."""

    def change(self, statement: str, values: Values = ()) -> int:
        """How many rows were changed."""

    def insert(self, statement: str, values: Values = ()) -> int:
        """The number of a new row, in a table whose key is `row`."""


class Database(Statements, Protocol):
    """A database. Its methods block, and may be called in any thread.

    A server that is lost is asked again for a while, and then may have done a thing twice. So all that is asked of a
    database leaves the same behind when it is done twice.
    """

    def transaction(self, work: Callable[[Statements], Result]) -> Result:
        """What `work` gives, which is done as a whole or not at all."""

    def close(self) -> None:
        """Ends its use."""


class File:
    """A file of SQLite, see `Database`. It has one connection, which the threads use in turn."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._lock = connection, RLock()

    def one(self, statement: str, values: Values = ()) -> Row | None:
        """The first row that is found."""
        with self._lock:
            found: Row | None = self._connection.execute(statement, tuple(values)).fetchone()
        return found

    def all(self, statement: str, values: Values = ()) -> list[Row]:
        """The rows that are found."""
        with self._lock:
            return self._connection.execute(statement, tuple(values)).fetchall()

    def change(self, statement: str, values: Values = ()) -> int:
        """How many rows were changed."""
        with self._lock:
            return self._connection.execute(statement, tuple(values)).rowcount

    def insert(self, statement: str, values: Values = ()) -> int:
        """The number of a new row."""
        with self._lock:
            return self._connection.execute(statement, tuple(values)).lastrowid or 0

    def transaction(self, work: Callable[[Statements], Result]) -> Result:
        """What `work` gives, which is done as a whole or not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(self)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        return result

    @contextmanager
    def surviving_power_cuts(self) -> Iterator[None]:
        """What is committed in the block survives a power cut, too. That writes out the whole write-ahead log."""
        with self._lock:
            self._connection.execute("PRAGMA synchronous=FULL")
            try:
                yield
            finally:
                self._connection.execute("PRAGMA synchronous=NORMAL")

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()


def open_file(data: Path, bot: str) -> File:
    """The file of the bot with this id in `data`, made where there is none. Only its owner may read it.

    Each bot has its own, for the ids of updates are its own, too.

    Commits survive the end of the process, also by SIGKILL (`synchronous=NORMAL` with a write-ahead log).

    Raises:
        OnrecordError: the file cannot be made or read.
    """
    path = data / f"telegram-{bot}.sqlite3"
    try:
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.executescript(tables.FILE)
        for table, column, kind in tables.FILE_COLUMNS:
            if column not in {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise OnrecordError(f"Cannot keep the bot's files in {data}: {reason}. Name another folder: --data.") from error
    return File(connection)


async def until_written(write: Callable[[], Result]) -> Result:
    """What `write` gives, in a thread, however long the server that several bots share does not answer.

    It is for what must be noted because it has been done, and would be done again if it were not.
    """
    while True:
        try:
            return await asyncio.to_thread(write)
        except NotWrittenError:
            await asyncio.sleep(_AGAIN)
