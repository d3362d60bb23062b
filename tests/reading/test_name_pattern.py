"""What the name of a file says of its release, by a pattern that a user gives."""

import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import RELEASE

from bot.model import OnrecordError
from bot.reading.drafting import read_draft
from bot.reading.name_pattern import Named, NamePattern, apply, compile_pattern, named

SENATE = "{source}/{date:DDMonYYYY}*.txt"
NAMES = st.text(st.sampled_from("ab/1-_. éñ\udced{}*?\n"), max_size=40)
PATTERNS = st.lists(
    st.sampled_from(["{source}", "{title}", "{place}", "{id}", "{date}", "*", "?", "/", "a", "-", ".", "1"]), max_size=8
).map("".join)


def read(pattern: str, name: str) -> Named | None:
    return named(compile_pattern(pattern), name)


@pytest.mark.parametrize(
    ("pattern", "name", "said"),
    [
        (SENATE, "raw/Kerry/02Feb2005Kerry261.txt", Named("Kerry", date(2005, 2, 2))),
        (SENATE, "Kerry/2feb2005.TXT", Named("Kerry", date(2005, 2, 2))),
        ("{date:DDMonYYYY}*.txt", "raw/Kerry/02Feb2005Kerry261.txt", Named(None, date(2005, 2, 2))),
        ("./{source}/{date}.md", "Acme/2021-04-22.md", Named("Acme", date(2021, 4, 22))),
        ("{date:YYYY/MM/DD}/{title}.txt", "2021/4/22/port_opens.txt", Named(None, date(2021, 4, 22), "port opens")),
        ("{date:Month DD, YYYY}*", "September 3, 1999.txt", Named(None, date(1999, 9, 3))),
        ("{date:MonDDYY}*", "Sept0370.txt", Named(None, date(1970, 9, 3))),
        ("{date:DD.MM.YY} {source}.txt", "03.09.69 Acme.txt", Named("Acme", date(2069, 9, 3))),
        ("{source}-{title}-{place}.txt", "Acme_Corp-Port Opens-New_York.txt",
         Named("Acme_Corp", None, "Port Opens", "New York")),
        ("{title}.txt", "port-opens-2021.txt", Named(None, None, "port opens 2021")),
        ("{title}.txt", "COVID-19 in the port.txt", Named(None, None, "COVID-19 in the port")),
        ("{title}.txt", "COVID-19_in_the_port.txt", Named(None, None, "COVID-19 in the port")),
        ("*_{id}.txt", "release_A 7!.txt", Named(id="A-7")),
        ("??{source}?.txt", "01Acme2.txt", Named("Acme")),
        ("[{source}](+).txt", "[Acme](+).txt", Named("Acme")),
        ("{source}/*", "Garc\udceda/a.txt", Named("García")),
        ("{source}/*", "Jose\u0301\x1b[31m/a.txt", Named("José")),
    ],
)  # fmt: skip
def test_a_name_says_what_the_pattern_finds_in_it(pattern: str, name: str, said: Named) -> None:
    assert read(pattern, name) == said


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (SENATE, "02Feb2005Kerry261.txt"),
        (SENATE, "Kerry/02Feb2005Kerry261.md"),
        (SENATE, "Kerry/notes.txt"),
        ("raw/{source}/*.txt", "draw/Kerry/a.txt"),
        ("{source}.txt", "Kerry/.txt"),
        ("?{source}.txt", "K.txt"),
        ("{date}-{source}.txt", "about-us.txt"),
    ],
)
def test_a_name_that_does_not_fit_says_nothing(pattern: str, name: str) -> None:
    assert read(pattern, name) is None


@pytest.mark.parametrize(
    "name", ["Leahy/30Feb2005Leahy1.txt", "Leahy/19Dec207iLeahy10.txt", "Leahy/2008Jul2008Leahy.txt"]
)
def test_a_date_that_cannot_be_one_is_none_and_the_rest_counts(name: str) -> None:
    assert read(SENATE, name) == Named("Leahy")


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("*.txt", "says nothing"),
        ("", "says nothing"),
        ("{source/*", "has a { without its other half"),
        ("source}/*", "has a } without its other half"),
        ("{sender}/*", "has {sender}, which is none of {source}"),
        ("{source:DD}/*", "has {source:DD}, which is none of"),
        ("{source}/{source}.txt", "has {source} twice"),
        ("{source}/", "ends with a folder"),
        ("{date:ddMonYYYY}*", "has dd in its date"),
        ("{date:MonYYYY}*", "has a date without one day, one month and one year"),
        ("{date:DDMMMonYYYY}*", "has a date without one day, one month and one year"),
        ("{date:DDDMonYYYY}*", "has D in its date"),
    ],
)
def test_a_pattern_that_is_none_is_told_in_one_sentence_with_an_example(pattern: str, fault: str) -> None:
    with pytest.raises(OnrecordError, match=r": write it like \{source\}/\{date:DDMonYYYY\}\*\.txt\.$") as told:
        compile_pattern(pattern)
    assert fault in str(told.value)


@given(PATTERNS, NAMES)
def test_whatever_the_pattern_and_the_name_there_is_an_answer_that_can_be_kept(pattern: str, name: str) -> None:
    try:
        said = read(pattern, name)
    except OnrecordError:
        return
    for value in (said.source, said.title, said.place, said.id) if said else ():
        assert value is None or (value == value.strip() and value.isprintable() and value.encode())


@given(st.text("ab-", min_size=1, max_size=12), st.text("ab", min_size=1, max_size=5))
def test_a_field_is_the_shortest_run_that_fits(source: str, title: str) -> None:
    said = read("{source}-{title}.txt", f"{source}-{title}.txt")
    assert said
    assert said.source == (source[0] + source[1:].partition("-")[0])


def test_a_name_made_to_take_forever_does_not() -> None:
    pattern = compile_pattern("*a*a*a*a*a*a*a*a{source}a*a*a*a*a*a*a*a{date}*.txt")
    assert named(pattern, "a" * 5_000) is None


def test_a_pattern_is_its_text_and_can_be_sent_to_another_process() -> None:
    pattern: NamePattern = pickle.loads(pickle.dumps(compile_pattern(SENATE)))  # noqa: S301
    assert pattern == compile_pattern(SENATE)
    assert named(pattern, "Kerry/02Feb2005.txt") == Named("Kerry", date(2005, 2, 2))


NAMED = Named("Acme", date(2020, 1, 1), "Of the name", "Bergen", "of-the-name")


def test_front_matter_is_believed_before_the_name() -> None:
    raw = b"---\nid: a\ntitle: Of the file\nsource: Port\npublished: 2021-04-22\nplace: Oslo\n---\nThe port of Oslo is open.\n"
    draft = read_draft(raw, "a.md")
    assert apply(draft, NAMED, raw) == draft


@pytest.mark.parametrize(
    "raw",
    [
        b"---\ntitle: A\n---\nOSLO, April 22, 2021 - The port is open.",
        "\ufeff---\ntitle: A\n---\nThe port.".encode("utf-16"),
    ],
)
def test_what_front_matter_does_not_say_the_name_does(raw: bytes) -> None:
    draft = apply(read_draft(raw, "a.txt"), NAMED, raw)
    assert (draft.title, draft.source, draft.published, draft.id) == ("A", "Acme", date(2020, 1, 1), "of-the-name")


def test_a_date_and_a_source_in_a_text_are_believed_less_than_the_name_and_its_headline_and_place_more() -> None:
    raw = f"The Port Opens\n\n{RELEASE}\nSOURCE The Port of Lindow\n".encode()
    draft = read_draft(raw, "a.txt")
    assert (draft.source, draft.published) == ("The Port of Lindow", date(2021, 4, 22))
    draft = apply(draft, NAMED, raw)
    assert (draft.source, draft.published) == ("Acme", date(2020, 1, 1))
    assert (draft.title, draft.place) == ("The Port Opens", "LINDOW, Norway")


def test_a_title_that_is_only_the_first_sentence_gives_way_to_that_of_the_name() -> None:
    raw = b"The port is open to all who come."
    assert apply(read_draft(raw, "a.txt"), NAMED, raw).title == "Of the name"
    assert apply(read_draft(raw, "a.txt"), Named(), raw) == read_draft(raw, "a.txt")
