"""The steps of the migrations make the very schema that is documented."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from bot.desk.database import open_database
from bot.desk.migrations import NewerSchemaError, configuration, upgrade
from bot.desk.postgres import engine_of
from bot.desk.schema import HEAD, VERSION_TABLE, metadata


@pytest.fixture(params=["file", "server"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The URL of a database on a server without tables, None for a file."""
    return request.getfixturevalue("database_url") if request.param == "server" else None


@pytest.fixture
def connection(url: str | None, tmp_path: Path) -> Iterator[Connection]:
    engine = engine_of(url) if url else create_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with engine.connect() as connection:
        yield connection  # and what was done is undone
    engine.dispose()


def differences(connection: Connection) -> list[object]:
    """How the database differs from the schema; comments are for who makes it at once."""
    found = compare_metadata(MigrationContext.configure(connection), metadata)
    flat = [each for one in found for each in (one if isinstance(one, list) else [one])]
    return [one for one in flat if "comment" not in one[0]]


def test_the_steps_make_the_schema(connection: Connection) -> None:
    upgrade(connection)
    assert differences(connection) == []
    assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == HEAD  # noqa: S608


def test_a_new_database_is_as_if_all_steps_had_been_taken(
    connection: Connection, url: str | None, tmp_path: Path
) -> None:
    database = open_database(tmp_path, url)
    with database.reading() as made:
        assert differences(made) == []
        version = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608
        assert made.execute(text(version)).scalar() == HEAD
        columns = {table: [column["name"] for column in inspect(made).get_columns(table)] for table in metadata.tables}
    database.close()
    if url:
        metadata.drop_all(connection)
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
    upgrade(connection)
    steps = {table: [column["name"] for column in inspect(connection).get_columns(table)] for table in metadata.tables}
    assert columns == steps


def test_a_second_time_changes_nothing(connection: Connection) -> None:
    upgrade(connection)
    upgrade(connection)
    assert differences(connection) == []


def test_the_last_step_is_the_one_that_the_program_looks_for() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [HEAD]


def test_every_step_can_be_taken_back(connection: Connection) -> None:
    upgrade(connection)
    config = configuration()
    config.attributes["connection"] = connection
    command.downgrade(config, "base")
    assert inspect(connection).get_table_names() == [VERSION_TABLE]


def test_a_newer_schema_is_left_alone(connection: Connection) -> None:
    upgrade(connection)
    connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608
    with pytest.raises(NewerSchemaError):
        upgrade(connection)
    assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == "9999"  # noqa: S608


def test_every_table_and_every_column_is_explained() -> None:
    for table in metadata.sorted_tables:
        assert table.comment, table
        assert [column for column in table.columns if not column.comment] == []


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    database = open_database(tmp_path / "what? 100% #1")
    with database.reading() as made:
        assert inspect(made).has_table("questions")
    database.close()
    assert (tmp_path / "what? 100% #1" / "desk.sqlite3").exists()
