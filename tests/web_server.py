"""A web server on loopback for tests: real HTTP by aiohttp, scripted by the test.

    with web_server() as web:
        web.page("/a.html", b"<p>Text.</p>")
        fetched = asyncio.run(fetch(web.url("/a.html"), kinds=PAGES, private=True))
        assert web.requests[0].path == "/a.html"

It runs in a thread of its own. A path may be scripted anew at any time.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: `path` is with its query, as it was sent; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Page:
    """`parts` are sent one by one, with a `pause` in seconds before each; None is a body sent as one, with its length."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    parts: tuple[bytes, ...] | None = None
    pause: float = 0.0
    raw: bytes | None = None


@dataclass(slots=True, eq=False)
class WebServer:
    """The server: what it says to whom asks for a path, and what was asked."""

    root: str = ""
    requests: list[Request] = field(default_factory=list)
    _pages: dict[str, _Page] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """The URL of a path on this server."""
        return self.root + path

    def page(
        self,
        path: str,
        body: bytes,
        content_type: str | None = "text/html",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
    ) -> None:
        """Answers with the body, after a delay in seconds. With an `ETag` or `Last-Modified` in the headers it answers
        304 to whom has the same. With a content type of None there is no such header, nor any other."""
        if content_type is None:  # aiohttp never leaves it out
            self.raw(path, f"HTTP/1.1 {status} Bare\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        else:
            self._pages[path] = _Page(body, status, dict(headers or {}) | {"Content-Type": content_type}, delay)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Sends on to another URL, as it stands."""
        self._pages[path] = _Page(status=status, headers={"Location": to})

    def drip(
        self, path: str, parts: Iterable[bytes], pause: float = 0.0, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answers in chunks, with a pause in seconds before each."""
        said = {"Content-Type": "text/html"} | dict(headers or {})
        self._pages[path] = _Page(headers=said, parts=tuple(parts), pause=pause)

    def raw(self, path: str, answer: bytes) -> None:
        """Answers with these bytes, whatever they are, and closes the connection."""
        self._pages[path] = _Page(raw=answer)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """What is said to a request."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Request(request.method, request.raw_path, headers))
        page = self._pages.get(request.path)
        if page is None:
            return web.Response(status=404, text="There is nothing here.")
        await asyncio.sleep(page.delay)
        if page.raw is not None and request.transport is not None:
            request.transport.write(page.raw)
            request.transport.close()
            return web.Response()
        if _has(headers, page):
            return web.Response(status=304, headers=page.headers)
        if page.parts is None:
            return web.Response(body=page.body, status=page.status, headers=page.headers)
        stream = web.StreamResponse(status=page.status, headers=page.headers)
        await stream.prepare(request)
        for part in page.parts:
            await asyncio.sleep(page.pause)
            await stream.write(part)
        return stream


def _has(headers: Mapping[str, str], page: _Page) -> bool:
    asked = {"ETag": headers.get("if-none-match"), "Last-Modified": headers.get("if-modified-since")}
    return any(value and value == page.headers.get(name) for name, value in asked.items())


@contextmanager
def web_server(host: str = "127.0.0.1", certificate: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """Runs a server on a free port; with a certificate it speaks https."""
    server = WebServer()
    ready = threading.Event()
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", server.answer)
        runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, host, 0, ssl_context=certificate)
        await site.start()
        server.root = f"http{'s' if certificate else ''}://{host}:{runner.addresses[0][1]}"
        ready.set()
        await stopped.wait()
        await runner.cleanup()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="web server", daemon=True)
    thread.start()
    assert ready.wait(10), "the web server does not start"
    try:
        yield server
    finally:
        stop[0]()
        thread.join(10)
