"""Learns the weights of `bot/answering/data/ranking.json` from open sets, and prints what they are worth.

    python benchmarks/train_ranking.py ../shared/qa

The score is a linear model with a listwise loss: minus the log of the share of the right sentences in the softmax over
the candidates of a question (Cao et al., "Learning to Rank: From Pairwise Approach to Listwise Approach", 2007). The
confidence is a logistic regression. Figures are out of fold over whole articles; the shipped weights are then learned
from all of them. `wikiqa-dev` is never trained on.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.answering import ranking
from bot.answering.answerer import found_passages, weigher
from bot.answering.features import FEATURES, Candidate, candidates, unknown_share
from bot.answering.question import Question, understand
from bot.evaluation.opensets import OpenQuestion, read_questions
from bot.index.corpus import Corpus, build_corpus
from bot.model import Release
from bot.reading.files import read_corpus

TARGET = Path(__file__).parent.parent / "bot" / "answering" / "data" / "ranking.json"
TRAINED_ON = ("squad-part", "xquad-part-en")
FOLDS = 5
L2 = 1.0
ANSWERED = 0.96  # of the answerable questions of squad-part, so many are to be answered
# Features that the training texts hardly have are set by hand: the story goes before what surrounds it. `coverage` tells
# the ranking nothing that `sentence` does not; the confidence needs it.
BY_HAND = {
    "heading": -2.0,
    "surrounding": -2.0,
    "short": -0.3,
    "overlong": -3.0,
    "gives_reason": 1.5,
    "coverage": 0.0,
}

# Features that count otherwise in a question of many words than in one of few.
BY_DETAIL = (
    "sentence", "indirect", "passage", "release", "around", "order", "first_of_release", "length", "holds_kind", "lacks_kind"
)  # fmt: skip
# What speaks for a sentence never counts against it.
NEVER_AGAINST = (
    "sentence", "indirect", "passage", "release", "around", "order", "opening_words", "rarest", "nearness",
    "holds_kind", "holds_focus",
)  # fmt: skip
# How much a group of each set counts: wikiqa-train is lower-cased, so that names cannot be seen in it.
GROUP_WEIGHT = {"wikiqa-train": 0.5}

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question put to a corpus: its candidates with their features, and which of them are right."""

    known: OpenQuestion
    question: Question
    name: str
    article: str
    candidates: list[Candidate]
    features: Array
    right: NDArray[np.bool_]
    unknown: float


def ask(known: OpenQuestion, corpus: Corpus, name: str, article: str) -> Asked:
    question = understand(known.question)
    weight_of = weigher(corpus)
    passages = found_passages(question, corpus)
    found = candidates(question, passages, weight_of)
    plain = [[candidate.features.by_name()[feature] for feature in FEATURES] for candidate in found]
    features = np.array(plain, dtype=float).reshape(len(plain), len(FEATURES))
    columns = [FEATURES.index(feature) for feature in BY_DETAIL]
    return Asked(
        known,
        question,
        name,
        article,
        found,
        np.concatenate([features, features[:, columns] * ranking.detail(question)], axis=1),
        np.array([known.is_answered_by(candidate.sentence.text) for candidate in found], dtype=bool),
        unknown_share(question, [passage for passage, _ in passages], weight_of),
    )


def ask_open(folder: Path) -> list[Asked]:
    corpus = build_corpus(read_corpus([folder / "corpus"]).releases)
    articles = {" ".join(release.text.split()): release.id for release in corpus.releases}

    def article_of(question: OpenQuestion) -> str:
        plain = " ".join((question.paragraph or "").split())
        return next((name for text, name in articles.items() if plain and plain in text), folder.name)

    return [ask(known, corpus, folder.name, article_of(known)) for known in read_questions(folder)]


def ask_selection(path: Path) -> list[Asked]:
    """The questions of a selection set, put to all of its candidates: a release holds those of one question."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [[candidate["text"].strip() for candidate in row["candidates"]] for row in rows]
    corpus = build_corpus(
        Release(id=str(number), text="\n".join(candidates), title="") for number, candidates in enumerate(texts)
    )
    known = [
        OpenQuestion(row["question"], tuple(c["text"].strip() for c in row["candidates"] if c["label"]), None)
        for row in rows
    ]
    return [ask(question, corpus, path.stem, f"{path.stem}-{number}") for number, question in enumerate(known)]


def ask_alone(asked: Sequence[Asked], corpora: Mapping[str, Corpus], name: str) -> list[Asked]:
    """Questions put to the one release that answers them, and to another one that does not: the smallest corpora."""
    articles = sorted({a.article for a in asked} & corpora.keys())
    result = []
    for a in asked:
        if a.article in corpora and a.known.answers:
            result.append(ask(a.known, corpora[a.article], name, a.article))
            other = articles[(articles.index(a.article) + 1 + len(result) % (len(articles) - 1)) % len(articles)]
            result.append(ask(OpenQuestion(a.known.question, (), None), corpora[other], "foreign alone", a.article))
    return result


def fit_score(asked: Iterable[Asked]) -> Array:
    """Weights for the features as they are, learned on features of deviation 1."""
    useful = [a for a in asked if a.right.any() and not a.right.all()]
    everything = np.concatenate([a.features for a in useful])
    right = np.concatenate([a.right for a in useful]).astype(float)
    deviation = everything.std(axis=0)
    names = (*FEATURES, *BY_DETAIL)
    free = np.array([name not in BY_HAND for name in names]) & (deviation > 1e-9)
    scaled = np.where(free, everything / np.where(free, deviation, 1), 0.0)
    lengths = np.array([len(a.right) for a in useful])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    weight = np.array([GROUP_WEIGHT.get(a.name, 1.0) for a in useful])

    def loss(weights: Array) -> tuple[float, Array]:
        scores = scaled @ weights
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        total, good = np.add.reduceat(powers, starts), np.add.reduceat(powers * right, starts)
        pull = powers / np.repeat(total, lengths) - powers * right / np.repeat(good, lengths)
        slope = scaled.T @ (pull * np.repeat(weight, lengths))
        return float(weight @ (np.log(total) - np.log(good)) + L2 * weights @ weights), slope + 2 * L2 * weights

    bounds = [(0, None) if name in NEVER_AGAINST else (None, None) for name in names]
    learned = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = np.where(free, learned / np.where(free, deviation, 1), 0.0)
    return np.where([name in BY_HAND for name in names], [BY_HAND.get(name, 0.0) for name in names], weights)


def best_of(asked: Asked, weights: Array) -> int:
    return int(np.argmax(asked.features @ weights))


def hits(asked: Iterable[Asked], weights: Array) -> int:
    return sum(bool(a.right[best_of(a, weights)]) for a in asked if a.known.answers and len(a.right))


def answerable(asked: Iterable[Asked]) -> int:
    return sum(bool(a.known.answers) for a in asked)


def folds(asked: Sequence[Asked]) -> list[set[str]]:
    articles = sorted({a.article for a in asked})
    return [set(articles[fold::FOLDS]) for fold in range(FOLDS)]


def as_model(weights: Array) -> ranking.Model:
    plain = {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=False)}
    by_detail = {name: round(float(w), 4) for name, w in zip(BY_DETAIL, weights[len(FEATURES) :], strict=True)}
    return ranking.Model(plain, by_detail, {}, 0.0, 0.0)


@dataclass(frozen=True)
class Judged:
    """The evidence for the first candidate of a question, and whether it is right."""

    evidence: dict[str, float]
    right: bool
    sort: str  # answerable, alike (no answer, but of the corpus), foreign (of another corpus)
    name: str


def judge(asked: Asked, weights: Array, sort: str) -> Judged | None:
    if not asked.candidates:
        return None
    best = ranking.ranked(asked.candidates, asked.question, as_model(weights))
    return Judged(
        ranking.evidence(best, asked.question, asked.unknown),
        bool(asked.right[best_of(asked, weights)]),
        sort,
        asked.name,
    )


def main(root: Path) -> None:
    sets = {name: ask_open(root / "open" / name) for name in (*TRAINED_ON, "wikiqa-dev")}
    sets["wikiqa-train"] = ask_selection(root / "selection" / "wikiqa-train.jsonl")
    squad = build_corpus(read_corpus([root / "open" / "squad-part" / "corpus"]).releases)
    foreign = [ask(OpenQuestion(a.known.question, (), None), squad, "foreign", a.article) for a in sets["wikiqa-train"]]
    learned_from = (*TRAINED_ON, "wikiqa-train")
    pool = [a for name in learned_from for a in sets[name]]
    releases = {
        release.id: build_corpus([release])
        for name in TRAINED_ON
        for release in read_corpus([root / "open" / name / "corpus"]).releases
    }
    foreign += ask_alone([a for name in TRAINED_ON for a in sets[name]], releases, "alone")
    documents = {
        a.article: build_corpus([a.candidates[0].sentence.release]) for a in sets["wikiqa-train"] if len(a.candidates)
    }
    foreign += ask_alone(sets["wikiqa-train"][::2], documents, "alone")
    right = dict.fromkeys(learned_from, 0)
    judged: list[Judged] = []
    for held_out in folds(pool):
        weights = fit_score(a for a in pool if a.article not in held_out)
        for name in learned_from:
            right[name] += hits([a for a in sets[name] if a.article in held_out], weights)
        for a in [*(a for a in pool if a.article in held_out), *(a for a in foreign if a.article in held_out)]:
            sort = "answerable" if a.known.answers else a.name if a.name.startswith("foreign") else "alike"
            if found := judge(a, weights, sort):
                judged.append(found)
    weights = fit_score(pool)
    figures = {f"P@1 {name}": round(right[name] / answerable(sets[name]), 4) for name in learned_from}
    figures["P@1 wikiqa-dev (not trained on)"] = round(hits(sets["wikiqa-dev"], weights) / len(sets["wikiqa-dev"]), 4)

    names = list(judged[0].evidence)
    x = np.array([[j.evidence[name] for name in names] for j in judged])
    y = np.array([j.right for j in judged])
    judging = LogisticRegression(C=1.0, max_iter=5000).fit(x, y)
    sure = judging.predict_proba(x)[:, 1]
    of_squad = np.array([j.name == "squad-part" for j in judged])
    sort = np.array([j.sort for j in judged])
    names_of = np.array([j.name for j in judged])
    threshold = float(np.quantile(sure[of_squad & (sort == "answerable")], 1 - ANSWERED))
    figures |= {
        "squad-part answered, answerable": round(
            float((sure[of_squad & (sort == "answerable")] >= threshold).mean()), 4
        ),
        "squad-part refused, questions of wikiqa-train": round(float((sure[sort == "foreign"] < threshold).mean()), 4),
        "one release, answered": round(float((sure[names_of == "alone"] >= threshold).mean()), 4),
        "one release, refused, of another": round(float((sure[sort == "foreign alone"] < threshold).mean()), 4),
        "squad-part AUROC, answerable against unanswerable": round(
            float(roc_auc_score(sort[of_squad] == "answerable", sure[of_squad])), 4
        ),
    }
    model = as_model(weights)
    data = {
        "made_by": "benchmarks/train_ranking.py",
        "trained_on": [*learned_from, "questions of wikiqa-train put to squad-part, which does not answer them"],
        "figures_out_of_fold": figures,
        "score": model.score,
        "score_by_detail": model.score_by_detail,
        "confidence": {n: round(float(c), 4) for n, c in zip(names, judging.coef_[0], strict=True)},
        "bias": round(float(judging.intercept_[0]), 4),
        "threshold": round(threshold, 4),
    }
    print(json.dumps(data, indent=2))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
