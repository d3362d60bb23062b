"""What a mail adds to the text that was written: signature, quoted history, and the head of what was forwarded."""

import re

_LEAST = 200
"""With fewer letters and digits of its own above it, what is quoted or forwarded is what the mail was sent for."""

_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_QUOTE_MARK = re.compile(r"^[ ]?(?:>[ ]?)+", re.MULTILINE)
_MARK = re.compile(
    r"^[> ]*(?:-{2,}[ ]*(?:Forwarded message|Original Message|Ursprüngliche Nachricht|Weitergeleitete Nachricht"
    r"|Message transféré|Mensaje reenviado|转发邮件信息|原始邮件)[ ]*-{2,}|Begin forwarded message:)[ ]*$"
    r"|^[> ]*(?:On\b[^\n]{6,200}(?:\n[^\n]{1,100})?\bwrote:|Am\b[^\n]{6,200}\bschrieb[^\n]{0,100}:"
    r"|Le\b[^\n]{6,200}\ba écrit\s?:)[ ]*$",
    re.MULTILINE | re.IGNORECASE,
)
_NAMES = {
    "from": "from",
    "von": "from",
    "de": "from",
    "date": "date",
    "sent": "date",
    "gesendet": "date",
    "datum": "date",
    "envoyé": "date",
    "subject": "subject",
    "betreff": "subject",
    "objet": "subject",
    "asunto": "subject",
    **dict.fromkeys(("to", "an", "à", "para", "cc", "reply-to"), ""),
}
_NAME = rf"[ ]*\*?(?:{'|'.join(_NAMES)})\*?[ ]?:"
_HEAD_LINE = re.compile(rf"(?P<name>{_NAME})\*?[ ]*(?P<value>.*)", re.IGNORECASE)
_HEAD = re.compile(rf"^(?:{_NAME}[^\n]*(?:\n|\Z)){{3,9}}", re.MULTILINE | re.IGNORECASE)
_MOST_NESTED = 5


def parted(body: str) -> tuple[str, dict[str, str]]:
    """The text of a mail that is its own, and what the head of a mail forwarded in it says.

    Where nearly nothing is its own, what it forwards or quotes is the text. The keys of the head are `from`, `date` and
    `subject`, as far as they are there.
    """
    said: dict[str, str] = {}
    for _ in range(_MOST_NESTED):
        start = _start_of_other(body)
        own = _own(body[:start])
        if start is None or _letters(own) >= _LEAST:
            return own, said
        below, head = _without_head(body[start:])
        if not _letters(below):
            return own, said
        body, said = below, head or said
    return _own(body), said


def _start_of_other(body: str) -> int | None:
    """Where what another mail said begins: at a mark, or at its head of sender, subject and more in lines."""
    mark = _MARK.search(body)
    heads = (head.start() for head in _HEAD.finditer(body) if {"from", "subject"} <= _head_lines(head[0]).keys())
    return min([*([mark.start()] if mark else []), *list(heads)[:1]], default=None)


def _own(text: str) -> str:
    """The text above its signature, without the lines that quote; where all lines do, what they quote."""
    signature = _SIGNATURE.search(text)
    text = text[: signature.start()] if signature else text
    own = "\n".join(line for line in text.split("\n") if not line.startswith(">"))
    return own if _letters(own) else _QUOTE_MARK.sub("", text)


def _without_head(text: str) -> tuple[str, dict[str, str]]:
    """The text below the mark and the head that it begins with, no longer as a quotation, and what the head says."""
    mark = _MARK.match(text)
    text = _QUOTE_MARK.sub("", text[mark.end() :] if mark else text).lstrip("\n ")
    head = _HEAD.match(text)
    return (text[head.end() :], _head_lines(head[0])) if head else (text, {})


def _head_lines(head: str) -> dict[str, str]:
    lines = filter(None, map(_HEAD_LINE.match, head.splitlines()))
    return {_NAMES[line["name"].strip(" *:").lower()]: line["value"].strip(" *") for line in lines}


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
