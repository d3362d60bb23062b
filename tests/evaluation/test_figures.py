"""From outcomes to figures."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from bot.evaluation.asking import Outcome
from bot.evaluation.figures import ask_set, figures_of_questions, figures_of_sentences
from bot.evaluation.selection import SelectionRow, selection_corpus
from bot.evaluation.sets import OpenSet, SelectionSet, SentenceSet, read_set
from bot.evaluation.slips import with_slip
from bot.index.corpus import build_corpus
from bot.index.snapshot import open_corpus
from bot.reading.files import read_corpus

Outcomes = Callable[..., Outcome]

OPEN = Path(__file__).parents[2].parent / "shared" / "qa" / "open"
EMPTY = OpenSet("made", Path("corpus"), ())
HARBOUR = SelectionSet(
    "harbour",
    (
        SelectionRow(
            "who chairs the harbour board?", ("The hill is green.", "Ingrid chairs the board."), (False, True)
        ),
        SelectionRow("who leads the repairs?", ("Nils Berg leads the repairs.",), (True,)),
        SelectionRow("how tall is mount everest?", ("The hill is green.",), (False,)),
        SelectionRow("what is it?", (), ()),
    ),
)


def test_the_figures_of_an_open_set(outcome: Outcomes) -> None:
    figures = figures_of_questions(
        EMPTY,
        [
            outcome([True, False], 0.75, ms=1.0),
            outcome([False, True], 0.75, ms=2.0),
            outcome([False, False, False, True], 0.25, answered=False, ms=9.0),
            outcome([], 0.0, answered=False, ms=0.5),
            outcome([False], 0.5, answerable=False, ms=1.5),
            outcome([False], 0.125, answerable=False, answered=False, ms=1.5),
        ],
    )
    assert (figures.set, figures.form, figures.n, figures.unanswerable) == ("made", "open", 4, 2)
    assert (figures.p1, figures.r3, figures.r5, figures.mrr) == (0.25, 0.5, 0.75, 0.4375)
    assert (figures.answered, figures.refused) == (0.5, 0.5)
    assert figures.auroc == (1 + 1 + 0.5 + 0) / 4 == 0.625
    # Without the reply that quotes nothing: two sure to 0.75 of which one is right, 0.5, 0.25 and 0.125 all wrong.
    assert figures.ece == (2 * 0.25 + 0.5 + 0.25 + 0.125) / 5
    assert figures.ms == 1.5
    assert (figures.map, figures.f1, figures.corpus, figures.slips) == (None, None, None, False)


def test_a_set_without_questions_has_no_shares() -> None:
    figures = figures_of_questions(EMPTY, [])
    assert (figures.n, figures.unanswerable) == (0, 0)
    assert {figures.p1, figures.mrr, figures.answered, figures.refused, figures.auroc, figures.ece, figures.ms} == {
        None
    }


def test_the_questions_of_an_open_set_are_put_to_its_releases(openset: Path, tmp_path: Path) -> None:
    known_set = read_set(openset)
    assert isinstance(known_set, OpenSet)
    corpus, _ = open_corpus([known_set.corpus], tmp_path / "data")
    asked = ask_set(known_set, corpus)
    assert [one.known.question for one in asked] == [one.question for one in known_set.questions]
    assert [one.first_is_right for one in asked] == [True, True, False, False]
    assert all(one.ms > 0 for one in asked)


def test_a_row_whose_order_does_not_matter_is_left_out() -> None:
    asked = ask_set(HARBOUR, selection_corpus(HARBOUR.rows))
    assert [one.known.question for one in asked] == ["who chairs the harbour board?", "how tall is mount everest?"]
    figures = figures_of_questions(HARBOUR, asked)
    assert (figures.form, figures.n, figures.unanswerable) == ("selection", 1, 1)
    assert (figures.p1, figures.map, figures.mrr, figures.r3) == (1.0, 1.0, 1.0, None)


def test_questions_put_to_another_corpus_are_all_unanswerable(openset: Path) -> None:
    corpus = build_corpus(read_corpus([openset / "corpus"]).releases)
    for known_set in (read_set(openset), HARBOUR):
        assert not isinstance(known_set, SentenceSet)
        asked = ask_set(known_set, corpus, foreign=True)
        figures = figures_of_questions(known_set, asked, corpus="other")
        assert (figures.n, figures.unanswerable, figures.p1, figures.corpus) == (0, 4, None, "other")
        assert figures.refused == sum(not one.reply.answered for one in asked) / 4


def test_questions_with_slips_are_judged_as_they_were_meant() -> None:
    (asked, *_) = ask_set(HARBOUR, selection_corpus(HARBOUR.rows), slips=True)
    assert asked.reply.question == asked.known.asked == with_slip(asked.known.question) != asked.known.question
    assert asked.known.answers == ("Ingrid chairs the board.",)


def test_every_outcome_passes_by_while_they_come() -> None:
    seen: list[str] = []

    def watch(asked: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        for one in asked:
            seen.append(f"{one.known.question} of {total}")
            yield one

    ask_set(HARBOUR, selection_corpus(HARBOUR.rows), progress=watch)
    assert seen == ["who chairs the harbour board? of 2", "how tall is mount everest? of 2"]


def test_the_figures_of_sentences(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_text('{"text": "It is long. It cost much.", "sentences": ["It is long.", "It cost much."]}')
    known_set = read_set(path)
    assert isinstance(known_set, SentenceSet)
    figures = figures_of_sentences(known_set)
    assert (figures.set, figures.form, figures.n) == ("cut", "sentences", 1)
    assert (figures.precision, figures.recall, figures.f1) == (1.0, 1.0, 1.0)
    assert (figures.p1, figures.unanswerable, figures.ms) == (None, None, None)


@pytest.mark.skipif(not OPEN.is_dir(), reason="needs the open sets in ../shared/qa/open")
def test_real_questions_of_people_are_answered_in_the_first_place(tmp_path: Path) -> None:
    known_set = read_set(OPEN / "wikiqa-dev")
    assert isinstance(known_set, OpenSet)
    corpus, _ = open_corpus([known_set.corpus], tmp_path)
    assert (figures_of_questions(known_set, ask_set(known_set, corpus)).p1 or 0) >= 0.42
