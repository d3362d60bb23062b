"""Calls of the Bot API that must succeed, and those that need not."""

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, TypeVar

import aiohttp
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.chat.telegram.messages import InlineArticle, Message
from bot.chat.telegram.raw_bot import RawBot

T = TypeVar("T")
_log = logging.getLogger(__name__)

# How often a call may be sent again when nobody can say whether it took effect: after a time-out the bot may have
# answered, after a connection that was cut in the middle it seldom has.
_TIMEOUTS, _CUTS = 1, 4
_DOWNLOADS = 3  # tries

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_UNREACHABLE = re.compile(
    r"chat not found|not enough rights|have no rights|need administrator rights|chat_write_forbidden|chat_restricted"
    r"|topic_closed|topic_deleted|user_is_blocked|peer_id_invalid|bot was (?:kicked|blocked)|group chat was deactivated",
    re.IGNORECASE,
)


class UnreachableError(Exception):
    """The bot may not write there: it was blocked, removed or restricted, or the chat is gone."""


class Place(NamedTuple):
    """Where an answer goes: a chat, the message that it answers, and the topic."""

    chat: int
    message: int | None = None
    topic: int | None = None


class Sent(NamedTuple):
    """Where an answer is."""

    chat: int
    message: int


@dataclass(frozen=True, slots=True)
class Pauses:
    """The pauses between tries in seconds: the first, and the longest; each is twice the one before."""

    first: float = 0.5
    longest: float = 30.0

    def before(self, attempt: int) -> float:
        """The pause before try number `attempt` (from 1), up to a quarter shorter so that not all come at once."""
        pause = min(self.longest, self.first * 2.0 ** min(attempt - 1, 16))
        return pause * random.uniform(0.75, 1)  # noqa: S311


PAUSES = Pauses()


class Sender:
    """Sends messages and edits them. `migrated` is told the old and the new id of a group that changed it."""

    def __init__(self, bot: RawBot, migrated: Callable[[int, int], Awaitable[None]], pauses: Pauses) -> None:
        self._bot, self._migrated, self._pauses = bot, migrated, pauses
        self._asides: set[asyncio.Task[None]] = set()

    async def send(self, place: Place, message: Message) -> Sent:
        """Sends a message until Telegram takes it.

        Raises:
            UnreachableError: the bot may not write there.
            TelegramError: Telegram does not take it; another try would not help.
        """

        async def once(chat: int, topic: int | None) -> int:
            return await self._bot.send_html(chat, message.html, place.message, _keyboard(message), topic)

        chat, topic = place.chat, place.topic
        while True:
            try:
                return Sent(chat, await self.persist(lambda: once(chat, topic)))  # noqa: B023
            except ChatMigrated as error:
                await self._migrated(chat, error.new_chat_id)
                chat = error.new_chat_id
            except BadRequest as error:
                if topic is None or "thread not found" not in str(error).lower():
                    raise
                topic = None

    async def edit(self, place: Sent, message: Message) -> bool:
        """Edits a message until Telegram takes it; False where there is no message to edit any more.

        Raises:
            UnreachableError, TelegramError: as `send` does.
        """
        try:
            await self.persist(
                lambda: self._bot.edit_message_text(
                    message.html,
                    place.chat,
                    place.message,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_NO_PREVIEW,
                    reply_markup=_keyboard(message),
                ),
                repeatable=True,
            )
        except ChatMigrated as error:
            await self._migrated(place.chat, error.new_chat_id)
            return False
        except BadRequest as error:
            if "not modified" in str(error).lower():
                return True
            if re.search(r"message to edit not found|can't be edited|message_id_invalid", str(error), re.IGNORECASE):
                return False
            raise
        return True

    async def acknowledge(self, query: str, text: str | None = None) -> None:
        """Answers a press; whether Telegram takes it does not matter."""
        await self._once("a press", self._bot.answer_callback_query(query, text))

    async def offer(
        self, query: str, articles: Sequence[InlineArticle], *, hint: tuple[str, str] | None, seconds: int
    ) -> None:
        """Answers an inline query with articles, which may be shown again for `seconds`, and a button above them.

        They are shown again only to the same person: the next one may speak another language.
        """
        results = [
            InlineQueryResultArticle(
                article.id,
                article.title,
                InputTextMessageContent(article.html, ParseMode.HTML, link_preview_options=_NO_PREVIEW),
                description=article.description,
            )
            for article in articles
        ]
        button = InlineQueryResultsButton(hint[0], start_parameter=hint[1]) if hint else None
        try:
            await self.persist(
                lambda: self._bot.answer_inline_query(
                    query, results, cache_time=seconds, is_personal=True, button=button
                ),
                repeatable=True,
                tries=4,
            )
        except BadRequest as error:
            if "query is too old" not in str(error).lower():
                raise

    async def download(self, file: str) -> bytes:
        """The content of a file that somebody sent.

        Raises:
            UnreachableError, TelegramError: Telegram does not give it.
        """
        found = await self.persist(lambda: self._bot.get_file(file), repeatable=True, tries=_DOWNLOADS)
        return bytes(await self.persist(found.download_as_bytearray, repeatable=True, tries=_DOWNLOADS))

    def typing(self, place: Place) -> None:
        """Shows that an answer is on its way, at some time; whether it succeeds does not matter."""
        self._aside("typing", self._bot.send_chat_action(place.chat, ChatAction.TYPING, place.topic))

    def _aside(self, what: str, call: Awaitable[object]) -> None:
        task = asyncio.create_task(self._once(what, call))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _once(self, what: str, call: Awaitable[object]) -> None:
        try:
            await call
        except TelegramError as error:
            _log.debug("Could not acknowledge %s: %s", what, type(error).__name__)

    async def persist(
        self, call: Callable[[], Awaitable[T]], *, repeatable: bool = False, tries: int | None = None
    ) -> T:
        """What `call` gives, which is made again, with growing pauses, while Telegram cannot be reached or asks to wait.

        A call that is not `repeatable` is given up when it may have taken effect too often; with `tries` any is.

        Raises:
            UnreachableError: the bot may not write there.
            TelegramError: Telegram refuses the call, or it was given up.
        """
        attempt = timeouts = cuts = 0
        while True:
            attempt += 1
            try:
                return await call()
            except RetryAfter as error:
                pause = seconds_of(error) + 0.1
            except Forbidden as error:
                raise UnreachableError(str(error)) from None
            except BadRequest as error:
                if _UNREACHABLE.search(str(error)):
                    raise UnreachableError(str(error)) from None
                raise
            except (ChatMigrated, Conflict):
                raise
            except (NetworkError, InvalidToken, TelegramError) as error:
                # InvalidToken (401, 404): if the token is at fault the polling finds out, and ends the bot.
                timeouts += isinstance(error, TimedOut) and _may_have_arrived(error)
                cuts += not isinstance(error, TimedOut) and _may_have_arrived(error)
                if not repeatable and (timeouts > _TIMEOUTS or cuts > _CUTS):
                    raise
                pause = self._pauses.before(attempt)
                _log.warning("Telegram cannot be reached (%s); trying again in %.1f s", type(error).__name__, pause)
            if tries is not None and attempt >= tries:
                raise TelegramError("given up")
            await asyncio.sleep(pause)


def _may_have_arrived(error: TelegramError) -> bool:
    """Whether a call without an answer may have taken effect; one with an HTTP status or no connection has not."""
    if isinstance(error.__cause__, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return False
    return isinstance(error.__cause__, aiohttp.ClientError | OSError) or str(error) == "Invalid server response"


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in message.buttons]
    )
