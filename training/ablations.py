"""What each part of the training is worth: the same student with the same budget, each time without one part."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from shutil import rmtree

from training.budget import BUDGETS
from training.composing import TIMES, composed, sampled
from training.figures import Dev, Figures, by_network, figures
from training.groups import Group
from training.keeping import keep, read_kept
from training.negatives import Found
from training.sources import Sources
from training.teaching import Scores, with_scores
from training.telling import Told

GROUPS = 900  # a run takes about four minutes on two cores
EPOCHS = 1

EVERYTHING = "everything"
WITHOUT_HARD = "without hard wrong sentences"
WITHOUT_NONE = "without questions that nothing answers"
TAUGHT = "everything, with a teacher"

Ways = Mapping[str, Callable[[], list[Group]]]
"""What a run learns from, by its name."""


def ways(sources: Sources, found: Found, seed: int, scores: Scores, count: int = GROUPS) -> Ways:
    """What the runs learn from: `count` groups each.

    The one with a teacher is there only where the teacher judged all of its groups.
    """

    def of(without: Sequence[str] = (), hard: bool = True, nothing: bool = True) -> list[Group]:
        groups = composed(sources.pairs, found, sources.wikiqa, sources.trecqa, seed=seed, without=without, hard=hard)
        return sampled([group for group in groups if nothing or group.right], count, seed)

    known: dict[str, Callable[[], list[Group]]] = {EVERYTHING: of}
    known |= {f"without {name}": partial(of, without=[name]) for name in TIMES}
    known |= {WITHOUT_HARD: partial(of, hard=False), WITHOUT_NONE: partial(of, nothing=False)}
    judged = with_scores(of(), scores) if scores else []
    if judged and all(group.taught for group in judged):
        known[TAUGHT] = lambda: judged
    return known


def ablated(
    known: Ways, start: Path, dev: Dev, work: Path, *, name: str, seed: int, device: str, told: Told
) -> dict[str, Figures]:
    """The figures of each run, by its name; those in the file for `name` below `work` are not run again."""
    from training.learning import learned

    file = work / f"ablations-{name}.json"
    done: dict[str, Figures] = read_kept(file)
    for number, (one, groups) in enumerate(known.items(), start=1):
        if one in done:
            continue
        told(f"run {number} of {len(known)}: {one}")
        place = work / "ablation"
        network, tokenizer = learned(
            start, groups(), name="student", work=place, epochs=EPOCHS, seed=seed, device=device, told=told,
            groups_a_step=BUDGETS["cpu"].groups_a_step,
        )  # fmt: skip
        done[one] = figures(dev, by_network(network, tokenizer, device))
        keep(file, done)
        rmtree(place)
        told(f"run {number} of {len(known)}: {done[one]}")
    return done
