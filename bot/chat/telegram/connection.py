"""How the bot is connected, from the settings: checked before anything starts."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.chat.telegram.webhook import Webhook
from bot.model import OnrecordError
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Connection:
    """The token, the root of the Bot API server, who is told of errors, and the webhook; None is long polling."""

    token: str
    api_url: str
    admins: tuple[int, ...]
    webhook: Webhook | None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may show."""
        return (self.token, self.webhook.secret) if self.webhook else (self.token,)


def connection(settings: Settings) -> Connection:
    """The connection that the settings ask for.

    Raises:
        OnrecordError: something is missing or has not its form. The sentence holds no secret.
    """
    token = settings.telegram_token.get_secret_value().strip() if settings.telegram_token else ""
    if not token:
        raise OnrecordError("There is no token: get one from @BotFather, and set TELEGRAM_BOT_TOKEN to it.")
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
        raise OnrecordError("TELEGRAM_BOT_TOKEN is not a token: it has digits, a colon, then letters, digits, - and _.")
    if not _is_url(settings.telegram_api_url, ("http", "https")):
        raise OnrecordError("TELEGRAM_API_URL is not the address of a Bot API server, such as http://127.0.0.1:8081.")
    api_url = settings.telegram_api_url.rstrip("/")
    return Connection(token, api_url, settings.telegram_admins, _webhook(settings, api_url))


def _webhook(settings: Settings, api_url: str) -> Webhook | None:
    url = (settings.telegram_webhook_url or "").strip()
    if not url:
        return None
    secret = settings.telegram_webhook_secret.get_secret_value().strip() if settings.telegram_webhook_secret else ""
    if not secret:
        raise OnrecordError(
            "TELEGRAM_WEBHOOK_URL needs TELEGRAM_WEBHOOK_SECRET: a long random word, by which updates are known as real."
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise OnrecordError("TELEGRAM_WEBHOOK_SECRET has 1 to 256 letters, digits, - and _ only.")
    public = urlsplit(api_url).hostname == "api.telegram.org"
    if not _is_url(url, ("https",) if public else ("http", "https")):
        raise OnrecordError("TELEGRAM_WEBHOOK_URL is not an https address: Telegram calls no other.")
    found = re.fullmatch(r"\[?([^\[\]\s]*?)\]?:(\d{1,5})", settings.telegram_webhook_listen.strip())
    if found is None or not 0 < int(found[2]) < 65536:
        raise OnrecordError("TELEGRAM_WEBHOOK_LISTEN is not host:port, such as 127.0.0.1:8443.")
    return Webhook(url, secret, found[1], int(found[2]))


def _is_url(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", url)
    except ValueError:
        return False
