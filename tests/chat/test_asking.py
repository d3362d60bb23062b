"""A line that is typed, put to a corpus."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.answering.answerer import answer
from bot.chat.asking import Asked, ask_line, from_known_source
from bot.chat.narrowing import NarrowingError
from bot.index.corpus import Corpus, build_corpus
from bot.index.releases import ReleasesInMemory
from bot.index.scope import Scope
from bot.model import Release

DAHL, BERG = "Ingrid Dahl chairs the harbour board.", "Olof Berg chairs the harbour board."
WHO = "who chairs the harbour board?"


@pytest.fixture(scope="module")
def corpus(make_release: Callable[..., Release]) -> Corpus:
    return build_corpus(
        [
            make_release(DAHL, id="new", published=date(2024, 5, 14)),
            make_release(BERG, id="old", published=date(2006, 5, 14), source="Göta Shipping"),
            make_release("Kerstin Holm leads the Roads Office.", id="road", published=None, source="Roads Office"),
        ]
    )


def asked(corpus: Corpus, line: str, standing: Scope | None = None) -> Asked:
    return ask_line(line, corpus, standing, ask=answer, top=5)


def first(corpus: Corpus, line: str, standing: Scope | None = None) -> str:
    return asked(corpus, line, standing).reply.quotes[0].text


def test_what_is_asked_is_narrowed_by_source_and_day(corpus: Corpus) -> None:
    assert first(corpus, WHO) == DAHL  # of two that say as much the fresher one
    assert first(corpus, f"{WHO} until:2006") == BERG
    assert first(corpus, f"from:gota {WHO}") == BERG
    assert first(corpus, f"{WHO} from:“port of norrvik”") == DAHL
    assert not asked(corpus, f"{WHO} from:gota since:2007").reply.answered


def test_the_reply_keeps_the_question_as_it_was_typed(corpus: Corpus) -> None:
    for line in (WHO, f" {WHO} ", f"from:gota  {WHO}"):
        assert asked(corpus, line).reply.question == line


def test_what_stands_is_narrowed_further(corpus: Corpus) -> None:
    standing = Scope(releases=frozenset({"old", "road"}))
    assert first(corpus, WHO, standing) == BERG
    assert asked(corpus, f"{WHO} since:2007", standing).scope == Scope(standing.releases, since=date(2007, 1, 1))
    assert not asked(corpus, f"{WHO} since:2007", standing).reply.answered


def test_a_source_has_its_whole_name_where_only_one_can_be_meant(corpus: Corpus) -> None:
    assert from_known_source(Scope(source="GOTA"), corpus.releases) == Scope(source="Göta Shipping")
    assert from_known_source(Scope(source="o"), corpus.releases) == Scope(source="o")
    assert from_known_source(None, corpus.releases) is None


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("norvik", "No release is from norvik. The nearest: Port of Norrvik."),
        ("Office of Roads", "No release is from Office of Roads. The nearest: Roads Office."),
        ("xyzzy", "No release is from xyzzy. Most are from: Port of Norrvik, Göta Shipping, Roads Office."),
    ],
)
def test_a_source_that_there_is_not_is_no_missing_answer_but_offers_the_nearest(
    corpus: Corpus, source: str, said: str
) -> None:
    with pytest.raises(NarrowingError) as error:
        asked(corpus, f'{WHO} from:"{source}"')
    assert str(error.value) == said


def test_where_no_release_has_a_source_or_there_is_none_it_is_said(make_release: Callable[..., Release]) -> None:
    with pytest.raises(NarrowingError, match="No release says who it is from"):
        from_known_source(Scope(source="acme"), ReleasesInMemory([make_release(source=None)]))
    assert from_known_source(Scope(source="acme"), ReleasesInMemory()) == Scope(source="acme")
