"""Stems are NLTK's, whether NLTK is asked or not."""

import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer

from bot.text.stemming import common_frequency, is_common, stem


def lines(name: str) -> list[list[str]]:
    """The words of each line of a data file, comments left out."""
    text = files("bot.text").joinpath("data", name).read_text(encoding="ascii")
    return [line.split(" ") for line in text.splitlines() if not line.startswith("#")]


def test_the_table_has_the_stems_of_nltk() -> None:
    nltk_stem = EnglishStemmer().stem
    wrong = {word: stem for stem, _, *group in lines("stems.txt") for word in group if nltk_stem(word) != stem}
    assert wrong == {}


def test_the_table_has_every_word_once_and_shares_of_paragraphs() -> None:
    table = lines("stems.txt")
    listed = [word for _, _, *group in table for word in group]
    assert len(listed) == len(set(listed))
    assert len({stem for stem, *_ in table}) == len(table)
    assert all(0 <= common_frequency(stem) <= 1 for stem, *_ in table)
    assert common_frequency("everest") < common_frequency("take") < 0.5


def test_a_word_that_is_nowhere_is_not_common() -> None:
    assert is_common("people")
    assert not is_common("chiars")
    assert common_frequency("chiar") == 0.0


def test_a_word_that_the_table_does_not_know_is_stemmed_by_nltk() -> None:
    assert not is_common("hydrofoilings")
    assert stem("hydrofoilings") == EnglishStemmer().stem("hydrofoilings") == "hydrofoil"


def test_irregular_forms_share_the_stem_of_their_word() -> None:
    for word, *forms in lines("irregular.txt"):
        assert {stem(form) for form in forms} == {stem(word)}, word


@pytest.mark.parametrize(("form", "word"), [("held", "hold"), ("built", "build"), ("said", "say"), ("grew", "grow")])
def test_such_as(form: str, word: str) -> None:
    assert stem(form) == stem(word)


@pytest.mark.parametrize("word", ["a", "ox", "1000", "3.5", "12km", "r&d", "海", "größe", ""])
def test_what_is_no_english_word_is_its_own_stem(word: str) -> None:
    assert stem(word) == word


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", max_size=20))
@settings(derandomize=True, deadline=None)
def test_any_word_has_a_stem(word: str) -> None:
    assert bool(stem(word)) == bool(word)


def test_stems_that_were_found_before_spare_nltk() -> None:
    program = (
        "import sys; from bot.text.stemming import remember_stems, stem; remember_stems({'hydrofoilings': 'hydrofoil'});"
        "print(stem('hydrofoilings'), stem('ferries'), 'nltk' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.split() == ["hydrofoil", "ferri", "False"]
