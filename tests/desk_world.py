"""What people ask in the tests of the desk: a question as it is noted, with only what matters named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.desk.noted import Noted, Question

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)  # a Tuesday
ANNA, BERT = "a" * 32, "b" * 32
QUOTE = "Ingrid Dahl, mayor of Norrvik, chairs the harbour board."


def answered(question: str = "Who chairs the harbour board?", person: str = ANNA, **others: Any) -> Noted:
    """A question that the release `quay` answers."""
    noted = Noted(person, "telegram", "en", question, True, 0.9, "quay", "Norrvik opens a third quay", QUOTE)
    return replace(noted, **others)


def unanswered(question: str = "Are dogs allowed?", person: str = ANNA, **others: Any) -> Noted:
    """A question that no release answers."""
    return replace(Noted(person, "telegram", "en", question, False, 0.1), **others)


def row(number: int, question: str, person: str = ANNA, **others: Any) -> Question:
    """An unanswered question as it stands in the log, asked so many minutes after noon."""
    asked_at = NOON + timedelta(minutes=number)
    return replace(
        Question(number, asked_at, person, "telegram", "en", question, False, 0.1, None, None, None), **others
    )
