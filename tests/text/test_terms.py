"""Two spellings of a word are one index term, and every term knows where it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.stemming import stem
from bot.text.terms import ASKING_WORDS, STOP_WORDS, fold, terms, words


def found(text: str) -> list[str]:
    """The words of a text as they are folded."""
    return [word.term for word in words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,000 ferries", "1000 ferries"),
        ("1,234,567.80", "1234567.8"),
        ("250bn", "250 billion"),
        ("$5m", "$5 million"),
        ("€3 bn", "€3 bn"),
        ("10k runners", "10 thousand runners"),
        ("3.50", "3.5"),
        ("2.0", "2"),
        ("twelve quays", "12 quays"),
        ("Norrvik's quay", "Norrvik quay"),
        ("Norrvik’s quay", "Norrvik's quay"),
        ("the mayors’ oath", "the mayors oath"),
        ("world-class harbour", "world class harbour"),
        ("world‑class harbour", "world class harbour"),
        ("Beyoncé", "Beyonce"),
        ("BEYONCE", "Beyonce\u0301"),
        ("Ångström", "angstrom"),
        ("Straße", "STRASSE"),
        ("ﬁne", "fine"),
        ("U.S. ferries", "US ferries"),
        ("D.C.", "DC"),
        ("“quay”", '"quay"'),
        ("R&D", "r&d"),
    ],
)
def test_two_spellings_of_one_word(one: str, other: str) -> None:
    assert [term.term for term in terms(one)] == [term.term for term in terms(other)] != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 3rd quay", ["the", "3rd", "quay"]),
        ("12km", ["12km"]),
        ("5m of rope", ["5m", "of", "rope"]),  # metres, where nothing says that it is money
        ("1,00", ["1", "00"]),  # no thousands
        ("quays won't close", ["quays", "won", "close"]),
        ("under_score", ["under", "score"]),
        ("海港 opens", ["海", "港", "opens"]),
        ("!?… — 🎉", []),
        ("", []),
    ],
)
def test_the_words_of_a_text(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_forms_of_a_word_share_a_term() -> None:
    assert len({terms(word)[0].term for word in ("ferry", "ferries", "Ferry's")}) == 1
    assert terms("held")[0].term == terms("holding")[0].term


def test_stop_words_and_question_words_are_no_terms() -> None:
    assert terms("Who is it, when, where and why?") == []
    assert terms("What's the harbour's depth?") == [("harbour", 11, 18), ("depth", 21, 26)]


def test_stop_words_and_asking_words_are_written_as_words_are_folded() -> None:
    for word in STOP_WORDS | ASKING_WORDS:
        assert found(word) == [word]
    assert not STOP_WORDS & ASKING_WORDS


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_words_stand_in_order_inside_any_text(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.term and not any(sign.isspace() for sign in word.term)
        end = word.end


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_the_terms_of_any_text_are_its_telling_words_stemmed(text: str) -> None:
    telling = [word for word in words(text) if word.term not in STOP_WORDS]
    assert terms(text) == [(stem(word.term), word.start, word.end) for word in telling]


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
