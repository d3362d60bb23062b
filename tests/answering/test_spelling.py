"""A mistyped word is read as the word that was meant; a good word is left as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.answering.question import understand
from bot.answering.spelling import corrected, nearest
from bot.index.corpus import Corpus
from bot.text.stemming import stem


def corrections(question: str, corpus: Corpus) -> dict[str, str]:
    return dict(corrected(understand(question), corpus)[1])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("harbuor", "harbour"),  # swapped
        ("harbur", "harbour"),  # left out
        ("harbbour", "harbour"),  # doubled
        ("harboir", "harbour"),  # the key beside it
        ("Norvik", "norrvik"),
        ("Gotlnad", "gotland"),
        ("HARBUOR", "harbour"),
    ],
)
def test_a_slip_of_typing(typed: str, meant: str, coast: Corpus) -> None:
    assert corrections(f"who knows the {typed} well?", coast) == {typed.lower(): meant}


def test_the_terms_are_those_of_the_word_that_was_meant(coast: Corpus) -> None:
    question, pairs = corrected(understand("who chiars the harbuor board?"), coast)
    assert question.terms == understand("who chairs the harbour board?").terms
    assert pairs == (("chiars", "chairs"), ("harbuor", "harbour"))


def test_a_word_that_may_be_said_in_another_way_is_corrected_too(coast: Corpus) -> None:
    """No release here says `attended`, but another might say `experts took part`."""
    assert corrections("who atended the opening?", coast) == {"atended": "attended"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wich harbour opened?", "which harbour opened?"),
        ("wen did the harbour open?", "when did the harbour open?"),
        ("In wich harbour is the ferry?", "In which harbour is the ferry?"),
        ("whta is the harbour?", "what is the harbour?"),
        ("how mnay ferries are there?", "how many ferries are there?"),
        ("hwo much is the harbour?", "how much is the harbour?"),
        ("hwo mutch is the harbour?", "how much is the harbour?"),
        ("who chairs teh harbour board?", "who chairs the harbour board?"),
        ("what deos the harbour board say?", "what does the harbour board say?"),
        ("pleese name the harbour", "please name the harbour"),
    ],
)
def test_a_mistyped_word_that_asks_is_understood_as_what_was_meant(typed: str, meant: str, coast: Corpus) -> None:
    assert corrected(understand(typed), coast)[0] == understand(meant)


@pytest.mark.parametrize(
    "question", ["who is Thea?", "who is Wen?", "Is Whan in the harbour?", "how is the whan?", "what is the mannay?"]
)
def test_a_name_is_not_taken_for_a_word_that_asks(question: str, coast: Corpus) -> None:
    assert not {*corrections(question, coast).values()} & {"the", "when", "what", "many"}


@pytest.mark.parametrize(
    "question",
    [
        "who chairs the harbour board?",
        "how tall is mount everest?",
        "who repaired it?",  # another form of a word of the corpus
        "how big is the hall?",  # a good word, one letter from "hill"
        "who is xq?",
        "is it 40001?",
        "is the 海港 open?",
        "zzzzzzzz",
    ],
)
def test_what_is_left_as_it_is(question: str, coast: Corpus) -> None:
    typed = understand(question)
    assert corrected(typed, coast) == (typed, ())


def test_two_words_that_the_corpus_has_as_one(coast: Corpus) -> None:
    question, pairs = corrected(understand("do the fer ries sail to Got land?"), coast)
    assert stem("ferries") in question.terms and "gotland" in question.terms
    assert pairs == ()


def test_two_words_that_the_corpus_knows_stay_two(coast: Corpus) -> None:
    typed = understand("harbour board")
    assert corrected(typed, coast) == (typed, ())


def test_among_equals_the_first_letter_decides_then_the_more_frequent() -> None:
    assert nearest("bost", ("post", "best", "boast")) == "best"
    assert nearest("bost", ("post", "boast", "best")) == "boast"


def test_a_short_word_is_too_near_to_everything() -> None:
    assert nearest("quy", ("quay",)) is None
    assert nearest("quya", ("quay",)) == "quay"


def test_two_slips_only_in_long_words() -> None:
    assert nearest("hrboru", ("harbour",)) is None
    assert nearest("conferrance", ("conference",)) == "conference"


def test_nothing_is_near_where_there_are_no_words() -> None:
    assert nearest("quay", ()) is None


LETTERS = st.text(alphabet="abc", min_size=1, max_size=11)


@given(st.lists(LETTERS, unique=True).map(tuple), LETTERS, st.lists(st.tuples(st.integers(0, 10), LETTERS), max_size=2))
@settings(derandomize=True, deadline=None)
def test_no_near_word_is_overlooked(words: tuple[str, ...], word: str, edits: list[tuple[int, str]]) -> None:
    """Not every word is compared with what was typed; it is as if every one were."""
    vocabulary = (word, *(other for other in words if other != word))
    typed = word
    for place, letter in edits:
        typed = typed[:place] + letter[0] + typed[place + len(letter) % 2 :]
    slips = 2 if len(typed) >= 8 else 1
    compared = [(OSA.distance(typed, known), known[0] != typed[0], at) for at, known in enumerate(vocabulary[:10])]
    near = [hit for hit in compared if hit[0] <= slips and len(vocabulary[hit[2]]) > 2]
    expected = vocabulary[min(near)[2]] if near and len(typed) >= 4 else None
    assert nearest(typed, vocabulary[:10]) == expected


@given(st.text(max_size=60))
@settings(derandomize=True, deadline=None)
def test_any_question_is_corrected_to_words_that_are_known(coast: Corpus, text: str) -> None:
    question, pairs = corrected(understand(text), coast)
    assert len(question.terms) == len(question.words)
    assert len(dict(pairs)) == len(pairs)
    assert all(typed != meant for typed, meant in pairs)
