"""How good the answers are: sets with known answers in, figures out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from bot.evaluation import metrics
from bot.evaluation.asking import (
    Known,
    Outcome,
    known_as_foreign,
    known_of_open,
    known_of_selection,
    outcomes,
    slipped,
)
from bot.evaluation.boundaries import boundaries
from bot.evaluation.sets import OpenSet, SelectionSet, SentenceSet
from bot.index.corpus import Corpus
from bot.text.sentences import split_sentences

Progress = Callable[[Iterable[Outcome], int], Iterable[Outcome]]
"""Gives on the outcomes as they come, and may show how many of how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a set gives. Shares are from 0 to 1; None where the set has nothing that they are about.

    `form`: open, selection or sentences. `corpus`: the other corpus to which the questions were put, if they were; then
    all of them are unanswerable. `slips`: whether each question had a slip of typing. `n`: the answerable questions (in
    a selection set, those with both a right and a wrong candidate), or the texts.

    Over the answerable, whether the reply called itself an answer or not: `p1`, `r3`, `r5`, the share with a right
    sentence in the first place, the first three, the first five; `mrr`, the mean reciprocal rank, over the first ten in
    an open set; `map`, the mean average precision. `answered`: the share of them that got an answer; `refused`: the
    share of the `unanswerable` that got none. `auroc`: the chance that an answerable question gets more confidence than
    an unanswerable one. `ece`: the expected calibration error of the confidence that the first quote is right, in ten
    bins, over all replies with a quote.

    `precision`, `recall`, `f1`: of the sentence boundaries inside the texts. `ms`: median milliseconds a question.
    """

    set: str
    form: str
    n: int
    corpus: str | None = None
    slips: bool = False
    p1: float | None = None
    r3: float | None = None
    r5: float | None = None
    mrr: float | None = None
    map: float | None = None
    answered: float | None = None
    unanswerable: int | None = None
    refused: float | None = None
    auroc: float | None = None
    ece: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    ms: float | None = None


def ask_set(
    known_set: OpenSet | SelectionSet,
    corpus: Corpus,
    *,
    foreign: bool = False,
    slips: bool = False,
    progress: Progress = lambda asked, _: asked,
) -> list[Outcome]:
    """The outcomes of all questions of a set.

    Args:
        known_set: the questions. A row of a selection set without a candidate, or with right ones only, is left out:
            any order of it is as good as any other.
        corpus: what they are put to: that of the set, in the case of a selection set as `selection_corpus` makes it.
        foreign: whether the corpus is another one, which answers none of them.
        slips: whether to put a slip of typing into each question.
        progress: sees each outcome as it comes.
    """
    known = _known(known_set, foreign=foreign)
    if slips:
        known = [slipped(one) for one in known]
    return list(progress(outcomes(known, corpus), len(known)))


def figures_of_questions(
    known_set: OpenSet | SelectionSet, asked: list[Outcome], *, corpus: str | None = None, slips: bool = False
) -> Figures:
    """The figures of the outcomes of a set; `corpus` names the other one that they were put to, if they were."""
    answerable = [one for one in asked if one.known.answers]
    unanswerable = [one for one in asked if not one.known.answers]
    all_placed = isinstance(known_set, SelectionSet)
    measured = (metrics.of_all_places if all_placed else metrics.of_first_places)([one.right for one in answerable])
    return Figures(
        set=known_set.name,
        form="selection" if all_placed else "open",
        corpus=corpus,
        slips=slips,
        n=len(answerable),
        **measured,
        answered=_share([one.reply.answered for one in answerable]),
        unanswerable=len(unanswerable),
        refused=_share([not one.reply.answered for one in unanswerable]),
        auroc=metrics.auroc([bool(one.known.answers) for one in asked], [one.reply.confidence for one in asked]),
        ece=metrics.calibration_error(calibration(asked)),
        ms=round(median(one.ms for one in asked), 2) if asked else None,
    )


def figures_of_sentences(known_set: SentenceSet) -> Figures:
    """How well the sentences of the texts are found."""
    found = boundaries(known_set.rows, lambda text: [span.end for span in split_sentences(text)])
    return Figures(
        set=known_set.name,
        form="sentences",
        n=len(known_set.rows),
        precision=found.precision,
        recall=found.recall,
        f1=found.f1,
    )


def calibration(asked: Iterable[Outcome]) -> list[metrics.Bin]:
    """How often the first quote is right, in bins of confidence; a reply without a quote claims nothing."""
    quoting = [one for one in asked if one.reply.quotes]
    return metrics.calibration([one.first_is_right for one in quoting], [one.reply.confidence for one in quoting])


def _known(known_set: OpenSet | SelectionSet, *, foreign: bool) -> list[Known]:
    match known_set:
        case OpenSet(questions=questions):
            if foreign:
                return [known_as_foreign(one.question, metrics.DEPTH) for one in questions]
            return [known_of_open(one, metrics.DEPTH) for one in questions]
        case SelectionSet(rows=rows):
            if foreign:
                return [known_as_foreign(row.question, metrics.DEPTH) for row in rows]
            return [known_of_selection(row, number) for number, row in enumerate(rows) if not all(row.right)]


def _share(values: list[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
