"""Selection sets: for each question a few candidate sentences, to be put in order."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.answerer import answer
from bot.index.corpus import Corpus, count_words
from bot.index.memory import MemoryIndex
from bot.index.releases import ReleasesInMemory
from bot.index.scope import Scope
from bot.model import Passage, Release, Reply, Sentence
from bot.text.passages import windows
from bot.text.terms import terms


@dataclass(frozen=True, slots=True)
class SelectionRow:
    """A question and its candidates in the order of their document, each right or wrong."""

    question: str
    candidates: tuple[str, ...]
    right: tuple[bool, ...]


def selection_corpus(rows: Iterable[SelectionRow]) -> Corpus:
    """All candidates as one corpus: a release for each row, whose id is the number of the row, from 0.

    A candidate is exactly one sentence, and one line of its release. Neighbours share passages, which are as long as
    those of a release: a passage for each candidate would hide what stands beside it, one for all of them how far it
    is away.
    """
    releases = ReleasesInMemory(
        Release(id=str(number), text="\n".join(map(_line, row.candidates)), title="") for number, row in enumerate(rows)
    )
    prepared = [
        (passage, [term.term for term in terms(passage.text)]) for release in releases for passage in _passages(release)
    ]
    return Corpus(releases, MemoryIndex(prepared), count_words(releases))


def rank_candidates(question: str, corpus: Corpus, number: int) -> list[int]:
    """The numbers of the candidates of a row, from 0, best first; `corpus` is that of `selection_corpus`.

    Each candidate has a place: those that the ranking does not give stand last, in their order.
    """
    candidates = corpus.releases[number].text.count("\n") + 1
    return order(answer(question, corpus, scope=only(number), top=candidates), candidates)


def only(number: int) -> Scope:
    """The scope of a row: its own candidates."""
    return Scope(releases=frozenset({str(number)}))


def order(reply: Reply, candidates: int) -> list[int]:
    """The numbers of all `candidates` of a row, from 0, as its reply has them: first those that it quotes."""
    quoted = [quote.release.text.count("\n", 0, quote.start) for quote in reply.quotes]
    return [*quoted, *sorted({*range(candidates)}.difference(quoted))]


def _passages(release: Release) -> list[Passage]:
    sentences: list[Sentence] = []
    start = 0
    for line in release.text.split("\n"):
        sentences.append(Sentence(release, start, start + len(line)))
        start += len(line) + 1
    if not release.text:
        return []
    return [Passage(release, window[0].start, window[-1].end, tuple(window)) for window in windows(sentences)]


def _line(candidate: str) -> str:
    return " ".join(candidate.split())
