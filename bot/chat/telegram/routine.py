"""What a running bot does by itself: it deletes what is old, and tells the admins what is wrong with the releases."""

import asyncio
import hashlib
import logging
import sqlite3
from queue import Empty

from telegram.error import TelegramError

from bot.chat.telegram import office_notices
from bot.chat.telegram.database import NotWrittenError
from bot.chat.telegram.office import Office
from bot.chat.telegram.sending import Place, Sender, UnreachableError
from bot.chat.telegram.service import Service
from bot.chat.telegram.told import Told
from bot.model import OnrecordError

_log = logging.getLogger(__name__)
_DAY = 24 * 3600.0  # seconds
_LOOK = 0.5
_AT_ONCE = 10  # notes in a message
_SAME = 10.0  # seconds in which all processes of a bot note the same


async def expire_daily(service: Service) -> None:
    """Deletes what is older than it may be kept, now and every day, until it is cancelled."""
    while True:
        try:
            await asyncio.to_thread(service.expire)
        except (OnrecordError, sqlite3.Error, NotWrittenError) as error:
            _log.warning("What is old could not be deleted: %s", error)
        await asyncio.sleep(_DAY)


async def tell_admins(office: Office, sender: Sender, told: Told) -> None:
    """Sends the notes on the releases to the admins, those that come together in one message, until it is cancelled.

    What several processes note, one tells.
    """
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
        if notes and (notes := [note for note in notes if await asyncio.to_thread(_is_news, told, note)]):
            message = office_notices.corpus_message(notes)
            for admin in sorted(office.admins):
                try:
                    await sender.send(Place(admin), message)
                except (UnreachableError, TelegramError) as error:
                    _log.warning("Could not tell an admin of the releases: %s", type(error).__name__)


def _is_news(told: Told, note: str) -> bool:
    """Whether no other process tells it. Where that cannot be known it is told, if twice."""
    try:
        return told.first(f"note {hashlib.sha256(note.encode()).hexdigest()}", _SAME)
    except NotWrittenError:
        return True
