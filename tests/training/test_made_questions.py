"""Plain statements of press releases are turned round into questions that they answer."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_world import RELEASE, tar_of

from bot.model import OnrecordError
from training.made_questions import SOURCE, made_groups, made_pairs, made_questions, some_releases

MADE = {
    "Senator Nils Berg introduced similar legislation in the House.": {
        "who introduced similar legislation in the House?"
    },
    "The program will expire on October 1, 2007 unless Congress acts.": {
        "when will the program expire unless Congress acts?"
    },
    "The legislation passed the Senate in July by a large vote.": {
        "when did the legislation pass the Senate by a large vote?"
    },
    "The meeting was held at the Mandalay Bay Convention Center.": {"where was the meeting held?"},
    "The bill authorizes up to $250 million for each plant and requires a report.": {
        "how much does the bill authorize for each plant?"
    },
    "The harbour was opened by Governor Ingrid Dahl, who wore a hat.": {"by whom was the harbour opened?"},
    "The harbour was opened by Governor Ingrid Dahl on March 3, 2006.": {
        "by whom was the harbour opened on March 3?",
        "when was the harbour opened by Governor Ingrid Dahl?",
    },
}
QUIET = (
    "He introduced similar legislation in the House.",
    "This was held at the Mandalay Bay Convention Center.",
    "In March, the program was extended to all of the states.",
    "A bill that was passed in 2005 is of no use to anybody here.",
    'Senator Berg said, "The bill was passed on March 3, 2006."',
    "* Roads - $4 million to fund research.",
    "The quay was long.",
    "",
)


@pytest.mark.parametrize("statement", MADE)
def test_a_statement_is_turned_round(statement: str) -> None:
    assert {*made_questions(statement)} == MADE[statement]


@pytest.mark.parametrize("sentence", QUIET)
def test_nothing_is_asked_where_it_is_not_sure_how(sentence: str) -> None:
    assert made_questions(sentence) == []


SENTENCES = st.lists(
    st.sampled_from(
        "The Senate bill Berg was held passed will in on July 2006 Norrvik $3 million to by and , who".split()
    ),
    min_size=4,
    max_size=30,
).map(lambda words: " ".join(words) + ".")


@given(st.one_of(st.text(), SENTENCES))
def test_a_question_is_of_some_words_and_ends_like_one(sentence: str) -> None:
    for question in made_questions(sentence):
        assert question.endswith("?")
        assert not question.endswith((",?", " ?"))
        assert 5 <= len(question.split()) <= 24


def test_the_questions_of_releases_know_their_sentences() -> None:
    pairs = made_pairs([RELEASE, RELEASE])
    assert len({*pairs.sentences}) == len(pairs.sentences)
    asked = {question: pairs.sentences[place] for question, place in pairs.questions}
    assert asked["when was the third quay opened by Governor Ingrid Dahl?"].startswith("The third quay was opened")
    assert asked["how much does the bill provide to the town of Norrvik?"].startswith("The bill provides $3 million")


def test_a_group_has_the_sentence_that_the_question_was_made_of_and_others_of_its_words() -> None:
    pairs = made_pairs([RELEASE])
    groups = made_groups(pairs, 1)
    assert len(groups) == len(pairs.questions)
    for group, (question, place) in zip(groups, pairs.questions, strict=True):
        assert group.question == question
        assert group.source == SOURCE
        assert [group.sentences[right] for right in group.right] == [pairs.sentences[place]]


def test_nothing_is_made_of_nothing() -> None:
    assert made_groups(made_pairs([]), 1) == []


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "releases.tar.xz"
    path.write_bytes(tar_of({f"raw/Berg/{number}.txt": f"release {number} é" for number in range(9)}))
    return path


def test_a_seed_always_chooses_the_same_releases_and_each_release_has_its_chance(archive: Path) -> None:
    chosen = [some_releases(archive, 3, seed) for seed in range(30)]
    assert all(len({*texts}) == 3 for texts in chosen)
    assert chosen[7] == some_releases(archive, 3, 7)
    assert len({text for texts in chosen for text in texts}) == 9


def test_all_releases_are_taken_where_there_are_no_more(archive: Path) -> None:
    assert sorted(some_releases(archive, 99, 1)) == [f"release {number} é" for number in range(9)]


def test_whatever_is_no_archive_is_said_in_a_sentence(archive: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.xz"
    broken.write_bytes(archive.read_bytes()[:-50])
    for path in (tmp_path / "none.tar.xz", broken, Path(__file__)):
        with pytest.raises(OnrecordError, match="Cannot read releases from"):
            some_releases(path, 3, 1)
