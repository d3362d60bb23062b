"""From a URL to bytes: public addresses only, within limits of time, size and redirects."""

import asyncio
import re
import socket
import ssl
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePosixPath
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.model import OnrecordError
from bot.reading.addresses import check_url, is_address, is_public, show_url
from bot.reading.ids import slug

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXTENSIONS = {  # the first of each is what a name gets where it has none of them
    "text/html": (".html", ".htm"),
    "application/xhtml+xml": (".html", ".xhtml"),
    "text/plain": (".txt", ".md", ".markdown"),
    "text/markdown": (".md", ".markdown"),
    "text/x-markdown": (".md", ".markdown"),
    "application/pdf": (".pdf",),
    _DOCX: (".docx",),
    "message/rfc822": (".eml",),
    "application/rss+xml": (".rss", ".xml"),
    "application/atom+xml": (".atom", ".xml"),
    "application/rdf+xml": (".rdf", ".xml"),
    "application/xml": (".xml",),
    "text/xml": (".xml",),
}
FEEDS = frozenset(kind for kind, extensions in _EXTENSIONS.items() if ".xml" in extensions)
"""The media types of feeds."""
PAGES = frozenset(_EXTENSIONS) - FEEDS
"""The media types of what can be a release: pages, texts, PDF, Word, mail."""

_BY_EXTENSION = {extension: kind for kind in reversed(_EXTENSIONS) for extension in reversed(_EXTENSIONS[kind])}
_ANY_BYTES = frozenset({"application/octet-stream", "binary/octet-stream"})
_OFTEN_WRONG = frozenset({"text/html", "text/plain"})  # what servers say that were told nothing
_LIKED = frozenset({"text/html", "application/xhtml+xml", "application/rss+xml", "application/atom+xml"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_VALIDATOR = 1_000
_FEED_START = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|article|div|p|h1)[\s>/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one fetch may take: seconds for all of it, redirects, and bytes of the body as it is read."""

    seconds: float = 10.0
    redirects: int = 5
    size: int = 20_000_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was behind a URL.

    `url` is the last one, after redirects. `name` is a bare file name that tells the format by its extension, and is
    never to be used as a path. `etag` and `modified` are to be given when the same is fetched again.
    """

    url: str
    media_type: str
    charset: str | None
    raw: bytes
    name: str
    etag: str | None = None
    modified: str | None = None


async def fetch(
    url: str,
    *,
    kinds: frozenset[str],
    private: bool = False,
    etag: str | None = None,
    modified: str | None = None,
    limits: Limits = LIMITS,
) -> Fetched | None:
    """What is behind a URL; None where it is unchanged since the `etag` or `modified` of the last time.

    `kinds` are the media types that are wanted, such as `PAGES`. `private` lets addresses of private networks be called.
    Neither cookies nor a proxy are used.

    Raises:
        OnrecordError: there is nothing of these kinds, it may not be called, or it goes beyond the limits.
    """
    asked = check_url(url)
    headers = {"User-Agent": f"onrecord/{_version()}", "Accept": _accept(kinds), "Accept-Encoding": "gzip, deflate"}
    for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)):
        if usable := _validator(value):
            headers[name] = usable
    try:
        async with asyncio.timeout(limits.seconds):
            return await _follow(asked, kinds, private, headers, limits)
    except TimeoutError as error:
        raise OnrecordError(
            f"{show_url(url)} takes longer than {limits.seconds:g} seconds: try again later."
        ) from error


async def _follow(
    url: URL, kinds: frozenset[str], private: bool, headers: dict[str, str], limits: Limits
) -> Fetched | None:
    connector = aiohttp.TCPConnector(resolver=_JudgingResolver(private), use_dns_cache=False, force_close=True)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
    ) as session:
        for _ in range(limits.redirects + 1):
            # The connector calls an address as it stands, without asking the resolver.
            if is_address(str(url.raw_host)):
                _judge(str(url), [str(url.raw_host)], private)
            shown = show_url(str(url))
            try:
                async with session.get(url, headers=headers, allow_redirects=False) as response:
                    if response.status in _REDIRECTS and "Location" in response.headers:
                        url = _next(url, response.headers["Location"])
                        continue
                    if response.status == 304 and headers.keys() & {"If-None-Match", "If-Modified-Since"}:
                        return None
                    if response.status not in (200, 203):
                        raise OnrecordError(f"{shown} {_refusal(response.status)}")
                    return await _read(url, kinds, response, limits.size)
            except (aiohttp.ClientError, OSError, ValueError, zlib.error) as error:
                raise OnrecordError(f"{shown} {_failure(error)}") from error
    raise OnrecordError(f"{show_url(str(url))} redirects more than {limits.redirects} times: check the address.")


def _next(url: URL, location: str) -> URL:
    try:
        return check_url(urljoin(str(url), location.replace(" ", "%20")))
    except ValueError as error:
        raise OnrecordError(f"{show_url(str(url))} redirects to no web address: check the address.") from error
    except OnrecordError as error:
        raise OnrecordError(f"{show_url(str(url))} redirects: {error}") from error


class _JudgingResolver(AbstractResolver):
    """Looks a name up once, and gives its addresses to the connector only when all of them may be called."""

    def __init__(self, private: bool) -> None:
        self._private = private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            found = await _look_up(host, port, family)
        except (OSError, UnicodeError) as error:
            if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
                raise OnrecordError(
                    f"{show_url(host)} cannot be looked up now: check the connection to the internet."
                ) from error
            raise OnrecordError(f"There is no site {show_url(host)}: check the address.") from error
        _judge(host, found, self._private)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=_family(address), proto=0, flags=0)
            for address in found
        ]

    async def close(self) -> None:
        pass


async def _look_up(host: str, port: int, family: int) -> list[str]:
    """The addresses of a name, each once. A thread of its own does not keep the program from ending, as one of the
    event loop's would while a name server is silent."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def tell(addresses: list[str], error: OSError | UnicodeError | None) -> None:
        if found.done():
            return
        if error:
            found.set_exception(error)
        else:
            found.set_result(addresses)

    def look_up() -> None:
        addresses: list[str] = []
        failed = None
        try:
            infos = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        except (OSError, UnicodeError) as error:
            failed = error
        with suppress(RuntimeError):  # nobody waits any longer, and the loop is closed
            loop.call_soon_threadsafe(tell, addresses, failed)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    return await found


def _judge(called: str, addresses: list[str], private: bool) -> None:
    if not private and not (addresses and all(map(is_public, addresses))):
        raise OnrecordError(
            f"{show_url(called)} is in a private network: only public addresses are fetched "
            "(ONRECORD_PRIVATE_URLS=1 opens them)."
        )


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


async def _read(url: URL, kinds: frozenset[str], response: aiohttp.ClientResponse, size: int) -> Fetched:
    said = Message()
    if "Content-Type" in response.headers:
        said["Content-Type"] = response.headers["Content-Type"].split(",")[0]  # said twice, by two that served it
    said["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    declared = said.get_content_type() if "Content-Type" in said else None
    shown = show_url(str(url))
    if declared not in kinds | _ANY_BYTES | _OFTEN_WRONG and declared is not None:
        raise OnrecordError(f"{shown} {_unwanted(declared, kinds)}")
    raw = await _body(response, shown, size)
    hint = _hint(said) or url.name
    kind = _kind(declared, raw, hint, kinds)
    if kind not in kinds:
        raise OnrecordError(f"{shown} {_unwanted(kind, kinds)}")
    return Fetched(
        url=str(url),
        media_type=kind,
        charset=_charset(said),
        raw=raw,
        name=_name(hint, kind),
        etag=_validator(response.headers.get("ETag")),
        modified=_validator(response.headers.get("Last-Modified")),
    )


async def _body(response: aiohttp.ClientResponse, shown: str, size: int) -> bytes:
    """The body, decompressed. No more than `size` bytes are taken, nor made of what is taken."""
    too_large = OnrecordError(f"{shown} is larger than {size / 1_000_000:g} MB: split it, or add the text as a file.")
    if (response.content_length or 0) > size:
        raise too_large
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise OnrecordError(f"{shown} is packed in a way that is not read here: save the page, and add the file.")
    packed = coding not in ("", "identity")
    body, taken, unpack = bytearray(), 0, None
    async for chunk in response.content.iter_any():
        taken += len(chunk)
        if not packed:
            body += chunk
        else:
            unpack = unpack or zlib.decompressobj(_window(chunk))
            # What follows the end of the packed data is passed over, as browsers do.
            body += b"" if unpack.eof else unpack.decompress(chunk, size + 1 - len(body))
        if max(taken, len(body)) > size:
            raise too_large
    if unpack and not unpack.eof:
        raise OnrecordError(f"{shown} breaks off in the middle: try again.")
    return bytes(body)


def _window(chunk: bytes) -> int:
    """How zlib is to read what begins so: as gzip, as zlib, or, as some servers send it, with no head at all."""
    if chunk[:1] == b"\x1f":
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if chunk[0] & 0x0F == 8 else -zlib.MAX_WBITS


def _kind(declared: str | None, raw: bytes, hint: str, kinds: frozenset[str]) -> str:
    """The media type: as the server says, unless it says nothing, or says what such servers often say."""
    if declared in kinds:
        return str(declared)
    if declared in _ANY_BYTES:
        return _BY_EXTENSION.get(PurePosixPath(hint).suffix.lower(), str(declared))
    found = _kind_of_bytes(raw)
    return found if declared is None or found in kinds else declared


def _kind_of_bytes(raw: bytes) -> str:
    head = raw[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return _DOCX if b"word/document.xml" in raw else "application/zip"
    if head.startswith(b"<") and _FEED_START.search(head):
        return "application/xml"
    if head.startswith(b"<") and _HTML_START.search(head):
        return "text/html"
    if head.startswith(b"<?xml"):
        return "application/xml"
    return "application/octet-stream" if b"\0" in head else "text/plain"


def _hint(said: Message) -> str:
    """The file name that the server gives."""
    try:
        return PurePosixPath((said.get_filename() or "").replace("\\", "/")).name
    except (ValueError, LookupError):  # numbers and character sets that are none
        return ""


def _name(hint: str, kind: str) -> str:
    hinted, fitting = PurePosixPath(hint), _EXTENSIONS[kind]
    extension = hinted.suffix.lower()
    known = extension in _BY_EXTENSION
    return f"{slug(hinted.stem if known else hinted.name) or 'page'}{extension if extension in fitting else fitting[0]}"


def _charset(said: Message) -> str | None:
    try:
        charset = said.get_content_charset()
    except (ValueError, LookupError):
        return None
    return charset if charset and re.fullmatch(r"[a-z0-9._:+-]{1,40}", charset) else None


def _validator(value: str | None) -> str | None:
    """An ETag or a date as it may be kept and sent back; None where it is nothing that should be."""
    usable = value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    return value if usable else None


def _refusal(status: int) -> str:
    phrase = f" {HTTPStatus(status).phrase}" if status in HTTPStatus.__members__.values() else ""
    advice = "save the page, and add the file"
    if status in (404, 410):
        advice = "check the address"
    elif status == 429 or status >= 500:
        advice = "try again later"
    return f"says {status}{phrase}: {advice}."


def _unwanted(kind: str, kinds: frozenset[str]) -> str:
    shown = kind if re.fullmatch(r"[\w.+-]{1,40}/[\w.+-]{1,80}", kind, re.ASCII) else "of a kind"
    if kinds == FEEDS:
        hint = " (a web page, not a feed)" if kind == "text/html" else ""
        return f"is {shown}{hint}: look for the address behind the feed sign of the site."
    if kind in FEEDS:
        return f"is {shown}, which may be a feed: feeds are for onrecord follow."
    return f"is {shown}, which is not read here: give a web page, a text, a PDF or a Word file (.docx)."


def _failure(error: Exception) -> str:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(error, aiohttp.ClientConnectorCertificateError | ssl.CertificateError):
        return "has a certificate that is not trusted: check the address, or save the page and add the file."
    if isinstance(error, aiohttp.ClientConnectorSSLError | ssl.SSLError):
        return "cannot be reached by a secure connection: check the address."
    if isinstance(cause, ConnectionRefusedError):
        return "refuses the connection: check the address, or try again later."
    if isinstance(error, aiohttp.ClientConnectorError):
        return "cannot be reached: check the address and the connection to the internet."
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ServerDisconnectedError | ConnectionError):
        return "breaks off in the middle: try again."
    return "does not answer as a web server does: check the address."


def _accept(kinds: frozenset[str]) -> str:
    """What is liked best: the page or the feed itself, in its own form."""
    return ", ".join([kind if kind in _LIKED else f"{kind};q=0.8" for kind in sorted(kinds)] + ["*/*;q=0.1"])


def _version() -> str:
    try:
        return version("onrecord")
    except PackageNotFoundError:
        return "0"
