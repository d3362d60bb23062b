"""Candidates are ranked as sentences of releases are, and each has a place."""

from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.selection import SelectionRow, only, order, rank_candidates, selection_corpus
from bot.model import Passage, Quote, Release, Reply, Sentence

LONG = "The harbour board of Norrvik meets in the old customs house on the third Monday of each month, come what may."
ROWS = (
    SelectionRow(
        "who chairs the harbour board?",
        ("The hill is green. It is. ", "Ingrid Dahl chairs the\nharbour board.", "", "The harbour is deep."),
        (False, True, False, False),
    ),
    SelectionRow("where does the harbour board meet?", (LONG,) * 30, (True,) + (False,) * 29),
    SelectionRow("who chairs the harbour board?", (), ()),
)


def test_a_candidate_is_one_sentence_whatever_it_holds() -> None:
    corpus = selection_corpus(ROWS)
    found = {id(passage): passage for passage, _ in corpus.index.search(["harbour"], 100)}.values()
    first = [sentence.text for passage in found if passage.release.id == "0" for sentence in passage.sentences]
    assert first == ["The hill is green. It is.", "Ingrid Dahl chairs the harbour board.", "", "The harbour is deep."]


def test_neighbours_share_passages_that_are_as_long_as_those_of_a_release() -> None:
    corpus = selection_corpus(ROWS)
    long = [passage for passage, _ in corpus.index.search(["harbour"], 100, only(1))]
    assert sum(len(passage.sentences) for passage in long) == 30
    assert all(1 < len(passage.sentences) < 30 for passage in long)


def test_the_right_candidate_stands_first_and_those_that_are_not_found_last() -> None:
    places = rank_candidates(ROWS[0].question, selection_corpus(ROWS), 0)
    assert places[0] == 1
    assert sorted(places) == [0, 1, 2, 3]


def test_a_row_without_candidates_ranks_nothing_of_another_row() -> None:
    corpus = selection_corpus(ROWS)
    assert corpus.index.search(["harbour"], 100, only(2)) == []


@given(st.lists(st.text("ab ", max_size=5), min_size=1, max_size=8), st.data())
def test_every_candidate_has_exactly_one_place(candidates: list[str], data: st.DataObject) -> None:
    release = Release(id="0", text="\n".join(candidates), title="")
    starts = [sum(map(len, candidates[:number])) + number for number in range(len(candidates))]
    quoted = data.draw(st.lists(st.sampled_from(range(len(candidates))), unique=True))
    spans = [Sentence(release, starts[number], starts[number] + len(candidates[number])) for number in quoted]
    quotes = [Quote(release, s.start, s.end, Passage(release, s.start, s.end, (s,)), 0.0) for s in spans]
    places = order(Reply("who?", tuple(quotes)), len(candidates))
    assert places[: len(quoted)] == quoted
    assert sorted(places) == list(range(len(candidates)))
    assert places[len(quoted) :] == sorted(places[len(quoted) :])
