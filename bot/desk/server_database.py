"""The desk's database on a server of PostgreSQL, which many machines share."""

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import finalize

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.desk.migrations import NewerSchemaError, bring_up_to_date
from bot.desk.postgres import engine_of, explained, lock, place_of
from bot.model import OnrecordError

_SCHEMA_LOCK = 0x6F6E_7265_636F_7264  # "onrecord", for nobody else's lock


class ServerDatabase:
    """The database with a URL `postgresql://…`. Its methods may be called in any thread.

    Where it is empty the tables are made, by one of the processes that come at once. A server that was away is used
    again as soon as it is back.

    Raises:
        OnrecordError: the URL has another form, or the part for PostgreSQL is not installed.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = engine_of(url)
        self._ready = False
        finalize(self, self._engine.dispose)  # a command ends with its connections, whoever opened them

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may change things: it is kept when the block ends, and undone when the block raises.

        It sees what others have committed before each of its statements.

        Raises:
            UnavailableError: the server does not answer, or is too busy.
            OnrecordError: the server refuses it, has no room, or a newer program made the tables.
        """
        with self._explained(), self._opened().begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the database as it is at its first statement, and changes nothing.

        Raises:
            UnavailableError: the server does not answer, or is too busy.
            OnrecordError: the server refuses it, or a newer program made the tables.
        """
        with self._explained(), self._opened().connect() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def wipe(self) -> bool:
        """True, for there is nothing to do: no query finds what was deleted, and the server itself, by its autovacuum,
        gives its room to others. Until then, and for as long as the server's own write-ahead log and copies of it are
        kept, it can be found in their files by who may read these."""
        return True

    def close(self) -> None:
        """Ends the connections; they are made again when they are needed."""
        self._engine.dispose()

    def _opened(self) -> Engine:
        # No thread waits here for another that gets no connection: the server's lock is enough.
        if not self._ready:
            bring_up_to_date(self._engine, lambda connection: lock(connection, _SCHEMA_LOCK))
            self._ready = True
        return self._engine

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turns what can go wrong with a server into a sentence for whoever can put it right."""
        try:
            yield
        except NewerSchemaError as error:
            raise OnrecordError(
                f"The database {place_of(self._url)} was written by a newer Onrecord, or by another program: update this "
                "one, or name another in ONRECORD_DATABASE."
            ) from error
        except SQLAlchemyError as error:
            raise explained(error, self._url) from error
