"""Whether a question is in another language than the releases, which are in English."""

from bot.index.corpus import Corpus
from bot.text.stemming import is_common, stem
from bot.text.terms import ASKING_WORDS, STOP_WORDS, words

LEAST = 3  # words in Latin letters: two unknown ones may be a name
ENGLISH = 0.5  # share of its words from which on a question is English


def is_foreign(question: str, corpus: Corpus) -> bool:
    """Whether most letters are of another script, or most words neither English nor in the corpus."""
    letters = [letter for letter in question if letter.isalpha()]
    if 2 * sum(letter > "\u024f" for letter in letters) > len(letters):
        return True
    asked = [word.term for word in words(question)]
    return len(asked) >= LEAST and sum(_known(word, corpus) for word in asked) < ENGLISH * len(asked)


def _known(word: str, corpus: Corpus) -> bool:
    return (
        word in STOP_WORDS or word in ASKING_WORDS or is_common(word) or corpus.index.document_frequency(stem(word)) > 0
    )
