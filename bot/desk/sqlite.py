"""All that is SQLite's own about the desk's database: how its file is opened, wiped and, when damaged, set aside."""

import os
import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

PATIENCE = 1.0
"""Seconds to wait for another program that writes; a question waits so long at most."""

Identity = tuple[int, int]
"""Which file it is, whatever its name."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def engine_of(path: Path) -> Engine:
    """An engine for a file, which is made where there is none. Only its owner may read it.

    A transaction that writes takes the lock at its begin, so that it never has to give up in its middle; one with the
    execution option `reads` takes none. What is deleted is overwritten.

    Raises:
        OSError: the file or its folder cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),  # a path may hold what means something in a URL
        connect_args={"timeout": PATIENCE},
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=-1,  # as many as there are threads: none waits for another's
        hide_parameters=True,  # an error must not repeat a question
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def identity(path: Path) -> Identity | None:
    """Which file stands at the path, None where none does."""
    with suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


def is_damaged(error: BaseException) -> bool:
    """Whether an error of SQLite says that the file is no database any more."""
    return _code(error) in _DAMAGED


def is_busy(error: BaseException) -> bool:
    """Whether an error of SQLite says that another program is at work."""
    return _code(error) in _BUSY


def is_full(error: BaseException) -> bool:
    """Whether an error of SQLite says that there is no room."""
    return _code(error) == sqlite3.SQLITE_FULL


def set_aside(path: Path, damaged: Identity | None, now: datetime) -> Path | None:
    """Renames a damaged file and its logs, and gives its new name; None where another program did so before.

    Raises:
        OSError: it cannot be renamed.
    """
    if damaged is None or identity(path) != damaged:
        return None
    aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}")
    # The database last: a new one must not find the log of the old.
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", f"{aside}{suffix}")
    return aside


def wipe_log(engine: Engine) -> bool:
    """Empties the write-ahead log, which still holds what was deleted; False where another program is at work."""
    connection = engine.raw_connection()
    try:
        busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        # The file remembers it: whoever is at work there has set it, or the next to open it will.
        if not is_busy(error):
            raise
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN{'' if connection.get_execution_options().get('reads') else ' IMMEDIATE'}")


def _code(error: BaseException) -> int | None:
    cause: Any = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
