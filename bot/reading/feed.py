"""RSS and Atom feeds: from bytes to entries."""

import codecs
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate
from functools import cache
from html import escape, unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from bot.model import OnrecordError
from bot.reading.addresses import check_url, show_url
from bot.reading.cleaning import clean_line
from bot.reading.dates import parse_date
from bot.reading.decoding import decode
from bot.reading.draft import UnreadableError

MOST_ENTRIES = 1_000
"""The entries of a feed that are read: its first, which are the newest in nearly all."""

_MOST_TEXT = 4_000_000  # characters
_MOST_SIGNS = 100_000  # of markup, which feedparser reads in some seconds, whatever they are
_SIGN = re.compile(r"[<&\n]")
_MOST_HEAD = 500_000  # bytes of a page in which its links to feeds are looked for
_MOST_LINKS = 10
_LONGEST_KEY = 500
_LONGEST_LINE = 2_000

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
# Only charsets: Python has codecs that are none, and some that take long.
_CHARSETS = {f"cp{page}": f"cp{page}" for page in (866, 932, 949, 950, *range(1250, 1259))}
_CHARSETS |= {f"iso8859-{part}": f"iso8859-{part}" for part in range(2, 17)}
_CHARSETS |= {name: name for name in ("gbk", "gb18030", "big5", "big5hkscs", "euc_jp", "euc_kr", "iso2022_jp")}
_CHARSETS |= {name: name for name in ("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic")}
# As browsers read them: as what they are called by those who mean more.
_CHARSETS |= {"iso8859-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932"}

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding=["']([\w.:-]{1,40})["']""")
_UNLAWFUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML, where they end the reading
_BEFORE_DOCTYPE = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ELEMENT = re.compile(r"<\w")
_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:br|p|div|li|h[1-6]|td)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"<(link|base)\b((?>[^<>\"']+|\"[^\"<]*\"|'[^'<]*')*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![a-z-])([a-z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    `key` is the same each time the feed is read, and no other entry's. `published` is the date as written, in its own
    time zone. `html` is the text as published, perhaps only its beginning; it is not made safe to be shown, but to be
    read as a page is. `source` is who issued it where the feed gathers from several.
    """

    key: str
    title: str | None
    url: str | None
    published: date | None
    html: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: what it is called, and its entries, oldest first."""

    title: str | None
    entries: tuple[Entry, ...]


def read_feed(raw: bytes, url: str, charset: str | None = None) -> Feed:
    """The feed that the bytes hold, of any kind of RSS or Atom, even if somewhat broken.

    `url` is where it was fetched; links are joined with it. `charset` is what the server said. Of a very long feed only
    the first entries are read.

    Raises:
        OnrecordError: it is no feed, or declares entities.
    """
    try:
        text = _UNLAWFUL.sub("", _decoded(raw, charset)).lstrip()
    except UnreadableError as error:
        raise _no_feed(url) from error
    element = _ELEMENT.search(text)
    if element is None:
        raise _no_feed(url)
    # Over a long white space before it feedparser takes a time that grows with its square.
    head = re.sub(r"\s+", "\n", text[: element.start()])
    text = head + text[element.start() :]
    if _declares_entities(head, text):
        raise OnrecordError(f"{show_url(url)} declares entities, which are not read: ask for a feed without them.")
    try:
        parsed = _parsed(_first_entries(text))
        if not parsed.get("version"):
            raise _no_feed(url)
        return Feed(_line(parsed["feed"], "title"), _entries(parsed["entries"], url))
    except OnrecordError:
        raise
    except Exception as error:  # whatever comes of hostile bytes: elements may have the names of what the library makes
        raise _no_feed(url) from error


def feed_links(raw: bytes, url: str) -> tuple[str, ...]:
    """The URLs of the feeds that a web page names, in its order, joined with its own; at most ten."""
    base = url
    links: dict[str | None, None] = {}
    for name, written in _LINK.findall(raw[:_MOST_HEAD].decode("utf-8", "replace")):
        said = {
            key.lower(): unescape(double or single or bare) for key, double, single, bare in _ATTRIBUTE.findall(written)
        }
        if name.lower() == "base":
            base = _joined(url, said.get("href")) or base
        elif "alternate" in said.get("rel", "").lower().split() and said.get("type", "").lower() in _FEED_TYPES:
            links[_joined(base, said.get("href"))] = None
    return tuple(link for link in links if link)[:_MOST_LINKS]


def _no_feed(url: str) -> OnrecordError:
    return OnrecordError(f"{show_url(url)} is not an RSS or Atom feed: look for the address behind the feed sign.")


def _decoded(raw: bytes, charset: str | None) -> str:
    """UTF-8 where it is, for servers often call it otherwise; else what server and document say."""
    if not raw.isascii():
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    if not raw.startswith(_MARKS):
        declared = _DECLARED.match(raw)
        for name in (charset, declared and declared[1].decode("ascii", "replace")):
            try:
                return raw.decode(_CHARSETS[codecs.lookup(name or "").name])
            except (LookupError, UnicodeDecodeError):
                pass
    return decode(raw)[0]


def _declares_entities(head: str, text: str) -> bool:
    """Tells whether entities are declared where the strict parser of XML, or the loose one, would see it.

    `head` is what comes before what looks like the first element: a comment may do, too.
    """
    match = _BEFORE_DOCTYPE.match(text)
    start = match.end() if match else 0
    declares = text[start : start + 9].upper() == "<!DOCTYPE" and _ENTITY.search(text, start)
    return bool(declares or _ENTITY.search(head))


def _first_entries(text: str) -> str:
    """The text up to the end of the last entry that is read; all of it unless it is very long."""
    sign = next(islice(_SIGN.finditer(text), _MOST_SIGNS, None), None)
    most = min(sign.start() if sign else len(text), _MOST_TEXT)
    ends = [match.end() for match in islice(_ENTRY_END.finditer(text, 0, most), MOST_ENTRIES)]
    if most == len(text) and len(ends) < MOST_ENTRIES:
        return text
    return text[: ends[-1] if ends else most]


@cache
def _feedparser() -> Any:
    """The library, with a bound on what its search for e-mail addresses takes: 20 seconds for an author of 30,000
    characters."""
    import feedparser
    from feedparser.mixin import _FeedParserMixin

    searches = _FeedParserMixin._sync_author_detail

    def search(self: Any, key: str = "author") -> None:
        context = self._get_context()
        if context.get(key):
            context[key] = context[key][:_LONGEST_KEY]
        searches(self, key)

    _FeedParserMixin._sync_author_detail = search
    return feedparser


def _parsed(text: str) -> Any:
    # A string could be taken for a path or a URL, and be opened: only bytes in a file of memory are given.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    # Making HTML safe takes a time that grows with the square of its length, and only its text is read.
    return _feedparser().parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _entries(found: list[Any], url: str) -> tuple[Entry, ...]:
    """The entries, oldest first. The newest comes first in nearly all feeds: of those without a time, and of those with
    the same, the last is the oldest."""
    found = found[:MOST_ENTRIES][::-1]
    found.sort(key=_moment)
    often = {name: Counter(said.get(name) for said in found) for name in ("id", "link")}
    entries: dict[str, Entry] = {}
    for said in found:
        entry = _entry(said, url, often)
        entries.setdefault(entry.key, entry)
    return tuple(entries.values())


def _entry(said: Mapping[str, Any], base: str, often: Mapping[str, Counter[Any]]) -> Entry:
    title, link, written, html = _line(said, "title"), said.get("link"), _written(said), _html(said)
    return Entry(
        key=_key(said, often) or _digest(f"{title or ''} {written}".strip() or html or ""),
        title=title,
        url=_joined(base, link),
        published=_date(written, _moment(said)),
        html=html,
        source=_line(said.get("source") or {}, "title") or _short(said.get("publisher")),
    )


def _key(said: Mapping[str, Any], often: Mapping[str, Counter[Any]]) -> str | None:
    """The id, or the link, that tells the entry from all others: some feeds give the same to each."""
    for name, counts in often.items():
        value = said.get(name)
        if isinstance(value, str) and value and counts[value] == 1:
            return value if value == clean_line(value) and len(value) <= _LONGEST_KEY else _digest(value)
    return None


def _digest(words: str) -> str:
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _joined(base: str, link: object) -> str | None:
    """A link as a URL that may be called; None where it is none."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        return str(check_url(urljoin(base, link.strip().replace(" ", "%20"))))
    except (ValueError, OnrecordError):
        return None


def _written(said: Mapping[str, Any]) -> str:
    # `updated` is asked for by `in`: feedparser answers with `published` in its place, and warns.
    return next((str(said[name]) for name in ("published", "updated", "created") if name in said), "")


def _moment(said: Mapping[str, Any]) -> tuple[int, ...]:
    """When an entry appeared, in UTC: year, month, day, hour, minute, second; empty where it is not known."""
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        if name in said and (found := said[name]):
            return tuple(found)[:6]
    return ()


def _date(written: str, moment: tuple[int, ...]) -> date | None:
    written = clean_line(written[:100])
    if found := parse_date(written):
        return found
    # Where no day is said, or one that is in no calendar, feedparser makes one up.
    if re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?!\d)", written):
        return None
    try:
        parts = parsedate(written) or moment
        return date(*parts[:3]) if parts else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _line(said: Mapping[str, Any], name: str) -> str | None:
    """A field as one line of text, without the markup that it may hold."""
    value = said.get(name)
    if not isinstance(value, str):
        return None
    value = value[:_LONGEST_LINE]
    if (said.get(f"{name}_detail") or {}).get("type") in _HTML:
        value = unescape(_TAG.sub("", _BLOCK.sub(" ", _HIDDEN.sub("", value))))
    return _short(value)


def _short(value: object) -> str | None:
    return clean_line(value[:_LONGEST_LINE])[:_LONGEST_KEY] or None if isinstance(value, str) else None


def _html(said: Mapping[str, Any]) -> str | None:
    for kind, value in _texts(said):
        if not value.strip():
            continue
        if kind not in _HTML:
            return _paragraphs(value)
        # RSS does not say whether a text is HTML.
        return value if _TAG.search(value) else _paragraphs(unescape(value))
    return None


def _paragraphs(text: str) -> str:
    return "\n".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())


def _texts(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of an entry with their media types, the full one first."""
    for detail in (*(said.get("content") or ()), said.get("summary_detail") or {}):
        kind = str(detail.get("type"))
        if isinstance(value := detail.get("value"), str) and (kind in _HTML or kind == "text/plain"):
            yield kind, value
