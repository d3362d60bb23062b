"""Web pages: the article as its readers see it, and what the page says of itself."""

from datetime import date
from pathlib import Path

import pytest

from bot.reading.draft import Draft, UnreadableError
from bot.reading.drafting import read_draft

PAGES = Path(__file__).parent / "pages"
STORY = "The port of Lindow was opened on Thursday by the mayor of the town, who spoke of a long-awaited day. "


def saved(name: str, url: str | None = None, charset: str | None = None) -> Draft:
    return read_draft((PAGES / name).read_bytes(), name, url, charset)


def page(head: str = "", body: str = "", url: str | None = "https://port.example/news/1") -> Draft:
    story = f"<article><p>{STORY * 3}</p><p>It has room for forty boats, and a crane that lifts ten tonnes.</p>{body}</article>"
    return read_draft(f"<!DOCTYPE html><html><head>{head}</head><body>{story}</body></html>".encode(), "1", url)


def test_a_page_of_a_blog() -> None:
    draft = saved("wordpress.html", "https://www.port.example/?p=412")
    assert draft.title == "Port of Lindow opens with room for forty boats"
    assert draft.published == date(2021, 4, 22)
    assert draft.source == "Port of Lindow"
    assert draft.url == "https://port.example/news/port-opens/"
    assert draft.text.split("\n\n") == [
        (
            "The port of Lindow was opened on Thursday by the mayor of the town, Ingrid Dahl, who spoke of a "
            "“long-awaited day”. It has room for forty boats and is the first port on this coast since 1901."
        ),
        (
            "“We have waited for it for twenty years,” said Ane Olsen, who chairs the board of the port. "
            "“Now the boats can come.”"
        ),
        "What the port offers",
        "- a crane that lifts ten tonnes\n- a workshop that is open to all\n- water and power at each berth",
        "The prices of the berths were set in March and hold until the end of next year.",
        "Length | Price a year\nto 8 metres | €900\nto 12 metres | €1,400",
        "About the Port of Lindow",
        "The port belongs to the town, which has four thousand inhabitants and no other port.",
        "Contact:\nAne Olsen\n+47 555 0100\nane@port.example",
    ]


def test_a_page_of_a_news_wire() -> None:
    draft = saved("wire.html", "https://www.wire.example/news/home/1/en/")
    assert draft.title == "Harbour Robotics Raises $40 Million to Build Cranes That Sort Fish"
    assert (draft.published, draft.place, draft.wire) == (date(2023, 3, 14), "BOSTON", "BUSINESS WIRE")
    assert draft.source == "Wire Service"
    assert draft.url == "https://www.wire.example/news/home/20230314005512/en/Harbour-Robotics-Raises-40-Million"
    assert draft.text.startswith(
        "Harbour Robotics, a maker of cranes for small ports, today announced that it has raised"
    )
    assert (
        "\n\n- Revenue grew by 62% to $18.5 million.\n- The company sold 41 cranes in nine countries.\n\n" in draft.text
    )
    assert "\n\nYear | Cranes sold\n2021 | 12\n2022 | 41\n\n" in draft.text
    assert not [word for word in ("Cookie", "Log In", "More News", "Privacy", "©", "March 15") if word in draft.text]


def test_a_page_in_chinese_in_the_character_set_that_it_names() -> None:
    draft = saved("chinese.html")
    assert draft.title == "林多港正式开港 可停泊四十艘船只"
    assert (draft.published, draft.source, draft.url) == (date(2021, 4, 22), "林多市人民政府", None)
    paragraphs = draft.text.split("\n\n")
    assert len(paragraphs) == 3
    assert paragraphs[0].startswith("4月22日上午，林多港正式开港。")
    assert not [word for word in ("首页", "分享到", "相关新闻", "版权所有") if word in draft.text]


def test_the_character_set_of_the_transfer_comes_before_that_of_the_page_and_after_a_mark() -> None:
    story = f"<html><head><meta charset=iso-8859-1></head><body><p>{STORY * 3}</p><p>Fünf Straßen.</p></body></html>"
    for raw, charset in (
        (story.encode(), "utf-8"),
        (story.encode("utf-8-sig"), "latin-1"),
        (story.encode("latin-1"), None),
    ):
        assert "Fünf Straßen." in read_draft(raw, "a.html", charset=charset).text
    assert "Fünf Straßen." in read_draft(story.encode("latin-1"), "a.html", charset="no such set").text
    assert "Fünf Straßen." in read_draft(story.encode("utf-16"), "a.html").text


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>A port for Lindow | Port of Lindow</title>", "A port for Lindow"),
        ("<title>News: A port for Lindow</title>", "News: A port for Lindow"),
        (
            '<meta property="og:site_name" content="The Port"><meta property="og:title" content="A port – at last - The Port">',
            "A port – at last",
        ),
        (
            '<title>Home</title><script type="application/ld+json">[{"@type": ["NewsArticle"], "headline": "A &lt;b&gt; port"}]</script>',
            "A &lt;b&gt; port",
        ),
        ('<meta property="og:title" content="A &lt;b&gt;port&lt;/b&gt;&#27;[31m">', "A <b>port</b>"),
    ],
)
def test_the_title_is_said_by_the_page(head: str, title: str) -> None:
    assert page(head).title == title


def test_the_heading_that_readers_see_is_the_title_without_the_site() -> None:
    assert (
        page("<title>A port for Lindow – Lindow.example</title>", "<h1>A port for Lindow</h1>").title
        == "A port for Lindow"
    )


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2021-04-22T23:30:00-07:00">', date(2021, 4, 22)),
        ('<meta name="DC.date.issued" content="20210422">', date(2021, 4, 22)),
        ('<meta name="pubdate" content="2021年4月22日">', date(2021, 4, 22)),
        ('<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "datePublished": "2021-04-22"}]}</script>', date(2021, 4, 22)),
        ('<script type="application/ld+json">{"@type": "Article", "datePublished": ["x"]} broken</script>', None),
        ('<meta property="article:modified_time" content="2021-04-22">', None),
        ("", None),
    ],
)  # fmt: skip
def test_the_date_is_said_by_the_page_and_never_guessed(head: str, published: date | None) -> None:
    assert page(head).published == published


@pytest.mark.parametrize(
    ("time", "published"),
    [
        ('<time datetime="2021-04-22T10:00">Thursday</time>', date(2021, 4, 22)),
        ('<time class="updated" datetime="2021-05-01">1 May</time>', None),
        ('<time datetime="2020-01-01">before</time><time datetime="2021-05-01">after</time>', None),
        ('<time datetime="2020-01-01">before</time><time pubdate="pubdate">22 April 2021</time>', None),
        (
            '<time datetime="2020-01-01">before</time><time itemprop="datePublished">22 April 2021</time>',
            date(2021, 4, 22),
        ),
    ],
)
def test_the_date_of_a_time_that_is_the_only_one_or_named(time: str, published: date | None) -> None:
    assert page(body=f"<p>{time}</p>").published == published


def test_a_dateline_a_day_from_the_date_of_the_page_is_the_day_of_the_release() -> None:
    head = '<meta property="article:published_time" content="{}">'
    story = f"<p>OSLO, April 22, 2021 /PRNewswire/ -- {STORY * 3}</p>"
    for said, published in (("2021-04-23T01:00:00Z", date(2021, 4, 22)), ("2021-05-30", date(2021, 5, 30))):
        raw = f"<html><head>{head.format(said)}</head><body><article>{story}</article></body></html>".encode()
        assert read_draft(raw, "a.html").published == published


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/news/port", "https://port.example/news/port"),
        ("https://www.port.example/b#top", "https://www.port.example/b"),
        ("javascript:alert(1)", "https://port.example/news/1"),
        ("data:text/html,x", "https://port.example/news/1"),
        ("https://bank.example/", "https://port.example/news/1"),
        ("https://a@port.example/", "https://port.example/news/1"),
        ("//[::bad", "https://port.example/news/1"),
        ("", "https://port.example/news/1"),
    ],
)
def test_the_address_is_that_of_the_page_unless_it_says_another_of_its_site(href: str, url: str) -> None:
    assert page(f'<link rel="canonical" href="{href}">').url == url


def test_without_an_address_of_its_own_only_a_whole_one_counts() -> None:
    assert page('<link rel="canonical" href="/news/port">', url=None).url is None
    assert page('<link rel="canonical" href="https://port.example/a">', url=None).url == "https://port.example/a"


def test_text_of_a_page_is_no_front_matter_and_no_markup() -> None:
    draft = page(body="<p>---</p><p>id: mine</p><p>&lt;b&gt;bold&lt;/b&gt; &#27;[31m and &#8238;turned</p>")
    assert draft.id is None
    assert "<b>bold</b> and turned" in draft.text


@pytest.mark.parametrize(
    "raw",
    [
        b"<!DOCTYPE html><html><body><div id='app'></div><script>render()</script></body></html>",
        b"<html><body><nav><a href=/>Home</a><a href=/a>About</a></nav></body></html>",
        b"<html>",
    ],
)
def test_a_page_without_an_article(raw: bytes) -> None:
    with pytest.raises(UnreadableError, match="holds no article that can be found: copy the text"):
        read_draft(raw, "a.html")


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote", "svg"])
def test_tags_however_deep_end_well(tag: str) -> None:
    raw = (f"<html><body><p>{STORY * 3}</p>" + f"<{tag}>" * 100_000 + "deep").encode()
    assert read_draft(raw, "a.html").text.startswith(STORY.strip())


def test_a_page_of_too_many_elements() -> None:
    with pytest.raises(UnreadableError, match="too large"):
        read_draft(b"<html><body>" + b"<p>a" * 100_000, "a.html")
