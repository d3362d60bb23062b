"""The file under the data folder that holds what the bot must remember: the inbox, the answers, and what admins have to decide."""

import sqlite3
from pathlib import Path

from bot.model import OnrecordError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS inbox (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id INTEGER NOT NULL UNIQUE,
    payload TEXT,
    done_at REAL
);
CREATE INDEX IF NOT EXISTS inbox_open ON inbox (place) WHERE done_at IS NULL;
CREATE INDEX IF NOT EXISTS inbox_done ON inbox (done_at) WHERE done_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS answers (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL,
    asker INTEGER NOT NULL,
    question_message INTEGER NOT NULL,
    answer_message INTEGER,
    question TEXT NOT NULL,
    understood TEXT,
    stands INTEGER NOT NULL,
    scope TEXT,
    language TEXT NOT NULL DEFAULT 'en',
    reply TEXT NOT NULL,
    asked_at REAL NOT NULL,
    noted INTEGER
);
CREATE INDEX IF NOT EXISTS answers_question ON answers (chat, question_message);
CREATE INDEX IF NOT EXISTS answers_answer ON answers (chat, answer_message);
CREATE INDEX IF NOT EXISTS answers_asker ON answers (chat, asker);
CREATE TABLE IF NOT EXISTS votes (
    row INTEGER NOT NULL,
    voter INTEGER NOT NULL,
    up INTEGER NOT NULL,
    PRIMARY KEY (row, voter)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS proposals (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    admin INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    made_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS scopes (
    chat INTEGER PRIMARY KEY,
    release TEXT NOT NULL
);
"""


def open_database(data: Path, bot: str) -> sqlite3.Connection:
    """The database of the bot with this id in `data`, made where there is none. Only its owner may read it.

    Each bot has its own, for the ids of updates are its own, too.

    Commits survive the end of the process, also by SIGKILL (`synchronous=NORMAL` with a write-ahead log). Who needs a
    commit to survive a power cut, too, sets `synchronous=FULL` for it: that writes out the whole log.

    Raises:
        OnrecordError: the file cannot be made or read.
    """
    path = data / f"telegram-{bot}.sqlite3"
    try:
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.executescript(_SCHEMA)
        columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(answers)")}
        if "language" not in columns:  # the file is older than the translations
            connection.execute("ALTER TABLE answers ADD COLUMN language TEXT NOT NULL DEFAULT 'en'")
        if "noted" not in columns:  # the file is older than the question log
            connection.execute("ALTER TABLE answers ADD COLUMN noted INTEGER")
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise OnrecordError(f"Cannot keep the bot's files in {data}: {reason}. Name another folder: --data.") from error
    return connection
