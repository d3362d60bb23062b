"""Everybody is answered in the language of their Telegram, also at the same time, in one group, and later."""

import json
from collections.abc import Callable
from threading import Barrier, Event
from typing import Any

import pytest
from telegram_server import TelegramServer

from bot.answering.answerer import answer
from bot.chat.telegram.connection import Connection
from bot.chat.telegram.webhook import Webhook
from bot.model import Reply

CHAIR = "Who chairs the harbour board?"
GOULASH = "what is the recipe for goulash?"
GROUP = -50
SPANISH, ENGLISH, CHINESE, FRENCH = 7, 8, 9, 10  # people


@pytest.fixture(autouse=True)
def people(server: TelegramServer) -> None:
    for person, language in ((SPANISH, "es-MX"), (ENGLISH, "en"), (CHINESE, "zh-hans"), (FRENCH, "fr")):
        server.user(person)["language_code"] = language


def answered(server: TelegramServer, person: int, text: str) -> Any:
    before = len(server.replies(person))
    server.private_message(person, text)
    return server.wait_for(lambda s: s.replies(person)[before:])[0]


def pressed(server: TelegramServer, message: Any, button: str, person: int) -> str:
    update = server.press(message, button, person)
    return str((server.wait_for(lambda s: s.query(update).answer) or {}).get("text"))


def offered(server: TelegramServer, person: int, query: str) -> dict[str, Any]:
    update = server.inline(person, query)
    return server.wait_for(lambda s: s.query(update).answer) or {}


def test_two_people_are_answered_in_two_languages_at_the_same_time(
    server: TelegramServer, start_bot: Callable[..., Any]
) -> None:
    both = Barrier(2, timeout=10)

    def ask(*about: Any, **how: Any) -> Reply:
        both.wait()  # nobody is answered before both questions are in hand
        return answer(*about, **how)

    start_bot(ask=ask)
    for question in (GOULASH, CHAIR, f"{CHAIR} "):
        for person in (SPANISH, ENGLISH):
            server.private_message(person, question)
        server.wait_for(lambda s: len(s.replies(SPANISH)) == len(s.replies(ENGLISH)) == len(s.messages(SPANISH)) // 2)
    spanish, english = server.replies(SPANISH), server.replies(ENGLISH)
    assert spanish[0].text == "No consta: los comunicados no lo dicen."
    assert english[0].text == "Not on the record: the releases do not say."
    for own, other in zip(spanish[1:], english[1:], strict=True):
        assert own.text.endswith("Norrvik opens a third quay · 14 de mayo de 2024 · Port of Norrvik")
        assert other.text.endswith("Norrvik opens a third quay · 14 May 2024 · Port of Norrvik")
        assert own.marked("blockquote") == other.marked("blockquote")
        assert (own.buttons[1]["text"], other.buttons[1]["text"]) == ("En contexto", "In context")


@pytest.mark.usefixtures("bot")
def test_commands_and_the_list_of_releases_speak_the_language_of_the_person(server: TelegramServer) -> None:
    assert answered(server, SPANISH, "/start").text.startswith("¡Hola!")
    assert answered(server, CHINESE, "/start").text.startswith("您好！")
    assert answered(server, FRENCH, "/start").text.startswith("Hello!")
    assert answered(server, CHINESE, "/hlep").text == "我不认识 /hlep。您是想输入 /help 吗？"
    listed = answered(server, CHINESE, "/releases").text
    assert "2. Norrvik opens a third quay · 2024年5月14日 · Port of Norrvik" in listed


@pytest.mark.usefixtures("bot")
def test_in_a_group_an_answer_keeps_the_language_of_the_one_who_asked(server: TelegramServer) -> None:
    server.group(GROUP)
    server.group_message(GROUP, SPANISH, f"/ask {CHAIR}")
    reply = server.wait_for(lambda s: s.replies(GROUP))[0]
    assert pressed(server, reply, "👍", ENGLISH) == "Thank you, that is good to know."
    server.wait_for(lambda s: any(button["text"] == "👍 ✓" for button in reply.buttons))
    assert "14 de mayo de 2024" in reply.text
    pressed(server, reply, "En contexto", CHINESE)
    server.wait_for(lambda s: reply.buttons[0]["text"] == "Volver a la cita")
    server.group_message(GROUP, ENGLISH, f"/ask {CHAIR}")
    assert "14 May 2024" in server.wait_for(lambda s: s.replies(GROUP)[1:])[0].text


@pytest.mark.usefixtures("bot")
def test_a_group_is_greeted_in_the_language_of_the_one_who_adds_the_bot(server: TelegramServer) -> None:
    server.add_bot(GROUP, by=SPANISH)
    assert server.wait_for(lambda s: s.replies(GROUP))[0].text.startswith("¡Hola a todos!")


def test_the_language_is_known_after_a_restart(server: TelegramServer, start_bot: Callable[..., Any]) -> None:
    begun, never = Event(), Event()

    def hang(*about: Any, **how: Any) -> Reply:
        begun.set()
        never.wait(10)
        return answer(*about, **how)

    bot = start_bot()
    reply = answered(server, SPANISH, CHAIR)
    bot.stop()
    bot.options = {"ask": hang, "in_hand": 0.05}
    bot.start()
    server.private_message(CHINESE, GOULASH)
    assert begun.wait(10)
    bot.stop()
    bot.options = {}
    bot.start()
    never.set()
    assert server.wait_for(lambda s: s.replies(CHINESE))[0].text == "没有记载：新闻稿中未提及。"
    pressed(server, reply, "En contexto", SPANISH)
    server.wait_for(lambda s: reply.buttons[0]["text"] == "Volver a la cita")


def test_an_edited_question_is_answered_in_the_language_of_its_asker(
    server: TelegramServer, start_bot: Callable[..., Any]
) -> None:
    start_bot()
    reply = answered(server, SPANISH, CHAIR)
    server.edit(server.messages(SPANISH)[0], GOULASH)
    server.wait_for(lambda s: reply.text == "No consta: los comunicados no lo dicen.")


def test_an_error_and_a_wait_are_told_in_the_language_of_the_person(
    server: TelegramServer, start_bot: Callable[..., Any]
) -> None:
    def ask(*_: Any, **__: Any) -> Reply:
        raise ValueError("broken")

    start_bot(ask=ask)
    assert answered(server, SPANISH, CHAIR).text.startswith("Algo ha fallado por mi parte")
    for number in range(20):
        server.private_message(SPANISH, f"{CHAIR} {number}")
    server.wait_for(lambda s: "Son muchas preguntas" in s.replies(SPANISH)[-1].text)


def test_a_webhook_brings_the_language_too(
    server: TelegramServer, start_bot: Callable[..., Any], unused_port: int
) -> None:
    webhook = Webhook(f"http://127.0.0.1:{unused_port}/", "word-of-the-webhook", "127.0.0.1", unused_port)
    start_bot(connected=Connection(server.token, server.url, (), webhook))
    assert answered(server, CHINESE, GOULASH).text == "没有记载：新闻稿中未提及。"


@pytest.mark.usefixtures("bot")
def test_the_menu_is_set_for_each_language_and_for_everybody_else(server: TelegramServer) -> None:
    server.wait_for(lambda s: len(s.commands) == 6)
    menus = {key: menu for key, menu in server.commands.items() if json.loads(key)[0] == {"type": "default"}}
    helps = {json.loads(key)[1]: menu[4]["description"] for key, menu in menus.items()}
    assert helps == {
        "": "how to ask, with examples",
        "es": "cómo preguntar, con ejemplos",
        "zh": "如何提问，附示例",
    }
    assert len({tuple(command["command"] for command in menu) for menu in menus.values()}) == 1


@pytest.mark.usefixtures("bot")
def test_admins_have_the_commands_of_the_press_office_in_their_menu(server: TelegramServer) -> None:
    server.wait_for(lambda s: len(s.commands) == 6)
    own = [menu for key, menu in server.commands.items() if json.loads(key)[0] == {"type": "chat", "chat_id": 99}]
    assert len(own) == 3
    assert all({"stats", "unanswered", "remove", "ask"} <= {command["command"] for command in menu} for menu in own)


@pytest.mark.usefixtures("bot")
def test_inline_results_are_in_the_language_of_the_person_and_kept_for_that_person_only(server: TelegramServer) -> None:
    offers = {
        (person, query): offered(server, person, query)
        for person in (SPANISH, ENGLISH)
        for query in ("", CHAIR, GOULASH)
    }
    assert all(offer["is_personal"] for offer in offers.values())
    assert offers[SPANISH, ""]["button"]["text"].startswith("Escriba una pregunta, como: ")
    assert offers[SPANISH, GOULASH]["button"]["text"] == "No consta. ¿Y con otras palabras?"
    assert "14 de mayo de 2024" in offers[SPANISH, CHAIR]["results"][0]["description"]
    assert "14 May 2024" in offers[ENGLISH, CHAIR]["results"][0]["description"]
