"""HTML as a tree, by lxml, and the text of all of it, lines where a browser would break them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.reading.cleaning import clean
from bot.reading.draft import UnreadableError

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_MOST_ELEMENTS = 60_000
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNSHOWN = frozenset(
    "head script style title template noscript iframe object svg math canvas select option textarea button".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1"
    " h2 h3 h4 h5 h6 header hr html legend main nav ol p pre section summary table tbody tfoot thead ul".split()
)
_LINES = frozenset("li tr br".split())
_BLOCK, _LINE = "\n\n", "\n"


def parse_html(text: str) -> "HtmlElement":
    """The tree of a page, without comments. Nothing is fetched, and tags deeper than the parser's limit are left out.

    Raises:
        UnreadableError: there is nothing in it, or too much.
    """
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    raw = text.replace("\0", "").encode("utf-8", "replace")
    try:
        tree = html.document_fromstring(raw, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableError("holds no text") from error
    for number, element in enumerate(tree.iter()):
        if number == _MOST_ELEMENTS:
            raise UnreadableError("is a page that is too large: copy the text of the release into a .txt file")
        # Written as references such as &#27; they come through the parser, and trafilatura gives up at the first.
        if element.text and _CONTROLS.search(element.text):
            element.text = clean(element.text)
        if element.tail and _CONTROLS.search(element.tail):
            element.tail = clean(element.tail)
    return tree


def squeeze(element: "_Element") -> str:
    """All the text in an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def whole_text(tree: "_Element") -> str:
    """All the text that a browser would show, a paragraph, list item or table row a line, blocks apart by a blank line."""
    lines: list[str] = []
    line: list[str] = []
    for piece in _pieces(tree):
        if piece in (_BLOCK, _LINE):
            if text := " ".join("".join(line).split()):
                lines.append(text.removesuffix(" |"))
            line = []
            if piece == _BLOCK and lines and lines[-1]:
                lines.append("")
        elif piece == "- ":
            line = [piece]
        else:
            line.append(piece)
    return "\n".join([*lines, " ".join("".join(line).split())]).strip()


def _pieces(tree: "_Element") -> Iterator[str]:
    """The text of the tree in order, with a mark where a line or a block begins or ends."""
    from lxml import etree

    hidden: _Element | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if hidden is None and event == "start" and _is_hidden(element):
            hidden = element
        if hidden is None:
            if tag in _BLOCKS:
                # A cell with paragraphs in it is still a cell.
                yield " " if tag in ("p", "div") and _in_data_cell(element) else _BLOCK
            elif tag in _LINES:
                yield _LINE
            elif tag in ("td", "th") and event == "end":
                yield " | " if _is_data(element) else _BLOCK
            if event == "start" and tag == "li":
                yield "- "
            if event == "start" and element.text:
                yield element.text
        if event == "end":
            if element is hidden:
                hidden = None
            if hidden is None and element.tail and element is not tree:
                yield element.tail
    yield _BLOCK


def _is_hidden(element: "_Element") -> bool:
    if element.tag in _UNSHOWN or element.get("hidden") is not None:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _in_data_cell(element: "_Element") -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in ("td", "th") and len(parent) == 1 and _is_data(parent)


def _is_data(cell: "_Element") -> bool:
    """Whether a cell holds a datum, and is not there for the layout: it is short, and has neighbours."""
    row = cell.getparent()
    return row is not None and len(row) > 1 and len(squeeze(cell)) <= 200
