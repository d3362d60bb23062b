"""From any earlier schema of the desk's database to the present one; a file in `versions` for each step."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from bot.desk.schema import HEAD, VERSION_TABLE, metadata

if TYPE_CHECKING:
    from alembic.config import Config


class NewerSchemaError(Exception):
    """The database was left by a program that knows steps which this one does not."""


def configuration() -> "Config":
    """What alembic has to know, in place of a file `alembic.ini`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def bring_up_to_date(engine: Engine, lock: Callable[[Connection], None] = lambda connection: None) -> None:
    """Makes the present schema where there is none, and takes the steps that lead to it where there is an earlier one.

    `lock` is called at the begin of a transaction that writes, and waits for all others that do the same; a database
    whose transactions begin with a lock needs none.

    Raises:
        NewerSchemaError: the schema is none of those that lead here.
        SQLAlchemyError: the database cannot be read or written.
    """
    with engine.connect().execution_options(reads=True) as connection:
        if _revision(connection) == HEAD:
            return
    with engine.begin() as connection:
        lock(connection)
        # There may be other tables: the bot has its own.
        if not {VERSION_TABLE, *metadata.tables} & {*inspect(connection).get_table_names()}:
            _make(connection)
            return
    import alembic.command  # noqa: F401 - slow: not while the others wait for the lock

    with engine.begin() as connection:
        lock(connection)
        if _revision(connection) != HEAD:  # another process may have been first
            upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Brings the database to the present schema, in the transaction that is open.

    Raises:
        NewerSchemaError: its schema is none of those that lead here.
    """
    from alembic import command
    from alembic.util import CommandError

    config = configuration()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise NewerSchemaError from error


def _make(connection: Connection) -> None:
    """Makes the present schema in a new database, where no step need be taken, and alembic need not be waited for."""
    metadata.create_all(connection)
    connection.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:head)"), {"head": HEAD})  # noqa: S608


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
