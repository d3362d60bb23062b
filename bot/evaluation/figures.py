"""How good the answers are: open sets in, figures out."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from bot.answering.answerer import answer
from bot.evaluation.opensets import OpenQuestion, read_questions
from bot.index.snapshot import open_corpus
from bot.model import Reply

DEPTH = 10  # quotes that are looked at for the reciprocal rank


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of questions gives. Shares are from 0 to 1; None where there is no such question.

    `n` counts the answerable questions. `p1`, `r3`, `r5`: the share with a right sentence in the first place, the
    first three, the first five, whether the reply called itself an answer or not. `mrr`: mean reciprocal rank over the
    first ten. `answered`: the share of the answerable that got an answer; `refused`: the share of the `unanswerable`
    that got none. `ms`: median milliseconds a question.
    """

    set: str
    n: int
    p1: float | None
    r3: float | None
    r5: float | None
    mrr: float | None
    answered: float | None
    unanswerable: int
    refused: float | None
    ms: float | None


def measure(folder: Path, data: Path) -> Figures:
    """The figures of the open set in a folder.

    Raises:
        OnrecordError: the folder holds no open set.
    """
    known = read_questions(folder)
    corpus, _ = open_corpus([folder / "corpus"], data)
    replies: list[tuple[OpenQuestion, Reply]] = []
    times = []
    for question in known:
        start = perf_counter()
        replies.append((question, answer(question.question, corpus, top=DEPTH)))
        times.append(perf_counter() - start)
    ranks = [_rank(question, reply) for question, reply in replies if question.answers]
    refused = [not reply.answered for question, reply in replies if not question.answers]
    answered = [reply.answered for question, reply in replies if question.answers]
    return Figures(
        set=folder.name,
        n=len(ranks),
        p1=_mean([rank <= 1 for rank in ranks]),
        r3=_mean([rank <= 3 for rank in ranks]),
        r5=_mean([rank <= 5 for rank in ranks]),
        mrr=_mean([1 / rank if rank <= DEPTH else 0.0 for rank in ranks]),
        answered=_mean(answered),
        unanswerable=len(refused),
        refused=_mean(refused),
        ms=round(1000 * sorted(times)[len(times) // 2], 2) if times else None,
    )


def print_figures(folders: Sequence[Path], data: Path, *, as_json: bool) -> None:
    """Prints the figures of each open set as a line of a table, or as a JSON object."""
    for place, folder in enumerate(folders):
        figures = measure(folder, data)
        if as_json:
            print(json.dumps(asdict(figures)), flush=True)
            continue
        if place == 0:
            print(
                f"{'set':<18} {'n':>5} {'P@1':>6} {'R@3':>6} {'R@5':>6} {'MRR':>6} {'answered':>9} "
                f"{'none':>5} {'refused':>8} {'ms':>7}"
            )
        shares = [figures.p1, figures.r3, figures.r5, figures.mrr]
        print(
            f"{figures.set:<18} {figures.n:>5} {' '.join(f'{_show(share):>6}' for share in shares)} "
            f"{_show(figures.answered):>9} {figures.unanswerable:>5} {_show(figures.refused):>8} {figures.ms or 0:>7}",
            flush=True,
        )


def _rank(question: OpenQuestion, reply: Reply) -> int:
    """The place of the first right sentence, from 1; beyond any depth where there is none."""
    places = (place for place, quote in enumerate(reply.quotes, 1) if question.is_answered_by(quote.text))
    return next(places, 1_000_000)


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _show(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"
