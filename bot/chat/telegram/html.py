"""Styled text as the HTML that Telegram takes, cut to its limits before there is a tag that could break.

A message is built from pieces of plain text, each in one style, and lengths are measured on that plain text: Telegram
counts UTF-16 code units after it has parsed the entities.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import accumulate
from string import Formatter

import regex  # type: ignore[import-untyped]

from bot.chat.language import gettext
from bot.chat.wording import printable
from bot.model import Span

LIMIT = 4096  # UTF-16 code units of a message, after entities
IN_A_SENTENCE = 300  # UTF-16 code units of a title or a question that stands in a sentence of ours
ELLIPSIS = "…"
_NEAR = 30  # graphemes that are given up so that a cut falls between words
_FAR = 100  # characters of the largest sign that is looked at as one, where a text is cut far from its start

_LINE_END = regex.compile(r"\s*\n\s*")
_GRAPHEME = regex.compile(r"\X")  # an extended grapheme cluster, Unicode Standard Annex 29
_RING = regex.compile("[AaUuwy]\u030a")
_TAKEN_OUT: dict[int, str | None] = dict.fromkeys([0x0333, 0x033F, 0x030A])


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one style. `tag` is one of `b`, `i`, `u` and `code`, or empty; `link` is where it leads, or None."""

    text: str
    tag: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Pieces that stand on lines of their own: plain, or a quotation, which is folded when it is long."""

    pieces: tuple[Piece, ...]
    quoted: bool = False
    folded: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def visible(text: str) -> str:
    """The text on one line as Telegram shows it: `printable`, less what Telegram takes out of every message.

    These are three combining marks; a ring above is kept where the letter with it is a letter of its own.
    """
    composed = _RING.sub(lambda letter: unicodedata.normalize("NFC", letter[0]), printable(text))
    return str(composed).translate(_TAKEN_OUT)


def visible_lines(text: str) -> str:
    """The same line by line, with no blank lines and no indentation."""
    return "\n".join(map(visible, _LINE_END.sub("\n", text).split("\n")))


def filled(template: str, **values: Piece | str | int) -> Block:
    """A sentence with its named places filled in: pieces as they are, text from outside made visible and short."""
    pieces: list[Piece] = []
    for words, name, _, _ in Formatter().parse(template):
        pieces.append(Piece(words))
        if name:
            value = values[name]
            pieces.append(value if isinstance(value, Piece) else short(str(value)))
    return Block(tuple(pieces))


def said(message: str, **values: Piece | str | int) -> Block:
    """One of our sentences in the language that is spoken, with its named places filled in as by `filled`."""
    return filled(gettext(message), **values)


def short(text: str, limit: int = IN_A_SENTENCE, tag: str = "") -> Piece:
    """Text from outside as a piece of at most `limit` UTF-16 units."""
    return Piece(cut(visible(text), limit), tag)


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, by which Telegram measures."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def rendered(blocks: Iterable[Block]) -> str:
    """The blocks as HTML, one under the other."""
    return "\n".join(_block(block) for block in blocks)


def cut(text: str, limit: int) -> str:
    """The beginning of the text in at most `limit` UTF-16 units, with an ellipsis where something is left out."""
    return "".join(piece.text for piece in cut_pieces([Piece(text)], [Span(0, 0)], limit))


def cut_pieces(pieces: Sequence[Piece], focuses: Sequence[Span], limit: int) -> tuple[Piece, ...]:
    """The pieces in at most `limit` UTF-16 units, with an ellipsis at each end where something is left out.

    `focuses` are ranges of characters of the whole text. The first of them that fits is kept in whole, in the middle of
    what is kept; where none fits, the beginning of the last one is. No grapheme is broken, and no word where a space is
    near the cut.
    """
    text = "".join(piece.text for piece in pieces)
    if utf16_length(text) <= limit:
        return tuple(pieces)
    start, end = _window(text, focuses, max(0, limit - 2 * len(ELLIPSIS)))
    kept: list[Piece] = [Piece(ELLIPSIS)] if start else []
    offset = 0
    for piece in pieces:
        inside = piece.text[max(0, start - offset) : max(0, end - offset)]
        kept += [replace(piece, text=inside)] if inside else []
        offset += len(piece.text)
    return (*kept, Piece(ELLIPSIS)) if end < len(text) else tuple(kept)


def _window(text: str, focuses: Sequence[Span], room: int) -> Span:
    fitting = (focus for focus in focuses if utf16_length(text[focus.start : focus.end]) <= room)
    focus = next(fitting, Span(focuses[-1].start, focuses[-1].start))
    # Further away than this nothing can be kept, and graphemes of a long text take long to find.
    base = _safe_start(text, max(0, focus.start - room - _FAR))
    graphemes: list[str] = _GRAPHEME.findall(text[base : focus.end + room + _FAR])
    bounds = list(accumulate(map(len, graphemes), initial=base))
    units = list(accumulate(map(utf16_length, graphemes), initial=0))
    first, last = bisect_right(bounds, focus.start) - 1, bisect_left(bounds, focus.end)
    if focus.start == focus.end or units[last] - units[first] > room:
        last = first
    spare = room - (units[last] - units[first])
    ahead = spare // 2 if first < last else 0
    right = min(max(spare - units[first], spare - ahead), units[-1] - units[last])
    low = bisect_left(units, units[first] - (spare - right))
    high = bisect_right(units, units[last] + right) - 1
    if low > 0 and not graphemes[low - 1].isspace():
        spaces = (n for n in range(low, min(low + _NEAR, first)) if graphemes[n].isspace())
        low = next(spaces, low - 1) + 1
    if high < len(graphemes) and not graphemes[high].isspace():
        high = next((n for n in range(high - 1, max(high - _NEAR, last) - 1, -1) if graphemes[n].isspace()), high)
    return Span(bounds[low], bounds[high])


def _safe_start(text: str, start: int) -> int:
    """A place at `start` or one before it that is not inside a flag, which is two letters of a kind of their own."""
    run = start
    while run > 0 and "\U0001f1e6" <= text[run - 1] <= "\U0001f1ff":
        run -= 1
    return start - (start - run) % 2


def _block(block: Block) -> str:
    inside = "".join(map(_piece, block.pieces))
    if not block.quoted:
        return inside
    return f"<blockquote{' expandable' if block.folded else ''}>{inside}</blockquote>"


def _piece(piece: Piece) -> str:
    inside = escape(piece.text, quote=False)
    if not inside:
        return ""
    styled = f"<{piece.tag}>{inside}</{piece.tag}>" if piece.tag else inside
    return f'<a href="{escape(piece.link)}">{styled}</a>' if piece.link else styled
