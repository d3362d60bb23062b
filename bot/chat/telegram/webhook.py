"""The webhook: Telegram brings the updates; each is written down before it gets its 200."""

import hmac
import json
import os
import socket
from dataclasses import dataclass

from telegram.error import BadRequest, TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.chat.telegram.inbox import Inbox
from bot.chat.telegram.lines import Lines
from bot.chat.telegram.polling import take
from bot.chat.telegram.raw_bot import ALLOWED_UPDATES, RawBot
from bot.chat.telegram.sending import Sender
from bot.model import OnrecordError

_LARGEST = 4 * 2**20  # bytes of an update


@dataclass(frozen=True, slots=True)
class Webhook:
    """The public address, the secret that comes with every update, and where to listen."""

    url: str
    secret: str
    host: str
    port: int


class _Updates(RequestHandler):
    """Takes updates. The path does not matter, for a proxy may change it: who knows the secret is Telegram."""

    def initialize(self, webhook: Webhook, inbox: Inbox, lines: Lines) -> None:
        self.webhook, self.inbox, self.lines = webhook, inbox, lines

    async def post(self) -> None:
        secret = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(secret.encode("utf-8", "replace"), self.webhook.secret.encode()):
            self.set_status(403)
            return
        try:
            update = json.loads(self.request.body)
        except ValueError:
            self.set_status(400)
            return
        await take([update], self.inbox, self.lines)


def listen(webhook: Webhook, inbox: Inbox, lines: Lines) -> HTTPServer:
    """Listens for updates.

    Raises:
        OnrecordError: it cannot listen there.
    """
    parts = {"webhook": webhook, "inbox": inbox, "lines": lines}
    server = HTTPServer(Application([(r".*", _Updates, parts)], log_function=lambda _: None), max_body_size=_LARGEST)
    try:
        family = socket.AF_INET6 if ":" in webhook.host else socket.AF_INET
        listener = socket.create_server((webhook.host, webhook.port), family=family)
    except (OSError, UnicodeError, OverflowError) as error:
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number is not None and number > 0 else "no such address"
        raise OnrecordError(
            f"Cannot listen on {webhook.host}:{webhook.port} ({reason}): choose another TELEGRAM_WEBHOOK_LISTEN."
        ) from error
    listener.setblocking(False)
    server.add_socket(listener)
    return server


async def announce(bot: RawBot, webhook: Webhook, sender: Sender) -> None:
    """Tells Telegram where to bring the updates.

    Raises:
        OnrecordError: Telegram refuses the address.
    """
    try:
        await sender.persist(
            lambda: bot.set_webhook(webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED_UPDATES),
            repeatable=True,
        )
    except BadRequest as error:
        raise OnrecordError(f"Telegram refused TELEGRAM_WEBHOOK_URL: {error}.") from error
    except TelegramError as error:
        raise OnrecordError(f"The webhook could not be set: {type(error).__name__}.") from error
