"""nginx with `deploy/nginx.conf` before two bots: only the addresses and ports are other ones."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Thread

import nginx_server
import pytest
from service_fixtures import need
from service_processes import end, free_port, give, service_folder, spawn, wait_until

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
ADDRESSES = ("172.31.84.11:8443", "172.31.84.12:8443")


class Bot:
    """What listens where a bot would, says `status` to all, and remembers what it got."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[str, str, bytes]] = []
        self._connections: list[socket] = []
        bot = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                bot._connections.append(self.connection)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                bot.got.append((self.command, self.path, body))
                self.send_response(bot.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST  # noqa: N815 - the library's name

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.port = self._server.server_port

    def end(self) -> None:
        """Nobody listens there afterwards, nor answers on a connection that was kept."""
        self._server.shutdown()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)
        self._server.server_close()
        self._thread.join()


@dataclass(frozen=True)
class Before:
    """nginx, and the two bots behind it."""

    port: int
    bots: tuple[Bot, Bot]

    def asks(self, method: str, path: str, body: bytes = b"") -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body)
            return connection.getresponse().status
        finally:
            connection.close()

    def listens(self) -> bool:
        try:
            return self.asks("GET", "/") == 404
        except OSError:
            return False

    def got(self) -> list[tuple[str, str, bytes]]:
        return self.bots[0].got + self.bots[1].got


@pytest.fixture
def nginx() -> Iterator[Before]:
    need(nginx_server.available())
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert binary
    with ExitStack() as opened:
        bots = Bot(), Bot()
        for bot in bots:
            opened.callback(bot.end)
        folder, port = opened.enter_context(service_folder()) / "nginx", free_port()
        written = CONFIGURATION.read_text(encoding="utf-8").replace("/tmp/", f"{folder}/")  # noqa: S108
        addresses = [f"127.0.0.1:{bot.port}" for bot in bots]
        for old, new in (*zip(ADDRESSES, addresses, strict=True), ("listen 8080;", f"listen 127.0.0.1:{port};")):
            assert written.count(old) == 1
            written = written.replace(old, new)
        folder.mkdir()
        (folder / "nginx.conf").write_text(written, encoding="utf-8")
        give(folder)
        command: list[str | Path] = [binary, "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"]
        process = spawn([*command, "-g", "daemon off;"], folder)
        opened.callback(end, process, signal.SIGTERM)
        before = Before(port, bots)
        wait_until(before.listens, {folder: process}, 20, pause=0.01)
        yield before


def test_updates_are_passed_on_whole_to_both_bots(nginx: Before) -> None:
    bodies = [b"%d" % number + b"." * 200_000 for number in range(6)]
    assert {nginx.asks("POST", "/telegram", body) for body in bodies} == {200}
    assert sorted(nginx.got()) == sorted(("POST", "/telegram", body) for body in bodies)
    assert all(bot.got for bot in nginx.bots)


def test_what_one_bot_cannot_take_the_other_one_gets(nginx: Before) -> None:
    nginx.bots[0].status = 503
    assert [nginx.asks("POST", "/telegram", b"%d" % number) for number in range(6)] == [200] * 6
    assert [body for _, _, body in nginx.bots[1].got] == [b"%d" % number for number in range(6)]


def test_a_bot_that_is_gone_is_gone_around(nginx: Before) -> None:
    assert nginx.asks("POST", "/telegram", b"before") == 200
    nginx.bots[0].end()
    nginx.bots[1].got.clear()
    assert [nginx.asks("POST", "/telegram", b"%d" % number) for number in range(6)] == [200] * 6
    assert [body for _, _, body in nginx.bots[1].got] == [b"%d" % number for number in range(6)]


def test_where_no_bot_can_take_it_the_sender_is_told(nginx: Before) -> None:
    for bot in nginx.bots:
        bot.status = 503
    assert nginx.asks("POST", "/telegram", b"1") == 503


def test_a_bot_that_refuses_is_not_gone_around(nginx: Before) -> None:
    for bot in nginx.bots:
        bot.status = 403
    assert nginx.asks("POST", "/telegram", b"1") == 403
    assert len(nginx.got()) == 1


def test_all_but_updates_is_hidden(nginx: Before) -> None:
    for path in ("/healthz", "/metrics", "/telegram/../metrics", "//metrics", "/telegram/%2e%2e/healthz", "/telegram/"):
        assert nginx.asks("GET", path) == 404, path
        assert nginx.asks("POST", path) == 404, path
    assert nginx.asks("GET", "/telegram") == 403
    assert nginx.asks("POST", "/telegram", b"." * (4 * 2**20 + 1)) == 413
    assert nginx.got() == []
