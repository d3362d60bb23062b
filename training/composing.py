"""What a run learns from, of all data sets together."""

from collections.abc import Callable, Collection, Sequence
from random import Random
from typing import TypeVar

from bot.evaluation.selection import SelectionRow
from training.groups import Group, Pairs
from training.negatives import UNANSWERABLE, WRONG, Found, groups_of_pairs, groups_of_selection

T = TypeVar("T")

# How often a set is seen in one epoch, each time with other wrong sentences: the small ones more often.
TIMES = {"squad-train": 1, "wikiqa-train": 2, "trecqa-train": 3}


def composed(
    pairs: Pairs,
    found: Found,
    wikiqa: Sequence[SelectionRow],
    trecqa: Sequence[SelectionRow],
    *,
    seed: int,
    without: Collection[str] = (),
    hard: bool = True,
    beside: int = WRONG,
    nothing: float = UNANSWERABLE,
) -> list[Group]:
    """The groups of one epoch; `without` names data sets that are left out, `hard` is for wrong sentences that are, and
    `beside` is how many of them are judged beside a right one. The share `nothing` of the questions of the pairs comes
    again where no sentence answers."""
    chance = Random(seed)
    ways: dict[str, Callable[[], list[Group]]] = {
        "squad-train": lambda: groups_of_pairs(
            pairs, found, "squad-train", chance, hard=hard, beside=beside, nothing=nothing
        ),
        "wikiqa-train": lambda: groups_of_selection(wikiqa, "wikiqa-train", chance, hard=hard, beside=beside),
        "trecqa-train": lambda: groups_of_selection(trecqa, "trecqa-train", chance, hard=hard, beside=beside),
    }
    return [group for name, way in ways.items() if name not in without for _ in range(TIMES[name]) for group in way()]


def sampled(groups: Sequence[T], count: int | None, seed: int) -> list[T]:
    """The first `count` of the groups in an order of chance, or all of them.

    What is taken of fewer is also in what is taken of more.
    """
    return Random(seed).sample(groups, len(groups))[:count]
