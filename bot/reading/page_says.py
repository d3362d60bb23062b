"""What a web page says of itself, in its head and marks: title, date, site and address. Nothing is guessed."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.reading.cleaning import clean_line
from bot.reading.dates import parse_date
from bot.reading.draft import Draft
from bot.reading.html_tree import squeeze
from bot.reading.web_address import web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLES = frozenset("NewsArticle Article BlogPosting ReportageNewsArticle PressRelease TechArticle Report".split())
_PAGES = _ARTICLES | {"WebPage", "ItemPage"}
_DATES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.issued",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "release_date",
)
_SITES = ("og:site_name", "application-name", "sitename", "publisher", "dc.publisher")
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "articletitle")
_SUFFIX = re.compile(r"\s*(?:[|»·•_]|\s[-–—:]\s)\s*")
_CHANGED = re.compile("modif|updat", re.IGNORECASE)
_CHINESE_DATE = re.compile(r"\s*(\d{4})年(\d{1,2})月(\d{1,2})日")
_LONGEST_JSON = 1 << 20
_LONGEST = 300


def read_metadata(tree: "HtmlElement", url: str | None) -> Draft:
    """A draft without text: title, date of publication, site as source, and canonical address, as far as they are said.

    Another site's address is not believed: a page could pass for one of theirs.
    """
    meta = _meta(tree)
    linked = list(_linked_data(tree))
    site = next(filter(None, (meta.get(name) for name in _SITES)), None) or _publisher(linked)
    base = web_address(url, None)
    links = tree.xpath("//link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]/@href")
    canonical = (web_address(href, base) for href in (*links, meta.get("og:url")))
    addresses = (address for address in canonical if address and (base is None or _site(address) == _site(base)))
    return Draft(
        "",
        title=_title(tree, meta, linked, site),
        published=_published(tree, meta, linked),
        source=site,
        url=next(addresses, base),
    )


def _site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _meta(tree: "HtmlElement") -> dict[str, str]:
    """The first content of each name of the page's `meta` elements, the names in small letters."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = clean_line(element.get("content") or "")[:_LONGEST]
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _linked_data(tree: "HtmlElement") -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, however they are nested."""
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "") or len(text) > _LONGEST_JSON:
            continue
        try:
            waiting = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                yield value
                waiting += reversed(value.values())
            elif isinstance(value, list):
                waiting += reversed(value)


def _of_type(linked: list[dict[str, Any]], types: frozenset[str]) -> Iterator[dict[str, Any]]:
    for thing in linked:
        said = thing.get("@type")
        if any(isinstance(name, str) and name in types for name in (said if isinstance(said, list) else [said])):
            yield thing


def _publisher(linked: list[dict[str, Any]]) -> str | None:
    for thing in _of_type(linked, _ARTICLES):
        publisher = thing.get("publisher")
        if isinstance(publisher, dict) and isinstance(name := publisher.get("name"), str) and name.strip():
            return clean_line(name)[:_LONGEST]
    return None


def _title(tree: "HtmlElement", meta: dict[str, str], linked: list[dict[str, Any]], site: str | None) -> str | None:
    headlines = [value for thing in _of_type(linked, _ARTICLES) if isinstance(value := thing.get("headline"), str)]
    said = [meta[name] for name in _TITLES if name in meta][:1] + [clean_line(line) for line in headlines[:1]]
    tops = [clean_line(squeeze(element)) for element in tree.iter("h1")]
    tops = [top for top in tops if 3 < len(top) <= _LONGEST and (site or "").casefold() != top.casefold()]
    heads = [clean_line(squeeze(element)) for element in tree.findall("./head/title")]
    for title in filter(None, said + heads):
        # The heading that readers see is the title itself, without the name of the site, and never cut short.
        for top in tops:
            if top.casefold() in title.casefold() or _cut(title) == top[: len(_cut(title))]:
                return top
    if said:
        return _without_site(said[0], site)[:_LONGEST] or None
    if len(tops) == 1:
        return tops[0]
    return _without_site(heads[0], site)[:_LONGEST] if heads and heads[0] else None


def _cut(title: str) -> str:
    """A title that was cut short, without its ellipsis; else a line that begins no heading."""
    whole = title.rstrip(".…")
    return whole.rstrip() if whole != title and len(whole) > 20 else "\n"


def _without_site(title: str, site: str | None) -> str:
    """The title without the name of the site behind or before it; without a known name, what is behind a bar goes."""
    if site:
        name = re.escape(site)
        sign = _SUFFIX.pattern
        return re.sub(rf"{sign}{name}\s*$|^\s*{name}{sign}", "", title, flags=re.IGNORECASE).strip() or title
    parts = re.split(r"\s+[|»]\s+", title)
    return parts[0] if len(parts[0]) >= 10 else title


def _published(tree: "HtmlElement", meta: dict[str, str], linked: list[dict[str, Any]]) -> date | None:
    for said in _dates(tree, meta, linked):
        if isinstance(said, str) and (found := _day(said)):
            return found
    return None


def _dates(tree: "HtmlElement", meta: dict[str, str], linked: list[dict[str, Any]]) -> Iterator[object]:
    """Where a page may say when it was published, the most trusted first."""
    yield from (thing.get("datePublished") for thing in _of_type(linked, _ARTICLES))
    yield from (meta.get(name) for name in _DATES)
    yield from (thing.get("datePublished") for thing in _of_type(linked, _PAGES))
    times = [(time, f"{time.get('itemprop')} {time.get('class')} {time.get('pubdate')}") for time in tree.iter("time")]
    named = [time for time, names in times if "publish" in names.lower()]
    unchanged = [time for time, names in times if not _CHANGED.search(names)]
    for time in named or (unchanged if len(unchanged) == 1 else []):
        yield time.get("datetime") or squeeze(time)


def _day(said: str) -> date | None:
    if chinese := _CHINESE_DATE.match(said):
        said = "{}-{:0>2}-{:0>2}".format(*chinese.groups())
    return parse_date(re.sub(r"^(\d{4})(\d\d)(\d\d)(?=$|T)", r"\1-\2-\3", said.strip()))
