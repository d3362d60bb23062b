"""The test Bot API server holds the bot to what Telegram documents: shown with plain HTTP and with the real library."""

import asyncio
import gc
import json
import math
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
import telegram
import telegram.error
from hypothesis import given
from hypothesis import strategies as st
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, InlineQueryHandler, MessageHandler, filters
from telegram_html import MarkupError, from_html, utf16_length
from telegram_rules import UPDATE_KINDS
from telegram_server import TelegramServer

Answer = dict[str, Any]
KEYBOARD = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}, {"text": "👍", "callback_data": "up"}]]}


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running


@pytest.fixture
def client(server: TelegramServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.base_url}{server.token}/", timeout=20) as running:
        yield running


def call(client: httpx.Client, method: str, **parameters: Any) -> Answer:
    """Calls a method as python-telegram-bot does: a form in which everything but text is JSON."""
    form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in parameters.items()}
    answer: Answer = client.post(method, data=form).json()
    return answer


def refusal(client: httpx.Client, method: str, **parameters: Any) -> str:
    answer = call(client, method, **parameters)
    assert not answer["ok"], answer
    return str(answer["description"])


def html_error(source: str) -> str:
    with pytest.raises(MarkupError) as error:
        from_html(source)
    return str(error.value)


def with_bot(server: TelegramServer, work: Callable[[telegram.Bot], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with telegram.Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as bot:
            return await work(bot)

    return asyncio.run(run())


class TestHtml:
    def test_a_person_sees_text_and_the_bot_api_sees_entities(self) -> None:
        text, entities = from_html('<blockquote>😀 <b>Mr A</b></blockquote>\n<a href="https://a.example">T &amp; U</a>')
        assert text == "😀 Mr A\nT & U"
        assert entities == [
            {"type": "blockquote", "offset": 0, "length": 7},
            {"type": "bold", "offset": 3, "length": 4},
            {"type": "text_link", "offset": 8, "length": 5, "url": "https://a.example/"},
        ]

    @pytest.mark.parametrize(
        ("source", "kinds"),
        [
            ("<strong>x</strong>", ["bold"]),
            ("<em>x</em>", ["italic"]),
            ("<ins>x</ins>", ["underline"]),
            ("<s>x</s><del>y</del>", ["strikethrough", "strikethrough"]),
            ('<span class="tg-spoiler">x</span>', ["spoiler"]),
            ("<tg-spoiler>x</tg-spoiler>", ["spoiler"]),
            ("<blockquote expandable>x</blockquote>", ["expandable_blockquote"]),
            ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', ["custom_emoji"]),
            ('<tg-time unix="1647531900" format="wDT">then</tg-time>', ["date_time"]),
            ('<pre><code class="language-python">x</code></pre>', ["pre"]),
            ("<b>x <code>y</code> z</b>", ["bold", "code", "bold"]),
            ('<a href="http://localhost/">x</a>', []),
            ("/ask@onrecord_bot of @somebody", ["bot_command", "mention"]),
        ],
    )
    def test_the_documented_tags(self, source: str, kinds: list[str]) -> None:
        assert [entity["type"] for entity in from_html(source)[1]] == kinds

    def test_only_four_names_are_references(self) -> None:
        assert from_html("&lt;&gt;&amp;&quot;&#128512;&#x41; &nbsp; & &apos;")[0] == '<>&"😀A &nbsp; & &apos;'

    def test_markup_that_is_refused_and_where(self) -> None:
        assert html_error("é<p>x</p>") == 'Unsupported start tag "p" at byte offset 2'
        assert html_error("a < b") == 'Unsupported start tag "" at byte offset 2'
        assert html_error("x<br/>") == 'Unsupported start tag "br/" at byte offset 1'
        assert html_error("<b>x") == 'Can\'t find end tag corresponding to start tag "b"'
        assert html_error("x</b>") == "Unexpected end tag at byte offset 1"
        assert html_error("<b>x</i>") == 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'
        assert html_error("<span>x</span>") == 'Tag "span" must have class "tg-spoiler" at byte offset 0'
        assert html_error("<a href=x y>").startswith("Can't find end tag")
        assert "nested" in html_error("<blockquote>a<blockquote>b</blockquote></blockquote>")
        assert "surrogate" in html_error("&#xd83d;")

    def test_text_is_cleaned_and_trimmed_with_its_entities(self) -> None:
        assert from_html("  \u202ea\r\tb <b>c</b>\n ") == ("a b c", [{"type": "bold", "offset": 4, "length": 1}])
        assert from_html("\u200b\u200f \n") == ("", [])

    def test_at_most_100_entities_are_kept(self) -> None:
        assert len(from_html("<b>x</b> " * 101)[1]) == 100

    @given(st.text())
    def test_entities_lie_in_the_text_whatever_comes(self, source: str) -> None:
        try:
            text, entities = from_html(source)
        except MarkupError:
            return
        assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= utf16_length(text) for e in entities)


class TestCalls:
    def test_parameters_come_in_every_documented_way(self, server: TelegramServer, client: httpx.Client) -> None:
        server.private_message(7, "hello")
        values: Answer = {"chat_id": 7, "text": "ü &"}
        assert client.post("sendMessage", data=values).json()["ok"]
        assert client.post("sendMessage", json=values).json()["ok"]
        assert client.get("sendMessage", params=values).json()["ok"]
        assert client.post("sendMessage", data=values, files={"x": b""}).json()["error_code"] == 400
        parts = {name: (None, str(value)) for name, value in values.items()}
        assert client.post("sendMessage", files=parts).json()["ok"]
        assert [message.text for message in server.replies(7)] == ["ü &"] * 4
        assert [c.parameters for c in server.calls("sendMessage") if c.ok] == [values] * 4

    def test_token_method_and_parameters_are_checked(self, server: TelegramServer, client: httpx.Client) -> None:
        wrong = httpx.post(f"{server.base_url}1:no/getMe")
        assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
        assert client.post("sendmessages").json() == {"ok": False, "error_code": 404, "description": "Not Found"}
        assert "unknown parameter" in refusal(client, "getMe", colour="red")
        assert "not what the method takes" in refusal(client, "answerInlineQuery", results=["x"])
        assert "must be an Integer" in refusal(client, "editMessageText", message_id="first")
        assert [c.status for c in server.calls()] == [401, 404, 400, 400, 400]

    @pytest.mark.parametrize(
        ("parameters", "words"),
        [
            ({"chat_id": 8}, "chat not found"),
            ({"chat_id": ""}, "chat_id is empty"),
            ({"text": ""}, "message text is empty"),
            ({"text": " \u200b"}, "text must be non-empty"),
            ({"text": "😀" * 2048 + "x"}, "message is too long"),
            ({"text": "<b>", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
            ({"parse_mode": "XML"}, "unsupported parse_mode"),
            ({"message_thread_id": 5}, "message thread not found"),
            ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
            ({"reply_parameters": {"message_id": 1, "qoute": "x"}}, "unknown fields"),
            (
                {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}},
                "BUTTON_DATA_INVALID",
            ),
            ({"reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, "Text buttons are unallowed"),
            ({"reply_markup": {"inline_keyboard": [[{"text": "x", "url": "https://localhost"}]]}}, "Wrong HTTP URL"),
            ({"reply_markup": {"inline_keyboard": [[{"text": "x", "url": "a.b", "pay": True}]]}}, "exactly one action"),
            ({"reply_markup": {"inline_keyboard": KEYBOARD["inline_keyboard"] * 51}}, "reply markup is too long"),
        ],
    )
    def test_messages_that_are_refused(
        self, server: TelegramServer, client: httpx.Client, parameters: Answer, words: str
    ) -> None:
        server.private_message(7, "hello")
        assert words in refusal(client, "sendMessage", **({"chat_id": 7, "text": "x"} | parameters))
        assert server.replies(7) == []

    def test_the_longest_text_counts_after_parsing(self, server: TelegramServer, client: httpx.Client) -> None:
        server.private_message(7, "hello")
        assert call(client, "sendMessage", chat_id=7, parse_mode="HTML", text=f"<b>{'&amp;' * 4096}</b>")["ok"]

    def test_a_reply_and_its_edits(self, server: TelegramServer, client: httpx.Client) -> None:
        question = server.private_message(7, "hello")
        reply = {"message_id": question.id, "quote": "ell"}
        sent = call(client, "sendMessage", chat_id=7, text="a", reply_parameters=reply, reply_markup=KEYBOARD)["result"]
        assert sent["reply_to_message"]["text"] == "hello"
        where = {"chat_id": 7, "message_id": sent["message_id"]}
        same = refusal(client, "editMessageText", **where, text="a", reply_markup=KEYBOARD)
        assert same.startswith("Bad Request: message is not modified: specified new message content and reply markup")
        assert call(client, "editMessageText", **where, text="b")["result"]["text"] == "b"
        (message,) = server.replies(7)
        assert (message.text, message.history, message.buttons, message.edited) == ("b", ["a"], [], True)
        assert "message to edit not found" in refusal(client, "editMessageText", chat_id=7, message_id=99, text="c")
        assert "message can't be edited" in refusal(client, "editMessageText", chat_id=7, message_id=1, text="c")
        assert call(client, "deleteMessage", **where)["ok"]
        assert "message to delete not found" in refusal(client, "deleteMessage", **where)

    def test_a_lost_question_is_no_obstacle_when_the_bot_says_so(
        self, server: TelegramServer, client: httpx.Client
    ) -> None:
        server.delete(server.private_message(7, "hello"))
        reply = {"message_id": 1, "allow_sending_without_reply": True}
        assert call(client, "sendMessage", chat_id=7, text="a", reply_parameters=reply)["ok"]

    def test_a_button_is_answered_once_and_in_time(self, server: TelegramServer, client: httpx.Client) -> None:
        server.private_message(7, "hello")
        call(client, "sendMessage", chat_id=7, text="a", reply_markup=KEYBOARD)
        first, second = (server.press(server.replies(7)[0], label) for label in ("More", "up"))
        server.expire(second)
        ids = [server.query(update).id for update in (first, second)]
        assert refusal(client, "answerCallbackQuery", callback_query_id=ids[0], text="x" * 201).endswith("TOO_LONG")
        assert call(client, "answerCallbackQuery", callback_query_id=ids[0], text="ok")["ok"]
        for query_id in (*ids, "1"):
            assert "query is too old" in refusal(client, "answerCallbackQuery", callback_query_id=query_id)
        answer = server.query(first).answer
        assert answer and answer["text"] == "ok"

    def test_commands_and_menus(self, client: httpx.Client) -> None:
        menu = [{"command": "ask", "description": "Ask"}]
        assert call(client, "setMyCommands", commands=menu, scope={"type": "all_group_chats"})["ok"]
        assert call(client, "getMyCommands", scope={"type": "all_group_chats"})["result"] == menu
        assert call(client, "getMyCommands")["result"] == []
        wrong = [{"command": "Ask", "description": "Ask"}]
        assert "BOT_COMMAND_INVALID" in refusal(client, "setMyCommands", commands=wrong)
        assert "Unsupported type" in refusal(client, "setMyCommands", commands=menu, scope={"type": "all"})
        assert call(client, "setMyDescription", description="What it is")["ok"]
        assert "120" in refusal(client, "setMyShortDescription", short_description="x" * 121)

    def test_inline_results_that_are_refused(self, server: TelegramServer, client: httpx.Client) -> None:
        query_id = server.query(server.inline(7, "who")).id

        def results(*changes: Answer, **more: Any) -> str:
            article = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "x"}}
            articles = [article | change for change in changes]
            return refusal(client, "answerInlineQuery", inline_query_id=query_id, results=articles, **more)

        assert results({}, {}).endswith("RESULT_ID_DUPLICATE")
        assert results({"id": "x" * 65}).endswith("RESULT_ID_INVALID")
        assert results({"title": ""}).endswith("ARTICLE_TITLE_EMPTY")
        assert results(*({"id": str(i)} for i in range(51))).endswith("too many inline query results specified")
        assert results({"input_message_content": {}}).endswith("Input message content is not specified")
        assert results({"input_message_content": {"message_text": "x" * 4097}}).endswith("message is too long")
        assert results({"hint": "x"}).endswith("unknown fields ['hint']")
        assert results(button={"text": "All", "start_parameter": "a b"}).endswith("START_PARAM_INVALID")
        server.expire(server.pending()[0])
        assert "query is too old" in results({})

    def test_a_chosen_result_comes_to_the_bot_where_it_is(self, server: TelegramServer, client: httpx.Client) -> None:
        asked = server.inline(7, "who")
        article = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "x"}}
        query_id = server.query(asked).id
        assert call(client, "answerInlineQuery", inline_query_id=query_id, results=[article])["ok"]
        assert server.choose(asked).update is None
        server.private_chat(7)
        posted = server.choose(asked, chat_id=7)
        assert posted.update and posted.update.payload["via_bot"] == server.bot


class TestChats:
    def test_where_the_bot_may_not_write(self, server: TelegramServer, client: httpx.Client) -> None:
        server.block(7)
        server.group(-1001, can_send=False)
        server.group(-1002)
        server.remove_bot(-1002)
        server.group(-3, bot="left")
        assert refusal(client, "sendMessage", chat_id=7, text="x") == "Forbidden: bot was blocked by the user"
        assert "not enough rights to send text messages" in refusal(client, "sendMessage", chat_id=-1001, text="x")
        kicked = refusal(client, "sendMessage", chat_id=-1002, text="x")
        assert kicked == "Forbidden: bot was kicked from the supergroup chat"
        assert "not a member of the group chat" in refusal(client, "sendMessage", chat_id=-3, text="x")
        changes = [update.json["my_chat_member"]["new_chat_member"]["status"] for update in server.pending()]
        assert changes == ["kicked", "kicked"]

    def test_a_group_becomes_a_supergroup(self, server: TelegramServer, client: httpx.Client) -> None:
        server.group_message(-5, 7, "hello")
        new = server.migrate(-5)
        answer = call(client, "sendMessage", chat_id=-5, text="x")
        assert answer["parameters"] == {"migrate_to_chat_id": new.id}
        assert call(client, "sendMessage", chat_id=new.id, text="x")["ok"]

    def test_topics_of_a_forum(self, server: TelegramServer, client: httpx.Client) -> None:
        server.group(-1007, forum=True, topics={4: "News", 9: "Old"}, closed_topics={9})
        question = server.group_message(-1007, 7, "/ask who?", thread_id=4)
        assert question.json()["is_topic_message"]
        for thread in (1, 5):
            assert "message thread not found" in refusal(
                client, "sendMessage", chat_id=-1007, text="x", message_thread_id=thread
            )
        assert "TOPIC_CLOSED" in refusal(client, "sendMessage", chat_id=-1007, text="x", message_thread_id=9)
        assert call(client, "sendMessage", chat_id=-1007, text="x", reply_parameters={"message_id": question.id})["ok"]
        assert server.replies(-1007)[0].thread_id == 4

    def test_privacy_mode_hides_what_is_not_meant_for_the_bot(self) -> None:
        with TelegramServer(privacy=True) as server:
            server.group_message(-1001, 7, "morning all")
            server.group_message(-1001, 7, "/ask@other_bot who?")
            seen = [server.group_message(-1001, 7, text) for text in ("/ask who?", "@onrecord_bot who?")]
            seen.append(server.group_message(-1001, 7, "and?", reply_to=server.add_message(seen[0].chat, server.bot)))
            assert server.pending() == [message.update for message in seen]


class TestDelivery:
    def test_updates_stay_until_they_are_confirmed(self, server: TelegramServer, client: httpx.Client) -> None:
        first, second, third = (server.private_message(7, text).update for text in "abc")
        assert first and second and third
        for _ in range(2):
            assert [u["update_id"] for u in call(client, "getUpdates", limit=2)["result"]] == [first.id, second.id]
        assert call(client, "getUpdates", offset=second.id)["result"] == [second.json, third.json]
        assert call(client, "getUpdates", offset=-1)["result"] == [third.json]
        server.stop()
        server.start()
        assert call(client, "getUpdates", offset=second.id)["result"] == [third.json]
        assert call(client, "getUpdates", offset=third.id + 1)["result"] == []
        assert server.pending() == []

    def test_a_long_poll_waits_for_news(self, server: TelegramServer, client: httpx.Client) -> None:
        got: list[Answer] = []
        poll = threading.Thread(target=lambda: got.append(call(client, "getUpdates", timeout=20)))
        poll.start()
        server.wait_for(lambda s: s.calls("getUpdates"))
        server.private_message(7, "hello")
        poll.join(timeout=10)
        assert got[0]["result"][0]["message"]["text"] == "hello"

    def test_one_poller_at_a_time(self, server: TelegramServer, client: httpx.Client) -> None:
        got: list[Answer] = []
        poll = threading.Thread(target=lambda: got.append(call(client, "getUpdates", timeout=20)))
        poll.start()
        server.wait_for(lambda s: s.calls("getUpdates"))
        assert call(client, "getUpdates")["ok"]
        poll.join(timeout=10)
        assert got[0]["error_code"] == 409
        assert got[0]["description"].startswith("Conflict: terminated by other getUpdates request")

    def test_a_poller_that_was_killed_loses_nothing(self, server: TelegramServer, client: httpx.Client) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as killed:
            killed.sendall(f"GET /bot{server.token}/getUpdates?timeout=20 HTTP/1.1\r\n\r\n".encode())
            server.wait_for(lambda s: s.calls("getUpdates"))
        server.private_message(7, "hello")
        assert [u["message"]["text"] for u in call(client, "getUpdates", timeout=5)["result"]] == ["hello"]

    def test_only_the_kinds_asked_for(self, server: TelegramServer, client: httpx.Client) -> None:
        call(client, "getUpdates", allowed_updates=["callback_query"])
        assert server.private_message(7, "hello").update is None
        assert "unknown update types" in refusal(client, "getUpdates", allowed_updates=["mesage"])
        assert set(telegram.Update.ALL_TYPES) == UPDATE_KINDS

    def test_twice_and_out_of_order(self, server: TelegramServer, client: httpx.Client) -> None:
        first = server.private_message(7, "a")
        assert first.update
        assert call(client, "getUpdates", offset=first.update.id + 1)["result"] == []
        server.redeliver(first)
        with server.holding() as held:
            server.private_message(7, "b")
            server.private_message(7, "c")
        server.deliver(held[::-1])
        texts = [u["message"]["text"] for u in call(client, "getUpdates", offset=first.update.id + 1)["result"]]
        assert texts == ["a", "c", "b"]

    def test_what_people_send(self, server: TelegramServer) -> None:
        server.group(-1001)
        kinds = ["photo", "sticker", "voice", "audio", "video", "video_note", "animation", "document", "location"]
        kinds += ["contact", "dice", "poll"]
        sent = [server.media_message(7, kind) for kind in kinds]
        server.edit(server.private_message(7, "/start x"), "who?")
        server.channel_post(-1009, "news")
        server.add_bot(-1001)
        server.restrict_bot(-1001)
        server.promote_bot(-1001)
        server.remove_bot(-1001, status="left")

        async def fetch(bot: telegram.Bot) -> tuple[telegram.Update, ...]:
            return await bot.get_updates(timeout=0)

        updates = with_bot(server, fetch)
        for kind, message, update in zip(kinds, sent, updates, strict=False):
            assert getattr(update.message, kind), kind
            assert update.update_id == getattr(message.update, "id", None)
        edited = [update.edited_message.text for update in updates if update.edited_message]
        members = [update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member]
        assert edited == ["who?"]
        assert members == ["member", "restricted", "administrator", "left"]
        assert [update.channel_post.text for update in updates if update.channel_post] == ["news"]


class TestWebhook:
    def test_what_is_refused(self, client: httpx.Client) -> None:
        assert "An HTTPS URL must be provided" in refusal(client, "setWebhook", url="http://bot.example/x")
        assert "only on ports 80, 88, 443 or 8443" in refusal(client, "setWebhook", url="https://bot.example:99/")
        secret = refusal(client, "setWebhook", url="https://bot.example/", secret_token="a b")
        assert "secret token contains unallowed characters" in secret

    def test_posts_are_signed_ordered_and_tried_again(self) -> None:
        got: list[tuple[str | None, str]] = []
        refusals = iter([500, 503])

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = next(refusals, 200)
                if status == 200:
                    got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], body["message"]["text"]))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        via = f"http://127.0.0.1:{hook.server_port}"
        with TelegramServer(webhook_via=via, webhook_pause=0.01) as server:
            server.private_message(7, "a")
            with httpx.Client(base_url=f"{server.base_url}{server.token}/") as client:
                assert call(client, "setWebhook", url="https://bot.example/hook", secret_token="s-1")["ok"]
                server.private_message(7, "b")
                server.wait_for(lambda s: not s.pending())
                assert got == [("s-1", "a"), ("s-1", "b")]
                assert [status for _, status in server.deliveries] == [500, 503, 200, 200]
                assert "while webhook is active" in refusal(client, "getUpdates")
                assert call(client, "getWebhookInfo")["result"]["url"] == "https://bot.example/hook"
                assert call(client, "deleteWebhook")["ok"]
                server.private_message(7, "c")
                assert len(call(client, "getUpdates")["result"]) == 1
        hook.shutdown()
        hook.server_close()


class TestFaults:
    def test_errors_as_telegram_and_proxies_send_them(self, server: TelegramServer, client: httpx.Client) -> None:
        server.fail("getMe", 429, retry_after=3, times=2)
        server.fail("getMe", 502)
        answers = [client.post("getMe") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [429, 429, 502, 200]
        assert answers[0].json()["parameters"] == {"retry_after": 3}
        assert "text/html" in answers[2].headers["content-type"]
        server.fail("*", 401, times=math.inf)
        assert [client.post(method).status_code for method in ("getMe", "getMe", "getChat")] == [401] * 3
        server.heal()
        assert client.post("getMe").status_code == 200

    def test_a_dropped_call_has_an_effect_only_where_it_is_meant_to(
        self, server: TelegramServer, client: httpx.Client
    ) -> None:
        server.private_message(7, "hello")
        server.drop("sendMessage")
        server.drop("sendMessage", processed=True)
        for seen in (0, 1):
            with pytest.raises(httpx.TransportError):
                call(client, "sendMessage", chat_id=7, text="x")
            assert len(server.replies(7)) == seen
        assert call(client, "sendMessage", chat_id=7, text="x")["ok"]

    def test_a_call_that_hangs_is_forgotten_when_the_client_gives_up(
        self, server: TelegramServer, client: httpx.Client
    ) -> None:
        server.private_message(7, "hello")
        server.hang("sendMessage", 0.3)
        with pytest.raises(httpx.TimeoutException):
            client.post("sendMessage", data={"chat_id": 7, "text": "lost"}, timeout=0.05)
        server.hang("sendMessage", 0.6)
        assert call(client, "sendMessage", chat_id=7, text="late")["ok"]
        assert [message.text for message in server.replies(7)] == ["late"]

    def test_a_server_that_knows_little(self, server: TelegramServer, client: httpx.Client) -> None:
        server.only({"getMe", "sendMessage"})
        assert call(client, "getMe")["ok"]
        assert call(client, "setMyCommands", commands=[])["error_code"] == 404

    def test_telegrams_own_limits(self) -> None:
        with (
            TelegramServer(limits=True) as server,
            httpx.Client(base_url=f"{server.base_url}{server.token}/") as client,
        ):
            server.group(-1001)
            answers = [call(client, "sendMessage", chat_id=-1001, text="x") for _ in range(24)]
            assert [answer["ok"] for answer in answers].count(True) == 22
            assert answers[-1]["parameters"]["retry_after"] >= 1
            assert answers[-1]["description"].startswith("Too Many Requests: retry after ")

    def test_waiting_says_what_happened_instead(self, server: TelegramServer, client: httpx.Client) -> None:
        call(client, "getMe")
        with pytest.raises(AssertionError, match="getMe 200"):
            server.wait_for(lambda s: s.replies(7), timeout=0.05)


class TestRealLibrary:
    def test_what_its_bot_object_calls(self, server: TelegramServer) -> None:
        server.private_message(7, "hello")
        server.group(-1001, bot="administrator")
        photo = server.media_message(7, "photo")

        async def work(bot: telegram.Bot) -> None:
            assert bot.username == "onrecord_bot"
            await bot.set_my_commands([("ask", "Ask")])
            await bot.send_chat_action(7, "typing")
            markup = telegram.InlineKeyboardMarkup.from_button(telegram.InlineKeyboardButton("More", callback_data="m"))
            sent = await bot.send_message(7, "<b>x</b>", parse_mode="HTML", reply_markup=markup, reply_to_message_id=1)
            assert sent.reply_to_message and sent.reply_to_message.text == "hello"
            await sent.edit_text("y")
            with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
                await sent.edit_text("y")
            await sent.set_reaction("👍")
            document = await bot.send_document(7, b"%PDF", filename="a.pdf", caption="<i>c</i>", parse_mode="HTML")
            assert document.document and document.document.file_name == "a.pdf"
            assert (
                await (await bot.get_file(photo.content["photo"][0]["file_id"])).download_as_bytearray() == b"photo-1"
            )
            assert (await bot.get_chat(-1001)).title == "Group"
            assert (await bot.get_chat_member(-1001, bot.id)).status == "administrator"
            await bot.leave_chat(-1001)
            with pytest.raises(telegram.error.Forbidden):
                await bot.send_message(-1001, "x")
            with pytest.raises(telegram.error.InvalidToken):
                await telegram.Bot("1:x", base_url=server.base_url).get_me()

        with_bot(server, work)
        assert all(c.ok or c.status in {400, 401, 403} for c in server.calls())

    # The library leaves the request for updates that it gives up to the garbage collector.
    @pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
    def test_its_application_answers_people(self, server: TelegramServer) -> None:
        async def echo(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            assert update.effective_message
            await update.effective_message.reply_html(
                f"<b>{update.effective_message.text}</b>", reply_markup=telegram.InlineKeyboardMarkup.de_json(KEYBOARD)
            )

        async def pressed(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            assert update.callback_query
            await update.callback_query.answer("thanks")
            await update.callback_query.edit_message_text(f"pressed {update.callback_query.data}")

        async def queried(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            assert update.inline_query
            content = telegram.InputTextMessageContent("<b>posted</b>", parse_mode="HTML")
            markup = telegram.InlineKeyboardMarkup.de_json(KEYBOARD)
            result = telegram.InlineQueryResultArticle("1", "One", content, reply_markup=markup)
            await update.inline_query.answer([result], cache_time=0)

        async def work() -> None:
            builder = Application.builder().token(server.token).base_url(server.base_url)
            application = builder.base_file_url(server.base_file_url).build()
            application.add_handler(MessageHandler(filters.TEXT, echo))
            application.add_handler(CallbackQueryHandler(pressed))
            application.add_handler(InlineQueryHandler(queried))
            async with application:
                await application.start()
                assert application.updater
                await application.updater.start_polling()
                try:
                    await asyncio.to_thread(people)
                finally:
                    await application.updater.stop()
                    await application.stop()

        def people() -> None:
            server.private_message(7, "hello")
            reply = server.wait_for(lambda s: s.replies(7))[0]
            assert (reply.text, reply.marked("bold")) == ("hello", ["hello"])
            press = server.press(reply, "👍")
            server.wait_for(lambda s: reply.text == "pressed up")
            assert (server.query(press).answer or {})["text"] == "thanks"
            asked = server.inline(7, "who")
            server.wait_for(lambda s: s.query(asked).answer)
            posted = server.choose(asked)
            assert (posted.text, posted.marked("bold")) == ("posted", ["posted"])
            server.press(posted, "More", user_id=8)
            server.wait_for(lambda s: posted.text == "pressed more")

        asyncio.run(work())
        gc.collect()
        assert server.pending() == []
