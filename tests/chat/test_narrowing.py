"""What operators in a question say, and what is left of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.language import languages, speaking
from bot.chat.narrowing import Narrowed, NarrowingError, asked_sentence, both, narrowed, scope_of
from bot.index.scope import Scope


def parts(line: str) -> tuple[str, Scope | None]:
    return narrowed(line)[:2]


@pytest.mark.parametrize(
    ("line", "question", "scope"),
    [
        ("who spoke from:grassley", "who spoke", Scope(source="grassley")),
        ("from:grassley who spoke?", "who spoke?", Scope(source="grassley")),
        ("who FROM:Grassley spoke", "who spoke", Scope(source="Grassley")),
        ("who spoke from:grassley?", "who spoke?", Scope(source="grassley")),
        ('who spoke? from:"acme corp"', "who spoke?", Scope(source="acme corp")),
        ("from:“acme corp” who spoke?", "who spoke?", Scope(source="acme corp")),
        ("from:„acme corp“ who spoke?", "who spoke?", Scope(source="acme corp")),
        ("who spoke since:2006", "who spoke", Scope(since=date(2006, 1, 1))),
        ("who spoke since:2006-03", "who spoke", Scope(since=date(2006, 3, 1))),
        ("who spoke since:2006-3-14?", "who spoke?", Scope(since=date(2006, 3, 14))),
        ("who spoke until:2007", "who spoke", Scope(until=date(2007, 12, 31))),
        ("who spoke until:2008-02", "who spoke", Scope(until=date(2008, 2, 29))),
        ("who spoke until:2008-02-03", "who spoke", Scope(until=date(2008, 2, 3))),
        ("who spoke in:2006", "who spoke", Scope(since=date(2006, 1, 1), until=date(2006, 12, 31))),
        ("who spoke on:2006-03-14", "who spoke", Scope(since=date(2006, 3, 14), until=date(2006, 3, 14))),
        ("谁主持？from：无锡", "谁主持？", Scope(source="无锡")),
        (
            "since:2006 who from:grassley spoke until:2007 ?",
            "who spoke?",
            Scope(source="grassley", since=date(2006, 1, 1), until=date(2007, 12, 31)),
        ),
        ("who since:2005 since:2006 spoke", "who spoke", Scope(since=date(2006, 1, 1))),
    ],
)
def test_operators_are_taken_out_of_the_question(line: str, question: str, scope: Scope) -> None:
    assert parts(line) == (question, scope)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "  who  chairs\nthe chain? ",
        "what is the message from: the senator",
        "what is the message from:",
        "who opened https://acme.example/from:grassley?since:2006",
        "what is at since://2006",
        "when is the meeting, at 10:45 or until 11:00?",
        "who is therefrom:grassley",
        'who is from:""',
        "who is from:?!",
        "plugin:2006",
    ],
)
def test_what_is_no_operator_stays_a_question_letter_by_letter(line: str) -> None:
    assert narrowed(line) == Narrowed(line)


@pytest.mark.parametrize(
    "value", ["yesterday", "06", "2006-13", "2006-02-30", "2006-03-14-1", "0000", "２００６", "20061"]
)
def test_a_date_that_cannot_be_read_is_said_with_the_forms_that_can(value: str) -> None:
    said = f"{value} is no date: write a year, a month or a day after since:, such as 2006, 2006-03, 2006-03-14."
    with pytest.raises(NarrowingError, match=f"^{said}$"):
        narrowed(f"who spoke since:{value}")


@pytest.mark.parametrize("line", ["from:grassley", " since:2006 ? ", 'from:"acme corp" until:2007'])
def test_an_operator_alone_asks_nothing_and_gets_an_example(line: str) -> None:
    with pytest.raises(NarrowingError, match=r"^Put a question beside it, for example: who chairs the chain\? from:"):
        narrowed(line)


def test_the_operators_are_known_as_they_were_typed() -> None:
    assert narrowed("who spoke from:“acme corp”, Since:2006?").operators == "from:“acme corp” Since:2006"


def test_what_nothing_can_be_in_is_an_error() -> None:
    with pytest.raises(NarrowingError, match="No day is both since 1 January 2008 and until 31 December 2006"):
        narrowed("who spoke since:2008 until:2006")
    with pytest.raises(NarrowingError, match="Only one source can be asked at a time: acme or grassley"):
        narrowed("who spoke from:acme from:grassley")


def test_of_two_scopes_what_is_in_both_is_asked() -> None:
    one = Scope(frozenset("ab"), "Acme", date(2006, 1, 1), date(2009, 1, 1))
    other = Scope(frozenset("bc"), "ACME Corp", date(2005, 1, 1), date(2008, 1, 1))
    assert both(one, other) == Scope(frozenset("b"), "ACME Corp", date(2006, 1, 1), date(2008, 1, 1))
    assert both(None, one) == both(one, None) == both(one, Scope()) == one
    assert both(None, None) is None


def test_options_say_the_same_as_operators() -> None:
    assert scope_of(None, None, None) is None
    wanted = narrowed('who? from:"acme corp" since:2006 until:2007-02').scope
    assert scope_of("acme corp", "2006", "2007-02") == wanted
    with pytest.raises(NarrowingError, match=r"^soon is no date: .* after --until, such as"):
        scope_of(None, None, "soon")


def test_which_releases_were_asked_is_said_in_every_combination() -> None:
    source, since, until = "Grassley", date(2006, 1, 1), date(2007, 12, 31)
    assert asked_sentence(None) == asked_sentence(Scope(frozenset("a"))) == ""
    assert asked_sentence(Scope(None, source, since)) == "Only releases from Grassley since 1 January 2006 were asked."
    for language in ("en", *languages()):
        with speaking(language):
            said = {
                asked_sentence(Scope(None, name, first, last))
                for name in (None, source)
                for first in (None, since)
                for last in (None, until)
            }
        assert len(said) == 8
        assert sum("Grassley" in sentence for sentence in said) == 4
        assert sum("2006" in sentence for sentence in said) == sum("2007" in sentence for sentence in said) == 4


def test_a_source_from_outside_is_shown_short_and_obeyed_by_nothing() -> None:
    said = asked_sentence(Scope(source="a\x1b[31m" + "x" * 500))
    assert "\x1b" not in said
    assert len(said) < 120


@given(st.text())
def test_any_line_is_a_question_or_one_sentence(line: str) -> None:
    try:
        question, scope, operators = narrowed(line)
    except NarrowingError as error:
        assert "\n" not in str(error)
    else:
        assert (scope is None) == (operators == "")
        assert scope is not None or question == line


@given(
    st.lists(
        st.sampled_from(["from:acme", "since:2006", "until:2007-02", 'from:"acme co"', "who", "since", ":", '"', "?"]),
        min_size=1,
    )
)
def test_what_is_left_of_a_line_has_no_operator_in_it(words: list[str]) -> None:
    try:
        left = narrowed(" ".join(["who", *words]))
    except NarrowingError:
        return
    assert narrowed(left.question) == Narrowed(left.question)
    if left.operators:
        assert narrowed(f"who {left.operators}")[1] == left.scope
