"""The weekly digest, for the chats of admins that asked for it: on Monday morning, or as soon as the bot runs again."""

import asyncio
import logging
from datetime import UTC, datetime, time, timedelta

from telegram.error import TelegramError

from bot.chat.telegram.report_notices import digest_message
from bot.chat.telegram.sending import Place, Sender, UnreachableError
from bot.desk.figures import last_days, most_quoted, open_questions, totals
from bot.desk.log import QuestionLog
from bot.desk.subscribers import Subscriber, claim_digest, subscribed, unclaim_digest, unsubscribe
from bot.model import OnrecordError

_log = logging.getLogger(__name__)
_DAYS = 7
_HOUR = time(9)  # local time
_LOOK = 600.0  # seconds


async def send_digests(log: QuestionLog, sender: Sender) -> None:
    """Sends the digest when it is due, until it is cancelled; where nothing is noted there is none.

    What fails is in the log, and tried again later.
    """
    while log.retention_days:
        try:
            await send_due(log, sender, datetime.now().astimezone())
        except (OnrecordError, TelegramError) as error:
            _log.warning("The digest was not sent (%s); it is tried again", type(error).__name__)
        await asyncio.sleep(_LOOK)


async def send_due(log: QuestionLog, sender: Sender, now: datetime) -> None:
    """Sends the digest to those who have not had that of this week; `now` has a time zone, that of the press office.

    Each gets it once, however many bots do this at once: it is claimed before it is sent, and given back where it cannot
    be. Who ends in between leaves it unsent.

    Raises:
        OnrecordError: the question log cannot be read.
        TelegramError: Telegram does not take it.
    """
    due = [one for one in await asyncio.to_thread(subscribed, log.database) if is_due(one, now)]
    if not due:
        return
    period = await asyncio.to_thread(last_days, log, _DAYS, now)
    groups = await asyncio.to_thread(open_questions, period)
    message = digest_message(totals(period), most_quoted(period), groups, _DAYS)
    for one in due:
        try:
            if await asyncio.to_thread(claim_digest, log.database, one, now.astimezone(UTC)):
                await sender.send(Place(one.chat), message)
        except UnreachableError:
            await asyncio.to_thread(unsubscribe, log.database, one.chat)
        except BaseException:  # also when the bot is told to stop
            await asyncio.to_thread(unclaim_digest, log.database, one, now.astimezone(UTC))
            raise


def is_due(subscriber: Subscriber, now: datetime) -> bool:
    """Whether a Monday morning has come since the last digest, or since it was asked for."""
    monday = now - timedelta(days=now.weekday())
    latest = datetime.combine(monday.date(), _HOUR, now.tzinfo)
    if latest > now:
        latest -= timedelta(days=7)
    return (subscriber.sent_at or subscriber.since) < latest
