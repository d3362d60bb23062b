"""The feeds that are followed, and what was taken from them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from bot.desk.database import Database
from bot.desk.schema import entries, feeds
from bot.desk.upsert import put


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and what its server said when it was last read; `checked_at` is in UTC, None before the first time."""

    url: str
    etag: str | None = None
    modified: str | None = None
    title: str | None = None
    checked_at: datetime | None = None


def find_feed(database: Database, url: str) -> Feed | None:
    """The feed with this address, None where it is not followed.

    Raises:
        OnrecordError: the database cannot be read; so of all functions here.
    """
    with database.reading() as connection:
        row = connection.execute(select(feeds).where(feeds.c.url == url)).first()
    return Feed(*row) if row else None


def keep_feed(database: Database, feed: Feed) -> None:
    """Follows a feed, or notes what its server said this time."""
    with database.writing() as connection:
        put(connection, feeds, **asdict(feed))


def taken(database: Database, url: str) -> dict[str, str | None]:
    """The keys of the entries that were taken from a feed, and the ids of the releases that they became."""
    with database.reading() as connection:
        chosen = select(entries.c.key, entries.c.release).where(entries.c.feed == url)
        return {row.key: row.release for row in connection.execute(chosen)}


def take(database: Database, url: str, key_and_release: Iterable[tuple[str, str | None]]) -> None:
    """Notes entries of a feed that is followed as taken, each with the id of its release, None where it became none."""
    with database.writing() as connection:
        for key, release in key_and_release:
            put(connection, entries, feed=url, key=key, release=release, added_at=datetime.now(UTC))
