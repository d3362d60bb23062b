"""One file: its text as it is quoted, and what it says of itself."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import OnrecordError, Release
from bot.reading.files import read_release

SHARED = Path(__file__).parents[2].parent / "shared"


def read(text: str, name: str = "port.txt") -> Release:
    release, warnings = read_release(text.encode(), name)
    assert warnings == ()
    return release


def test_a_release_as_it_comes_over_the_wire() -> None:
    release = read("""\
FOR IMMEDIATE RELEASE

Contact:
Ane Olsen
ane@port.example

Port of Lindow Opens With Room for Forty Boats, a Crane and a Workshop
for All

LINDOW, Norway, April 22, 2021 (GLOBE NEWSWIRE) -- The port of Lindow was
opened by the mayor. It has room for forty boats and is the first port on
this coast.

About the Port of Lindow
The port belongs to the town, which has four thousand inhabitants and no
other port.

###

SOURCE Port of Lindow
""")
    assert release.title == "Port of Lindow Opens With Room for Forty Boats, a Crane and a Workshop for All"
    assert release.place == "LINDOW, Norway"
    assert release.published == date(2021, 4, 22)
    assert release.wire == "GLOBE NEWSWIRE"
    assert release.source == "Port of Lindow"
    assert release.text.split("\n\n") == [
        "Contact:\nAne Olsen\nane@port.example",
        "The port of Lindow was opened by the mayor. It has room for forty boats and is the first port on this coast.",
        (
            "About the Port of Lindow\n"
            "The port belongs to the town, which has four thousand inhabitants and no other port."
        ),
    ]


def test_a_date_prefix_and_windows_line_ends() -> None:
    release = read(" date 2021-04-22 LINDOW, April 23 /PRNewswire/ -- The port is open.\r\n\r\nIt has a crane.\r\n")
    assert release.published == date(2021, 4, 22)
    assert (release.place, release.wire) == ("LINDOW", "PRNewswire")
    assert release.text == "The port is open.\n\nIt has a crane."


def test_without_a_headline_the_title_is_the_first_sentence_and_stays_in_the_text() -> None:
    release = read("The port of Lindow, " + "which has a crane, " * 8 + "is open. It is large.\n\nIt has a workshop.")
    assert len(release.title) <= 80
    assert release.title.endswith("…")
    assert release.text.startswith(release.title[:-1])


def test_the_date_may_be_in_the_name_of_the_file() -> None:
    assert read("The port is open.", "2021-04-22-port.txt").published == date(2021, 4, 22)
    assert read("The port is open.", "2021-99-22-port.txt").published is None


@pytest.mark.parametrize("mark", ["###", "# # #", "-30-", "- 30 -", "* * *", "-ENDS-"])
@pytest.mark.parametrize("name", ["port.txt", "port.md"])
def test_end_marks_are_left_out(mark: str, name: str) -> None:
    assert read(f"The port is open.\n\n{mark}\n\nContact: Ane", name).text == "The port is open.\n\nContact: Ane"


def test_front_matter_wins_over_the_dateline() -> None:
    release = read(
        """\
---
id: Port_of-Lindow
title: "Port: open"
published: 22 April 2021
source: The Port
place: Lindow
url: https://port.example/1
tags: [a, b]
---
OSLO, April 23, 2021 /PRNewswire/ -- The port is open.
""",
        "other.md",
    )
    assert release.id == "Port_of-Lindow"
    assert release.title == "Port: open"
    assert release.published == date(2021, 4, 22)
    assert (release.source, release.place, release.wire) == ("The Port", "Lindow", "PRNewswire")
    assert release.url == "https://port.example/1"
    assert release.text == "The port is open."


@pytest.mark.parametrize(
    "published", ["2021-04-22", "2021-04-22T10:00:00Z", "'2021-04-22'", "April 22, 2021", "Thursday, 22 Apr. 2021"]
)
def test_dates_of_front_matter(published: str) -> None:
    assert read(f"---\npublished: {published}\n---\nOpen.").published == date(2021, 4, 22)


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ("---\ntitle: Port: open\n---\n", "not YAML"),
        ("---\ntitle: [open\n---\n", "not YAML"),
        (f"---\ntitle: {'[' * 5000}\n---\n", "not YAML"),
        ("---\ntitle: Port\nsource: Port\n\n", "never ends"),
        ("---\npublished: yesterday\n---\n", "not understood"),
        ("---\npublished: 2021-13-45\n---\n", "not understood"),
        ("---\nid: a b\n---\n", "a-b"),
    ],
)
def test_broken_front_matter_is_warned_about_and_the_body_is_read(head: str, complaint: str) -> None:
    release, warnings = read_release(f"{head}The port is open.\n".encode(), "port.md")
    assert release.text == "The port is open."
    assert len(warnings) == 1
    assert warnings[0].startswith("port.md ") and complaint in warnings[0]


@pytest.mark.parametrize("value", ["[a, b]", "{a: b}", "", "null", "!!python/object:os.system x", "&a [*a]"])
def test_no_type_of_value_is_trusted(value: str) -> None:
    for key in ("title", "published", "source", "place", "url", "id"):
        release, _ = read_release(f"---\n{key}: {value}\n---\nThe port is open.".encode(), "port.md")
        assert release.text == "The port is open."


def test_a_number_is_a_title_too() -> None:
    assert read("---\ntitle: 2021\nid: 007\n---\nThe port is open.").title == "2021"


def test_escape_sequences_of_front_matter_do_not_survive() -> None:
    assert read('---\ntitle: "a \\e[31mred\\e[0m \\u202eport"\n---\nOpen.').title == "a red port"


def test_markdown_becomes_plain_text() -> None:
    release = read(
        """\
# The *port* opens

The **port** of [Lindow](https://l.example) is `open`, and
it has ![a crane](crane.png) &amp; <b>more</b>.

<!-- not for print -->

> "Good," said
> the mayor.

## Facts

* one boat
* two
  boats
  1. small
  2. large

| boats | cranes |
|-------|--------|
| 40    | 1      |

<div>The <i>last</i> word</div>

Contact:
Ane Olsen
About Lindow
It is a town.
""",
        "port.md",
    )
    assert release.title == "The port opens"
    assert release.text.split("\n\n") == [
        "The port of Lindow is open, and it has a crane & more.",
        '"Good," said the mayor.',
        "Facts",
        "- one boat\n- two boats\n1. small\n2. large",
        "boats | cranes\n40 | 1",
        "The last word",
        "Contact: Ane Olsen",
        "About Lindow\nIt is a town.",
    ]


def test_a_heading_that_is_not_the_title_stays_in_the_text() -> None:
    assert read("---\ntitle: Port\n---\n# Lindow\n\nOpen.", "a.md").text == "Lindow\n\nOpen."
    assert read("---\ntitle: Port\n---\n# Port\n\nOpen.", "a.md").text == "Open."
    assert read("The port is open.\n\n## About Lindow\n\nA town.", "a.md").title == "The port is open."


@pytest.mark.parametrize("raw", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"###\n\n---\n", b"%PDF-1.7", b"<!-- a -->"])
def test_a_file_without_text_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(OnrecordError, match=r"port\.md"):
        read_release(raw, "port.md")


SNIPPETS = st.sampled_from(
    ["---\n", "title: ", "- ", "# ", "> ", "|", "SOURCE ", "/PRNewswire/ -- ", "OSLO", "\n\n", "April 22, 2021", " – "]
)


@given(st.binary(max_size=200) | st.lists(SNIPPETS | st.text(max_size=8)).map(lambda parts: "".join(parts).encode()))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for name in ("port.txt", "port.md"):
        try:
            release, _ = read_release(raw, name)
        except OnrecordError:
            continue
        assert any(map(str.isalnum, release.text))
        assert release.text == release.text.strip()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]|  |\n{3}", release.text)
        assert release.title and "\n" not in release.title
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", release.id)


@pytest.mark.skipif(not (SHARED / "release").is_dir(), reason="needs the wire texts in ../shared/release")
def test_the_wire_text_of_the_conference() -> None:
    (path,) = (SHARED / "release").glob("*.txt")
    release, warnings = read_release(path.read_bytes(), path.name)
    assert warnings == ()
    assert (release.place, release.published, release.wire) == ("WUXI, China", date(2021, 4, 22), "PRNewswire")
    assert release.text.startswith("From April 21 to 23, ")
    assert release.text.count("\n\n") == 6
