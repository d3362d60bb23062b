"""The weekly digest comes once, however many bots serve."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from telegram.error import BadRequest

from bot.chat.telegram.digest import send_due
from bot.chat.telegram.messages import Message
from bot.chat.telegram.sending import Place, Sender, UnreachableError
from bot.desk.log import QuestionLog, open_log
from bot.desk.subscribers import subscribe, subscribed

NEXT_WEEK = datetime.now(UTC) + timedelta(days=8)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[QuestionLog]:
    log = open_log(tmp_path / "data", 90)
    for chat in (1, 2):
        subscribe(log.database, chat)
    yield log
    log.close()


class Telegram:
    """Takes what is sent, a little later, unless it raises the error."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.sent: list[int] = []
        self.error = error

    async def send(self, place: Place, message: Message) -> None:
        await asyncio.sleep(0.01)
        if self.error:
            raise self.error
        self.sent.append(place.chat)


async def sent_by(log: QuestionLog, telegram: Telegram, bots: int = 1) -> None:
    sender = cast(Sender, telegram)
    await asyncio.gather(*(send_due(log, sender, NEXT_WEEK + timedelta(seconds=bot)) for bot in range(bots)))


def test_each_gets_it_once_however_many_bots_send_it(log: QuestionLog) -> None:
    telegram = Telegram()
    asyncio.run(sent_by(log, telegram, bots=3))
    asyncio.run(sent_by(log, telegram))
    assert sorted(telegram.sent) == [1, 2]


@pytest.mark.parametrize("error", [BadRequest("no"), asyncio.CancelledError()])
def test_what_was_not_sent_is_sent_later(log: QuestionLog, error: BaseException) -> None:
    with pytest.raises(type(error)):
        asyncio.run(sent_by(log, Telegram(error)))
    later = Telegram()
    asyncio.run(sent_by(log, later))
    assert later.sent == [1, 2]


def test_who_cannot_be_reached_gets_none_any_more(log: QuestionLog) -> None:
    asyncio.run(sent_by(log, Telegram(UnreachableError())))
    assert subscribed(log.database) == ()
