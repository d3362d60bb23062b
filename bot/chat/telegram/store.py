"""What was answered where: enough to edit an answer, to walk through its quotes, and to count its votes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.chat.language import ENGLISH
from bot.chat.telegram import quoting
from bot.chat.telegram.database import Database, Statements
from bot.chat.telegram.messages import Answer
from bot.index.releases import Releases
from bot.model import Refusal, Reply

_UNSETTLED = (Refusal.EMPTY, Refusal.VAGUE, Refusal.TOO_LONG, Refusal.NO_RELEASES)


class Written(NamedTuple):
    """When a message got its words, in seconds since 1970, and the update that told of it. Of two of a message the
    greater is the later one, however they arrive; update ids alone do not say, for they may begin anew."""

    at: int = 0
    update: int = 0


BEFORE_ALL = Written()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a chat, and how it was read.

    `understood` is the whole question where it was asked with the one before, `scope` the id of the only release asked,
    `language` that of the words around the answer, `written` which of the words of a message it stands for.
    """

    chat: int
    asker: int
    message: int
    question: str
    understood: str | None = None
    scope: str | None = None
    language: str = ENGLISH
    written: Written = BEFORE_ALL


@dataclass(frozen=True, slots=True)
class Answered:
    """A row of the store. `message` is the answer's, None until Telegram took it; `reply` is as `quoting` writes it;
    `noted` is the question's id in the question log, None where it is not there; `shown` is whether Telegram has taken
    this reply, and not only one to what the question was before an edit."""

    row: int
    asked: Asked
    message: int | None
    reply: str
    noted: int | None = None
    shown: bool = False
    ups: int = 0
    downs: int = 0


class Store:
    """The answers, votes and scopes in the database. Its methods may be called in any thread.

    Raises:
        sqlite3.Error, NotWrittenError: as the database does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # Answers.

    def add(self, asked: Asked, reply: Reply) -> Answered:
        """A new row for a reply that is about to be sent."""
        written = quoting.written(reply)
        row = self._database.insert(
            "INSERT INTO answers"
            " (chat, asker, question_message, question, understood, stands, scope, language, reply, asked_at,"
            " written_at, written_in, shown)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (
                asked.chat,
                asked.asker,
                asked.message,
                asked.question,
                asked.understood,
                _stands(asked, reply),
                asked.scope,
                asked.language,
                written,
                time.time(),
                *asked.written,
            ),
        )
        return Answered(row, asked, None, written)

    def rewrite(self, row: int, asked: Asked, reply: Reply) -> Answered:
        """The row of an answer whose question was edited: another question and reply, and no votes."""
        written = quoting.written(reply)

        def rewrite(database: Statements) -> None:
            database.change(
                "UPDATE answers SET question = ?, understood = ?, stands = ?, scope = ?, language = ?, reply = ?,"
                " written_at = ?, written_in = ?, shown = 0 WHERE row = ?",
                (
                    asked.question,
                    asked.understood,
                    _stands(asked, reply),
                    asked.scope,
                    asked.language,
                    written,
                    *asked.written,
                    row,
                ),
            )
            database.change("DELETE FROM votes WHERE row = ?", (row,))

        self._database.transaction(rewrite)
        return Answered(row, asked, None, written)

    def unchanged(self, row: int, written: Written) -> None:
        """Notes that the question of a row is still the same in later words."""
        self._database.change("UPDATE answers SET written_at = ?, written_in = ? WHERE row = ?", (*written, row))

    def keep_only(self, answered: Answered, places: Sequence[int]) -> Answered:
        """The row with only the quotes in these places, where the others are gone."""
        written = quoting.kept(answered.reply, places)
        self._database.change("UPDATE answers SET reply = ? WHERE row = ?", (written, answered.row))
        return replace(answered, reply=written)

    def sent(self, row: int, chat: int, message: int) -> None:
        """Notes where the answer of a row is, now that Telegram has taken it."""
        change = "UPDATE answers SET chat = ?, answer_message = ?, shown = 1 WHERE row = ?"
        self._database.change(change, (chat, message, row))

    def answered(self, row: int) -> Answered | None:
        """The answer of a row."""
        return self._find("row = ?", (row,))

    def answer_to(self, chat: int, question_message: int) -> Answered | None:
        """The answer that was sent for a message."""
        return self._find("chat = ? AND question_message = ? AND answer_message IS NOT NULL", (chat, question_message))

    def answer_in(self, chat: int, message: int) -> Answered | None:
        """The answer that a message of the bot holds."""
        return self._find("chat = ? AND answer_message = ?", (chat, message))

    def last_question(self, chat: int, asker: int, *, before: int | None = None) -> str | None:
        """The last question of a person that stands by itself, or the last before row `before`."""
        query = (
            "SELECT question FROM answers WHERE chat = ? AND asker = ? AND stands = 1 AND answer_message IS NOT NULL"
        )
        query += "" if before is None else " AND row < ?"
        values = (chat, asker) if before is None else (chat, asker, before)
        found = self._database.one(f"{query} ORDER BY row DESC LIMIT 1", values)
        return found[0] if found else None

    def noted(self, row: int, number: int | None) -> None:
        """Notes under which id the question of a row is in the question log."""
        self._database.change("UPDATE answers SET noted = ? WHERE row = ?", (number, row))

    def forget(self, person: int) -> None:
        """Deletes what a person asked, with the votes on it, their votes, and the scope of their private chat."""

        def forget(database: Statements) -> None:
            whose = "voter = ? OR row IN (SELECT row FROM answers WHERE asker = ?)"
            database.change(f"DELETE FROM votes WHERE {whose}", (person, person))  # noqa: S608
            database.change("DELETE FROM answers WHERE asker = ?", (person,))
            database.change("DELETE FROM scopes WHERE chat = ?", (person,))

        self._database.transaction(forget)

    def expire(self, days: int) -> None:
        """Deletes answers that are older than so many days, with the votes on them."""
        before = time.time() - days * 86_400

        def expire(database: Statements) -> None:
            database.change("DELETE FROM votes WHERE row IN (SELECT row FROM answers WHERE asked_at < ?)", (before,))
            database.change("DELETE FROM answers WHERE asked_at < ?", (before,))

        self._database.transaction(expire)

    # Votes.

    def vote(self, row: int, voter: int, up: bool) -> None:
        """Counts a person's vote for an answer; a second one takes the place of the first."""
        self._database.change(
            "INSERT INTO votes (row, voter, up) VALUES (?, ?, ?) ON CONFLICT (row, voter) DO UPDATE SET up = excluded.up",
            (row, voter, int(up)),
        )

    # Scopes.

    def scope(self, chat: int) -> str | None:
        """The id of the only release that is asked in a chat, None where all are."""
        found = self._database.one("SELECT release FROM scopes WHERE chat = ?", (chat,))
        return found[0] if found else None

    def set_scope(self, chat: int, release: str | None) -> None:
        """Asks only one release in a chat from here on, or all."""
        if release is None:
            self._database.change("DELETE FROM scopes WHERE chat = ?", (chat,))
        else:
            self._database.change(
                "INSERT INTO scopes (chat, release) VALUES (?, ?)"
                " ON CONFLICT (chat) DO UPDATE SET release = excluded.release",
                (chat, release),
            )

    def migrate(self, old: int, new: int) -> None:
        """What was known of a group is known of the supergroup that it became."""

        def migrate(database: Statements) -> None:
            database.change("UPDATE answers SET chat = ? WHERE chat = ?", (new, old))
            if database.one("SELECT 1 FROM scopes WHERE chat = ?", (old,)):
                database.change("DELETE FROM scopes WHERE chat = ?", (new,))
                database.change("UPDATE scopes SET chat = ? WHERE chat = ?", (new, old))

        self._database.transaction(migrate)

    def _find(self, where: str, values: tuple[int, ...]) -> Answered | None:
        columns = (
            "row, chat, asker, question_message, question, understood, scope, language, written_at, written_in,"
            " answer_message, reply, noted, shown"
        )
        votes = "(SELECT count(*) FROM votes WHERE votes.row = answers.row AND up = {})"
        found = self._database.one(
            f"SELECT {columns}, {votes.format(1)}, {votes.format(0)} FROM answers WHERE {where}"  # noqa: S608
            " ORDER BY row DESC LIMIT 1",
            values,
        )
        if found is None:
            return None
        asked = replace(Asked(*found[1:8]), written=Written(*found[8:10]))
        return Answered(found[0], asked, *found[10:])


def _stands(asked: Asked, reply: Reply) -> int:
    """Whether a question can be the last one that another leans on."""
    return int(asked.understood is None and reply.refusal not in _UNSETTLED)


def shown(answered: Answered, releases: Releases) -> tuple[Answer, tuple[int | None, ...]]:
    """The answer as the messages show it, and for each quote of the row its place in it, None where it is gone."""
    reply, places = quoting.read(answered.reply, answered.asked.understood or answered.asked.question, releases.find)
    scope = releases.find(answered.asked.scope) if answered.asked.scope else None
    return Answer(answered.row, reply, answered.asked.understood, scope, answered.ups, answered.downs), places
