"""What is behind a URL comes whole and within limits, from public addresses only; or a sentence says why not."""

import asyncio
import gzip
import socket
import ssl
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_server import WebServer, web_server

from bot.model import OnrecordError
from bot.reading.addresses import is_public
from bot.reading.fetching import FEEDS, PAGES, Fetched, Limits, fetch

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHORT = Limits(seconds=0.3)
SMALL = Limits(size=10_000)
PACKED = gzip.compress(b"Text. " * 1000)

PRIVATE = (
    "127.0.0.1 127.8.9.1 0.0.0.0 10.0.0.1 192.168.1.1 172.16.0.1 100.64.0.1 169.254.169.254 [::1] [::] [fe80::1] [fec0::1] "
    "[::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [fd00:ec2::254] [ff02::1] "
    "１２７.０.０.１ ①②⑦.⓪.⓪.① localhost LOCALHOST"
)


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


def fetch_now(url: str, **said: Any) -> Fetched | None:
    return asyncio.run(fetch(url, **said))


def get(url: str, **said: Any) -> Fetched:
    fetched = fetch_now(url, **dict[str, Any](kinds=PAGES, private=True) | said)
    assert fetched is not None
    return fetched


def refused(url: str, **said: Any) -> str:
    """The one sentence that says why there is nothing."""
    with pytest.raises(OnrecordError) as caught:
        get(url, **said)
    sentence = str(caught.value)
    assert sentence.isprintable() and sentence.endswith(".") and len(sentence) < 400
    return sentence


def test_a_page_is_fetched_with_what_is_said_of_it(web: WebServer) -> None:
    said = {"ETag": '"1"', "Last-Modified": "Thu, 22 Apr 2021 10:00:00 GMT"}
    web.page("/quay.html", b"<p>Text.</p>", "text/html; charset=UTF-8", headers=said)
    assert get(web.url("/quay.html?a=%2F#part")) == Fetched(
        url=web.url("/quay.html?a=%2F"),
        media_type="text/html",
        charset="utf-8",
        raw=b"<p>Text.</p>",
        name="quay.html",
        etag='"1"',
        modified="Thu, 22 Apr 2021 10:00:00 GMT",
    )
    asked = web.requests[-1]
    assert (asked.method, asked.path) == ("GET", "/quay.html?a=%2F")
    assert asked.headers["user-agent"].startswith("onrecord/")
    assert asked.headers["accept-encoding"] == "gzip, deflate"
    assert "text/html" in asked.headers["accept"]
    assert not asked.headers.keys() & {"cookie", "authorization", "referer", "if-none-match"}


def test_what_is_unchanged_is_none(web: WebServer) -> None:
    web.page("/same", b"x", headers={"ETag": '"1"', "Last-Modified": "Thu, 22 Apr 2021 10:00:00 GMT"})
    first = get(web.url("/same"))
    assert fetch_now(web.url("/same"), kinds=PAGES, private=True, etag=first.etag) is None
    assert fetch_now(web.url("/same"), kinds=PAGES, private=True, modified=first.modified) is None
    assert get(web.url("/same"), etag='"2"').raw == b"x"


def test_what_was_kept_is_sent_back_only_where_a_header_may_hold_it(web: WebServer) -> None:
    web.page("/kept", b"x")
    get(web.url("/kept"), etag='"1"\r\nCookie: a', modified="ä" * 5000)
    assert not web.requests[-1].headers.keys() & {"cookie", "if-none-match", "if-modified-since"}


def test_the_site_itself_is_fetched(web: WebServer) -> None:
    web.page("/", b"x")
    assert get(web.root).name == "page.html"
    assert web.requests[-1].path == "/"


def test_cookies_are_not_kept_and_no_proxy_is_asked(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    web.page("/end", b"x")
    web.page("/cookie", b"", status=302, headers={"Location": "/end", "Set-Cookie": "a=b"})
    assert get(web.url("/cookie")).raw == b"x"
    assert "cookie" not in web.requests[-1].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(web: WebServer, status: int) -> None:
    web.page("/news/quay.html", b"x")
    web.redirect("/old", "news/./quay.html#part", status)
    assert get(web.url("/old")).url == web.url("/news/quay.html")


def test_a_redirect_may_hold_spaces_and_letters_of_any_alphabet(web: WebServer) -> None:
    web.page("/Größe und so.html", b"x")
    web.redirect("/to", "/Größe und so.html")
    assert get(web.url("/to")).name == "groe-und-so.html"


def test_five_redirects_are_followed_and_no_more(web: WebServer) -> None:
    web.page("/0", b"x")
    for number in range(1, 7):
        web.redirect(f"/{number}", f"/{number - 1}")
    assert get(web.url("/5")).raw == b"x"
    assert "redirects more than 5 times" in refused(web.url("/6"))


@pytest.mark.parametrize(
    "to",
    [
        *("file:///etc/passwd", "ftp://127.0.0.1/", "data:text/html,x", "javascript:alert(1)", "http://"),
        *("http://jane:secret@127.0.0.1/", "http://[::1", "http://2130706433/", "http://a b/", f"/{'a' * 3000}"),
    ],
)
def test_a_redirect_to_what_may_not_be_called_is_refused(web: WebServer, to: str) -> None:
    web.redirect("/away", to)
    sentence = refused(web.url("/away"))
    assert "/away redirects" in sentence and "secret" not in sentence


@pytest.mark.parametrize("host", PRIVATE.split())
def test_a_private_address_is_refused_however_it_is_written(web: WebServer, host: str) -> None:
    before, port = len(web.requests), web.root.rpartition(":")[2]
    sentence = refused(f"http://{host}:{port}/", private=False)
    assert "is in a private network: only public addresses are fetched (ONRECORD_PRIVATE_URLS=1" in sentence
    assert len(web.requests) == before


@dataclass(slots=True)
class Calls:
    """What the system is asked for: names, which get these answers, and connections, none of which is made."""

    answers: list[list[str]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)

    def look_up(self, host: str, port: int, **_: Any) -> list[Any]:
        self.looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in self.answers.pop(0)]


WATCHED: list[Calls] = []


def refuse_connections(event: str, details: tuple[Any, ...]) -> None:
    if WATCHED and event == "socket.connect":
        WATCHED[0].connected.append(details[1][0])
        raise ConnectionRefusedError


sys.addaudithook(refuse_connections)  # it cannot be taken away again


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    WATCHED.append(Calls())
    monkeypatch.setattr(socket, "getaddrinfo", WATCHED[0].look_up)
    yield WATCHED[0]
    WATCHED.clear()


def test_the_address_that_was_judged_is_the_one_that_is_called(calls: Calls) -> None:
    calls.answers = [["93.184.215.14"], ["127.0.0.1"]]
    assert "refuses the connection" in refused("http://rebinding.example/", private=False)
    assert (calls.looked_up, calls.connected) == (["rebinding.example"], ["93.184.215.14"])


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["2606:4700::1111", "::1"], []])
def test_a_name_with_any_private_address_is_not_called(calls: Calls, addresses: list[str]) -> None:
    calls.answers = [addresses]
    assert "press.example is in a private network" in refused("https://press.example/", private=False)
    assert calls.connected == []


def test_each_redirect_is_judged_anew(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address passes, by a rule that is lifted for it alone; the second does not."""
    from bot.reading import fetching

    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1" or is_public(address))
    for to in ("http://169.254.169.254/latest/meta-data/", "http://127.0.0.2/", "http://[::1]/", "https://10.0.0.1/"):
        web.redirect("/inside", to)
        assert f"{to} is in a private network" in refused(web.url("/inside"), private=False)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "says 404 Not Found: check the address."),
        (410, "says 410 Gone: check the address."),
        (403, "says 403 Forbidden: save the page, and add the file."),
        (429, "says 429 Too Many Requests: try again later."),
        (503, "says 503 Service Unavailable: try again later."),
        (599, "says 599: try again later."),
        (204, "says 204 No Content: save the page, and add the file."),
        (304, "says 304 Not Modified: save the page, and add the file."),
    ],
)
def test_a_page_that_is_not_there_is_told_by_its_status(web: WebServer, status: int, words: str) -> None:
    web.page("/gone", b"", status=status)
    assert refused(web.url("/gone?token=secret#x")) == f"{web.url('/gone')} {words}"


def test_a_site_that_there_is_not_is_told() -> None:
    assert refused("http://press.invalid/") == "There is no site press.invalid: check the address."
    assert "There is no site" in refused(f"http://{'a' * 70}.example/")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert "refuses the connection" in refused(f"http://127.0.0.1:{unused.getsockname()[1]}/")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "breaks off in the middle"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nhalf", "breaks off in the middle"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
            "breaks off",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n", "does not answer as a web server"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "does not answer as a web server does"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n", "does not answer as a web server does"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 100_000 + b"\r\n", "does not answer as a web server does"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\xff\xfe\r\nContent-Length: 0\r\n\r\n", "redirects"),
    ],
)
def test_what_is_broken_is_never_taken_for_whole(web: WebServer, answer: bytes, words: str) -> None:
    web.raw("/broken", answer)
    assert words in refused(web.url("/broken"))


def test_headers_of_no_encoding_do_no_harm(web: WebServer) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\xff\xfe\r\nETag: \xff\r\nContent-Length: 1\r\n"
    web.raw("/bytes", head + b'Content-Disposition: inline; filename="\xff/\xfe.html"\r\n\r\nx')
    fetched = get(web.url("/bytes"))
    assert (fetched.charset, fetched.etag, fetched.name) == (None, None, "page.html")


def test_slow_answers_end_when_the_time_is_up(web: WebServer) -> None:
    web.page("/silent", b"x", delay=60)
    web.drip("/drip", [b"x"] * 1000, pause=0.05)
    web.page("/hop", b"", status=302, headers={"Location": "/hop2"}, delay=0.2)
    web.page("/hop2", b"", status=302, headers={"Location": "/hop"}, delay=0.2)
    for path in ("/silent", "/drip", "/hop"):
        assert (
            refused(web.url(path), limits=SHORT) == f"{web.url(path)} takes longer than 0.3 seconds: try again later."
        )


def test_a_silent_name_server_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(60) and [])
    assert "takes longer than 0.3 seconds" in refused("http://press.example/", limits=SHORT)
    answered.set()


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw deflate", "identity"])
def test_a_packed_body_is_unpacked(web: WebServer, coding: str) -> None:
    raw = b"Text. " * 1000
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bodies = {"deflate": zlib.compress(raw), "raw deflate": bare.compress(raw) + bare.flush(), "identity": raw}
    body = bodies.get(coding, PACKED)
    web.drip("/packed", [body[:1], body[1:7], body[7:]], headers={"Content-Encoding": coding.removeprefix("raw ")})
    assert get(web.url("/packed")).raw == raw


@pytest.mark.parametrize(
    ("body", "coding", "words"),
    [
        (PACKED[:-12], "gzip", "breaks off in the middle"),
        (b"Text." * 100, "gzip", "does not answer as a web server does"),
        (PACKED, "br", "packed in a way that is not read here"),
        (PACKED, "gzip, gzip", "packed in a way that is not read here"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_told(web: WebServer, body: bytes, coding: str, words: str) -> None:
    web.page("/packed", body, headers={"Content-Encoding": coding})
    assert words in refused(web.url("/packed"))


def test_a_bomb_ends_at_the_limit(web: WebServer) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    web.page("/bomb", bomb, headers={"Content-Encoding": "gzip"})
    assert "is larger than 20 MB: split it" in refused(web.url("/bomb"))


def test_size_is_limited_whether_it_is_said_or_not(web: WebServer) -> None:
    web.page("/said", b"x" * 10_001)
    web.drip("/unsaid", [b"x" * 1000] * 11)
    web.drip("/padded", [PACKED, b"\0" * 10_001], headers={"Content-Encoding": "gzip"})
    web.raw("/claimed", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999999\r\n\r\nx")
    for path in ("/said", "/unsaid", "/padded", "/claimed"):
        assert "is larger than 0.01 MB" in refused(web.url(path), limits=SMALL)
    web.page("/fits", b"x" * 10_000)
    assert len(get(web.url("/fits"), limits=SMALL).raw) == 10_000


@pytest.mark.parametrize(
    ("path", "said", "kind", "name"),
    [
        ("/a/quay.htm", "text/html", "text/html", "quay.htm"),
        ("/quay", "application/xhtml+xml; charset=utf-8", "application/xhtml+xml", "quay.html"),
        ("/quay.php", "text/html, text/html", "text/html", "quay-php.html"),
        ("/readme.md", "text/plain", "text/plain", "readme.md"),
        ("/readme", "text/markdown", "text/markdown", "readme.md"),
        ("/quay.html", "application/pdf", "application/pdf", "quay.pdf"),
        ("/2021-04-22 Quay.docx", "binary/octet-stream", DOCX, "2021-04-22-quay.docx"),
        ("/quay.eml", "application/octet-stream", "message/rfc822", "quay.eml"),
    ],
)
def test_the_name_tells_the_format(web: WebServer, path: str, said: str, kind: str, name: str) -> None:
    web.page(path, b"x", said)
    fetched = get(web.url(path.replace(" ", "%20")))
    assert (fetched.media_type, fetched.name) == (kind, name)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="Quay 1.docx"', "quay-1.docx"),
        ("attachment; filename*=UTF-8''..%2F..%2FGr%C3%BC%C3%9Fe.docx", "grue.docx"),
        ('attachment; filename="../../etc/passwd.docx"', "passwd.docx"),
        ('attachment; filename="C:\\\\Windows\\\\x.docx"', "x.docx"),
        ('attachment; filename=".docx"', "docx.docx"),
        (f"attachment; filename={'a' * 300}.docx", f"{'a' * 64}.docx"),
        (f"attachment; filename*{'9' * 5000}=x.docx", "get.docx"),
        ("attachment; filename*=punycode''%ff.docx", "get.docx"),
        ('attachment; filename="', "page.docx"),
    ],
)
def test_the_name_is_never_a_path(web: WebServer, disposition: str, name: str) -> None:
    web.page("/get", b"x", DOCX, headers={"Content-Disposition": disposition})
    assert get(web.url("/get")).name == name


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0")), st.text(max_size=50))
def test_any_name_is_bare_and_short(disposition: str, path: str) -> None:
    from email.message import Message

    from bot.reading.fetching import _hint, _name

    said = Message()
    said["Content-Disposition"] = f"attachment; {disposition}"
    for hint in (_hint(said), path):
        name = _name(hint, "text/html")
        assert name.endswith((".html", ".htm")) and len(name) < 75
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.") and name.count(".") == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\n <!DOCTYPE html><p>Text.", "text/html"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "text/html"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04 word/document.xml", DOCX),
        (b"Text.", "text/plain"),
    ],
)
def test_what_comes_without_a_type_is_known_by_its_bytes(web: WebServer, body: bytes, kind: str) -> None:
    web.page("/bare", body, None)
    assert get(web.url("/bare")).media_type == kind


@pytest.mark.parametrize(
    ("body", "said", "words"),
    [
        (b"x", "image/png", "is image/png, which is not read here: give a web page"),
        (b"x", "application/zip", "is application/zip, which is not read here"),
        (b"x", "application/octet-stream", "is application/octet-stream, which is not read here"),
        (b"PK\x03\x04", None, "is application/zip, which is not read here"),
        (b"\0\1\2", None, "is application/octet-stream, which is not read here"),
        (b"<rss>", "application/rss+xml", "which may be a feed: feeds are for onrecord follow"),
        (b"x", f"{'a' * 500}/x", "is of a kind, which is not read here"),
    ],
)
def test_other_kinds_are_refused(web: WebServer, body: bytes, said: str | None, words: str) -> None:
    web.page("/other", body, said)
    assert words in refused(web.url("/other"))


@pytest.mark.parametrize(
    "said", ["application/rss+xml", "application/atom+xml", "text/xml", "text/html", "text/plain", None]
)
def test_a_feed_is_known_even_where_the_server_calls_it_otherwise(web: WebServer, said: str | None) -> None:
    web.page("/feed", b"<?xml version='1.0'?>\n<rss version='2.0'>", said)
    assert get(web.url("/feed"), kinds=FEEDS).media_type in FEEDS


def test_a_page_is_no_feed_but_may_be_asked_for_along_with_feeds(web: WebServer) -> None:
    web.page("/page", b"<html><p>Text.</p>")
    sentence = refused(web.url("/page"), kinds=FEEDS)
    assert "is text/html (a web page, not a feed): look for the address behind the feed sign" in sentence
    assert get(web.url("/page"), kinds=FEEDS | {"text/html"}).media_type == "text/html"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder = tmp_path_factory.mktemp("certificate")
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    files = ["-keyout", "key.pem", "-out", "certificate.pem"]
    try:
        subprocess.run([*make.split(), *files], cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: ssl.SSLContext) -> None:
    with web_server("localhost", certificate) as secure:
        secure.page("/", b"x")
        assert "has a certificate that is not trusted" in refused(secure.url("/"))
        assert secure.requests == []


def test_a_server_without_tls_is_told(web: WebServer) -> None:
    assert "cannot be reached by a secure connection" in refused(web.url("/").replace("http:", "https:"))


def test_many_are_fetched_at_once(web: WebServer) -> None:
    web.page("/slow", b"x", delay=0.05)

    async def all_of_them() -> list[Fetched | None]:
        return await asyncio.gather(*(fetch(web.url(f"/slow?{n}"), kinds=PAGES, private=True) for n in range(20)))

    assert [fetched and fetched.raw for fetched in asyncio.run(all_of_them())] == [b"x"] * 20


def test_nothing_is_written_anywhere(web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    web.page("/file", b"x", headers={"Content-Disposition": "attachment; filename=file.html"})
    get(web.url("/file"))
    assert list(tmp_path.iterdir()) == []
