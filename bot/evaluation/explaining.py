"""Each figure with the one sentence that explains it to somebody who never saw it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.evaluation.figures import Figures


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure as it is shown: its name, its value, and what that means."""

    name: str
    value: str
    meaning: str


def about(figures: Figures) -> str:
    """What was measured, in a sentence or two."""
    if figures.form == "sentences":
        return f"{_count(figures.n, 'text')}, to be cut into sentences."
    unanswerable = figures.unanswerable or 0
    if figures.corpus:
        return (
            f"{_count(unanswerable, 'question')} of this set, put to the releases of {figures.corpus}, which do not "
            "answer them: the right reply to each is that the releases do not say."
        )
    if figures.form == "selection":
        known = f"{_count(figures.n, 'question')}, each with some sentences to choose from, right ones and wrong ones"
        return f"{known}; {unanswerable:,} more with wrong ones only." if unanswerable else f"{known}."
    known = f"{_count(figures.n, 'question')} that the releases of this set answer"
    return f"{known}, {unanswerable:,} that they do not." if unanswerable else f"{known}."


def task(figures: Figures) -> str:
    """What there was to do, in a few words."""
    if figures.corpus:
        return "refuse what is not there"
    return {"open": "find", "selection": "choose", "sentences": "cut"}[figures.form]


def explained(figures: Figures) -> list[Explained]:
    """The figures that the set has, the one to read first first."""
    return [*_of_first_places(figures), *_of_order(figures), *_of_confidence(figures), *_of_sentences(figures)]


def _of_first_places(figures: Figures) -> Iterator[Explained]:
    if figures.p1 is not None:
        yield Explained(
            "Right first",
            _percent(figures.p1),
            f"Of 100 questions that can be answered, {100 * figures.p1:.0f} have a right sentence in the first place.",
        )
    if figures.r3 is not None:
        yield Explained(
            "Right in three", _percent(figures.r3), "The same, with the right sentence anywhere among the first three."
        )
    if figures.r5 is not None:
        yield Explained("Right in five", _percent(figures.r5), "The same, anywhere among the first five.")


def _of_order(figures: Figures) -> Iterator[Explained]:
    if figures.map is not None:
        yield Explained(
            "Mean average precision",
            f"{figures.map:.3f}",
            "How high the right sentences stand: 1 is all of them before any wrong one.",
        )
    if figures.mrr is not None:
        yield Explained(
            "Mean reciprocal rank",
            f"{figures.mrr:.3f}",
            "One divided by the place of the first right sentence: 1 is always first, 0.5 is always second.",
        )


def _of_confidence(figures: Figures) -> Iterator[Explained]:
    if figures.answered is not None:
        yield Explained(
            "Answered",
            _percent(figures.answered),
            "The share of the questions that can be answered that got an answer.",
        )
    if figures.refused is not None:
        yield Explained(
            "Refused",
            _percent(figures.refused),
            f"Of {_count(figures.unanswerable or 0, 'question')} that the releases do not answer, the share that was "
            "told so.",
        )
    if figures.auroc is not None:
        yield Explained(
            "Telling apart (AUROC)",
            f"{figures.auroc:.3f}",
            "The chance that an answerable question makes it surer than an unanswerable one: 0.5 is a coin, 1 is always.",
        )
    if figures.ece is not None:
        yield Explained(
            "Calibration error",
            _percent(figures.ece),
            "How far “80% sure” is from being right 80 times of 100, in the mean over the replies: 0% is honest.",
        )
    if figures.ms is not None:
        yield Explained(
            "Milliseconds", f"{figures.ms:.1f}", "Half of the questions took less, on the machine that measured."
        )


def _of_sentences(figures: Figures) -> Iterator[Explained]:
    if figures.f1 is not None:
        yield Explained("F1", f"{figures.f1:.3f}", "The two shares in one figure, their harmonic mean.")
    if figures.precision is not None:
        yield Explained(
            "Precision",
            _percent(figures.precision),
            "Of the places where a text was cut, the share where a sentence ends.",
        )
    if figures.recall is not None:
        yield Explained(
            "Recall", _percent(figures.recall), "Of the places where a sentence ends, the share where the text was cut."
        )


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
