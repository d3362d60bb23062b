"""Files as they come out of a bad disk, a bad program or a bad mind; and what must hold of reading them all the same."""

import os
import random
import time
import traceback
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from bot.model import OnrecordError
from bot.reading.draft import Draft
from bot.reading.drafting import read_draft
from bot.reading.feed import read_feed

MOST_SECONDS = 2.0
_LONGEST = 60_000
_MARKS = (
    b"<", b">", b"</p>", b"<div>" * 300, b"&#0;", b"&lt;", b"<!--", b"]]>", b"<![CDATA[", b"\0", b"\xff\xfe", b"\x1b[31m",
    b"\r\n\r\n", b"--", b"=?utf-8?q?=00?=", b"Content-Type: multipart/mixed; boundary=x\n", b"\xe2\x80\xae", b"(" * 400,
    b"[" * 400, b"<<" * 200, b"0 0 R", b"endobj", b"stream\n", b"/Length 999999999", b"-1", b"99999999999", b"1e308",
    b"/Kids [1 0 R]", b"/Parent 1 0 R", b"<w:p>", b"<w:tbl><w:tr><w:tc>" * 50, b"&amp;", b'<!DOCTYPE a [<!ENTITY b "c">]>',
)  # fmt: skip


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The bytes with one to six things wrong: flipped, cut, doubled, moved, or with something put in."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        if not data:
            break
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.choice((1, 4, 30, 300, 3000)))
        match chance.randrange(6):
            case 0:
                data[start] ^= 1 << chance.randrange(8)
            case 1:
                del data[start:end]
            case 2:
                data[start:start] = data[start:end] * chance.choice((1, 2, 50))
            case 3:
                piece = data[start:end]
                at = chance.randrange(len(data))
                data[at : at + len(piece)] = piece
            case 4:
                data[start:start] = chance.choice(_MARKS)
            case _:
                data[start:end] = chance.randbytes(end - start)
    return bytes(data[:_LONGEST])


def mutated_inside(raw: bytes, chance: random.Random) -> bytes:
    """A zip with one of its members mutated, and zipped anew: what is wrong is not seen by the zip's own sums."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    # The text, its styles and lists are read more than the rest.
    likely = [name for name in members if name.startswith("word/") and name.endswith(".xml")]
    name = chance.choice(likely if likely and chance.random() < 0.8 else list(members))
    members[name] = mutated(members[name], chance)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return file.getvalue()


def mutation(seed: bytes, extension: str, chance: random.Random) -> bytes:
    """The seed of a format, mutated as fits it."""
    if extension == ".docx" and chance.random() < 0.7:
        with suppress(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
            return mutated_inside(seed, chance)
    return mutated(seed, chance)


def is_read(raw: bytes, extension: str, most_seconds: float = MOST_SECONDS) -> bool:
    """Whether the bytes are read, and not refused. Raises AssertionError where anything else comes of them.

    The working folder must be empty, and is afterwards.
    """
    began = time.process_time()
    drafts: list[Draft] = []
    try:
        drafts = _drafts(raw, extension)
    except OnrecordError as error:
        sentence = str(error)
        assert sentence and sentence.isprintable() and len(sentence) < 300, sentence
        assert not _is_ours(error.__cause__), traceback.format_exception(error)
    took = time.process_time() - began
    assert took < most_seconds, f"took {took:.1f} s"
    assert not os.listdir(), f"wrote {os.listdir()}"
    for draft in drafts:
        assert draft.text == draft.text.strip() and any(map(str.isalnum, draft.text))
        for said in (draft.text.replace("\n", ""), draft.title, draft.source, draft.place, draft.url, *draft.warnings):
            assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in said or ""), said
        assert extension in (".txt", ".md") or draft.url is None or draft.url.startswith(("http://", "https://"))
    return bool(drafts)


def _drafts(raw: bytes, extension: str) -> list[Draft]:
    """What the bytes say; of a feed, what its entries say of themselves."""
    if extension != ".xml":
        return [read_draft(raw, f"mutated{extension}")]
    entries = read_feed(raw, "https://a.example/feed").entries
    return [Draft("x", title=entry.title, source=entry.source, url=entry.url) for entry in entries]


def _is_ours(error: BaseException | None) -> bool:
    """Whether an error came up in our own code, which should have seen it coming."""
    if error is None or isinstance(error, OnrecordError | MemoryError | RecursionError):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    return (
        bool(frames)
        and Path(frames[-1].filename).parent.name == "reading"
        and not isinstance(error, UnicodeDecodeError)
    )
