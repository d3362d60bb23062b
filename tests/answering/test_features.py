"""What is seen of a sentence that may answer."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.features import (
    FEATURES,
    SENTENCE_K1,
    Features,
    candidates,
    passage_terms,
    sentence_terms,
    unknown_share,
)
from bot.answering.question import understand
from bot.index.memory import BM25
from bot.model import Passage, Release
from bot.text.passages import split_passages


def passages(text: str) -> list[Passage]:
    return split_passages(Release("quay", text, "Quay"))


def seen(question: str, text: str) -> list[Features]:
    """The features of the candidates, where every term tells as much as every other."""
    found = [(passage, 0.0) for passage in passages(text)]
    return [candidate.features for candidate in candidates(understand(question), found, lambda _: 1.0)]


def test_the_share_of_the_question_that_is_in_the_sentence_and_beside_it() -> None:
    first, second = seen("does the mayor open the harbour?", "The mayor came. The harbour is open in May.")
    assert (first.coverage, first.around) == pytest.approx((1 / 3, 2 / 3))
    assert (second.coverage, second.around) == pytest.approx((2 / 3, 1 / 3))


def test_a_sentence_that_leans_on_the_one_before_has_its_terms_in_another_way() -> None:
    _, leaning = seen("does the harbour freeze?", "The harbour is old. It may freeze in May.")
    assert (leaning.coverage, leaning.indirect) == pytest.approx((0.5, 0.5))


def test_terms_in_the_order_of_the_question() -> None:
    (same,) = seen("is the harbour board new?", "The harbour board was new.")
    (other,) = seen("is the harbour board new?", "The board of the harbour was new.")
    assert (same.order, other.order) == pytest.approx((1.0, 0.5))


def test_a_passage_without_anything_asked_has_no_candidates() -> None:
    assert seen("who sings?", "The quay is closed.") == []


def test_features_by_name_are_in_their_order() -> None:
    (figures,) = seen("is the quay closed?", "The quay is closed.")
    assert tuple(figures.by_name()) == FEATURES
    assert tuple(figures.by_name().values()) == figures


@given(st.lists(st.sampled_from(["quay", "board", "mayor", "harbour"]), min_size=1, max_size=20))
@settings(derandomize=True, deadline=None)
def test_the_figure_of_a_sentence_is_its_bm25(said: list[str]) -> None:
    """That of rank-bm25, which does not depend on the other sentences where their lengths do not count."""
    (figures,) = seen("quay mayor", " ".join(said) + ".") or (None,)
    bm25 = BM25([said], k1=SENTENCE_K1, b=0.0)
    bm25.idf = dict.fromkeys(("quay", "mayor"), 1.0)
    expected = bm25.get_scores(["quay", "mayor"])[0] / 2
    assert (figures.sentence if figures else 0.0) == pytest.approx(expected, abs=1e-9)


def test_what_no_passage_holds_is_unknown_also_in_other_words() -> None:
    found = passages("Ingrid Dahl leads the board.")
    assert unknown_share(understand("who chairs the board?"), found, lambda _: 1.0) == 0
    assert unknown_share(understand("does the board sing?"), found, lambda _: 1.0) == 0.5


def test_the_terms_of_a_sentence_do_not_keep_its_release() -> None:
    """The same sentence of a release that is read once more is not cut into terms once more."""
    (passage,) = passages("The quay is closed.")
    (again,) = passages("The quay is closed.")
    assert sentence_terms(passage.sentences[0]) is sentence_terms(again.sentences[0])
    assert passage_terms(replace(passage, release=again.release)) == {"quay", "close"}
