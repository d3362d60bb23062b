"""What a news wire and a press office put around a story: dateline, source line, end marks."""

import re
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from bot.reading.dates import DATE, date_of
from bot.reading.draft import Draft
from bot.reading.place import is_place

_WIRE = (
    r"(?:PR ?Newswire\S*|Business ?Wire|Globe ?Newswire|Market ?wired?|Access ?wire|Canada Newswire"
    r"|CNW(?: Group| Telbec)?"
    r"|U\.?S\.? Newswire|Newsfile(?: Corp\.?)?|PR ?Web|EIN ?Presswire|ACN ?Newswire|Media ?OutReach(?: Newswire)?"
    r"|Kyodo JBN|[A-Z][\w.]*(?: [A-Z][\w.]*)? ?(?:News ?)?wire|AP|Associated Press|Reuters|AFP|UPI|Xinhua|dpa|DPA|ANSA"
    r"|EFE|TASS|Kyodo|Yonhap|Bernama|PTI|ANI|AAP|ots)"
)
_DASH = r"(?:-{1,3}|[–—])"
_TAGGED = re.compile(
    rf"(?P<head>[^\n(/]{{0,100}}?)[\s,]*{_DASH}?\s*"
    rf"(?:/\s?(?P<slash>{_WIRE})\s?/|\(\s?(?P<paren>{_WIRE})(?: via [^()\n]{{1,40}})?"
    rf"(?:\s*{_DASH}\s*(?P<date>[^()\n]{{1,40}}))?\))"
    rf"\s*(?:{_DASH}+|:)?\s*",
    re.IGNORECASE,
)
# All that `_TAGGED` matches, this does; and what neither does, this says much sooner.
_WIRED = re.compile(rf"[^(/]*+[(/]\s?{_WIRE}", re.IGNORECASE)
_SLASHED = re.compile(
    rf"(?P<head>[^\n/]{{2,60}}?)\s*/\s*(?P<wire>{_WIRE})\s*/\s*(?P<date>[^/\n]{{4,30}}?)\s*/\s*", re.IGNORECASE
)
_BREAK = re.compile(r"\s*(?:--+|[–—])\s*|\s+-\s*(?=\S)")
_DASHED = re.compile("[-–—]")
_DATE_PREFIX = re.compile(r"\s*date:?\s+(?P<date>\d{4}-\d\d-\d\d)\b[ ]*", re.IGNORECASE)
_BEGINS_SENTENCE = re.compile(r"[\"'“‘«(\[]*[^\W_a-z]")

_NEWS = re.compile(r"\b(?:today|announce[sd]?)\b", re.IGNORECASE)
_RELEASE_LINE = re.compile(
    r"(?-i:(?:(?:NEWS|PRESS|MEDIA) (?:RELEASE|ADVISORY)\s*[-–—:|]*\s*)?FOR IMMEDIATE RELEASE\b\s*[-–—:|]*\s*)"
    rf"|(?:(?:for immediate release|(?:news|press|media) release)\b\s*[-–—:|]*\s*(?=(?:{DATE.pattern})?$))",
    re.IGNORECASE,
)
_SOURCE_LINE = re.compile(r"(?:SOURCE:?|Source:)\s+(?P<source>\S.{0,150})")
_END_MARK = re.compile(
    r"\n[ ]*(?:#{2,}|#(?:[ ]#)+|[-–—]+[ ]?(?:30|0)[ ]?[-–—]+|[-–—]+[ ]?(?i:ends?)[ ]?[-–—]+|ENDS|\*{3,}|\*(?:[ ]\*)+"
    r"|_{3,}|={3,}|-{3,})[ ]*$",
    re.MULTILINE,
)
_TRAILING_MARK = re.compile(r"(?<=[.!?\"'”’)])[ ]+(?:#{3,}|#(?:[ ]#)+|[-–—]30[-–—])[ ]*$", re.MULTILINE)
_IN_TRAILING_MARKS = ("##", "# #", "30-", "30–", "30—")
_HEAD_LINES = _FOOT_LINES = 14
_WHITE = " \n"  # and the empty text
_UNTIDY = ("  ", " \n", "\n ", "\n\n\n")
_LEAST_STORY = 30
_STORY = 150


class Dateline(NamedTuple):
    """What stands before the first sentence of a story: `line[:end]`."""

    place: str | None
    published: date | None
    wire: str | None
    end: int


def drop_end_marks(text: str) -> str:
    """The text with the lines that only part or end it (`###`, `-30-`, `* * *`) left blank."""
    # The line end before a mark, and the signs that each must hold, are found many times faster than the mark itself.
    text = _END_MARK.sub("\n", f"\n{text}")[1:]
    return _TRAILING_MARK.sub("", text) if any(sign in text for sign in _IN_TRAILING_MARKS) else text


def read_dateline(line: str) -> Dateline | None:
    """The dateline at the head of a paragraph, or None.

    A date or the name of a wire vouches for the place; without them the place must be plain to see, so that
    `Wuxi -- a city in China -- has a park.` has no dateline.
    """
    return _slashed(line) or _tagged(line) or _untagged(line)


def _tagged(line: str) -> Dateline | None:
    match = _TAGGED.match(line) if _WIRED.match(line) else None
    if match is None or match.end() == len(line):
        return None
    place, published = _place_and_date(match["head"])
    if place and not is_place(place, vouched=True):
        return None
    if match["date"] and (inner := DATE.search(match["date"])):
        published = published or date_of(inner)
    return Dateline(place, published, match["slash"] or match["paren"], match.end())


def _slashed(line: str) -> Dateline | None:
    match = _SLASHED.match(line) if "/" in line else None
    if match is None or not is_place(match["head"], vouched=True) or not (day := DATE.fullmatch(match["date"])):
        return None
    return Dateline(match["head"], date_of(day), match["wire"], match.end())


def _untagged(line: str) -> Dateline | None:
    first = _BREAK.search(line[:100]) if _DASHED.search(line, 0, 100) else None
    if first is None or first.start() == 0:
        return None
    place, published = _place_and_date(line[: first.start()])
    end = first.end()
    if place is None:
        if published is None:
            return None
        # "April 22, 2021 – Wuxi, China – The conference …"
        second = _BREAK.search(line[:140], end)
        if second and is_place(line[end : second.start()], vouched=True):
            place, end = line[end : second.start()], second.end()
        elif not _NEWS.search(_first_sentence(line[end:])):
            return None  # an entry of a timeline
    elif not is_place(place, vouched=published is not None or line.startswith("(")):
        return None
    story = line[end:]
    if len(story) < _LEAST_STORY or story.upper() == story or not _begins_story(story, place or ""):
        return None
    return Dateline(place, published, None, end)


def _begins_story(story: str, place: str) -> bool:
    if not _BEGINS_SENTENCE.match(story):
        return place.partition(",")[0].isupper()
    # A pair of dashes holds an aside: "London -- The capital of England -- is large."
    return "," in place or place.isupper() or not re.search(r"--|[–—]", _first_sentence(story))


def _first_sentence(story: str) -> str:
    return re.split(r"[.!?]\s", story, maxsplit=1)[0]


def _place_and_date(head: str) -> tuple[str | None, date | None]:
    """The place and the date that a dateline's head holds; a place that is not one is for the caller to see."""
    head = head.strip(" ,")
    if head.startswith("(") and head.endswith(")"):
        head = head[1:-1].strip(" ,")
    for match in DATE.finditer(head):
        before, after = head[: match.start()].rstrip(" ,:|/"), head[match.end() :].lstrip(" ,:|/")
        if before.endswith("(") and after.startswith(")"):
            before, after = before[:-1].rstrip(), after[1:].lstrip()
        if not after or not before:
            return before or after or None, date_of(match)
    return head or None, None


def strip_wire(draft: Draft) -> Draft:
    """The draft without dateline, source line and release line, and with what they say in its fields.

    What the draft knows already, as from front matter, stays.
    """
    text, published = tidy(draft.text), draft.published
    if prefix := _DATE_PREFIX.match(text):
        text = text[prefix.end() :]
        published = published or _day(prefix["date"])
    lines = text.split("\n")
    lines, source = _take_source(lines)
    lines, released = _take_release_lines(lines)
    dateline = None
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if dateline := read_dateline(line):
            lines[number] = line[dateline.end :]
            break
        if len(line) >= _STORY and line.endswith((".", '."', ".”")):
            break  # the story has begun without one
    place, stated, wire, _ = dateline or Dateline(None, None, None, 0)
    return replace(
        draft,
        text=tidy("\n".join(lines)),
        published=draft.published or stated or published or released,
        source=draft.source or source,
        place=draft.place or place,
        wire=draft.wire or wire,
    )


def tidy(text: str) -> str:
    """The text with single blank lines between paragraphs, single spaces, and no white space around it."""
    if _is_tidy(text):
        return text
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _is_tidy(text: str) -> bool:
    """Whether `tidy` would change nothing; sooner found than done."""
    if text[:1] in _WHITE or text[-1:] in _WHITE or any(blank in text for blank in _UNTIDY):
        return False
    return text.replace("\n", "").isprintable()  # white space that is neither a space nor a line end is not printable


def _day(text: str) -> date | None:
    match = DATE.fullmatch(text)
    return date_of(match) if match else None


def _take_source(lines: list[str]) -> tuple[list[str], str | None]:
    """The lines without the last `SOURCE Name` line, and the name."""
    for number in reversed(range(max(0, len(lines) - _FOOT_LINES), len(lines))):
        match = _SOURCE_LINE.fullmatch(lines[number])
        if match:
            return lines[:number] + lines[number + 1 :], match["source"].rstrip()
    return lines, None


def _take_release_lines(lines: list[str]) -> tuple[list[str], date | None]:
    """The lines without `FOR IMMEDIATE RELEASE` and a date that stands alone at the head, and that date."""
    published = None
    kept: list[str] = []
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if len(line) >= _STORY:
            return kept + lines[number:], published
        match = _RELEASE_LINE.match(line)
        rest = line[match.end() :] if match else line
        if (day := DATE.fullmatch(rest.strip(" .|"))) and date_of(day):
            published = published or date_of(day)
        elif rest or not match:
            kept.append(rest)
    return kept + lines[_HEAD_LINES:], published
