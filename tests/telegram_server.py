"""A Bot API server on loopback for tests: real HTTP, as strict as Telegram, scripted by the test.

    with TelegramServer() as server:
        bot = Application.builder().token(server.token).base_url(server.base_url).build()
        ...
        server.private_message(7, "Who chairs the chain?")
        reply = server.wait_for(lambda s: s.replies(7))[0]
        assert reply.marked("bold") == ["Mr Someone"]

It runs in a thread of its own. What it knows outlives the bot's process, and a `stop` and `start` of its own.
`telegram_people` holds what people do, `telegram_methods` the methods, `telegram_rules` and `telegram_html` what is
refused. By hand: `python tests/telegram_server.py --port 8081`; each line typed is a message to the bot.
"""

import argparse
import asyncio
import json
import math
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import telegram_http as http
from telegram_delivery import OTHER_POLLER, Call, Delivery
from telegram_http import Request
from telegram_methods import HANDLERS, set_webhook
from telegram_rules import METHODS, Json, Refusal, bad, coerced
from telegram_world import DEFAULT_TOKEN, Message, Update

T = TypeVar("T")

_SENDING = {"sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup"}
_LINES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: OTHER_POLLER}


@dataclass(eq=False)
class _Fault:
    kind: str  # fail, hang, drop
    times: float
    status: int = 0
    retry_after: int | None = None
    description: str | None = None
    seconds: float = 0.0
    processed: bool = False


@dataclass
class _Bucket:
    """A token bucket: `burst` at once, then `rate` a second."""

    burst: float
    rate: float
    left: float = field(init=False)
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = self.burst

    def wait(self) -> float:
        """Gives how long to wait in seconds; 0 where one may go, which is then taken."""
        now = time.monotonic()
        self.left, self.at = min(self.burst, self.left + (now - self.at) * self.rate), now
        if self.left < 1:
            return (1 - self.left) / self.rate
        self.left -= 1
        return 0.0


class TelegramServer(Delivery):
    """The server. `url` is its root (`TELEGRAM_API_URL`), `base_url` and `base_file_url` what python-telegram-bot wants.

    `limits` turns on Telegram's own rates: 30 messages a second, 20 a minute in a group, one a second in a private chat
    with bursts of 5. `allow_http_webhook` takes plain HTTP webhooks on any port, as a Bot API server that one runs
    oneself does; `webhook_via` (`http://127.0.0.1:8443`) is called in place of the webhook's own address, as by a proxy.
    `privacy` turns on the privacy mode: messages in groups that are not meant for the bot are not delivered to it.
    `webhook_pause` is the first pause in seconds before a refused webhook call is tried again; it doubles.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = DEFAULT_TOKEN,
        username: str = "onrecord_bot",
        privacy: bool = False,
        limits: bool = False,
        allow_http_webhook: bool = False,
        webhook_via: str | None = None,
        webhook_pause: float = 0.1,
        on_call: Callable[[Call], None] | None = None,
    ) -> None:
        super().__init__(token, username, privacy, webhook_via, webhook_pause)
        self.port = port
        self.limits = limits
        self.allow_http_webhook = allow_http_webhook
        self._on_call = on_call
        self._calls: list[Call] = []
        self._by_method: dict[str, list[Call]] = defaultdict(list)
        self._faults: dict[str, list[_Fault]] = defaultdict(list)
        self._only: frozenset[str] | None = None
        self._overall = _Bucket(33, 30)
        self._chat_rates: dict[Any, _Bucket] = {}
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None

    # The server's life.

    @property
    def url(self) -> str:
        """The root of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """The `base_url` of python-telegram-bot."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """The `base_file_url` of python-telegram-bot."""
        return f"{self.url}/file/bot"

    def start(self) -> Self:
        """Starts to listen; a second start takes the same port."""
        started: threading.Event = threading.Event()
        failure: list[BaseException] = []

        def run() -> None:
            try:
                asyncio.run(self._main(started))
            except OSError as error:
                failure.append(error)
                started.set()

        self._thread = threading.Thread(target=run, name="telegram", daemon=True)
        self._thread.start()
        started.wait()
        if failure:
            raise failure[0]
        return self

    def stop(self) -> None:
        """Stops to listen and closes every connection; nothing is forgotten."""
        if self._loop and self._stopping and self._thread:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _main(self, started: threading.Event) -> None:
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port, limit=1 << 20, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self.resume()
        started.set()
        await self._stopping.wait()
        self.rest()
        server.close()
        # asyncio.run cancels the connections that are left.

    # What the test looks at.

    def messages(self, chat_id: int) -> list[Message]:
        """Gives the messages in a chat that are not deleted, oldest first; none for a chat nobody knows."""
        with self.lock:
            chat = self.chats.get(chat_id)
            return [message for message in chat.messages.values() if not message.deleted] if chat else []

    def replies(self, chat_id: int) -> list[Message]:
        """Gives the bot's own messages in a chat that are not deleted, oldest first."""
        return [message for message in self.messages(chat_id) if message.sender == self.bot]

    def calls(self, method: str | None = None) -> list[Call]:
        """Gives the calls so far, of one method or all, in the order they came, refused ones included."""
        return list(self._calls if method is None else self._by_method[method])

    def pending(self) -> list[Update]:
        """Gives the updates that the bot has not confirmed."""
        with self.lock:
            return list(self.queue)

    def wait_for(self, condition: Callable[[Self], T], timeout: float = 10.0) -> T:
        """Waits until `condition(server)` is true, and gives what it gave.

        Raises:
            AssertionError: it did not become true in `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            with self.lock:
                found = condition(self)
            if found:
                return found
            if time.monotonic() > deadline:
                last = [f"{call.method} {call.status} {call.description}".strip() for call in self._calls[-8:]]
                raise AssertionError(f"not so after {timeout} s; the last calls: {last}; pending: {len(self.queue)}")
            time.sleep(0.003)

    # Faults.

    def fail(
        self,
        method: str,
        status: int = 429,
        retry_after: int | None = None,
        times: float = 1,
        description: str | None = None,
    ) -> None:
        """Answers the next `times` calls of `method` (`*` is any) with an error: 429 with `retry_after`, 5xx with an
        HTML page as a proxy would, others as the Bot API. `math.inf` times is until `heal`."""
        retry_after = 1 if status == 429 and retry_after is None else retry_after
        self._faults[method].append(_Fault("fail", times, status, retry_after, description))

    def hang(self, method: str, seconds: float, times: float = 1, processed: bool = False) -> None:
        """Answers the next `times` calls late. Where the client gave up by then they have no effect, unless
        `processed`: they take effect at once, and only the answer is late."""
        self._faults[method].append(_Fault("hang", times, seconds=seconds, processed=processed))

    def drop(self, method: str, times: float = 1, processed: bool = False) -> None:
        """Closes the connection in the middle of the next `times` answers. The calls have no effect unless
        `processed`."""
        self._faults[method].append(_Fault("drop", times, processed=processed))

    def only(self, methods: Collection[str] | None) -> None:
        """Knows these methods only, and answers 404 to the others; None is all again."""
        self._only = None if methods is None else frozenset(methods)

    def heal(self) -> None:
        """Forgets every fault."""
        self._faults.clear()
        self._only = None

    def _fault(self, method: str) -> _Fault | None:
        for faults in (self._faults.get(method), self._faults.get("*")):
            if faults:
                faults[0].times -= 1
                return faults.pop(0) if faults[0].times < 1 else faults[0]
        return None

    # Calls.

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await http.read_request(reader)) is not None:
                answer = await self._answer(request, reader)
                writer.write(answer if answer is not None else b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"ok')
                if answer is None or request.headers.get("connection", "").lower() == "close":
                    break
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: Request, reader: asyncio.StreamReader) -> bytes | None:
        if request.path.startswith("/file/bot"):
            return self._file(request)
        token, _, method = request.path.removeprefix("/bot").partition("/")
        call = Call(method)
        self._calls.append(call)
        self._by_method[method].append(call)
        if not request.path.startswith("/bot") or token != self.token:
            return self._error(call, Refusal(401, "Unauthorized"))
        fault = self._fault(method)
        try:
            raw = http.parameters(request)
        except ValueError as error:
            return self._error(call, Refusal(400, f"Bad Request: can't parse the request: {error}"))
        if fault is None or fault.processed:
            answer = await self._run(call, raw, reader)
        if fault is None:
            return answer
        if fault.kind == "hang":
            call.parameters = call.parameters or raw
            await asyncio.sleep(fault.seconds)
            if fault.processed:
                return answer
            gone = reader.at_eof() or reader.exception() is not None
            return None if gone else await self._run(call, raw, reader)
        call.parameters = call.parameters or raw
        if fault.kind == "drop":
            call.status, call.answered_at = 0, time.monotonic()
            return None
        return self._failed(call, fault)

    async def _run(self, call: Call, raw: Json, reader: asyncio.StreamReader) -> bytes:
        try:
            known = METHODS if self._only is None else self._only
            if call.method not in METHODS or call.method not in known:
                raise Refusal(404, "Not Found")
            filenames = {key: raw.pop(key) for key in list(raw) if key.endswith(" filename")}
            call.parameters = raw
            call.parameters = coerced(call.method, raw)
            if self.limits and call.method in _SENDING:
                self._rate(call.parameters.get("chat_id"))
            if call.method == "getUpdates":
                return self._success(call, await self.get_updates(call))
            with self.lock:
                if call.method == "setWebhook":
                    call.result = set_webhook(self, call.parameters, self.allow_http_webhook)
                else:
                    call.result = HANDLERS[call.method](self, call.parameters | filenames)
            if call.method in {"setWebhook", "deleteWebhook"}:
                self.turned()
        except Refusal as refusal:
            answer = self._error(call, refusal)
            if (
                call.method == "getUpdates" and reader.at_eof()
            ):  # nobody hears it: a poller that was killed or cancelled
                call.status = 0
            return answer
        except (AttributeError, KeyError, TypeError, UnicodeError) as error:
            return self._error(call, bad(f"a parameter is not what the method takes: {error!r}"))
        return self._success(call, json.dumps(call.result).encode())

    def _success(self, call: Call, result: bytes) -> bytes:
        self._done(call, 200, "")
        return http.response(200, b'{"ok":true,"result":' + result + b"}")

    def _error(self, call: Call, refusal: Refusal) -> bytes:
        self._done(call, refusal.status, refusal.description)
        body: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
        if refusal.parameters:
            body["parameters"] = refusal.parameters
        return http.response(refusal.status, json.dumps(body).encode())

    def _failed(self, call: Call, fault: _Fault) -> bytes:
        if fault.status == 429:
            words = fault.description or f"Too Many Requests: retry after {fault.retry_after}"
            return self._error(call, Refusal(429, words, {"retry_after": fault.retry_after}))
        if fault.status >= 500:
            reason = http.REASONS.get(fault.status, "Error")
            self._done(call, fault.status, reason)
            page = f"<html><head><title>{fault.status} {reason}</title></head><body>{reason}</body></html>"
            return http.response(fault.status, page.encode(), "text/html")
        return self._error(call, Refusal(fault.status, fault.description or _LINES.get(fault.status, "Error")))

    def _done(self, call: Call, status: int, description: str) -> None:
        call.status, call.description, call.answered_at = status, description, time.monotonic()
        if self._on_call:
            self._on_call(call)

    def _file(self, request: Request) -> bytes:
        token, _, path = request.path.removeprefix("/file/bot").partition("/")
        content = self.files.get(path.removeprefix("files/"))
        if token != self.token or content is None:
            status = 401 if token != self.token else 404
            body = {"ok": False, "error_code": status, "description": http.REASONS[status]}
            return http.response(status, json.dumps(body).encode())
        return http.response(200, content, "application/octet-stream")

    def _rate(self, chat_id: Any) -> None:
        group = isinstance(chat_id, str) or (isinstance(chat_id, int) and chat_id < 0)
        rate = self._chat_rates.setdefault(chat_id, _Bucket(22, 20 / 60) if group else _Bucket(5, 1))
        if (wait := (chat_id is not None and rate.wait()) or self._overall.wait()) > 0:
            seconds = math.ceil(wait)
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def main() -> None:
    """Runs the server by hand: each line of standard input is a message of person 1 to the bot."""
    options = argparse.ArgumentParser(description="A Bot API server on loopback.")
    options.add_argument("--port", type=int, default=8081)
    options.add_argument("--token", default=DEFAULT_TOKEN)
    options.add_argument("--limits", action="store_true", help="Telegram's own rate limits")
    chosen = options.parse_args()

    def show(call: Call) -> None:
        if call.method != "getUpdates" or not call.ok:
            print(f"{call.method} {call.status} {call.description} {json.dumps(call.parameters, default=str)}")

    server = TelegramServer(
        port=chosen.port, token=chosen.token, limits=chosen.limits, allow_http_webhook=True, on_call=show
    )
    with server:
        print(f"TELEGRAM_API_URL={server.url} TELEGRAM_BOT_TOKEN={server.token}", flush=True)
        for line in sys.stdin:
            if line.strip():
                server.private_message(1, line.strip())


if __name__ == "__main__":
    main()
