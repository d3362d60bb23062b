"""What is known of feeds, and who gets the digest."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk_world import NOON

from bot.desk.database import Database
from bot.desk.feeds import Feed, find_feed, keep_feed, take, taken
from bot.desk.subscribers import Subscriber, digest_sent, subscribe, subscribed, unsubscribe
from bot.model import OnrecordError

URL = "https://norrvik.example/feed.xml"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path)
    yield database
    database.close()


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
    digest_sent(database, chat, NOON)
    assert subscribed(database) == (Subscriber(chat, subscriber.since, NOON),)
    assert unsubscribe(database, chat)
    assert not unsubscribe(database, chat)
    assert subscribed(database) == ()
