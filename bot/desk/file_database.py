"""The desk's database as a file in the data folder: opened when it is first needed, brought up to date, opened anew when lost."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.desk import sqlite
from bot.desk.log import DATABASE
from bot.desk.migrations import NewerSchemaError, bring_up_to_date
from bot.model import OnrecordError
from bot.reading.folders import show

_log = logging.getLogger(__name__)


class FileDatabase:
    """The database of a data folder. Its methods may be called in any thread, and open the file when it is needed.

    A damaged file is set aside under another name, with a warning in the log, and a new one is begun. A file that was
    deleted or replaced meanwhile is opened anew.
    """

    def __init__(self, data: Path) -> None:
        self.path = data / DATABASE
        self._lock = Lock()
        self._engine: Engine | None = None
        self._file: sqlite.Identity | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may change things: it is kept when the block ends, and undone when the block raises.

        Raises:
            OnrecordError: the database is locked, full, read-only or damaged, or a newer program made it.
        """
        with self._explained():
            engine = self._opened()
            try:
                with engine.begin() as connection:
                    yield connection
            except SQLAlchemyError as error:
                if sqlite.is_damaged(error):
                    self._set_aside()
                    raise OnrecordError(f"{show(self.path)} was damaged: a new one is begun, try again.") from error
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the database as it is at one moment.

        Raises:
            OnrecordError: the database cannot be read, or a newer program made it.
        """
        with self._explained(), self._opened().connect() as connection:
            yield connection.execution_options(reads=True)

    def wipe(self) -> bool:
        """Leaves nothing of what was deleted on the disk; False where another program is at work and it stays there
        for a while.

        Raises:
            OnrecordError: the database cannot be written.
        """
        with self._explained():
            return sqlite.wipe_log(self._opened())

    def close(self) -> None:
        """Closes the file; it is opened again when it is needed."""
        with self._lock:
            self._close()

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None or sqlite.identity(self.path) != self._file:
                self._close()
                self._engine = self._open()
                self._file = sqlite.identity(self.path)
            return self._engine

    def _open(self) -> Engine:
        engine = sqlite.engine_of(self.path)
        try:
            bring_up_to_date(engine)
        except SQLAlchemyError as error:
            found = sqlite.identity(self.path)
            engine.dispose()
            if not sqlite.is_damaged(error):
                raise
            self._warn_of_damage(found)
            engine = sqlite.engine_of(self.path)
            bring_up_to_date(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _set_aside(self) -> None:
        with self._lock:
            damaged = self._file
            self._close()
            self._warn_of_damage(damaged)

    def _warn_of_damage(self, damaged: sqlite.Identity | None) -> None:
        aside = sqlite.set_aside(self.path, damaged, datetime.now(UTC))
        if aside:
            _log.warning("The database %s was damaged: it is kept as %s, and a new one is begun.", self.path, aside)

    def _close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        self._engine = self._file = None

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turns what can go wrong with a database into a sentence for whoever can put it right."""
        path = show(self.path)
        try:
            yield
        except NewerSchemaError as error:
            raise OnrecordError(
                f"{path} was written by a newer Onrecord: update this one, or name another folder: --data."
            ) from error
        except OSError as error:
            raise OnrecordError(
                f"Cannot use {path}: {error.strerror or error}. Check the folder, or name another: --data."
            ) from error
        except SQLAlchemyError as error:
            if sqlite.is_busy(error):
                raise OnrecordError(f"{path} is in use by another program: try again in a moment.") from error
            if sqlite.is_full(error):
                raise OnrecordError(f"There is no room to write {path}: free some on the disk.") from error
            if sqlite.is_damaged(error):
                raise OnrecordError(f"{path} is damaged: move it to another name, and a new one is begun.") from error
            reason = getattr(error, "orig", None) or type(error).__name__
            raise OnrecordError(f"Cannot use {path}: {reason}. Check the folder, or name another: --data.") from error
