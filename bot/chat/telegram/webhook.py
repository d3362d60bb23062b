"""The webhook: Telegram brings the updates; each is written down before it gets its 200.

On the same port, for who runs the bot: /healthz and /metrics. They ask for no secret, so a proxy must keep them to
itself.
"""

import hmac
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram.error import BadRequest, TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.chat.telegram.database import NotWrittenError
from bot.chat.telegram.health import Health, health_of
from bot.chat.telegram.inbox import Inbox
from bot.chat.telegram.lines import Lines
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.polling import take
from bot.chat.telegram.raw_bot import ALLOWED_UPDATES, RawBot
from bot.chat.telegram.sending import Sender
from bot.chat.telegram.service import Service
from bot.model import OnrecordError
from bot.stages import listen

HEALTH, METRICS = "/healthz", "/metrics"
_LARGEST = 4 * 2**20  # bytes of an update


@dataclass(frozen=True, slots=True)
class Webhook:
    """The public address, the secret that comes with every update, and where to listen."""

    url: str
    secret: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Served:
    """What the port gives: a way into the inbox and the lines, and word of how the bot is."""

    inbox: Inbox
    lines: Lines
    health: Health
    metrics: Metrics


class _Port(RequestHandler):
    """Takes updates. The path does not matter, for a proxy may change it: who knows the secret is Telegram."""

    def initialize(self, webhook: Webhook, served: Served) -> None:
        self.webhook, self.served = webhook, served

    async def post(self) -> None:
        secret = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(secret.encode("utf-8", "replace"), self.webhook.secret.encode()):
            self.set_status(403)
            return
        if self.served.health.stopping():  # another bot takes it, or this one when it is there again
            self.set_status(503)
            return
        try:
            update = json.loads(self.request.body)
        except ValueError:
            self.set_status(400)
            return
        try:
            await take([update], self.served.inbox, self.served.lines)
        except NotWrittenError as error:
            self.served.metrics.failed(error)
            self.set_status(503)

    async def get(self) -> None:
        if self.request.path == HEALTH:
            wrong = await self.served.health.wrong()
            self.set_status(503 if wrong else 200)
            self._give("\n".join(wrong or ("ready",)) + "\n", "text/plain; charset=utf-8")
        elif self.request.path == METRICS:
            self._give(*self.served.metrics.page(self.request.headers.get("Accept", "")))
        else:
            self.set_status(404)

    async def head(self) -> None:
        await self.get()

    def _give(self, content: str | bytes, content_type: str) -> None:
        self.set_header("Content-Type", content_type)
        self.set_header("Cache-Control", "no-store")
        self.write(content)


@asynccontextmanager
async def open_port(
    webhook: Webhook, inbox: Inbox, lines: Lines, service: Service, stopping: Callable[[], bool]
) -> AsyncIterator[None]:
    """Listens within the block for updates, and for who asks how the bot is.

    While it is `stopping` whoever brings an update is sent away, to bring it to another bot or again.

    Raises:
        OnrecordError: it cannot listen there.
    """
    metrics = service.metrics
    metrics.queue.set_function(lambda: len(lines))
    metrics.waiting.set_function(lambda: service.workers.waiting)
    with health_of(service, stopping) as health, listen(metrics.took):
        server = _listening(webhook, Served(inbox, lines, health, metrics))
        try:
            yield
        finally:
            server.stop()
            await server.close_all_connections()


def _listening(webhook: Webhook, served: Served) -> HTTPServer:
    """A server that listens.

    Raises:
        OnrecordError: it cannot listen there.
    """
    parts = {"webhook": webhook, "served": served}
    server = HTTPServer(Application([(r".*", _Port, parts)], log_function=lambda _: None), max_body_size=_LARGEST)
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
