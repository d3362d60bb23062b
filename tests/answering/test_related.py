"""Other words for what is asked."""

from bot.answering.related import asked_words, related_terms
from bot.text.stemming import stem


def test_who_chairs_may_be_said_to_be_the_leader() -> None:
    assert stem("leader") in related_terms(stem("chairs"))
    assert stem("held") not in related_terms(stem("hold"))


def test_most_words_have_no_other() -> None:
    assert related_terms("norrvik") == frozenset()


def test_no_word_stands_for_itself() -> None:
    assert all(term not in related_terms(term) for term in map(stem, asked_words()))


def test_every_form_that_may_be_asked_is_known_once() -> None:
    assert "chairs" in asked_words()
    assert len(set(asked_words())) == len(asked_words())
    assert all(related_terms(stem(word)) for word in asked_words())
