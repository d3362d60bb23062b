"""A wrong set-up is one sentence and exit status 2, and no secret is ever printed."""

import math
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telegram_server import TelegramServer

from bot.chat.telegram.connection import Connection, connection
from bot.chat.telegram.sending import Pauses
from bot.chat.telegram.webhook import Webhook
from bot.model import OnrecordError
from bot.settings import Settings

TOKEN = "123456:TEST-token_abcdefghijklmnopqrstuv"
HOOK = {"TELEGRAM_WEBHOOK_URL": "https://bot.example/updates", "TELEGRAM_WEBHOOK_SECRET": "some-secret-word"}
PUBLIC = "https://api.telegram.org"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    """Settings from an environment of these variables only."""

    def read(**variables: str) -> Settings:
        monkeypatch.chdir(tmp_path)
        for name in ("BOT_TOKEN", "API_URL", "ADMINS", "WEBHOOK_URL", "WEBHOOK_SECRET", "WEBHOOK_LISTEN"):
            monkeypatch.delenv(f"TELEGRAM_{name}", raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return Settings()

    return read


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "There is no token"),
        ({"TELEGRAM_BOT_TOKEN": " "}, "There is no token"),
        ({"TELEGRAM_BOT_TOKEN": "my token"}, "TELEGRAM_BOT_TOKEN is not a token"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "localhost:8081"}, "TELEGRAM_API_URL"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://["}, "TELEGRAM_API_URL"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_URL": "https://bot.example"}, "needs TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, **HOOK, "TELEGRAM_WEBHOOK_SECRET": "ä ö"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, **HOOK, "TELEGRAM_WEBHOOK_URL": "http://bot.example"}, "not an https address"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, **HOOK, "TELEGRAM_WEBHOOK_LISTEN": "8443"}, "TELEGRAM_WEBHOOK_LISTEN"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, **HOOK, "TELEGRAM_WEBHOOK_LISTEN": "0.0.0.0:99999"}, "TELEGRAM_WEBHOOK_LISTEN"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    settings: Callable[..., Settings], variables: dict[str, str], told: str
) -> None:
    with pytest.raises(OnrecordError) as error:
        connection(settings(**variables))
    assert told in str(error.value)
    for secret in ("my token", TOKEN, "some-secret-word", "ä ö"):
        assert secret not in str(error.value)


def test_what_is_set_is_used(settings: Callable[..., Settings]) -> None:
    variables = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_ADMINS": "1, 22,",
        "TELEGRAM_WEBHOOK_LISTEN": "[::1]:8000",
        **HOOK,
    }
    found = connection(settings(**variables))
    assert (found.api_url, found.admins) == (PUBLIC, (1, 22))
    assert found.webhook is not None
    assert (found.webhook.host, found.webhook.port) == ("::1", 8000)
    assert TOKEN not in repr(settings(**variables))


def test_a_token_that_telegram_refuses(start_process: Callable[..., Any]) -> None:
    status, printed = start_process(TELEGRAM_BOT_TOKEN="123456:another-token_abcdefghijklmnop").ended()
    assert status == 2
    assert printed.startswith("Telegram refused the token")
    assert "another-token" not in printed


def test_a_port_in_use(server: TelegramServer, start_bot: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        webhook = Webhook("https://bot.example/updates", "some-secret-word", "127.0.0.1", port)
        bot = start_bot(connected=Connection(server.token, server.url, (), webhook))
        bot.thread.join(10)
    assert str(bot.error) == (
        f"Cannot listen on 127.0.0.1:{port} (Address already in use): choose another TELEGRAM_WEBHOOK_LISTEN."
    )
    assert not server.calls("setWebhook")


def test_a_folder_that_cannot_hold_the_inbox(
    server: TelegramServer, start_bot: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    bot = start_bot()
    bot.thread.join(5)
    assert isinstance(bot.error, OnrecordError)
    assert "--data" in str(bot.error)


def test_another_poller(server: TelegramServer, start_bot: Callable[..., Any]) -> None:
    server.fail("getUpdates", 409, times=math.inf)
    bot = start_bot()
    bot.thread.join(15)
    assert isinstance(bot.error, OnrecordError)
    assert str(bot.error).startswith("Another program fetches the updates")


def test_a_poller_that_leaves_in_time_is_outlasted(server: TelegramServer, start_bot: Callable[..., Any]) -> None:
    server.fail("getUpdates", 409, times=2)
    start_bot()
    server.private_message(7, "Who chairs the harbour board?")
    server.wait_for(lambda s: s.replies(7))


def test_a_token_that_is_withdrawn_ends_the_bot(server: TelegramServer, start_bot: Callable[..., Any]) -> None:
    bot = start_bot()
    server.wait_for(lambda s: s.calls("getUpdates"))
    server.fail("getUpdates", 401)
    server.private_message(7, "Who chairs the harbour board?")
    bot.thread.join(10)
    assert str(bot.error).startswith("Telegram refused the token")


def test_a_webhook_that_telegram_refuses(
    server: TelegramServer, start_bot: Callable[..., Any], unused_port: int
) -> None:
    server.fail("setWebhook", 400, description="Bad Request: bad webhook: no such host")
    webhook = Webhook("https://bot.example/updates", "some-secret-word", "127.0.0.1", unused_port)
    bot = start_bot(connected=Connection(server.token, server.url, (), webhook))
    bot.thread.join(10)
    assert str(bot.error).startswith("Telegram refused TELEGRAM_WEBHOOK_URL: ")


def test_telegram_may_be_away_at_the_start(server: TelegramServer, start_bot: Callable[..., Any]) -> None:
    server.fail("getMe", 502, times=3)
    start_bot(pauses=Pauses(0.02, 0.1))
    server.private_message(7, "Who chairs the harbour board?")
    server.wait_for(lambda s: s.replies(7))


def test_nothing_printed_by_a_working_process_holds_the_token(
    server: TelegramServer, start_process: Callable[..., Any]
) -> None:
    process = start_process()
    server.fail("sendMessage", 500)
    server.drop("getUpdates")
    server.private_message(7, "Who chairs the harbour board?")
    server.wait_for(lambda s: s.replies(7))
    process.popen.terminate()
    status, printed = process.ended()
    assert status == 0
    assert "Serving as @onrecord_bot by long polling" in printed
    assert server.token not in printed
    assert "harbour" not in printed
