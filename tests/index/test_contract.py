"""What every `PassageIndex` keeps to, whatever the engine. Another engine is another parameter of `index`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cluster_world import address_at, emptied
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.index.archive import Archive
from bot.index.base import PassageIndex
from bot.index.memory import MemoryIndex
from bot.index.scope import Scope
from bot.index.writing import open_writer
from bot.model import Release
from bot.text.terms import terms


def memory_index(request: pytest.FixtureRequest, folder: Path) -> PassageIndex:
    return MemoryIndex()


def disk_index(request: pytest.FixtureRequest, folder: Path) -> PassageIndex:
    """An archive of nothing."""
    with open_writer(folder):
        pass
    return Archive(folder).corpus().index


def cluster_index(request: pytest.FixtureRequest, folder: Path) -> PassageIndex:
    """The same in a cluster, on real nodes."""
    return emptied(address_at(request.getfixturevalue("opensearch"))).corpus().index


ENGINES: dict[str, Callable[[pytest.FixtureRequest, Path], PassageIndex]] = {
    "memory": memory_index,
    "disk": disk_index,
    "cluster": cluster_index,
}

HARBOUR = "Norrvik opens a third quay on Tuesday.\n\nIngrid Dahl chairs the harbour board. The board meets in Norrvik."
TUNNEL = "The tunnel under the Oster hill closes in June.\n\nFerries sail to Gotland every Friday."
WORDS = ("quay", "harbour", "ferry", "board", "the", "and")


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> PassageIndex:
    return ENGINES[request.param](request, tmp_path)


def release(release_id: str, text: str) -> Release:
    return Release(release_id, text, title=release_id)


def asked(words: str) -> list[str]:
    return [term.term for term in terms(words)]


def only(*release_ids: str) -> Scope:
    return Scope(releases=frozenset(release_ids))


def texts(index: PassageIndex, words: str, limit: int = 10, scope: Scope | None = None) -> list[str]:
    return [passage.text for passage, _ in index.search(asked(words), limit, scope)]


def test_an_empty_index_finds_nothing(index: PassageIndex) -> None:
    assert len(index) == 0
    assert index.search(["quay"], 10) == []
    assert index.search(["quay"], 10, only("a")) == []
    assert index.document_frequency("quay") == 0
    index.remove(["a"])
    index.add([])
    assert index.search([], 10) == []


def test_the_passage_that_holds_the_terms_is_found(index: PassageIndex) -> None:
    index.add([release("a", HARBOUR), release("b", TUNNEL)])
    assert texts(index, "ferries to Gotland") == ["Ferries sail to Gotland every Friday."]
    assert len(index) == 4


def test_a_passage_is_a_span_of_its_release(index: PassageIndex) -> None:
    harbour = release("a", HARBOUR)
    index.add([harbour])
    ((passage, score),) = index.search(asked("harbour board"), 10)
    assert (passage.release.id, passage.release.text) == ("a", harbour.text)
    assert HARBOUR[passage.start : passage.end] == passage.text
    assert [sentence.text for sentence in passage.sentences] == [
        "Ingrid Dahl chairs the harbour board.",
        "The board meets in Norrvik.",
    ]
    assert score > 0


def test_more_of_the_terms_rank_higher(index: PassageIndex) -> None:
    index.add([release("a", "A quay of stone.\n\nA quay of the harbour.\n\nA harbour of old.\n\nA hill of grass.")])
    assert texts(index, "harbour quay")[0] == "A quay of the harbour."
    scores = [score for _, score in index.search(asked("harbour quay"), 10)]
    assert scores == sorted(scores, reverse=True) and len(scores) == 3


def test_a_term_that_every_passage_holds_still_finds_them(index: PassageIndex) -> None:
    """On one release of few paragraphs the words that it is about are in most of them."""
    index.add([release("a", "\n\n".join(f"Norrvik has quay number {name}." for name in ("red", "blue", "green")))])
    assert len(texts(index, "Norrvik")) == 3
    assert index.document_frequency("norrvik") == 3
    assert all(score > 0 for _, score in index.search(["norrvik"], 10))


def test_terms_that_are_nowhere_find_nothing(index: PassageIndex) -> None:
    index.add([release("a", HARBOUR)])
    assert index.search(["everest"], 10) == []
    assert index.search([], 10) == []
    assert index.document_frequency("everest") == 0


def test_the_limit_keeps_the_best(index: PassageIndex) -> None:
    index.add([release("a", "A quay of stone.\n\nA quay of the harbour.\n\nA harbour of old.")])
    assert texts(index, "harbour quay", limit=1) == ["A quay of the harbour."]
    assert texts(index, "harbour quay", limit=0) == []


def test_equals_come_in_the_order_of_the_corpus(index: PassageIndex) -> None:
    index.add([release(name, f"The {name} quay is open.") for name in ("zinc", "amber", "coral")])
    assert texts(index, "quay") == ["The zinc quay is open.", "The amber quay is open.", "The coral quay is open."]


def test_among_equals_the_fresher_release_is_first_and_one_without_a_date_last(index: PassageIndex) -> None:
    years = {"zinc": 2001, "amber": None, "coral": 2009, "jade": 2001}
    index.add(
        replace(release(name, f"The {name} quay is open."), published=date(year, 5, 14) if year else None)
        for name, year in years.items()
    )
    assert [text.split()[1] for text in texts(index, "quay")] == ["coral", "zinc", "jade", "amber"]
    assert texts(index, "quay", limit=1) == ["The coral quay is open."]


def test_a_scope_leaves_the_other_releases_out(index: PassageIndex) -> None:
    index.add([release("a", "The quay is open."), release("b", "The quay is closed."), release("c", "A quay is new.")])
    assert texts(index, "quay", scope=only("b")) == ["The quay is closed."]
    assert texts(index, "quay", limit=1, scope=only("c")) == ["A quay is new."]
    assert texts(index, "quay", scope=only()) == []
    assert texts(index, "quay", scope=only("nobody")) == []


def test_a_scope_may_be_a_source_and_days(index: PassageIndex) -> None:
    told = {"a": ("Sen. Grassley", date(2005, 12, 31)), "b": ("Sen. Grassley", date(2006, 1, 1)), "c": (None, None)}
    index.add(
        replace(release(name, f"The quay {name} is open."), source=source, published=day)
        for name, (source, day) in told.items()
    )

    def found(scope: Scope) -> set[str]:
        return {passage.release.id for passage, _ in index.search(["quay"], 10, scope)}

    assert found(Scope()) == {"a", "b", "c"}
    assert found(Scope(source="GRASSLEY")) == {"a", "b"}
    assert found(Scope(source="grassley", since=date(2006, 1, 1))) == {"b"}
    assert found(Scope(until=date(2005, 12, 31))) == {"a"}
    assert found(Scope(releases=frozenset("bc"), since=date(2000, 1, 1))) == {"b"}


def test_a_release_that_is_added_again_is_replaced(index: PassageIndex) -> None:
    index.add([release("a", "The quay is open."), release("b", "The hill is green.")])
    index.add([release("a", "The harbour is closed.")])
    assert texts(index, "quay") == []
    assert texts(index, "harbour") == ["The harbour is closed."]
    assert index.document_frequency("quay") == 0
    assert len(index) == 2


def test_a_release_that_is_removed_is_forgotten(index: PassageIndex) -> None:
    index.add([release("a", "The quay is open."), release("b", "The quay is closed.")])
    index.remove(["a", "nobody"])
    assert texts(index, "quay") == ["The quay is closed."]
    assert (len(index), index.document_frequency("quay")) == (1, 1)
    index.remove(["b"])
    assert (len(index), index.document_frequency("quay"), texts(index, "quay")) == (0, 0, [])


@pytest.mark.parametrize("text", ["Who is it?\n\nIt is what it is.", "?!\n\n…", "🎉"])
def test_releases_of_stop_words_and_signs_only_are_no_error(index: PassageIndex, text: str) -> None:
    index.add([release("a", text)])
    assert index.search(["quay"], 10) == []
    index.add([release("b", "The quay is open.")])
    assert texts(index, "quay") == ["The quay is open."]


any_corpus_and_question = given(
    added=st.lists(
        st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), min_size=1, max_size=4), max_size=4
    ),
    question=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
)


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine != "cluster"])
@any_corpus_and_question
@settings(derandomize=True, deadline=None, max_examples=25)
def test_what_holds_for_any_corpus_and_question(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    engine: str,
    added: list[list[list[str]]],
    question: list[str],
) -> None:
    check(ENGINES[engine](request, tmp_path_factory.mktemp("index")), added, question)


@any_corpus_and_question
@settings(derandomize=True, deadline=None, max_examples=8)
def test_the_same_holds_in_a_cluster_where_each_takes_longer(
    request: pytest.FixtureRequest, added: list[list[list[str]]], question: list[str]
) -> None:
    check(cluster_index(request, Path()), added, question)


def check(index: PassageIndex, added: list[list[list[str]]], question: list[str]) -> None:
    """Adds what is to be added, puts a question, and looks at what is found."""
    releases = [
        release(str(number), "\n\n".join(" ".join(paragraph).capitalize() + "." for paragraph in paragraphs))
        for number, paragraphs in enumerate(added)
    ]
    index.add(releases)
    wanted = asked(" ".join(question))
    found = index.search(wanted, 100)
    assert all(score > 0 for _, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    # Every passage that holds a term is found, and no other, and none twice.
    holding = {(passage.release.id, passage.start) for passage, _ in found}
    assert len(holding) == len(found)
    assert all(set(asked(passage.text)) & set(wanted) for passage, _ in found)
    for term in wanted:
        assert index.document_frequency(term) == sum(term in asked(passage.text) for passage, _ in found)
    scope = only("0", "2")
    assert index.search(wanted, 100, scope) == [hit for hit in found if scope.holds(hit[0].release)]
