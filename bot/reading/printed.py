"""From lines as they stand on printed pages to one line a paragraph, list item or heading.

On paper every paragraph is wrapped and white space says where one ends: that is why this is not `layout`, which has to
find out first how a text was typed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.reading.layout import ITEM, OWN_LINE, join_lines, keeps_apart

_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page|seite|página|pagina|p\.|第)?\s*\d{1,3}\s*页?(?:\s*(?:of|von|de|sur|di|/|\|)\s*\d{1,3})?[-–—|\s]*$",
    re.IGNORECASE,
)
_MARGIN_LINES = 4
_ENDS_SENTENCE = re.compile(r"[.!?:;…。！？؟।][\"'”’»)\]]*$")
_LARGER = 1.12
_SAME_LINE = 0.45
_WIDEST = 400
_FIRST_BLOCKS = 12
_LEAST_HEADLINE = 24  # bytes, which are worth as much in Chinese: what is shorter is a logo, or FOR IMMEDIATE RELEASE


class Line(NamedTuple):
    """A line on a page: its text, where it begins in points from the left and from the bottom, and its size in points."""

    text: str
    x: float
    y: float
    size: float


class _Usual(NamedTuple):
    """What most lines of a document are like: their size, the ratio of leading to size, the characters on a full line."""

    size: float
    leading: float
    width: int


def lay_out_pages(pages: Sequence[Sequence[Line]]) -> tuple[str, str | None]:
    """The text of the pages, one line a paragraph, list item, heading or row, blocks apart by a blank line; and its headline.

    Headers, footers and page numbers are left out. A paragraph goes on from one page to the next. The headline is what
    is set largest among the first blocks; None where nothing is set larger than the rest.
    """
    kept = _without_margins(pages)
    usual = _usual(kept)
    blocks = [block for page in kept for block in _blocks(page, usual)]
    paragraphs: list[str] = []
    above: Line | None = None
    for block in blocks:
        text = "\n".join(_joined(block, usual))
        if above and _goes_on(above, block[0], usual):
            paragraphs[-1] = _append(paragraphs[-1], text)
        elif paragraphs and ITEM.match(text) and ITEM.match(paragraphs[-1].rpartition("\n")[2]):
            paragraphs[-1] += f"\n{text}"
        else:
            paragraphs.append(text)
        above = block[-1]
    return "\n\n".join(paragraphs), _headline(blocks, usual)


def _headline(blocks: Sequence[Sequence[Line]], usual: _Usual) -> str | None:
    first = [
        (block[0].size, -number, " ".join(_joined(block, usual))) for number, block in enumerate(blocks[:_FIRST_BLOCKS])
    ]
    larger = [found for found in first if found[0] > _LARGER * usual.size and len(found[2].encode()) > _LEAST_HEADLINE]
    return max(larger)[2] if larger else None


def _without_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without the lines at their top and bottom that other pages repeat, and without their numbers."""
    margins = [_margin(page) for page in pages]
    seen = Counter(key for margin in margins for key in {_key(line) for line in margin})
    # Left and right pages may have headers of their own.
    least = max(2, len(pages) // 3)
    kept = []
    for page, margin in zip(pages, margins, strict=True):
        outer = {min(page, key=_height), max(page, key=_height)} if page else set()
        dropped = {line for line in margin if seen[_key(line)] >= least}
        dropped |= {line for line in outer if _PAGE_NUMBER.fullmatch(line.text)}
        kept.append([line for line in page if line not in dropped])
    return kept


def _height(line: Line) -> float:
    return line.y


def _margin(page: Sequence[Line]) -> list[Line]:
    by_height = sorted(page, key=_height)
    return by_height[:_MARGIN_LINES] + by_height[-_MARGIN_LINES:]


def _key(line: Line) -> tuple[str, int]:
    """What makes lines of different pages the same: their words, save for numbers, and their height."""
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.y / 4)


def _usual(pages: Sequence[Sequence[Line]]) -> _Usual:
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page:
            letters[round(line.size, 1)] += len(line.text)
    size = letters.most_common(1)[0][0] if letters else 1.0
    body = [line for page in pages for line in page if abs(line.size - size) < 0.1 * size]
    leadings: Counter[float] = Counter()
    for page in pages:
        for above, below in pairwise(page):
            ratio = (above.y - below.y) / (size or 1)
            if abs(above.size - size) < 0.1 * size and abs(below.size - size) < 0.1 * size and 0.8 < ratio < 4:
                # What ends in mid-sentence goes on in the next line: so far are the lines of a paragraph apart.
                leadings[round(ratio, 1)] += len(above.text) * (1 if _ENDS_SENTENCE.search(above.text) else 3)
    lengths = sorted(len(line.text) for line in body)
    width = lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0
    return _Usual(size, leadings.most_common(1)[0][0] if leadings else 1.2, min(width, _WIDEST))


def _blocks(page: Sequence[Line], usual: _Usual) -> Iterator[list[Line]]:
    """The lines of a page, apart where there is white space between them or their size changes."""
    block: list[Line] = []
    for line in page:
        if block and _is_apart(block[-1], line, usual):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _is_apart(above: Line, below: Line, usual: _Usual) -> bool:
    larger = max(above.size, below.size)
    if larger > _LARGER * min(above.size, below.size):
        return True
    gap = (above.y - below.y) / (larger or 1)
    return not -_SAME_LINE <= gap <= max(1.2 * usual.leading, usual.leading + 0.25)


def _joined(block: Sequence[Line], usual: _Usual) -> list[str]:
    """The paragraphs, items and rows of a block, each on one line."""
    heading = block[0].size > _LARGER * usual.size
    lines: list[list[str]] = [[block[0].text]]
    in_item = bool(ITEM.match(block[0].text))
    indent = min(line.x for line in block)
    for above, below in pairwise(block):
        starts_item = bool(ITEM.match(below.text))
        hanging = in_item and not starts_item and 0.5 < (below.x - block[0].x) / below.size < 5
        if OWN_LINE.match(below.text) or keeps_apart(above.text, below.text, in_list=in_item):
            goes_on = False
        elif heading or hanging or _runs_on(above.text, below.text, usual):
            goes_on = True
        else:
            # An indent begins a paragraph.
            begins = above.x <= indent + 1 and below.x >= indent + 0.8 * below.size and not in_item
            goes_on = not begins and _is_full(above, below, usual)
        if goes_on:
            lines[-1].append(below.text)
        else:
            lines.append([below.text])
            in_item = starts_item
    return [join_lines(line) for line in lines]


def _is_full(above: Line, below: Line, usual: _Usual) -> bool:
    """Whether the line above had no room for the first word below, give or take what a ragged margin leaves."""
    word = min(len(below.text.split(" ", 1)[0]), 20)
    return usual.width >= 20 and len(above.text) + 1 + word > 0.82 * usual.width


def _runs_on(above: str, below: str, usual: _Usual) -> bool:
    """Whether a line with some room left, as before a long word, is plainly left in mid-sentence."""
    return below[:1].islower() and len(above) > 0.6 * usual.width and not _ENDS_SENTENCE.search(above[-20:])


def _goes_on(above: Line, below: Line, usual: _Usual) -> bool:
    """Whether a block goes on in the sentence that the block before it, as on the page before, was left in."""
    if abs(above.size - below.size) > 0.1 * above.size or above.size > _LARGER * usual.size:
        return False
    if ITEM.match(below.text) or OWN_LINE.match(below.text) or OWN_LINE.match(above.text):
        return False
    full = _is_full(above, below, usual)
    return full and not _ENDS_SENTENCE.search(above.text[-20:]) and above.y < below.y


def _append(paragraph: str, text: str) -> str:
    """The paragraph with the first line of the text joined to its last, and the rest below."""
    *before, last = paragraph.split("\n")
    first, *after = text.split("\n")
    return "\n".join([*before, join_lines([last, first]), *after])


def lines_of(pieces: Iterable[Line]) -> list[Line]:
    """Pieces of text as they were set, in order, to the lines that they stand on."""
    lines: list[list[Line]] = []
    for piece in pieces:
        if lines and _on_line(lines[-1][0], piece):
            lines[-1].append(piece)
        elif piece.text.strip():
            lines.append([piece])
    return [_merged(parts) for parts in lines]


def _on_line(first: Line, piece: Line) -> bool:
    return abs(first.y - piece.y) <= _SAME_LINE * max(first.size, piece.size) and piece.x >= first.x


def _merged(parts: Sequence[Line]) -> Line:
    """The line that the parts make. Its size is that of most of its letters: the mark of an item may be larger."""
    text = "".join(part.text for part in parts)
    size = max(parts, key=lambda part: len(part.text)).size
    return parts[0]._replace(text=" ".join(text.split()), size=size)
