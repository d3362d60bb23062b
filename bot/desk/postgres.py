"""All that is PostgreSQL's own about a database: how its server is reached, and what its errors say."""

import re
import sys
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.model import OnrecordError, UnavailableError

_PATIENCE = 5  # seconds for a connection
_KEPT, _MORE = 10, 10  # connections of a process, and how many more while many threads are at work
_DIALECT = "postgresql+psycopg"
_SETUP = {
    "connect_timeout": _PATIENCE,
    "application_name": "onrecord",
    # A server that is cut off is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
    # No statement, and no process that stopped in the middle of a transaction, holds up the others for longer.
    "options": "-c statement_timeout=60s -c idle_in_transaction_session_timeout=60s",
    "prepare_threshold": None,  # a pooler between here and the server may give each transaction another connection
}

# Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html
_GONE = ("08", "57P")  # connection exceptions; shut down, crashed, starting
_CROWDED = ("53300",)
_FULL = ("53100",)
_READ_ONLY = ("25006",)
_FORBIDDEN = ("42501",)
_REFUSED = ("28",)
_MISSING = ("3D000",)
_BUSY = ("57014", "55P03", "40001", "40P01", "53200")

_UNSAFE = "TLS"  # no code of the server's

# A connection that comes to nothing has a sentence of the server, but no code.
_SENTENCES = (
    (re.compile("too many (clients|connections)|connection slots are reserved"), "53300"),
    (re.compile("authentication failed|no password supplied|no pg_hba.conf entry"), "28P01"),
    (re.compile('role ".*" (does not exist|is not permitted)'), "28000"),
    (re.compile('database ".*" does not exist'), "3D000"),
    (re.compile("permission denied"), "42501"),
    (re.compile("does not support SSL|certificate"), _UNSAFE),
)
_NO_CONNECTION = "08006"


def is_url(named: str) -> bool:
    """Whether this names a database of PostgreSQL."""
    return named.startswith(("postgresql://", "postgres://"))


def engine_of(url: str, *, ping: bool = True) -> Engine:
    """An engine for `postgresql://user:password@host:port/database`; nothing is connected yet.

    A connection that was lost, as when the server restarts, is replaced before it is used; without `ping` that costs no
    time, and the first that uses it gets an error, see `is_lost`. What the URL says after `?`
    goes to the server's library as it is, such as `sslmode=verify-full`, before what is said here.

    Raises:
        OnrecordError: the URL has another form, or the part for PostgreSQL is not installed.
    """
    parsed = _parsed(url)
    try:
        import psycopg  # noqa: F401 - an optional part
    except ImportError:
        raise OnrecordError("PostgreSQL needs one more part: pip install 'onrecord[cluster]'.") from None
    return create_engine(
        parsed,
        connect_args={name: value for name, value in _SETUP.items() if name not in parsed.query},
        pool_pre_ping=ping,
        pool_size=_KEPT,
        max_overflow=_MORE,
        pool_timeout=_PATIENCE,
        pool_use_lifo=True,
        hide_parameters=True,  # an error must not repeat a question
    )


def place_of(url: str) -> str:
    """What a sentence may say of the database: its name and its server, never the user or the password.

    Raises:
        OnrecordError: the URL has another form.
    """
    parsed = _parsed(url)
    hosts = parsed.query.get("host", "localhost")
    host = parsed.host or (hosts if isinstance(hosts, str) else ", ".join(hosts))
    return f"{parsed.database or 'of the user'} on {host}"


def is_lost(error: BaseException) -> bool:
    """Whether an error says that no connection can be had for now: the server is gone, restarts, or has too many.

    What was asked of it may be asked again later.
    """
    if isinstance(error, PoolTimeoutError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    code = _code(error)
    return code is not None and code.startswith((*_GONE, *_CROWDED))


def explained(error: SQLAlchemyError, url: str) -> OnrecordError:
    """What can be done about an error, as a sentence without anything of what was asked, of the user or the password.

    It is an `UnavailableError` where time alone may put it right.
    """
    place, code = place_of(url), _code(error) or ""
    if code.startswith(_CROWDED) or isinstance(error, PoolTimeoutError):
        said = f"The database {place} takes no more connections: try again in a moment, or raise its max_connections."
    elif is_lost(error):
        said = f"The database {place} does not answer: see that it runs and can be reached, and try again."
    elif code.startswith(_REFUSED):
        said = f"The database {place} refuses the user or the password: see ONRECORD_DATABASE."
    elif code == _UNSAFE:
        said = f"The database {place} cannot be reached safely: see sslmode and sslrootcert in ONRECORD_DATABASE."
    elif code.startswith(_MISSING):
        said = f"There is no database {place}: make it, or name another in ONRECORD_DATABASE."
    elif code.startswith(_FULL):
        said = f"There is no room in the database {place}: free some on the disk of its server."
    elif code.startswith(_READ_ONLY):
        said = f"The database {place} can only be read: name the server that may be written in ONRECORD_DATABASE."
    elif code.startswith(_FORBIDDEN):
        said = f"The database {place} forbids that: let the user of ONRECORD_DATABASE make tables and write there."
    elif code.startswith(_BUSY):
        said = f"The database {place} is too busy: try again in a moment."
    else:
        said = f"The database {place} reports an error ({code or type(error).__name__}): see ONRECORD_DATABASE and its log."
    passes = is_lost(error) or code.startswith(_BUSY)
    return UnavailableError(said) if passes else OnrecordError(said)


def lock(connection: Connection, number: int) -> None:
    """Waits until no other process has the lock with this number, and has it until the transaction ends.

    It may be long in coming, and so may what is done with it: a transaction with a lock has no time limit.
    """
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _parsed(url: str) -> URL:
    parsed = None
    # Of a password with an @ that is not written %40 the rest would be taken for the server.
    if is_url(url) and url.count("@") <= 1:
        with suppress(SQLAlchemyError, ValueError):  # which may repeat a part of the password
            parsed = make_url(url)
    if parsed is None:
        raise OnrecordError(
            "ONRECORD_DATABASE has the form postgresql://user:password@host:5432/database, where other signs than letters "
            "and digits are written as in a URL: %40 for @."
        )
    return parsed.set(drivername=_DIALECT)


def _code(error: BaseException) -> str | None:
    """The SQLSTATE of an error of the driver, as far as it can be told where there was no connection."""
    cause: Any = getattr(error, "orig", error)
    code = getattr(cause, "sqlstate", None)
    if isinstance(code, str):
        return code
    driver = sys.modules.get("psycopg")  # where it is not loaded the error is another's
    if driver is None or not isinstance(cause, driver.OperationalError):
        return None
    said = str(cause)
    return next((known for pattern, known in _SENTENCES if pattern.search(said)), _NO_CONNECTION)
