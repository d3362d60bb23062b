"""Where the desk keeps what it keeps: tests that ask for `url`, or for `database`, run on a file and on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import Postgres

from bot.desk.database import Database, open_database
from bot.desk.schema import metadata


@pytest.fixture(scope="session")
def desk_url(postgres: Postgres) -> str:
    """The URL of a database on a server with the desk's tables, for all tests: to make them takes a while."""
    url = postgres.database("desk")
    database = open_database(Path(), url)
    with database.reading():
        pass
    database.close()
    return url


@pytest.fixture(params=["file", "server"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The URL of a database on a server whose tables are empty, None for the file in the data folder."""
    if request.param == "file":
        return None
    url: str = request.getfixturevalue("desk_url")
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)}".encode())
    return url


@pytest.fixture
def database(url: str | None, tmp_path: Path) -> Iterator[Database]:
    """An empty database, closed after the test."""
    database = open_database(tmp_path / "data", url)
    yield database
    database.close()
