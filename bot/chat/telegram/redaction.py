"""Logs without secrets: no token, no text of a chat, no name of a person."""

import logging
import re
import sqlite3
import traceback
from collections.abc import Iterable
from typing import TextIO

from telegram.error import TelegramError

from bot.model import OnrecordError

_LIBRARIES = ("telegram", "httpx", "httpcore", "aiohttp", "tornado", "asyncio", "apscheduler", "watchfiles")
_TOKEN = re.compile(r"\d{4,}:[A-Za-z0-9_-]{20,}")
_HIDDEN = "[hidden]"
# Errors whose words come from the system, from Telegram, or from this program, and not from what people write.
_OWN_WORDS = (TelegramError, OnrecordError, ImportError, sqlite3.Error)


class RedactingFormatter(logging.Formatter):
    """Formats records with the secrets hidden. Of a library's record only the words of its author are kept: what is
    filled in may be a whole update."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        error = record.exc_info[1] if record.exc_info else None
        said = {**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None}
        if record.name.split(".")[0] in _LIBRARIES:
            said |= {"msg": "".join(str(record.msg).splitlines()[:1]), "args": None}
        text = super().format(logging.makeLogRecord(said))
        return self.hide(f"{text}\n{traceback_of(error)}" if error else text)

    def hide(self, text: str) -> str:
        """The text without the secrets, and without anything that looks like a token."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _TOKEN.sub(_HIDDEN, text)


def traceback_of(error: BaseException) -> str:
    """The traceback of an error and of those that led to it, without words that may quote what somebody wrote."""
    parts: list[str] = []
    current: BaseException | None = error
    seen: set[int] = set()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        words = f": {current}" if isinstance(current, _OWN_WORDS) else ""
        words = f": {current.strerror}" if isinstance(current, OSError) and current.strerror else words
        parts.append(f"Traceback (most recent call last):\n{frames}{type(current).__qualname__}{words}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n\nwhich came of:\n\n".join(parts)


def log_to(stream: TextIO, secrets: Iterable[str]) -> None:
    """Writes the program's log to a stream, from INFO, and that of the libraries from WARNING."""
    formatter = RedactingFormatter(secrets)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
    logging.getLogger("telegram.ext.AIORateLimiter").setLevel(logging.CRITICAL)  # `sending` obeys, and says so
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)  # an error page where JSON should be: also raised
