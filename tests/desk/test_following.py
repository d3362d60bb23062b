"""A feed that is followed: each entry once, whatever happens in between."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from web_server import web_server

from bot.desk.database import open_database
from bot.desk.following import Added, Failed, Followed, follow
from bot.desk.holdings import open_library
from bot.model import OnrecordError
from bot.reading.files import read_corpus

ITEM = "<item><title>{title}</title><link>{link}</link><guid>{guid}</guid><pubDate>{day}</pubDate>{more}</item>"
PAGE = (
    "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    "<p>{title}: so it was said on Monday, and everybody in the harbour was there to see it.</p>"
    "<p>It cost 12 million euros, which the town and the county paid together, said the mayor of it.</p>"
    "</article></body></html>"
)


class Press:
    """A press office's site on loopback: its feed, and the pages that the feed leads to."""

    def __init__(self, web: Any) -> None:
        self.web, self.items = web, ""
        self.feed = web.url("/feed.xml")

    def item(self, name: str, title: str, *, page: bool = True, more: str = "") -> None:
        if page:
            self.web.page(f"/{name}", PAGE.format(title=title).encode(), content_type="text/html")
        self.items += ITEM.format(
            title=title, link=self.web.url(f"/{name}"), guid=name, day="Mon, 02 Mar 2026 10:00:00 +0100", more=more
        )

    def publish(self, **headers: str) -> None:
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Port</title>{self.items}</channel></rss>'
        self.web.page("/feed.xml", body.encode(), content_type="application/rss+xml", headers=headers)


@pytest.fixture
def press() -> Any:
    with web_server() as web:
        yield Press(web)


def followed(address: str, tmp_path: Path) -> tuple[Followed, list[Added | Failed]]:
    told: list[Added | Failed] = []
    database = open_database(tmp_path / "data")
    try:
        came = asyncio.run(
            follow(
                address,
                open_library([tmp_path / "corpus"]),
                tmp_path / "data",
                database,
                private=True,
                told=lambda entry, number, count: told.append(entry),
            )
        )
    finally:
        database.close()
    return came, told


def titles(tmp_path: Path) -> set[str]:
    return {release.title for release in read_corpus([tmp_path / "corpus"]).releases}


def test_entries_become_releases_each_once(press: Press, tmp_path: Path) -> None:
    press.item("port", "The port opens")
    press.item("quay", "The quay opens")
    press.publish()
    came, told = followed(press.feed, tmp_path)
    assert len(told) == 2
    assert came.feed.title == "Port"
    assert titles(tmp_path) == {"The port opens", "The quay opens"}
    (first, _) = read_corpus([tmp_path / "corpus"]).releases
    assert first.published == date(2026, 3, 2)
    assert first.url == press.web.url("/port")
    press.item("crane", "The crane opens")
    press.publish()
    _, told = followed(press.feed, tmp_path)
    assert len(told) == 1
    assert len(titles(tmp_path)) == 3


def test_what_was_removed_does_not_come_back(press: Press, tmp_path: Path) -> None:
    press.item("port", "The port opens")
    press.publish()
    followed(press.feed, tmp_path)
    for path in (tmp_path / "corpus").iterdir():
        path.unlink()
    assert followed(press.feed, tmp_path)[1] == []


def test_the_server_is_asked_for_what_has_changed(press: Press, tmp_path: Path) -> None:
    press.item("port", "The port opens")
    press.publish(ETag='"one"', **{"Last-Modified": "Mon, 02 Mar 2026 10:00:00 GMT"})
    followed(press.feed, tmp_path)
    followed(press.feed, tmp_path)
    first, *_, second = [asked for asked in press.web.requests if asked.path == "/feed.xml"]
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"one"'
    assert second.headers["if-modified-since"] == "Mon, 02 Mar 2026 10:00:00 GMT"


def test_an_entry_that_fails_is_tried_again_and_the_others_are_added(press: Press, tmp_path: Path) -> None:
    press.item("gone", "Not there yet", page=False)
    press.item("quay", "The quay opens")
    press.publish(ETag='"one"')
    came, told = followed(press.feed, tmp_path)
    assert (came.failed, titles(tmp_path)) == (1, {"The quay opens"})
    (failed,) = [entry for entry in told if isinstance(entry, Failed)]
    assert "404" in failed.reason
    press.web.page("/gone", PAGE.format(title="Not there yet").encode(), content_type="text/html")
    came, _ = followed(press.feed, tmp_path)
    assert (came.failed, titles(tmp_path)) == (0, {"The quay opens", "Not there yet"})


def test_the_text_in_the_feed_will_do_where_the_page_is_gone(press: Press, tmp_path: Path) -> None:
    text = "".join(
        f"<p>Sentence number {number} of the port says what was said there on Monday.</p>" for number in range(20)
    )
    more = f'<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[{text}]]></content:encoded>'
    press.item("gone", "The port opens", page=False, more=more)
    press.publish()
    assert followed(press.feed, tmp_path)[0].failed == 0
    (release,) = read_corpus([tmp_path / "corpus"]).releases
    assert "Sentence number 19 of the port says what was said there on Monday." in release.text
    assert release.title == "The port opens"


def test_a_page_that_names_its_feed_is_followed_by_it(press: Press, tmp_path: Path) -> None:
    press.item("port", "The port opens")
    press.publish()
    head = (
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>News</body></html>'
    )
    press.web.page("/news", head, content_type="text/html")
    followed(press.web.url("/news"), tmp_path)
    assert titles(tmp_path) == {"The port opens"}
    assert followed(press.web.url("/news"), tmp_path)[1] == []


def test_what_is_no_feed_gets_a_sentence(press: Press, tmp_path: Path) -> None:
    press.web.page("/news", b"<html><body>News</body></html>", content_type="text/html")
    with pytest.raises(OnrecordError, match="names no feed"):
        followed(press.web.url("/news"), tmp_path)


@pytest.mark.parametrize("address", ["https://norrvik.example/\x00", "https://norrvik.example/\udcff", "norrvik"])
def test_what_is_no_address_gets_a_sentence(tmp_path: Path, address: str) -> None:
    with pytest.raises(OnrecordError, match="address"):
        followed(address, tmp_path)
