"""Following a feed: what is new in it becomes releases, each entry once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.desk import filing
from bot.desk.database import Database
from bot.desk.feeds import Feed, find_feed, keep_feed, take, taken
from bot.desk.filing import Proposal
from bot.desk.holdings import Filed, Holdings
from bot.desk.sources import read_bytes, read_page
from bot.model import OnrecordError
from bot.reading.addresses import check_url
from bot.reading.cleaning import clean_line
from bot.reading.draft import Draft
from bot.reading.feed import Entry, feed_links, read_feed
from bot.reading.fetching import FEEDS, Fetched, fetch

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_WHOLE = 100  # words from which on the text in a feed may stand for the page that it leads to


@dataclass(frozen=True, slots=True)
class Added:
    """An entry that became a release: what that did to the library, and where the release is now."""

    proposal: Proposal
    filed: Filed


@dataclass(frozen=True, slots=True)
class Failed:
    """An entry that could not be read, and why. It is tried again next time."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of following a feed: the feed, and how many of its entries could not be read."""

    feed: Feed
    failed: int = 0


Told = Callable[[Added | Failed, int, int], None]


async def follow(
    address: str, shelf: Holdings, data: Path, database: Database, *, private: bool, told: Told
) -> Followed:
    """Adds the entries of a feed that were not taken before, oldest first.

    `address` is that of an RSS or Atom feed, or of a page that names one. The server is asked only for what has changed
    since the last time. What was added is noted after each entry, so that a run that is broken off goes on where it
    was. `told` hears of each new entry, with its number (from 1) and how many there are.

    Raises:
        OnrecordError: the feed cannot be had, or is none.
    """
    fetched, feed = await _feed(address, database, private)
    if fetched is None:
        return Followed(feed)
    read = read_feed(fetched.raw, fetched.url, charset=fetched.charset)
    feed = replace(feed, title=read.title or feed.title, checked_at=datetime.now(UTC))
    # Without them the next run is told of all entries, and tries those again that failed.
    keep_feed(database, replace(feed, etag=None, modified=None))
    before = taken(database, feed.url)
    new = [entry for entry in read.entries if entry.key not in before]
    failed = 0
    for number, entry in enumerate(new, 1):
        try:
            proposal = filing.propose(await _draft(entry, private), shelf)
            filed, shelf = filing.add(proposal, shelf, data)
        except OnrecordError as error:
            failed += 1
            told(Failed(entry.title or entry.key, str(error)), number, len(new))
            continue
        take(database, feed.url, [(entry.key, filed.release.id)])
        told(Added(proposal, filed), number, len(new))
    if not failed:
        feed = replace(feed, etag=fetched.etag, modified=fetched.modified)
        keep_feed(database, feed)
    return Followed(feed, failed)


async def _feed(address: str, database: Database, private: bool) -> tuple[Fetched | None, Feed]:
    """What the feed at an address, or the one that the page there names, says now; None where nothing has changed."""
    check_url(address)
    feed = find_feed(database, address) or Feed(address)
    kinds = FEEDS | _PAGES
    fetched = await fetch(feed.url, kinds=kinds, private=private, etag=feed.etag, modified=feed.modified)
    if fetched is None or fetched.media_type not in _PAGES:
        return fetched, feed
    links = feed_links(fetched.raw, fetched.url)
    if not links:
        raise OnrecordError("This page names no feed: look for the address behind its feed sign, and follow that.")
    feed = find_feed(database, links[0]) or Feed(links[0])
    return await fetch(feed.url, kinds=FEEDS, private=private, etag=feed.etag, modified=feed.modified), feed


async def _draft(entry: Entry, private: bool) -> Draft:
    """What an entry says: the page that it leads to, else the text in the feed where that is long enough.

    Raises:
        OnrecordError: neither can be read.
    """
    try:
        if not entry.url:
            raise OnrecordError("The feed gives no address for it.")
        draft = await read_page(entry.url, private=private)
    except OnrecordError:
        if not entry.html:
            raise
        draft = read_bytes(entry.html.encode(), "entry.html", shown="The text in the feed", charset="utf-8")
        if len(draft.text.split()) < _WHOLE:
            raise
        draft = replace(draft, title=clean_line(entry.title or "") or draft.title)
    return replace(
        draft,
        title=draft.title or clean_line(entry.title or ""),
        published=draft.published or entry.published,
        source=draft.source or entry.source,
        url=draft.url or entry.url,
    )
