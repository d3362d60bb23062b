"""Several bots serve one token: nothing is lost and nothing is doubled, whichever of them gets an update, and when."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from postgres_server import Postgres
from telegram_server import TelegramServer
from telegram_world import Update

from bot.answering.answerer import answer
from bot.chat.telegram.connection import Connection
from bot.chat.telegram.webhook import Webhook
from bot.index.corpus import Corpus
from bot.model import Reply, UnavailableError

CHAIR = "Who chairs the harbour board?"
ADMIN = 99  # as in conftest
SECRET = "word-of-the-webhook"
HTTP = httpx.Client(timeout=10, limits=httpx.Limits(max_keepalive_connections=0))
KNOWN = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@dataclass
class Gate:
    """What a bot asks, where a test may hold it up. `asking` counts the questions that are being asked."""

    open: threading.Event = field(default_factory=threading.Event)
    asking: int = 0
    away: bool = False

    def ask(self, question: str, *about: Any, **how: Any) -> Reply:
        if self.away:
            raise UnavailableError("The index does not answer.")
        self.asking += 1
        self.open.wait(10)
        return answer(question, *about, **how)


class Bots:
    """Two bots in threads, each with a data folder of its own as on two machines, and the way to their ports."""

    def __init__(self, server: TelegramServer, start: Callable[[Path, int, Gate], Any], ports: Sequence[int]) -> None:
        self.server, self.ports = server, ports
        self.gates = [Gate(), Gate()]
        for gate in self.gates:
            gate.open.set()
        self.running = [start(Path(str(number)), port, self.gates[number]) for number, port in enumerate(ports)]
        server.wait_for(lambda _: all(map(self._listens, ports)))

    def bring(self, update: Update, to: int) -> int:
        """Brings an update to a bot once, and gives the status, 0 where it does not listen."""
        try:
            url = f"http://127.0.0.1:{self.ports[to]}/"
            return HTTP.post(url, content=update.wire(), headers=KNOWN).status_code
        except httpx.TransportError:
            return 0

    def insist(self, update: Update, to: int) -> None:
        """Brings an update, as Telegram does, until one of the bots takes it."""
        while self.bring(update, to) != 200:
            to = 1 - to
            time.sleep(0.1)

    def said(self, *chats: int) -> Counter[tuple[int, str]]:
        """How often each was told what question."""
        replies = [(chat, reply) for chat in chats for reply in self.server.replies(chat)]
        return Counter((chat, reply.reply_to.text if reply.reply_to else reply.text) for chat, reply in replies)

    def _listens(self, port: int) -> bool:
        try:
            return HTTP.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture
def ports() -> Sequence[int]:
    import socket

    with ExitStack() as free:
        listening = [free.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        return [one.getsockname()[1] for one in listening]


@pytest.fixture
def bots(
    server: TelegramServer,
    corpus: Corpus,
    tmp_path: Path,
    database_url: str,
    ports: Sequence[int],
    bot_of: Callable[..., Any],
) -> Iterator[Bots]:
    with ExitStack() as running:

        def start(folder: Path, port: int, gate: Gate) -> Any:
            hook = Webhook(f"http://127.0.0.1:{port}/", SECRET, "127.0.0.1", port)
            connected = Connection(server.token, server.url, (ADMIN,), hook)
            options = {"connected": connected, "database": database_url, "ask": gate.ask}
            bot = bot_of(server, tmp_path / folder, corpus, options)
            bot.start()
            running.callback(bot.stop)
            return bot

        made = Bots(server, start, ports)
        yield made
        for gate in made.gates:
            gate.open.set()


def questions(server: TelegramServer, chats: int, count: int) -> list[Update]:
    """So many people ask so many questions each; the bots have heard of none."""
    with server.holding() as held:
        for number in range(count):
            for user in range(1, chats + 1):
                server.private_message(user, f"{CHAIR} {number}")
    return list(held)


def test_each_update_is_handled_once_though_both_get_it_twice_and_out_of_order(
    server: TelegramServer, bots: Bots
) -> None:
    asked = questions(server, 6, 4)
    deliveries = [(update, to) for update in asked for to in (0, 1, 0, 1)]
    random.Random(7).shuffle(deliveries)
    with ThreadPoolExecutor(8) as couriers:
        statuses = list(couriers.map(lambda delivery: bots.bring(*delivery), deliveries))
    assert set(statuses) == {200}
    server.wait_for(lambda _: bots.said(*range(1, 7)).total() >= 24)
    time.sleep(1.2)  # for a look at what lies
    said = bots.said(*range(1, 7))
    assert (len(said), set(said.values())) == (24, {1})


def test_a_chat_is_answered_in_order_whichever_bot_gets_its_messages(server: TelegramServer, bots: Bots) -> None:
    chance = random.Random(7)
    for update in questions(server, 2, 8):
        assert bots.bring(update, chance.randrange(2)) == 200
    server.wait_for(lambda _: bots.said(1, 2).total() == 16)
    for user in (1, 2):
        answered = [reply.reply_to.id for reply in server.replies(user) if reply.reply_to]
        assert answered == sorted(answered)


def test_a_conversation_goes_on_with_the_other_bot(server: TelegramServer, bots: Bots) -> None:
    with server.holding() as held:
        server.private_message(7, "/use ferries")
    bots.bring(held[0], 0)
    server.wait_for(lambda s: s.replies(7))
    with server.holding() as held:
        server.private_message(7, "How many passengers did the ferries carry in 2021?")
    bots.bring(held[0], 1)
    first = server.wait_for(lambda s: s.replies(7)[1:])[0]
    assert "40,000" in first.text
    with server.holding() as held:
        server.private_message(7, "and in 2023?")
        server.press(first, "In context")
    bots.bring(held[0], 0)
    bots.bring(held[1], 1)
    second = server.wait_for(lambda s: s.replies(7)[2:])[0]
    assert "90,000" in second.text
    server.wait_for(lambda _: first.edited)


def test_an_edit_that_arrives_before_its_message_stands(server: TelegramServer, bots: Bots) -> None:
    with server.holding() as held:
        asked = server.private_message(7, CHAIR)
        server.edit(asked, "How many dockers work at the quay?")
    bots.bring(held[1], 0)
    reply = server.wait_for(lambda s: s.replies(7))[0]
    bots.bring(held[0], 1)
    with server.holding() as more:
        server.private_message(7, CHAIR)
    bots.bring(more[0], 1)
    server.wait_for(lambda s: len(s.replies(7)) == 2)
    assert "300" in reply.text
    assert not reply.edited


def test_a_bot_that_may_have_lost_its_chats_does_not_answer_what_another_answers(
    server: TelegramServer, bots: Bots, database_url: str
) -> None:
    import psycopg

    bots.gates[0].open.clear()
    (asked,) = questions(server, 1, 1)
    bots.bring(asked, 0)
    server.wait_for(lambda _: bots.gates[0].asking)
    with psycopg.connect(database_url, autocommit=True) as connection:
        ((owner,),) = connection.execute("SELECT owner FROM telegram_123456.lines").fetchall()
        connection.execute(
            "WITH ended AS (SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s)"
            " UPDATE telegram_123456.lines SET owner = %s WHERE (SELECT count(*) FROM ended) = 1",
            (owner, 3 - owner),
        )
    server.wait_for(lambda s: s.replies(1))
    time.sleep(1.5)  # for the first to find that its lock is lost
    bots.gates[0].open.set()
    with server.holding() as held:
        server.private_message(1, "/help")
    bots.bring(held[0], 0)
    server.wait_for(lambda s: "In a group" in s.replies(1)[-1].text)
    assert len(server.replies(1)) == 2


def test_nobody_asks_faster_of_two_bots_than_of_one(server: TelegramServer, bots: Bots) -> None:
    asked, start = questions(server, 1, 30), time.monotonic()
    with server.holding() as held:
        server.private_message(1, "/help")
    for number, update in enumerate([*asked, *held]):
        bots.bring(update, number % 2)
    server.wait_for(lambda s: s.replies(1) and "In a group" in s.replies(1)[-1].text)
    answered = sum("Ingrid Dahl" in reply.text for reply in server.replies(1))
    assert 20 <= answered <= 20 + (time.monotonic() - start) / 3
    assert any("a lot at once" in reply.text for reply in server.replies(1))


def test_a_bot_that_stops_finishes_what_is_in_hand_and_leaves_the_rest_to_the_other(
    server: TelegramServer, bots: Bots
) -> None:
    bots.gates[0].open.clear()
    for update in questions(server, 3, 3):
        assert bots.bring(update, 0) == 200
    server.wait_for(lambda _: bots.gates[0].asking == 3)
    stopping = threading.Thread(target=bots.running[0].stop)
    stopping.start()
    with server.holding() as held:
        server.private_message(1, f"{CHAIR} at last")
    bots.insist(held[0], 0)
    bots.gates[0].open.set()
    stopping.join()
    server.wait_for(lambda _: bots.said(1, 2, 3).total() == 10)
    assert bots.gates[0].asking == 3
    assert set(bots.said(1, 2, 3).values()) == {1}


def test_a_bot_that_is_killed_leaves_its_chats_to_the_other(
    server: TelegramServer, start_process: Callable[..., Any], database_url: str, ports: Sequence[int]
) -> None:
    def start(port: int) -> Any:
        address = f"127.0.0.1:{port}"
        return start_process(
            ONRECORD_DATABASE=database_url,
            TELEGRAM_WEBHOOK_URL=f"http://{address}/",
            TELEGRAM_WEBHOOK_SECRET=SECRET,
            TELEGRAM_WEBHOOK_LISTEN=address,
        )

    processes = [start(port) for port in ports]
    with server.holding():  # the bots tell Telegram where they are, and the updates are brought by hand
        bots = Bots(server, lambda *_: None, ports)
    asked = questions(server, 8, 4)
    server.hang("sendMessage", 0.2, times=8)
    for number, update in enumerate(asked):
        bots.insist(update, number % 2)
    server.wait_for(lambda _: bots.said(*range(1, 9)).total() > 4)
    processes[0].popen.send_signal(signal.SIGKILL)
    server.wait_for(lambda _: len(bots.said(*range(1, 9))) == 32, timeout=20)
    again = {asked: times for asked, times in bots.said(*range(1, 9)).items() if times > 1}
    assert set(again.values()) <= {2}
    assert len({chat for chat, _ in again}) == len(again), "at most the one that was in hand in each chat"


def test_while_the_database_is_away_nothing_is_taken_and_afterwards_all_is_answered_once(
    server: TelegramServer, bots: Bots, postgres: Postgres
) -> None:
    asked = questions(server, 4, 4)
    with ThreadPoolExecutor(16) as couriers:
        brought = [couriers.submit(bots.insist, update, number % 2) for number, update in enumerate(asked)]
        server.wait_for(lambda _: bots.said(1, 2, 3, 4).total() > 2)
        postgres.stop()
        try:
            with server.holding() as held:
                server.private_message(5, CHAIR)
            time.sleep(1.5)
            assert bots.bring(held[0], 0) == 503
            time.sleep(1.5)
        finally:
            postgres.start()
        brought.append(couriers.submit(bots.insist, held[0], 0))
        for one in brought:
            one.result(20)
    server.wait_for(lambda _: bots.said(*range(1, 6)).total() >= 17, timeout=20)
    assert (len(bots.said(*range(1, 6))), set(bots.said(*range(1, 6)).values())) == (17, {1})


def test_the_admins_hear_once_that_the_releases_cannot_be_asked(
    server: TelegramServer, bots: Bots, caplog: pytest.LogCaptureFixture
) -> None:
    server.private_chat(ADMIN)
    for gate in bots.gates:
        gate.away = True
    for number, update in enumerate(questions(server, 4, 1)):
        bots.bring(update, number % 2)
    server.wait_for(lambda _: bots.said(1, 2, 3, 4).total() == 4)
    assert {reply.text for user in range(1, 5) for reply in server.replies(user)} == {
        "The releases cannot be asked just now. Try again in a minute."
    }
    server.wait_for(lambda s: s.replies(ADMIN))
    assert len(server.replies(ADMIN)) == 1
    assert "Traceback" not in caplog.text


def test_one_bot_that_fetches_its_updates_keeps_what_it_remembers_on_a_server_too(
    server: TelegramServer, start_bot: Callable[..., Any], database_url: str, tmp_path: Path
) -> None:
    bot = start_bot(database=database_url)
    server.private_message(7, CHAIR)
    server.wait_for(lambda s: s.replies(7))
    bot.restart()
    server.press(server.replies(7)[0], "In context")
    server.wait_for(lambda s: s.replies(7)[0].edited)
    assert not list(tmp_path.glob("data/telegram-*"))
