"""Which format a file is in: by the signature of its bytes, then by its name, then by what it plainly is."""

import re
from enum import StrEnum
from pathlib import PurePosixPath

from bot.reading.draft import UnreadableError


class Format(StrEnum):
    """How a file is read."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    PAGE = "HTML"
    PDF = "PDF"
    WORD = "Word"
    MAIL = "mail"


_BY_EXTENSION = {
    ".txt": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.PAGE,
    ".htm": Format.PAGE,
    ".xhtml": Format.PAGE,
    ".pdf": Format.PDF,
    ".docx": Format.WORD,
    ".eml": Format.MAIL,
}
KINDS: tuple[str, ...] = tuple(_BY_EXTENSION)
"""The extensions of the files that can be added."""

_ARCHIVE = "is an archive: unpack it first"
_PICTURE = "is a picture: only text can be read, so run text recognition (OCR) over it first"
_OLD_WORD = "is an old Word file: save it as .docx"
_RTF = "is an RTF file: save it as .docx"
_ODT = "is an OpenDocument file: save it as .docx"
_SHEET = "is a spreadsheet: put its text into a .docx or .txt file"
_SLIDES = "is a presentation: save it as PDF"
_OUTLOOK = "is an Outlook message: save it as .eml"
_ENCRYPTED = "is encrypted with a password: save it without one"
_OLD_OFFICE = "is an old Office file: save it as .docx or PDF"
_PROGRAM = "is a program, not a release"
_FEED = "is a feed, not a release: follow it with onrecord follow"
MACROS = "is a Word file with macros: save it as .docx"

_REFUSED_EXTENSIONS = {
    ".doc": _OLD_WORD,
    ".dot": _OLD_WORD,
    ".docm": MACROS,
    ".rtf": _RTF,
    ".odt": _ODT,
    ".msg": _OUTLOOK,
    **dict.fromkeys((".xls", ".xlsx", ".xlsm", ".ods"), _SHEET),
    **dict.fromkeys((".ppt", ".pptx", ".pptm", ".odp"), _SLIDES),
    **dict.fromkeys((".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar"), _ARCHIVE),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg"), _PICTURE),
}
_REFUSED_SIGNATURES = (
    (rb"\{\\rtf", _RTF),
    (rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF....WEBP|BM....\0\0\0\0|....ftyp(?:heic|mif1|avif)", _PICTURE),
    (rb"\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ\0|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd|.{257}ustar", _ARCHIVE),
    (rb"\x7fELF|MZ[^\n]{0,80}\0\0\0", _PROGRAM),
)  # fmt: skip
_REFUSED = tuple((re.compile(signature, re.DOTALL), why) for signature, why in _REFUSED_SIGNATURES)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLE = (
    ("EncryptedPackage", _ENCRYPTED),
    ("WordDocument", _OLD_WORD),
    ("__substg1.0_", _OUTLOOK),
    ("Workbook", _SHEET),
    ("PowerPoint Document", _SLIDES),
)
_IN_ZIP = ((b"opendocument.text", _ODT), (b"xl/", _SHEET), (b"ppt/", _SLIDES))

_BEGIN = 1 << 14
_BEFORE_ROOT = rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,9}"
_PAGE = re.compile(_BEFORE_ROOT + rb"<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE)
_FEED_ROOT = re.compile(_BEFORE_ROOT + rb"<(?:rss|feed|rdf:RDF)\b", re.DOTALL | re.IGNORECASE)
_HEADER = rb"[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,200}"
_HEADERS = re.compile(rb"(?:From [^\n]{0,200}\n)?(?:" + _HEADER + rb"){3,200}")
_OF_MAIL = re.compile(
    rb"^(?:Received|Message-ID|MIME-Version|Return-Path|Delivered-To|DKIM-Signature|From|Subject|Date|To):",
    re.IGNORECASE | re.MULTILINE,
)


def format_of(raw: bytes, name: str) -> Format:
    """The format of a file's bytes. The name only lends its extension.

    Raises:
        UnreadableError: the format is one that is known and not read.
    """
    extension = PurePosixPath(name).suffix.lower()
    return _signed(raw, extension) or _named(extension) or _plainly(raw)


def _signed(raw: bytes, extension: str) -> Format | None:
    if raw.startswith(b"%PDF-") or (b"%PDF-" in raw[:1024] and extension not in (".txt", ".md", ".markdown", ".eml")):
        return Format.PDF
    if raw.startswith(_ZIP):
        return _zipped(raw)
    if raw.startswith(_OLE):
        reasons = (why for what, why in _IN_OLE if what.encode("utf-16-le") in raw)
        raise UnreadableError(next(reasons, _OLD_OFFICE))
    for signature, why in _REFUSED:
        if signature.match(raw):
            raise UnreadableError(why)
    return None


def _zipped(raw: bytes) -> Format:
    """What is in a zip, by the names of its members, which are never compressed."""
    if b"word/" in raw:
        return Format.WORD
    reasons = (why for what, why in _IN_ZIP if what in raw)
    raise UnreadableError(next(reasons, _ARCHIVE))


def _named(extension: str) -> Format | None:
    if why := _REFUSED_EXTENSIONS.get(extension):
        raise UnreadableError(why)
    known = _BY_EXTENSION.get(extension)
    if known in (Format.PDF, Format.WORD):
        raise UnreadableError(f"is no {known} file, whatever its name says: save it anew")
    return known


def _plainly(raw: bytes) -> Format:
    # UTF-16 in Latin letters is the same without its NULs.
    begin = raw[:_BEGIN].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _PAGE.match(begin):
        return Format.PAGE
    if _FEED_ROOT.match(begin):
        raise UnreadableError(_FEED)
    headers = _HEADERS.match(begin.replace(b"\r\n", b"\n"))
    if headers and len({found.lower() for found in _OF_MAIL.findall(headers[0])}) >= 3:
        return Format.MAIL
    return Format.TEXT
