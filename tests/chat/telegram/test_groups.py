"""What the bot does in groups: it answers who speaks to it, where they speak, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from telegram_server import TelegramServer
from telegram_world import Message

from bot.chat.telegram import texts

GROUP, SUPERGROUP = -50, -1000000000050
CHAIR = "Who chairs the harbour board?"
CHAIRS = "Ingrid Dahl, mayor of Norrvik, chairs the harbour board."

pytestmark = pytest.mark.usefixtures("bot")


def said(server: TelegramServer, text: str, chat: int = GROUP, user: int = 7, **fields: Any) -> Message:
    """The bot's answer to what a person says in a group."""
    server.group(chat)
    before = len(server.replies(chat))
    server.group_message(chat, user, text, **fields)
    return server.wait_for(lambda s: s.replies(chat)[before:])[0]


def silent_about(server: TelegramServer, act: Callable[[], object], chat: int = GROUP) -> bool:
    """Whether the bot says nothing about what is done, and goes on."""
    server.group(chat)
    before = len(server.replies(chat))
    act()
    last = server.group_message(chat, 70, f"/ask {CHAIR}")
    return server.wait_for(lambda s: s.replies(chat)[before:])[0].reply_to is last


@pytest.mark.parametrize(
    "text", [f"/ask {CHAIR}", f"/ask@onrecord_bot {CHAIR}", f"@onrecord_bot {CHAIR}", f"{CHAIR} @Onrecord_Bot"]
)
def test_a_command_or_a_mention_is_answered_in_reply(server: TelegramServer, text: str) -> None:
    reply = said(server, text)
    assert CHAIRS in reply.text
    assert reply.reply_to is server.messages(GROUP)[0]


def test_a_reply_to_its_own_message_is_a_question_that_may_lean_on_it(server: TelegramServer) -> None:
    first = said(server, "/ask how many passengers did the ferries carry in 2021?")
    assert "90,000" in said(server, "and in 2023?", user=8, reply_to=first).text


def test_a_mention_in_reply_to_somebody_answers_that_message(server: TelegramServer) -> None:
    asked = server.group_message(GROUP, 8, CHAIR)
    reply = said(server, "@onrecord_bot", reply_to=asked)
    assert CHAIRS in reply.text
    assert reply.reply_to is asked


def test_a_mention_with_a_question_of_its_own_answers_that_one(server: TelegramServer) -> None:
    other = server.group_message(GROUP, 8, "Ferries are nice.")
    reply = said(server, f"@onrecord_bot {CHAIR}", reply_to=other)
    assert CHAIRS in reply.text
    assert reply.reply_to is server.messages(GROUP)[1]


def test_what_is_not_meant_for_it_gets_no_answer(server: TelegramServer) -> None:
    def chat() -> None:
        mine = server.group_message(GROUP, 7, CHAIR)
        server.group_message(GROUP, 7, f"@other_bot {CHAIR}")
        server.group_message(GROUP, 7, f"/ask@other_bot {CHAIR}")
        server.group_message(GROUP, 7, "/help")
        server.group_message(GROUP, 7, "/frobnicate")
        server.group_message(GROUP, 8, "yes, who?", reply_to=mine)
        server.media_message(GROUP, "photo", 7)
        server.edit(mine, f"{CHAIR}!")

    assert silent_about(server, chat)


def test_commands_that_name_it_are_answered(server: TelegramServer) -> None:
    assert "@onrecord_bot" in said(server, "/help@onrecord_bot").text
    assert said(server, "/ask").text.startswith("What do you want to know?")
    assert said(server, "@onrecord_bot").text.startswith("What do you want to know?")
    first = server.replies(GROUP)[0]
    server.media_message(GROUP, "sticker", 7, reply_to=first)
    server.wait_for(lambda s: s.replies(GROUP)[-1].text == texts.TEXT_ONLY)


def test_an_edited_question_gets_its_answer_edited(server: TelegramServer) -> None:
    reply = said(server, f"/ask {CHAIR}")
    server.edit(server.messages(GROUP)[0], "/ask who leads Baltic Ferries?")
    server.wait_for(lambda s: "Karin Holm" in reply.text)
    mentioned = said(server, f"@onrecord_bot {CHAIR}")
    server.edit(mentioned.reply_to or reply, "who leads Baltic Ferries?")
    server.wait_for(lambda s: "Karin Holm" in mentioned.text)
    assert len(server.replies(GROUP)) == 2


def test_it_stays_in_the_topic(server: TelegramServer) -> None:
    server.group(SUPERGROUP, forum=True, topics={7: "News"})
    assert said(server, f"/ask {CHAIR}", SUPERGROUP, thread_id=7).thread_id == 7
    assert said(server, f"/ask {CHAIR}", SUPERGROUP).thread_id is None


def test_a_thread_of_replies_is_no_topic(server: TelegramServer) -> None:
    server.group(SUPERGROUP)
    root = server.group_message(SUPERGROUP, 7, "Hello")
    assert CHAIRS in said(server, f"/ask {CHAIR}", SUPERGROUP, reply_to=root).text


def test_a_closed_topic_stops_nothing(server: TelegramServer) -> None:
    server.group(SUPERGROUP, forum=True, topics={7: "News"}, closed_topics={7})
    server.group_message(SUPERGROUP, 7, f"/ask {CHAIR}", thread_id=7)
    assert CHAIRS in said(server, f"/ask {CHAIR}", SUPERGROUP).text


def test_added_it_greets_and_removed_or_restricted_it_is_quiet(server: TelegramServer) -> None:
    server.add_bot(GROUP)
    assert server.wait_for(lambda s: s.replies(GROUP))[0].text.startswith("Hello, everyone!")
    with server.holding() as held:
        server.group_message(GROUP, 7, f"/ask {CHAIR}")
    server.remove_bot(GROUP)
    server.deliver(held)
    server.wait_for(lambda s: s.calls("sendMessage")[-1].status == 403)
    server.add_bot(GROUP)
    server.wait_for(lambda s: len(s.replies(GROUP)) == 2)
    server.restrict_bot(GROUP)
    server.group_message(GROUP, 7, f"/ask {CHAIR}")
    server.wait_for(lambda s: s.calls("sendMessage")[-1].status == 400)
    server.promote_bot(GROUP)
    assert CHAIRS in said(server, f"/ask {CHAIR}").text


def test_a_group_that_becomes_a_supergroup_keeps_its_scope(server: TelegramServer) -> None:
    assert "Ferries to Gotland" in said(server, "/use@onrecord_bot ferries").text
    new = server.migrate(GROUP, SUPERGROUP)
    assert CHAIRS not in said(server, f"/ask {CHAIR}", new.id).text


def test_an_answer_on_its_way_to_a_group_that_moved_arrives(server: TelegramServer) -> None:
    server.group(GROUP)
    with server.holding() as held:
        server.group_message(GROUP, 7, f"/ask {CHAIR}")
    new = server.migrate(GROUP, SUPERGROUP)
    server.deliver(held)
    assert CHAIRS in server.wait_for(lambda s: s.replies(new.id))[0].text


def test_a_channel_is_left_alone(server: TelegramServer) -> None:
    server.channel_post(-1000000000077, f"@onrecord_bot {CHAIR}")
    assert said(server, f"/ask {CHAIR}")
    assert not server.replies(-1000000000077)
