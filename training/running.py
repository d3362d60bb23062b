"""A run from the data to the files that ship. What is done is kept, and an interrupted run goes on."""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.ablations import GROUPS, ablated, ways
from training.budget import Budget
from training.card import card
from training.composing import composed, sampled
from training.figures import Dev, Figures, by_file, by_network, figures, read_dev
from training.groups import Group
from training.keeping import digest, keep, kept, read_kept, sha256
from training.mining import mined
from training.negatives import UNANSWERABLE, Found
from training.sources import Sources, read_sources
from training.starts import STUDENT, start
from training.teaching import Student, key, read_scores, taught
from training.telling import Told
from training.tokens import open_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

    from training.network import CrossEncoder

SEEN = 100  # groups by which it is known how large the numbers in the network get
MODEL, TOKENIZER, NOTE = "reader.onnx", "reader.tokenizer.json", "reader.json"
RUN, ABLATIONS = "run.json", "ablations.json"  # what the card is written from
CARD = Path(__file__).parent / "MODEL_CARD.md"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run reads and writes: the questions, what is done, and the files that ship; and on which device."""

    qa: Path
    work: Path
    to: Path
    device: str
    told: Told
    card: Path = CARD


def train(place: Place, *, seed: int, teacher: int | None, budget: Budget) -> None:
    """Trains the reader, measures it, and writes it with its card.

    `teacher` is how many groups a teacher learns from and how many are judged; None is for no teacher.

    Raises:
        OnrecordError: data or weights are not there.
    """
    from training import learning, network, tokens

    sources, dev = read_sources(place.qa), read_dev(place.qa)
    found = _found(sources, place)

    def compose(seed: int, beside: int, nothing: float = UNANSWERABLE) -> list[Group]:
        return composed(sources.pairs, found, sources.wikiqa, sources.trecqa, seed=seed, beside=beside, nothing=nothing)

    groups = compose(seed, budget.beside)
    place.told(f"the reader learns from {len(groups):,} groups")
    reader, tokenizer, epochs = _student(groups, dev, place, seed, budget, budget.epochs, learning.RATE)
    judged: Sequence[Group] = ()
    lessons: list[list[Group]] = []
    of_teacher: dict[str, Figures] = {}
    if teacher is not None:
        student = Student(by_network(reader, tokenizer, place.device), learning.mark(reader.state_dict()))
        seeds = range(seed, seed + budget.teachers)
        lessons = [sampled(compose(number, budget.beside, budget.nothing), teacher, seed) for number in seeds]
        judged, of_teacher = taught(
            lessons, sampled(compose(seed, budget.judged_beside, budget.nothing), teacher, seed), student,
            place.qa, dev, place.work, budget=budget, seed=seed, device=place.device, told=place.told,
        )  # fmt: skip
        place.told(f"the reader learns from {len(judged):,} groups that were judged")
        known = reader.state_dict()
        reader, _, after = _student(judged, dev, place, seed, budget, budget.taught_epochs, budget.taught_rate, known)
        of_teacher |= {"after the teacher": [*after.values()][-1]}
        if budget.afresh is not None:
            place.told("a second reader learns from them afresh")
            other, _, after = _student(judged, dev, place, seed + 1, budget, budget.taught_epochs, budget.afresh)
            reader.load_state_dict(network.mean_of([reader.state_dict(), other.state_dict()]))
            of_teacher |= {"learned afresh": [*after.values()][-1]}
    run = {
        "seed": seed,
        "device": place.device,
        "budget": asdict(budget),
        "rate": learning.RATE,
        "warm_up": learning.WARM,
        "longest": tokens.LONGEST,
        "figures_of_epochs": epochs,
        "groups": Counter(group.source for group in groups),
        "without_answer": sum(not group.right for group in groups),
        "sentences": sum(len(group.sentences) for group in groups),
        "lessons": [len(lesson) for lesson in lessons],
        "taught": Counter(group.source for group in judged),
        "figures_with_teacher": of_teacher,
        **_exported(reader, sampled(groups, SEEN, seed), dev, place),
    }
    keep(place.work / RUN, run)
    _ship(place, run)
    write_card(place)


def ablate(place: Place, *, seed: int) -> None:
    """Runs the ablations, and writes the card anew."""
    sources, dev = read_sources(place.qa), read_dev(place.qa)
    found = _found(sources, place)
    judged = sorted(place.work.glob("scores-*.jsonl"), key=lambda path: path.stat().st_mtime)
    known = ways(sources, found, seed, read_scores(judged[-1]) if judged else {})
    name = digest([GROUPS, seed, sources.pairs.questions, found.by_words])
    begun = start(STUDENT, place.work)
    done = ablated(known, begun, dev, place.work, name=name, seed=seed, device=place.device, told=place.told)
    keep(place.work / ABLATIONS, {"groups": GROUPS, "seed": seed, "figures": done})
    write_card(place)


def write_card(place: Place) -> None:
    """Writes the model card from what was measured."""
    place.card.write_text(card(read_kept(place.work / RUN), read_kept(place.work / ABLATIONS)), encoding="utf-8")
    place.told(f"wrote {place.card}")


def _found(sources: Sources, place: Place) -> Found:
    return mined(sources.pairs, start(STUDENT, place.work), place.work, place.device, place.told)


def _student(
    groups: Sequence[Group],
    dev: Dev,
    place: Place,
    seed: int,
    budget: Budget,
    epochs: float,
    rate: float,
    known: "Mapping[str, Tensor] | None" = None,
) -> tuple["CrossEncoder", "Tokenizer", dict[str, Figures]]:
    """The network that has learned, from weights that are `known` or those of the start; its tokenizer, and its figures by
    the number of the epoch."""
    from training.learning import learned

    name = digest([[[key(group), group.taught] for group in groups], rate])
    file = place.work / f"epochs-{name}-{seed}.json"
    after: dict[str, Figures] = read_kept(file)

    def after_epoch(network: "CrossEncoder", tokenizer: "Tokenizer", epoch: int) -> None:
        after[str(epoch)] = figures(dev, by_network(network, tokenizer, place.device))
        keep(file, after)
        place.told(f"after epoch {epoch}: {after[str(epoch)]}")

    network, tokenizer = learned(
        start(STUDENT, place.work), groups, name="student", work=place.work, epochs=epochs, seed=seed,
        device=place.device, told=place.told, after_epoch=after_epoch, groups_a_step=budget.groups_a_step, rate=rate,
        known=known,
    )  # fmt: skip
    return network, tokenizer, after


def _exported(network: "CrossEncoder", seen: Sequence[Group], dev: Dev, place: Place) -> dict[str, Any]:
    """The hash and the size of the file with weights of 8 bits, and the figures of both files.

    By the groups `seen` it is known how large the numbers get that are rounded.
    """
    from training.exporting import export
    from training.network import largest_inputs

    tokenizer = open_tokenizer(start(STUDENT, place.work))
    largest = largest_inputs(network, tokenizer, [pair for group in seen for pair in group.pairs])
    found: dict[str, Any] = {}
    for kind, file in (("float", "reader.float.onnx"), ("int8", MODEL)):
        hashed = export(network, place.work / file, largest if kind == "int8" else None)
        scorer = by_file(place.work / file, start(STUDENT, place.work))
        place.told(f"measures {file}")
        found[kind] = kept(place.work / f"figures-{hashed[:12]}.json", partial(figures, dev, scorer))
        place.told(f"{file}: {found[kind]}")
        found |= {"sha256": hashed, "bytes": (place.work / file).stat().st_size}
    return found


def _ship(place: Place, run: dict[str, Any]) -> None:
    """Copies the model and its tokenizer to where the reader finds them, with a note by which it knows them."""
    place.to.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(place.work / MODEL, place.to / MODEL)
    shutil.copyfile(start(STUDENT, place.work) / "tokenizer.json", place.to / TOKENIZER)
    note = {"sha256": run["sha256"], "tokenizer_sha256": sha256(place.to / TOKENIZER), "made_by": "python -m training"}
    keep(place.to / NOTE, note, indent=2)
    place.told(f"wrote {place.to / MODEL}, {run['bytes'] / 1e6:.1f} MB")
