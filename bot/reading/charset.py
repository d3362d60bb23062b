"""Bytes that say their own character set, as pages and mails do, to characters."""

import codecs
import re

from bot.reading.decoding import decode
from bot.reading.draft import UnreadableError

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What browsers read where a page says so: the larger set that its writers really use.
_LARGER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
_NOT_OF_TEXT = ("utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem")
_SAID = re.compile(
    rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml\b[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_HEAD = 4096


def decode_said(raw: bytes, charset: str | None) -> tuple[str, tuple[str, ...]]:
    """The characters of bytes whose character set is said to be `charset`, and a warning where they had to be guessed.

    A byte order mark is believed before `charset`; a `charset` that is unknown, or wrong in more than a few places, is
    passed over.

    Raises:
        UnreadableError: the bytes are not text.
    """
    codec = _codec(charset)
    if codec and not raw.startswith(_MARKS):
        try:
            return raw.decode(codec), ()
        except UnicodeDecodeError:
            text = raw.decode(codec, "replace")
        # A page that is cut in the middle of a character is still in its character set.
        if text.count("\ufffd") * 500 < len(text):
            return text, ()
    return decode(raw)


def decode_page(raw: bytes, charset: str | None) -> str:
    """The characters of an HTML page: by its byte order mark, by `charset` of the transfer, by what the page says.

    Raises:
        UnreadableError: the bytes are not text.
    """
    said = _SAID.search(raw[:_HEAD])
    own = (said[1] or said[2]).decode("ascii", "replace") if said else None
    # A page whose own declaration could be read as bytes is not in UTF-16, whatever it declares.
    chosen = charset if _codec(charset) else own
    if (_codec(chosen) or "").startswith(("utf-16", "utf-32")):
        chosen = None
    try:
        return decode_said(raw, chosen)[0]
    except UnreadableError as error:
        raise UnreadableError("is not an HTML page, whatever its name says: save it anew") from error


def _codec(charset: str | None) -> str | None:
    """The name of Python's codec for a character set; None where there is none, or it is none of text."""
    try:
        info = codecs.lookup((charset or "").strip().strip("\"'"))
        "".encode(info.name)  # fails for codecs from bytes to bytes
    except (LookupError, ValueError):
        return None
    if info.name in _NOT_OF_TEXT:
        return None
    return _LARGER.get(info.name, info.name)
