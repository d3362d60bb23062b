"""What the name of a file says of its release: `{source}/{date:DDMonYYYY}*.txt` reads `Kerry/02Feb2005Kerry261.txt`."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from bot.model import OnrecordError
from bot.reading.cleaning import clean, clean_line
from bot.reading.decoding import decode
from bot.reading.draft import Draft
from bot.reading.front_matter import read_front_matter
from bot.reading.ids import valid_id
from bot.reading.title import first_sentence

_EXAMPLE = "{source}/{date:DDMonYYYY}*.txt"
_FIELDS = ("source", "title", "place", "id")
_LONGEST_FIELD = 500
_NO_UTF8 = re.compile("[\udc80-\udcff]")

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_DATE_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<year>[0-9]{2})",
    "Month": rf"(?P<month>{'|'.join(_MONTHS)})",
    "Mon": rf"(?P<month>{'|'.join(month[:3] for month in _MONTHS[:8])}|sept?|oct|nov|dec)",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
}
_PARTS = "|".join(_DATE_PARTS)
_IN_DATE = re.compile(rf"(?P<part>{_PARTS})|(?P<word>(?:(?!{_PARTS})[^\W\d_])+)|(?P<sign>.)", re.DOTALL)
_IN_PATTERN = re.compile(r"\{(?P<field>[^{}]*)\}|(?P<any>\*+)|(?P<one>\?)|(?P<text>[^{}*?]+)")


@dataclass(frozen=True, slots=True)
class NamePattern:
    """How names are read, as a user wrote it in `text`: two are equal when their texts are."""

    text: str
    parts: int = field(compare=False, repr=False)  # of a path, as many as the pattern has
    exact: re.Pattern[str] = field(compare=False, repr=False)
    loose: re.Pattern[str] = field(compare=False, repr=False)  # the same where the date is one that cannot be read


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says of a release."""

    source: str | None = None
    published: date | None = None
    title: str | None = None
    place: str | None = None
    id: str | None = None


class _Piece(NamedTuple):
    pattern: str
    is_run: bool  # of any length, the shortest first


def compile_pattern(text: str) -> NamePattern:
    """The pattern of names that a user wrote.

    `*` is any run of characters but "/", and `?` any one. `{source}`, `{title}`, `{place}` and `{id}` are the shortest
    run that fits, of one character at least. `{date:FORMAT}` has each of day, month and year once: DD and MM of one or
    two digits, Mon (Jan, Sept), Month (January), YYYY, YY (70 to 99 are of the last century). `{date}` is
    `{date:YYYY-MM-DD}`. All else is itself, in whatever case.

    Raises:
        OnrecordError: it is no such pattern.
    """
    path = text.strip().removeprefix("./").removeprefix("/")
    pieces: list[_Piece] = []
    loose: list[_Piece] = []
    names: list[str] = []
    place = 0
    while place < len(path):
        match = _IN_PATTERN.match(path, place)
        if match is None:
            raise _wrong(text, f"has a {path[place]} without its other half")
        name, colon, form = (match["field"] or "").partition(":")
        piece = _piece(match, name, colon, form, text)
        pieces.append(piece)
        loose.append(_Piece("[^/]*?[0-9]", is_run=True) if name == "date" else piece)
        names += [name] if name else []
        place = match.end()
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise _wrong(text, f"has {{{twice}}} twice")
    if not names:
        raise _wrong(text, "says nothing: it has no {source}, {date}, {title}, {place} or {id}")
    if path.endswith("/"):
        raise _wrong(text, "ends with a folder")
    return NamePattern(text, path.count("/") + 1, _joined(pieces), _joined(loose))


def named(pattern: NamePattern, name: str) -> Named | None:
    """What the name of a file inside its root says; None where it does not fit.

    The pattern is held against the last parts of the path, each as a whole. A date that is in no calendar, or that
    cannot be read though it holds a digit, is no date; the rest of the name counts all the same.
    """
    parts = name.rsplit("/", pattern.parts)[-pattern.parts :]
    if len(parts) < pattern.parts:
        return None
    end = "/".join(parts)
    match = pattern.exact.match(end) or pattern.loose.match(end)
    if match is None:
        return None
    said = {key: _line(value) for key, value in match.groupdict().items() if value}
    title, release_id = said.get("title"), said.get("id")
    return Named(
        source=said.get("source") or None,
        published=_date(said),
        title=_in_words(title) if title else None,
        place=said.get("place", "").replace("_", " ").strip() or None,
        id=valid_id(release_id) or None if release_id else None,
    )


def apply(draft: Draft, said: Named, raw: bytes) -> Draft:
    """The draft of a file with what its name says. `raw` are the bytes of the file.

    Front matter is believed before the name. The name is believed before a source or a date that was found in the text,
    since a user gave the pattern for it; a headline, a place and an id in the text are believed before the name.
    """
    stated = _front_matter(raw)
    is_guess = stated.title is None and said.title is not None and draft.title == first_sentence(draft.text)
    return replace(
        draft,
        source=stated.source or said.source or draft.source,
        published=stated.published or said.published or draft.published,
        title=said.title if is_guess or draft.title is None else draft.title,
        place=draft.place or said.place,
        id=draft.id or said.id,
    )


def _piece(match: re.Match[str], name: str, colon: str, form: str, text: str) -> _Piece:
    if match["any"]:
        return _Piece("[^/]*?", is_run=True)
    if match["one"]:
        return _Piece("[^/]", is_run=False)
    if match["text"]:
        return _Piece(re.escape(match["text"]), is_run=False)
    if name == "date":
        return _Piece(_date_pattern(form if colon else "YYYY-MM-DD", text), is_run=False)
    if name not in _FIELDS or colon:
        raise _wrong(text, f"has {match[0]}, which is none of {{source}}, {{date}}, {{title}}, {{place}} and {{id}}")
    return _Piece(f"(?P<{name}>[^/]+?)", is_run=True)


def _date_pattern(form: str, text: str) -> str:
    pieces, parts = [], []
    for match in _IN_DATE.finditer(form):
        if match["word"]:
            raise _wrong(text, f"has {match['word']} in its date, which is none of DD, MM, Mon, Month, YYYY and YY")
        pieces.append(_DATE_PARTS[match["part"]] if match["part"] else re.escape(match["sign"]))
        parts += [match["part"][0:1]] if match["part"] else []
    if sorted(parts) != ["D", "M", "Y"]:
        raise _wrong(text, "has a date without one day, one month and one year")
    return "".join(pieces)


def _joined(pieces: Iterable[_Piece]) -> re.Pattern[str]:
    """The pieces as one expression, whose time grows with the name only, not with a power of it.

    A run ends where what follows it fits first, and is never tried anew, as in a glob (fnmatch has it so, too): the run
    after it can take what is left. So only the last run of all needs to look for the end of the name.
    """
    segments = [""]
    for piece in pieces:
        if piece.is_run:
            segments.append("")
        segments[-1] += piece.pattern
    first, *inner = segments
    last = inner.pop() if inner else ""
    return re.compile(f"{first}{''.join(f'(?>{segment})' for segment in inner)}{last}\\Z", re.IGNORECASE | re.DOTALL)


def _date(said: dict[str, str]) -> date | None:
    if "year" not in said:
        return None
    year, month, day = int(said["year"]), said["month"].lower(), int(said["day"])
    if len(said["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    number = int(month) if month.isdigit() else 1 + [known[:3] for known in _MONTHS].index(month[:3])
    try:
        return date(year, number, day)
    except ValueError:
        return None


def _line(value: str) -> str:
    """What a part of a name says, in characters that can be shown: bytes that are no UTF-8 are those of Windows."""
    if _NO_UTF8.search(value):
        with suppress(UnicodeEncodeError):
            value = value.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return clean_line(value)[:_LONGEST_FIELD].strip()


def _in_words(title: str) -> str:
    """The title with spaces: what stands for them in a name is an underscore, or else a hyphen."""
    if " " in title:
        return title
    return " ".join(re.split("_+" if "_" in title else "-+", title)).strip() or title


def _front_matter(raw: bytes) -> Draft:
    """What the front matter of a file says. Most files have none, and need not be decoded to know."""
    if not raw[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"---"):
        return Draft("")
    return read_front_matter(clean(decode(raw)[0]))[1]


def _wrong(text: str, fault: str) -> OnrecordError:
    return OnrecordError(f"The pattern {clean_line(text)!r} {fault}: write it like {_EXAMPLE}.")
