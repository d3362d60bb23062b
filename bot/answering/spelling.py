"""A typed question survives typing: words that the corpus does not know are read as words that it does."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.answering.question import Question, understand
from bot.answering.related import asked_words
from bot.index.corpus import Corpus
from bot.text.stemming import is_common, stem
from bot.text.terms import ASKING_WORDS, STOP_WORDS, Term, words

_QUESTION_WORDS = ("who", "what", "when", "where", "which", "why", "how", "whose", "whom")
_MEASURED = ("many", "much", "long", "large", "often")  # what follows "how"
_PLAIN_WORDS = sorted(word for word in (STOP_WORDS | ASKING_WORDS).difference(_QUESTION_WORDS) if len(word) > 3)


def corrected(question: Question, corpus: Corpus) -> tuple[Question, tuple[tuple[str, str], ...]]:
    """The question as it was meant, and each mistyped word with the word that it was read as: a question word, else one of
    the corpus, one for which the corpus may have another, or a word that tells nothing.

    Only a word that neither the corpus nor common English knows is corrected: a good word that the releases do not
    hold tells that they do not answer, and must not be bent into one that they do.
    """
    question = _joined(question, corpus)
    unknown = [
        word.term
        for word in question.words
        if word.term.isalpha() and not corpus.index.document_frequency(stem(word.term)) and not is_common(word.term)
    ]
    names = {word.term for word in question.words if word.start and question.text[word.start].isupper()}
    corrections = _question_words(question.text, [word for word in unknown if word not in names])
    for word in unknown:
        if word in corrections:
            continue
        meant = nearest(word, corpus.words) or nearest(word, asked_words())
        if meant := meant or (None if word in names else _plain_word(word)):
            corrections[word] = meant
    if not corrections:
        return question, ()
    text = question.text
    for term in sorted(question.words, key=lambda term: -term.start):
        text = text[: term.start] + corrections.get(term.term, text[term.start : term.end]) + text[term.end :]
    meant_so = _joined(understand(text), corpus)
    return (meant_so, tuple(corrections.items())) if meant_so.terms else (question, ())


def _question_words(text: str, unknown: Sequence[str]) -> dict[str, str]:
    """The unknown words of a question that stand for a question word, each with that word.

    Only a question without any question word has one mistyped. What is one slip from `many` is meant so after `how`, and
    `the` is what has the same letters.
    """
    asked = [word.term for word in words(text)]
    meant = {word: "the" for word in unknown if sorted(word) == sorted("the")}
    if not {*asked} & {*_QUESTION_WORDS}:
        found = ((word, _one_slip_from(word, _QUESTION_WORDS)) for word in unknown if word not in meant)
        meant |= dict([(word, near) for word, near in found if near][:1])
    for before, word in pairwise(asked):
        if meant.get(before, before) == "how" and word in unknown and (near := _one_slip_from(word, _MEASURED)):
            meant[word] = near
    return meant


def _plain_word(word: str) -> str | None:
    """The word that tells nothing, such as `does` or `please`, of which this one is a slip of typing."""
    return _one_slip_from(word, _PLAIN_WORDS) if len(word) > 3 else None


def _one_slip_from(word: str, words: Sequence[str]) -> str | None:
    """The first of the words that is one slip of typing away, rather with the same first letter."""
    near = [known for known in words if len(word) > 2 and OSA.distance(word, known) == 1]
    return min(near, key=lambda known: known[0] != word[0]) if near else None


def _joined(question: Question, corpus: Corpus) -> Question:
    """The question with two words as one where only the one is in the corpus: `Astra Zeneca`, `health care`."""
    known = corpus.index.document_frequency
    asked = list(question.words)
    for place in range(len(asked) - 1, 0, -1):
        first, second = asked[place - 1], asked[place]
        together = first.term + second.term
        if known(stem(first.term)) and known(stem(second.term)):
            continue
        if _holds(corpus.words, together):
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
    words, by_length = _known(vocabulary)
    places = _fitting(word, by_length, slips)
    near = [
        (distance, found[0] != word[0], places[number], found)
        for found, distance, number in extract(
            word, [words[place] for place in places], scorer=OSA.distance, score_cutoff=slips, limit=10
        )
        if found not in STOP_WORDS and len(found) > 2
    ]
    return min(near)[-1] if near else None


class _Parts(NamedTuple):
    """Where the words of one length stand in a vocabulary, by the first letter, the last one, and the fourth and fifth."""

    first: defaultdict[str, list[int]]
    last: defaultdict[str, list[int]]
    inside: defaultdict[str, list[int]]


class _Known(NamedTuple):
    """The words of a vocabulary, and their parts by length."""

    words: list[str]
    by_length: Mapping[int, _Parts]


_kept: list[tuple[Sequence[str], _Known]] = []  # of the last two vocabularies: that of the corpus and `asked_words`


def _known(vocabulary: Sequence[str]) -> _Known:
    """The words of a vocabulary by their parts, worked out once: it is never changed, and the next version of a corpus
    has another one. An archive has some 150,000 words, too many to compare each with what was typed."""
    for kept, known in _kept:
        if kept is vocabulary:
            return known
    words = list(vocabulary)
    by_length: dict[int, _Parts] = {}
    for place, word in enumerate(words):
        length = len(word)
        if length not in by_length:
            by_length[length] = _Parts(defaultdict(list), defaultdict(list), defaultdict(list))
        first, last, inside = by_length[length]
        first[word[:1]].append(place)
        last[word[-1:]].append(place)
        inside[word[3:5]].append(place)
    new = _Known(words, by_length)
    _kept[:] = [(vocabulary, new), *_kept[:1]]
    return new


def _fitting(word: str, by_length: Mapping[int, _Parts], slips: int) -> list[int]:
    """The places of all words that may be so few slips away, in order.

    One slip leaves the first letter or the last one as it is. Two may change both; but then all between the two letters at
    either end is there as it was, begins with the second, third or fourth letter, and so holds the fourth and the fifth.
    """
    places: set[int] = set()
    for length in range(len(word) - slips, len(word) + slips + 1):
        if length in by_length:
            first, last, inside = by_length[length]
            places.update(first.get(word[0], ()), last.get(word[-1], ()))
            if slips == 2:
                places.update(*(inside.get(word[at : at + 2], ()) for at in (2, 3, 4)))
    return sorted(places)


def _holds(vocabulary: Sequence[str], word: str) -> bool:
    """Whether a word is in the vocabulary."""
    words, by_length = _known(vocabulary)
    parts = by_length.get(len(word))
    return parts is not None and any(words[place] == word for place in parts.first.get(word[:1], ()))
