"""Which files a reader learns from, and which it never does."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.selection import SelectionRow
from bot.model import OnrecordError
from training.groups import Pairs, read_pairs, read_selection

# Below the folder of questions.
TRAINED = {
    "squad-train": "pairs/squad-train",
    "wikiqa-train": "selection/wikiqa-train.jsonl",
    "trecqa-train": "selection/trecqa-train.jsonl",
}
# Read for figures only.
SELECTION = {"wikiqa-dev": "selection/wikiqa-dev.jsonl", "trecqa-dev": "selection/trecqa-dev.jsonl"}
OPEN = {"squad-part": "open/squad-part", "xquad-part-en": "open/xquad-part-en"}
# Text that questions are made of for a teacher to judge; nobody answered them.
RELEASES = "../senate/senate-press-releases.tar.xz"


@dataclass(frozen=True, slots=True)
class Sources:
    """The data sets that a reader learns from."""

    pairs: Pairs
    wikiqa: Sequence[SelectionRow]
    trecqa: Sequence[SelectionRow]


def read_sources(folder: Path) -> Sources:
    """The sets to learn from, below the folder of questions.

    Raises:
        OnrecordError: one of them is not there or not of its form.
    """
    return Sources(
        read_pairs(at(folder, TRAINED["squad-train"])),
        read_selection(at(folder, TRAINED["wikiqa-train"])),
        read_selection(at(folder, TRAINED["trecqa-train"])),
    )


def at(folder: Path, name: str) -> Path:
    """The path of a set, which is there.

    Raises:
        OnrecordError: it is not.
    """
    path = folder / name
    if not path.exists():
        raise OnrecordError(f"There is no {path}: give the folder that holds it, such as ../shared/qa.")
    return path
