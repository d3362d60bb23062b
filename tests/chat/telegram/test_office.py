"""The press office in Telegram: publishing, taking away, what people asked, and who may."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram_server import TelegramServer
from telegram_world import Message
from web_server import web_server

from bot.chat.telegram.digest import is_due
from bot.chat.telegram.office import LiveShelf, Office
from bot.desk.live import LiveCorpus, open_live
from bot.desk.log import QuestionLog, open_log
from bot.desk.subscribers import Subscriber, subscribed

ADMIN, STRANGER = 99, 7
QUAY = "Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board."
FERRY = b"""Ferries to Gotland carry more passengers

VISBY, June 1, 2026 -- Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries.

The company carried 90,000 passengers in 2025.
"""
LEADS = "who leads Baltic Ferries?"


@pytest.fixture
def corpus_of_one(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "quay.md").write_text(f"---\ntitle: A third quay\n---\n{QUAY}\n", encoding="utf-8")
    return folder


@pytest.fixture
def live(corpus_of_one: Path, tmp_path: Path) -> Iterator[LiveCorpus]:
    opened = open_live([corpus_of_one], tmp_path / "data", "off")
    yield opened
    opened.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[QuestionLog]:
    opened = open_log(tmp_path / "data", 90)
    yield opened
    opened.close()


@pytest.fixture
def office(start_bot: Callable[..., Any], live: LiveCorpus, log: QuestionLog, tmp_path: Path) -> Office:
    office = Office(frozenset({ADMIN}), LiveShelf(live), tmp_path / "data", log, private=True)
    start_bot(office=office, corpus_source=live)
    return office


def shown(server: TelegramServer, number: int = 1, person: int = ADMIN) -> Message:
    return server.wait_for(lambda s: s.replies(person)[number - 1 : number])[0]


def answered(server: TelegramServer, person: int, question: str) -> Message:
    before = len(server.replies(person))
    server.private_message(person, question)
    return server.wait_for(lambda s: s.replies(person)[before:])[0]


@pytest.mark.usefixtures("office")
class TestPublishing:
    def test_a_document_is_shown_published_and_asked_about(self, server: TelegramServer, corpus_of_one: Path) -> None:
        server.document_message(ADMIN, "release.txt", FERRY)
        said = shown(server)
        assert said.marked("bold") == ["Ferries to Gotland carry more passengers"]
        assert "1 June 2026" in said.text
        assert "3 sentences" in said.text
        assert [button["text"] for button in said.buttons] == ["Publish", "Discard"]
        assert len(list(corpus_of_one.iterdir())) == 1
        server.press(said, "Publish")
        server.wait_for(lambda s: shown(s).text.startswith("On the record: “Ferries to Gotland"))
        assert shown(server).buttons == []
        assert (corpus_of_one / "2026-06-01-ferries-to-gotland-carry-more-passengers.md").exists()
        assert "Karin Holm leads Baltic Ferries." in answered(server, STRANGER, LEADS).text

    def test_what_is_discarded_is_not_published(self, server: TelegramServer, corpus_of_one: Path) -> None:
        server.document_message(ADMIN, "release.txt", FERRY)
        server.press(shown(server), "Discard")
        server.wait_for(lambda s: shown(s).text.startswith("Discarded:"))
        assert len(list(corpus_of_one.iterdir())) == 1
        assert "Not on the record" in answered(server, ADMIN, LEADS).text

    def test_a_link_is_fetched(self, server: TelegramServer) -> None:
        page = (
            b"<html><head><title>Ferries to Gotland</title></head><body><article><h1>Ferries to Gotland</h1>"
            b"<p>Ferries sail to Gotland every Friday, in summer and in winter, says the company today.</p>"
            b"<p>Karin Holm leads Baltic Ferries. She joined the company in 2015 as a captain of the old ship.</p>"
            b"</article></body></html>"
        )
        with web_server() as web:
            web.page("/news/ferries", page, content_type="text/html")
            server.private_message(ADMIN, web.url("/news/ferries"))
            said = shown(server)
            assert web.url("/news/ferries") in said.text
            server.press(said, "Publish")
            server.wait_for(lambda s: shown(s).text.startswith("On the record"))
        assert "Karin Holm leads Baltic Ferries." in answered(server, ADMIN, LEADS).text

    def test_what_is_on_the_record_already_has_nothing_to_publish(self, server: TelegramServer) -> None:
        server.document_message(ADMIN, "again.txt", b"A third quay\n\n" + QUAY.encode())
        assert "on the record already: A third quay" in shown(server).text
        assert shown(server).buttons == []

    def test_what_cannot_be_read_gets_a_sentence(self, server: TelegramServer) -> None:
        server.document_message(ADMIN, "../../evil.bin", b"\x7fELF\0\0\0")
        assert shown(server).text.startswith("It could not be read:")
        server.document_message(ADMIN, "large.txt", FERRY, size=21_000_000)
        assert "larger than 20 MB" in shown(server, 2).text
        server.private_message(ADMIN, "http://127.0.0.1:1/nothing")
        assert shown(server, 3).text.startswith("It could not be read:")

    def test_two_presses_publish_once(self, server: TelegramServer, corpus_of_one: Path) -> None:
        server.document_message(ADMIN, "release.txt", FERRY)
        said = shown(server)
        with server.holding() as held:
            server.press(said, "Publish")
            server.press(said, "Publish")
        server.deliver(held)
        server.wait_for(lambda s: shown(s).text.startswith("On the record"))
        assert len(list(corpus_of_one.iterdir())) == 2


@pytest.mark.usefixtures("office")
class TestOthers:
    def test_a_stranger_is_told_and_the_attempt_is_logged(
        self, server: TelegramServer, corpus_of_one: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING):
            server.document_message(STRANGER, "secret name.txt", FERRY)
            assert shown(server, 1, STRANGER).text.startswith("Only the press office can do that here.")
            server.private_message(STRANGER, "https://acme.example/news")
            shown(server, 2, STRANGER)
            for number, command in enumerate(("/remove 1", "/stats", "/unanswered", "/digest on"), 3):
                server.private_message(STRANGER, command)
                assert shown(server, number, STRANGER).text.startswith("Only the press office")
        refusals = [record.getMessage() for record in caplog.records if "no admin" in record.getMessage()]
        assert len(refusals) == 6
        assert not any("secret" in line or "acme" in line or f"({STRANGER})" in line for line in refusals)
        assert len(list(corpus_of_one.iterdir())) == 1

    def test_a_stranger_cannot_press_the_buttons(self, server: TelegramServer, corpus_of_one: Path) -> None:
        server.document_message(ADMIN, "release.txt", FERRY)
        press = server.press(shown(server), "Publish", user_id=STRANGER)
        answer = server.wait_for(lambda s: s.query(press).answer)
        assert answer["text"] == "Only the press office can decide this."
        assert len(list(corpus_of_one.iterdir())) == 1

    def test_a_question_with_a_link_in_it_is_a_question(self, server: TelegramServer) -> None:
        said = answered(server, STRANGER, "who chairs the harbour board? https://acme.example")
        assert "Ingrid Dahl" in said.text


@pytest.mark.usefixtures("office")
class TestRemoving:
    def test_a_release_is_taken_off_the_record(self, server: TelegramServer, corpus_of_one: Path) -> None:
        said = answered(server, ADMIN, "/remove 1")
        assert said.marked("bold") == ["A third quay"]
        server.press(said, "Take it off the record")
        server.wait_for(lambda s: shown(s).text.startswith("Off the record: “A third quay”"))
        assert list(corpus_of_one.iterdir()) == []
        assert "no releases" in answered(server, STRANGER, "who chairs the harbour board?").text

    def test_or_kept(self, server: TelegramServer, corpus_of_one: Path) -> None:
        server.press(answered(server, ADMIN, "/remove quay"), "Keep it")
        server.wait_for(lambda s: shown(s).text == "Still on the record: “A third quay”.")
        assert len(list(corpus_of_one.iterdir())) == 1

    def test_without_a_number_and_with_a_wrong_one(self, server: TelegramServer) -> None:
        assert answered(server, ADMIN, "/remove").text.startswith("Which one?")
        assert answered(server, ADMIN, "/remove 7").text.startswith("I know no release")


class TestAsked:
    def test_questions_and_votes_are_noted_without_who_asked(
        self, server: TelegramServer, office: Office, tmp_path: Path
    ) -> None:
        said = answered(server, STRANGER, "who chairs the harbour board?")
        answered(server, STRANGER, "what does a herring cost?")
        server.press(said, "👍")
        now = datetime.now(UTC)

        def period() -> Any:
            return office.log.period(now - timedelta(hours=1), now + timedelta(hours=1))

        server.wait_for(lambda _: len(period().questions) == 2 and period().votes)
        first, second = period().questions
        assert (first.question, first.answered, first.release, first.way) == (
            "who chairs the harbour board?",
            True,
            "quay",
            "telegram",
        )
        assert (second.answered, second.release) == (False, None)
        (vote,) = period().votes
        assert (vote.question, vote.up, vote.release) == (first.id, True, "quay")
        assert vote.quote in QUAY
        assert len({first.person, second.person, vote.person}) == 1
        assert str(STRANGER) != first.person

    def test_an_edited_question_takes_the_place_of_the_first(self, server: TelegramServer, office: Office) -> None:
        asked = server.private_message(STRANGER, "what does a herring cost?")
        shown(server, 1, STRANGER)
        now = datetime.now(UTC)
        noted = lambda: [  # noqa: E731
            one.question for one in office.log.period(now - timedelta(hours=1), now + timedelta(hours=1)).questions
        ]
        server.wait_for(lambda _: noted() == ["what does a herring cost?"])
        server.edit(asked, "who chairs the harbour board?")
        server.wait_for(lambda _: noted() == ["who chairs the harbour board?"])

    def test_the_admin_sees_figures_and_open_questions(self, server: TelegramServer, office: Office) -> None:
        assert answered(server, ADMIN, "/unanswered").text == "Every question of the last 30 days got an answer."
        answered(server, STRANGER, "what does a herring cost?")
        answered(server, 8, "What does the herring cost")
        answered(server, STRANGER, "who chairs the harbour board?")
        now = datetime.now(UTC)
        noted = lambda: office.log.period(now - timedelta(hours=1), now + timedelta(hours=1)).questions  # noqa: E731
        server.wait_for(lambda _: len(noted()) == 3)
        stats = answered(server, ADMIN, "/stats").text
        assert "3 questions, by 2 people, 33% answered" in stats
        assert "1 × A third quay" in stats
        assert "2 × " in answered(server, ADMIN, "/unanswered").text

    def test_forget_deletes_what_one_asked(self, server: TelegramServer, office: Office) -> None:
        said = answered(server, STRANGER, "who chairs the harbour board?")
        answered(server, 8, "what does a herring cost?")
        now = datetime.now(UTC)
        noted = lambda: office.log.period(now - timedelta(hours=1), now + timedelta(hours=1)).questions  # noqa: E731
        server.wait_for(lambda _: len(noted()) == 2)
        assert answered(server, STRANGER, "/forget").text.startswith("Done:")
        assert [one.question for one in noted()] == ["what does a herring cost?"]
        press = server.press(said, "👍")
        assert "cannot read this button" in server.wait_for(lambda s: s.query(press).answer)["text"]

    def test_privacy_says_for_how_long_and_how_to_delete(self, server: TelegramServer, office: Office) -> None:
        said = answered(server, STRANGER, "/privacy").text
        assert "90 days" in said
        assert "/forget" in said
        assert "secret key" in said

    def test_the_digest_is_asked_for_and_ended(self, server: TelegramServer, office: Office) -> None:
        assert "every Monday" in answered(server, ADMIN, "/digest on").text
        assert [one.chat for one in subscribed(office.log.database)] == [ADMIN]
        assert "no weekly summary" in answered(server, ADMIN, "/digest off").text
        assert subscribed(office.log.database) == ()


def test_the_digest_is_due_when_a_monday_morning_has_come() -> None:
    wednesday = datetime(2026, 11, 25, 12, tzinfo=UTC)
    asked = Subscriber(1, wednesday, None)
    assert not is_due(asked, wednesday + timedelta(days=3))
    assert not is_due(asked, datetime(2026, 11, 30, 8, 59, tzinfo=UTC))
    assert is_due(asked, datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    sent = Subscriber(1, wednesday, datetime(2026, 11, 30, 9, 5, tzinfo=UTC))
    assert not is_due(sent, datetime(2026, 12, 6, 23, tzinfo=UTC))
    assert is_due(sent, datetime(2026, 12, 9, 12, tzinfo=UTC)), "a bot that was down on Monday sends it when it is back"


def test_admins_are_told_of_a_bad_text_and_the_old_is_asked(
    server: TelegramServer, office: Office, live: LiveCorpus, corpus_of_one: Path
) -> None:
    live.follow(office.notes.put)
    server.private_chat(ADMIN)
    (corpus_of_one / "quay.md").write_bytes(b"\0\0\0\0 broken")
    said = server.wait_for(lambda s: s.replies(ADMIN), timeout=20)[0]
    assert "quay.md" in said.text
    assert "Ingrid Dahl" in answered(server, STRANGER, "who chairs the harbour board?").text


def test_questions_are_answered_although_the_log_cannot_be_written(
    server: TelegramServer, start_bot: Callable[..., Any], live: LiveCorpus, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "desk.sqlite3").mkdir()
    log = open_log(tmp_path / "data", 90)
    start_bot(office=Office(frozenset({ADMIN}), LiveShelf(live), tmp_path / "data", log), corpus_source=live)
    assert "Ingrid Dahl" in answered(server, STRANGER, "who chairs the harbour board?").text
    assert "Ingrid Dahl" in answered(server, STRANGER, "who chairs the harbour board then?").text
    server.private_message(ADMIN, "/stats")
    assert "could not be read" in server.wait_for(lambda s: s.replies(ADMIN))[0].text


def test_where_nobody_is_named_for_the_office_one_learns_how(
    server: TelegramServer, start_bot: Callable[..., Any], live: LiveCorpus, tmp_path: Path
) -> None:
    office = Office(frozenset(), LiveShelf(live), tmp_path / "data", open_log(tmp_path / "data", 0))
    start_bot(office=office, corpus_source=live)
    server.document_message(STRANGER, "release.txt", FERRY)
    assert f"put your number, {STRANGER}, after TELEGRAM_ADMINS=" in shown(server, 1, STRANGER).text
