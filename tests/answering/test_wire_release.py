"""The announcement as it came over the wire."""

from datetime import date
from pathlib import Path

import pytest

from bot.answering.answerer import answer
from bot.index.corpus import Corpus, build_corpus
from bot.reading.files import read_corpus

FOLDER = Path(__file__).parents[2].parent / "shared" / "release"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the wire release in ../shared/release")


@pytest.fixture(scope="module")
def wire() -> Corpus:
    return build_corpus(read_corpus([FOLDER]).releases)


def test_place_date_and_wire_come_out_of_the_dateline(wire: Corpus) -> None:
    (release,) = wire.releases
    assert (release.place, release.published, release.wire) == ("WUXI, China", date(2021, 4, 22), "PRNewswire")
    assert release.text.startswith("From April 21 to 23, ")


@pytest.mark.parametrize("question", ["who chairs the chain?", "who chiars the chian", "Who’s the mayor?"])
def test_the_mayor_is_quoted(wire: Corpus, question: str) -> None:
    reply = answer(question, wire)
    quote = reply.quotes[0]
    assert reply.answered
    assert quote.text.startswith("Du Xiaogang, Mayor of Wuxi") and quote.text.endswith("industry chain.")
    assert quote.answer and quote.text[quote.answer.start : quote.answer.end] == "Du Xiaogang"


def test_a_quote_begins_after_the_dateline(wire: Corpus) -> None:
    quote = answer("when was the conference held?", wire).quotes[0]
    assert quote.text.startswith("From April 21 to 23, ")
    assert quote.answer and quote.text[quote.answer.start : quote.answer.end] == "April 21 to 23"


def test_a_target_comes_with_the_sentence_that_it_leans_on(wire: Corpus) -> None:
    quote = answer("what is the target for 2025?", wire).quotes[0]
    assert "250 billion yuan" in quote.text
    assert quote.before and "100 billion yuan" in quote.before.text


def test_what_it_does_not_say_is_not_answered(wire: Corpus) -> None:
    assert not answer("how tall is mount everest", wire).answered
