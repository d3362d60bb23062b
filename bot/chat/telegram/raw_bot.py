"""The bot as python-telegram-bot has it, and the calls by which most of its time goes made short."""

import os
from typing import Any

# Times as `timedelta`, as the library will give them; without it every 429 is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from bot.chat.telegram.http import AiohttpRequest

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
POLL = 25  # seconds for which Telegram holds a request for updates open
_CONNECTIONS = 8
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class RawBot(ExtBot[int]):
    """A bot with two calls of its own, which make no objects of what Telegram says: updates are kept before anybody
    tries to understand them, and of a message that was sent only the number matters."""

    async def raw_updates(self, offset: int) -> list[dict[str, Any]]:
        """The updates from `offset` on, all unconfirmed ones for 0; waits up to POLL seconds for the first.

        Raises:
            TelegramError: there was no answer, or an error.
        """
        asked = {"offset": offset, "timeout": POLL, "allowed_updates": ALLOWED_UPDATES}
        found: Any = await self._post("getUpdates", asked, read_timeout=POLL + 10)
        if not isinstance(found, list):
            raise TelegramError("Invalid server response")
        return found

    async def send_html(
        self, chat: int, html: str, reply_to: int | None, keyboard: InlineKeyboardMarkup | None, topic: int | None
    ) -> int:
        """The number of the message that was sent: HTML with no preview of its links, as a reply where there is a
        message to reply to.

        Raises:
            TelegramError: it was not sent, or nobody knows.
        """
        reply = None if reply_to is None else ReplyParameters(reply_to, allow_sending_without_reply=True)
        data = {
            "chat_id": chat,
            "text": html,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": _NO_PREVIEW,
            "reply_parameters": reply,
            "reply_markup": keyboard,
            "message_thread_id": topic,
        }
        sent: Any = await self._post("sendMessage", {name: value for name, value in data.items() if value is not None})
        try:
            return int(sent["message_id"])
        except (TypeError, KeyError, ValueError):
            raise TelegramError("Invalid server response") from None


def build_bot(token: str, api_url: str, *, limiter: bool = True, timeout: float = 10.0) -> RawBot:
    """A bot at a Bot API server. `timeout` is in seconds; `limiter` keeps it within Telegram's own limits."""
    root = api_url.rstrip("/")
    return RawBot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=AiohttpRequest(_CONNECTIONS, timeout),
        get_updates_request=AiohttpRequest(1, timeout),
        rate_limiter=AIORateLimiter() if limiter else None,
    )
