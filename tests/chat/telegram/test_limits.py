"""A token bucket lets a person ask in bursts, and at a steady pace after that."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.telegram.limits import Buckets, SharedBuckets, Taken
from bot.chat.telegram.shared import Shared


class Clock:
    """A clock that stands still until it is told to go on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_one_each_three_seconds() -> None:
    clock = Clock()
    buckets = Buckets(20, 3.0, clock)
    assert [buckets.take(7).wait for _ in range(20)] == [0] * 20
    assert buckets.take(7) == Taken(3.0, first=True)
    clock.now = 3.0
    assert buckets.take(7) == Taken(0)
    assert buckets.take(7).wait == 3.0


def test_only_the_first_refusal_in_a_row_is_the_first() -> None:
    clock = Clock()
    buckets = Buckets(1, 3.0, clock)
    assert [buckets.take(7).first for _ in range(4)] == [False, True, False, False]
    clock.now = 3.0
    assert [buckets.take(7).first for _ in range(3)] == [False, True, False]


def test_each_person_has_a_bucket() -> None:
    buckets = Buckets(1, 3.0, Clock())
    assert [buckets.take(person).wait for person in (1, 2, 3)] == [0, 0, 0]
    assert buckets.take(1).wait > 0


@given(st.lists(st.floats(0, 10), max_size=50))
def test_nobody_gets_more_than_the_burst_and_the_pace(pauses: list[float]) -> None:
    clock = Clock()
    buckets = Buckets(5, 2.0, clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += buckets.take(1).wait == 0
    assert taken <= 5 + clock.now / 2.0 + 1e-6


def test_on_a_server_the_buckets_of_a_kind_are_those_of_all_processes(shared: Shared) -> None:
    one, other, presses = (SharedBuckets(shared, kind, 2, 30.0) for kind in ("questions", "questions", "presses"))
    assert [one.take(7).wait, other.take(7).wait] == [0, 0]
    refused, again = one.take(7), other.take(7)
    assert (refused.first, again.first) == (True, False)
    assert 0 < again.wait <= refused.wait <= 30
    assert [presses.take(7).wait, other.take(8).wait] == [0, 0]


def test_on_a_server_a_bucket_fills_by_the_servers_clock(shared: Shared) -> None:
    buckets = SharedBuckets(shared, "questions", 2, 3.0)
    for _ in range(3):
        buckets.take(7)
    shared.change("UPDATE buckets SET at = at - 4.5")
    assert buckets.take(7) == Taken(0)
    assert 0 < buckets.take(7).wait < 1.6
    shared.change("UPDATE buckets SET at = at - 3600")
    assert [bool(buckets.take(7).wait) for _ in range(3)] == [False, False, True]
    assert shared.all("SELECT tokens < 1 FROM buckets") == [(True,)]
