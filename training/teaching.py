"""A teacher: a network five times as large, which learns the same and then judges what the small one learns from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from training.composing import sampled
from training.figures import Dev, Figures, Scorer, by_network, figures
from training.groups import Group
from training.keeping import digest, kept
from training.made_questions import made_groups, made_pairs, some_releases
from training.sources import RELEASES, at
from training.starts import TEACHER, start
from training.telling import Told, counted

# How many groups it learns from and judges where nobody says: all of them take a CPU a day.
GROUPS = {"cpu": 4_000, "cuda": 1_000_000}
FROZEN = {"cpu": 6, "cuda": 0}  # of its 12 layers, so many do not learn
MADE = 0.5  # made questions, for each group of the train sets that it judges
RELEASES_ASKED = 800  # of them questions are made
RATE = 3e-5  # the larger a network, the smaller its steps
EPOCHS = 1
SHARE = 0.6  # of the teacher in a judgement; the rest is what the student says by itself, for both err in other places
AT_ONCE = 16  # groups that are judged before they are written


@dataclass(frozen=True, slots=True)
class Student:
    """What learns from a teacher: how it judges so far, and digits that stand for that."""

    scorer: Scorer
    name: str


Scores = Mapping[str, tuple[float, ...]]
"""The logits of the sentences of groups, by their keys."""


def taught(
    groups: Sequence[Group],
    student: Student,
    qa: Path,
    dev: Dev,
    work: Path,
    *,
    size: int,
    seed: int,
    device: str,
    told: Told,
) -> tuple[list[Group], Figures]:
    """Some of the groups and others of made questions, with the logits that a teacher and the student give together; and
    the teacher's figures.

    Args:
        groups: what the student has learned from.
        student: what it has learned.
        qa: the folder of questions, beside which the releases lie.
        dev: the sets for figures.
        work: what is done is kept below it.
        size: how many of the groups the teacher learns from and judges at most; half as many made ones come to them.
        seed: decides which.
        device: cpu or cuda.
        told: hears how far it is.
    """
    from training.learning import learned

    chosen = sampled(groups, size, seed)
    made = sampled(questions_of_releases(at(qa, RELEASES), work, seed, told), round(MADE * len(chosen)), seed)
    told(f"the teacher learns from {len(chosen):,} groups")
    network, tokenizer = learned(
        start(TEACHER, work), chosen, name="teacher", work=work, epochs=EPOCHS, seed=seed, device=device, told=told,
        rate=RATE, frozen=FROZEN[device],
    )  # fmt: skip
    scorer = by_network(network, tokenizer, device)
    judged = [*chosen, *made]
    told("the teacher judges")
    name = digest([[key(group) for group in chosen], seed, EPOCHS, RATE, FROZEN[device]])
    scores = scored(scorer, judged, work / f"scores-{name}.jsonl", told)
    worth = kept(work / f"teacher-figures-{name}.json", lambda: figures(dev, scorer))
    told("the student judges")
    own = scored(student.scorer, judged, work / f"own-{student.name}.jsonl", told)
    return with_scores(judged, together(scores, own)), worth


def together(scores: Scores, own: Scores) -> dict[str, tuple[float, ...]]:
    """The means of a teacher's scores and a student's own, weighted by SHARE."""
    return {
        group: tuple(SHARE * one + (1 - SHARE) * other for one, other in zip(logits, own[group], strict=True))
        for group, logits in scores.items()
        if group in own
    }


def questions_of_releases(archive: Path, work: Path, seed: int, told: Told) -> list[Group]:
    """The groups of questions made from some releases, which are kept below `work`."""

    def make() -> list[list[Any]]:
        told(f"makes questions from {RELEASES_ASKED} releases")
        made = made_groups(made_pairs(some_releases(archive, RELEASES_ASKED, seed)), seed)
        return [[group.question, group.sentences, sorted(group.right), group.source] for group in made]

    rows = kept(work / f"made-{RELEASES_ASKED}-{seed}.json", make)
    return [Group(question, tuple(texts), frozenset(right), source) for question, texts, right, source in rows]


def scored(scorer: Scorer, groups: Sequence[Group], path: Path, told: Told) -> dict[str, tuple[float, ...]]:
    """The scores of the groups: those in a file, and the others, which are written there as they come."""
    scores = read_scores(path)
    missing = list({key(group): group for group in groups if key(group) not in scores}.values())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as lines:
        for begin in counted(range(0, len(missing), AT_ONCE), f"times {AT_ONCE} groups judged", told):
            some = missing[begin : begin + AT_ONCE]
            found = iter(scorer([pair for group in some for pair in group.pairs]).tolist())
            for group in some:
                scores[key(group)] = tuple(round(next(found), 4) for _ in group.sentences)
                print(json.dumps({"group": key(group), "logits": scores[key(group)]}), file=lines)
            lines.flush()
    return scores


def read_scores(path: Path) -> dict[str, tuple[float, ...]]:
    """The scores in a file; a last line that was not written to its end is cut off."""
    if not path.is_file():
        return {}
    content = path.read_bytes()
    end = content.rfind(b"\n") + 1
    if end < len(content):
        path.write_bytes(content[:end])
    rows = map(json.loads, content[:end].splitlines())
    return {row["group"]: tuple(row["logits"]) for row in rows}


def with_scores(groups: Sequence[Group], scores: Scores) -> list[Group]:
    """The groups, with a teacher's logits where there are any."""
    return [replace(group, taught=scores.get(key(group))) for group in groups]


def key(group: Group) -> str:
    """What stands for a group: its question and its sentences in their order."""
    return digest([group.question, group.sentences])
