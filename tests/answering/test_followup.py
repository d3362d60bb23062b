"""A question that leans on the one before is asked together with it; one that stands by itself is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.followup import follow_up


@pytest.mark.parametrize(
    ("previous", "question", "whole"),
    [
        ("How big is the industry?", "and in 2025?", "How big is the industry in 2025?"),
        ("How big was the industry in 2021?", "And in 2025?", "How big was the industry in 2025?"),
        ("how many parks are there?", "what about Gotland?", "how many parks are there Gotland?"),
        ("how many parks are there?", "And how about the harbour?", "how many parks are there the harbour?"),
        ("what does the city work hard to create?", "who said that?", "who said that: the city work hard to create?"),
        ("Who chairs the board?", "why?", "why: chairs the board?"),
        ("Who chairs the board?", "Since when?", "Since when: chairs the board?"),
        ("How big is the industry?", "who said that?", "who said that: the industry?"),
        ("Who opened the quay?", "when did they open it?", "when did they open it: opened the quay?"),
        ("The third quay", "where is it?", "where is it: The third quay?"),
        ("Who chairs\nthe board ?!", "  why \n?", "why: chairs the board?"),
    ],
)
def test_what_leans_is_asked_with_what_came_before(previous: str, question: str, whole: str) -> None:
    assert follow_up(question, previous) == whole


@pytest.mark.parametrize(
    "question",
    [
        "Who chairs the harbour board?",
        "how many companies are there?",
        "what is the name of the ferry that sails to Gotland?",
        "and who chairs the harbour board of Norrvik?",
        "how long does it take to sail to Gotland?",
        "Is there a ferry to Gotland?",
        "third quay cost",
        "When was the third quay opened?",
        "?",
        "",
        "and",
    ],
)
def test_what_stands_by_itself_is_asked_alone(question: str) -> None:
    assert follow_up(question, "How big is the industry?") is None


def test_nothing_leans_on_nothing() -> None:
    assert follow_up("and in 2025?", "") is None
    assert follow_up("why?", " ?") is None


def test_the_same_question_again_is_no_follow_up() -> None:
    assert follow_up("who said that?", "Who said that") is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_whole_holds_what_was_asked_on_one_line(question: str, previous: str) -> None:
    whole = follow_up(question, previous)
    if whole is not None:
        assert "\n" not in whole
        assert whole.endswith("?")
        assert len(whole) <= len(question) + len(previous) + 3
