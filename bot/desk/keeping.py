"""The statements of the question log, each in the transaction that it is given."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from bot.desk.noted import Noted, Question, Vote, bounded
from bot.desk.schema import questions, votes
from bot.desk.upsert import put
from bot.reading.cleaning import clean

_AT_ONCE = 500  # rows that are fetched together
EXPIRED_AT_ONCE = 5_000
"""Questions that are deleted together: others wait no longer than that takes."""


def add(connection: Connection, noted: Noted) -> int:
    """A new question; its id is drawn, so that one in an old message never comes to mean another question."""
    number = secrets.randbits(52)  # every JSON reader can hold it
    connection.execute(insert(questions).values(id=number, asked_at=noted.asked_at, **bounded(noted)))
    return number


def rewrite(connection: Connection, number: int, noted: Noted) -> int:
    """The question and its answer in place of those with this id, without their votes; the time stays. Where they are
    gone it is a new question. Gives the id."""
    changed = connection.execute(update(questions).where(questions.c.id == number).values(bounded(noted)))
    if not changed.rowcount:
        return add(connection, noted)
    connection.execute(delete(votes).where(votes.c.question == number))
    return number


def vote(connection: Connection, number: int, person: str, up: bool, release: str, quote: str) -> None:
    """A person's vote on a sentence for a question, in place of their vote before; none where the question is gone."""
    values = {"up": up, "release": release, "quote": clean(quote), "voted_at": datetime.now(UTC)}
    asked = select(questions.c.id).where(questions.c.id == number)
    # Held until the vote is there, where others may delete it meanwhile; SQLite knows no such lock and needs none.
    if connection.execute(asked.with_for_update(read=True, key_share=True)).first():
        put(connection, votes, question=number, person=person, **values)


def forget(connection: Connection, person: str) -> int:
    """Deletes a person's questions with all votes on them, and their votes on those of others.

    Gives the number of questions and votes of theirs that there were.
    """
    voted = connection.execute(delete(votes).where(votes.c.person == person)).rowcount
    return voted + connection.execute(delete(questions).where(questions.c.person == person)).rowcount


def expire(connection: Connection, before: datetime | None) -> int:
    """Deletes what was asked before a time, all where it is None, with its votes, but no more than `EXPIRED_AT_ONCE`
    questions; gives their number. What another process deletes just then is left to it, where the database can tell."""
    old = _between(select(questions.c.id), None, before).limit(EXPIRED_AT_ONCE).with_for_update(skip_locked=True)
    return connection.execute(delete(questions).where(questions.c.id.in_(old))).rowcount


def oldest(connection: Connection) -> datetime | None:
    """When the oldest question that is kept was asked."""
    return connection.execute(select(func.min(questions.c.asked_at))).scalar()


def asked(connection: Connection, start: datetime | None = None, end: datetime | None = None) -> Iterator[Question]:
    """The questions from `start` until before `end`, oldest first, a few hundred in memory at a time."""
    chosen = _between(select(questions).order_by(questions.c.asked_at, questions.c.id), start, end)
    for row in connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        yield Question(*row)


def voted(connection: Connection, start: datetime | None = None, end: datetime | None = None) -> Iterator[Vote]:
    """The votes on these questions, in the order of the questions, then of the votes."""
    order = (questions.c.asked_at, questions.c.id, votes.c.voted_at, votes.c.person)
    chosen = _between(select(votes).join(questions).order_by(*order), start, end)
    for row in connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        yield Vote(*row)


def _between(chosen: Select[Any], start: datetime | None, end: datetime | None) -> Select[Any]:
    if start is not None:
        chosen = chosen.where(questions.c.asked_at >= start)
    return chosen if end is None else chosen.where(questions.c.asked_at < end)
