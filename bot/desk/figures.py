"""What the log tells: how much was asked, what was answered, which releases were quoted, how people voted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from bot.desk.grouping import Group, grouped
from bot.desk.log import QuestionLog
from bot.desk.noted import Period
from bot.index.releases import Releases

MOST_DAYS = 90
"""Of a longer period the weeks are counted, not the days."""

UNQUOTED_TITLES = 12
"""Titles of releases that were never quoted: beyond that nobody reads on."""

MANY_RELEASES = 2_000
"""Of more releases it is only counted which were not quoted: in an archive that is nearly all of them."""


@dataclass(frozen=True, slots=True)
class Totals:
    """A period in a few figures. `by_way` and `by_language` hold names and counts, the largest first."""

    questions: int
    people: int
    answered: int
    up: int
    down: int
    by_way: tuple[tuple[str, int], ...]
    by_language: tuple[tuple[str, int], ...]

    @property
    def answered_share(self) -> float | None:
        """The share of the questions that were answered, None where none was asked."""
        return self.answered / self.questions if self.questions else None

    @property
    def up_share(self) -> float | None:
        """The share of the votes that say that an answer was one, None where nobody voted."""
        return self.up / (self.up + self.down) if self.up + self.down else None


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions were put in the `days` days from `start` (UTC)."""

    start: date
    days: int
    answered: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A release, how many questions it was quoted first for, how many people asked them, and the votes on it."""

    release: str
    title: str
    times: int
    people: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence that was quoted for a question, and how people voted on that; `title` is that of its release."""

    question: str
    release: str
    title: str
    quote: str
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Unquoted:
    """How many releases were never quoted, and the titles of the first of them; none where they are too many."""

    count: int
    titles: tuple[str, ...]


def last_days(log: QuestionLog, days: int, now: datetime) -> Period:
    """The last days up to now, today among them; they are those of UTC.

    Raises:
        OnrecordError: the log cannot be read.
    """
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return log.period(midnight - timedelta(days=days - 1), now)


def time_before(log: QuestionLog, period: Period) -> Period | None:
    """The time of the same length before a period; None where the log does not reach back to all of it.

    Raises:
        OnrecordError: the log cannot be read.
    """
    start = period.start - (period.end - period.start)
    began = log.began()
    return log.period(start, period.start) if began is not None and began.date() <= start.date() else None


def totals(period: Period) -> Totals:
    """The few figures of a period."""
    asked = period.questions
    return Totals(
        questions=len(asked),
        people=len({one.person for one in asked}),
        answered=sum(one.answered for one in asked),
        up=sum(vote.up for vote in period.votes),
        down=sum(not vote.up for vote in period.votes),
        by_way=_largest(one.way for one in asked),
        by_language=_largest(one.language for one in asked),
    )


def counts(period: Period) -> tuple[Count, ...]:
    """How many questions were put on each day, or in each week from Monday on; also where there were none."""
    first, last = period.start.date(), (period.end - timedelta(microseconds=1)).date()
    days = 1 if (last - first).days < MOST_DAYS else 7
    if days == 7:
        first -= timedelta(days=first.weekday())
    put = Counter(((one.asked_at.date() - first).days // days, one.answered) for one in period.questions)
    return tuple(
        Count(first + timedelta(days=days * place), days, put[place, True], put[place, False])
        for place in range((last - first).days // days + 1)
    )


def most_quoted(period: Period) -> tuple[Quoted, ...]:
    """The releases that were quoted, the most quoted first; a title is the last that a release had."""
    people: defaultdict[str, list[str]] = defaultdict(list)
    titles: dict[str, str] = {}
    for one in period.questions:
        if one.release is not None:
            people[one.release].append(one.person)
            titles[one.release] = one.title or one.release
    votes = Counter((vote.release, vote.up) for vote in period.votes)
    quoted = (
        Quoted(release, titles[release], len(asked), len({*asked}), votes[release, True], votes[release, False])
        for release, asked in people.items()
    )
    return tuple(sorted(quoted, key=lambda one: (-one.times, -one.people, one.title, one.release)))


def judged(period: Period) -> tuple[Judged, ...]:
    """The answers that people voted on, the worst first: those with the most votes against them, all in all."""
    asked = {one.id: one for one in period.questions}
    titles = {one.release: one.title for one in period.questions}
    sums: defaultdict[tuple[str, str, str], Counter[bool]] = defaultdict(Counter)
    wordings: dict[str, str] = {}
    for vote in period.votes:
        if vote.question in asked:  # which may be gone since the questions were read
            question = asked[vote.question].question
            wordings.setdefault(question.casefold(), question)
            sums[question.casefold(), vote.release, vote.quote][vote.up] += 1
    answers = (
        Judged(wordings[question], release, titles.get(release) or release, quote, counted[True], counted[False])
        for (question, release, quote), counted in sums.items()
    )
    return tuple(sorted(answers, key=lambda one: (one.up - one.down, -one.down, one.question, one.quote)))


def open_questions(period: Period) -> tuple[Group, ...]:
    """The questions that no release answers, those that ask the same together, those of most people first."""
    return grouped(one for one in period.questions if not one.answered)


def _largest(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda each: (-each[1], each[0])))


def unquoted(quoted: Sequence[Quoted], known: Releases) -> Unquoted:
    """The releases that were never quoted: how many there are, and the titles of the first of them."""
    cited = {one.release for one in quoted}
    rest = (one.title for one in known if one.id not in cited)
    titles = tuple(islice(rest, UNQUOTED_TITLES)) if len(known) <= MANY_RELEASES else ()
    return Unquoted(len(known) - sum(known.find(release) is not None for release in cited), titles)
