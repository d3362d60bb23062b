"""From features to scores: a linear model, and how sure it is.

The weights are learned by `benchmarks/train_ranking.py` and lie in `data/ranking.json` with the figures of their
training.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Any, Literal

from bot.answering.features import Candidate, Features
from bot.answering.question import Question


@dataclass(frozen=True, slots=True)
class Model:
    """The learned figures.

    `score` holds a weight for each feature by which sentences are ranked, and `score_by_detail` what is added to it for
    a question of full detail: a long question is answered by the words that it names, a short one more often by the
    sentence that says what the thing is. `confidence` holds a weight for each figure of `evidence`, and `bias`; below
    `threshold` the reply is that the releases do not say.
    """

    score: dict[str, float]
    score_by_detail: dict[str, float]
    confidence: dict[str, float]
    bias: float
    threshold: float


Kind = Literal["words", "meaning", "translated"]


@cache
def model(kind: Kind) -> Model:
    """The model that ships: for `words` alone, for their `meaning` too, or for a question in another language."""
    data = _data()[kind]
    return Model(data["score"], data["score_by_detail"], data["confidence"], data["bias"], data["threshold"])


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("bot.answering").joinpath("data/ranking.json").read_text(encoding="utf-8"))
    return data


def detail(question: Question) -> float:
    """How much a question names, from 0 to 1: logarithm of its distinct terms, 1 for ten of them and more."""
    return min(log(1 + len(set(question.terms))) / log(11), 1.0)


def score(features: Features, learned: Model, detail: float) -> float:
    """The weighted sum of the features."""
    figures = features.by_name()
    weighted = sum(weight * figures[name] for name, weight in learned.score.items())
    return weighted + detail * sum(weight * figures[name] for name, weight in learned.score_by_detail.items())


def ranked(candidates: Sequence[Candidate], question: Question, learned: Model) -> list[tuple[Candidate, float]]:
    """The candidates with their scores, best first; equals stay in the order in which they were found."""
    named = detail(question)
    scored = [(candidate, score(candidate.features, learned, named)) for candidate in candidates]
    return sorted(scored, key=lambda pair: -pair[1])


def evidence(best: Sequence[tuple[Candidate, float]], question: Question, unknown: float) -> dict[str, float]:
    """What tells whether the first of the ranked candidates answers the question.

    `unknown` is the share of the question's weight that is in no passage of the corpus.
    """
    first, first_score = best[0]
    runner_up = best[1][1] if len(best) > 1 else 0.0
    features = first.features
    reached = features.coverage + features.indirect
    return {
        "margin": min(first_score - runner_up, 3.0),
        "coverage": features.coverage,
        "reach": reached + features.around,
        "rarest": features.rarest,
        "holds_kind": features.holds_kind,
        "lacks_kind": features.lacks_kind,
        "lacks_focus": features.lacks_focus,
        "nearness": features.nearness,
        "order": features.order,
        "numbers_missing": float(_numbers_missing(first, question)),
        "unknown": unknown,
        "matched": min(reached * len(set(question.terms)), 4.0) / 4,
        "meaning": features.meaning,
        "meaning_of_its_own": features.meaning - features.meaning_to_others,
        "meaning_behind": features.meaning_of_passage - features.meaning,
    }


def _numbers_missing(candidate: Candidate, question: Question) -> bool:
    """Whether the question names a number that neither the sentence nor its passage has."""
    return any(term.isdigit() and term not in candidate.passage.text for term in question.terms)


def confidence(figures: dict[str, float], learned: Model) -> float:
    """The probability that the first candidate answers: the logistic of the weighted evidence."""
    total = learned.bias + sum(learned.confidence.get(name, 0.0) * value for name, value in figures.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
