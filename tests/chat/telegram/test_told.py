"""The admins are told of a thing once, by whichever process comes first."""

import asyncio

import pytest

from bot.chat.telegram.outage import Outage
from bot.chat.telegram.shared import Shared
from bot.chat.telegram.told import SharedTold, Told, ToldInMemory


class Clock:
    """A clock that stands still until it is told to go on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["memory", "server"])
def told(request: pytest.FixtureRequest) -> Told:
    return ToldInMemory() if request.param == "memory" else SharedTold(request.getfixturevalue("shared"))


def test_only_the_first_in_a_while_says_it(told: Told) -> None:
    assert [told.first("error", 60.0), told.first("error", 60.0), told.first("another", 60.0)] == [True, False, True]
    assert told.first("error", 0.0)


def test_what_begins_ends_once_when_nobody_has_heard_of_it_for_a_while(told: Told) -> None:
    assert not told.ends("away", 0.0)
    assert [told.begins("away"), told.begins("away")] == [True, False]
    assert not told.ends("away", 60.0)
    assert [told.ends("away", 0.0), told.ends("away", 0.0)] == [True, False]
    assert told.begins("away")


def test_of_an_outage_the_admins_hear_when_it_begins_and_when_it_is_over() -> None:
    clock, heard = Clock(), list[str]()

    async def tell(said: str) -> None:
        heard.append(said)

    async def happens() -> None:
        outage = Outage(ToldInMemory(clock), tell)
        await outage.passed()
        assert not heard
        await outage.seen()
        clock.now = 4.0
        await outage.seen()
        await outage.passed()  # one that was asked before
        clock.now = 60.0
        await outage.passed()
        await outage.passed()

    asyncio.run(happens())
    assert [said.startswith("The releases cannot be asked") for said in heard] == [True, False]


def test_the_process_that_tells_that_it_is_over_need_not_be_the_one_that_told_that_it_began(shared: Shared) -> None:
    one, other = SharedTold(shared), SharedTold(shared)
    assert one.begins("away")
    assert not other.begins("away")
    assert other.ends("away", 0.0)
    assert not one.ends("away", 0.0)
