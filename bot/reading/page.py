"""Web pages to plain text, by trafilatura: the article, without what a site puts around it."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.reading.charset import decode_page
from bot.reading.draft import Draft, UnreadableError
from bot.reading.html_tree import parse_html, squeeze
from bot.reading.page_says import read_metadata
from bot.reading.wire import drop_end_marks

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

# Signs of emphasis say nothing here, and thousands of them in one paragraph cost trafilatura minutes.
_EMPHASIS = ("b", "i", "em", "strong", "u", "font", "big", "small", "tt", "mark", "abbr", "dfn", "wbr", "nobr")
_AROUND_TAGS = ("nav", "aside", "dialog", "button")
_AROUND_ROLES = ("dialog", "alertdialog", "navigation", "search", "complementary")
_AROUND_NAMES = re.compile(r"cookie|consent|onetrust|gdpr", re.IGNORECASE)
_INLINE = ("ref", "hi", "code", "span")
_LONGEST_NOTICE = 2000
_LEAST_ARTICLE = 40
_NOTHING = "holds no article that can be found: copy the text of the release into a .txt file"


def read_page(raw: bytes, url: str | None, charset: str | None) -> Draft:
    """A draft of an HTML page: its article, and what the page says of it.

    `url` is where the page was found and `charset` what the transfer said. A paragraph, heading, list item or table row
    is a line.

    Raises:
        UnreadableError: the page holds no article, or is too large.
    """
    text = decode_page(raw, charset)
    tree = parse_html(text)
    said = read_metadata(tree, url)
    article = "\n\n".join(filter(None, _article(tree)))
    if sum(map(str.isalnum, article)) < _LEAST_ARTICLE:
        raise UnreadableError(_NOTHING)
    return replace(said, text=drop_end_marks(article))


def _article(tree: "HtmlElement") -> list[str]:
    """The blocks of the article. The tree is used up."""
    from lxml import etree
    from trafilatura import bare_extraction

    for element in [*tree.iter(etree.Element)]:
        if _is_around(element) and element.getparent() is not None:
            element.drop_tree()
    etree.strip_tags(tree, *_EMPHASIS)
    # Comments are what readers wrote. The metadata are read apart: here they would be guessed from the text.
    document = bare_extraction(tree, include_comments=False, with_metadata=False)
    body = getattr(document, "body", None)
    return [] if body is None else [_block(child) for child in body]


def _is_around(element: "_Element") -> bool:
    """Whether an element is plainly no article."""
    if element.tag in _AROUND_TAGS or element.get("role") in _AROUND_ROLES:
        return True
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    notice = element.tag in ("div", "section", "p", "ul") and _AROUND_NAMES.search(names)
    # A name of that kind may also be on what holds the whole page.
    return bool(notice) and len(squeeze(element)) < _LONGEST_NOTICE


def _block(element: "_Element") -> str:
    """A block of trafilatura's tree as text."""
    match element.tag:
        case "list":
            ordered = element.get("rend") == "ol"
            items = [text for item in element.iter("item") if (text := _line(item))]
            return "\n".join(f"{number}. {item}" if ordered else f"- {item}" for number, item in enumerate(items, 1))
        case "table":
            rows = [[_line(cell) for cell in row.iter("cell")] for row in element.iter("row")]
            return "\n".join(" | ".join(row) for row in rows if any(row))
        case "quote" if len(element):
            own = [" ".join((element.text or "").split())]
            return "\n\n".join(filter(None, own + [_block(child) for child in element]))
        case "graphic" | "del":
            return ""
        case _:
            return "\n".join(filter(None, _lines(element)))


def _line(element: "_Element") -> str:
    return " ".join(filter(None, _lines(element)))


def _lines(element: "_Element") -> list[str]:
    """The lines of a paragraph, item or cell; what a list or table in it holds is not of it."""
    lines = [element.text or ""]
    for child in element:
        if child.tag == "lb":
            lines.append("")
        elif child.tag not in ("list", "table", "graphic", "del"):
            first, *rest = _lines(child)
            # A paragraph within an item or a cell stands by itself.
            lines[-1] += f" {first}" if child.tag in ("p", "head") else first
            lines += rest
        lines[-1] += child.tail or ""
    return [" ".join(line.split()) for line in lines] if element.tag not in _INLINE else lines
