"""What every handler needs, and what each does with it: ask, send, remember."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bot.answering.answerer import answer
from bot.answering.followup import follow_up
from bot.chat.asking import Asked as LineAsked
from bot.chat.asking import ask_line
from bot.chat.language import spoken
from bot.chat.narrowing import Narrowed, NarrowingError, narrowed
from bot.chat.telegram import messages, notices, quoting
from bot.chat.telegram.database import NotWrittenError, until_written
from bot.chat.telegram.limits import PRESSES, QUERIES, QUESTIONS, Buckets, Limits, Pace
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.office import Office
from bot.chat.telegram.outage import Outage
from bot.chat.telegram.proposals import Proposals
from bot.chat.telegram.sending import Place, Sender, Sent
from bot.chat.telegram.store import BEFORE_ALL, Answered, Asked, Store, Written, shown
from bot.chat.telegram.workers import Workers
from bot.desk.noted import Way, noted_reply
from bot.index.corpus import Corpus
from bot.index.scope import Scope
from bot.model import Refusal, Reply, UnavailableError
from bot.stages import begun, stage, took

CorpusSource = Callable[[], Corpus]
Ask = Callable[..., Reply]

QUOTES = 5  # that More walks through
_log = logging.getLogger(__name__)
_SLOW = 0.7  # seconds until a person is shown that an answer is on its way


class Leaning(NamedTuple):
    """What a question may lean on, where the message says so: the bot's answer that it replies to, or a text."""

    answer: int | None = None
    text: str | None = None


NOT_SAID = Leaning()


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running bot. `ask` is what a question is put to, with the parameters of `answer`; `alone` and
    `losses` are those of what it remembers."""

    username: str
    bot_id: int
    corpus: CorpusSource
    store: Store
    sender: Sender
    workers: Workers
    office: Office
    proposals: Proposals
    ask: Ask = answer
    questions: Limits = field(default_factory=lambda: _buckets(QUESTIONS))
    presses: Limits = field(default_factory=lambda: _buckets(PRESSES))
    queries: Limits = field(default_factory=lambda: _buckets(QUERIES))
    outage: Outage | None = None
    alone: Callable[[], AbstractContextManager[None]] = nullcontext
    losses: Callable[[], int] = int
    metrics: Metrics = field(default_factory=Metrics)

    async def reply(self, question: str) -> LineAsked:
        """The reply to a question that stands by itself, from all releases that it does not leave out.

        Raises:
            NarrowingError: it cannot be narrowed as it says.
        """
        self.metrics.asked("inline")
        asked = await self.workers.run(lambda: ask_line(question, self.corpus(), None, ask=self.ask, top=QUOTES))
        self.metrics.replied(asked.reply)
        await self._could_ask()
        return asked

    async def answer(
        self,
        place: Place,
        asker: int,
        message: int,
        question: str,
        leaning: Leaning = NOT_SAID,
        written: Written = BEFORE_ALL,
    ) -> None:
        """Answers a question once: the answer of a message that was answered before is edited where the question is
        another one, and left alone where it is not, and where the question is an older one than the one answered.

        `message` is what the person wrote, `place.message` what the answer replies to, `written` when it got its words.
        """
        taken = await asyncio.to_thread(self.questions.take, asker)
        if taken.wait:
            if taken.first:
                await self.sender.send(place, notices.too_fast_message(taken.wait))
            return
        self.metrics.asked(way_of(place.chat))
        losses = self.losses()
        slow = asyncio.get_running_loop().call_later(_SLOW, self._typing, place)
        try:
            asked = Asked(place.chat, asker, message, question, language=spoken(), written=written)
            prepared = await self.workers.run(lambda: self._prepared(asked, leaning))
        finally:
            slow.cancel()
        if prepared is None:
            return
        if self.losses() != losses:
            raise NotWrittenError("another process may have this chat by now")
        await self._could_ask()
        self.metrics.replied(prepared.reply)
        with stage("send"):
            sent = await self._sent(place, prepared)
        took("answer", begun())
        with stage("note"):
            if (row := prepared.row) is not None:  # first of all, for an answer that is not noted is given again
                await until_written(lambda: self.store.sent(row, *sent))
            await asyncio.to_thread(self._note, prepared, place.chat, asker, question)

    async def _sent(self, place: Place, prepared: "_Prepared") -> Sent:
        """Where the answer is, which may take the place of one that was there."""
        if prepared.before is not None:
            before = Sent(place.chat, prepared.before)
            if await self.sender.edit(before, prepared.message):
                return before
        return await self.sender.send(place, prepared.message)

    async def _could_ask(self) -> None:
        if self.outage is not None:
            await self.outage.passed()

    def forget(self, person: int) -> None:
        """Deletes what a person asked and how they voted, here and in the question log.

        Raises:
            OnrecordError: the question log cannot be changed now.
            NotWrittenError: the server does not answer.
        """
        self.store.forget(person)
        try:
            self.office.log.forget(self.office.log.person("telegram", person))
        except UnavailableError as error:  # its server, which is to be waited for
            raise NotWrittenError(str(error)) from error

    def expire(self) -> None:
        """Deletes what is older than it may be kept.

        Raises:
            OnrecordError: the question log cannot be changed now.
        """
        days = self.office.log.retention_days
        self.store.expire(max(1, days))
        self.office.log.expire()

    def _typing(self, place: Place) -> None:
        """Shows that an answer is on its way, but not where all wait: then the call would take the turn of an answer."""
        if not self.workers.waiting:
            self.sender.typing(place)

    def _prepared(self, asked: Asked, leaning: Leaning) -> "_Prepared | None":
        """The answer as it will be sent, with its row in the store; None where it was sent already, or one to what the
        message says since. It takes long."""
        question = asked.question
        before = self.store.answer_to(asked.chat, asked.message)
        if before is not None:
            if before.asked.written > asked.written:
                return None
            if before.shown and before.asked.question == question:
                self.store.unchanged(before.row, asked.written)
                return None
        corpus = self.corpus()
        previous = self._previous(asked.chat, asked.asker, leaning, before)
        scope = self.store.scope(asked.chat)
        if scope is not None and corpus.releases.find(scope) is None:
            scope = None
        ready = None
        try:
            reply, understood, within = self._reply(corpus, question, previous, scope)
        except NarrowingError as error:  # it is kept as a question that asked nothing, so that an edit finds it
            reply, understood, within = Reply(question, refusal=Refusal.EMPTY), None, None
            ready = notices.not_narrowed_message(str(error))
        asked = replace(asked, understood=understood, scope=scope)
        sent, noted = (before.message, before.noted) if before else (None, None)
        try:
            answered = self.store.rewrite(before.row, asked, reply) if before else self.store.add(asked, reply)
        except sqlite3.Error as error:  # a full disk, or one that can only be read
            _log.error("The answer cannot be kept (%s), so it goes without buttons", error)
            unkept = Answered(0, asked, None, quoting.written(reply))
            ready = ready or messages.answer_message(replace(shown(unkept, corpus.releases)[0], narrowed=within))
            return _Prepared(None, messages.Message(ready.html), sent, reply, noted)
        ready = ready or messages.answer_message(replace(shown(answered, corpus.releases)[0], narrowed=within))
        return _Prepared(answered.row, ready, sent, reply, noted)

    def _note(self, prepared: "_Prepared", chat: int, asker: int, question: str) -> None:
        """Puts the question into the question log, where it can be."""
        log = self.office.log
        person, way = log.person("telegram", asker), way_of(chat)
        noted = noted_reply(prepared.reply, person=person, way=way, language=spoken(), question=question)
        if noted is None or prepared.row is None:
            return
        if (number := log.rewrite(prepared.noted, noted)) is not None:
            self.store.noted(prepared.row, number)

    def _previous(self, chat: int, asker: int, leaning: Leaning, before: Answered | None) -> str | None:
        """The question before: that of the answer which is replied to, or the text there, or the person's last one."""
        if leaning.answer is not None and (replied := self.store.answer_in(chat, leaning.answer)):
            return replied.asked.understood or replied.asked.question
        if leaning.text:
            return leaning.text
        return self.store.last_question(chat, asker, before=before.row if before else None)

    def _reply(self, corpus: Corpus, question: str, previous: str | None, scope: str | None) -> "_Answered":
        """The reply, and the whole question where it was asked together with the previous one, with its operators.

        A question that only seems to lean on the one before, and has an answer of its own, gets that. One that leans
        and has no operators is narrowed by those of the one before.

        Raises:
            NarrowingError: the question cannot be narrowed as it says.
        """
        chosen = None if scope is None else Scope(releases=frozenset({scope}))
        asked, before = narrowed(question), _narrowed_before(previous)
        whole = follow_up(asked.question, before.question) if before else None
        if before is None or whole is None:
            reply, within = ask_line(question, corpus, chosen, ask=self.ask, top=QUOTES)
            return _Answered(reply, None, within)
        whole = f"{whole} {asked.operators or before.operators}".rstrip()
        together, within = ask_line(whole, corpus, chosen, ask=self.ask, top=QUOTES)
        if together.answered:
            return _Answered(together, whole, within)
        alone, without = ask_line(question, corpus, chosen, ask=self.ask, top=QUOTES)
        return _Answered(alone, None, without) if alone.answered else _Answered(together, whole, within)


def _buckets(pace: Pace) -> Buckets:
    return Buckets(pace.burst, pace.seconds)


def way_of(chat: int) -> Way:
    """How the question log calls a chat: Telegram's numbers of groups are negative."""
    return "telegram" if chat > 0 else "group"


def _narrowed_before(previous: str | None) -> Narrowed | None:
    """The question before, taken apart; None where there was none, or one that could not be read."""
    try:
        return narrowed(previous) if previous else None
    except NarrowingError:
        return None


class _Answered(NamedTuple):
    """A reply, the whole question where it leaned on the one before, and the scope that was asked."""

    reply: Reply
    understood: str | None
    scope: Scope | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An answer that is ready to be sent: its row, None where it could not be kept, what it says, and the message it
    takes the place of, if any.

    `noted` is the id that the question had in the question log before it was edited.
    """

    row: int | None
    message: messages.Message
    before: int | None
    reply: Reply
    noted: int | None
