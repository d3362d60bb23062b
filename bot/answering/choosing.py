"""Which of several spans answers: a log-linear model over what is seen of each of them.

The weights are learned by `benchmarks/train_spans.py` and lie in `data/spans.json`.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log

from bot.answering.asking import Asking, asking
from bot.answering.looks import looks
from bot.answering.names import named
from bot.answering.question import AnswerKind, Question
from bot.answering.related import related_terms
from bot.model import Span
from bot.text.stemming import rarity
from bot.text.terms import Term, words

_CLAUSE = re.compile(
    r"[;:()—]|,\s+(?:and|but|while|which|who|whose|where|with|although|as)\b|\b(?:but|while|which|who)\b"
)
_SEGMENT = re.compile(r"[,;:()—–]|\b(?:and|but|while|which|who|or)\b")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature counts, and the least probability at which a span is shown where no rule is sure of one."""

    weights: dict[str, float]
    least: float


@cache
def weights() -> Weights:
    """The weights that ship."""
    data = json.loads(files("bot.answering").joinpath("data/spans.json").read_text(encoding="utf-8"))
    return Weights(data["weights"], data["least"])


def chosen(
    sentence: str, here: Sequence[Term], question: Question, fitting: Sequence[Span], sure: Collection[Span]
) -> Span | None:
    """The most probable of the spans that fit.

    `sure` are those that are of the kind asked by their looks. Where there is none, it is None unless it is probable.
    """
    weight = _weights_for(question.kind)
    scores = [
        sum(weight.get(name, 0.0) * value for name, value in seen.items())
        for seen in _seen(sentence, here, question, fitting, sure)
    ]
    best = max(range(len(fitting)), key=scores.__getitem__)
    # The softmax over the spans and over "none of them", whose score is 0.
    probable = 1 / (exp(-scores[best]) + sum(exp(score - scores[best]) for score in scores))
    return fitting[best] if sure or probable >= weights().least else None


def features(
    sentence: str, here: Sequence[Term], question: Question, fitting: Sequence[Span], sure: Collection[Span]
) -> list[dict[str, float]]:
    """What is seen of each span, by name; features that count otherwise for a kind have its name before them."""
    kind = question.kind.value
    return [
        seen | {f"{kind}:{name}": value for name, value in seen.items()}
        for seen in _seen(sentence, here, question, fitting, sure)
    ]


@cache
def _weights_for(kind: AnswerKind) -> dict[str, float]:
    """What each feature counts for a question of this kind: by itself, and as one of the kind."""
    learned = weights().weights
    names = {name.removeprefix(f"{kind.value}:") for name in learned}
    return {name: learned.get(name, 0.0) + learned.get(f"{kind.value}:{name}", 0.0) for name in names}


def _seen(
    sentence: str, here: Sequence[Term], question: Question, fitting: Sequence[Span], sure: Collection[Span]
) -> Iterator[dict[str, float]]:
    asked = asking(question.text)
    tokens = [word.start for word in words(sentence)]
    weight = {term: rarity(term) for term in question.terms}
    places: dict[str, list[int]] = {}
    for term, start, _ in here:
        if term in weight:
            places.setdefault(term, []).append(bisect_left(tokens, start))
    for term in sorted(weight.keys() - places.keys()):
        others = related_terms(term)
        if found := [bisect_left(tokens, other.start) for other in here if other.term in others]:
            places[term] = found
    clauses = [match.start() for match in _CLAUSE.finditer(sentence)]
    segments = [match.start() for match in _SEGMENT.finditer(sentence)]
    kinds = dict(named(sentence))
    for span in fitting:
        seen = dict(_position(sentence, span, asked, tokens, places, weight, clauses, segments))
        echoed = [term.term in weight for term in here if span.start <= term.start < span.end]
        seen["echo"] = sum(echoed) / max(1, len(echoed))
        seen["sure"] = float(span in sure)
        seen.update(looks(sentence, span, here, question.kind, asked, kinds.get(span)))
        yield seen


def _position(
    sentence: str,
    span: Span,
    asked: Asking,
    tokens: Sequence[int],
    places: Mapping[str, Sequence[int]],
    weight: Mapping[str, float],
    clauses: Sequence[int],
    segments: Sequence[int],
) -> Iterator[tuple[str, float]]:
    """Where a span stands among the words that were asked for."""
    first = bisect_left(tokens, span.start)
    last = bisect_left(tokens, span.end) - 1
    total = sum(weight[term] for term in places) or 1.0

    def away(place: int) -> int:
        return max(0, first - place, place - last)

    outside = {term: [place for place in where if not first <= place <= last] for term, where in places.items()}
    nearest = {term: min(where, key=away) for term, where in outside.items() if where}
    yield "near", sum(weight[term] / (1 + away(place)) for term, place in nearest.items()) / total
    closest = min((away(place) for place in nearest.values()), default=40)
    yield "closest", 1 / (1 + closest)
    yield "far", log(1 + closest)
    yield "mean", sum(weight[term] * log(1 + away(place)) for term, place in nearest.items()) / total
    mine = bisect_left(clauses, span.start + 1)
    yield (
        "clause",
        sum(weight[term] for term, place in nearest.items() if bisect_left(clauses, tokens[place] + 1) == mine) / total,
    )
    mine = bisect_left(segments, span.start + 1)
    yield (
        "segment",
        sum(weight[term] for term, place in nearest.items() if bisect_left(segments, tokens[place] + 1) == mine)
        / total,
    )
    if nearest:
        if all(place > last for place in nearest.values()):
            yield f"before_all_{asked.form}", 1.0
        if all(place < first for place in nearest.values()):
            yield f"after_all_{asked.form}", 1.0
    for name, anchor in zip(("anchor", "end"), asked.anchors, strict=False):
        if anchor in nearest:
            side = "before" if nearest[anchor] > last else "after"
            yield f"{name}_{side}_{asked.form}", 1 / away(nearest[anchor])
    if span.start <= 1:
        yield "opens", 1.0
    before = sentence[: span.start].rstrip()
    if before.endswith("("):
        yield "in_brackets", 1.0
    yield "early", 1 - first / max(1, len(tokens))
