"""What people asked, as one page of HTML that needs nothing else: to be looked at, sent and printed."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk import figures
from bot.desk.aside import check_file, file_aside
from bot.desk.log import QuestionLog
from bot.desk.noted import Period
from bot.index.releases import Releases
from bot.model import OnrecordError
from bot.reading.cleaning import clean_line

if TYPE_CHECKING:
    from markupsafe import Markup

DAYS = 28
"""How many days the page is about, unless it is told: four whole weeks."""

MARK = b'<!DOCTYPE html>\n<html lang="en" data-made-by="onrecord report">'
"""How a page begins: what begins so may be written over."""

EXTRA = ("jinja2", "pygal")
_MOST = {"open": 20, "once": 60, "quoted": 10, "judged": 5, "letters": 240}
"""Rows of the lists, and letters of a question: beyond that nobody reads on."""

_WAYS = {"telegram": "Private chats", "group": "Groups", "repl": "The terminal", "ask": "The command line"}
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "ja": "Japanese",
    "pt": "Portuguese", "ru": "Russian", "zh": "Chinese",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Headline:
    """A large number, what it counts, and how it compares with the time before; empty where it cannot be compared."""

    name: str
    value: str
    meaning: str
    change: str = ""


def write_report(
    path: Path, log: QuestionLog, known: Releases, days: int = DAYS, *, now: datetime | None = None
) -> None:
    """Writes the page.

    Args:
        path: the file, which is made; a page that was made before is written over.
        log: what people asked.
        known: the releases that could have answered.
        days: how many days up to now, today among them, the page is about.
        now: the time of the page, where it is not that of the clock.

    Raises:
        OnrecordError: the extra `office` is not there, the log cannot be read, the file is something else, or it
            cannot be written.
    """
    from importlib.util import find_spec

    if not all(map(find_spec, EXTRA)):
        raise OnrecordError("A report needs a few more libraries: pip install 'onrecord[office]'")
    check_file(path, MARK)
    html = page(log, known, days, now or datetime.now(UTC))
    with file_aside(path) as file:
        file.write(html)


def page(log: QuestionLog, known: Releases, days: int, now: datetime) -> str:
    """The page: HTML with its style sheet and its charts inside, which asks for nothing from anywhere.

    Texts from outside are escaped, and what is in them that could be obeyed is left out.

    Raises:
        OnrecordError: the log cannot be read.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    period = figures.last_days(log, days, now)
    before = figures.time_before(log, period)
    counts = figures.counts(period)
    quoted = figures.most_quoted(period)
    groups = figures.open_questions(period)
    judged = figures.judged(period)
    style = files("bot.desk").joinpath("data/report.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("bot.desk", "data"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "line": clean_line,
        "day": day_words,
        "until": _until,
        "count": _number,
        "times": _times,
        "people": _people,
    }
    totals = figures.totals(period)
    return environment.get_template("report.html").render(
        totals=totals,
        days=days,
        first=period.start.date(),
        last=period.end.date(),
        headlines=headlines(totals, before and figures.totals(before), days),
        often=[one for one in groups if one.times > 1],
        once=[one for one in groups if one.times == 1],
        counts=counts,
        charts=_charts(period, counts) if period.questions else (),
        quoted=quoted,
        unquoted=figures.unquoted(quoted, known),
        worst=[one for one in judged if one.down],
        best=[one for one in reversed(judged) if one.up > one.down],
        ways=[(_WAYS.get(name, name), count) for name, count in totals.by_way],
        languages=[(_LANGUAGES.get(name, name), count) for name, count in totals.by_language],
        most=_MOST,
        retention=log.retention_days,
        ever=log.began(),
        style=Markup(style),  # noqa: S704 - our own
        style_hash=b64encode(sha256(f"\n{style}\n".encode()).digest()).decode(),
        version=version("onrecord"),
        now=now.astimezone(UTC),
    )


def headlines(totals: figures.Totals, before: figures.Totals | None, days: int) -> tuple[Headline, ...]:
    """The large numbers at the head of the page."""
    since = f"in the {days} days before" if days > 1 else "on the day before"
    answered, good = totals.answered_share, totals.up_share
    was_answered, was_good = (before.answered_share, before.up_share) if before else (None, None)
    return (
        Headline(
            "Questions",
            _number(totals.questions),
            "were put to the releases",
            _growth(totals.questions, before.questions if before else None, since),
        ),
        Headline(
            "People",
            _number(totals.people),
            "asked them",
            _growth(totals.people, before.people if before else None, since),
        ),
        Headline(
            "Answered", _percent(answered), "with a sentence of a release", _points(answered, was_answered, since)
        ),
        Headline(
            "Found right",
            _percent(good),
            f"of {_number(totals.up + totals.down)} votes on answers" if good is not None else "nobody voted yet",
            _points(good, was_good, since),
        ),
    )


def day_words(day: date | datetime) -> str:
    """A day in words, such as `22 April 2026`."""
    return f"{day.day} {day:%B} {day.year}"


def _charts(period: Period, counts: Sequence[figures.Count]) -> "tuple[tuple[str, Markup], ...]":
    """The drawing for a screen and for a phone, and the class of each."""
    from markupsafe import Markup

    from bot.desk.drawing import NARROW, WIDE, chart_over_time

    title = f"Questions {'a day' if counts[0].days == 1 else 'a week'} from {day_words(period.start)} on"
    sizes = (("wide", WIDE), ("narrow", NARROW))
    return tuple((name, Markup(chart_over_time(counts, title, size))) for name, size in sizes)  # noqa: S704 - of numbers


def _until(first: date, last: date, known_year: int | None = None) -> str:
    """The days from one to another in words, each with its year where that is not known."""
    years = [f" {day.year}" if day.year != known_year else "" for day in (first, last)]
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return f"{last.day} {last:%B}{years[1]}"
    if known_year is None and first.year == last.year:
        years[0] = ""
    return f"{first.day} {first:%B}{years[0]} to {last.day} {last:%B}{years[1]}"


def _number(count: int) -> str:
    return f"{count:,}"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count:,} times"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _growth(count: int, before: int | None, since: str) -> str:
    if not before:
        return ""
    change = round(100 * (count - before) / before)
    if change == 0:
        return f"as many as {since}"
    return f"{abs(change):,}% {'more' if change > 0 else 'fewer'} than {since}"


def _points(share: float | None, before: float | None, since: str) -> str:
    if share is None or before is None:
        return ""
    change = round(100 * share) - round(100 * before)
    if change == 0:
        return f"the same as {since}"
    points = "point" if abs(change) == 1 else "points"
    return f"{abs(change)} {points} {'up' if change > 0 else 'down'} from {_percent(before)} {since}"
