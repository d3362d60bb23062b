"""The words that every way in says."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.wording import corrections_sentence, example_question, printable, refusal_sentence, source_line
from bot.model import Refusal, Release, Reply


def test_a_source_line_has_title_date_and_source(make_release: Callable[..., Release]) -> None:
    assert source_line(make_release()) == "Norrvik opens a third quay · 14 May 2024 · Port of Norrvik"


def test_a_source_line_says_only_what_is_known(make_release: Callable[..., Release]) -> None:
    assert source_line(make_release(published=None, source=None)) == "Norrvik opens a third quay"
    assert source_line(make_release(source=" ", title="A\x1b[2J\nB")) == "A B · 14 May 2024"
    assert source_line(make_release(title=" \n", published=None, source=None)) == "quay"


@pytest.mark.parametrize("refusal", Refusal)
def test_each_refusal_is_one_sentence_or_two_that_say_what_to_do(refusal: Refusal) -> None:
    sentence = refusal_sentence(Reply("?", refusal=refusal))
    assert 20 < len(sentence) < 90
    assert "\n" not in sentence


def test_an_answer_is_no_refusal(reply: Reply) -> None:
    assert refusal_sentence(reply) == ""


def test_words_that_were_read_differently_are_named() -> None:
    assert corrections_sentence(Reply("?")) == ""
    assert corrections_sentence(Reply("?", corrections=(("chiars", "chairs"),))) == "I read «chiars» as «chairs»."
    three = (("chiars", "chairs"), ("chian", "chain"), ("\x1b[1mwoh", "who"))
    said = "I read «chiars» as «chairs». I read «chian» as «chain». I read «woh» as «who»."
    assert corrections_sentence(Reply("?", corrections=three)) == said


def test_the_example_fits_the_corpus() -> None:
    assert example_question(["chairs", "chain"]) == "who chairs the chain?"
    assert example_question(["people"]) == "how many people took part?"
    assert example_question([]) == "when was it announced?"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;no end", "]0;no end"),
        ("a\x1b", "a"),
        ("a\r\nb\tc\u2028d", "a  b c d"),
        ("bell\x07 null\x00 \u202etxet\u202c", "bell null txet"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("Beyoncé – 50 % of “it” 🎉 无锡", "Beyoncé – 50 % of “it” 🎉 无锡"),
    ],
)
def test_nothing_that_a_terminal_obeys_is_printable(raw: str, shown: str) -> None:
    assert printable(raw) == shown


@given(st.text())
def test_printable_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    assert printable(shown) == shown
    assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in shown)
