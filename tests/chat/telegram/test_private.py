"""What a person sees in a private chat."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from telegram_server import TelegramServer
from telegram_world import Message

from bot.chat.telegram import texts
from bot.index.corpus import build_corpus

CHAIR = "Who chairs the harbour board?"
CHAIRS = "Ingrid Dahl, mayor of Norrvik, chairs the harbour board."


def answered(server: TelegramServer, question: str, user: int = 7, **fields: Any) -> Message:
    """The bot's answer to a question."""
    before = len(server.replies(user))
    server.private_message(user, question, **fields)
    return server.wait_for(lambda s: s.replies(user)[before:])[0]


def pressed(server: TelegramServer, message: Message, button: str, user: int | None = None) -> str:
    """What is said to the one who presses a button, after the press has had its effect."""
    edits = len(server.calls("editMessageText"))
    update = server.press(message, button, user)
    answer = server.wait_for(lambda s: s.query(update).answer) or {}
    if answer.get("text") in (None, texts.VOTED_UP, texts.VOTED_DOWN):
        server.wait_for(lambda s: [c for c in s.calls("editMessageText")[edits:] if c.status])
    return str(answer.get("text", ""))


@pytest.mark.usefixtures("bot")
class TestQuestions:
    def test_any_text_is_answered_with_the_quote_and_its_source(self, server: TelegramServer) -> None:
        asked = server.private_message(7, CHAIR)
        reply = server.wait_for(lambda s: s.replies(7))[0]
        assert reply.marked("blockquote") == [CHAIRS]
        assert reply.marked("bold") == ["Ingrid Dahl"]
        assert "Norrvik opens a third quay · 14 May 2024 · Port of Norrvik" in reply.text
        assert reply.reply_to is asked

    def test_what_is_not_on_the_record_is_said_so(self, server: TelegramServer) -> None:
        assert answered(server, "what is the recipe for goulash?").text.startswith("Not on the record")

    def test_an_edited_question_gets_its_answer_edited(self, server: TelegramServer) -> None:
        reply = answered(server, CHAIR)
        server.edit(server.messages(7)[0], "who leads Baltic Ferries?")
        server.wait_for(lambda s: "Karin Holm" in reply.text)
        assert len(server.replies(7)) == 1

    def test_an_edit_that_changes_nothing_leaves_the_answer_alone(self, server: TelegramServer) -> None:
        reply = answered(server, CHAIR)
        pressed(server, reply, "More")
        server.edit(server.messages(7)[0], CHAIR)
        answered(server, "/help")
        assert CHAIRS not in reply.text

    def test_an_answer_that_was_deleted_is_sent_again_when_the_question_is_edited(self, server: TelegramServer) -> None:
        server.delete(answered(server, CHAIR))
        server.edit(server.messages(7)[0], "who leads Baltic Ferries?")
        assert "Karin Holm" in server.wait_for(lambda s: s.replies(7))[0].text

    def test_an_edited_question_that_was_deleted_is_answered_all_the_same(self, server: TelegramServer) -> None:
        with server.holding() as held:
            asked = server.private_message(7, CHAIR)
        server.delete(asked)
        server.deliver(held)
        assert CHAIRS in server.wait_for(lambda s: s.replies(7))[0].text

    @pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "poll", "location"])
    def test_everything_else_gets_one_polite_line(self, server: TelegramServer, kind: str) -> None:
        server.media_message(7, kind)
        assert server.wait_for(lambda s: s.replies(7))[0].text == texts.TEXT_ONLY

    def test_signs_and_marks_do_no_harm(self, server: TelegramServer) -> None:
        for question in ("<b>who</b> & </blockquote> \u202echairs\u200b the harbour board?", "?" * 4096, "x " * 2000):
            assert answered(server, question).text

    def test_an_inline_result_that_was_posted_here_is_no_question(self, server: TelegramServer) -> None:
        query = server.inline(7, CHAIR)
        server.private_chat(7)
        server.wait_for(lambda s: s.query(query).answer)
        server.choose(query, chat_id=7)
        assert answered(server, "/privacy").text.startswith("What I keep")
        assert len(server.replies(7)) == 1


@pytest.mark.usefixtures("bot")
class TestFollowUps:
    def test_a_question_that_leans_on_the_last_one_is_asked_with_it(self, server: TelegramServer) -> None:
        answered(server, "how many passengers did the ferries carry in 2021?")
        reply = answered(server, "and in 2023?")
        assert "90,000 passengers in 2023" in reply.text
        assert "how many passengers did the ferries carry in 2023?" in reply.text

    def test_a_reply_to_an_answer_goes_on_from_that_one(self, server: TelegramServer) -> None:
        first = answered(server, "how many passengers did the ferries carry in 2021?")
        answered(server, CHAIR)
        assert "90,000" in answered(server, "and in 2023?", reply_to=first).text

    def test_others_have_their_own_last_question(self, server: TelegramServer) -> None:
        answered(server, "how many passengers did the ferries carry in 2021?")
        assert "how many passengers" not in answered(server, "and in 2023?", user=8).text


@pytest.mark.usefixtures("bot")
class TestButtons:
    def test_more_walks_through_the_quotes_and_begins_again(self, server: TelegramServer) -> None:
        reply = answered(server, CHAIR)
        seen = [reply.text]
        for _ in range(4):
            pressed(server, reply, next(b["text"] for b in reply.buttons if b["text"].startswith("More")))
            seen.append(reply.text)
        assert len(set(seen)) == 5

    def test_in_context_shows_the_passage_and_back(self, server: TelegramServer) -> None:
        reply = answered(server, CHAIR)
        first = reply.text
        pressed(server, reply, "In context")
        assert "Norrvik opened a third quay on Tuesday." in reply.text
        assert reply.marked("bold") == [CHAIRS]
        pressed(server, reply, texts.BACK)
        assert reply.text == first

    def test_a_vote_is_acknowledged_and_can_be_changed(self, server: TelegramServer) -> None:
        reply = answered(server, CHAIR)
        assert pressed(server, reply, "👍") == texts.VOTED_UP
        assert [b["text"] for b in reply.buttons if "👍" in b["text"]] == ["👍 ✓"]
        assert pressed(server, reply, "👎") == texts.VOTED_DOWN
        assert [b["text"] for b in reply.buttons if b["text"][0] in "👍👎"] == ["👍", "👎 ✓"]

    def test_a_second_press_of_the_same_button_is_fine(self, server: TelegramServer) -> None:
        reply = answered(server, CHAIR)
        pressed(server, reply, "👍")
        assert pressed(server, reply, "👍") == texts.VOTED_UP

    def test_a_button_of_another_time_is_told_kindly(self, server: TelegramServer) -> None:
        reply = answered(server, CHAIR)
        assert reply.reply_markup is not None
        reply.reply_markup = {"inline_keyboard": [[{"text": "Old", "callback_data": "v0:more"}]]}
        assert pressed(server, reply, "Old") == texts.OLD_BUTTON

    def test_a_button_of_another_chat_does_nothing(self, server: TelegramServer) -> None:
        theirs, mine = answered(server, CHAIR), answered(server, CHAIR, user=8)
        mine.reply_markup = theirs.reply_markup
        assert pressed(server, mine, "In context") == texts.OLD_BUTTON


def test_buttons_work_after_a_restart(server: TelegramServer, bot: Any) -> None:
    reply = answered(server, CHAIR)
    bot.restart()
    pressed(server, reply, "In context")
    assert "Norrvik opened a third quay on Tuesday." in reply.text


def test_buttons_of_a_release_that_is_gone_say_so(server: TelegramServer, bot: Any) -> None:
    reply = answered(server, CHAIR)
    before = reply.text
    bot.corpus = build_corpus(release for release in bot.corpus.releases if release.id != "quay")
    assert pressed(server, reply, "In context") == texts.GONE
    assert reply.text == before


def test_a_gone_release_takes_only_its_own_quotes_away(server: TelegramServer, bot: Any) -> None:
    reply = answered(server, CHAIR)
    assert "More · 2 of 5" in [button["text"] for button in reply.buttons]
    bot.corpus = build_corpus(release for release in bot.corpus.releases if release.id != "ferries")
    pressed(server, reply, "👍")
    assert CHAIRS in reply.text
    more = next(button["text"] for button in reply.buttons if button["text"].startswith("More"))
    assert more != "More · 2 of 5"
    pressed(server, reply, more)
    assert "Port of Norrvik" in reply.text


def test_buttons_of_a_release_that_says_something_else_say_so(server: TelegramServer, bot: Any) -> None:
    reply = answered(server, CHAIR)
    bot.corpus = build_corpus(replace(release, text=f"New: {release.text}") for release in bot.corpus.releases)
    assert pressed(server, reply, "In context") == texts.GONE


@pytest.mark.usefixtures("bot")
class TestCommands:
    def test_start_and_help_and_privacy(self, server: TelegramServer) -> None:
        assert answered(server, "/start").text.startswith("Hello!")
        assert "@onrecord_bot" in answered(server, "/help").text
        assert answered(server, "/privacy").text.startswith("What I keep")
        assert answered(server, f"/start {texts.INLINE_START}").text.startswith("Hello!")

    def test_the_menu_is_set(self, server: TelegramServer) -> None:
        menu = server.wait_for(lambda s: list(s.commands.values()))[0]
        assert [(command["command"], command["description"]) for command in menu] == list(texts.COMMANDS)

    def test_an_unknown_command_gets_one_line(self, server: TelegramServer) -> None:
        assert "/releases" in answered(server, "/releses").text

    def test_a_deep_link_scopes_the_chat_and_greets_with_the_title(self, server: TelegramServer) -> None:
        assert "Ferries to Gotland carry more passengers" in answered(server, "/start ferries").text
        assert CHAIRS not in answered(server, CHAIR).text
        assert "all" in answered(server, "/all").text
        assert CHAIRS in answered(server, f"{CHAIR} Please.").text

    def test_a_deep_link_to_nothing(self, server: TelegramServer) -> None:
        assert "I know no release" in answered(server, "/start nothing").text

    def test_releases_are_listed_and_chosen(self, server: TelegramServer) -> None:
        listed = answered(server, "/releases")
        assert "Ferries to Gotland" in listed.text
        pressed(server, listed, "Ferries to Gotland")
        assert CHAIRS not in answered(server, CHAIR).text

    def test_use_takes_a_number_or_an_id(self, server: TelegramServer) -> None:
        assert "Ferries to Gotland" in answered(server, "/use 1").text
        assert "third quay" in answered(server, "/use quay").text
        assert "I know no release" in answered(server, "/use 3").text
        assert "Ferries to Gotland" in answered(server, "/use").text

    def test_ask_works_here_too(self, server: TelegramServer) -> None:
        assert CHAIRS in answered(server, f"/ask {CHAIR}").text
        assert answered(server, "/ask").text.startswith("What do you want to know?")


@pytest.mark.usefixtures("bot")
def test_who_asks_too_much_is_told_once(server: TelegramServer) -> None:
    for number in range(25):
        server.private_message(7, f"{CHAIR} {number}")
    server.private_message(8, CHAIR)
    server.wait_for(lambda s: len(s.replies(7)) == 21 and s.replies(8))
    assert [reply.text.startswith("That was a lot at once") for reply in server.replies(7)].count(True) == 1


def test_the_scope_is_kept_over_a_restart(server: TelegramServer, start_bot: Callable[..., Any]) -> None:
    bot = start_bot()
    answered(server, "/use ferries")
    bot.restart()
    assert CHAIRS not in answered(server, CHAIR).text
