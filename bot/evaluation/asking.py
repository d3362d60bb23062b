"""Questions with known answers, put one by one in the one way to a reply."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from bot.answering.answerer import answer
from bot.evaluation.opensets import OpenQuestion
from bot.evaluation.selection import SelectionRow, only, order
from bot.evaluation.slips import with_slip
from bot.index.corpus import Corpus
from bot.index.scope import Scope
from bot.model import Reply


@dataclass(frozen=True, slots=True)
class Known:
    """A question whose answers are known.

    `asked` is what is put: `question`, or that with a slip of typing. `answers` are the texts that would be right; where
    there are none the releases do not say. `judge` gives for each place of a reply whether what stands there is right.
    `scope` and `top` go to `answer`.
    """

    question: str
    asked: str
    answers: tuple[str, ...]
    judge: Callable[[Reply], Sequence[bool]]
    scope: Scope | None
    top: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question gave: the reply, whether each place of it is right, and the milliseconds it took."""

    known: Known
    reply: Reply
    right: tuple[bool, ...]
    ms: float

    @property
    def first_is_right(self) -> bool:
        """Whether the first quote answers; not so where there is none."""
        return bool(self.reply.quotes) and self.right[0]


def known_of_open(question: OpenQuestion, top: int) -> Known:
    """A question of an open set, to be put to all of its releases."""

    def judge(reply: Reply) -> list[bool]:
        return [question.is_answered_by(quote.text) for quote in reply.quotes]

    return Known(question.question, question.question, question.answers, judge, None, top)


def known_of_selection(row: SelectionRow, number: int) -> Known:
    """A row of a selection set, to be put to the corpus of all rows, but only to its own candidates."""

    def judge(reply: Reply) -> list[bool]:
        return [row.right[place] for place in order(reply, len(row.candidates))]

    answers = tuple(text for text, right in zip(row.candidates, row.right, strict=True) if right)
    return Known(row.question, row.question, answers, judge, only(number), len(row.candidates))


def known_as_foreign(question: str, top: int) -> Known:
    """A question that is put to releases which do not answer it."""
    return Known(question, question, (), lambda reply: [False] * len(reply.quotes), None, top)


def slipped(known: Known) -> Known:
    """The question with a slip of typing, which changes nothing in what is right."""
    return replace(known, asked=with_slip(known.question))


def outcomes(known: Sequence[Known], corpus: Corpus) -> Iterator[Outcome]:
    """The outcome of each question, in order.

    What only the first question of all has to wait for (files that are read, modules that are imported) is not in the
    milliseconds: the first question is put once more before.
    """
    for one in known[:1]:
        answer(one.asked, corpus, scope=one.scope, top=one.top)
    for one in known:
        start = perf_counter()
        reply = answer(one.asked, corpus, scope=one.scope, top=one.top)
        ms = 1000 * (perf_counter() - start)
        yield Outcome(one, reply, tuple(one.judge(reply)), ms)
