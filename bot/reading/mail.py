"""Mails to plain text, by the standard library: the release in the body, without what mail puts around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from typing import NamedTuple

from bot.reading.charset import decode_said
from bot.reading.cleaning import clean, clean_line
from bot.reading.dates import DATE, date_of
from bot.reading.draft import Draft, UnreadableError
from bot.reading.forwarded import parted
from bot.reading.html_tree import parse_html, whole_text
from bot.reading.plain import read_plain
from bot.reading.wire import drop_end_marks

_MOST_PARTS = 200
_LONGEST_HEADER = 4000
_LONGEST_NAME = 80
_STUB = 200
"""A body with fewer letters and digits says no more than that the release is elsewhere."""

_ADDED = re.compile(
    r"\s*(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|enc|转发|回复|答复)\s*(?:\[\d+\])?\s*[:：]"
    r"|(?:(?:press|news|media) (?:release|advisory|statement)|pressemitteilung|communiqué de presse"
    r"|comunicado de prensa|for immediate release)\s*[:|–—-]\s"
    r"|\[(?:ext|external|list|press|news)[^\]]{0,30}\])\s*",
    re.IGNORECASE,
)
_READABLE = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


class Attachment(NamedTuple):
    """A file that came with a mail; its name only says its format."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, and the files with it that can be read."""

    draft: Draft
    readable: tuple[Attachment, ...] = ()

    @property
    def is_stub(self) -> bool:
        """Whether the body says too little to be the release itself."""
        return _is_stub(self.draft.text)


def read_mail(raw: bytes) -> Letter:
    """A mail: its body, with the subject as title, the day it was sent and the sender's name, and what came with it.

    Signature, quoted history and the head of a forwarded mail are left out; what is forwarded is read as it was sent.
    The files that came with it are named in a warning.

    Raises:
        UnreadableError: it is no mail, or has too many parts.
    """
    message = BytesParser(policy=policy.default).parsebytes(raw.lstrip())
    parts = list(_parts(message))
    if not message.keys():
        raise UnreadableError("is no mail: save it anew as .eml")
    text, heads, used = _body(parts)
    attached = [part for part in parts if part not in used and not _is_ornament(part)]
    warnings: tuple[str, ...] = ()
    if attached:
        names = ", ".join(_name(part) for part in attached[:5]) + (", …" if len(attached) > 5 else "")
        warnings = (f"came with files that are not read: {names}",)
    draft = Draft(
        text,
        title=_subject(heads.get("subject", "")) or _subject(_header(message, "Subject")),
        published=_day(heads.get("date", "")) or _day(_header(message, "Date")),
        source=_sender(heads.get("from", "")) or _sender(_header(message, "From")),
        warnings=warnings,
    )
    readable = [part for part in attached if _name(part).lower().endswith(tuple(_READABLE.values()))]
    return Letter(draft, tuple(Attachment(_name(part), _bytes(part)) for part in readable))


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order. A mail within the mail is one part."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > _MOST_PARTS:
            raise UnreadableError("is a mail of too many parts: save the release from it, and add that file")
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += reversed([child for child in payload if isinstance(child, Message)])
        else:
            yield part


def _body(parts: list[Message]) -> tuple[str, dict[str, str], list[Message]]:
    """The text of the body, what the head of a mail forwarded in it says, and the parts that they were read from.

    Plain text is preferred, unless it is a stub and there is more as HTML.
    """
    plain = [part for part in parts if part.get_content_type() == "text/plain" and not _is_attached(part)]
    pages = [part for part in parts if part.get_content_type() == "text/html" and not _is_attached(part)]
    text, heads = parted("\n\n".join(clean(_characters(part)) for part in plain))
    if pages and _is_stub(text):
        shown, shown_heads = parted("\n\n".join(_shown(_characters(part)) for part in pages))
        if len(shown) > len(text):
            return drop_end_marks(shown), shown_heads, plain + pages
    return read_plain(text).text, heads, plain + pages


def _shown(page: str) -> str:
    """The text of an HTML body; without what it quotes, unless that is all there is."""
    tree = parse_html(page)
    whole = clean(whole_text(tree))
    for quoted in tree.xpath("//*[contains(@class, 'gmail_quote')] | //blockquote[@type='cite']"):
        if quoted.getparent() is not None:
            quoted.drop_tree()
    own = clean(whole_text(tree))
    return whole if _is_stub(own) else own


def _is_stub(text: str) -> bool:
    return sum(map(str.isalnum, text)) < _STUB


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(
        _header(part, "Content-Disposition") and _file_name(part)
    )


def _is_ornament(part: Message) -> bool:
    """Whether a part is a picture of the body, a signature or a receipt, and no file."""
    if part.get_content_maintype() == "image":
        return part.get_content_disposition() != "attachment"
    return (
        part.get_content_type() in ("application/pgp-signature", "application/pkcs7-signature")
        or not part.get_payload()
    )


def _characters(part: Message) -> str:
    return decode_said(_bytes(part), part.get_content_charset())[0]


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _name(part: Message) -> str:
    name = clean_line(_file_name(part)).replace("/", " ").replace("\\", " ")[-_LONGEST_NAME:]
    return name or f"attachment{_READABLE.get(part.get_content_type(), '')}"


def _file_name(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # the parser of headers stumbles on odd ones in many ways
        return ""


def _header(part: Message, name: str) -> str:
    try:
        value = part.get(name)
    except Exception:  # the parser of headers stumbles on odd ones in many ways
        return ""
    return clean_line(str(value or "")[:_LONGEST_HEADER])


def _subject(line: str) -> str | None:
    while match := _ADDED.match(line):
        line = line[match.end() :]
    return line.strip() or None


def _day(line: str) -> date | None:
    match = DATE.search(line)
    return date_of(match) if match else None


def _sender(line: str) -> str | None:
    """The name that a sender goes by; an address is no name."""
    name = clean_line(parseaddr(line)[0]) or line.partition("<")[0]
    name = re.sub(r"\s+(?:via|on behalf of)\s.*|[\[(].*", "", name).strip(" \"'*")
    return name if name and "@" not in name else None
