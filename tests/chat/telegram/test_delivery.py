"""No question is lost, and none is answered twice, whatever becomes of the process, the network or Telegram."""

import math
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from telegram_server import TelegramServer

from bot.answering.answerer import answer
from bot.chat.telegram.connection import Connection
from bot.chat.telegram.sending import Pauses
from bot.chat.telegram.webhook import Webhook
from bot.model import Reply

CHAIR = "Who chairs the harbour board?"
CHAIRS = "Ingrid Dahl, mayor of Norrvik, chairs the harbour board."
ESSENTIAL = {"getMe", "getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery", "deleteWebhook"}
SECRET = "word-of-the-webhook"


def ask_from(server: TelegramServer, chats: int, questions: int) -> None:
    """So many people ask so many questions each, one after the other."""
    for number in range(questions):
        for user in range(1, chats + 1):
            server.private_message(user, f"{CHAIR} {number}")


def answers(server: TelegramServer, chats: int) -> Counter[tuple[int, int]]:
    """How often each question was answered, by chat and message."""
    replied: Counter[tuple[int, int]] = Counter()
    for user in range(1, chats + 1):
        replied.update((user, r.reply_to.id) for r in server.replies(user) if r.reply_to)
    return replied


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process")
class TestFullDisk:
    """A process that may write nothing any more stands for a full disk."""

    @pytest.mark.parametrize("webhook", [False, True])
    def test_questions_are_answered_and_none_is_lost_or_answered_twice(
        self, server: TelegramServer, start_process: Callable[..., Any], unused_port: int, webhook: bool
    ) -> None:
        address = f"127.0.0.1:{unused_port}"
        hook = {"TELEGRAM_WEBHOOK_URL": f"http://{address}/", "TELEGRAM_WEBHOOK_SECRET": SECRET}
        process = start_process(**(hook | {"TELEGRAM_WEBHOOK_LISTEN": address} if webhook else {}))
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))
        limits = resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
        ask_from(server, 3, 2)
        server.wait_for(lambda s: len(answers(s, 3)) == 6)
        assert all(CHAIRS in reply.text for reply in server.replies(3))
        resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, limits)
        server.private_message(3, f"{CHAIR} now")
        server.wait_for(lambda s: len(answers(s, 3)) == 7)
        process.popen.send_signal(signal.SIGTERM)
        process.popen.wait()
        start_process(**(hook | {"TELEGRAM_WEBHOOK_LISTEN": address} if webhook else {}))
        server.private_message(2, f"{CHAIR} again")
        server.wait_for(lambda s: len(answers(s, 3)) == 8)
        assert set(answers(server, 3).values()) == {1}


class TestKilled:
    def test_after_a_kill_under_load_every_question_is_answered(
        self, server: TelegramServer, start_process: Callable[..., Any]
    ) -> None:
        first = start_process()
        server.wait_for(lambda s: s.calls("getUpdates"))
        ask_from(server, 20, 4)
        server.wait_for(lambda s: len(s.calls("sendMessage")) > 10)
        first.popen.send_signal(signal.SIGKILL)
        first.popen.wait()
        assert sum(answers(server, 20).values()) < 80
        start_process()
        server.wait_for(lambda s: len(answers(s, 20)) == 80, timeout=20)
        twice = {asked: times for asked, times in answers(server, 20).items() if times > 1}
        assert set(twice.values()) <= {2}
        assert len({chat for chat, _ in twice}) == len(twice), "at most the one that was in hand in each chat"

    def test_told_to_stop_it_finishes_what_is_in_hand_and_leaves_the_rest(
        self, server: TelegramServer, start_process: Callable[..., Any]
    ) -> None:
        first = start_process()
        server.wait_for(lambda s: s.calls("getUpdates"))
        ask_from(server, 20, 4)
        server.wait_for(lambda s: len(s.calls("sendMessage")) > 10)
        first.popen.send_signal(signal.SIGTERM)
        assert first.ended(5)[0] == 0
        start_process()
        server.wait_for(lambda s: len(answers(s, 20)) == 80, timeout=20)
        assert set(answers(server, 20).values()) == {1}

    def test_told_to_stop_while_telegram_hangs_it_leaves_in_time(
        self, server: TelegramServer, start_process: Callable[..., Any]
    ) -> None:
        process = start_process()
        server.hang("sendMessage", 30)
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.calls("sendMessage"))
        process.popen.send_signal(signal.SIGTERM)
        assert process.ended(5)[0] == 0


class TestUpdates:
    @pytest.mark.usefixtures("bot")
    def test_an_update_that_comes_again_is_answered_once(self, server: TelegramServer) -> None:
        asked = server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))
        server.redeliver(asked)
        server.private_message(7, "/help")
        server.wait_for(lambda s: len(s.replies(7)) == 2)

    def test_an_update_that_comes_again_after_a_restart_is_answered_once(
        self, server: TelegramServer, bot: Any
    ) -> None:
        asked = server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))
        bot.restart()
        server.redeliver(asked)
        server.private_message(7, "/help")
        server.wait_for(lambda s: len(s.replies(7)) == 2)

    @pytest.mark.usefixtures("bot")
    def test_updates_out_of_order_are_all_answered(self, server: TelegramServer) -> None:
        with server.holding() as held:
            for number in range(5):
                server.private_message(7, f"{CHAIR} {number}")
        server.deliver(held[::-1])
        server.wait_for(lambda s: len(s.replies(7)) == 5)

    def test_an_edit_that_arrives_before_its_message_stands(self, server: TelegramServer, bot: Any) -> None:
        with server.holding() as held:
            asked = server.private_message(7, CHAIR)
            server.edit(asked, "How many dockers work at the quay?")
            server.edit(asked, CHAIR)
        first, second, third = held
        server.deliver([first, third, second])
        server.private_message(7, "/help")
        server.wait_for(lambda s: len(s.replies(7)) == 2)
        assert CHAIRS in server.replies(7)[0].text
        assert not server.replies(7)[0].edited

    def test_an_edit_that_was_in_hand_when_the_bot_stopped_is_answered(
        self, server: TelegramServer, start_bot: Callable[..., Any]
    ) -> None:
        bot = start_bot(in_hand=0.1)
        asked = server.private_message(7, CHAIR)
        reply = server.wait_for(lambda s: s.replies(7))[0]
        server.fail("editMessageText", 500, times=math.inf)
        server.edit(asked, "How many dockers work at the quay?")
        server.wait_for(lambda s: s.calls("editMessageText"))
        bot.stop()
        server.heal()
        bot.start()
        server.wait_for(lambda s: "300" in reply.text)

    def test_the_messages_of_a_chat_are_answered_in_their_order(self, server: TelegramServer, bot: Any) -> None:
        ask_from(server, 5, 8)
        server.wait_for(lambda s: len(answers(s, 5)) == 40)
        for user in range(1, 6):
            asked = [reply.reply_to.id for reply in server.replies(user) if reply.reply_to]
            assert asked == sorted(asked)

    @pytest.mark.usefixtures("bot")
    def test_what_no_bot_can_read_is_passed_over(self, server: TelegramServer) -> None:
        server.private_chat(7)
        server.push("message", {"message_id": "?", "chat": {"id": 7}}, 7)
        server.push("message", {}, 7)
        server.push("callback_query", {"id": 1, "message": None}, 7)
        server.private_message(7, CHAIR)
        assert server.wait_for(lambda s: s.replies(7))

    def test_a_slow_question_does_not_hold_up_others(
        self, server: TelegramServer, start_bot: Callable[..., Any]
    ) -> None:
        gate = threading.Event()

        def ask(question: str, *about: Any, **how: Any) -> Reply:
            if question == "slow?":
                gate.wait(10)
            return answer(question, *about, **how)

        start_bot(ask=ask)
        server.private_message(7, "slow?")
        server.private_message(7, CHAIR)
        server.private_message(8, CHAIR)
        server.wait_for(lambda s: s.replies(8))
        assert not server.replies(7)
        server.wait_for(lambda s: (7, "typing") in s.actions)
        gate.set()
        server.wait_for(lambda s: len(s.replies(7)) == 2)
        assert CHAIRS in server.replies(7)[1].text


class TestTrouble:
    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_when_telegram_fails_it_is_tried_again(self, server: TelegramServer, bot: Any, status: int) -> None:
        server.fail("sendMessage", status, times=3)
        server.fail("getUpdates", status, times=2)
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))
        assert [call.status for call in server.calls("sendMessage")] == [status] * 3 + [200]

    @pytest.mark.usefixtures("bot")
    def test_429_is_obeyed(self, server: TelegramServer) -> None:
        server.fail("sendMessage", 429, retry_after=1)
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))
        refused, taken = server.calls("sendMessage")
        assert taken.at - refused.answered_at >= 1

    @pytest.mark.usefixtures("bot")
    def test_dropped_connections_are_made_again(self, server: TelegramServer) -> None:
        server.drop("sendMessage", times=2)
        server.drop("getUpdates", times=2)
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))

    def test_what_may_have_arrived_is_sent_at_most_twice(
        self, server: TelegramServer, start_bot: Callable[..., Any]
    ) -> None:
        start_bot(timeout=0.2, connected=Connection(server.token, server.url, (), None))
        server.hang("sendMessage", 0.6, times=4, processed=True)
        server.private_message(7, CHAIR)
        server.private_message(7, "/privacy")
        server.private_message(7, "/help")
        server.wait_for(lambda s: [reply for reply in s.replies(7) if reply.text.startswith("Ask in")])
        said = Counter(reply.text for reply in server.replies(7))
        assert sorted(said.values()) == [1, 2, 2]

    def test_a_server_that_is_away_for_a_while_loses_nothing(self, server: TelegramServer, bot: Any) -> None:
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))
        server.stop()
        server.private_message(7, f"{CHAIR} 1")
        time.sleep(0.2)
        server.start()
        server.wait_for(lambda s: len(s.replies(7)) == 2)

    @pytest.mark.usefixtures("bot")
    def test_who_blocked_the_bot_stops_nobody(self, server: TelegramServer) -> None:
        with server.holding() as held:
            server.private_message(7, CHAIR)
        server.block(7)
        server.deliver(held)
        server.private_message(8, CHAIR)
        server.wait_for(lambda s: s.replies(8) and s.calls("sendMessage")[0].status)
        server.unblock(7)
        server.private_message(7, f"{CHAIR} 1")
        server.wait_for(lambda s: len(s.replies(7)) == 1)

    @pytest.mark.usefixtures("bot")
    def test_the_essential_methods_are_enough(self, server: TelegramServer) -> None:
        server.wait_for(lambda s: s.calls("getUpdates"))
        server.only(ESSENTIAL)
        server.private_message(7, CHAIR)
        reply = server.wait_for(lambda s: s.replies(7))[0]
        update = server.press(reply, "In context")
        server.wait_for(lambda s: s.query(update).answer and reply.edited)

    def test_the_essential_methods_are_enough_from_the_start(
        self, server: TelegramServer, start_bot: Callable[..., Any]
    ) -> None:
        server.only(ESSENTIAL)
        start_bot()
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))

    @pytest.mark.usefixtures("bot")
    def test_an_acknowledgement_that_fails_stops_nothing(self, server: TelegramServer) -> None:
        server.private_message(7, CHAIR)
        reply = server.wait_for(lambda s: s.replies(7))[0]
        server.fail("answerCallbackQuery", 500)
        server.press(reply, "In context")
        server.wait_for(lambda s: reply.edited)


class TestWebhook:
    @pytest.fixture
    def webhook(self, unused_port: int) -> Webhook:
        return Webhook(f"http://127.0.0.1:{unused_port}/updates", SECRET, "127.0.0.1", unused_port)

    @pytest.fixture
    def connected(self, server: TelegramServer, webhook: Webhook) -> Connection:
        return Connection(server.token, server.url, (), webhook)

    def test_questions_come_by_webhook_and_are_answered(
        self, server: TelegramServer, start_bot: Callable[..., Any], connected: Connection
    ) -> None:
        bot = start_bot(connected=connected)
        ask_from(server, 10, 3)
        server.wait_for(lambda s: len(answers(s, 10)) == 30)
        bot.stop()
        server.private_message(1, f"{CHAIR} later")
        bot.start()
        server.wait_for(lambda s: len(answers(s, 10)) == 31)
        assert set(answers(server, 10).values()) == {1}
        assert server.webhook["url"]

    def test_only_who_knows_the_secret_is_heard(
        self, server: TelegramServer, start_bot: Callable[..., Any], connected: Connection, webhook: Webhook
    ) -> None:
        start_bot(connected=connected)
        server.wait_for(lambda s: s.webhook["url"])
        forged = {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "text": CHAIR}}
        assert httpx.post(webhook.url, json=forged).status_code == 403
        for guess in ("guess", "é"):
            headers = {b"X-Telegram-Bot-Api-Secret-Token": guess.encode()}
            assert httpx.post(webhook.url, json=forged, headers=headers).status_code == 403
        known = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        assert httpx.post(webhook.url, content=b"{", headers=known).status_code == 400
        assert httpx.get(webhook.url).status_code == 404
        assert httpx.post(webhook.url, json=["odd"], headers=known).status_code == 200
        assert not server.calls("sendMessage")

    def test_an_update_is_written_down_before_it_is_taken(
        self, server: TelegramServer, start_bot: Callable[..., Any], connected: Connection
    ) -> None:
        bot = start_bot(connected=connected, pauses=Pauses(5, 5), in_hand=0.1)
        server.fail("sendMessage", 500)
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.calls("sendMessage") and not s.pending())
        bot.stop()
        assert not server.replies(7)
        bot.start()
        server.wait_for(lambda s: s.replies(7))
