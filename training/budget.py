"""What there is time for: a GPU learns in minutes what takes two cores a day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """How much is learned, and from how much.

    Attributes:
        groups_a_step: groups that a network sees before it moves.
        epochs: how often the reader sees all groups, before there is a teacher; with 0.7 it sees that share of them.
        beside: wrong sentences beside a right one, in what reader and teachers learn from.
        teachers: how many judge together; each learns from other wrong sentences.
        judged: groups that a teacher learns from and that it judges at most, where nobody says how many.
        judged_beside: wrong sentences beside a right one, in what is judged.
        nothing: the share of the questions of the pairs that teachers also see where no sentence answers.
        frozen: of the 12 layers of a teacher, so many do not learn.
        releases: of so many questions are made, for the teachers to judge.
        own: what the reader's own judgement counts beside that of the teachers, for both err in other places.
        taught_epochs: how often the reader sees what was judged.
        taught_rate: its highest rate of learning there, where it knows much already.
        afresh: the highest rate of learning of a second reader, which learns what was judged from the start, and with
            which the first is averaged; None for no second one.
    """

    groups_a_step: int
    epochs: float
    beside: int
    teachers: int
    judged: int
    judged_beside: int
    nothing: float
    frozen: int
    releases: int
    own: float
    taught_epochs: float
    taught_rate: float
    afresh: float | None


BUDGETS = {
    "cpu": Budget(
        groups_a_step=10, epochs=0.7, beside=4, teachers=1, judged=4_000, judged_beside=4, nothing=0.2, frozen=6,
        releases=800, own=0.4, taught_epochs=1, taught_rate=3e-5, afresh=None,
    ),
    "cuda": Budget(
        groups_a_step=16, epochs=2, beside=7, teachers=2, judged=1_000_000, judged_beside=11, nothing=0.5, frozen=0,
        releases=12_800, own=0.0, taught_epochs=0.66, taught_rate=5e-5, afresh=1e-4,
    ),
}  # fmt: skip
"""By the name of a device."""
