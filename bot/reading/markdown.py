"""Markdown to plain text, by markdown-it-py (CommonMark, with tables)."""

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from bot.reading.draft import Draft
from bot.reading.layout import join_lines, keeps_apart
from bot.reading.wire import drop_end_marks

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_UNSHOWN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_BREAK_TAG = re.compile(r"</?(?:br|p|div|tr|li|h[1-6])\b[^<>]*>", re.IGNORECASE)
_HARD_BREAK = "\v"  # no clean text holds it
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_END_MARK = re.compile(r"^[ ]{0,3}(?:#{3,}|#(?:[ ]#)+)[ ]*$", re.MULTILINE)


class _Block(NamedTuple):
    text: str
    level: int = 0  # of a heading, from 1 to 6


def read_markdown(text: str) -> Draft:
    """A draft of a clean Markdown text: its plain text, and the heading above it as its title.

    Marks of emphasis, links, images, quotations and headings are gone, and so are raw HTML tags and comments. A list
    item is a line that begins with `- ` or its number, a table row a line with `|` between its cells.
    """
    from markdown_it.tree import SyntaxTreeNode

    tree = SyntaxTreeNode(_parser().parse(_END_MARK.sub("", text)))
    blocks = [block for node in tree.children for block in _blocks(node) if block.text]
    title = _take_title(blocks)
    return Draft(drop_end_marks("\n\n".join(block.text for block in blocks)), title=title)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _take_title(blocks: list[_Block]) -> str | None:
    """The first heading of level 1, or the heading that the text begins with, taken out of the blocks."""
    headings = [number for number, block in enumerate(blocks) if block.level]
    tops = [number for number in headings if blocks[number].level == 1]
    if not tops and headings[:1] != [0]:
        return None
    return blocks.pop(tops[0] if tops else 0).text.replace("\n", " ")


def _blocks(node: "SyntaxTreeNode") -> list[_Block]:
    """The blocks of text that a node of the document holds."""
    match node.type:
        case "heading":
            return [_Block(_inner(node), int(node.tag[1:]))]
        case "paragraph":
            return [_Block(_inner(node))]
        case "bullet_list" | "ordered_list":
            return [_Block("\n".join(_items(node)))]
        case "table":
            return [_Block("\n".join(_row(row) for part in node.children for row in part.children))]
        case "code_block" | "fence":
            return [_Block(node.content.strip("\n"))]
        case "html_block":
            return [_Block(block) for block in _html_text(node.content).split("\n\n")]
        case _:
            return [block for child in node.children for block in _blocks(child)]


def _items(node: "SyntaxTreeNode") -> list[str]:
    """The lines of a list, and of the lists within it."""
    first = int(node.attrs.get("start") or 1)
    lines: list[str] = []
    for number, item in enumerate(node.children, start=first):
        inner = [block.text for child in item.children for block in _blocks(child) if block.text]
        if inner:
            inner[0] = (f"{number}. " if node.type == "ordered_list" else "- ") + inner[0]
        lines += inner
    return lines


def _row(row: "SyntaxTreeNode") -> str:
    return " | ".join(_inner(cell).replace("\n", " ") for cell in row.children)


def _inner(node: "SyntaxTreeNode") -> str:
    """The text of a paragraph, heading or cell. A soft line end joins, save before a line of the furniture."""
    hard = "".join(map(_inline, node.children)).split(_HARD_BREAK)
    return "\n".join(line for lines in hard for line in _join_soft(lines.split("\n")))


def _join_soft(lines: list[str]) -> list[str]:
    groups: list[list[str]] = []
    for line in filter(None, map(str.strip, lines)):
        if groups and not keeps_apart(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [join_lines(group) for group in groups]


def _inline(node: "SyntaxTreeNode") -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak":
            return "\n"
        case "hardbreak":
            return _HARD_BREAK
        case "html_inline":
            return _HARD_BREAK if _BREAK_TAG.match(node.content) else ""
        case _:
            return "".join(map(_inline, node.children))


def _html_text(html: str) -> str:
    """The text in a block of raw HTML, lines where a browser would break them."""
    text = _BREAK_TAG.sub("\n\n", _UNSHOWN.sub("", html))
    return unescape(_TAG.sub("", text)).strip()
