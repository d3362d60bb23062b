"""What is kept of a question and of a vote."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args

from bot.model import Refusal, Reply
from bot.reading.cleaning import clean, clean_line

Way = Literal["telegram", "group", "repl", "ask"]
WAYS: tuple[Way, ...] = get_args(Way)

LONGEST_QUESTION = 1_000  # characters
_LONGEST_TITLE = 300
_ASKED = (None, Refusal.NOT_ON_RECORD, Refusal.NO_RELEASES)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Noted:
    """A question as it is put into the log.

    `person` is as `QuestionLog.person` gives it, empty where nobody can be told. `language` is that of the words around
    the answer. `release`, `title` and `quote` are those of the first quote, None where nothing answers.
    """

    person: str
    way: Way
    language: str
    question: str
    answered: bool
    confidence: float
    release: str | None = None
    title: str | None = None
    quote: str | None = None
    asked_at: datetime = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it stands in the log; `asked_at` is in UTC, the rest as in `Noted`."""

    id: int
    asked_at: datetime
    person: str
    way: str
    language: str
    question: str
    answered: bool
    confidence: float
    release: str | None
    title: str | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class Vote:
    """What a person said of a sentence that was quoted for the question with the id `question`."""

    question: int
    person: str
    up: bool
    release: str
    quote: str
    voted_at: datetime


class Period(NamedTuple):
    """What was asked from `start` until before `end` (both UTC), in order, and the votes on it."""

    start: datetime
    end: datetime
    questions: Sequence[Question]
    votes: Sequence[Vote]


def noted_reply(reply: Reply, *, person: str, way: Way, language: str, question: str | None = None) -> Noted | None:
    """A reply as it is put into the log; None where nothing was asked that a release could answer.

    `question` is what was typed, where the reply's own is another, such as one put together with the question before.
    """
    if reply.refusal not in _ASKED:
        return None
    first = reply.quotes[0] if reply.answered and reply.quotes else None
    return Noted(
        person=person,
        way=way,
        language=language,
        question=reply.question if question is None else question,
        answered=reply.answered,
        confidence=reply.confidence,
        release=first.release.id if first else None,
        title=first.release.title if first else None,
        quote=first.text if first else None,
    )


def bounded(noted: Noted) -> dict[str, object]:
    """The columns of a question, without anything in its texts that a screen would obey, none longer than it may be."""
    return {
        "person": noted.person,
        "way": noted.way,
        "language": clean_line(noted.language)[:16],
        "question": clean_line(noted.question[: 4 * LONGEST_QUESTION])[:LONGEST_QUESTION],
        "answered": noted.answered,
        "confidence": noted.confidence,
        "release": noted.release,
        "title": noted.title and clean_line(noted.title)[:_LONGEST_TITLE],
        "quote": noted.quote and clean(noted.quote),
    }
