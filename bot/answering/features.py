"""What is seen of a candidate sentence: one figure for each reason to choose it or not."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import pairwise
from math import log1p
from typing import NamedTuple

from bot.answering.leaning import leans
from bot.answering.question import KIND_TERMS, AnswerKind, Question
from bot.answering.related import related_terms
from bot.answering.spans import holds_answer
from bot.index.base import Near
from bot.model import Passage, PassageKind, Sentence
from bot.text.terms import Term, bare_terms, terms


class Features(NamedTuple):
    """The figures of a candidate. Shares are of the question's weight: what its terms tell in all.

    `sentence`, `passage`: BM25 of the sentence and of its passage, as a share. `release`: how much of the question the
    release speaks of, and how often. `coverage`: the share that is in the sentence. `indirect`: the share that is there
    in another way: in other words, where its passage has no better ones; by a pronoun for the sentence before; by being
    of the kind that is asked. `around`: the share that only the sentences before and after add. `opening_words`: the
    share in the first four terms. `rarest`: weight of the rarest term found against the rarest asked. `order`: the
    share of neighbours in the question that are neighbours here. `nearness`: terms found by the length of the shortest
    stretch that holds them. `holds_kind`, `lacks_kind`: 1 where the sentence holds, or lacks, words of the kind that
    the question wants. `gives_reason`: 1 where it holds a reason and the question wants one. `holds_focus`,
    `lacks_focus`: as with the kind, for the thing that the answer is to be, where the question names it. `defines`: 1
    where it begins with what is asked and goes on with "is". `first_of_release`, `first_of_passage`: 1 or 0. `length`:
    ln(1 + terms). `short`: 1 below five terms. `overlong`: 1 above a hundred, in a text without full stops. `heading`,
    `surrounding`: 1 in a heading; in a block about the sender or about whom to call.

    With an encoder: `meaning` is the cosine of sentence and question, `meaning_of_passage` the best one in the passage,
    `meaning_to_others` that of the sentence to other questions that are like this one.

    With a reader: `reading` is the logit of the sentence, read together with the question, or the mean of several where it
    was read more than once; `is_read` is 1 where it was.
    """

    sentence: float
    passage: float
    release: float
    coverage: float
    indirect: float
    around: float
    opening_words: float
    rarest: float
    order: float
    nearness: float
    holds_kind: float
    lacks_kind: float
    gives_reason: float
    holds_focus: float
    lacks_focus: float
    defines: float
    first_of_release: float
    first_of_passage: float
    length: float
    short: float
    overlong: float
    heading: float
    surrounding: float
    meaning: float = 0.0
    meaning_of_passage: float = 0.0
    meaning_to_others: float = 0.0
    reading: float = 0.0
    is_read: float = 0.0

    def by_name(self) -> dict[str, float]:
        return self._asdict()


FEATURES = Features._fields
# A sentence is short: that a term is in it counts, not how often.
SENTENCE_K1 = 0.2
OVERLONG = 100  # terms
DEFINED = 0.6  # share of a question that a definition begins with


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, the places among its terms of those that were asked for, and its figures."""

    sentence: Sentence
    passage: Passage
    places: tuple[int, ...]
    features: Features

    @property
    def matched(self) -> tuple[Term, ...]:
        """The terms of it that were asked for."""
        here = sentence_terms(self.sentence)
        return tuple(here[place] for place in self.places)


def sentence_terms(sentence: Sentence) -> tuple[Term, ...]:
    """The index terms of a sentence; positions are inside it."""
    return _terms_of(sentence.text)


# By its text and not by the sentence, which would keep its release in memory, and which is another object each time that
# a release is read from disk.
@lru_cache(maxsize=1 << 12)
def _terms_of(text: str) -> tuple[Term, ...]:
    return tuple(terms(text))


@lru_cache(maxsize=1 << 12)
def _bare_terms_of(text: str) -> tuple[str, ...]:
    """The same without their positions, which hardly a sentence is asked for."""
    return tuple(bare_terms(text))


def passage_terms(passage: Passage) -> frozenset[str]:
    """The index terms of a passage."""
    return frozenset(term for sentence in passage.sentences for term in _bare_terms_of(sentence.text))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What all candidates of a question share. `weights` holds what each of its terms tells, `total` what they tell in
    all, `related` the terms that may stand for one, `by_kind` those that an answer of the kind asked says by itself, and
    `pairs` the neighbours."""

    question: Question
    weights: Mapping[str, float]
    total: float
    related: Mapping[str, frozenset[str]]
    by_kind: frozenset[str]
    pairs: Sequence[tuple[str, str]]
    wants_kind: bool

    def share(self, some: Collection[str]) -> float:
        """What these terms tell, as a share. Summed in one order, so that the same terms always give the same figure."""
        return sum(weight for term, weight in self.weights.items() if term in some) / self.total if some else 0.0


class _Read(NamedTuple):
    """A passage that was found and its score; of each of its sentences the terms, the distinct ones, and those asked for;
    and what of the question the passage holds in all."""

    passage: Passage
    score: float
    terms: list[tuple[str, ...]]
    distinct: list[set[str]]
    found: list[set[str]]
    held: set[str]


def candidates(
    question: Question,
    found: Sequence[tuple[Passage, float]],
    weight_of: Callable[[str], float],
    *,
    every: bool = False,
) -> list[Candidate]:
    """The sentences of the passages found that hold a term of the question or stand beside one that does, or `every` one.

    `found` is what an index gave for the question's terms, best first; `weight_of` is the inverse document frequency.
    """
    weights = {term: weight_of(term) for term in question.terms}
    total = sum(weights.values())
    if not found or total <= 0:
        return []
    asked = _Asked(
        question=question,
        weights=weights,
        total=total,
        related={term: others for term in weights if (others := related_terms(term))},
        by_kind=KIND_TERMS.get(question.kind, frozenset()).intersection(weights),
        pairs=list(pairwise(question.terms)),
        wants_kind=question.kind not in (AnswerKind.OTHER, AnswerKind.DEFINITION),
    )
    read = [_read(passage, score, asked) for passage, score in found]
    shares = _release_shares(read, asked)
    return [candidate for one in read for candidate in _of_passage(one, shares[one.passage.release.id], asked, every)]


def _read(passage: Passage, score: float, asked: _Asked) -> _Read:
    here = [_bare_terms_of(sentence.text) for sentence in passage.sentences]
    distinct = list(map(set, here))
    found = [some & asked.weights.keys() for some in distinct]
    return _Read(passage, score, here, distinct, found, set[str]().union(*found))


def _of_passage(read: _Read, release_share: float, asked: _Asked, every: bool) -> Iterator[Candidate]:
    """The candidates in one passage, in order."""
    passage, question, focus = read.passage, asked.question, asked.question.focus
    passage_share = read.score / asked.total
    heading = float(passage.kind is PassageKind.HEADING)
    surrounding = float(passage.kind in (PassageKind.ABOUT, PassageKind.CONTACT))
    rarest = max(asked.weights.values())
    # In other words only what the passage has no better ones for.
    sought = [(term, others) for term, others in asked.related.items() if term not in read.held]
    for place, sentence in enumerate(passage.sentences):
        here, found = read.terms[place], read.found[place]
        beside = set[str]().union(*read.found[max(0, place - 1) : place], *read.found[place + 1 : place + 2])
        in_other_words = {term for term, others in sought if not others.isdisjoint(read.distinct[place])}
        indirect = in_other_words
        text = sentence.text
        if place and read.found[place - 1] and leans(text):
            indirect = indirect | read.found[place - 1] - found
        near = every or found or beside or indirect
        overlong = len(here) > OVERLONG
        holds_kind = (
            bool(near or asked.by_kind) and not overlong and holds_answer(text, partial(_terms_of, text), question)
        )
        if holds_kind:  # a sum says that something is worth it, a day that it is a date
            indirect = indirect | asked.by_kind - found
        if not (near or indirect):
            continue
        places = [(at, term) for at, term in enumerate(here) if term in found] if found else []
        in_focus = focus is not None and (focus in found or focus in in_other_words)
        first = sentence.start == passage.start
        features = Features(
            sentence=_bm25(places, asked),
            passage=passage_share,
            release=release_share,
            coverage=asked.share(found),
            indirect=asked.share(indirect),
            around=asked.share(beside - found - indirect),
            opening_words=asked.share({term for at, term in places if at < 4}),
            rarest=max((asked.weights[term] for term in found), default=0.0) / rarest,
            order=_order(asked.pairs, places),
            nearness=_nearness(len(found), places, len(here)),
            holds_kind=float(asked.wants_kind and holds_kind),
            lacks_kind=float(asked.wants_kind and not holds_kind),
            gives_reason=float(question.kind is AnswerKind.REASON and holds_kind),
            holds_focus=float(in_focus),
            lacks_focus=float(focus is not None and not in_focus),
            defines=float(_defines(text, found, places, asked)),
            first_of_release=float(first and passage.start == 0),
            first_of_passage=float(first),
            length=log1p(len(here)),
            short=float(len(here) < 5),
            overlong=float(overlong),
            heading=heading,
            surrounding=surrounding,
        )
        yield Candidate(sentence, passage, tuple(at for at, _ in places), features)


def with_meaning(some: Iterable[Candidate], near: Mapping[Sentence, Near]) -> list[Candidate]:
    """Those of the candidates of which it is known how near they are to the question, with that among their figures."""
    known = [candidate for candidate in some if candidate.sentence in near]
    best: dict[int, float] = {}
    for candidate in known:
        owner = id(candidate.passage)
        best[owner] = max(best.get(owner, -1.0), near[candidate.sentence].question)
    return [
        replace(
            candidate,
            features=candidate.features._replace(
                meaning=near[candidate.sentence].question,
                meaning_of_passage=best[id(candidate.passage)],
                meaning_to_others=near[candidate.sentence].others,
            ),
        )
        for candidate in known
    ]


def with_reading(candidate: Candidate, logit: float) -> Candidate:
    """The candidate with the reader's judgement among its figures."""
    return replace(candidate, features=candidate.features._replace(reading=logit, is_read=1.0))


def unknown_share(question: Question, found: Sequence[Passage], weight_of: Callable[[str], float]) -> float:
    """The share of the question's weight in terms that no passage found holds, not even in other words, from 0 to 1."""
    # A sum says that something is worth it, a day that it is a date.
    distinct = set(question.terms) - KIND_TERMS.get(question.kind, frozenset())
    unknown = {term: related_terms(term) | {term} for term in distinct}
    for passage in found:
        if not unknown:
            return 0.0
        held = passage_terms(passage)
        unknown = {term: others for term, others in unknown.items() if others.isdisjoint(held)}
    total = sum(map(weight_of, distinct))
    return sum(map(weight_of, unknown)) / total if total else 0.0


def _release_shares(read: Sequence[_Read], asked: _Asked) -> dict[str, float]:
    """BM25 with passages for words: how many of a release's passages hold each term, saturating after some."""
    held: dict[str, list[set[str]]] = {}
    for one in read:
        release = one.passage.release
        if release.id not in held:
            held[release.id] = [set(_bare_terms_of(release.title))]
        held[release.id].append(one.held)
    return {
        release_id: sum(
            weight * 2 * count / (count + 1)
            for term, weight in asked.weights.items()
            if (count := sum(term in some for some in places))
        )
        / asked.total
        for release_id, places in held.items()
    }


def _bm25(places: Sequence[tuple[int, str]], asked: _Asked) -> float:
    """Okapi BM25 (Robertson et al. 1994) of a sentence, as a share, with the weights of the whole corpus. Without a part
    for its length: a sentence is quoted whole."""
    found = [term for _, term in places]
    return (
        sum(
            weight * count * (SENTENCE_K1 + 1) / (count + SENTENCE_K1)
            for term, weight in asked.weights.items()
            if (count := found.count(term))
        )
        / asked.total
    )


def _order(pairs: Sequence[tuple[str, str]], places: Sequence[tuple[int, str]]) -> float:
    """The share of the question's neighbouring terms that stand in this order here, at most one word apart."""
    if not pairs or len(places) < 2:
        return 0.0
    here = {
        (term, other)
        for step in (1, 2)
        for (at, term), (behind, other) in zip(places, places[step:], strict=False)
        if behind - at <= 2
    }
    return sum(pair in here for pair in pairs) / len(pairs)


def _nearness(distinct: int, places: Sequence[tuple[int, str]], length: int) -> float:
    """How close the terms found stand: their number by the length of the shortest stretch with all of them."""
    if distinct < 2:
        return 0.0
    last: dict[str, int] = {}
    shortest = length
    for at, term in places:
        last[term] = at
        if len(last) == distinct:
            shortest = min(shortest, at - min(last.values()) + 1)
    return distinct / shortest


_COPULAS = frozenset({"is", "are", "was", "were", "refers", "means", "(", "serves"})


def _defines(text: str, found: Collection[str], places: Sequence[tuple[int, str]], asked: _Asked) -> bool:
    """Whether what is asked stands first and the sentence goes on to say what it is."""
    if sum(asked.weights[term] for term in found) < DEFINED * asked.total * (1 - 1e-9):
        return False
    here = _terms_of(text)
    head = [here[at] for at, _ in places if here[at].start < 40]
    if not head or sum(asked.weights[term] for term in {term.term for term in head}) < DEFINED * asked.total:
        return False
    return bool(_COPULAS.intersection(text[head[-1].end :].replace("(", " ( ").split()[:3]))
