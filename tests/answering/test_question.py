"""What is asked: the kind of the answer, the terms that find it, and the thing that it is to be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.question import AnswerKind, understand
from bot.text.terms import STOP_WORDS


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("who chairs the board?", AnswerKind.PERSON),
        ("Whose idea was it?", AnswerKind.PERSON),
        ("which person leads it?", AnswerKind.PERSON),
        ("What is the name of the mayor?", AnswerKind.PERSON),
        ("when did it open?", AnswerKind.DATE),
        ("in which year was it?", AnswerKind.DATE),
        ("How long ago was that?", AnswerKind.DATE),
        ("where is it?", AnswerKind.PLACE),
        ("what city is it in?", AnswerKind.PLACE),
        ("how much did the quay cost?", AnswerKind.MONEY),
        ("what’s the budget?", AnswerKind.MONEY),
        ("how many quays are there?", AnswerKind.NUMBER),
        ("how old is the harbour?", AnswerKind.NUMBER),
        ("what is the area of the platform?", AnswerKind.NUMBER),
        ("what percentage of people came?", AnswerKind.PERCENT),
        ("how long did it last?", AnswerKind.DURATION),
        ("how many years did it take?", AnswerKind.DURATION),
        ("why did it close?", AnswerKind.REASON),
        ("how come it closed?", AnswerKind.REASON),
        ("what is a quay?", AnswerKind.DEFINITION),
        ("what did they talk about?", AnswerKind.OTHER),
        ("quay", AnswerKind.OTHER),
        ("", AnswerKind.OTHER),
    ],
)
def test_the_kind_of_answer_that_is_wanted(question: str, kind: AnswerKind) -> None:
    assert understand(question).kind is kind
    assert understand(question.upper()).kind is kind


@pytest.mark.parametrize("before", ["and ", "ok, ", "Hi! ", "hello, so ", " well ", "Good morning, ", "please – "])
@pytest.mark.parametrize("question", ["who chairs the board?", "When did it open?", "is it open?"])
def test_what_people_say_before_they_ask_is_no_part_of_the_question(before: str, question: str) -> None:
    assert understand(before + question) == understand(question)


@pytest.mark.parametrize("text", ["Hello Kitty opened when?", "And?", "so", "hi", "Hiwho?", "the ok is when?", "OK"])
def test_words_that_only_look_like_it_are_kept(text: str) -> None:
    assert understand(text).text == text


def test_words_with_which_people_ask_find_nothing() -> None:
    assert understand("Please tell me who chairs the board").terms == understand("who chairs the board?").terms
    assert understand("name the companies").terms == ("compani",)


def test_words_with_which_people_ask_are_kept_where_there_are_no_others() -> None:
    assert understand("tell me").terms == ("tell",)


@pytest.mark.parametrize("question", ["who is it?", "what was that?", "why?", "and?", "?!", "🎉", ""])
def test_a_question_may_have_no_terms(question: str) -> None:
    assert understand(question).terms == ()


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("how many parks are there?", "park"),
        ("how many biomedical parks are there?", "park"),
        ("who is the party secretary of Norrvik?", "secretari"),
        ("whose idea was it?", "idea"),
        ("which year was it?", None),  # a year is only the kind of the answer
        ("how many people are there?", None),
        ("who chairs the board?", None),
        ("board", None),
    ],
)
def test_the_thing_that_the_answer_is_to_be(question: str, focus: str | None) -> None:
    assert understand(question).focus == focus


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("where did it take place?", "where was it held?"),
        ("how many took part?", "how many attended?"),
        ("who is in charge of the port?", "who leads the port?"),
        ("do they spend on research and development?", "do they spend on R&D?"),
    ],
)
def test_a_turn_of_speech_is_the_word_that_it_stands_for(question: str, said: str) -> None:
    assert understand(question).terms == understand(said).terms


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_any_text_is_understood_as_something(text: str) -> None:
    question = understand(text)
    assert question == understand(text)
    assert question.text == text
    assert len(question.terms) == len(question.words)
    assert all(word.term not in STOP_WORDS for word in question.words)
    assert all(0 <= word.start < word.end <= len(text) for word in question.words)
