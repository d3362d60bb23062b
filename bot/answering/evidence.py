"""What tells whether the best sentence answers, and the probabilities that follow from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from bot.answering.features import Candidate, passage_terms, sentence_terms
from bot.answering.question import KIND_TERMS, AnswerKind, Question
from bot.answering.related import related_terms
from bot.text.stemming import rarity

_NEGATION = re.compile(
    r"\b(?:not|never|no|nor|none|without|except|cannot|least|fewest|unable|non)\b|n['’]t\b", re.IGNORECASE
)
# Cosines on the scale of `bot.answering.meaning`: what is below FAR hardly ever answers, what is above CLOSE mostly does.
_FAR, _CLOSE, _BETWEEN, _OF_ITS_OWN = 0.82, 0.84, 0.83, 0.06
_SURE = 8.0  # the logit at which the reader is as sure as it can be
_TENTHS = 10.0  # brings differences of cosines to the size of the other figures


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: a weight for each figure of `evidence`, and the bias."""

    weights: Mapping[str, float]
    bias: float


def probability(figures: Mapping[str, float], learned: Logistic) -> float:
    """The logistic of the weighted evidence, from 0 to 1."""
    total = learned.bias + sum(weight * figures[name] for name, weight in learned.weights.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def evidence(best: Sequence[tuple[Candidate, float]], question: Question, unknown: float) -> dict[str, float]:
    """What tells whether the first of the ranked candidates answers the question.

    `unknown` is the share of the question's weight that is in no passage of the corpus.
    """
    first, first_score = best[0]
    features = first.features
    reached = features.coverage + features.indirect
    figures = {
        "coverage": features.coverage,
        "reach": reached + features.around,
        "rarest": features.rarest,
        "holds_kind": features.holds_kind,
        "lacks_kind": features.lacks_kind,
        "lacks_focus": features.lacks_focus,
        "nearness": features.nearness,
        "order": features.order,
        "unknown": unknown,
        "matched": min(reached * len(set(question.terms)), 4.0) / 4,
        "lead": _lead(best),
        "share": 1 / sum(exp(score - first_score) for _, score in best),
    }
    figures |= _missing(first, question) | _negation(first, question) | _meaning(first, unknown)
    return figures | _reading(best, figures)


def _lead(best: Sequence[tuple[Candidate, float]]) -> float:
    """By how much the first is ahead of the best of another passage, 4 at most."""
    first, first_score = best[0]
    other = next((score for candidate, score in best if candidate.passage is not first.passage), first_score - 4)
    return min(first_score - other, 4.0)


def _missing(first: Candidate, question: Question) -> dict[str, float]:
    """What of the question neither the sentence nor its passage says, also in other words."""
    here = {term.term for term in sentence_terms(first.sentence)}
    around = passage_terms(first.passage)
    said_by_kind = KIND_TERMS.get(question.kind, frozenset()) if first.features.holds_kind else frozenset()
    asked = dict.fromkeys(term for term in question.terms if term not in said_by_kind)
    missing = [term for term in asked if term not in here and not related_terms(term) & here]
    missing_around = [term for term in asked if term not in around and not related_terms(term) & around]
    names = {
        term
        for word, term in zip(question.words, question.terms, strict=True)
        if word.start and question.text[word.start].isupper()
    }
    weight = sum(map(rarity, asked))
    return {
        "missing": sum(map(rarity, missing_around)) / weight if weight else 0.0,
        "missing_terms": min(len(missing_around), 4) / 4,
        "missing_names": min(len(names.intersection(missing)), 3) / 3,
        "missing_names_around": min(len(names.intersection(missing_around)), 3) / 3,
        "missing_numbers": float(any(term.isdigit() and term not in first.passage.text for term in asked)),
        "missing_counted": float(question.kind is AnswerKind.NUMBER and question.focus in missing),
        "missing_office": float(question.kind is AnswerKind.PERSON and question.focus in missing),
    }


def _negation(first: Candidate, question: Question) -> dict[str, float]:
    """Whether the question denies something, and whether the sentence does not."""
    asked = bool(_NEGATION.search(question.text))
    return {"denies": float(asked), "denies_alone": float(asked and not _NEGATION.search(first.sentence.text))}


def _meaning(first: Candidate, unknown: float) -> dict[str, float]:
    """How near the sentence is in meaning, in pieces: a logistic regression by itself is straight."""
    features = first.features
    near, own = features.meaning, features.meaning - features.meaning_to_others
    if not near:  # there is no encoder
        return dict.fromkeys(
            ("meaning", "own", "behind", "close", "far", "reach_near", "unknown_near", "own_high"), 0.0
        )
    return {
        "meaning": near,
        "own": own,
        "behind": features.meaning_of_passage - near,
        "close": max(0.0, near - _CLOSE) * _TENTHS,
        "far": max(0.0, _FAR - near) * _TENTHS,
        "reach_near": (features.coverage + features.indirect + features.around) * (near - _BETWEEN) * _TENTHS,
        "unknown_near": unknown * (near - _BETWEEN) * _TENTHS,
        "own_high": max(0.0, own - _OF_ITS_OWN) * _TENTHS,
    }


def _reading(best: Sequence[tuple[Candidate, float]], figures: Mapping[str, float]) -> dict[str, float]:
    """How surely the reader finds the answer in the first sentence, and whether it would have chosen another."""
    logits = [max(-_SURE, min(_SURE, one.features.reading)) for one, _ in best if one.features.is_read]
    if not best[0][0].features.is_read:  # there is no reader
        return dict.fromkeys(
            ("reading", "reads", "reads_none", "reads_other", "reading_covered", "reading_missing", "reading_unknown"),
            0.0,
        )
    first = logits[0]
    return {
        "reading": first,
        "reads": 1 / (1 + exp(-first)),
        "reads_none": 1 / (1 + sum(map(exp, logits))),
        "reads_other": max(logits) - first,
        "reading_covered": first * figures["coverage"],
        "reading_missing": first * figures["missing"],
        "reading_unknown": first * figures["unknown"],
    }
