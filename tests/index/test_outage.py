"""While a cluster keeps calls waiting, one a second finds out whether it is there again."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.index.outage import QUIET, Outage


class Clock:
    """Seconds that pass when the test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outage(clock: Clock) -> Outage:
    return Outage(clock)


def in_another_thread(outage: Outage) -> bool:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(outage.lets).result()


def test_all_calls_are_sent_while_they_are_answered(outage: Outage) -> None:
    assert outage.lets() and in_another_thread(outage)
    outage.ended(True, 9.0)
    assert outage.lets() and in_another_thread(outage)


def test_after_one_that_waited_in_vain_none_is_sent_for_a_while(outage: Outage, clock: Clock) -> None:
    outage.ended(False, 3.0)
    assert not outage.lets()
    clock.now += QUIET / 2
    assert not outage.lets()


def test_one_that_was_refused_at_once_may_be_tried_again_at_once(outage: Outage) -> None:
    outage.ended(False, 0.01)
    assert outage.lets() and in_another_thread(outage)


def test_then_one_finds_out_for_all_others(outage: Outage, clock: Clock) -> None:
    outage.ended(False, 3.0)
    clock.now += QUIET
    assert outage.lets()
    assert outage.lets(), "what one call does may take several"
    assert not in_another_thread(outage)
    outage.ended(True, 9.0)
    assert in_another_thread(outage)


def test_where_that_one_is_not_answered_either_the_next_waits_again(outage: Outage, clock: Clock) -> None:
    outage.ended(False, 3.0)
    clock.now += QUIET
    assert outage.lets()
    clock.now += 5
    outage.ended(False, 3.0)
    assert not outage.lets()
    clock.now += QUIET
    assert in_another_thread(outage)
