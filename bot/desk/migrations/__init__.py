"""From any earlier schema of the desk's database to the present one; a file in `versions` for each step."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection


class NewerSchemaError(Exception):
    """The database was left by a program that knows steps which this one does not."""


def configuration() -> "Config":
    """What alembic has to know, in place of a file `alembic.ini`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: "Connection") -> None:
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
