"""Figures as a table: one line a set, as it is done."""

from bot.chat.wording import printable
from bot.evaluation.figures import Figures

# For each form the heads of its columns and the fields under them.
_QUESTIONS = {
    "n": "n", "P@1": "p1", "R@3": "r3", "R@5": "r5", "MRR": "mrr", "answered": "answered", "none": "unanswerable",
    "refused": "refused", "AUROC": "auroc", "ECE": "ece", "ms": "ms",
}  # fmt: skip
_COLUMNS = {
    "open": _QUESTIONS,
    "selection": {"n": "n", "P@1": "p1", "MAP": "map", "MRR": "mrr", "ms": "ms"},
    "sentences": {"n": "n", "precision": "precision", "recall": "recall", "F1": "f1"},
}


def columns(figures: Figures) -> dict[str, str]:
    """The heads of the columns that say something about a set, and the fields of `Figures` under them."""
    return _QUESTIONS if figures.corpus else _COLUMNS[figures.form]


def head_line(figures: Figures, width: int) -> str:
    """The heads over the line of a set; the name of the set has `width` characters."""
    return f"{'set':<{width}} " + " ".join(f"{head:>{_width(head)}}" for head in columns(figures))


def line(figures: Figures, width: int) -> str:
    """The line of a set."""
    cells = (f"{_cell(getattr(figures, field), head):>{_width(head)}}" for head, field in columns(figures).items())
    return f"{printable(figures.set):<{width}} " + " ".join(cells)


def _width(head: str) -> int:
    return max(len(head), 7 if head == "ms" else 5)


def _cell(value: float | int | None, head: str) -> str:
    match value:
        case None:
            return "-"
        case int():
            return str(value)
    return f"{value:.2f}" if head == "ms" else f"{value:.3f}"
