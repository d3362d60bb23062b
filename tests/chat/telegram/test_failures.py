"""An error reaches the one who asked, the log and the admins; a secret or a chat's text reaches no log."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from telegram_server import TelegramServer

from bot.answering.answerer import answer
from bot.chat.telegram.redaction import RedactingFormatter
from bot.model import Reply

CHAIR = "Who chairs the harbour board?"
ADMIN = 99  # as in conftest
TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz012345"


def broken(question: str, *about: Any, **how: Any) -> Reply:
    if "break" in question:
        raise ValueError(f"cannot read {question}")
    return answer(question, *about, **how)


@pytest.fixture
def bot(start_bot: Callable[..., Any]) -> Any:
    return start_bot(ask=broken)


@pytest.mark.usefixtures("bot")
def test_an_error_is_told_to_the_person_the_log_and_the_admins(
    server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.private_chat(ADMIN)
    server.private_message(7, "break the harbour")
    told = server.wait_for(lambda s: s.replies(7))[0]
    reference = told.marked("code")[0]
    record = next(record for record in caplog.records if reference in record.getMessage())
    assert "Traceback" in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert "break the harbour" not in caplog.text
    word = server.wait_for(lambda s: s.replies(ADMIN))[0]
    assert reference in word.text
    assert "harbour" not in word.text


@pytest.mark.usefixtures("bot")
def test_admins_are_told_at_most_once_a_minute_and_the_others_go_on(server: TelegramServer) -> None:
    server.private_chat(ADMIN)
    for number in range(5):
        server.private_message(7, f"break {number}")
    server.private_message(7, CHAIR)
    server.wait_for(lambda s: len(s.replies(7)) == 6)
    assert len(server.replies(ADMIN)) == 1


@pytest.mark.usefixtures("bot")
def test_an_admin_who_never_wrote_to_the_bot_stops_nothing(server: TelegramServer) -> None:
    server.private_message(7, "break")
    server.private_message(7, CHAIR)
    server.wait_for(lambda s: len(s.replies(7)) == 2)


@pytest.mark.usefixtures("bot")
def test_what_telegram_refuses_for_good_is_given_up(server: TelegramServer, caplog: pytest.LogCaptureFixture) -> None:
    server.fail("sendMessage", 400, description="Bad Request: can't parse entities")
    server.private_message(7, CHAIR)
    told = server.wait_for(lambda s: s.replies(7))[0]
    assert told.marked("code")[0] in caplog.text


@pytest.mark.usefixtures("bot")
def test_no_log_holds_what_was_said(server: TelegramServer, caplog: pytest.LogCaptureFixture) -> None:
    server.user(7, first_name="Wilhelmina")
    server.private_message(7, CHAIR)
    server.private_message(7, "break the harbour")
    server.private_message(7, CHAIR + "?")
    server.wait_for(lambda s: len(s.replies(7)) == 3)
    for secret in ("harbour", "Wilhelmina", server.token):
        assert secret not in caplog.text


class TestLog:
    def formatted(self, name: str, message: str, *values: object, error: BaseException | None = None) -> str:
        exc_info = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, values, exc_info)
        return RedactingFormatter([TOKEN, "secret-word"]).format(record)

    def test_a_token_is_hidden_wherever_it_stands(self) -> None:
        try:
            raise OSError(5, f"https://api.telegram.org/bot{TOKEN}/getMe")
        except OSError as raised:
            text = self.formatted("bot", "calling %s with secret-word", f"https://x/bot{TOKEN}/getMe", error=raised)
        assert TOKEN not in text
        assert "secret-word" not in text
        assert "OSError" in text
        assert "Traceback" in text

    def test_another_token_is_hidden_too(self) -> None:
        other = TOKEN.replace("9", "8")
        assert other not in self.formatted("bot", other)

    def test_of_a_library_only_its_own_words_are_kept(self) -> None:
        text = self.formatted("telegram.Bot", "Error while parsing updates! Received data was %r", {"text": CHAIR})
        assert CHAIR not in text
        assert "Error while parsing updates!" in text
        assert "ValueError" in self.formatted("asyncio", "x", error=ValueError(CHAIR))
        assert CHAIR not in self.formatted("asyncio", f"Task exception was never retrieved\n<{CHAIR}>")

    def test_what_led_to_an_error_is_in_its_traceback(self) -> None:
        try:
            try:
                raise KeyError(CHAIR)
            except KeyError as error:
                raise RuntimeError(CHAIR) from error
        except RuntimeError as raised:
            text = self.formatted("bot", "x", error=raised)
        assert "KeyError" in text
        assert "RuntimeError" in text
        assert CHAIR not in text
