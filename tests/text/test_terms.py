"""Two spellings of a word are one index term, and every term knows where it stands."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.stemming import stem
from bot.text.terms import ASKING_WORDS, STOP_WORDS, fold, terms, words, words_and_terms


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


def test_what_is_left_of_accents_alone_is_no_word() -> None:
    assert found("\u0300") == found("海\u0300")[1:] == []


def test_a_word_is_the_same_wherever_it_stands() -> None:
    assert terms("quay") == [("quay", 0, 4)]
    assert terms(" quay, (quay)\tquay") == [("quay", 1, 5), ("quay", 8, 12), ("quay", 14, 18)]


# What words are, branch by branch, as plainly as it can be said and without a thought of speed.
BRANCHES = re.compile(
    r"""
    (?P<dotted>(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![\w]))?)
  | (?P<ampersand>(?<!\w)[^\W\d_]{1,3}&[^\W\d_]{1,3}(?!\w))
  | (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)(?P<unit>[A-Za-z]{1,4}(?![A-Za-z]))?
  | (?P<word>(?:[^\W_]|[\u0300-\u036f])+(?:['’](?:[^\W\d_])+)?)
    """,
    re.VERBOSE,
)
SCALES = {"k": "thousand", "bn": "billion", "mn": "million", "mln": "million", "mio": "million", "tn": "trillion"}
MONEY = {"m": "million", "b": "billion", "t": "trillion"}
NUMBERS = dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
UNSPACED = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"


def plainly(text: str) -> list[tuple[str, int, int]]:
    """The words of a text and where they stand, found by `BRANCHES`."""
    read: list[tuple[str, int, int]] = []
    for match in BRANCHES.finditer(text):
        start, end = match.span()
        kind, whole = match.lastgroup, match[0]
        if kind == "dotted":
            read.append((fold(whole.replace(".", "")), start, end))
        elif kind == "ampersand":
            read.append((fold(whole), start, end))
        elif kind == "word":
            tail = next((whole.find(sign) for sign in "'’" if whole.find(sign) > 1), len(whole))
            word = fold(whole[:tail]).replace("’", "'")
            if re.search(UNSPACED, word) and not word.isascii():
                parts = re.finditer(f"{UNSPACED}|(?:(?!{UNSPACED}).)+", whole)
                read += [(fold(part[0]), start + part.start(), start + part.end()) for part in parts]
            else:
                read.append((str(NUMBERS.get(word, word)), start, start + tail))
        else:
            number, unit = match["number"].replace(",", ""), fold(match["unit"] or "")
            number = number.rstrip("0").rstrip(".") if "." in number else number
            scales = SCALES | MONEY if text[:start].endswith(tuple("$€£¥₹₽₩")) else SCALES
            if unit in scales:
                read += [(number, *match.span("number")), (scales[unit], *match.span("unit"))]
            else:
                read.append((number + unit, start, end))
    return [word for word in read if word[0]]


# Of the signs that decide between the branches there is no end in these; of others there are some.
DECIDING = st.text(st.sampled_from("aAbsUé海ｱ²٣05,..&&''’_-$€ \n\u0300"), max_size=12)
PIECES = st.sampled_from(
    "the quay Wuxi's don’t U.S. D.C R&D AT&T 1,000 3.50 $5m 250bn 5km seven O'Brien rock'n'roll Beyonce\u0301 ﬁne 海港 "
    "end.The 2021abcde x_y".split()
)
TEXTS = st.lists(DECIDING | PIECES | st.text(max_size=3), max_size=12).map("".join)


@given(TEXTS)
@settings(derandomize=True, deadline=None, max_examples=400)
def test_the_words_of_any_text_are_those_of_the_plain_branches(text: str) -> None:
    expected = plainly(text)
    telling = [(stem(word), start, end) for word, start, end in expected if word not in STOP_WORDS]
    assert list(words(text)) == expected
    assert terms(text) == telling
    assert words_and_terms(text) == ([word for word, _, _ in expected], [term for term, _, _ in telling])
