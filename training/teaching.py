"""Teachers: networks five times as large, which learn the same and then judge what the small one learns from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from training.budget import Budget
from training.composing import sampled
from training.figures import Dev, Figures, Scorer, by_network, figures
from training.groups import Group
from training.keeping import digest, kept
from training.made_questions import made_groups, made_pairs, some_releases
from training.sources import RELEASES, at
from training.starts import TEACHER, start
from training.telling import Told, counted

MADE = 0.5  # made questions, for each group of the train sets that is judged
SLICE = 800  # releases whose sentences are looked through for a question: the time for all grows with their square
RATE = 3e-5  # the larger a network, the smaller its steps
EPOCHS = 1
AT_ONCE = 16  # groups that are judged before they are written


@dataclass(frozen=True, slots=True)
class Student:
    """What learns from a teacher: how it judges so far, and digits that stand for that."""

    scorer: Scorer
    name: str


Scores = Mapping[str, tuple[float, ...]]
"""The logits of the sentences of groups, by their keys."""


def taught(
    lessons: Sequence[Sequence[Group]],
    judged: Sequence[Group],
    student: Student,
    qa: Path,
    dev: Dev,
    work: Path,
    *,
    budget: Budget,
    seed: int,
    device: str,
    told: Told,
) -> tuple[list[Group], dict[str, Figures]]:
    """Groups and others of made questions, with the logits that teachers and the student give together; and the figures of
    each teacher.

    Args:
        lessons: for each teacher what it learns from.
        judged: what the teachers judge; half as many made ones come to them at most.
        student: what has learned before.
        qa: the folder of questions, beside which the releases lie.
        dev: the sets for figures.
        work: what is done is kept below it.
        budget: how much there is time for.
        seed: decides which questions are made, and the order in which is learned.
        device: cpu or cuda.
        told: hears how far it is.
    """
    asked = questions_of_releases(at(qa, RELEASES), work, budget.releases, seed, budget.judged_beside, told)
    every = [*judged, *sampled(asked, round(MADE * len(judged)), seed)]
    judgements: list[Scores] = []
    worth: dict[str, Figures] = {}
    for number, lesson in enumerate(lessons):
        scores, worth[f"teacher {number + 1}"] = _judgement(
            lesson, every, dev, work, budget=budget, seed=seed + number, device=device, told=told
        )
        judgements.append(scores)
    scores = mean_scores(judgements)
    if budget.own:
        told("the student judges")
        own = scored(student.scorer, every, work / f"own-{student.name}.jsonl", told)
        scores = mean_scores([scores, own], [1 - budget.own, budget.own])
    return with_scores(every, scores), worth


def _judgement(
    lesson: Sequence[Group],
    judged: Sequence[Group],
    dev: Dev,
    work: Path,
    *,
    budget: Budget,
    seed: int,
    device: str,
    told: Told,
) -> tuple[Scores, Figures]:
    """What a teacher that learns from the lesson gives the groups, and its figures."""
    from training.learning import learned

    told(f"a teacher learns from {len(lesson):,} groups")
    network, tokenizer = learned(
        start(TEACHER, work), lesson, name="teacher", work=work, epochs=EPOCHS, seed=seed, device=device, told=told,
        groups_a_step=budget.groups_a_step, rate=RATE, frozen=budget.frozen,
    )  # fmt: skip
    scorer = by_network(network, tokenizer, device)
    told("it judges")
    name = digest([[key(group) for group in lesson], seed, EPOCHS, RATE, budget.frozen, budget.groups_a_step])
    scores = scored(scorer, judged, work / f"scores-{name}.jsonl", told)
    return scores, kept(work / f"teacher-figures-{name}.json", lambda: figures(dev, scorer))


def mean_scores(judgements: Sequence[Scores], weights: Sequence[float] | None = None) -> dict[str, tuple[float, ...]]:
    """The means of the scores of the groups that all have judged; `weights` are of the judgements, 1 in all."""
    shares = weights or [1 / len(judgements)] * len(judgements)
    return {
        group: tuple(
            sum(share * one for share, one in zip(shares, logits, strict=True))
            for logits in zip(*(judgement[group] for judgement in judgements), strict=True)
        )
        for group in judgements[0]
        if all(group in judgement for judgement in judgements)
    }


def questions_of_releases(archive: Path, work: Path, count: int, seed: int, beside: int, told: Told) -> list[Group]:
    """The groups of questions made from `count` releases, which are kept below `work`."""

    def make() -> list[list[Any]]:
        told(f"makes questions from {count:,} releases")
        texts = some_releases(archive, count, seed)
        made = [
            group
            for begin in range(0, len(texts), SLICE)
            for group in made_groups(made_pairs(texts[begin : begin + SLICE]), seed, beside)
        ]
        return [[group.question, group.sentences, sorted(group.right), group.source] for group in made]

    rows = kept(work / f"made-{count}-{seed}-{beside}.json", make)
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
