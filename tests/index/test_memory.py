"""rank-bm25 with weights that are right on a corpus of one release, too. What any engine does: `test_contract.py`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.index.memory import BM25, MemoryIndex, inverse_document_frequency
from bot.model import Release


@given(st.integers(1, 10**6), st.integers(0, 10**6))
@settings(derandomize=True, deadline=None)
def test_every_term_tells_something_and_a_rarer_one_more(documents: int, less: int) -> None:
    frequency = max(1, documents - less)
    weight = inverse_document_frequency(frequency, documents)
    assert weight > 0
    assert frequency == documents or inverse_document_frequency(frequency + 1, documents) < weight


def test_the_weight_is_that_of_lucene() -> None:
    assert inverse_document_frequency(1, 1) == pytest.approx(0.28768207)
    assert inverse_document_frequency(1, 7) == pytest.approx(1.67397643)


def test_a_term_of_every_document_does_not_count_against_them() -> None:
    """`BM25Okapi` has ln((N - n + 0.5) / (n + 0.5)) here, which is negative, and puts an epsilon in its place."""
    bm25 = BM25([["quay", "stone"], ["quay", "harbour"], ["quay"]])
    assert all(score > 0 for score in bm25.get_scores(["quay"]))
    assert bm25.get_scores(["quay", "stone"]).argmax() == 0
    assert bm25.frequency == {"quay": 3, "stone": 1, "harbour": 1}


def test_documents_without_terms_have_no_length_to_divide_by() -> None:
    assert list(BM25([[], []]).get_scores(["quay"])) == [0.0, 0.0]


def test_an_index_is_made_anew_from_what_it_prepared() -> None:
    index = MemoryIndex()
    index.add([Release("a", "The quay is open.\n\nThe hill is green.", "A"), Release("b", "A quay of stone.", "B")])
    again = MemoryIndex(index.prepared())
    assert again.search(["quay", "stone"], 10) == index.search(["quay", "stone"], 10) != []
    assert len(again) == len(index)
    again.remove(["a"])
    assert (len(again), len(index)) == (1, 3)
