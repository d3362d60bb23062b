"""A database on a server is made once, read at one moment, and comes back when its server does."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from desk_world import ANNA, BERT, QUOTE, unanswered
from postgres_server import Postgres
from sqlalchemy import Connection, func, insert, make_url, select, text

from bot.desk.log import QuestionLog, open_log
from bot.desk.schema import HEAD, VERSION_TABLE, questions, votes
from bot.desk.server_database import ServerDatabase
from bot.model import OnrecordError, UnavailableError

Open = Callable[[str], ServerDatabase]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens databases, which are closed after the test."""
    with ExitStack() as stack:

        def make(url: str) -> ServerDatabase:
            database = ServerDatabase(url)
            stack.callback(database.close)
            return database

        yield make


@pytest.fixture
def log(desk_url: str, tmp_path: Path) -> Iterator[QuestionLog]:
    log = open_log(tmp_path / "data", 90, desk_url, "1:token")
    log.forget(ANNA)
    yield log
    log.close()


def count(connection: Connection) -> int:
    number = connection.execute(select(func.count()).select_from(questions)).scalar()
    assert number is not None
    return number


def versions(database: ServerDatabase) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars())  # noqa: S608


def other(url: str, **parts: str) -> str:
    """The URL with other parts, with its password."""
    return make_url(url).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


# How it is made.


def test_all_who_come_at_once_find_the_tables_made_once(opened: Open, database_url: str) -> None:
    databases = [opened(database_url) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(versions, databases)) == [[HEAD]] * 6


def test_the_tables_of_others_are_left_alone(opened: Open, database_url: str) -> None:
    first = opened(database_url)
    with first._engine.begin() as connection:  # before the tables are there
        connection.execute(text("CREATE TABLE inbox (update_id BIGINT)"))
    assert versions(first) == [HEAD]
    with first.reading() as connection:
        assert connection.execute(text("SELECT * FROM inbox")).all() == []


def test_a_newer_schema_is_refused_with_a_sentence(opened: Open, database_url: str) -> None:
    first = opened(database_url)
    with first.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608
    with pytest.raises(OnrecordError, match=r"written by a newer Onrecord.* ONRECORD_DATABASE"):
        versions(opened(database_url))


# How it is read and written.


def test_what_is_read_is_of_one_moment(opened: Open, log: QuestionLog, desk_url: str) -> None:
    with opened(desk_url).reading() as connection:
        before = count(connection)
        assert log.note(unanswered()) is not None
        assert count(connection) == before
        with pytest.raises(OnrecordError, match="can only be read"), opened(desk_url).reading() as reads:
            reads.execute(insert(questions).values(id=1))


def test_a_block_that_raises_leaves_nothing(opened: Open, log: QuestionLog, desk_url: str) -> None:
    number = log.note(unanswered())
    with pytest.raises(KeyError), opened(desk_url).writing() as connection:
        connection.execute(questions.delete().where(questions.c.id == number))
        raise KeyError
    with opened(desk_url).reading() as connection:
        assert connection.execute(select(questions.c.id).where(questions.c.id == number)).scalar() == number


def test_votes_at_once_of_one_person_are_one_vote(log: QuestionLog, desk_url: str, opened: Open) -> None:
    number = log.note(unanswered())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda place: log.vote(number, BERT, place % 2 == 0, "quay", QUOTE), range(16)))
    with opened(desk_url).reading() as connection:
        assert len(connection.execute(select(votes).where(votes.c.question == number)).all()) == 1


def test_a_vote_while_its_question_is_deleted_does_no_harm(log: QuestionLog, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        number = log.note(unanswered())
        with ThreadPoolExecutor(2) as pool:
            pool.submit(log.vote, number, BERT, True, "quay", QUOTE)
            assert pool.submit(log.forget, ANNA).result() == 1
    assert caplog.text == ""


# What can go wrong.


def test_a_server_that_was_away_is_used_again_when_it_is_back(
    log: QuestionLog, postgres: Postgres, desk_url: str, opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    assert log.note(unanswered("Before?")) is not None
    postgres.stop()
    try:
        with caplog.at_level(logging.WARNING, "bot.desk"):
            assert [log.note(unanswered("PRIVATE?")) for _ in range(3)] == [None] * 3
        with pytest.raises(UnavailableError, match="does not answer"):
            log.forget(ANNA)
        with pytest.raises(UnavailableError, match="does not answer"):
            versions(opened(desk_url))
    finally:
        postgres.start()
    (record,) = (record for record in caplog.records if record.name == "bot.desk.log")
    assert "does not answer" in record.getMessage()
    assert not any(secret in caplog.text for secret in ("PRIVATE", postgres.password))
    assert log.note(unanswered("After?")) is not None
    assert log.forget(ANNA) == 2


def test_what_the_server_refuses_is_said_without_the_password(opened: Open, postgres: Postgres, desk_url: str) -> None:
    read_only = other(desk_url, query={"options": "-c default_transaction_read_only=on"})  # type: ignore[arg-type]
    refused = {
        other(desk_url, password="geheim"): "refuses the user or the password",
        other(desk_url, username="geheim"): "refuses the user or the password",
        other(desk_url, database="none"): "There is no database none on 127.0.0.1",
        read_only: "can only be read",
    }
    for url, sentence in refused.items():
        with pytest.raises(OnrecordError, match=sentence) as raised, opened(url).writing() as connection:
            connection.execute(insert(questions).values(id=1))
        assert not isinstance(raised.value, UnavailableError)
        assert not any(secret in str(raised.value) for secret in ("geheim", postgres.password, "\n"))


def test_a_user_who_may_do_little_is_told_what_to_allow(opened: Open, database_url: str) -> None:
    owner = opened(database_url)
    with owner._engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS guest"))
        connection.execute(text("CREATE ROLE guest LOGIN PASSWORD 'guest' CONNECTION LIMIT 1"))
    guest = other(database_url, username="guest", password="guest")
    first = opened(guest)
    with pytest.raises(OnrecordError, match="make tables and write there"), first.writing():
        pass
    versions(owner)
    with owner.writing() as connection:
        connection.execute(text(f"GRANT SELECT ON {VERSION_TABLE} TO guest"))
    with first.reading(), pytest.raises(UnavailableError, match="takes no more connections"), opened(guest).reading():
        pass
    first.close()
    with owner.writing() as connection:
        connection.execute(text("DROP OWNED BY guest; DROP ROLE guest"))
