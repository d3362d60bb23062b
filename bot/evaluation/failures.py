"""The worst failures of a set, with what can be known about why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from bot.answering.answerer import answer
from bot.evaluation.asking import Outcome
from bot.index.corpus import Corpus
from bot.model import Quote, Reply

SHOWN = 10  # failures of a kind
MANY = 10_000  # more than there are candidates
DECISIVE = 8  # features


@dataclass(frozen=True, slots=True)
class Contrast:
    """A feature of the first quote, and of the right one, or else its mean over all candidates."""

    name: str
    quoted: float
    against: float


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that went wrong.

    `reply` holds all candidates, and what was quoted is the first of them. `right` is the first candidate that answers,
    and `place` where it stands, from 1; None where there is none among the candidates. `contrasts` are the features in
    which the two differ most, counted in standard deviations of the feature over the candidates.
    """

    outcome: Outcome
    reply: Reply
    right: Quote | None
    place: int | None
    contrasts: tuple[Contrast, ...]


@dataclass(frozen=True, slots=True)
class Failures:
    """The worst of each kind, the worst first, and how many there are in all.

    `wrong`: answered with a wrong sentence, the surest first. `refused`: refused though the releases answer; first those
    whose first quote is right, of them the least sure first. `answered`: answered though the releases do not, the
    surest first.
    """

    wrong: tuple[Failure, ...]
    refused: tuple[Failure, ...]
    answered: tuple[Failure, ...]
    counts: Mapping[str, int]


def failures(asked: Iterable[Outcome], corpus: Corpus) -> Failures:
    """The worst failures; their questions are put once more, to see all candidates."""
    outcomes = list(asked)
    replied = [one for one in outcomes if one.reply.answered]
    wrong = [one for one in replied if one.known.answers and not one.first_is_right]
    answered = [one for one in replied if not one.known.answers]
    refused = [one for one in outcomes if one.known.answers and not one.reply.answered]
    wrong.sort(key=lambda one: -one.reply.confidence)
    answered.sort(key=lambda one: -one.reply.confidence)
    refused.sort(key=lambda one: (not one.first_is_right, one.reply.confidence))
    return Failures(
        wrong=tuple(_failure(one, corpus) for one in wrong[:SHOWN]),
        refused=tuple(_failure(one, corpus) for one in refused[:SHOWN]),
        answered=tuple(_failure(one, corpus) for one in answered[:SHOWN]),
        counts={"wrong": len(wrong), "refused": len(refused), "answered": len(answered)},
    )


def _failure(outcome: Outcome, corpus: Corpus) -> Failure:
    known = outcome.known
    reply = answer(known.asked, corpus, scope=known.scope, top=MANY)
    place = next(
        (n for n, (_, right) in enumerate(zip(reply.quotes, known.judge(reply), strict=False), 1) if right), None
    )
    right = reply.quotes[place - 1] if place else None
    return Failure(outcome, reply, right, place, contrasts(reply.quotes, right))


def contrasts(quotes: Sequence[Quote], right: Quote | None) -> tuple[Contrast, ...]:
    """The features in which the first quote differs most from the right one, or from the mean, the most first."""
    if not quotes:
        return ()
    against_mean = right is None or right is quotes[0]
    found: list[tuple[float, Contrast]] = []
    for name, value in quotes[0].features.items():
        values = [quote.features[name] for quote in quotes]
        other = fmean(values) if against_mean or right is None else right.features[name]
        spread = pstdev(values)
        if spread > 0 and value != other:
            found.append((abs(value - other) / spread, Contrast(name, value, other)))
    found.sort(key=lambda pair: -pair[0])
    return tuple(contrast for _, contrast in found[:DECISIVE])
