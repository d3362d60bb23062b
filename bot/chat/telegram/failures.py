"""A handler that failed: a sentence with a reference for the person, the traceback for the log, a word to the admins."""

import logging
import secrets
import time
from collections.abc import Callable, Sequence

from telegram import Update
from telegram.error import BadRequest, TelegramError

from bot.chat.telegram import messages, notices
from bot.chat.telegram.redaction import traceback_of
from bot.chat.telegram.sending import Place, Sender, UnreachableError

_log = logging.getLogger(__name__)
_ADMINS_EVERY = 60.0  # seconds


class Failures:
    """What is done about errors. `clock` gives seconds."""

    def __init__(self, sender: Sender, admins: Sequence[int], clock: Callable[[], float] = time.monotonic) -> None:
        self._sender, self._admins, self._clock = sender, admins, clock
        self._told_at: float | None = None
        self._untold = 0

    async def report(self, update: object, error: BaseException) -> None:
        """Logs the error under a new reference, and tells it to whom it concerns. It raises nothing."""
        if isinstance(error, UnreachableError):
            _log.info("Could not answer: %s", error)
            return
        reference = secrets.token_hex(4)
        _log.error("Error %s in an update:\n%s", reference, traceback_of(error))
        delivery = isinstance(error, TelegramError) and not isinstance(error, BadRequest)
        if not delivery and isinstance(update, Update) and (place := _place(update)):
            await self._try(place, notices.error_message(reference))
        await self._tell_admins(reference, type(error).__name__)

    async def _tell_admins(self, reference: str, kind: str) -> None:
        now = self._clock()
        if self._told_at is not None and now - self._told_at < _ADMINS_EVERY:
            self._untold += 1
            return
        # In English, as the log is: whose update it was says nothing of the language of the admins.
        more = f" {self._untold} more since the last word." if self._untold else ""
        self._told_at, self._untold = now, 0
        for admin in self._admins:
            await self._try(Place(admin), messages.Message(f"Error {reference}: {kind}. The log has more.{more}"))

    async def _try(self, place: Place, message: messages.Message) -> None:
        try:
            await self._sender.send(place, message)
        except (UnreachableError, TelegramError) as error:
            _log.warning("Could not tell of the error: %s", type(error).__name__)


def _place(update: Update) -> Place | None:
    """Where the one is who waits for an answer; None where nobody is (a membership) or nothing can be said (inline)."""
    message = update.effective_message
    if message is None or update.my_chat_member is not None:
        return None
    topic = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", None) else None
    return Place(message.chat.id, message.message_id, topic)
