"""The chats that get the weekly digest. Their numbers are kept as they are, for the digest is sent there: admins only."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select, update

from bot.desk.database import Database
from bot.desk.schema import subscribers
from bot.desk.upsert import put_new


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A chat, since when it gets the digest, and when it got the last, None before the first; in UTC."""

    chat: int
    since: datetime
    sent_at: datetime | None


def subscribed(database: Database) -> tuple[Subscriber, ...]:
    """Who gets the digest, in the order in which they asked for it.

    Raises:
        OnrecordError: the database cannot be read; so of all functions here.
    """
    with database.reading() as connection:
        chosen = select(subscribers).order_by(subscribers.c.since, subscribers.c.chat)
        return tuple(Subscriber(*row) for row in connection.execute(chosen))


def subscribe(database: Database, chat: int) -> bool:
    """Sends the digest to a chat from now on; False where it gets it already."""
    with database.writing() as connection:
        return put_new(connection, subscribers, chat=chat, since=datetime.now(UTC))


def unsubscribe(database: Database, chat: int) -> bool:
    """Sends no digest to a chat any more, and forgets it; False where it got none."""
    with database.writing() as connection:
        return connection.execute(delete(subscribers).where(subscribers.c.chat == chat)).rowcount > 0


def claim_digest(database: Database, subscriber: Subscriber, sent_at: datetime) -> bool:
    """Notes that a chat gets its digest at this time, before it is sent; False where another process has done so since
    the subscriber was read, and sends it."""
    return _note_digest(database, subscriber.chat, subscriber.sent_at, sent_at)


def unclaim_digest(database: Database, subscriber: Subscriber, sent_at: datetime) -> None:
    """Takes back such a note where the digest was not sent."""
    _note_digest(database, subscriber.chat, sent_at, subscriber.sent_at)


def _note_digest(database: Database, chat: int, before: datetime | None, after: datetime | None) -> bool:
    same = (subscribers.c.chat == chat) & subscribers.c.sent_at.is_not_distinct_from(before)
    with database.writing() as connection:
        return connection.execute(update(subscribers).where(same).values(sent_at=after)).rowcount > 0
