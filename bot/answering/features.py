"""What is seen of a candidate sentence: one figure for each reason to choose it or not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from math import log1p

from bot.answering.leaning import leans
from bot.answering.question import KIND_TERMS, AnswerKind, Question
from bot.answering.related import related_terms
from bot.answering.spans import holds_answer
from bot.index.base import Near
from bot.index.memory import BM25
from bot.model import Passage, PassageKind, Sentence
from bot.text.terms import Term, terms


@dataclass(frozen=True, slots=True)
class Features:
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

    def by_name(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in FEATURES}


# A sentence is short: that a term is in it counts, not how often, and it is quoted whole, so its length does not.
SENTENCE_K1 = 0.2
SENTENCE_B = 0.0
OVERLONG = 100  # terms
FEATURES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: the terms of it that were asked for, and its figures."""

    sentence: Sentence
    passage: Passage
    matched: tuple[Term, ...]
    features: Features


@lru_cache(maxsize=1 << 15)
def sentence_terms(sentence: Sentence) -> tuple[Term, ...]:
    """The index terms of a sentence; positions are inside it."""
    return tuple(terms(sentence.text))


@lru_cache(maxsize=1 << 13)
def passage_terms(passage: Passage) -> frozenset[str]:
    """The index terms of a passage."""
    return frozenset(term.term for sentence in passage.sentences for term in sentence_terms(sentence))


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
    release_shares = _release_shares(found, weights, total)
    sentences = [(sentence, passage, score) for passage, score in found for sentence in passage.sentences]
    bm25_scores = _sentence_scores([sentence for sentence, _, _ in sentences], weights)
    result = []
    for (sentence, passage, passage_score), bm25_score in zip(sentences, bm25_scores, strict=True):
        place = passage.sentences.index(sentence)
        neighbours = passage.sentences[max(0, place - 1) : place] + passage.sentences[place + 1 : place + 2]
        here = sentence_terms(sentence)
        matched = tuple(term for term in here if term.term in weights)
        beside = {term.term for neighbour in neighbours for term in sentence_terms(neighbour)} & weights.keys()
        found_terms = {term.term for term in matched}
        leant_on = set[str]()
        if place and leans(sentence.text):
            leant_on = {term.term for term in sentence_terms(passage.sentences[place - 1])} & weights.keys()
        others = {term: _bearers(term, here) for term in weights if term not in passage_terms(passage)}
        indirect = leant_on - found_terms | {term for term, bearers in others.items() if bearers}
        overlong = len(here) > OVERLONG
        holds_kind = not overlong and holds_answer(sentence.text, here, question)
        if holds_kind:  # a sum says that something is worth it, a day that it is a date
            indirect |= KIND_TERMS.get(question.kind, frozenset()) & weights.keys() - found_terms
        if not (every or matched or beside or indirect):
            continue
        stems = [term.term for term in here]
        wants = question.kind not in (AnswerKind.OTHER, AnswerKind.DEFINITION)
        focus = question.focus
        in_focus = focus is not None and (focus in found_terms or bool(others.get(focus)))
        first = sentence.start == passage.start
        features = Features(
            sentence=bm25_score / total,
            passage=passage_score / total,
            release=release_shares[passage.release.id],
            coverage=_weight(found_terms, weights) / total,
            indirect=_weight(indirect, weights) / total,
            around=_weight(beside - found_terms - indirect, weights) / total,
            opening_words=_weight(found_terms.intersection(stems[:4]), weights) / total,
            rarest=max((weights[term] for term in found_terms), default=0.0) / max(weights.values()),
            order=_order(question.terms, stems),
            nearness=_nearness(found_terms, stems),
            holds_kind=float(wants and holds_kind),
            lacks_kind=float(wants and not holds_kind),
            gives_reason=float(question.kind is AnswerKind.REASON and holds_kind),
            holds_focus=float(in_focus),
            lacks_focus=float(focus is not None and not in_focus),
            defines=float(_defines(sentence.text, matched, weights, total)),
            first_of_release=float(first and passage.start == 0),
            first_of_passage=float(first),
            length=log1p(len(stems)),
            short=float(len(stems) < 5),
            overlong=float(overlong),
            heading=float(passage.kind is PassageKind.HEADING),
            surrounding=float(passage.kind in (PassageKind.ABOUT, PassageKind.CONTACT)),
        )
        result.append(Candidate(sentence, passage, matched, features))
    return result


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
            features=replace(
                candidate.features,
                meaning=near[candidate.sentence].question,
                meaning_of_passage=best[id(candidate.passage)],
                meaning_to_others=near[candidate.sentence].others,
            ),
        )
        for candidate in known
    ]


def unknown_share(question: Question, found: Sequence[Passage], weight_of: Callable[[str], float]) -> float:
    """The share of the question's weight in terms that no passage found holds, not even in other words, from 0 to 1."""
    held = frozenset[str]().union(*map(passage_terms, found))
    # A sum says that something is worth it, a day that it is a date.
    distinct = set(question.terms) - KIND_TERMS.get(question.kind, frozenset())
    unknown = [term for term in distinct if term not in held and not related_terms(term) & held]
    total = sum(map(weight_of, distinct))
    return sum(map(weight_of, unknown)) / total if total else 0.0


def _bearers(asked: str, here: Sequence[Term]) -> list[Term]:
    """The words of a sentence that may stand for a term asked for."""
    related = related_terms(asked)
    return [term for term in here if term.term in related] if related else []


def _weight(some: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights[term] for term in some)


def _release_shares(
    found: Sequence[tuple[Passage, float]], weights: Mapping[str, float], total: float
) -> dict[str, float]:
    """BM25 with passages for words: how many of a release's passages hold each term, saturating after some."""
    counts: dict[str, dict[str, int]] = {}
    for passage, _ in found:
        counted = counts.setdefault(
            passage.release.id, {term.term: 1 for term in _title_terms(passage.release.title) if term.term in weights}
        )
        for term in passage_terms(passage) & weights.keys():
            counted[term] = counted.get(term, 0) + 1
    return {
        release_id: sum(weights[term] * 2 * count / (count + 1) for term, count in counted.items()) / total
        for release_id, counted in counts.items()
    }


@lru_cache(maxsize=1 << 12)
def _title_terms(title: str) -> tuple[Term, ...]:
    return tuple(terms(title))


def _sentence_scores(sentences: Sequence[Sentence], weights: Mapping[str, float]) -> list[float]:
    """BM25 of each sentence among these, with the weights of the whole corpus."""
    bm25 = BM25(
        [[term.term for term in sentence_terms(sentence)] for sentence in sentences], k1=SENTENCE_K1, b=SENTENCE_B
    )
    bm25.idf = dict(weights)
    return [float(score) for score in bm25.get_scores(list(weights))]


def _order(asked: Sequence[str], stems: Sequence[str]) -> float:
    """The share of the question's neighbouring terms that stand in this order here, at most one word apart."""
    pairs = list(pairwise(asked))
    if not pairs:
        return 0.0
    here = set(pairwise(stems)) | set(zip(stems, stems[2:], strict=False))
    return sum(pair in here for pair in pairs) / len(pairs)


def _nearness(found: set[str], stems: Sequence[str]) -> float:
    """How close the terms found stand: their number by the length of the shortest stretch with all of them."""
    if len(found) < 2:
        return 0.0
    last: dict[str, int] = {}
    shortest = len(stems)
    for place, term in enumerate(stems):
        if term in found:
            last[term] = place
            if len(last) == len(found):
                shortest = min(shortest, place - min(last.values()) + 1)
    return len(found) / shortest


_COPULAS = frozenset({"is", "are", "was", "were", "refers", "means", "(", "serves"})


def _defines(text: str, matched: Sequence[Term], weights: Mapping[str, float], total: float) -> bool:
    """Whether what is asked stands first and the sentence goes on to say what it is."""
    head = [term for term in matched if term.start < 40]
    if not head or _weight({term.term for term in head}, weights) < 0.6 * total:
        return False
    return bool(_COPULAS.intersection(text[head[-1].end :].replace("(", " ( ").split()[:3]))
