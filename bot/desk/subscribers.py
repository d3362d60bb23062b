"""The chats that get the weekly digest. Their numbers are kept as they are, for the digest is sent there: admins only."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from bot.desk.database import Database
from bot.desk.schema import subscribers


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
        if connection.execute(select(subscribers.c.chat).where(subscribers.c.chat == chat)).first():
            return False
        connection.execute(insert(subscribers).values(chat=chat, since=datetime.now(UTC)))
        return True


def unsubscribe(database: Database, chat: int) -> bool:
    """Sends no digest to a chat any more, and forgets it; False where it got none."""
    with database.writing() as connection:
        return connection.execute(delete(subscribers).where(subscribers.c.chat == chat)).rowcount > 0


def digest_sent(database: Database, chat: int, sent_at: datetime) -> None:
    """Notes when a chat got its last digest."""
    with database.writing() as connection:
        connection.execute(update(subscribers).where(subscribers.c.chat == chat).values(sent_at=sent_at))
