"""From lines as they were typed to one line a paragraph, list item or heading.

Three habits are told apart by the file itself: paragraphs wrapped at a width, one paragraph a line, and one sentence a
line. Only white space changes, ever.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from unicodedata import east_asian_width

_BULLETS = "•·‣◦▪■●○"
ITEM = re.compile(rf"(?:[-*+{_BULLETS}–—]|\(?(?:\d{{1,3}}|[a-zA-Z])[.)])\s+(?=\S)")
"""The mark that begins a list item."""

_NAME = r"(?:[^\W\d_a-z][\w.,&'’()-]*|of|and|the|for|de|in|&)"
OWN_LINE = re.compile(
    rf"About (?:[Tt]he )?{_NAME}(?: {_NAME}){{0,8}}:?$"
    r"|(?:Media |Press |Investor |News )?Contacts?\b[^.!?;\n]{0,60}:"
    r"|(?:Media|Press|Investor|News|MEDIA|PRESS|INVESTOR) (?:Contacts?|CONTACTS?)\b|CONTACTS?\b|Contacts?$"
    r"|SOURCE:?\s+\S|Source:\s+\S|FOR IMMEDIATE RELEASE|For Immediate Release",
    re.MULTILINE,
)
"""What begins a line of its own whatever stands before it: the furniture of press releases."""

_BEFORE_FURNITURE = re.compile(rf"\n(?<=[^\n]\n)(?={OWN_LINE.pattern})", re.MULTILINE)
_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")
_LEAST_GAP = " " * 30
_WIDE_GAP = re.compile(rf"{_LEAST_GAP}(?<=\S{_LEAST_GAP}) *(?=\S)")  # begins with what `re` finds quickest
_ENDS_SENTENCE = re.compile(r"[.!?:;…。！？؟।][\"'”’»)\]]*$")
_TWO_SENTENCES = re.compile(r"[a-z0-9)\"”][.!?][\"'”’)]*\s+[\"'“‘(]*[A-Z]")
_LEANS_ON = re.compile(r"(?:^|\s)(?:Sens?|Reps?|Dr|Mr|Mrs|Ms|Gov|Gen|Prof|Lt|Col|Sgt|Capt|Rev|Hon)\.$")
_WIDEST_WRAP, _NARROWEST_WRAP = 130, 30
_SUSPENDED = re.compile(r"(?:and|or|to|und|oder)\b")  # "high- and low-pressure"
_SHORT = 60
_ADDRESS = re.compile(r"\S+@|https?:|www\.")


class _Line(NamedTuple):
    text: str
    indent: int


def lay_out(text: str) -> str:
    """The text with one line a paragraph, list item or heading, and paragraphs apart by exactly one blank line.

    Wrapped lines are joined; at a hyphen without a space, and the hyphen stays. Where each line is a paragraph, blank
    lines part them. Where each line is a sentence, every line end stays inside its paragraph.
    """
    text = _WIDE_GAP.sub("\n", text)
    blocks = [lines for block in _BLANK.split(text) if (lines := _lines(block))]
    width, parted = _wrap_width(blocks), _is_paragraph_a_line(blocks)
    paragraphs: list[list[str]] = []
    for block in blocks:
        if width:
            paragraphs += _unwrap(block, width)
        elif parted:
            paragraphs += _part(_complete(block))
        else:
            paragraphs.append([line.text for line in block])
    return "\n\n".join(map("\n".join, paragraphs))


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one paragraph as one line: no space after a word broken at a hyphen, nor between Chinese characters."""
    parts: list[str] = []
    for line in lines:
        if parts and line and not _touch(parts[-1], line):
            parts.append(" ")
        if line:
            parts.append(line)
    return "".join(parts)


def _touch(above: str, below: str) -> bool:
    broken_word = above.endswith("-") and above[-2:-1].isalpha() and below[0].isalpha()
    return (broken_word and not _SUSPENDED.match(below)) or _is_wide(above[-1], below[0])


def _is_wide(*characters: str) -> bool:
    return all(east_asian_width(character) in "WF" for character in characters)


def _lines(block: str) -> list[_Line]:
    raw = (line for line in block.split("\n") if line.strip())
    return [_Line(" ".join(line.split()), len(line) - len(line.lstrip())) for line in raw]


def _begins_own(line: str) -> bool:
    return bool(ITEM.match(line) or OWN_LINE.match(line))


def _ends_own(line: str) -> bool:
    """Whether nothing may be joined to the line: a heading of the furniture, or a rule of signs."""
    return bool(line.startswith("About ") and OWN_LINE.match(line)) or not any(map(str.isalnum, line))


def keeps_apart(above: str, below: str, *, in_list: bool = False) -> bool:
    """Whether two lines are never one, whatever the layout: a list item, or the furniture of a press release.

    A number, a letter or a dash begins an item only in a list, or after the end of a sentence: else it may be the word
    that a line was broken before.
    """
    if OWN_LINE.match(below) or _ends_own(above) or _ends_own(below):
        return True
    return bool(ITEM.match(below)) and (in_list or below[0] in _BULLETS or _ends_sentence(above))


def _ends_sentence(line: str) -> bool:
    return bool(_ENDS_SENTENCE.search(line[-20:]))


def part_furniture(text: str) -> str:
    """The text with a blank line before each line of the furniture (`About Acme`, `Contact:`)."""
    return _BEFORE_FURNITURE.sub("\n\n", text)


def _wrap_width(blocks: Sequence[Sequence[_Line]]) -> int | None:
    """The width in characters that the lines are wrapped at, or None where they are not.

    Short lines, as of an address, say nothing. The others mostly end in mid-sentence, few begin with a capital, and
    few had room for the first word of the next.
    """
    pairs = [
        (above, below) for block in blocks for above, below in pairwise(block) if not _begins_own(below.text)
    ]  # fmt: skip
    if not pairs:
        return None
    lengths = sorted(len(above.text) + above.indent for above, _ in pairs)
    width = lengths[int(0.97 * (len(lengths) - 1))]
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    long = [(above, below) for above, below in pairs if above.indent + len(above.text) > 0.6 * width]
    in_sentence = sum(not _ends_sentence(above.text) for above, _ in long)
    capital = sum(below.text[:1].isupper() for _, below in long)
    full = sum(_is_full(above, below, width) for above, below in long)
    wrapped = in_sentence >= 0.5 * len(long) and capital <= 0.7 * len(long) and full >= 0.6 * len(long)
    return width if wrapped else None


def _is_full(above: _Line, below: _Line, width: int) -> bool:
    """Whether the line above had no room for the first word below, give or take what a ragged margin leaves."""
    return above.indent + len(above.text) + 1 + len(below.text.split(" ", 1)[0]) > 0.85 * width


def _runs_on(above: str, below: str) -> bool:
    """Whether the line below goes on in the sentence above, whatever the layout."""
    if _ADDRESS.match(below):
        return False
    return bool((below[:1].islower() and not _ends_sentence(above)) or _LEANS_ON.search(above[-20:]))


def _unwrap(block: Sequence[_Line], width: int) -> list[list[str]]:
    """The paragraphs of a block that is wrapped at `width`, each a list of lines."""
    paragraphs: list[list[list[str]]] = [[[block[0].text]]]
    in_item = bool(ITEM.match(block[0].text))
    for above, below in pairwise(block):
        lines = paragraphs[-1]
        hanging = in_item and below.indent > above.indent
        if keeps_apart(above.text, below.text, in_list=in_item):
            lines.append([below.text])
        elif not in_item and below.indent >= above.indent + 2:
            paragraphs.append([[below.text]])
        elif hanging or _runs_on(above.text, below.text) or _is_full(above, below, width):
            lines[-1].append(below.text)
            continue
        else:
            lines.append([below.text])
        in_item = bool(ITEM.match(below.text))
    return [[join_lines(line) for line in lines] for lines in paragraphs]


def _is_paragraph_a_line(blocks: Sequence[Sequence[_Line]]) -> bool:
    """Whether the lines of an unwrapped text are paragraphs: many are indented, or hold more than one sentence."""
    lines = [line for block in blocks if len(block) > 1 for line in block]
    indented = sum(line.indent >= 2 for line in lines)
    long = [line.text for line in lines if len(line.text) > _SHORT]
    several = sum(bool(_TWO_SENTENCES.search(text)) for text in long)
    return indented > 0.5 * len(lines) or several > max(1, 0.25 * len(long))


def _complete(block: Sequence[_Line]) -> list[str]:
    """The lines of a block of paragraphs, with those joined that are plainly one sentence."""
    lines = [block[0].text]
    for below in block[1:]:
        if _runs_on(lines[-1], below.text) and not keeps_apart(lines[-1], below.text):
            lines[-1] = join_lines((lines[-1], below.text))
        else:
            lines.append(below.text)
    return lines


def _part(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines that are paragraphs, each by itself; items of a list and short lines, as of an address, stay together."""
    together = [lines[0]]
    for above, below in pairwise(lines):
        items = ITEM.match(above) and ITEM.match(below)
        fragments = _is_fragment(above) and _is_fragment(below)
        if (items or fragments) and not OWN_LINE.match(below):
            together.append(below)
        else:
            yield together
            together = [below]
    yield together


def _is_fragment(line: str) -> bool:
    return len(line) < _SHORT and (not line.endswith((".", "!", "?")) or line.count(" ") < 3)
