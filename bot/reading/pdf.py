"""PDF files to plain text, by pypdf: the lines of the pages, laid out by where they stand."""

import math
import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from bot.reading.cleaning import clean, clean_line
from bot.reading.draft import Draft, UnreadableError
from bot.reading.printed import Line, lay_out_pages, lines_of
from bot.reading.wire import drop_end_marks

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_MOST_PAGES = 500
_MOST_CHARACTERS = 2_000_000
_MOST_DECODED = 20_000_000
"""The most bytes that a stream of a page may be, unpacked."""

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\x7f": "•"})
_UNNAMED = re.compile("[\0\ufffd\ue000-\uf8ff]")
_FIRST_BLOCKS = 12
_PICTURES = "holds only pictures of its pages, and no text: run text recognition (OCR) over it first"


def read_pdf(raw: bytes) -> Draft:
    """A draft of a PDF file: its text, and its title where that stands among the first lines, or what is set largest there.

    The dates in the file are not read: they say when the file was made, which may be years after the release.

    Raises:
        UnreadableError: the file asks for a password, holds pictures only, or is too large.
    """
    from pypdf import PdfReader, apply_configuration

    with apply_configuration(
        zlib_maximum_output_length=_MOST_DECODED,
        lzw_maximum_output_length=_MOST_DECODED,
        run_length_maximum_output_length=_MOST_DECODED,
        array_based_stream_maximum_output_length=_MOST_DECODED,
        stream_decoding_work_maximum_length=4 * _MOST_DECODED,
        stream_parsing_work_maximum_count=1_000_000,
        xform_maximum_invocations_per_extraction=500,
        jbig2dec_binary=None,
    ):
        reader = PdfReader(BytesIO(raw))
        _open(reader)
        text, headline = lay_out_pages(_pages(reader))
        said = clean_line(str(reader.metadata.title or "")) if reader.metadata else ""
    if not any(map(str.isalnum, text)):
        raise UnreadableError(_PICTURES)
    first = [" ".join(block.split()).casefold() for block in text.split("\n\n", _FIRST_BLOCKS)[:_FIRST_BLOCKS]]
    # Programs leave titles of their own there, such as "Microsoft Word - draft7.doc".
    return Draft(drop_end_marks(text), title=said if said.casefold() in first else headline)


def _open(reader: "PdfReader") -> None:
    from pypdf import PasswordType
    from pypdf.errors import DependencyError

    if not reader.is_encrypted:
        return
    try:
        opened = reader.decrypt("")
    except DependencyError as error:
        raise UnreadableError("is encrypted: print it to a new PDF, and add that one") from error
    if opened == PasswordType.NOT_DECRYPTED:
        raise UnreadableError("is encrypted with a password: save it without one")


def _pages(reader: "PdfReader") -> list[list[Line]]:
    pages: list[list[Line]] = []
    unnamed = letters = 0
    for page in reader.pages:
        if len(pages) == _MOST_PAGES:
            raise UnreadableError(f"has more than {_MOST_PAGES} pages: split it")
        pieces = _pieces(page)
        unnamed += sum(len(_UNNAMED.findall(piece.text)) for piece in pieces)
        letters += sum(len(piece.text) for piece in pieces)
        if letters > _MOST_CHARACTERS:
            raise UnreadableError("holds too much text for a release: split it")
        pages.append(lines_of(piece._replace(text=clean(piece.text.translate(_LIGATURES))) for piece in pieces))
    if unnamed > 0.2 * letters:
        raise UnreadableError("does not say which letters its signs are: add the Word file or the web page instead")
    return pages


def _pieces(page: "PageObject") -> list[Line]:
    """What is set on a page, in order: each piece of text with its place and size. Text that is turned is left out."""
    pieces: list[Line] = []

    def see(text: str, space: Sequence[float], matrix: Sequence[float], _: object, size: float) -> None:
        a, b, c, d, x, y = _times(matrix, space)
        # In most files the size is that of the font; in some it is in the matrix alone.
        height = abs(size) * math.hypot(c, d)
        if all(map(math.isfinite, (x, y, height))) and abs(b) <= abs(a):
            pieces.append(Line(text, x, y, min(max(height, 0.1), 1000.0)))

    page.extract_text(visitor_text=see)
    return pieces


def _times(one: Sequence[float], other: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    """The product of two matrices of PDF: first `one`, then `other`."""
    a, b, c, d, e, f = map(float, one)
    g, h, i, j, k, m = map(float, other)
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
