"""What the webhook's port tells who runs the bot: whether it can answer, and what it counts."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from postgres_server import Postgres
from prometheus_client.parser import text_string_to_metric_families
from telegram_server import TelegramServer

from bot.answering.answerer import answer
from bot.chat.telegram import health
from bot.chat.telegram.connection import Connection
from bot.chat.telegram.office import Office
from bot.chat.telegram.shared_inbox import SharedInbox
from bot.chat.telegram.webhook import Webhook
from bot.desk.holdings import Library
from bot.desk.log import open_log
from bot.index.corpus import Corpus
from bot.model import OnrecordError, Reply

CHAIR = "Who chairs the harbour board?"
SECRET = "word-of-the-webhook"
HTTP = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))  # one for all: each would read certificates anew
KNOWN = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class NoShelf:
    def opened(self) -> Library:
        return Library((), ())

    def reload(self) -> None:
        pass


@pytest.fixture
def root(unused_port: int) -> str:
    return f"http://127.0.0.1:{unused_port}"


@pytest.fixture
def start(
    server: TelegramServer, start_bot: Callable[..., Any], root: str, unused_port: int, tmp_path: Path
) -> Callable[..., Any]:
    """Starts a bot with a webhook and a question log, and waits until it serves; the options are those of `serve`."""
    webhook = Webhook(f"{root}/updates", SECRET, "127.0.0.1", unused_port)

    def started(**options: Any) -> Any:
        log = open_log(tmp_path / "data", 90, options.get("database"), server.token)
        office = Office(frozenset(), NoShelf(), tmp_path / "data", log)
        bot = start_bot(connected=Connection(server.token, server.url, (), webhook), office=office, **options)
        server.wait_for(lambda s: s.webhook["url"])
        return bot

    return started


def samples(root: str) -> dict[str, float]:
    """What is counted, by name and labels."""
    page = HTTP.get(f"{root}/metrics")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }


def is_ready(root: str) -> bool:
    """Whether the bot says that it can answer."""
    return HTTP.get(f"{root}/healthz").status_code == 200


def comes(condition: Callable[[], bool]) -> bool:
    """Whether it comes true within ten seconds."""
    pause = threading.Event()
    return any(condition() or pause.wait(0.05) for _ in range(200))


class TestPaths:
    def test_a_bot_that_can_answer_is_ready(self, start: Callable[..., Any], root: str) -> None:
        start()
        ready = HTTP.get(f"{root}/healthz")
        assert (ready.status_code, ready.text) == (200, "ready\n")
        assert ready.headers["cache-control"] == "no-store"

    def test_only_what_is_there_can_be_read_and_the_head_of_it(self, start: Callable[..., Any], root: str) -> None:
        start()
        for path, status in (("/healthz", 200), ("/metrics", 200), ("/", 404), ("/updates", 404), ("/healthz/x", 404)):
            assert HTTP.get(root + path).status_code == status
            head = HTTP.head(root + path)
            assert (head.status_code, head.content) == (status, b"")

    @pytest.mark.parametrize("path", ["/", "/updates", "/healthz", "/metrics"])
    def test_updates_come_on_any_path_with_their_secret(
        self, server: TelegramServer, start: Callable[..., Any], root: str, path: str
    ) -> None:
        start()
        person = {"id": 7, "is_bot": False, "first_name": "Ada"}
        said = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": person, "text": CHAIR}
        server.private_chat(7)
        assert HTTP.post(root + path, json={"update_id": 5, "message": said}).status_code == 403
        assert HTTP.post(root + path, json={"update_id": 5, "message": said}, headers=KNOWN).status_code == 200
        server.wait_for(lambda s: any("Ingrid Dahl" in reply.text for reply in s.replies(7)))


class TestMetrics:
    def test_a_question_is_counted_and_each_of_its_steps_is_timed(
        self, server: TelegramServer, start: Callable[..., Any], root: str
    ) -> None:
        start()
        before = samples(root)
        assert before["onrecord_questions_total telegram"] == before["onrecord_seconds_count answer"] == 0
        server.private_message(7, CHAIR)
        assert comes(lambda: samples(root)["onrecord_seconds_count note"] == 1)
        after = samples(root)
        assert after["onrecord_questions_total telegram"] == after["onrecord_answered_total"] == 1
        assert after["onrecord_refused_total"] == after["onrecord_seconds_count meaning"] == 0
        assert after["onrecord_seconds_count answer"] == after["onrecord_seconds_count send"] == 1
        for stage in ("understand", "search", "rank"):
            assert after[f"onrecord_seconds_count {stage}"] >= 1
            assert after[f"onrecord_seconds_sum {stage}"] <= after["onrecord_seconds_sum answer"]
        assert comes(lambda: samples(root)["onrecord_queue"] == 0)
        assert after["onrecord_workers_waiting"] == 0

    def test_a_question_without_an_answer_is_counted_apart(
        self, server: TelegramServer, start: Callable[..., Any], root: str
    ) -> None:
        start()
        server.private_message(7, "Who painted the ceiling of the Sistine Chapel?")
        server.wait_for(lambda s: s.replies(7))
        found = samples(root)
        assert (found["onrecord_answered_total"], found["onrecord_refused_total"]) == (0, 1)

    def test_where_questions_come_from_is_told(
        self, server: TelegramServer, start: Callable[..., Any], root: str
    ) -> None:
        start()
        server.inline(7, CHAIR)
        server.group(-100)
        server.group_message(-100, 7, f"@onrecord_bot {CHAIR}")
        assert comes(lambda: samples(root)["onrecord_seconds_count answer"] == 2)
        found = samples(root)
        assert found["onrecord_questions_total inline"] == found["onrecord_questions_total group"] == 1

    def test_what_fails_is_counted_by_its_kind(
        self, server: TelegramServer, start: Callable[..., Any], root: str
    ) -> None:
        def fail(question: str, corpus: Corpus, **options: Any) -> Reply:
            raise ZeroDivisionError(question)

        start(ask=fail)
        server.private_message(7, CHAIR)
        server.wait_for(lambda s: s.replies(7))
        assert samples(root)["onrecord_errors_total ZeroDivisionError"] == 1

    def test_who_does_not_want_its_answer_is_no_error(
        self, server: TelegramServer, start: Callable[..., Any], root: str
    ) -> None:
        start()
        with server.holding() as held:
            server.private_message(7, CHAIR)
            server.block(7)
        server.deliver(held)
        server.private_message(8, CHAIR)
        assert comes(lambda: samples(root)["onrecord_questions_total telegram"] == 2)
        assert comes(lambda: samples(root)["onrecord_queue"] == 0)
        assert not [name for name in samples(root) if name.startswith("onrecord_errors_total")]

    def test_who_waits_is_seen(self, server: TelegramServer, start: Callable[..., Any], root: str) -> None:
        free = threading.Event()

        def slow(question: str, corpus: Corpus, **options: Any) -> Reply:
            assert free.wait(10)
            return answer(question, corpus, **options)

        start(ask=slow)
        for person in range(1, 7):
            server.private_message(person, CHAIR)
        assert comes(lambda: samples(root)["onrecord_workers_waiting"] == 2)
        assert samples(root)["onrecord_queue"] == 6
        free.set()
        server.wait_for(lambda s: all(s.replies(person) for person in range(1, 7)))

    def test_nothing_is_said_of_who_asked_or_what(
        self, server: TelegramServer, start: Callable[..., Any], root: str
    ) -> None:
        start()
        server.private_message(771_771, CHAIR)
        server.wait_for(lambda s: s.replies(771_771))
        page = HTTP.get(f"{root}/metrics").text
        assert not [word for word in ("771771", "harbour", SECRET, server.token) if word in page]

    def test_the_program_and_its_process_are_described(self, start: Callable[..., Any], root: str) -> None:
        start()
        page = HTTP.get(f"{root}/metrics").text
        assert 'onrecord_build_info{python="' in page
        assert "process_resident_memory_bytes" in page


class TestHealth:
    def test_without_the_question_log_it_is_not_ready_and_with_it_again_it_is(
        self, start: Callable[..., Any], root: str, tmp_path: Path
    ) -> None:
        start()
        assert HTTP.get(f"{root}/healthz").status_code == 200
        data, away = tmp_path / "data", tmp_path / "away"
        data.rename(away)
        data.touch()  # where a folder was
        assert comes(lambda: not is_ready(root))
        told = HTTP.get(f"{root}/healthz").text
        assert told == "The question log does not answer (OnrecordError).\n"
        data.unlink()
        away.rename(data)
        assert comes(lambda: is_ready(root))

    def test_without_its_server_it_is_not_ready_and_takes_nothing_and_with_it_again_it_does(
        self,
        start: Callable[..., Any],
        root: str,
        postgres: Postgres,
        database_url: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(SharedInbox, "patience", 0.1)
        monkeypatch.setattr(health, "PATIENCE", 0.3)
        start(database=database_url)
        assert comes(lambda: is_ready(root))
        postgres.stop()
        try:
            assert comes(lambda: not is_ready(root))
            assert {line.split(" do")[0].split(" gi")[0] for line in HTTP.get(f"{root}/healthz").text.splitlines()} == {
                "The question log",
                "The bot's database",
            }
            assert HTTP.post(root, json={"update_id": 5}, headers=KNOWN).status_code == 503
        finally:
            postgres.start()
        assert comes(lambda: is_ready(root))
        assert HTTP.post(root, json={"update_id": 5}, headers=KNOWN).status_code == 200
        assert samples(root)["onrecord_errors_total NotWrittenError"] == 1

    def test_without_the_index_it_is_not_ready(self, start: Callable[..., Any], root: str, corpus: Corpus) -> None:
        def gone() -> Corpus:
            raise OnrecordError("/a/path is no archive.")

        start(corpus_source=gone)
        found = HTTP.get(f"{root}/healthz")
        assert (found.status_code, found.text) == (503, "The index does not answer (OnrecordError).\n")
        assert HTTP.head(f"{root}/healthz").status_code == 503

    def test_while_it_stops_it_is_not_ready_and_takes_nothing_more_but_finishes_what_it_has(
        self, server: TelegramServer, start: Callable[..., Any], root: str
    ) -> None:
        begun, free = threading.Event(), threading.Event()

        def slow(question: str, corpus: Corpus, **options: Any) -> Reply:
            begun.set()
            assert free.wait(10)
            return answer(question, corpus, **options)

        bot = start(ask=slow, in_hand=10.0)
        waiting = socket.create_connection(("127.0.0.1", int(root.rpartition(":")[2])))
        server.private_message(7, CHAIR)
        assert begun.wait(10)
        bot.loop.call_soon_threadsafe(bot.told.set)
        assert comes(lambda: HTTP.get(f"{root}/healthz").status_code == 503)
        assert HTTP.post(root, json={"update_id": 5}, headers=KNOWN).status_code == 503
        free.set()
        server.wait_for(lambda s: s.replies(7))
        bot.stop()
        assert bot.error is None
        with waiting:
            assert waiting.recv(1) == b""
