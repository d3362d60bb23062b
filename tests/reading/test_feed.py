"""Feeds of every kind give their entries, and hostile ones do no harm."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import OnrecordError
from bot.reading.feed import MOST_ENTRIES, Entry, Feed, feed_links, read_feed

URL = "https://press.example/news/feed.xml"
RSS = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Wire</title>{}</channel></rss>'
)
ATOM = '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>{}</feed>'


def rss(*items: str) -> bytes:
    return RSS.format("".join(f"<item>{item}</item>" for item in items)).encode()


def atom(*entries: str) -> bytes:
    return ATOM.format("".join(f"<entry>{entry}</entry>" for entry in entries)).encode()


def only(raw: bytes, **said: Any) -> Entry:
    (entry,) = read_feed(raw, URL, **said).entries
    return entry


def test_an_rss_2_item_is_read_whole() -> None:
    raw = rss(
        "<title>Quay opens</title><link>/2021/quay.html</link><guid isPermaLink='false'>quay-1</guid>"
        "<pubDate>Thu, 22 Apr 2021 23:30:00 -0500</pubDate><dc:creator>Jane Dahl</dc:creator>"
        "<source url='https://port.example/rss'>Port of Norrvik</source>"
        "<description>In short.</description><content:encoded><![CDATA[<p>In <b>full</b>.</p>]]></content:encoded>"
    )
    assert read_feed(raw, URL) == Feed(
        "The Wire",
        (
            Entry(
                key="quay-1",
                title="Quay opens",
                url="https://press.example/2021/quay.html",
                published=date(2021, 4, 22),
                html="<p>In <b>full</b>.</p>",
                source="Port of Norrvik",
            ),
        ),
    )


def test_an_atom_entry_is_read_whole() -> None:
    entry = only(
        atom(
            "<id>tag:press.example,2021:1</id><title type='html'>Quay &amp;amp; &lt;b&gt;pier&lt;/b&gt;</title>"
            "<link rel='self' href='quay.atom'/><link href='quay.html'/><updated>2021-04-22T23:30:00-05:00</updated>"
            "<author><name>Jane Dahl</name></author><summary>In short.</summary>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>In <b>full</b>.</p></div></content>"
        )
    )
    assert entry == Entry(
        key="tag:press.example,2021:1",
        title="Quay & pier",
        url="https://press.example/news/quay.html",
        published=date(2021, 4, 22),
        html="<p>In <b>full</b>.</p>",
        source=None,
    )


@pytest.mark.parametrize(
    "raw",
    [
        b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b' xmlns="http://purl.org/rss/1.0/"><channel><title>Old</title></channel>'
        b"<item><title>Quay</title><link>https://a.example/1</link></item></rdf:RDF>",
        b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b' xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Old</title></channel>'
        b"<item><title>Quay</title><link>https://a.example/1</link></item></rdf:RDF>",
        b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
        b'<rss version="0.91"><channel><title>Old</title><item><title>Quay</title><link>https://a.example/1</link></item>'
        b"</channel></rss>",
    ],
    ids=["1.0", "0.90", "0.91"],
)
def test_old_kinds_of_rss_are_read(raw: bytes) -> None:
    feed = read_feed(raw, URL)
    assert feed.title == "Old"
    assert [(entry.title, entry.url) for entry in feed.entries] == [("Quay", "https://a.example/1")]


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("Thu, 22 Apr 2021 00:30:00 +1400", date(2021, 4, 22)),
        ("22 Apr 2021 23:30 EST", date(2021, 4, 22)),
        ("Thu, 22 Apr 21 23:30:00 GMT", date(2021, 4, 22)),
        ("2021-04-22T23:59:59.123-11:00", date(2021, 4, 22)),
        ("2021-04-22", date(2021, 4, 22)),
        ("April 22, 2021", date(2021, 4, 22)),
        ("20210422T101500Z", date(2021, 4, 22)),
        ("2021", None),
        ("2021-04", None),
        ("2021-02-30", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_the_day_that_is_written(written: str, published: date | None) -> None:
    assert only(rss(f"<title>Quay</title><pubDate>{written}</pubDate>")).published == published


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("&lt;b&gt;Quay&lt;/b&gt; opens", "Quay opens"),
        ("<![CDATA[<p>Quay</p><p>opens</p>]]>", "Quay opens"),
        ("Dahl &amp; Sons", "Dahl & Sons"),
        ("Dahl &amp;amp; Sons", "Dahl & Sons"),
        ("Profit &lt; 5% &amp; rising", "Profit < 5% & rising"),
        ("<![CDATA[<b>Quay</b><!-- not <i>seen</i> --> opens]]>", "Quay opens"),
        ("Quay \n\t opens\x1b[31m", "Quay opens[31m"),
        ("&lt;b&gt;&lt;/b&gt;", None),
    ],
)
def test_a_title_is_one_line_of_text(title: str, read: str | None) -> None:
    assert only(rss(f"<title>{title}</title><guid>1</guid>")).title == read


def test_a_title_that_is_text_in_atom_stays_as_it_is() -> None:
    assert only(atom("<id>1</id><title>&lt;b&gt; is bold</title>")).title == "<b> is bold"


def test_plain_text_becomes_paragraphs() -> None:
    entry = only(rss("<description>One &lt; two &amp;amp; more.\n\nThree.</description>"))
    assert entry.html == "<p>One &lt; two &amp; more.</p>\n<p>Three.</p>"


def test_entries_are_oldest_first_by_time_and_then_by_place() -> None:
    day = "<pubDate>Thu, 22 Apr 2021 {} GMT</pubDate>"
    raw = rss(
        f"<guid>d</guid>{day.format('12:00')}",
        f"<guid>c</guid>{day.format('10:00')}",
        f"<guid>b</guid>{day.format('10:00')}",
        f"<guid>e</guid>{day.format('13:00')}",
        "<guid>a</guid>",
    )
    assert [entry.key for entry in read_feed(raw, URL).entries] == ["a", "b", "c", "d", "e"]


def test_an_entry_is_known_by_id_then_link_then_title_and_date() -> None:
    raw = rss(
        "<guid isPermaLink='false'>one</guid><link>https://a.example/1</link>",
        "<link>https://a.example/2</link>",
        "<title>Three</title>",
        "<title>Three</title><pubDate>Thu, 22 Apr 2021 10:00 GMT</pubDate>",
    )
    keys = {entry.key for entry in read_feed(raw, URL).entries}
    assert len(keys) == 4 and {"one", "https://a.example/2"} < keys
    assert keys == {entry.key for entry in read_feed(raw, "http://moved.example/").entries}


def test_an_id_that_all_entries_share_tells_none_of_them() -> None:
    raw = rss(*(f"<guid>https://a.example/</guid><link>https://a.example/{number}</link>" for number in range(3)))
    assert {entry.key for entry in read_feed(raw, URL).entries} == {
        f"https://a.example/{number}" for number in range(3)
    }


def test_the_same_entry_twice_is_one() -> None:
    assert len(read_feed(rss("<title>Quay</title>", "<title>Quay</title>"), URL).entries) == 1


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://jane:pass@a.example/", "http://[::1", ""],
)
def test_a_link_that_may_not_be_called_is_none(link: str) -> None:
    assert only(rss(f"<title>Quay</title><link>{link}</link>")).url is None


def test_the_base_of_a_feed_cannot_lead_to_files() -> None:
    raw = atom("<id>1</id><link href='passwd'/>").replace(b"<feed ", b"<feed xml:base='file:///etc/' ")
    assert only(raw).url is None


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("utf-8", "utf-8", None),
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("utf-8-sig", "utf-8", None),
        ("utf-16", "utf-16", "utf-16"),
        ("latin-1", "iso-8859-1", None),
        ("latin-1", "utf-8", "iso-8859-1"),
        ("cp1252", "unicode_escape", "punycode"),
    ],
)
def test_the_encoding_is_found_whatever_is_said_of_it(encoding: str, declared: str, charset: str | None) -> None:
    document = RSS.replace("?>", f' encoding="{declared}"?>', 1).format("<item><title>Größe</title></item>")
    assert only(document.encode(encoding), charset=charset).title == "Größe"


def test_a_feed_in_another_alphabet_is_read_by_what_is_said_of_it() -> None:
    assert only(RSS.format("<item><title>Мэр</title></item>").encode("cp1251"), charset="windows-1251").title == "Мэр"


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    raw = rss("<title>Quay &bogus; <b>opens</title><link>https://a.example/?a=1&b=2</link>", "<title>Pier</title>")[
        :-20
    ]
    titles = [(entry.title, entry.url) for entry in read_feed(raw, URL).entries]
    assert titles == [("Pier", None), ("Quay &bogus; opens", "https://a.example/?a=1&b=2")]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!-- <a> --><?b <c> ?><!DOCTYPE x [<!ENTITY a "b">]>',
        'junk <!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_declared_entities_are_refused(head: str, encoding: str) -> None:
    raw = f"{head}<rss version='2.0'><channel><title>&a;</title><item><title>&a;</title></item></channel></rss>"
    with pytest.raises(OnrecordError, match="declares entities"):
        read_feed(raw.encode(encoding), URL)


def test_a_release_about_entities_is_no_declaration() -> None:
    assert only(rss("<title>Quay</title><description><![CDATA[<!ENTITY a 'b'>]]></description>")).title == "Quay"


def test_an_external_doctype_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.dtd").write_text("<!ENTITY a 'secret'>")
    head = f"<!DOCTYPE rss SYSTEM '{(tmp_path / 'secret.dtd').as_uri()}'>"
    assert "secret" not in str(read_feed(head.encode() + rss("<title>&a;</title><guid>1</guid>")[21:], URL))


@pytest.mark.parametrize("name", ["{}", "file://{}"])
def test_bytes_are_never_taken_for_a_path_or_a_url(tmp_path: Path, name: str) -> None:
    (tmp_path / "feed.xml").write_bytes(rss("<title>Quay</title>"))
    with pytest.raises(OnrecordError, match="not an RSS or Atom feed"):
        read_feed(name.format(tmp_path / "feed.xml").encode(), URL)


@pytest.mark.parametrize(
    "raw", [b"", b"  ", b"<html><p>Hi</p></html>", b"%PDF-1.7", b"\0" * 99, b"{}", b"<a/>", b"text"]
)
def test_what_is_no_feed_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(OnrecordError, match=r"^https://press\.example/news/feed\.xml is not an RSS or Atom feed: look"):
        read_feed(raw, URL + "?token=secret")


def test_of_a_very_long_feed_the_first_entries_are_read() -> None:
    raw = rss(*(f"<guid isPermaLink='false'>{number}</guid>" for number in range(3 * MOST_ENTRIES)))
    entries = read_feed(raw, URL).entries
    assert [entries[0].key, entries[-1].key, len(entries)] == [str(MOST_ENTRIES - 1), "0", MOST_ENTRIES]


@pytest.mark.parametrize(
    "name", ["author_detail", "title_detail", "summary_detail", "published_parsed", "links", "source"]
)
def test_elements_that_are_named_as_the_parser_names_its_own_do_no_harm(name: str) -> None:
    dated = "<title>Quay</title><pubDate>Thu, 22 Apr 2021 10:00 GMT</pubDate>"
    for number, item in enumerate((f"<{name}>x</{name}>{dated}", f"{dated}<{name}>x</{name}>", f"<{name}/>")):
        try:
            assert len(read_feed(rss(item, dated + "<guid>2</guid>"), URL).entries) == 2, number
        except OnrecordError as error:
            assert "is not an RSS or Atom feed" in str(error)


@pytest.mark.parametrize(
    "raw",
    [
        rss(f"<title>Quay</title><author>{'a' * 100_000}</author><dc:creator>{'1.' * 50_000}</dc:creator>"),
        b"<?xml version='1.0'?>" + b"\n" * 100_000 + rss("<title>Quay</title>")[21:],
        rss(f"<title>Quay</title><description>{'&lt;!--' * 20_000}</description>"),
        rss("<title>Quay</title>" + "<a>" * 20_000),
    ],
    ids=["author", "white space", "comments", "depth"],
)
def test_what_is_made_to_take_long_does_not(raw: bytes) -> None:
    # Each would take minutes; none takes two seconds.
    assert only(raw).title == "Quay"


@given(st.binary(max_size=200) | st.text(max_size=200).map(rss) | st.text(max_size=200).map(atom))
def test_any_bytes_are_a_feed_or_refused(raw: bytes) -> None:
    try:
        feed = read_feed(raw, URL)
    except OnrecordError:
        return
    for entry in feed.entries:
        assert entry.key and (entry.title is None or entry.title.isprintable())
        assert entry.url is None or entry.url.startswith(("http://", "https://"))


@given(st.data())
def test_a_feed_that_was_tampered_with_is_read_or_refused(data: st.DataObject) -> None:
    whole = rss("<title>Quay</title><link>/1</link><pubDate>Thu, 22 Apr 2021 10:00 GMT</pubDate><guid>1</guid>")
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    parts = st.sampled_from(
        [b"<", b"&#0;", b"]]>", b"<![CDATA[", b"\xff", b"<!--", b"<?", b"&amp", b"'", b"<a:b>", b"\0"]
    )
    raw = whole[:start] + b"".join(data.draw(st.lists(parts, max_size=5))) + whole[end:]
    try:
        read_feed(raw, URL)
    except OnrecordError as error:
        assert str(error).isprintable()


def test_the_feeds_of_a_page_are_found() -> None:
    page = (
        b"<!doctype html><head><base href='/x/'><link rel=stylesheet href=a.css>"
        b'<link rel="alternate" type="application/rss+xml" title="A > B" href="feed?a=1&amp;b=2">'
        b"<LINK TYPE='application/atom+xml' REL='Alternate home' HREF='//other.example/atom'>"
        b'<link rel="alternate" type="application/rss+xml" href="feed?a=1&amp;b=2">'
        b'<link rel="alternate" hreflang="de" href="/de/"><link rel="alternate" type="application/rss+xml">'
        b'<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">'
    )
    assert feed_links(page, "https://press.example/news/") == (
        "https://press.example/x/feed?a=1&b=2",
        "https://other.example/atom",
    )


@given(st.binary(max_size=300) | st.text("<link rel='alternate' href=\"base>&", max_size=300).map(str.encode))
def test_any_page_names_feeds_or_none(raw: bytes) -> None:
    assert all(link.startswith(("http://", "https://")) for link in feed_links(raw, URL))
