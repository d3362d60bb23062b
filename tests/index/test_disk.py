"""Passages on disk: found as those in memory are, and shown as they lie in their releases."""

import random
import tarfile
from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from archive_world import put

from bot.index.archive import Archive
from bot.index.corpus import Corpus, build_corpus
from bot.index.scope import Scope
from bot.model import Release
from bot.reading.files import read_corpus
from bot.text.terms import terms

CORPUS = Path(__file__).parents[2] / "corpus"
SENATE = Path(__file__).parents[3] / "shared" / "senate" / "senate-press-releases.tar.xz"
QUESTIONS = (
    "who chairs the committee?",
    "what did the senator say about veterans?",
    "how much money goes to schools?",
    "which companies signed the agreement?",
    "when does the conference on healthcare take place?",
    "innovation of medical devices in Taihu Bay",
)


def shipped() -> list[Release]:
    return list(read_corpus([CORPUS]).releases)


def made(words_each: Sequence[int]) -> list[Release]:
    """Releases of one passage each, so many words long, of a vocabulary in which few words are frequent."""
    rng = random.Random(7)
    vocabulary = "health medical Taihu conference company agreement innovation device school money committee".split()
    vocabulary += [f"word{number}" for number in range(300)]
    weights = [1 / (number + 1) for number in range(len(vocabulary))]
    return [
        Release(f"made-{number}", " ".join(rng.choices(vocabulary, weights, k=count)) + ".", f"Made {number}")
        for number, count in enumerate(words_each)
    ]


def real(count: int) -> list[Release]:
    """Releases of the US Senate."""
    if not SENATE.exists():
        pytest.skip("the press releases of the US Senate are not here")
    with tarfile.open(SENATE, "r|xz") as tar:
        files = (tar.extractfile(member) for member in tar if member.isfile())
        texts = [file.read().decode("utf-8", "replace") for file in islice(filter(None, files), count)]
    return [Release(f"senate-{number}", text, "Senate") for number, text in enumerate(texts)]


def both(releases: list[Release], folder: Path) -> tuple[Corpus, Corpus]:
    """The same releases in memory and on disk."""
    put(folder, *releases)
    return build_corpus(releases), Archive(folder).corpus()


def top(corpus: Corpus, question: str, limit: int = 10) -> dict[tuple[str, int], float]:
    asked = list(dict.fromkeys(term.term for term in terms(question)))
    return {(passage.release.id, passage.start): score for passage, score in corpus.index.search(asked, limit)}


def test_of_passages_of_up_to_40_terms_it_finds_the_same_with_the_same_scores(tmp_path: Path) -> None:
    """Their lengths are kept exactly. What differs is that it reckons with 32 bits, which is seven digits."""
    memory, disk = both(made([number % 39 + 2 for number in range(250)]), tmp_path)
    assert len(memory.index) == len(disk.index)
    for question in QUESTIONS:
        known, found = top(memory, question, 300), top(disk, question, 300)
        assert known.keys() == found.keys()
        assert all(found[place] == pytest.approx(score, rel=1e-5) for place, score in known.items())
        assert memory.index.document_frequency("health") == disk.index.document_frequency("health")


@pytest.mark.parametrize("corpus", ["made", "real"])
def test_of_longer_passages_it_finds_almost_the_same_with_almost_the_same_scores(tmp_path: Path, corpus: str) -> None:
    """Above 40 terms a length is kept in one byte, within an eighth: scores move by some hundredths at most, and
    passages whose scores are nearer to each other than that may change places."""
    others = made([number % 200 + 2 for number in range(250)]) if corpus == "made" else real(60)
    memory, disk = both([*shipped(), *others], tmp_path)
    worst, shared = 0.0, []
    for question in QUESTIONS:
        known, found = top(memory, question), top(disk, question)
        shared.append(len(known.keys() & found.keys()) / max(len(known), 1))
        everywhere = top(memory, question, 10_000)
        worst = max([worst, *(abs(score / everywhere[place] - 1) for place, score in found.items())])
    assert worst < 0.06
    assert min(shared) >= 0.7 and sum(shared) / len(shared) >= 0.9


def test_among_many_equals_the_freshest_are_found(tmp_path: Path) -> None:
    days = [date(2000, 1, 1).replace(year=1900 + number * 7 % 101) for number in range(100)]
    put(tmp_path, *(Release(f"r{number}", "The quay is open.", "A quay", day) for number, day in enumerate(days)))
    found = Archive(tmp_path).corpus().index.search(["quay"], 5)
    assert [passage.release.published for passage, _ in found] == sorted(days, reverse=True)[:5]


def test_a_scope_does_not_change_the_scores(tmp_path: Path) -> None:
    put(tmp_path, *made([9] * 50))
    index = Archive(tmp_path).corpus().index
    everything = dict(index.search(["health", "taihu"], 99))
    within = index.search(["health", "taihu"], 99, Scope(releases=frozenset(f"made-{number}" for number in range(25))))
    assert within and all(everything[passage] == score for passage, score in within)


def test_a_passage_that_is_found_again_is_the_same_object(tmp_path: Path) -> None:
    put(tmp_path, *made([9] * 5))
    index = Archive(tmp_path).corpus().index
    ((first, _),), ((again, _),) = index.search(["health"], 1), index.search(["health"], 1)
    assert first is again


def test_a_passage_taken_away_no_longer_counts_where_few_hold_the_term(tmp_path: Path) -> None:
    put(tmp_path, *(Release(f"r{number}", f"The quay {number} is open.", "A quay") for number in range(9)))
    index = Archive(tmp_path).corpus().index
    index.remove(["r3", "r4"])
    assert (index.document_frequency("quay"), len(index), len(list(index))) == (7, 7, 7)
