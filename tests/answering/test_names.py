"""Names in a sentence, and what they look to be the names of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.names import NameKind, named, names


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("However, Ingrid Dahl met Nils Berg and Oskar Lund.", ["Ingrid Dahl", "Nils Berg", "Oskar Lund"]),
        ("Norrvik's Harbour Company sold it.", ["Norrvik", "Harbour Company"]),
        ("It was Edward the Confessor who came.", ["Edward the Confessor"]),
        ("The firm's CEO is J. R. Berg of Norrvik.", ["CEO", "J. R. Berg of Norrvik"]),
        ("The Astra CEO Nils Berg spoke.", ["Astra", "Nils Berg"]),
        ("It opened on Monday in May.", []),
    ],
)
def test_runs_of_capitals_are_names(sentence: str, found: list[str]) -> None:
    assert [sentence[span.start : span.end] for span in names(sentence)] == found


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("It is Ingrid Dahl.", NameKind.PERSON),
        ("It is Dahl.", NameKind.SINGLE),
        ("It is Harbour Company.", NameKind.THING),
        ("It is the Norwegian Sea.", NameKind.THING),
        ("It is Norway.", NameKind.PLACE),
    ],
)
def test_what_a_name_looks_to_be_the_name_of(sentence: str, kind: NameKind) -> None:
    assert [found for _, found in named(sentence)] == [kind]


@given(st.text() | st.text(alphabet="AbI. ofthe’s-&CEO"))
@settings(derandomize=True, deadline=None)
def test_a_name_begins_with_a_capital_and_lies_inside_any_sentence(sentence: str) -> None:
    for span in names(sentence):
        assert 0 <= span.start < span.end <= len(sentence)
        assert sentence[span.start].isupper()
