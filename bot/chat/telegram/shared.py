"""The bot's database on a server of PostgreSQL, for several processes that serve one bot."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InternalError, OperationalError, SQLAlchemyError

from bot.chat.telegram import tables
from bot.chat.telegram.database import NotWrittenError, Result, Row, Statements, Values
from bot.desk.postgres import engine_of, explained, is_lost, place_of
from bot.model import OnrecordError, UnavailableError

PATIENCE = 30.0  # seconds for which a server that is lost is asked again
# Locks of a bot beside those of its processes, which are greater.
_SCHEMA, _ALONE = 0, -1
_PAUSES = (0.05, 0.2, 0.5, 1.0)  # seconds between the tries; the last goes on


class Shared:
    """The tables of one bot on a server, see `database.Database`.

    What is asked when the server is lost is asked again for up to PATIENCE seconds. Each bot has a schema of its own, as
    it has a file of its own with SQLite.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine, self._place = engine, place
        self._autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._closing = Event()

    def one(self, statement: str, values: Values = (), patience: float = PATIENCE) -> Row | None:
        """The first row that is found; `patience` is for how many seconds a lost server is asked again."""
        return self._persist(lambda: self._single(lambda asked: asked.one(statement, values)), patience)

    def all(self, statement: str, values: Values = ()) -> list[Row]:
        """The rows that are found."""
        return self._persist(lambda: self._single(lambda asked: asked.all(statement, values)))

    def change(self, statement: str, values: Values = (), patience: float = PATIENCE) -> int:
        """How many rows were changed; `patience` is as for `one`."""
        return self._persist(lambda: self._single(lambda asked: asked.change(statement, values)), patience)

    def insert(self, statement: str, values: Values = ()) -> int:
        """The number of a new row."""
        return self._persist(lambda: self._single(lambda asked: asked.insert(statement, values)))

    def transaction(self, work: Callable[[Statements], Result]) -> Result:
        """What `work` gives, which is done as a whole or not at all. Each of its statements sees what others committed
        before it (READ COMMITTED)."""

        def whole() -> Result:
            with self._engine.begin() as connection:
                return work(Asked(connection))

        return self._persist(whole)

    def connect(self) -> Connection:
        """A connection that commits each statement by itself, for a caller who needs one to itself.

        Raises:
            SQLAlchemyError: the server does not answer.
        """
        return self._autocommit.connect()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """In the block no other process of the bot is in such a block.

        Raises:
            NotWrittenError: the server does not answer, or another process is in it for very long.
        """
        with self._persist(self.connect) as connection:
            connection.detach()  # its session ends with the block, and the lock with the session
            try:
                Asked(connection).one("SELECT pg_advisory_lock(hashtext(current_schema()), ?)", (_ALONE,))
            except SQLAlchemyError as error:
                raise NotWrittenError(f"the database {self._place}: {_kind(error)}") from error
            yield

    def close(self) -> None:
        """Ends the connections; who still waits for the server gets an error."""
        self._closing.set()
        self._engine.dispose()

    def _single(self, ask: "Callable[[Asked], Result]") -> Result:
        with self._autocommit.connect() as connection:
            return ask(Asked(connection))

    def _persist(self, work: Callable[[], Result], patience: float = PATIENCE) -> Result:
        """What `work` gives, however often the server must be asked.

        Raises:
            NotWrittenError: it did not answer in time, or cannot write now, as where its disk is full.
            SQLAlchemyError: it cannot do what is asked, whenever that is.
        """
        deadline, tries = time.monotonic() + patience, 0
        while True:
            try:
                return work()
            except SQLAlchemyError as error:
                pause = _PAUSES[min(tries, len(_PAUSES) - 1)]
                tries += 1
                late = time.monotonic() + pause > deadline
                if is_lost(error) and not late and not self._closing.wait(pause):
                    continue
                if is_lost(error) or isinstance(error, OperationalError | InternalError):
                    raise NotWrittenError(f"the database {self._place}: {_kind(error)}") from error
                raise


class Asked:
    """A connection that is asked as `database.Statements` says."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, statement: str, values: Values = ()) -> Row | None:
        """The first row that is found."""
        found = self._run(statement, values).fetchone()
        return None if found is None else tuple(found)

    def all(self, statement: str, values: Values = ()) -> list[Row]:
        """The rows that are found."""
        return [tuple(row) for row in self._run(statement, values).fetchall()]

    def change(self, statement: str, values: Values = ()) -> int:
        """How many rows were changed."""
        return int(self._run(statement, values).rowcount)

    def insert(self, statement: str, values: Values = ()) -> int:
        """The number of a new row."""
        return int(self._run(f"{statement} RETURNING row", values).scalar_one())

    def _run(self, statement: str, values: Values) -> Any:
        return self._connection.exec_driver_sql(statement.replace("?", "%s"), tuple(map(_kept, values)))


def open_shared(url: str, bot: str) -> Shared:
    """The tables of the bot with this id on the server, made or brought up to date where need be.

    Raises:
        OnrecordError: the server cannot be reached or refuses, or a newer program made the tables.
    """
    schema = schema_of(bot)
    engine = engine_of(url, ping=False)  # a connection that was lost is found when it is used, and then asked again

    def enter(connection: Any, _: object) -> None:
        # What is done here counts on what other transactions committed before each statement, whatever is usual there.
        connection.execute(f"SET search_path TO {schema}; SET default_transaction_isolation TO 'read committed'")
        connection.commit()

    event.listen(engine, "connect", enter)
    deadline = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                _bring_up_to_date(engine, schema, place_of(url))
                return Shared(engine, place_of(url))
            except SQLAlchemyError as error:
                said = explained(error, url)
                if not isinstance(said, UnavailableError) or time.monotonic() > deadline:
                    raise said from error
            time.sleep(_PAUSES[-1])
    except BaseException:
        engine.dispose()
        raise


def schema_of(bot: str) -> str:
    """The name of the schema of a bot, which is part of statements, and so made of digits only.

    Raises:
        OnrecordError: the id of a bot is no number.
    """
    if not (bot.isascii() and bot.isdigit()):
        raise OnrecordError("TELEGRAM_BOT_TOKEN is not a token: it begins with digits.")
    return f"telegram_{bot}"


def _bring_up_to_date(engine: Engine, schema: str, place: str) -> None:
    """Makes what is missing, in one of the processes that come at once."""
    with engine.begin() as connection:
        asked = Asked(connection)
        asked.one("SELECT pg_advisory_xact_lock(hashtext(?), ?)", (schema, _SCHEMA))
        if asked.one("SELECT 1 FROM pg_namespace WHERE nspname = ?", (schema,)) is None:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS version (number BIGINT NOT NULL)")
        found = asked.one("SELECT max(number) FROM version")
        number = found[0] or 0 if found else 0
        if number > len(tables.SERVER_STEPS):
            raise OnrecordError(
                f"The bot's tables in the database {place} were made by a newer Onrecord: update this one, or name "
                "another in ONRECORD_DATABASE."
            )
        for step in tables.SERVER_STEPS[number:]:
            connection.exec_driver_sql(step)
        connection.exec_driver_sql("DELETE FROM version")
        asked.change("INSERT INTO version VALUES (?)", (len(tables.SERVER_STEPS),))


def _kept(value: object) -> object:
    """A value as PostgreSQL takes it: a text without NUL and without half a pair of surrogates, and no truth values,
    for SQLite has none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return value


def _kind(error: SQLAlchemyError) -> str:
    """The kind of an error, for the log: its words may hold what was asked."""
    return type(getattr(error, "orig", None) or error).__name__
