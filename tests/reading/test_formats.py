"""Which format a file is in, and what is said of those that are not read."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest
from made_files import SEEDS, mail, page, pdf, word

from bot.reading.draft import UnreadableError
from bot.reading.formats import KINDS, Format, format_of


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in names:
            zipped.writestr(name, "content")
    return file.getvalue()


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tarred:
        tarred.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


def compound(*names: str) -> bytes:
    """The head of an old Office file, and the names of the streams in it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(name.encode("utf-16-le") for name in names)


@pytest.mark.parametrize(
    ("raw", "name", "form"),
    [
        (b"The port is open.", "a.txt", Format.TEXT),
        (b"# The port", "a.MD", Format.MARKDOWN),
        (b"# The port", "a.markdown", Format.MARKDOWN),
        (b"<p>The port", "a.htm", Format.PAGE),
        (b"From: a", "a.eml", Format.MAIL),
        (b"<html><p>The port", "a.txt", Format.TEXT),
        (pdf(["The port is open."]), "a.txt", Format.PDF),
        (b"\r\n" + pdf(["The port is open."]), "download", Format.PDF),
        (word(), "a.html", Format.WORD),
        (page(), "-", Format.PAGE),
        (b'\xef\xbb\xbf <?xml version="1.0"?>\n<!-- a --><html xmlns="x">', "-", Format.PAGE),
        ("<!DOCTYPE html><html><p>The port".encode("utf-16"), "page.php", Format.PAGE),
        (mail(), "-", Format.MAIL),
        (b"Date: April 22, 2021\nContact: Ane Olsen\nTel: 555 0100\n\nThe port is open.", "-", Format.TEXT),
        (b"The port is <b>open</b>.", "-", Format.TEXT),
        (b"The port writes %PDF- files.", "a.txt", Format.TEXT),
        (b"", "-", Format.TEXT),
    ],
)
def test_the_format_is_told_by_the_bytes_then_the_name_then_what_it_plainly_is(
    raw: bytes, name: str, form: Format
) -> None:
    assert format_of(raw, name) is form


@pytest.mark.parametrize(
    ("raw", "name", "sentence"),
    [
        (compound("Root Entry", "WordDocument"), "a.doc", "is an old Word file: save it as .docx"),
        (compound("EncryptedPackage"), "a.docx", "is encrypted with a password: save it without one"),
        (compound("__substg1.0_0037001F"), "a.msg", "is an Outlook message: save it as .eml"),
        (compound("Workbook"), "a.xls", "is a spreadsheet"),
        (b"{\\rtf1\\ansi The port}", "a.doc", "is an RTF file: save it as .docx"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "is a picture"),
        (b"\xff\xd8\xff\xe0", "a.jpg", "is a picture"),
        (b"<svg>", "a.svg", "is a picture"),
        (gzip.compress(b"The port"), "a.txt", "is an archive: unpack it first"),
        (bz2.compress(b"The port"), "a", "is an archive: unpack it first"),
        (lzma.compress(b"The port"), "a", "is an archive: unpack it first"),
        (tar(), "a", "is an archive: unpack it first"),
        (archive("a.txt"), "a.docx", "is an archive: unpack it first"),
        (archive("mimetype", "xl/workbook.xml"), "a.xlsx", "is a spreadsheet"),
        (archive("ppt/presentation.xml"), "a.pptx", "is a presentation"),
        (b"PK\x03\x04" + b"mimetypeapplication/vnd.oasis.opendocument.text", "a.odt", "is an OpenDocument file"),
        (b"The port", "a.pdf", "is no PDF file, whatever its name says"),
        (b"The port", "a.docx", "is no Word file, whatever its name says"),
        (b"\x7fELF\x02", "a", "is a program"),
        (b'<?xml version="1.0"?><rss version="2.0">', "a", "is a feed"),
    ],
)
def test_what_is_not_read_says_what_it_is_and_what_to_do(raw: bytes, name: str, sentence: str) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        format_of(raw, name)


def test_every_kind_that_can_be_added_is_known() -> None:
    assert {*SEEDS} - {".xml"} < {*KINDS}
