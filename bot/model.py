"""What everybody knows: releases, the spans of their text, and the reply to a question.

A `Release` owns its text. A `Sentence`, a `Passage` and a `Quote` are spans of it: they hold offsets, and their `text`
is cut from the release each time it is asked for. No copy can drift from what is on the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class OnrecordError(Exception):
    """One sentence for the person who can act on it: what is wrong, and what to do."""


class UnavailableError(OnrecordError):
    """What is asked cannot be reached now; it may be again soon."""


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """One press release as it is quoted: its clean text, and what is known about it.

    `text` has one line a paragraph or list item, paragraphs apart by a blank line. `id` is unique in a corpus. Two
    releases are the same only when they are the same object.
    """

    id: str
    text: str
    title: str
    published: date | None = None
    source: str | None = None
    place: str | None = None
    wire: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: `release.text[start:end]`."""

    release: Release
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.release.text[self.start : self.end]


class PassageKind(StrEnum):
    """What a passage is in its release: the story itself, or what surrounds it."""

    BODY = "body"
    HEADING = "heading"
    ABOUT = "about"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a window of sentences of a long one: what is indexed and found."""

    release: Release
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    kind: PassageKind = PassageKind.BODY

    @property
    def text(self) -> str:
        return self.release.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that is shown to a person, and why.

    `answer` and `matched` are spans inside `text`: the words that are the answer itself, and the words that the
    question asked for. `before` is the preceding sentence where the quote leans on it. `features` are the figures that
    ranked it, by name.
    """

    release: Release
    start: int
    end: int
    passage: Passage
    score: float
    answer: Span | None = None
    matched: tuple[Span, ...] = ()
    before: Sentence | None = None
    features: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def text(self) -> str:
        return self.release.text[self.start : self.end]


class Refusal(StrEnum):
    """Why a reply holds no answer."""

    EMPTY = "empty"  # nothing was asked: white space, or signs only
    VAGUE = "vague"  # only words that are in every question, such as "who is it?"
    TOO_LONG = "too long"
    NO_RELEASES = "no releases"
    NOT_ON_RECORD = "not on the record"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to a question: the quotes, best first, or why there are none.

    `confidence` is from 0 to 1. When `refusal` is set the quotes, if any, are only the nearest sentences.
    `corrections` pairs each mistyped word with the word of the corpus that it was read as.
    """

    question: str
    quotes: tuple[Quote, ...] = ()
    confidence: float = 0.0
    refusal: Refusal | None = None
    corrections: tuple[tuple[str, str], ...] = ()

    @property
    def answered(self) -> bool:
        return self.refusal is None
