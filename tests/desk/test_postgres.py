"""What is said of a server's errors, and how its address is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("psycopg", reason="psycopg is not here: pip install -e '.[dev]' installs it.")

import sys

from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.desk.postgres import engine_of, explained, is_lost, place_of
from bot.model import OnrecordError, UnavailableError

URL = "postgresql://anna:geheim@db.example:5433/desk"


def said(cause: Exception) -> OperationalError:
    """An error as it comes from SQLAlchemy; what the driver said may hold anything."""
    return OperationalError("INSERT geheim", {}, cause)


def test_a_sentence_names_the_database_and_its_server_alone() -> None:
    assert place_of(URL) == "desk on db.example"
    assert place_of("postgres://db.example/desk?user=anna&password=geheim") == "desk on db.example"
    assert place_of("postgresql:///desk?host=/run/postgresql") == "desk on /run/postgresql"
    assert place_of("postgresql:///desk") == "desk on localhost"
    assert place_of("postgresql://anna:geheim@/desk?host=one&host=two") == "desk on one, two"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://anna:geheim@db.example/desk",
        "geheim",
        "postgresql://anna:geh@eim@db.example/desk",
        "postgresql://anna:geheim@x:y@db.example/desk",
        "postgresql://anna:geheim@x/y@db.example/desk",
        "postgresql://anna:geheim@db.example:port/desk",
    ],
)
def test_an_address_of_another_form_is_not_repeated(url: str) -> None:
    with pytest.raises(OnrecordError, match="has the form postgresql://") as raised:
        engine_of(url)
    assert "eheim" not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@given(st.text() | st.text("a@:/?#%[]&="))
def test_any_password_is_read_as_it_is_meant_or_refused(password: str) -> None:
    try:
        place = place_of(f"postgresql://anna:{password}@db.example/desk")
    except OnrecordError:
        return
    assert place == "desk on db.example"


LOST = "does not answer: see that it runs"
REFUSED = "refuses the user or the password"


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (errors.AdminShutdown("geheim"), LOST),
        (errors.CannotConnectNow("geheim"), LOST),
        (errors.OperationalError("connection failed: Connection refused"), LOST),
        (errors.ConnectionTimeout("geheim"), LOST),
        (errors.TooManyConnections("geheim"), "takes no more connections"),
        (errors.OperationalError("FATAL:  sorry, too many clients already"), "takes no more connections"),
        (errors.QueryCanceled("geheim"), "too busy"),
        (errors.DeadlockDetected("geheim"), "too busy"),
    ],
)
def test_what_passes_may_be_tried_again(cause: Exception, sentence: str) -> None:
    error = explained(said(cause), URL)
    assert isinstance(error, UnavailableError)
    assert sentence in str(error)
    assert is_lost(said(cause)) == (sentence != "too busy")


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (errors.OperationalError('FATAL:  password authentication failed for user "geheim"'), REFUSED),
        (errors.OperationalError('FATAL:  role "geheim" does not exist'), REFUSED),
        (errors.OperationalError('FATAL:  database "desk" does not exist'), "There is no database desk on db.example"),
        (errors.OperationalError("server does not support SSL, but SSL was required"), "cannot be reached safely"),
        (errors.DiskFull("geheim"), "There is no room"),
        (errors.ReadOnlySqlTransaction("geheim"), "can only be read"),
        (errors.InsufficientPrivilege("geheim"), "let the user of ONRECORD_DATABASE make tables"),
        (errors.ForeignKeyViolation("geheim"), r"reports an error \(23503\)"),
        (errors.ProgrammingError("geheim"), r"reports an error \(OperationalError\)"),
    ],
)
def test_what_does_not_pass_says_what_to_do(cause: Exception, sentence: str) -> None:
    error = explained(said(cause), URL)
    assert not isinstance(error, UnavailableError)
    assert not is_lost(said(cause))
    with pytest.raises(OnrecordError, match=sentence):
        raise error
    assert not any(word in str(error) for word in ("geheim", "anna", "\n"))


def test_a_connection_that_broke_or_cannot_be_had_is_lost() -> None:
    assert is_lost(DBAPIError("SELECT 1", {}, Exception("geheim"), connection_invalidated=True))
    assert is_lost(PoolTimeoutError("QueuePool limit"))
    assert not is_lost(SQLAlchemyError())
    assert not is_lost(ValueError())


def test_without_the_part_for_postgresql_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(OnrecordError, match=r"pip install 'onrecord\[cluster\]'"):
        engine_of(URL)
