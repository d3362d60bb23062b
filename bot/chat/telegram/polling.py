"""Long polling: fetch, write down, and only then ask for more, which is what confirms updates to Telegram."""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.telegram.database import NotWrittenError
from bot.chat.telegram.inbox import Inbox, as_arrived, id_of
from bot.chat.telegram.lines import Lines
from bot.chat.telegram.raw_bot import RawBot
from bot.chat.telegram.sending import Pauses, seconds_of
from bot.model import OnrecordError

_log = logging.getLogger(__name__)

REFUSED = "Telegram refused the token: check TELEGRAM_BOT_TOKEN, and TELEGRAM_API_URL if it is set."
OTHER_POLLER = (
    "Another program fetches the updates of this bot, or set a webhook for it: stop that one, or use another token."
)
_CONFLICTS_AT_START, _CONFLICTS = 5, 20  # within a minute; one that serves already outlasts one that comes
_FULL = 5_000  # updates in memory; Telegram keeps the others


async def poll(bot: RawBot, inbox: Inbox, lines: Lines, pauses: Pauses) -> None:
    """Fetches updates until it is cancelled.

    An offset is sent only after the updates before it were written. Without updates it is 0 again, for Telegram may
    go on with smaller ids after a quiet week.

    Raises:
        OnrecordError: the token is refused, or another program fetches the updates.
    """
    offset, failures, serving = 0, 0, False
    conflicts: deque[float] = deque(maxlen=_CONFLICTS)
    while True:
        try:
            updates = await bot.raw_updates(offset)
            if updates:
                await take(updates, inbox, lines)
            offset = max(map(id_of, updates), default=-1) + 1
            failures, serving = 0, True
            while len(lines) > _FULL:
                await asyncio.sleep(0.1)
            continue
        except InvalidToken:
            raise OnrecordError(REFUSED) from None
        except Conflict:
            conflicts.append(time.monotonic())
            recent = sum(at > conflicts[-1] - 60 for at in conflicts)
            if recent >= (_CONFLICTS if serving else _CONFLICTS_AT_START):
                raise OnrecordError(OTHER_POLLER) from None
            pause = min(2.0, pauses.before(recent))
        except RetryAfter as error:
            pause = seconds_of(error)
        except (TelegramError, NotWrittenError) as error:
            failures += 1
            pause = pauses.before(failures)
            _log.warning("No updates (%s); trying again in %.1f s", type(error).__name__, pause)
        await asyncio.sleep(pause)


async def take(updates: Sequence[Any], inbox: Inbox, lines: Lines) -> None:
    """Writes updates down and puts them into their lines.

    Where they cannot be written to the bot's own file, as on a full disk, it returns only when they have been served:
    until then Telegram is not told that they arrived, so that none is lost. With a database that several bots share that
    would answer them twice.

    Raises:
        NotWrittenError: the database that several bots share does not answer; whoever brought them must bring them again.
    """
    try:
        new = await asyncio.wait_for(asyncio.to_thread(inbox.put, updates), inbox.patience)
    except TimeoutError:
        raise NotWrittenError("the database takes too long") from None
    except sqlite3.Error as error:
        _log.error("The inbox cannot be written (%s): what arrives is answered at once", error)
        await lines.serve_now([as_arrived(update) for update in updates if id_of(update) >= 0])
    else:
        lines.add(new)
