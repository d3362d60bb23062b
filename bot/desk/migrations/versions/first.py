"""The first schema: questions, votes, feeds, entries, subscribers."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Makes the tables; `bot.desk.schema` says what the columns are."""
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("release", sa.String(64)),
        sa.Column("title", sa.Text),
        sa.Column("quote", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_asked_at"), "questions", ["asked_at"])
    op.create_index(op.f("ix_questions_person"), "questions", ["person"])
    op.create_table(
        "votes",
        sa.Column("question", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("up", sa.Boolean, nullable=False),
        sa.Column("release", sa.String(64), nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("voted_at", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name=op.f("fk_votes_question"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question", "person", name=op.f("pk_votes")),
    )
    op.create_index(op.f("ix_votes_person"), "votes", ["person"])
    op.create_table(
        "feeds",
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("modified", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("checked_at", sa.DateTime),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_feeds")),
    )
    op.create_table(
        "entries",
        sa.Column("feed", sa.String(2000), nullable=False),
        sa.Column("key", sa.String(2000), nullable=False),
        sa.Column("release", sa.String(64)),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.url"], name=op.f("fk_entries_feed"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed", "key", name=op.f("pk_entries")),
    )
    op.create_table(
        "subscribers",
        sa.Column("chat", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_subscribers")),
    )


def downgrade() -> None:
    """Drops the tables."""
    for table in ("subscribers", "entries", "feeds", "votes", "questions"):
        op.drop_table(table)
