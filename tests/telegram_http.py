"""As much HTTP/1.1 as the test Bot API server needs: requests in, parameters out, webhook calls."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
REASONS |= {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True)
class Request:
    """A request: `path` is decoded, `query` is not; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Gives the next request of a connection, None at its end."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
        if "chunked" in headers.get("transfer-encoding", ""):
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length", "0")))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
        return None
    path, _, query = target.partition("?")
    return Request(method, unquote(path) if "%" in path else path, query, headers, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return body


def parameters(request: Request) -> dict[str, Any]:
    """Gives a call's parameters: of the query, a form, a multipart form, or a JSON object. Files are bytes, and a
    file's name is under the parameter's name with ` filename` after it.

    Raises:
        ValueError: the body is not what its content type says.
    """
    found: dict[str, Any] = dict(parse_qsl(request.query, keep_blank_values=True, errors="strict"))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not request.body:
        return found
    if kind == "application/x-www-form-urlencoded":
        found.update(parse_qsl(request.body.decode("ascii"), keep_blank_values=True, errors="strict"))
    elif kind == "application/json":
        values = json.loads(request.body)
        if not isinstance(values, dict):
            raise ValueError("the body is not a JSON object")
        found.update(values)
    elif kind == "multipart/form-data":
        found.update(_multipart(request))
    else:
        raise ValueError(f"unsupported content type {kind!r}")
    return found


def _multipart(request: Request) -> dict[str, Any]:
    boundary = re.search(r'boundary="?([^";]+)', request.headers["content-type"])
    if boundary is None:
        raise ValueError("a multipart body without boundary")
    found: dict[str, Any] = {}
    for part in request.body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        filename = re.search(rb'filename="([^"]*)"', head)
        if name is None:
            raise ValueError("a part without name")
        key = name[1].decode()
        found[key] = content if filename else content.decode()
        if filename:
            found[f"{key} filename"] = filename[1].decode()
    return found


def response(status: int, body: bytes, content_type: str = "application/json", headers: str = "") -> bytes:
    """Gives a whole HTTP response; `headers` are further lines, each with its end."""
    reason = REASONS.get(status, "Error")
    return (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def post(url: str, body: bytes, headers: dict[str, str], via: str | None = None, timeout: float = 30.0) -> int:
    """Posts JSON and gives the status of the answer; 0 where none came.

    `via` is the root that is called in place of the URL's own, as a proxy in front of the bot would.
    """
    parts = urlsplit(url)
    where = urlsplit(via or url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = {"Host": parts.netloc, "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    head = f"POST {target} HTTP/1.1\r\nConnection: close\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
    writer = None
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(where.hostname, where.port or 80)
            writer.write(f"{head}\r\n".encode() + body)
            status = await reader.readuntil(b"\r\n")
            await reader.read()
        return int(status.split(b" ")[1])
    except (OSError, TimeoutError, ValueError, IndexError, asyncio.IncompleteReadError):
        return 0
    finally:
        if writer is not None:
            writer.close()
