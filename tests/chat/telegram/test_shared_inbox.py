"""The inbox of several processes: an update is claimed once, a line is served by one, and nothing is left lying."""

import asyncio
import random
import time
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from bot.chat.telegram.database import NotWrittenError, Statements
from bot.chat.telegram.inbox import Arrived, as_arrived
from bot.chat.telegram.lines import SharedLines
from bot.chat.telegram.ownership import Ownership
from bot.chat.telegram.shared import Shared, open_shared
from bot.chat.telegram.shared_inbox import PUT, SharedInbox
from bot.model import OnrecordError


def message(update_id: int, chat: int = 7, text: str = "who?") -> dict[str, Any]:
    return {"update_id": update_id, "message": {"chat": {"id": chat}, "from": {"id": 1}, "text": text}}


@pytest.fixture
def one(shared: Shared) -> SharedInbox:
    return SharedInbox(shared)


@pytest.fixture
def other(shared: Shared) -> SharedInbox:
    return SharedInbox(shared)


def served(inbox: SharedInbox, line: str) -> list[int]:
    """The updates of a line as they come up, until it is given back."""
    ids = []
    while arrived := inbox.first(line):
        ids.append(arrived.update_id)
        inbox.done([arrived.update_id])
    return ids


def ids(updates: list[Arrived]) -> list[int]:
    return [arrived.update_id for arrived in updates]


def test_an_update_is_new_once_whoever_gets_it(one: SharedInbox, other: SharedInbox) -> None:
    assert ids(one.put([message(1), {"odd": True}, message(1)])) == [1]
    assert not other.put([message(1)])
    assert served(one, "chat 7") == [1]
    assert not other.put([message(1)])
    assert ids(other.put([message(2)])) == [2]


def test_a_line_is_served_by_who_had_its_first_update_in_the_order_of_ids(one: SharedInbox, other: SharedInbox) -> None:
    assert ids(one.put([message(5)])) == [5]
    assert not other.put([message(3), message(9)])
    assert ids(other.put([message(4, chat=8)])) == [4]
    assert other.first("chat 7") is None
    assert served(one, "chat 7") == [3, 5, 9]
    assert ids(other.put([message(10)])) == [10]


def test_what_arrived_comes_back_as_it_was(one: SharedInbox) -> None:
    (put,) = one.put([message(1, text="wer? \u202e😀 \ud800\0")])
    assert one.first("chat 7") == put


def test_of_a_done_update_only_the_id_is_kept(one: SharedInbox, shared: Shared) -> None:
    one.put([message(1)])
    one.done([1])
    assert shared.all("SELECT update_id, payload FROM inbox") == [(1, None)]


def test_lines_that_are_given_back_are_taken_up_by_another(
    one: SharedInbox, other: SharedInbox, shared: Shared
) -> None:
    one.put([message(1), message(2, chat=8)])
    one.give_back()
    assert one.first("chat 7") is None
    assert set(shared.transaction(lambda asked: other.sweep(asked, None))) == {"chat 7", "chat 8"}
    assert served(other, "chat 7") == [1]


def test_lines_are_taken_only_from_a_process_that_is_gone(one: SharedInbox, other: SharedInbox, shared: Shared) -> None:
    alive = Ownership(shared, one, lambda _: None)
    alive.begin()
    try:
        assert one.put([message(1)])
        assert shared.transaction(lambda asked: other.sweep(asked, 0.0)) == []
    finally:
        alive.close()
    assert shared.transaction(lambda asked: other.sweep(asked, None)) == []
    assert shared.transaction(lambda asked: other.sweep(asked, 3600.0)) == []
    until = time.monotonic() + 10  # the server ends a session a moment after its client
    while not (lines := shared.transaction(lambda asked: other.sweep(asked, 0.0))) and time.monotonic() < until:
        time.sleep(0.01)
    assert lines == ["chat 7"]
    assert one.first("chat 7") is None
    assert served(other, "chat 7") == [1]


def test_a_line_into_which_another_is_just_putting_more_is_not_given_back(
    one: SharedInbox, other: SharedInbox, shared: Shared
) -> None:
    one.put([message(1)])
    one.done([1])
    with ThreadPoolExecutor(1) as finishing:

        def put(asked: Statements) -> Future[Arrived | None]:
            arrived = as_arrived(message(2))
            values = (arrived.update_id, arrived.line, arrived.payload, other.owner)
            assert asked.one(PUT, values) == (one.owner,)
            first = finishing.submit(one.first, "chat 7")
            with pytest.raises(TimeoutError):
                first.result(0.2)
            return first

        first = shared.transaction(put).result()
    assert first is not None
    assert first.update_id == 2


def test_whoever_finishes_a_line_while_another_puts_more_into_it_leaves_nothing_lying(
    one: SharedInbox, other: SharedInbox
) -> None:
    handled = defaultdict[str, list[int]](list)
    serving = set[str]()

    async def handle(arrived: Arrived, inbox: SharedInbox) -> None:
        assert arrived.line not in serving, "one after the other"
        serving.add(arrived.line)
        await asyncio.sleep(0)
        handled[arrived.line].append(arrived.update_id)
        await asyncio.to_thread(inbox.done, [arrived.update_id])
        serving.discard(arrived.line)

    async def live() -> None:
        inboxes = (one, other)
        lines = [
            SharedLines(lambda arrived, inbox=inbox: handle(arrived, inbox), inbox.first, inbox.give_back)
            for inbox in inboxes
        ]
        chance = random.Random(7)

        async def bring(update: dict[str, Any]) -> None:
            for number in chance.sample(range(2), 2):
                lines[number].add(await asyncio.to_thread(inboxes[number].put, [update]))

        updates = [message(number, chat=number % 3) for number in range(1, 151)]
        for few in range(0, len(updates), 3):
            await asyncio.gather(*map(bring, updates[few : few + 3]))
        while any(map(len, lines)):
            await asyncio.sleep(0.01)

    asyncio.run(live())
    assert sorted(number for numbers in handled.values() for number in numbers) == [*range(1, 151)]
    assert all(numbers == sorted(numbers) for numbers in handled.values())


def test_an_update_that_must_wait_for_the_database_is_handled_again(one: SharedInbox) -> None:
    tried = list[int]()

    async def handle(arrived: Arrived) -> None:
        tried.append(arrived.update_id)
        if len(tried) == 1:
            raise NotWrittenError("away")
        one.done([arrived.update_id])

    async def live() -> None:
        lines = SharedLines(handle, one.first, one.give_back)
        lines.add(one.put([message(1), message(2)]))
        while len(lines):
            await asyncio.sleep(0.01)

    asyncio.run(live())
    assert tried == [1, 1, 2]


def test_processes_that_start_at_once_make_the_tables_once_and_each_bot_has_its_own(database_url: str) -> None:
    with ThreadPoolExecutor(4) as starting:
        opened = list(starting.map(lambda number: open_shared(database_url, str(number // 3)), range(6)))
    first, *_, last = map(SharedInbox, opened)
    assert first.put([message(1)])
    assert last.put([message(1)])
    for database in opened:
        database.close()


def test_tables_of_a_newer_program_are_left_alone(shared: Shared, database_url: str) -> None:
    shared.change("UPDATE version SET number = 1000")
    with pytest.raises(OnrecordError, match="newer Onrecord"):
        open_shared(database_url, "1")
