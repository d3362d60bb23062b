"""From features to scores: a linear model, with what was learned of how sure its first sentence is.

The weights are learned by `benchmarks/train_ranking.py` and lie in `data/ranking.json` with the figures of their
training.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log
from operator import mul
from typing import Any, Literal

from bot.answering.evidence import Logistic
from bot.answering.features import FEATURES, Candidate
from bot.answering.question import Question


@dataclass(frozen=True, slots=True)
class Model:
    """The learned figures.

    `score` holds a weight for each feature by which sentences are ranked, and `score_by_detail` what is added to it for
    a question of full detail: a long question is answered by the words that it names, a short one more often by the
    sentence that says what the thing is. From the evidence for the first of them, `confidence` gives the probability
    that it answers, and `answerable` the probability that the releases answer at all; below `threshold` of the latter
    the reply is that they do not say.
    """

    score: dict[str, float]
    score_by_detail: dict[str, float]
    confidence: Logistic
    answerable: Logistic
    threshold: float


Kind = Literal["words", "meaning", "words_read", "meaning_read", "translated"]


@cache
def model(kind: Kind) -> Model:
    """The model that ships: for `words` alone, for their `meaning` too, for either where the sentences were also read, or for
    a question in another language."""
    data = _data()[kind]
    confidence, answerable = (Logistic(**data[name]) for name in ("confidence", "answerable"))
    return Model(data["score"], data["score_by_detail"], confidence, answerable, data["threshold"])


def is_learned(kind: Kind) -> bool:
    """Whether there is a model for it: those for sentences that were read are learned after a reader is made."""
    return kind in _data()


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("bot.answering").joinpath("data/ranking.json").read_text(encoding="utf-8"))
    return data


def detail(question: Question) -> float:
    """How much a question names, from 0 to 1: logarithm of its distinct terms, 1 for ten of them and more."""
    return min(log(1 + len(set(question.terms))) / log(11), 1.0)


def score_weights(learned: Model, detail: float) -> list[float]:
    """What each of the features counts, in the order of `FEATURES`, for a question of so much detail."""
    return [learned.score.get(name, 0.0) + detail * learned.score_by_detail.get(name, 0.0) for name in FEATURES]


def ranked(candidates: Sequence[Candidate], question: Question, learned: Model) -> list[tuple[Candidate, float]]:
    """The candidates with their scores, best first.

    Among equals those of the fresher release are first, and else they stay in the order in which they were found.
    """
    weights = score_weights(learned, detail(question))
    scored = [(candidate, sum(map(mul, weights, candidate.features))) for candidate in candidates]
    return sorted(scored, key=lambda pair: (-pair[1], -_day(pair[0])))


def _day(candidate: Candidate) -> int:
    """The day of publication as a number, 0 where it is not known."""
    day = candidate.sentence.release.published
    return day.toordinal() if day else 0
