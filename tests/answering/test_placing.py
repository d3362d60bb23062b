"""The best sentences are read once more in their place: behind their release's title, and behind the sentence before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering import ranking
from bot.answering.answerer import answer, found_passages, weigher
from bot.answering.features import Candidate, candidates, with_reading
from bot.answering.placing import BEST, in_place
from bot.answering.question import Question, understand
from bot.answering.reader import Reader, open_reader
from bot.index.corpus import Corpus, build_corpus
from bot.model import Release

QUESTION = "when did Nils Berg join the Roads Office?"
DAHL = Release("dahl", "Ingrid Dahl is a lawyer. This is known: the Roads Office was joined in 2015.", "Ingrid Dahl")
BERG = Release("berg", "Nils Berg is an engineer. This is known: the Roads Office was joined in 2011.", "Nils Berg")


@pytest.fixture(scope="module")
def reader() -> Reader:
    opened = open_reader()
    if opened is None:
        pytest.skip("the extra `semantic` is not installed")
    return opened


@dataclass(frozen=True)
class Logits:
    """A reader with a logit for each text that a sentence is read behind; what it has none for it had no time for."""

    behind: dict[str, float]

    def read(self, question: str, sentences: Sequence[str], before: Sequence[str] = ()) -> list[float | None]:
        return [self.behind.get(text) for text in before]


def read_alone(question: Question, corpus: Corpus, logits: Sequence[float]) -> list[tuple[Candidate, float]]:
    """The candidates, read, best first; those for which there is no logit are unread and come last."""
    found = candidates(question, found_passages(question, corpus), weigher(corpus))
    read = [with_reading(candidate, logit) for candidate, logit in zip(found, logits, strict=False)]
    best = ranking.ranked(read, question, ranking.model("words_read"))
    return best + [(candidate, best[-1][1] - 1) for candidate in found[len(read) :]]


def test_of_two_sentences_that_say_the_same_that_one_is_first_which_stands_where_he_is_spoken_of(
    reader: Reader,
) -> None:
    for releases in ([DAHL, BERG], [BERG, DAHL]):
        corpus = replace(build_corpus(releases), reader=reader)
        first, second = answer(QUESTION, corpus, top=2).quotes
        assert "2011" in first.text
        assert first.features["reading"] > second.features["reading"]


def test_what_counts_is_the_mean_with_half_the_weight_for_the_sentence_before(reader: Reader) -> None:
    quote = answer(QUESTION, replace(build_corpus([BERG]), reader=reader)).quotes[0]
    assert "2011" in quote.text
    alone, title, before = (
        *reader.read(QUESTION, [quote.text]),
        *reader.read(QUESTION, [quote.text] * 2, ["Nils Berg:", "Nils Berg is an engineer."]),
    )
    assert alone is not None
    assert title is not None
    assert before is not None
    assert quote.features["reading"] == pytest.approx((alone + title + 0.5 * before) / 2.5)


def test_a_sentence_that_is_the_title_and_has_none_before_it_is_not_read_again(reader: Reader) -> None:
    text = "Nils Berg joined the Roads Office in 2011"
    quote = answer(QUESTION, replace(build_corpus([Release("berg", text, text)]), reader=reader)).quotes[0]
    assert [quote.features["reading"]] == reader.read(QUESTION, [quote.text])


def test_what_there_is_no_time_for_changes_nothing(corpus_of: Callable[..., Corpus]) -> None:
    question = understand("who opened the quay?")
    best = read_alone(question, corpus_of("Dahl opened the quay. She opened it.", "Berg opened the quay."), [3, 2, 1])
    assert in_place(question, best, ranking.model("words_read"), Logits({})) == best


@given(alone=st.lists(st.floats(-8, 8), min_size=1, max_size=8), behind=st.lists(st.floats(-8, 8), max_size=8))
@settings(deadline=None)
def test_the_first_ones_are_put_in_order_and_none_is_lost(alone: list[float], behind: list[float]) -> None:
    corpus = build_corpus(Release(str(n), f"Dahl opened quay {n}.", f"Title {n}") for n in range(8))
    question, learned = understand("who opened the quay?"), ranking.model("words_read")
    best = read_alone(question, corpus, alone)
    found = in_place(question, best, learned, Logits({f"Title {n}:": logit for n, logit in enumerate(behind)}))
    first = min(BEST, len(alone))
    ids = [candidate.sentence.release.id for candidate, _ in best]
    ids_found = [candidate.sentence.release.id for candidate, _ in found]
    assert {*ids_found[:first]} == {*ids[:first]}
    assert ids_found[first:] == ids[first:]
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
