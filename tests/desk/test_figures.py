"""The figures are right for every log, also for an empty one."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from desk_world import ANNA, BERT, NOON, QUOTE, answered, row, unanswered
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.figures import (
    MANY_RELEASES,
    Judged,
    Quoted,
    Totals,
    Unquoted,
    counts,
    judged,
    last_days,
    most_quoted,
    open_questions,
    time_before,
    totals,
    unquoted,
)
from bot.desk.log import QuestionLog, open_log
from bot.desk.noted import Period, Vote
from bot.index.releases import ReleasesInMemory
from bot.model import Release

DAY = timedelta(days=1)


@pytest.fixture
def log(url: str | None, tmp_path: Path) -> Iterator[QuestionLog]:
    log = open_log(tmp_path, 90_000, url)
    yield log
    log.close()


def vote(question: int, up: bool, quote: str = QUOTE, person: str = ANNA) -> Vote:
    return Vote(question, person, up, "quay", quote, NOON)


def test_a_period_in_a_few_figures() -> None:
    asked = [
        row(1, "Who?", way="group", answered=True),
        row(2, "When?", language="es"),
        row(3, "Where?", BERT, way="group"),
        row(4, "Why?", BERT, answered=True),
    ]
    figures = totals(Period(NOON, NOON + DAY, asked, [vote(1, True), vote(4, True), vote(4, False, person=BERT)]))
    assert figures == Totals(4, 2, 2, 2, 1, (("group", 2), ("telegram", 2)), (("en", 3), ("es", 1)))
    assert figures.answered_share == 0.5
    assert figures.up_share == pytest.approx(2 / 3)


def test_of_nothing_there_are_no_shares() -> None:
    nothing = Period(NOON, NOON + DAY, [], [])
    assert totals(nothing) == Totals(0, 0, 0, 0, 0, (), ())
    assert (totals(nothing).answered_share, totals(nothing).up_share) == (None, None)
    assert (most_quoted(nothing), judged(nothing), open_questions(nothing)) == ((), (), ())


def test_days_without_a_question_count_too() -> None:
    asked = [row(0, "Who?"), row(1, "Who?", answered=True), row(2 * 24 * 60, "Who?")]
    counted = counts(Period(NOON, NOON + 3 * DAY, asked, []))
    assert [(one.start.day, one.answered, one.unanswered) for one in counted] == [
        (10, 1, 1),
        (11, 0, 0),
        (12, 0, 1),
        (13, 0, 0),
    ]


def test_a_period_that_ends_at_midnight_has_nothing_of_the_next_day() -> None:
    midnight = NOON - timedelta(hours=12)
    assert [one.start.day for one in counts(Period(midnight, midnight + DAY, [], []))] == [10]


def test_of_a_long_period_the_weeks_are_counted_from_monday_on() -> None:
    counted = counts(Period(NOON, NOON + 100 * DAY, [row(6 * 24 * 60, "Next Monday?")], []))
    assert {one.days for one in counted} == {7}
    assert [one.unanswered for one in counted[:3]] == [0, 1, 0]
    assert counted[0].start == date(2026, 3, 9)
    assert counted[-1].start <= (NOON + 100 * DAY).date() < counted[-1].start + timedelta(days=7)


@given(st.integers(1, 400), st.lists(st.tuples(st.integers(0, 10**9), st.booleans())))
def test_every_question_is_counted_once(days: int, minutes: list[tuple[int, bool]]) -> None:
    asked = [row(minute % (days * 24 * 60), "Who?", answered=good) for minute, good in minutes]
    counted = counts(Period(NOON, NOON + days * DAY, asked, []))
    assert sum(one.answered for one in counted) == sum(good for _, good in minutes)
    assert sum(one.unanswered for one in counted) == sum(not good for _, good in minutes)
    assert all(after.start - one.start == timedelta(days=one.days) for one, after in pairwise(counted))


def test_the_releases_most_quoted_come_first_with_their_last_titles() -> None:
    asked = [
        row(1, "Who?", answered=True, release="tunnel", title="The tunnel"),
        row(2, "Who?", title="A quay", answered=True, release="quay"),
        row(3, "When?", title="A third quay", answered=True, release="quay"),
        row(4, "Are dogs allowed?"),
    ]
    period = Period(NOON, NOON + DAY, asked, [vote(2, True), vote(3, False)])
    quoted = most_quoted(period)
    assert quoted == (Quoted("quay", "A third quay", 2, 1, 1, 1), Quoted("tunnel", "The tunnel", 1, 1, 0, 0))
    known = ReleasesInMemory([Release("quay", "x", "A third quay"), Release("art", "x", "Art on the silo")])
    assert unquoted(quoted, known) == Unquoted(1, ("Art on the silo",))


def test_of_many_releases_it_is_only_counted_which_were_not_quoted() -> None:
    known = ReleasesInMemory(Release(f"r{number}", "x", "A title") for number in range(MANY_RELEASES + 1))
    assert unquoted([Quoted("r7", "A title", 1, 1, 0, 0)], known) == Unquoted(MANY_RELEASES, ())


def test_votes_on_the_same_answer_to_the_same_question_are_counted_together() -> None:
    asked = [row(1, "Who chairs?", title="A quay", release="quay"), row(2, "who chairs?"), row(3, "When?")]
    cast = [vote(1, True), vote(2, False), vote(2, False, person=BERT), vote(3, True, "On Tuesday."), vote(9, True)]
    assert judged(Period(NOON, NOON + DAY, asked, cast)) == (
        Judged("Who chairs?", "quay", "A quay", QUOTE, 1, 2),
        Judged("When?", "quay", "A quay", "On Tuesday.", 1, 0),
    )


def test_only_what_was_not_answered_is_open(log: QuestionLog) -> None:
    for noted in (unanswered(), unanswered("Dogs allowed?", BERT), answered()):
        log.note(noted)
    (group,) = open_questions(last_days(log, 1, noted.asked_at + timedelta(microseconds=1)))
    assert (group.times, group.people, {text for text, _ in group.variants}) == (
        2,
        2,
        {"Are dogs allowed?", "Dogs allowed?"},
    )


def test_the_last_days_begin_at_midnight_and_today_is_one_of_them(log: QuestionLog) -> None:
    for days in (0, 6, 7):
        log.note(unanswered(f"{days} days ago?", asked_at=NOON - days * DAY))
    period = last_days(log, 7, NOON + timedelta(hours=1))
    assert [one.question for one in period.questions] == ["6 days ago?", "0 days ago?"]
    assert (period.start, period.end) == (NOON - timedelta(days=6, hours=12), NOON + timedelta(hours=1))


def test_the_time_before_is_as_long_and_the_log_has_all_of_it(log: QuestionLog) -> None:
    period = last_days(log, 7, NOON)
    assert time_before(log, period) is None
    log.note(unanswered("In its middle?", asked_at=NOON - 9 * DAY))
    assert time_before(log, period) is None
    log.note(unanswered("Before it?", asked_at=NOON - 20 * DAY))
    before = time_before(log, period)
    assert before is not None
    assert [one.question for one in before.questions] == ["In its middle?"]
    assert (before.end - before.start, before.end) == (period.end - period.start, period.start)
