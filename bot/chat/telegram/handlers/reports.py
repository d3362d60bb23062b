"""What people asked: `/stats`, `/unanswered` and `/digest`, for admins."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from telegram import Message, Update

from bot.chat.telegram import messages, office_notices, office_texts
from bot.chat.telegram.handlers.commands import argument, asked, say
from bot.chat.telegram.handlers.office import allowed
from bot.chat.telegram.report_notices import stats_message, unanswered_message
from bot.chat.telegram.service import Service
from bot.desk.figures import last_days, most_quoted, open_questions, totals
from bot.desk.log import QuestionLog
from bot.desk.subscribers import subscribe, unsubscribe
from bot.model import OnrecordError

_WEEK, _MONTH = 7, 30  # days


async def on_stats(service: Service, update: Update) -> None:
    """`/stats`: how much was asked and answered in the last week and month."""
    if message := await _asked_by_admin(service, update, "see what people ask"):
        await say(service, message, await asyncio.to_thread(_stats, service.office.log))


async def on_unanswered(service: Service, update: Update) -> None:
    """`/unanswered`: the questions of the last month that no release answers."""
    if message := await _asked_by_admin(service, update, "see what people ask"):
        await say(service, message, await asyncio.to_thread(_unanswered, service.office.log))


async def on_digest(service: Service, update: Update) -> None:
    """`/digest on` and `/digest off`: the weekly summary in this chat."""
    if message := await _asked_by_admin(service, update, "get the digest"):
        said = await asyncio.to_thread(_digest, service.office.log, message.chat_id, argument(message).lower())
        await say(service, message, said)


def _stats(log: QuestionLog) -> messages.Message:
    def read() -> messages.Message:
        now = datetime.now(UTC)
        periods = [(days, last_days(log, days, now)) for days in (_WEEK, _MONTH)]
        return stats_message([(days, totals(period)) for days, period in periods], most_quoted(periods[-1][1]))

    return _read(log, read)


def _unanswered(log: QuestionLog) -> messages.Message:
    return _read(log, lambda: unanswered_message(_MONTH, open_questions(last_days(log, _MONTH, datetime.now(UTC)))))


def _digest(log: QuestionLog, chat: int, words: str) -> messages.Message:
    def change() -> messages.Message:
        if words == "on":
            subscribe(log.database, chat)
            return office_notices.told(office_texts.DIGEST_ON)
        if words == "off":
            unsubscribe(log.database, chat)
            return office_notices.told(office_texts.DIGEST_OFF)
        return office_notices.told(office_texts.DIGEST_HOW)

    return _read(log, change)


def _read(log: QuestionLog, say_it: Callable[[], messages.Message]) -> messages.Message:
    """What is said of the question log, or why nothing can be."""
    if not log.retention_days:
        return office_notices.told(office_texts.NOT_NOTED)
    try:
        return say_it()
    except OnrecordError as error:
        return office_notices.failure_message(str(error))


async def _asked_by_admin(service: Service, update: Update, what: str) -> Message | None:
    """The message, where an admin sent it to the bot in private: what people ask is not for a group."""
    message = asked(service, update)
    if message is None or not await allowed(service, message, what):
        return None
    if message.chat.type != "private":
        await say(service, message, office_notices.told(office_texts.IN_PRIVATE))
        return None
    return message
