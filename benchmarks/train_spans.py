"""Learns the weights of `bot/answering/data/spans.json` from open sets, and prints what they are worth out of fold.

    python benchmarks/train_spans.py ../shared/qa/open/squad-part ../shared/qa/open/xquad-part-en

A softmax over the candidates of a sentence and over "none of them", whose score is 0; the loss is minus the log of the
expected token F1 with the answer. The folds are whole articles.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from spans import Case, cases, f1, overlaps, plain

from bot.answering.choosing import features
from bot.answering.question import AnswerKind
from bot.answering.spans import fitting
from bot.text.terms import terms

TARGET = Path(__file__).parent.parent / "bot" / "answering" / "data" / "spans.json"
FOLDS = 5
L2 = 0.5
L2_OF_KIND = 0.8  # for the weights of one kind of question
LEAST = 0.45  # the probability from which a span is shown where no rule is sure of one; see the figures printed
SEEN = 15  # a feature seen in fewer questions gets no weight
# Features that the training texts hardly have are set by hand.
BY_HAND = {
    "date:year_of_name": -3.0,  # "the 2021 Harbour Fair": what it is called, before when it was
    "person:common_opening": -2.0,
    "place:common_opening": -2.0,
    "number:one": -1.0,  # more often a pronoun than a figure
    "number:part_of_word": -2.0,  # "5-time"
}
# What a question says already is no answer to it.
NEVER_FOR = ("echo",)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates of a case: their features by name, whether one is sure, and what each is worth."""

    case: Case
    seen: list[dict[str, float]]
    sure: bool
    f1: Array
    overlap: Array
    exact: Array


def group_of(case: Case) -> Group | None:
    here = terms(case.sentence)
    spans, sure = fitting(case.sentence, here, case.question)
    if not spans:
        return None
    texts = [case.sentence[span.start : span.end] for span in spans]
    hit = np.array([overlaps(case.sentence, span, case.answers) for span in spans])
    return Group(
        case,
        features(case.sentence, here, case.question, spans, sure),
        bool(sure),
        np.array([f1(text, case.answers) for text in texts]) * hit,
        hit,
        np.array([plain(text) in set(map(plain, case.answers)) for text in texts]) * hit,
    )


def learn(groups: Sequence[Group]) -> dict[str, float]:
    """The weights that make the expected F1 the greatest."""
    counts: dict[str, int] = {}
    for group in groups:
        for name in set().union(*group.seen):
            counts[name] = counts.get(name, 0) + 1
    by_hand = {name.split(":")[1] for name in BY_HAND}
    names = sorted(name for name, count in counts.items() if count >= SEEN and name.split(":")[-1] not in by_hand)
    column = {name: i for i, name in enumerate(names)}
    rows = np.concatenate([matrix(group.seen, column) for group in groups])
    edges = np.cumsum([0, *(len(group.seen) for group in groups)])
    worth = np.concatenate([group.f1 for group in groups])
    best = np.maximum.reduceat(worth, edges[:-1])
    none = np.where(best > 0, 0.0, 1.0)
    decay = np.array([L2_OF_KIND if ":" in name else L2 for name in names])
    of = np.repeat(np.arange(len(groups)), np.diff(edges))

    def loss(weights: Array) -> tuple[float, Array]:
        scores = rows @ weights
        top = np.maximum(np.maximum.reduceat(scores, edges[:-1]), 0)
        shares = np.exp(scores - top[of])
        nothing = np.exp(-top)
        total = np.add.reduceat(shares, edges[:-1]) + nothing
        right = np.add.reduceat(shares * worth, edges[:-1]) + nothing * none + 1e-9
        gradient = rows.T @ (shares / total[of] - shares * worth / right[of]) + 2 * decay * weights
        return float(-np.log(right / total).sum() + decay @ weights**2), gradient

    bounds = [(None, 0 if name.split(":")[-1] in NEVER_FOR else None) for name in names]
    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return BY_HAND | {name: round(float(w), 3) for name, w in zip(names, found.x, strict=True) if abs(w) >= 0.02}


def matrix(seen: Sequence[dict[str, float]], column: dict[str, int]) -> Array:
    rows = np.zeros((len(seen), len(column)))
    for row, values in zip(rows, seen, strict=True):
        for name, value in values.items():
            if name in column:
                row[column[name]] = value
    return rows


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the weights choose: for which kind of question, whether it is shown, whether it is right."""

    kind: AnswerKind
    probable: float
    sure: bool
    overlap: bool
    exact: bool
    f1: float


def choice(group: Group, weights: dict[str, float]) -> Chosen:
    scores = np.array([sum(weights.get(name, 0.0) * value for name, value in seen.items()) for seen in group.seen])
    best = int(scores.argmax())
    return Chosen(
        kind=group.case.question.kind,
        probable=float(np.exp(scores[best]) / (1 + np.exp(scores).sum())),
        sure=group.sure,
        overlap=bool(group.overlap[best]),
        exact=bool(group.exact[best]),
        f1=float(group.f1[best]),
    )


def main(folders: list[Path]) -> None:
    all_cases = [case for folder in folders for case in cases(folder)]
    groups = [group for case in all_cases if (group := group_of(case))]
    articles = sorted({group.case.article for group in groups})
    out: list[Chosen] = []
    for fold in range(FOLDS):
        held = set(articles[fold::FOLDS])
        weights = learn([group for group in groups if group.case.article not in held])
        out += [choice(group, weights) for group in groups if group.case.article in held]
    print(f"{'out of fold':<12}{'asked':>6}{'shown':>8}{'overlap':>8}{'precise':>8}{'exact':>8}{'f1':>8}")
    for kind in AnswerKind:
        asked = sum(case.question.kind is kind for case in all_cases)
        for least in (LEAST,) if kind is not AnswerKind.OTHER else (0.3, 0.4, LEAST, 0.5, 0.6):
            shown = [one for one in out if one.kind is kind and (one.sure or one.probable >= least)]
            if shown:
                right = sum(one.overlap for one in shown)
                shares = [len(shown) / asked, right / asked, right / len(shown)]
                shares += [sum(one.exact for one in shown) / asked, sum(one.f1 for one in shown) / asked]
                name = f"{kind} {least}" if kind is AnswerKind.OTHER else kind
                print(f"{name:<12}{asked:>6}" + "".join(f"{share:>8.3f}" for share in shares))
    weights = learn(groups)
    TARGET.write_text(json.dumps({"least": LEAST, "weights": dict(sorted(weights.items()))}, indent=1) + "\n")
    print(len(weights), "weights")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
