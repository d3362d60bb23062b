"""Word files to plain text, by python-docx: what stands on the page, in order, as if all changes had been accepted."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from bot.reading.cleaning import clean, clean_line
from bot.reading.draft import Draft, UnreadableError
from bot.reading.formats import MACROS
from bot.reading.wire import drop_end_marks
from bot.reading.word_lists import Numbering, Styles, read_numbering, read_styles

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

_MOST_UNPACKED, _MOST_MEMBERS = 50_000_000, 2000
_MOST_XML = 15_000_000
"""The most bytes that one part may be, unpacked: as a tree it takes many times as much memory."""

_NO_TITLE = re.compile(r"(?:for immediate|(?:press|news|media)) release\W*|pressemitteilung\W*", re.IGNORECASE)
_MEDIA = ("word/media/", "word/embeddings/", "word/fonts/")
_DAMAGED = "is damaged, or no Word file: open it in Word and save it anew"
_TOO_LARGE = "is far too large unpacked: leave out its tables of data"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT_BOX = f"{_W}txbxContent"
# What was struck out, moved away, or never shows: deleted text, codes of fields, comments, properties.
_UNSEEN = {_FALLBACK} | {
    _W + name for name in ("del", "moveFrom", "delText", "instrText", "rt", "rPr", "pPr", "trPr", "tblPr", "sdtPr")
}
_SIGNS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}


class _Block(NamedTuple):
    text: str
    is_item: bool = False
    is_title: bool = False
    is_heading: bool = False


class _Around(NamedTuple):
    """What a document says of its paragraphs elsewhere."""

    styles: Styles
    numbering: Numbering


def read_word(raw: bytes) -> Draft:
    """A draft of a .docx file: its text, and its title: the paragraph in the style of one, else the first heading.

    Inserted text counts, deleted text does not. The dates in the file are not read: they are those of the file, or of
    the template that it was made from.

    Raises:
        UnreadableError: it is no Word file, has macros, or is too large unpacked.
    """
    from docx import Document

    file = _unpacked(raw)
    try:
        document = Document(file)
    except (ValueError, KeyError) as error:
        raise UnreadableError(MACROS if "macroEnabled" in str(error) else _DAMAGED) from error
    around = _Around(read_styles(document), read_numbering(document))
    blocks = [block for block in _blocks(document.element.body, around) if block.text.strip()]
    title = _take_title(blocks, document)
    return Draft(drop_end_marks(_together(blocks)), title=title)


def _unpacked(raw: bytes) -> BytesIO:
    """The file as a zip of its own making that holds the same parts, unpacked, and no media.

    Members may state any size: what they really unpack to is counted here, a little at a time, before another program
    unpacks them whole.

    Raises:
        UnreadableError: there are too many, they unpack to too much, or they are damaged.
    """
    from zipfile import BadZipFile, ZipFile

    file = BytesIO()
    left = _MOST_UNPACKED
    try:
        with ZipFile(BytesIO(raw)) as packed, ZipFile(file, "w") as unpacked:
            members = {member.filename: member for member in packed.infolist()}
            if len(members) > _MOST_MEMBERS:
                raise UnreadableError(_TOO_LARGE)
            for name, member in members.items():
                most = 0 if name.lower().startswith(_MEDIA) else min(left, _MOST_XML)
                content = b""
                if most and not member.is_dir():
                    with packed.open(member) as opened:
                        content = opened.read(most + 1)
                if len(content) > most:
                    raise UnreadableError(_TOO_LARGE)
                left -= len(content)
                unpacked.writestr(name, content)
    except (BadZipFile, ValueError, RuntimeError, OSError, EOFError, zlib.error) as error:
        raise UnreadableError(_DAMAGED) from error
    file.seek(0)
    return file


def _take_title(blocks: list[_Block], document: "Document") -> str | None:
    """The title, taken out of the blocks where a style marks it; that of the properties must be one of the first blocks."""
    for number, block in enumerate(blocks[:8]):
        if block.is_title and not _NO_TITLE.fullmatch(block.text):
            return clean_line(blocks.pop(number).text)
    for number, block in enumerate(blocks[:4]):
        if block.is_heading and not _NO_TITLE.fullmatch(block.text):
            return clean_line(blocks.pop(number).text)
    try:
        said = clean_line(document.core_properties.title or "")
    except (ValueError, KeyError):
        return None
    # Templates leave titles of their own there.
    return said if said.casefold() in [clean_line(block.text).casefold() for block in blocks[:8]] else None


def _together(blocks: list[_Block]) -> str:
    """The blocks as text, a blank line between them; items of a list follow each other."""
    parts: list[str] = []
    for number, block in enumerate(blocks):
        if number:
            parts.append("\n" if block.is_item and blocks[number - 1].is_item else "\n\n")
        parts.append(block.text)
    return "".join(parts)


def _blocks(parent: "_Element", around: _Around) -> Iterator[_Block]:
    """The paragraphs and tables below an element, in order, through whatever wraps them."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield _paragraph(child, around)
            for box in _boxes(child):
                yield from _blocks(box, around)
        elif child.tag == f"{_W}tbl":
            yield from _table(child, around)
        elif isinstance(child.tag, str) and child.tag not in _UNSEEN:
            yield from _blocks(child, around)


def _paragraph(paragraph: "_Element", around: _Around) -> _Block:
    text = _text(paragraph)
    style = around.styles.of(paragraph)
    if not text:
        return _Block("")
    if style.is_title or style.is_heading:
        return _Block(" ".join(text.split("\n")), is_title=style.is_title, is_heading=style.is_heading)
    mark = around.numbering.mark(paragraph, style)
    if mark:
        return _Block(f"{mark} {' '.join(text.split())}", is_item=True)
    return _Block(text)


def _table(table: "_Element", around: _Around) -> Iterator[_Block]:
    """A table a row a line; one that is only there for the layout, a cell a block."""
    rows = [list(_below(row, "tc")) for row in _below(table, "tr")]
    cells = [[list(_blocks(cell, around)) for cell in row] for row in rows]
    long = max((sum(len(block.text) for block in cell) for row in cells for cell in row), default=0)
    if max(map(len, cells), default=0) < 2 or long > 600:
        for row in cells:
            for cell in row:
                yield from cell
        return
    lines = [" | ".join(clean_line(" ".join(block.text for block in cell)) for cell in row) for row in cells]
    yield _Block("\n".join(line for line in lines if line.strip(" |")))


def _below(parent: "_Element", name: str) -> Iterator["_Element"]:
    """The rows of a table, or the cells of a row, through whatever wraps them."""
    for child in parent:
        if child.tag == _W + name:
            if not child.findall(f"{_W}trPr/{_W}del"):
                yield child
        elif isinstance(child.tag, str) and child.tag not in _UNSEEN and child.tag not in (f"{_W}p", f"{_W}tbl"):
            yield from _below(child, name)


def _text(paragraph: "_Element") -> str:
    """The text of a paragraph as it shows, lines where its writer broke them."""
    text = clean("".join(_pieces(paragraph)))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _pieces(parent: "_Element") -> Iterator[str]:
    for child in parent:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif isinstance(tag, str) and tag not in _UNSEEN and tag != _TEXT_BOX and not _is_hidden(child):
            yield from _pieces(child)


def _is_hidden(run: "_Element") -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish") if run.tag == f"{_W}r" else None
    return vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false", "off")


def _boxes(paragraph: "_Element") -> Iterator["_Element"]:
    """The text boxes anchored in a paragraph, each once: an older copy of each stands in a fallback."""
    for box in paragraph.iter(_TEXT_BOX):
        above = list(takewhile(lambda ancestor: ancestor is not paragraph, box.iterancestors()))
        if not any(ancestor.tag in _UNSEEN or ancestor.tag == _TEXT_BOX for ancestor in above):
            yield box
