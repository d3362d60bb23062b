"""Whether a question is in another language than the releases, which are in English."""

from functools import cache
from importlib.resources import files

from bot.index.corpus import Corpus
from bot.text.stemming import is_common, stem
from bot.text.terms import ASKING_WORDS, STOP_WORDS, words

LEAST = 3  # words in Latin letters: two unknown ones may be a name
ENGLISH = 0.5  # share of its words from which on a question is English


def is_foreign(question: str, corpus: Corpus) -> bool:
    """Whether a question is not in English.

    It is not where most letters are of another script; where it has more function words of other languages than
    English ones, names in it notwithstanding; and where most words are neither English nor in the corpus, unless the
    function words are.
    """
    letters = [letter for letter in question if letter.isalpha()]
    if 2 * sum(letter > "\u024f" for letter in letters) > len(letters):
        return True
    asked = [word.term for word in words(question)]
    foreign, english = sum(word in _function_words() for word in asked), sum(map(_is_function_word, asked))
    if foreign > english or (foreign == english > 0 and not question.isascii()):
        return True
    if english > foreign == 0:
        return False
    return len(asked) >= LEAST and sum(_known(word, corpus) for word in asked) < ENGLISH * len(asked)


@cache
def _function_words() -> frozenset[str]:
    """Function words of other languages."""
    lines = files("bot.answering").joinpath("data/function_words.txt").read_text(encoding="ascii").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _is_function_word(word: str) -> bool:
    return word in STOP_WORDS or word in ASKING_WORDS


def _known(word: str, corpus: Corpus) -> bool:
    return _is_function_word(word) or is_common(word) or corpus.index.document_frequency(stem(word)) > 0
