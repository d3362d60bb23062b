"""How a question is put."""

import pytest

from bot.answering.asking import asking, wants_words
from bot.answering.question import understand


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("who opened the quay?", "subject"),
        ("who did the mayor meet?", "object"),
        ("who is the mayor?", "copula"),
        ("where was the quay opened?", "passive"),
        ("what company opened the quay?", "subject"),
    ],
)
def test_what_part_of_its_sentence_is_asked_for(question: str, form: str) -> None:
    assert asking(question).form == form


def test_the_thing_that_is_asked_for_and_the_words_around_it() -> None:
    asked = asking("from which rivers did the ferry sail?")
    assert (asked.nouns, asked.preposition, asked.anchors) == (("rivers",), "from", ("ferri", "sail"))
    assert asked.wants_name


@pytest.mark.parametrize("question", ["", "?", "quay", "who", "how many", "what is"])
def test_any_question_is_read(question: str) -> None:
    assert asking(question).form in ("subject", "object", "copula", "passive")


@pytest.mark.parametrize(
    ("question", "few"),
    [("which river is it?", True), ("how was it built?", False), ("what did they say?", False), ("is it open?", False)],
)
def test_a_few_words_answer_some_questions_only(question: str, few: bool) -> None:
    assert wants_words(understand(question)) is few
