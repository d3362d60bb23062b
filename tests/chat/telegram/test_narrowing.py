"""Questions that are narrowed by source and days, in private chats, groups and inline."""

from typing import Any

import pytest
from telegram_server import TelegramServer
from telegram_world import Message

GROUP = -50
CHAIR = "Who chairs the harbour board?"
CHAIRS = "Ingrid Dahl, mayor of Norrvik, chairs the harbour board."
CARRIED = "how many passengers did the ferries carry in 2021?"

pytestmark = pytest.mark.usefixtures("bot")


def answered(server: TelegramServer, question: str, user: int = 7, **fields: Any) -> Message:
    """The bot's answer to a question in a private chat."""
    before = len(server.replies(user))
    server.private_message(user, question, **fields)
    return server.wait_for(lambda s: s.replies(user)[before:])[0]


def offered(server: TelegramServer, query: str) -> dict[str, Any]:
    update = server.inline(7, query)
    return server.wait_for(lambda s: s.query(update).answer) or {}


def test_a_question_is_put_to_a_source_and_days_only(server: TelegramServer) -> None:
    assert CHAIRS in answered(server, f"from:“port of norrvik” {CHAIR} since:2024-05").text
    refused = answered(server, f"{CHAIR} from:ferries until:2024").text
    assert refused.startswith("Not on the record")
    assert refused.endswith("Only releases from Baltic Ferries until 31 December 2024 were asked.")


def test_it_is_narrowed_beside_the_release_that_the_chat_has_chosen(server: TelegramServer) -> None:
    answered(server, "/use quay")
    assert CHAIRS in answered(server, f"{CHAIR} since:2024").text
    refused = answered(server, f"{CHAIR} since:2025").text
    assert "I looked only in “Norrvik opens a third quay”. /all asks all releases." in refused
    assert "Only releases since 1 January 2025 were asked." in refused


def test_a_date_that_cannot_be_read_is_told_and_an_edit_mends_it(server: TelegramServer) -> None:
    reply = answered(server, f"{CHAIR} since:<b>soon")
    assert reply.text.startswith("<b>soon is no date: write a year, a month or a day after since:")
    assert reply.buttons == []
    server.edit(server.messages(7)[0], f"{CHAIR} since:2024")
    server.wait_for(lambda s: CHAIRS in reply.text)
    server.edit(server.messages(7)[0], f"{CHAIR} from:norvik")
    server.wait_for(lambda s: reply.text == "No release is from norvik. The nearest: Port of Norrvik.")
    assert len(server.replies(7)) == 1


def test_an_operator_alone_gets_an_example(server: TelegramServer) -> None:
    assert answered(server, "from:norrvik").text.startswith("Put a question beside it, for example: who chairs")


def test_a_question_that_leans_on_a_narrowed_one_is_narrowed_so(server: TelegramServer) -> None:
    answered(server, f"{CARRIED} from:ferries")
    reply = answered(server, "and in 2023?")
    assert "90,000 passengers in 2023" in reply.text
    assert reply.text.startswith("Read as: how many passengers did the ferries carry in 2023? from:ferries")
    again = answered(server, "and in 2021?", reply_to=reply)
    assert again.text.startswith("Read as: how many passengers did the ferries carry in 2021? from:ferries")


def test_operators_of_its_own_take_the_place_of_those_before(server: TelegramServer) -> None:
    answered(server, f"{CARRIED} since:2025")
    reply = answered(server, "and in 2023? since:2024-06")
    assert "90,000 passengers in 2023" in reply.text
    assert "since:2024-06" in reply.text


def test_a_question_that_stands_by_itself_is_not_narrowed_by_the_one_before(server: TelegramServer) -> None:
    answered(server, f"{CARRIED} from:ferries")
    assert CHAIRS in answered(server, CHAIR).text


def test_a_question_after_one_that_could_not_be_read_stands_by_itself(server: TelegramServer) -> None:
    wrong = answered(server, f"{CARRIED} since:soon")
    assert "no date" not in answered(server, "and in 2023?", reply_to=wrong).text


def test_in_a_group_too(server: TelegramServer) -> None:
    server.group(GROUP)
    server.group_message(GROUP, 7, f"/ask {CHAIR} from:ferries")
    refused = server.wait_for(lambda s: s.replies(GROUP))[0]
    assert refused.text.endswith("Only releases from Baltic Ferries were asked.")
    server.group_message(GROUP, 7, f"@onrecord_bot from:norrvik {CHAIR}")
    assert CHAIRS in server.wait_for(lambda s: s.replies(GROUP)[1:])[0].text


def test_inline_too(server: TelegramServer) -> None:
    assert offered(server, f"{CHAIR} from:norrvik")["results"]
    refused = offered(server, f"{CHAIR} from:ferries")
    assert (refused["results"], refused["button"]["text"]) == ([], "Only releases from Baltic Ferries were asked.")
    unread = offered(server, f"{CHAIR} since:20")
    assert unread["results"] == []
    assert unread["button"]["text"].startswith("20 is no date: write a year")


def test_the_help_shows_how(server: TelegramServer) -> None:
    assert "from:, since: and until:" in answered(server, "/help").text
