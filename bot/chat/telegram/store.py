"""What was answered where: enough to edit an answer, to walk through its quotes, and to count its votes."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from bot.chat.language import ENGLISH
from bot.chat.telegram import quoting
from bot.chat.telegram.messages import Answer
from bot.index.releases import Releases
from bot.model import Refusal, Reply

_UNSETTLED = (Refusal.EMPTY, Refusal.VAGUE, Refusal.TOO_LONG, Refusal.NO_RELEASES)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a chat, and how it was read.

    `understood` is the whole question where it was asked with the one before, `scope` the id of the only release asked,
    `language` that of the words around the answer.
    """

    chat: int
    asker: int
    message: int
    question: str
    understood: str | None = None
    scope: str | None = None
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Answered:
    """A row of the store. `message` is the answer's, None until Telegram took it; `reply` is as `quoting` writes it;
    `noted` is the question's id in the question log, None where it is not there."""

    row: int
    asked: Asked
    message: int | None
    reply: str
    noted: int | None = None
    ups: int = 0
    downs: int = 0


class Store:
    """The answers, votes and scopes in the database. Its methods may be called in any thread."""

    def __init__(self, database: sqlite3.Connection, lock: Lock) -> None:
        self._database, self._lock = database, lock

    # Answers.

    def add(self, asked: Asked, reply: Reply) -> Answered:
        """A new row for a reply that is about to be sent."""
        stands = asked.understood is None and reply.refusal not in _UNSETTLED
        written = quoting.written(reply)
        row = self._change(
            "INSERT INTO answers"
            " (chat, asker, question_message, question, understood, stands, scope, language, reply, asked_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                asked.chat,
                asked.asker,
                asked.message,
                asked.question,
                asked.understood,
                stands,
                asked.scope,
                asked.language,
                written,
                time.time(),
            ),
        )
        return Answered(row, asked, None, written)

    def rewrite(self, row: int, asked: Asked, reply: Reply) -> Answered:
        """The row of an answer whose question was edited: another question and reply, and no votes."""
        stands = asked.understood is None and reply.refusal not in _UNSETTLED
        written = quoting.written(reply)
        self._change(
            "UPDATE answers SET question = ?, understood = ?, stands = ?, scope = ?, language = ?, reply = ? WHERE row = ?",
            (asked.question, asked.understood, stands, asked.scope, asked.language, written, row),
        )
        self._change("DELETE FROM votes WHERE row = ?", (row,))
        return Answered(row, asked, None, written)

    def keep_only(self, answered: Answered, places: Sequence[int]) -> Answered:
        """The row with only the quotes in these places, where the others are gone."""
        written = quoting.kept(answered.reply, places)
        self._change("UPDATE answers SET reply = ? WHERE row = ?", (written, answered.row))
        return replace(answered, reply=written)

    def sent(self, row: int, chat: int, message: int) -> None:
        """Notes where the answer of a row is."""
        self._change("UPDATE answers SET chat = ?, answer_message = ? WHERE row = ?", (chat, message, row))

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
        query = "SELECT question FROM answers WHERE chat = ? AND asker = ? AND stands AND answer_message IS NOT NULL"
        query += "" if before is None else " AND row < ?"
        with self._lock:
            found = self._database.execute(
                f"{query} ORDER BY row DESC LIMIT 1", (chat, asker) if before is None else (chat, asker, before)
            ).fetchone()
        return found[0] if found else None

    def noted(self, row: int, number: int | None) -> None:
        """Notes under which id the question of a row is in the question log."""
        self._change("UPDATE answers SET noted = ? WHERE row = ?", (number, row))

    def forget(self, person: int) -> None:
        """Deletes what a person asked, with the votes on it, their votes, and the scope of their private chat."""
        self._change(
            "DELETE FROM votes WHERE voter = ? OR row IN (SELECT row FROM answers WHERE asker = ?)", (person, person)
        )
        self._change("DELETE FROM answers WHERE asker = ?", (person,))
        self._change("DELETE FROM scopes WHERE chat = ?", (person,))

    def expire(self, days: int) -> None:
        """Deletes answers that are older than so many days, with the votes on them."""
        before = time.time() - days * 86_400
        self._change("DELETE FROM votes WHERE row IN (SELECT row FROM answers WHERE asked_at < ?)", (before,))
        self._change("DELETE FROM answers WHERE asked_at < ?", (before,))

    # Votes.

    def vote(self, row: int, voter: int, up: bool) -> None:
        """Counts a person's vote for an answer; a second one takes the place of the first."""
        self._change("INSERT OR REPLACE INTO votes (row, voter, up) VALUES (?, ?, ?)", (row, voter, up))

    # Scopes.

    def scope(self, chat: int) -> str | None:
        """The id of the only release that is asked in a chat, None where all are."""
        with self._lock:
            found = self._database.execute("SELECT release FROM scopes WHERE chat = ?", (chat,)).fetchone()
        return found[0] if found else None

    def set_scope(self, chat: int, release: str | None) -> None:
        """Asks only one release in a chat from here on, or all."""
        if release is None:
            self._change("DELETE FROM scopes WHERE chat = ?", (chat,))
        else:
            self._change("INSERT OR REPLACE INTO scopes (chat, release) VALUES (?, ?)", (chat, release))

    def migrate(self, old: int, new: int) -> None:
        """What was known of a group is known of the supergroup that it became."""
        self._change("UPDATE answers SET chat = ? WHERE chat = ?", (new, old))
        self._change("UPDATE OR REPLACE scopes SET chat = ? WHERE chat = ?", (new, old))

    def _change(self, statement: str, values: Iterable[object]) -> int:
        with self._lock:
            return self._database.execute(statement, tuple(values)).lastrowid or 0

    def _find(self, where: str, values: tuple[int, ...]) -> Answered | None:
        columns = (
            "row, chat, asker, question_message, question, understood, scope, language, answer_message, reply, noted"
        )
        votes = "(SELECT count(*) FROM votes WHERE votes.row = answers.row AND up = {})"
        with self._lock:
            found = self._database.execute(
                f"SELECT {columns}, {votes.format(1)}, {votes.format(0)} FROM answers WHERE {where}"  # noqa: S608
                " ORDER BY row DESC LIMIT 1",
                values,
            ).fetchone()
        return Answered(found[0], Asked(*found[1:8]), *found[8:]) if found else None


def shown(answered: Answered, releases: Releases) -> tuple[Answer, tuple[int | None, ...]]:
    """The answer as the messages show it, and for each quote of the row its place in it, None where it is gone."""
    reply, places = quoting.read(answered.reply, answered.asked.understood or answered.asked.question, releases.find)
    scope = releases.find(answered.asked.scope) if answered.asked.scope else None
    return Answer(answered.row, reply, answered.asked.understood, scope, answered.ups, answered.downs), places
