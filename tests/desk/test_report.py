"""The page: well-formed, whole in itself, and safe whatever people asked."""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import fromstring as parsed

import pytest
from desk_world import ANNA, BERT, NOON, QUOTE, answered, unanswered

from bot.desk.drawing import NARROW, WIDE, chart_over_time
from bot.desk.figures import Count
from bot.desk.log import QuestionLog, open_log
from bot.desk.report import page, write_report
from bot.index.releases import ReleasesInMemory
from bot.model import OnrecordError, Release

VOID = {"meta", "br", "rect", "path"}
HOSTILE = '<script>alert("x")</script> {{ 7 * 7 }} \x1b[31m\u202e'
SHOWN = '<script>alert("x")</script> {{ 7 * 7 }}'
KNOWN = ReleasesInMemory([Release("quay", "x", "Norrvik opens a third quay"), Release("art", "x", "Art & <b>more</b>")])
SVG = "{http://www.w3.org/2000/svg}"


class Reader(HTMLParser):
    """Reads a page as strictly as XML, and keeps its tags, its attributes, its style and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = self.style = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += " "
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text += " "

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    reader.text = " ".join(reader.text.split())
    return reader


@pytest.fixture
def log(tmp_path: Path) -> Iterator[QuestionLog]:
    log = open_log(tmp_path / "data", 90_000)
    yield log
    log.close()


def shown(log: QuestionLog, days: int = 28) -> Reader:
    return read(page(log, KNOWN, days, NOON + timedelta(seconds=1)))


@pytest.fixture
def asked(log: QuestionLog) -> QuestionLog:
    """A log in which something stands in each part of the page."""
    good = log.note(
        answered(f"Who chairs? {HOSTILE}", title=f"A quay {HOSTILE}", quote=f"She does. {HOSTILE}", asked_at=NOON)
    )
    before = NOON - timedelta(hours=1)
    bad = log.note(answered("Who is the deputy?", BERT, way="group", language="es", asked_at=before))
    log.vote(good, BERT, True, "quay", f"She does. {HOSTILE}")
    log.vote(bad, ANNA, False, "quay", QUOTE)
    for person in (ANNA, BERT):
        log.note(unanswered(f"Are dogs allowed? {HOSTILE}", person, asked_at=NOON - timedelta(days=2)))
    log.note(unanswered(f"Dogs allowed? {HOSTILE}", BERT, asked_at=NOON))
    log.note(unanswered(f"Is there parking? {HOSTILE}", asked_at=NOON))
    return log


def test_what_people_wrote_is_text_and_never_markup(asked: QuestionLog) -> None:
    reader = shown(asked)
    assert {"script", "b"} & reader.tags == set()
    assert not [name for _, name, _ in reader.attributes if name.startswith("on") or name == "style"]
    assert not {"\x1b", "\u202e"} & {*reader.text}
    for said in ("Who chairs?", "A quay", "She does.", "Are dogs allowed?", "Dogs allowed?", "Is there parking?"):
        assert f"{said} {SHOWN}" in reader.text
    assert "Art & <b>more</b>" in reader.text


def test_the_page_asks_for_nothing_and_may_run_nothing(asked: QuestionLog) -> None:
    reader = shown(asked)
    assert {"script", "link", "img", "iframe", "base", "image", "use", "form"} & reader.tags == set()
    assert not [value for _, name, value in reader.attributes if name in ("src", "href", "xlink:href")]
    assert "url(" not in reader.style
    assert "@import" not in reader.style
    (policy,) = (value for _, name, value in reader.attributes if name == "content" and "default-src" in value)
    digest = b64encode(sha256(reader.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_figures_are_large_and_the_open_questions_come_next(asked: QuestionLog) -> None:
    text = shown(asked).text
    assert "Questions 6 were put to the releases" in text
    assert "People 2 asked them" in text
    assert "Answered 33% with a sentence of a release" in text
    assert "Found right 50% of 2 votes on answers" in text
    assert f"3 times Are dogs allowed? {SHOWN} by 2 people · 8 March to 10 March 1 other wording" in text
    assert "1 that was asked once" in text
    heads = [
        "What no release answers",
        "Questions over time",
        "Releases most quoted",
        "Votes on answers",
        "Where and in",
    ]
    assert [text.index(head) for head in heads] == sorted(text.index(head) for head in heads)


def test_the_rest_of_the_page_is_there(asked: QuestionLog) -> None:
    text = shown(asked).text
    assert "11 February to 10 March 2026" in text
    assert f"Release Questions People A quay {SHOWN} 2 2" in text
    assert "1 was not quoted Art & <b>more</b>" in text
    assert "Most votes against Who is the deputy? " + QUOTE in text
    assert "▲ 0 for ▼ 1 against" in text
    assert "Private chats 5 Groups 1" in text
    assert "English 5 Spanish 1" in text
    assert "no name, number or chat is kept" in text


def test_a_chart_has_a_name_and_a_table_with_its_figures(asked: QuestionLog) -> None:
    html = page(asked, KNOWN, 28, NOON + timedelta(seconds=1))
    charts = re.findall(r"<svg[^>]*class=\"[^\"]*chart.*?</svg>", html, re.DOTALL)
    assert len(charts) == 2
    assert all('role="img"><title>Questions a day from 11 February 2026 on</title>' in chart for chart in charts)
    text = read(html).text
    assert "Day Answered Not answered 11 February 2026 0 0" in text
    assert "8 March 2026 0 2 9 March 2026 0 0 10 March 2026 2 2" in text


def test_it_is_compared_with_the_time_before_where_the_log_has_all_of_it(asked: QuestionLog) -> None:
    assert "days before" not in shown(asked).text
    for days in (100, 30, 29):
        asked.note(answered(asked_at=NOON - timedelta(days=days)))
    text = shown(asked).text
    assert "200% more than in the 28 days before" in text
    assert "67 points down from 100% in the 28 days before" in text


def test_an_empty_log_says_what_will_be_there(log: QuestionLog, tmp_path: Path) -> None:
    text = shown(log).text
    assert "Nothing was asked yet" in text
    assert "Questions are kept for 90,000 days." in text
    log.note(unanswered(asked_at=NOON - timedelta(days=200)))
    assert "Nothing was asked in this time" in shown(log).text
    nothing = open_log(tmp_path / "nothing", 0)
    assert "The retention is 0 days" in shown(nothing).text
    nothing.close()


@pytest.mark.parametrize("days", [1, 2, 90, 91, 3000])
def test_any_number_of_days_makes_a_page(asked: QuestionLog, days: int) -> None:
    assert "Questions over time" in shown(asked, days).text


@pytest.mark.parametrize("most", [0, 1, 3, 4, 9, 10, 99, 1_000, 123_456])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_bars_stand_in_the_chart_one_on_the_other(most: int, size: tuple[int, int]) -> None:
    counts = [
        Count(date(2026, 1, 1) + timedelta(days=n), 1, most // (n + 1), most - most // (n + 1)) for n in range(60)
    ]
    root = parsed(chart_over_time(counts, "Questions", size))  # noqa: S314 -- our own drawing
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "g", "rect", "path", "text"}
    bars = [rect for rect in root.iter(f"{SVG}rect") if "reactive" in rect.get("class", "")]
    assert len(bars) == 120
    bottom = max(float(bar.attrib["y"]) + float(bar.attrib["height"]) for bar in bars)
    for below, above in zip(bars[:60], bars[60:], strict=True):
        if float(above.attrib["height"]):
            top = float(below.attrib["y"]) if float(below.attrib["height"]) else bottom
            assert float(above.attrib["y"]) + float(above.attrib["height"]) == pytest.approx(top, abs=0.01)
    lines = [text.text or "" for text in root.iter(f"{SVG}text")]
    numbers = [int(line.replace(",", "")) for line in lines if line.replace(",", "").isdigit()]
    assert numbers[0] == 0
    assert most <= max(numbers) <= max(1, 2 * most)
    assert len(numbers) <= 6


def test_a_page_is_written_over_itself_and_over_nothing_else(asked: QuestionLog, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    for _ in range(2):
        write_report(path, asked, KNOWN, now=NOON)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [one.name for one in tmp_path.iterdir() if one.name != "data"] == ["report.html"]
    path.write_text("<!DOCTYPE html>\n<html lang='en'>Mine")
    with pytest.raises(OnrecordError, match="is there already and is something else"):
        write_report(path, asked, KNOWN, now=NOON)
    assert path.read_text().endswith("Mine")
    with pytest.raises(OnrecordError, match="is a folder"):
        write_report(tmp_path, asked, KNOWN, now=NOON)
    with pytest.raises(OnrecordError, match="There is no folder"):
        write_report(tmp_path / "nowhere" / "report.html", asked, KNOWN, now=NOON)
