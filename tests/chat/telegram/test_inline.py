"""What is offered while somebody types the bot's name in another chat."""

from typing import Any

import pytest
from telegram_server import TelegramServer

from bot.chat.telegram import texts

pytestmark = pytest.mark.usefixtures("bot")


def offered(server: TelegramServer, query: str) -> dict[str, Any]:
    update = server.inline(7, query)
    return server.wait_for(lambda s: s.query(update).answer) or {}


def test_up_to_five_quotes_are_offered_and_the_chosen_one_is_posted_with_its_source(server: TelegramServer) -> None:
    update = server.inline(7, "Who chairs the harbour board?")
    answer = server.wait_for(lambda s: s.query(update).answer) or {}
    assert 1 <= len(answer["results"]) <= 5
    posted = server.choose(update)
    assert "Ingrid Dahl, mayor of Norrvik, chairs the harbour board." in posted.text
    assert "Port of Norrvik" in posted.text


def test_an_empty_query_gets_a_hint(server: TelegramServer) -> None:
    answer = offered(server, "  ")
    assert answer["results"] == []
    assert answer["button"]["text"].startswith("Type a question")


def test_what_is_not_on_the_record_is_said_so(server: TelegramServer) -> None:
    answer = offered(server, "what is the recipe for goulash?")
    assert (answer["results"], answer["button"]["text"]) == ([], texts.INLINE_NOTHING)


def test_answers_are_kept_by_telegram_for_a_short_time_only(server: TelegramServer) -> None:
    assert offered(server, "Who chairs the harbour board?")["cache_time"] <= 60


def test_a_query_that_is_too_old_stops_nothing(server: TelegramServer) -> None:
    with server.holding() as held:
        server.expire(server.inline(7, "Who chairs the harbour board?"))
    server.deliver(held)
    assert offered(server, "who leads Baltic Ferries?")["results"]
