"""A row put in, or put in the place of the one with its key: in one statement, for two may do so at once."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def put(connection: Connection, table: Table, **values: Any) -> None:
    """Puts in a row; where there is one with the same primary key its other columns, as far as named, are changed."""
    key = [column.name for column in table.primary_key]
    changed = {name: value for name, value in values.items() if name not in key}
    connection.execute(_insert(connection, table, values).on_conflict_do_update(index_elements=key, set_=changed))


def put_new(connection: Connection, table: Table, **values: Any) -> bool:
    """Puts in a row; False where there is one with the same primary key, which stays as it is."""
    counted = {"preserve_rowcount": True}
    return (
        connection.execute(
            _insert(connection, table, values).on_conflict_do_nothing(), execution_options=counted
        ).rowcount
        > 0
    )


def _insert(connection: Connection, table: Table, values: dict[str, Any]) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).values(values)
    return sqlite.insert(table).values(values)
