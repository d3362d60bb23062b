"""A handler that failed: a sentence with a reference for the person, the traceback for the log, a word to the admins."""

import asyncio
import logging
import secrets
from collections.abc import Iterable

from telegram import Update
from telegram.error import BadRequest, TelegramError

from bot.chat.telegram import messages, notices
from bot.chat.telegram.database import NotWrittenError
from bot.chat.telegram.outage import Outage
from bot.chat.telegram.redaction import traceback_of
from bot.chat.telegram.sending import Place, Sender, UnreachableError
from bot.chat.telegram.told import Told
from bot.model import UnavailableError

_log = logging.getLogger(__name__)
_ADMINS_EVERY = 60.0  # seconds


class Failures:
    """What is done about errors."""

    def __init__(self, sender: Sender, admins: Iterable[int], told: Told, outage: Outage) -> None:
        self._sender, self._admins, self._told, self._outage = sender, tuple(admins), told, outage
        self._untold = 0

    async def report(self, update: object, error: BaseException) -> None:
        """Logs the error under a new reference, and tells it to whom it concerns. It raises nothing.

        That the index does not answer has no reference: there is nothing to find in the log.
        """
        if isinstance(error, UnreachableError):
            _log.info("Could not answer: %s", error)
            return
        if isinstance(error, UnavailableError):
            await self._unavailable(update, error)
            return
        reference = secrets.token_hex(4)
        _log.error("Error %s in an update:\n%s", reference, traceback_of(error))
        delivery = isinstance(error, TelegramError) and not isinstance(error, BadRequest)
        if not delivery and isinstance(update, Update) and (place := _place(update)):
            await _try(self._sender, place, notices.error_message(reference))
        await self._tell_admins(reference, type(error).__name__)

    async def _unavailable(self, update: object, error: UnavailableError) -> None:
        _log.warning("A question could not be asked: %s", error)
        pressed = isinstance(update, Update) and update.callback_query is not None  # which was told under its button
        if not pressed and isinstance(update, Update) and (place := _place(update)):
            await _try(self._sender, place, notices.unavailable_message())
        try:
            await self._outage.seen()
        except NotWrittenError as lost:
            _log.warning("Could not tell of it: %s", lost)

    async def _tell_admins(self, reference: str, kind: str) -> None:
        try:
            told = await asyncio.to_thread(self._told.first, "error", _ADMINS_EVERY)
        except NotWrittenError:
            told = False
        if not told:
            self._untold += 1
            return
        # In English, as the log is: whose update it was says nothing of the language of the admins.
        more = f" {self._untold} more since the last word." if self._untold else ""
        self._untold = 0
        await tell(self._sender, self._admins, f"Error {reference}: {kind}. The log has more.{more}")


async def tell(sender: Sender, admins: Iterable[int], text: str) -> None:
    """Says something to the admins, as far as it can be said."""
    for admin in admins:
        await _try(sender, Place(admin), messages.Message(text))


async def _try(sender: Sender, place: Place, message: messages.Message) -> None:
    try:
        await sender.send(place, message)
    except (UnreachableError, TelegramError) as error:
        _log.warning("Could not tell of the error: %s", type(error).__name__)


def _place(update: Update) -> Place | None:
    """Where the one is who waits for an answer; None where nobody is (a membership) or nothing can be said (inline)."""
    message = update.effective_message
    if message is None or update.my_chat_member is not None:
        return None
    topic = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", None) else None
    return Place(message.chat.id, message.message_id, topic)
