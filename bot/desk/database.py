"""The desk's database: a file in the data folder, or on a server that many machines share."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection


class Database(Protocol):
    """A database with the tables of `bot.desk.schema`. Its methods may be called in any thread, while other processes
    use it, too; it is opened, made and brought up to date when it is first needed."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that may change things: it is kept when the block ends, and undone when the block raises.

        Raises:
            UnavailableError: it cannot be reached now.
            OnrecordError: it cannot be written, or a newer program made it.
        """

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees the database as it is at one moment.

        Raises:
            UnavailableError: it cannot be reached now.
            OnrecordError: it cannot be read, or a newer program made it.
        """

    def wipe(self) -> bool:
        """Leaves nothing of what was deleted where it can be read; False where it stays there for a while.

        Raises:
            OnrecordError: it cannot be written.
        """

    def close(self) -> None:
        """Ends the connections; they are made again when they are needed."""


def open_database(data: Path, url: str | None = None) -> Database:
    """The database with a URL `postgresql://…`, or where there is none that in the data folder; nothing is read yet.

    Raises:
        OnrecordError: the URL has another form, or the part for PostgreSQL is not installed.
    """
    if url is not None:
        from bot.desk.server_database import ServerDatabase

        return ServerDatabase(url)
    from bot.desk.file_database import FileDatabase

    return FileDatabase(data)
