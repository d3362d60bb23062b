"""What stands before the nodes of a cluster in tests: real HTTP on loopback, which sees, changes, or refuses what passes.

with front(node=opensearch.urls[0]) as door:
    open_cluster(Address((door.url,))).corpus()
    assert door.requests[0].headers["authorization"]
    door.close()
    door.open()
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = "application/json"


@dataclass(eq=False)
class Front:
    """The front. `answer` says what is answered in place of the node, or None where the node is asked; `changed` makes
    another answer of that of the node."""

    node: str | None
    answer: Callable[[Request], Answer | None] = lambda request: None
    changed: Callable[[Request, Answer], Answer] = lambda request, answer: answer
    certificate: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    _port: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http{'s' if self.certificate else ''}://127.0.0.1:{self._port}"

    def open(self) -> None:
        """Lets it be reached, at the same port as before."""
        server = _Server(("127.0.0.1", self._port), _handler(self))
        server.certificate = self.certificate
        self._server, self._port = server, server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), name="front", daemon=True).start()

    def close(self) -> None:
        """From now on nothing listens there."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def through(self, request: Request) -> Answer:
        """What the node answers."""
        assert self.node is not None, "there is no node behind"
        connection = http.client.HTTPConnection(self.node.removeprefix("http://"), timeout=60)
        try:
            kept = {name: value for name, value in request.headers.items() if name in ("content-type", "accept")}
            connection.request(request.method, request.path, request.body or None, kept)
            said = connection.getresponse()
            return Answer(said.status, said.read(), said.headers.get("content-type", ""))
        finally:
            connection.close()


@contextmanager
def front(
    answer: Callable[[Request], Answer | None] = lambda request: None,
    *,
    node: str | None = None,
    certificate: ssl.SSLContext | None = None,
) -> Iterator[Front]:
    """A front on a free port; with a certificate it speaks https."""
    opened = Front(node, answer, certificate=certificate)
    opened.open()
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def silent() -> Iterator[str]:
    """The address of a server that accepts, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


class _Server(ThreadingHTTPServer):
    certificate: ssl.SSLContext | None = None

    def finish_request(self, request: socket.socket, address: object) -> None:  # type: ignore[override]
        with suppress(OSError):  # who asked has gone, or does not trust the certificate
            if self.certificate is None:
                super().finish_request(request, address)
                return
            with self.certificate.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, address)


def _handler(door: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):  # HTTP/1.0: a connection a request, so that none outlives a closed front
        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, body)
            door.requests.append(request)
            said = door.answer(request) or door.changed(request, door.through(request))
            self.send_response(said.status)
            self.send_header("content-type", said.content_type)
            self.send_header("content-length", str(len(said.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass  # noqa: N815

        def log_message(self, *words: object) -> None:
            """Nothing."""

    return Handler
