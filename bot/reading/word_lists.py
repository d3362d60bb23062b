"""What a Word file keeps apart from its paragraphs: their styles, and the marks of its lists."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
_LONGEST_CHAIN = 20


class Style(NamedTuple):
    """What a paragraph's style says: whether it is a title or a heading, and the list that it is an item of."""

    is_title: bool = False
    is_heading: bool = False
    list_id: str | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Styles:
    """The paragraph styles of a document by their ids."""

    by_id: dict[str, Style]

    def of(self, paragraph: "_Element") -> Style:
        """The style of a paragraph, with what the paragraph itself says of a list."""
        style = self.by_id.get(_said(paragraph, f"{_W}pPr/{_W}pStyle") or "", Style())
        own = _said(paragraph, f"{_W}pPr/{_W}numPr/{_W}numId")
        if own is None:
            return style
        return style._replace(list_id=own, level=_number(_said(paragraph, f"{_W}pPr/{_W}numPr/{_W}ilvl"), 0))


@dataclass(frozen=True, slots=True)
class Numbering:
    """The marks of the lists of a document. It counts: each item asks once, in order."""

    formats: dict[tuple[str, int], tuple[str, int]]
    counted: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def mark(self, paragraph: "_Element", style: Style) -> str | None:
        """The mark before an item: `-`, or its number; None for what is no item."""
        if style.list_id in (None, "0") or not 0 <= style.level < 9:
            return None
        form = self.formats.get((str(style.list_id), style.level), ("bullet", 1))[0]
        if form == "none":
            return None
        counted = self.counted[str(style.list_id)]
        del counted[style.level + 1 :]
        while len(counted) <= style.level:
            level = len(counted)
            counted.append(self.formats.get((str(style.list_id), level), ("", 1))[1] - 1)
        counted[style.level] += 1
        number = counted[style.level]
        match form:
            case "bullet":
                return "-"
            case "lowerLetter" | "upperLetter" if 1 <= number <= 26:
                letter = "abcdefghijklmnopqrstuvwxyz"[number - 1]
                return f"{letter if form == 'lowerLetter' else letter.upper()}."
            case _:
                return f"{number}."


def read_styles(document: "Document") -> Styles:
    """The paragraph styles. The names of the built-in ones are the same in every language of Word."""
    said: dict[str, tuple[str, str | None, str | None, int]] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        name = (_said(style, f"{_W}name") or "").lower()
        list_id = _said(style, f"{_W}pPr/{_W}numPr/{_W}numId")
        level = _number(_said(style, f"{_W}pPr/{_W}numPr/{_W}ilvl"), 0)
        said[style.get(f"{_W}styleId") or ""] = (name, _said(style, f"{_W}basedOn"), list_id, level)
    return Styles({key: _resolved(key, said) for key in said})


def _resolved(key: str, said: dict[str, tuple[str, str | None, str | None, int]]) -> Style:
    """A style with what it takes from those it is based on."""
    found = Style()
    current: str | None = key
    for _ in range(_LONGEST_CHAIN):
        if current is None or current not in said:
            break
        name, current, list_id, level = said[current]
        found = found._replace(
            is_title=found.is_title or name == "title",
            is_heading=found.is_heading or name.startswith("heading "),
        )
        if found.list_id is None and list_id is not None:
            found = found._replace(list_id=list_id, level=level)
    return found


def read_numbering(document: "Document") -> Numbering:
    """The formats of the lists: by the list and the level, what numbers it and where it starts."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.part import XmlPart

    try:
        part = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:
        return Numbering({})
    if not isinstance(part, XmlPart):
        return Numbering({})
    element = part.element
    abstract: dict[str, dict[int, tuple[str, int]]] = {}
    for one in element.iter(f"{_W}abstractNum"):
        levels = {
            _number(level.get(f"{_W}ilvl"), 0): (
                _said(level, f"{_W}numFmt") or "decimal",
                _number(_said(level, f"{_W}start"), 1),
            )
            for level in one.iter(f"{_W}lvl")
        }
        abstract[one.get(f"{_W}abstractNumId") or ""] = levels
    formats: dict[tuple[str, int], tuple[str, int]] = {}
    for one in element.iter(f"{_W}num"):
        list_id = one.get(f"{_W}numId") or ""
        for level, form in abstract.get(_said(one, f"{_W}abstractNumId") or "", {}).items():
            formats[list_id, level] = form
    return Numbering(formats)


def _said(element: "_Element", path: str) -> str | None:
    found = element.find(path)
    return None if found is None else found.get(_VAL)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
