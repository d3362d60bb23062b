"""Place, date and wire come out of a dateline, and only out of one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.wire import read_dateline

STORY = "The port of Lindow was opened today by the mayor of the town."
DAY = date(2021, 4, 22)


@pytest.mark.parametrize(
    ("head", "place", "published", "wire"),
    [
        ("WUXI, China, April 22, 2021 /PRNewswire/ -- ", "WUXI, China", DAY, "PRNewswire"),
        ("ATLANTA, April 22, 2021 /PRNewswire-FirstCall/ -- ", "ATLANTA", DAY, "PRNewswire-FirstCall"),
        ("XI'AN, China, April 22, 2021 /Xinhua/ -- ", "XI'AN, China", DAY, "Xinhua"),
        ("TORONTO, April 22 /CNW/ - ", "TORONTO", None, "CNW"),
        ("/PRNewswire/ -- ", None, None, "PRNewswire"),
        ("NEW YORK--(BUSINESS WIRE)--", "NEW YORK", None, "BUSINESS WIRE"),
        ("SAN JOSE, Calif.--(BUSINESS WIRE)--", "SAN JOSE, Calif.", None, "BUSINESS WIRE"),
        ("LONDON, Apr. 22, 2021 (GLOBE NEWSWIRE) -- ", "LONDON", DAY, "GLOBE NEWSWIRE"),
        ("TORONTO, ONTARIO--(Marketwired - April 22, 2021) - ", "TORONTO, ONTARIO", DAY, "Marketwired"),
        ("NEW YORK, NY / ACCESSWIRE / April 22, 2021 / ", "NEW YORK, NY", DAY, "ACCESSWIRE"),
        ("NEW YORK and LONDON, April 22, 2021 /PRNewswire/ -- ", "NEW YORK and LONDON", DAY, "PRNewswire"),
        ("PARIS (AP) — ", "PARIS", None, "AP"),
        ("WASHINGTON, D.C. – ", "WASHINGTON, D.C.", None, None),
        ("WASHINGTON - ", "WASHINGTON", None, None),
        ("WASHINGTON--", "WASHINGTON", None, None),
        ("WASHINGTON (April 22, 2021) – ", "WASHINGTON", DAY, None),
        ("Washington, DC -- ", "Washington, DC", None, None),
        ("(Washington, D.C.) – ", "Washington, D.C.", None, None),
        ("Boise, Idaho - ", "Boise, Idaho", None, None),
        ("Geneva, 22 April 2021 – ", "Geneva", DAY, None),
        ("April 22, 2021 – Wuxi, China – ", "Wuxi, China", DAY, None),
        ("April 22, 2021 – ", None, DAY, None),
        ("SÃO PAULO, Thursday, April 22nd, 2021 – ", "SÃO PAULO", DAY, None),
    ],
)
def test_datelines(head: str, place: str | None, published: date | None, wire: str | None) -> None:
    line = head + STORY
    dateline = read_dateline(line)
    assert dateline is not None
    assert dateline[:3] == (place, published, wire)
    assert line[dateline.end :] == STORY


@pytest.mark.parametrize(
    "line",
    [
        "Wuxi -- a city in China -- has a port that was opened by the mayor today.",
        "London -- The capital of England -- has a port that was opened today.",
        "Washington - based lawyers say that the port of Lindow was opened today.",
        "The mayor said (Reuters) that the port was good -- and left the town early.",
        "Sen. Ann Olsen (R - Mont.) said that the port of Lindow was opened today.",
        "Ann Maria Olsen (February 27, 1902 – December 20, 1968) was a mayor of Lindow.",
        "IMPORTANT - The port of Lindow is closed today because of a storm at sea.",
        "ACME, Inc. - The company that runs the port said today that it is open.",
        "EPA - Cut by 4 percent, or $300 million, of what the port of Lindow has cost.",
        "May 5 – The port of Lindow was opened by the mayor, and it rained.",
        "July 17, 1998 - The council passes the plan for the port of Lindow.",
        "LINDOW, Norway, April 22, 2021 /PRNewswire/ --",
        "NEW YORK – PORT OF LINDOW OPENS, AND THE MAYOR IS GLAD",
        "The port -- the first of its kind -- was opened today.",
    ],
)
def test_a_line_without_a_dateline_is_left_whole(line: str) -> None:
    assert read_dateline(line) is None


@given(st.text(max_size=200))
def test_any_line_is_read(line: str) -> None:
    dateline = read_dateline(line.replace("\n", " "))
    assert dateline is None or 0 < dateline.end < len(line)


@given(st.text(st.characters(categories=["Ll", "Zs", "Nd"]), max_size=200))
def test_a_line_without_a_dash_or_a_wire_has_no_dateline(line: str) -> None:
    assert read_dateline("The " + line) is None
