"""What the desk keeps, as tables: what people asked, how they voted, the feeds that are followed, who gets the digest.

    questions    a row for each question that was put, and the first sentence of its answer
    votes        what a person said of a sentence that answered a question; goes with its question
    feeds        the feeds that are followed, and what their servers said when they were last read
    entries      what was taken from a feed, so that it is taken once
    subscribers  the chats of admins who want the weekly digest: the only numbers of Telegram that are here

A person is a keyed hash (`bot.desk.people`), and there is no other trace of who asked. Times are UTC. The comments on
the columns say the rest. `bot.desk.migrations` makes these tables, and a test holds the two together.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

HEAD = "1"
"""The revision of `bot.desk.migrations` that makes this schema."""

VERSION_TABLE = "alembic_version"


class Utc(TypeDecorator[datetime]):
    """A time that is aware in Python and stands in the database as it is in UTC, without a zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As it is written."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """As it is read."""
        return value.replace(tzinfo=UTC) if value else None


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

questions = Table(
    "questions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="Drawn, not counted: never given twice."),
    Column("asked_at", Utc, nullable=False, index=True, comment="When it was asked, UTC."),
    Column("person", String(32), nullable=False, index=True, comment="Who asked: a keyed hash."),
    Column("way", String(16), nullable=False, comment="Where it was asked: telegram, group, repl or ask."),
    Column("language", String(16), nullable=False, comment="The language of the words around the answer, such as en."),
    Column("question", Text, nullable=False, comment="What was asked, on one line, at most 1,000 characters."),
    Column("answered", Boolean, nullable=False, comment="Whether the releases answer it."),
    Column("confidence", Float, nullable=False, comment="How sure the reply was, from 0 to 1."),
    Column("release", String(64), comment="The id of the release that was quoted first; null where none answers."),
    Column("title", Text, comment="Its title at that time."),
    Column("quote", Text, comment="The sentence that was quoted first, word for word."),
    comment="What people asked. Rows go when they are older than the retention, or by /forget.",
)

votes = Table(
    "votes",
    metadata,
    Column(
        "question",
        ForeignKey("questions.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="The question that was answered.",
    ),
    Column("person", String(32), primary_key=True, comment="Who voted: a keyed hash."),
    Column("up", Boolean, nullable=False, comment="Whether the sentence answers the question."),
    Column("release", String(64), nullable=False, comment="The id of the release that the sentence is from."),
    Column("quote", Text, nullable=False, comment="The sentence that was voted on, word for word."),
    Column("voted_at", Utc, nullable=False, comment="When the vote was last changed, UTC."),
    Index(None, "person"),
    comment="Votes on answers: one of a person on a question, the last.",
)

feeds = Table(
    "feeds",
    metadata,
    Column("url", String(2000), primary_key=True, comment="The address of the feed."),
    Column("etag", Text, comment="What its server wants to be asked with in If-None-Match."),
    Column("modified", Text, comment="What its server wants to be asked with in If-Modified-Since."),
    Column("title", Text, comment="What the feed calls itself."),
    Column("checked_at", Utc, comment="When it was last read, UTC; null before the first time."),
    comment="The feeds that are followed.",
)

entries = Table(
    "entries",
    metadata,
    Column("feed", ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True, comment="The feed."),
    Column("key", String(2000), primary_key=True, comment="What the feed knows the entry by: its id, else its link."),
    Column("release", String(64), comment="The id of the release that was made of it; null where it was none."),
    Column("added_at", Utc, nullable=False, comment="When it was taken, UTC."),
    comment="The entries of feeds that were taken.",
)

subscribers = Table(
    "subscribers",
    metadata,
    Column(
        "chat",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="The number of the chat in Telegram, for the digest is sent to it. Of admins only.",
    ),
    Column("since", Utc, nullable=False, comment="When the digest was asked for, UTC."),
    Column("sent_at", Utc, comment="When the last digest was sent, UTC; null before the first."),
    comment="The chats that get the weekly digest.",
)
