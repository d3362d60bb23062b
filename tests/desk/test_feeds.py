"""What is known of feeds, and who gets the digest."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from desk_world import NOON

from bot.desk.database import Database
from bot.desk.feeds import Feed, find_feed, keep_feed, take, taken
from bot.desk.subscribers import Subscriber, claim_digest, subscribe, subscribed, unclaim_digest, unsubscribe
from bot.model import OnrecordError

URL = "https://norrvik.example/feed.xml"


def test_a_feed_is_known_by_its_address_with_what_its_server_said_last(database: Database) -> None:
    assert find_feed(database, URL) is None
    keep_feed(database, Feed(URL))
    last = Feed(URL, '"a tag"', "Tue, 10 Mar 2026 12:00:00 GMT", "News of Norrvik", NOON)
    keep_feed(database, last)
    assert find_feed(database, URL) == last
    assert find_feed(database, "https://another.example/") is None


def test_an_entry_is_taken_once_with_the_release_that_it_became_last(database: Database) -> None:
    keep_feed(database, Feed(URL))
    take(database, URL, [("one", "quay"), ("two", None)])
    take(database, URL, [("two", "tunnel")])
    assert taken(database, URL) == {"one": "quay", "two": "tunnel"}
    assert taken(database, "https://another.example/") == {}


def test_an_entry_of_a_feed_that_is_not_followed_cannot_be_taken(database: Database) -> None:
    with pytest.raises(OnrecordError):
        take(database, URL, [("one", None)])


def test_a_chat_gets_the_digest_from_when_it_asks_until_it_does_not_want_it(database: Database) -> None:
    chat = -(2**50)
    before = datetime.now(UTC)
    assert subscribe(database, chat)
    assert not subscribe(database, chat)
    (subscriber,) = subscribed(database)
    assert before <= subscriber.since <= datetime.now(UTC)
    assert subscriber == Subscriber(chat, subscriber.since, None)
    assert claim_digest(database, subscriber, NOON)
    assert subscribed(database) == (Subscriber(chat, subscriber.since, NOON),)
    assert unsubscribe(database, chat)
    assert not unsubscribe(database, chat)
    assert subscribed(database) == ()


@pytest.mark.parametrize("sent_at", [None, NOON - timedelta(days=7)])
def test_a_digest_is_claimed_by_one_of_those_who_would_send_it(database: Database, sent_at: datetime | None) -> None:
    subscribe(database, 1)
    subscribe(database, 2)
    if sent_at is not None:
        assert [claim_digest(database, one, sent_at) for one in subscribed(database)] == [True, True]
    one, other = subscribed(database)
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: claim_digest(database, one, NOON), range(8)))
    assert sorted(claims) == [False] * 7 + [True]
    assert subscribed(database) == (Subscriber(1, one.since, NOON), other)


def test_a_digest_that_was_not_sent_may_be_claimed_again(database: Database) -> None:
    subscribe(database, 1)
    (one,) = subscribed(database)
    assert claim_digest(database, one, NOON)
    unclaim_digest(database, one, NOON)
    assert subscribed(database) == (one,)
    unsubscribe(database, 1)
    assert not claim_digest(database, one, NOON)


def test_those_who_ask_at_once_are_told_of_one_of_them_that_it_is_new(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: subscribe(database, 1), range(8))) == 1
