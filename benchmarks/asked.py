"""The questions that the ranking learns from: each put to a corpus, with its candidates and which of them are right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering import ranking
from bot.answering.answerer import found_passages, weigher
from bot.answering.features import FEATURES, Candidate, candidates, unknown_share, with_meaning
from bot.answering.question import Question, understand
from bot.evaluation.opensets import OpenQuestion, read_questions
from bot.evaluation.selection import SelectionRow, only, selection_corpus
from bot.evaluation.sets import SelectionSet, read_set
from bot.index.corpus import Corpus, build_corpus
from bot.index.scope import Scope
from bot.reading.files import read_corpus

# Features that count otherwise in a question of many words than in one of few.
BY_DETAIL = (
    "sentence", "indirect", "passage", "release", "around", "order", "first_of_release", "length", "holds_kind",
    "lacks_kind", "meaning", "meaning_of_passage", "meaning_to_others", "reading",
)  # fmt: skip

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
