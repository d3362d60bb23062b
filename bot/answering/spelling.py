"""A typed question survives typing: words that the corpus does not know are read as words that it does."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.answering.question import Question
from bot.answering.related import asked_words
from bot.index.corpus import Corpus
from bot.text.stemming import is_common, stem
from bot.text.terms import STOP_WORDS, Term


def corrected(question: Question, corpus: Corpus) -> tuple[Question, tuple[tuple[str, str], ...]]:
    """The question as it was meant, and each mistyped word with the word that it was read as: one of the corpus, else
    one for which the corpus may have another.

    Only a word that neither the corpus nor common English knows is corrected: a good word that the releases do not
    hold tells that they do not answer, and must not be bent into one that they do.
    """
    question = _joined(question, corpus)
    corrections: dict[str, str] = {}
    for word in question.words:
        if corpus.index.document_frequency(stem(word.term)) or is_common(word.term) or not word.term.isalpha():
            continue
        if meant := nearest(word.term, corpus.words) or nearest(word.term, asked_words()):
            corrections[word.term] = meant
    if not corrections:
        return question, ()
    meant_terms = tuple(stem(corrections.get(word.term, word.term)) for word in question.words)
    text = question.text
    for word in sorted(question.words, key=lambda word: -word.start):
        text = text[: word.start] + corrections.get(word.term, text[word.start : word.end]) + text[word.end :]
    return replace(question, text=text, terms=meant_terms), tuple(corrections.items())


def _joined(question: Question, corpus: Corpus) -> Question:
    """The question with two words as one where only the one is in the corpus: `Astra Zeneca`, `health care`."""
    known = corpus.index.document_frequency
    asked = list(question.words)
    for place in range(len(asked) - 1, 0, -1):
        first, second = asked[place - 1], asked[place]
        together = first.term + second.term
        if known(stem(first.term)) and known(stem(second.term)):
            continue
        if together in corpus.words:
            asked[place - 1 : place + 1] = [Term(together, first.start, second.end)]
    if len(asked) == len(question.words):
        return question
    return replace(question, words=tuple(asked), terms=tuple(stem(word.term) for word in asked))


def nearest(word: str, vocabulary: Sequence[str]) -> str | None:
    """The word of the vocabulary that is one slip of typing away; two slips for words of eight letters and more.

    Slips are insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). A word of less
    than four letters is too near to everything. Among equals the one that shares the first letter, then the first in
    the vocabulary, which has the most frequent words first.
    """
    if len(word) < 4:
        return None
    slips = 2 if len(word) >= 8 else 1
    near = extract(word, vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=10)
    near = [(found, distance, place) for found, distance, place in near if found not in STOP_WORDS and len(found) > 2]
    if not near:
        return None
    return str(min(near, key=lambda hit: (hit[1], hit[0][0] != word[0], hit[2]))[0])
