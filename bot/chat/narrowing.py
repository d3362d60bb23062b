"""Operators that narrow a question, anywhere in the line: `from:grassley`, `since:2006-03`, `until:2007`, `in:2006`.

What they say is a `Scope`; the words around them are the question. The functions are pure but for the language spoken.
"""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from bot.chat.language import N_, gettext
from bot.chat.wording import EXAMPLES, date_words, printable
from bot.index.scope import Scope, is_from
from bot.model import OnrecordError

EXAMPLE = "{question} from:acme since:2006-03"
LONGEST_NAME = 60  # characters of a source in a sentence of ours

_QUOTES = '"“”„‟«»＂'  # phones type the curly ones
# Before an operator stands nothing, a space or an opening sign, which leaves addresses and times of day alone. Chinese is
# written without spaces and with colons of its own.
_OPERATOR = re.compile(
    rf"(?<![^\s(（，。？！、；：])(?P<name>(?ai:from|since|until|on|in))[:：](?!/)"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]+)[{_QUOTES}]|(?P<bare>[^\s{_QUOTES}]\S*))"
)
_TAIL = f"?!.,;:)]…？！。，、；：）{_QUOTES}"  # what ends a sentence and no value
_SPACE_BEFORE_TAIL = re.compile(r"\s+(?=[?!.,;:…？！。])")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)

# By whether there is a source, a first day and a last day.
_ASKED = {
    (True, False, False): N_("Only releases from {source} were asked."),
    (False, True, False): N_("Only releases since {since} were asked."),
    (False, False, True): N_("Only releases until {until} were asked."),
    (False, True, True): N_("Only releases from {since} to {until} were asked."),
    (True, True, False): N_("Only releases from {source} since {since} were asked."),
    (True, False, True): N_("Only releases from {source} until {until} were asked."),
    (True, True, True): N_("Only releases from {source}, from {since} to {until}, were asked."),
}


class NarrowingError(OnrecordError):
    """A question cannot be narrowed as it was typed."""


class Narrowed(NamedTuple):
    """A typed line taken apart: the question, the scope that its operators give, and these as they were typed."""

    question: str
    scope: Scope | None = None
    operators: str = ""


def narrowed(line: str) -> Narrowed:
    """The question without its operators, and what these say; a line with none of them is the question as it is.

    Raises:
        NarrowingError: a date cannot be read, no release can be in the scope, or there is no question.
    """
    scope: Scope | None = None
    words: list[str] = []
    operators: list[str] = []
    end = 0
    for found in _OPERATOR.finditer(line):
        value = printable(found["quoted"] or found["bare"].rstrip(_TAIL)).strip()
        if not any(letter.isalnum() for letter in value):
            continue
        name = found["name"].lower()
        scope = both(scope, Scope(source=value) if name == "from" else _days(name, f"{name}:", value))
        last = found.end() if found["quoted"] else found.start("bare") + len(found["bare"].rstrip(_TAIL))
        operators.append(line[found.start() : last])
        words.append(line[end : found.start()])
        end = last
    if scope is None:
        return Narrowed(line)
    question = _SPACE_BEFORE_TAIL.sub("", " ".join(" ".join([*words, line[end:]]).split()))
    if not any(letter.isalnum() for letter in question):
        told = gettext("Put a question beside it, for example: {example}")
        raise NarrowingError(told.format(example=EXAMPLE.format(question=EXAMPLES[0][0])))
    return Narrowed(question, scope, " ".join(operators))


def scope_of(source: str | None, since: str | None, until: str | None) -> Scope | None:
    """The scope that options give, each None where it is not given; None where none is.

    Raises:
        NarrowingError: a date cannot be read, or the last day is before the first.
    """
    scope = Scope(source=source.strip()) if source and source.strip() else None
    for name, value in (("since", since), ("until", until)):
        if value is not None:
            scope = both(scope, _days(name, f"--{name}", value))
    return scope


def both(one: Scope | None, other: Scope | None) -> Scope | None:
    """What is in both scopes.

    Raises:
        NarrowingError: nothing can be.
    """
    if one is None or other is None:
        return one or other
    since = max(filter(None, (one.since, other.since)), default=None)
    until = min(filter(None, (one.until, other.until)), default=None)
    if since and until and since > until:
        told = gettext("No day is both since {since} and until {until}: change one of the two.")
        raise NarrowingError(told.format(since=date_words(since), until=date_words(until)))
    releases = [releases for releases in (one.releases, other.releases) if releases is not None]
    return Scope(
        releases=frozenset.intersection(*releases) if releases else None,
        source=_narrower(one.source, other.source),
        since=since,
        until=until,
    )


def asked_sentence(scope: Scope | None) -> str:
    """Which releases were asked, by source and days, such as `Only releases from Grassley since 1 January 2006 were
    asked.`; empty where all were."""
    if scope is None or (scope.source is None and scope.since is None and scope.until is None):
        return ""
    told = gettext(_ASKED[scope.source is not None, scope.since is not None, scope.until is not None])
    return told.format(
        source=short_name(scope.source or ""),
        since=date_words(scope.since) if scope.since else "",
        until=date_words(scope.until) if scope.until else "",
    )


def short_name(source: str) -> str:
    """The name of a source as it may stand in a sentence."""
    name = printable(source).strip()
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _days(name: str, shown: str, value: str) -> Scope:
    """The scope from or until a year, a month or a day, or in it; `shown` is how the operator is written.

    Raises:
        NarrowingError: it is none of these.
    """
    try:
        first, last = _first_and_last(value)
    except ValueError:
        told = gettext("{date} is no date: write a year, a month or a day after {operator}, such as {examples}.")
        examples = "2006, 2006-03, 2006-03-14"
        raise NarrowingError(told.format(date=short_name(value) or "“”", operator=shown, examples=examples)) from None
    return Scope(since=None if name == "until" else first, until=None if name == "since" else last)


def _first_and_last(value: str) -> tuple[date, date]:
    """The first and the last day of `2006`, `2006-03` or `2006-03-14`; ValueError where it is none of them."""
    found = _DATE.fullmatch(value.strip())
    if found is None:
        raise ValueError(value)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    first = date(year, month or 1, day or 1)
    if day:
        return first, first
    last_month = month or 12
    return first, date(year, last_month, monthrange(year, last_month)[1])


def _narrower(one: str | None, other: str | None) -> str | None:
    """Of two parts of a name the one that holds the other."""
    if one is None or other is None or is_from(one, other):
        return other if one is None else one
    if is_from(other, one):
        return other
    told = gettext("Only one source can be asked at a time: {one} or {other}.")
    raise NarrowingError(told.format(one=short_name(one), other=short_name(other)))
