"""From bytes to characters, by simple rules: the byte order mark, then UTF-8, then Windows-1252."""

import codecs
import re

from bot.reading.draft import UnreadableError

_MARKS = (  # UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_SIGNATURES = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"\x7fELF",
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_HIGH = bytes(range(0x80, 0x100))
_SAMPLE = 1 << 16

# Bytes that Windows-1252 leaves undefined become the C1 control of Latin-1, which cleaning removes.
_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}
_STRAY = {0xDC00 + byte: character for byte, character in _WINDOWS.items()}
_LATIN = {byte: character for byte, character in _WINDOWS.items() if byte < 0xA0}

_BROKEN = "holds bytes that are not {encoding}, read as best they could be: save it as UTF-8"
_FOREIGN = "is in an encoding that is not known here, so its text may be garbled: save it as UTF-8"


def decode(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The characters of a file, and a warning where they had to be guessed.

    UTF-8, UTF-16 and UTF-32 are known by their byte order mark; UTF-8 and UTF-16 also without. Else the text is
    Windows-1252, which holds all of Latin-1 that can be printed.

    Raises:
        UnreadableError: the bytes are not text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _marked(raw[len(mark) :], encoding)
    if unmarked := _bare_utf16(raw):
        return _marked(raw, unmarked)
    if _is_binary(raw):
        raise UnreadableError("is not a text file: save it as plain text or Markdown")
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _legacy(raw)


def _marked(raw: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        return raw.decode(encoding), ()
    except UnicodeDecodeError:
        pass
    broken = (_BROKEN.format(encoding=encoding.upper().removesuffix("-LE").removesuffix("-BE")),)
    if encoding == "utf-8":
        return raw.decode("utf-8", "surrogateescape").translate(_STRAY), broken
    return raw.decode(encoding, "replace"), broken


def _legacy(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes that are not UTF-8 throughout: UTF-8 with stray bytes where most of it is, else Windows-1252."""
    mostly = raw.decode("utf-8", "surrogateescape")
    stray = len(re.findall("[\udc80-\udcff]", mostly))
    if sum(character > "\x7f" for character in mostly) - stray > stray:
        return mostly.translate(_STRAY), (_BROKEN.format(encoding="UTF-8"),)
    text = raw.decode("latin-1").translate(_LATIN)
    high = len(raw) - len(raw.translate(None, _HIGH))
    return text, (_FOREIGN,) if high > 0.3 * len(raw) else ()


def _bare_utf16(raw: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: text in Latin letters has a NUL in every other byte."""
    sample = raw[:_SAMPLE]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


def _is_binary(raw: bytes) -> bool:
    sample = raw[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return sample.startswith(_SIGNATURES) or sample.count(0) * 1000 > len(sample) or controls * 10 > len(sample)
