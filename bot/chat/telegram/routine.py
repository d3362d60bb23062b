"""What a running bot does by itself: it deletes what is old, and tells the admins what is wrong with the releases."""

import asyncio
import logging
import sqlite3
from queue import Empty

from telegram.error import TelegramError

from bot.chat.telegram import office_notices
from bot.chat.telegram.office import Office
from bot.chat.telegram.sending import Place, Sender, UnreachableError
from bot.chat.telegram.service import Service
from bot.model import OnrecordError

_log = logging.getLogger(__name__)
_DAY = 24 * 3600.0  # seconds
_LOOK = 0.5
_AT_ONCE = 10  # notes in a message


async def expire_daily(service: Service) -> None:
    """Deletes what is older than it may be kept, now and every day, until it is cancelled."""
    while True:
        try:
            await asyncio.to_thread(service.expire)
        except (OnrecordError, sqlite3.Error) as error:
            _log.warning("What is old could not be deleted: %s", error)
        await asyncio.sleep(_DAY)


async def tell_admins(office: Office, sender: Sender) -> None:
    """Sends the notes on the releases to the admins, those that come together in one message, until it is cancelled."""
    while True:
        await asyncio.sleep(_LOOK)
        notes: list[str] = []
        try:
            while len(notes) < _AT_ONCE:
                notes.append(office.notes.get_nowait())
        except Empty:
            pass
        for note in notes:
            _log.warning("The releases: %s", note)
        if notes:
            message = office_notices.corpus_message(notes)
            for admin in sorted(office.admins):
                try:
                    await sender.send(Place(admin), message)
                except (UnreachableError, TelegramError) as error:
                    _log.warning("Could not tell an admin of the releases: %s", type(error).__name__)
