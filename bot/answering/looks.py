"""What a span looks like that may be the answer, and what stands right beside it."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bot.answering.asking import PREPOSITIONS, Asking
from bot.answering.names import (
    COMMON,
    OFFICES,
    PLACE_BEFORE,
    NameKind,
    has_given_name,
    has_office,
    is_of_a_people,
    is_place,
)
from bot.answering.patterns import FIGURE, YEAR
from bot.answering.question import AnswerKind
from bot.model import Span
from bot.text.stemming import common_frequency
from bot.text.terms import Term, fold

Seen = Iterator[tuple[str, float]]

# The units in which an answer is given, for a word of the question.
_UNITS = {
    asked: re.compile(pattern, re.IGNORECASE)
    for asked, pattern in (
        ("long", r"met|mile|\bkm|feet|ft|inch|year|month|week|day|hour|minute"),
        ("far", r"met|mile|\bkm|feet|ft"),
        ("high", r"met|feet|ft\b|\d\s?m\b|percent|%"),
        ("tall", r"met|feet|ft\b|\d\s?m\b"),
        ("deep", r"met|feet|ft\b|\d\s?m\b"),
        ("wide", r"met|feet|ft\b|\d\s?m\b|mile|km"),
        ("big", r"square|hectare|acre|sq|met|mile|billion|million"),
        ("large", r"square|hectare|acre|sq|met|mile|billion|million"),
        ("cold", r"°|degree"),
        ("hot", r"°|degree"),
        ("old", r"year|month"),
        ("fast", r"mph|km/h|mile|kilomet|met"),
        ("heavy", r"kg|pound|ton|gram|ounce"),
        ("often", r"year|month|week|day|hour|times|once|twice"),
        ("temperature", r"°|degree"),
        ("percentage", r"%|per\s?cent"),
        ("area", r"square|hectare|acre|sq"),
        ("land", r"square|hectare|acre|sq"),
        ("farmland", r"square|hectare|acre|sq"),
        ("time", r":\d\d|second|minute|hour|day|week|month|year"),
        ("population", r"million|thousand|,\d{3}|people"),
    )
}
_SMALL_UNIT = re.compile(r"year|month|week|day|hour|minute|second", re.IGNORECASE)
_YEAR = re.compile(rf"\b{YEAR}\b|century|BC|AD")
_YEAR_OF_NAME = re.compile(rf"{YEAR}\s+[A-ZÀ-ÖØ-Þ]\w")
_WORD = re.compile(r"[\w’'.]+")


def looks(
    sentence: str, span: Span, here: Sequence[Term], kind: AnswerKind, asked: Asking, name: NameKind | None
) -> Seen:
    """Features by name. `here` are the terms of the sentence, `name` says what the span is the name of, if it is one."""
    before = sentence[max(0, span.start - 30) : span.start]
    after = sentence[span.end : span.end + 30]
    first = bisect_left(here, span.start, key=lambda term: term.start)
    last = bisect_left(here, span.end, key=lambda term: term.start)
    inside = [term.term for term in here[first:last]]
    following = [term.term for term in here[last : last + 4] if term.start - span.end < 45]
    beside = {term.term for term in here[max(0, first - 1) : first] if span.start - term.end < 8}
    beside.update(term.term for term in here[last : last + 1] if term.start - span.end < 2)
    yield "bias", 1.0
    yield from _beside(before, after, asked)
    if asked.word != "how" and inside and asked.things:
        if inside[-1] in asked.things:
            yield "ends_in_thing", 1.0
        elif beside.intersection(asked.things):
            yield "beside_thing", 1.0
    text = sentence[span.start : span.end]
    match kind:
        case AnswerKind.PERSON:
            yield from _of_words(span, text, before, after, inside, asked, name)
            yield from _of_person(sentence, span, before)
        case AnswerKind.PLACE:
            yield from _of_words(span, text, before, after, inside, asked, name)
            if PLACE_BEFORE.search(before):
                yield "place_before", 1.0
        case AnswerKind.OTHER:
            yield from _of_words(span, text, before, after, inside, asked, name)
            yield from _of_other(text, before, asked)
        case AnswerKind.DATE:
            yield from _of_date(sentence, span, text, asked)
        case AnswerKind.NUMBER | AnswerKind.DURATION | AnswerKind.PERCENT | AnswerKind.MONEY:
            yield from _of_figure(text, after, [*inside[1:][-1:], *following], asked)
        case _:
            pass


def _beside(before: str, after: str, asked: Asking) -> Seen:
    preceding = [fold(word) for word in _WORD.findall(before)]
    if preceding[-1:] and preceding[-1] in ("the", "a", "an"):
        preceding.pop()
    preposition = preceding[-1] if preceding else ""
    if preposition in PREPOSITIONS and not re.search(r"[,;:]\s*$", before):
        yield "after_preposition", 1.0
        if preposition == asked.preposition:
            yield "same_preposition", 1.0
        yield f"prep_{preposition}", 1.0
    if re.search(r",\s*$", before) and after.startswith(","):
        yield "set_off", 1.0


def _of_words(
    span: Span, text: str, before: str, after: str, inside: Sequence[str], asked: Asking, name: NameKind | None
) -> Seen:
    count = text.count(" ") + 1
    yield f"words_{min(count, 4)}", 1.0
    yield f"is_{name.value}" if name else "is_phrase", 1.0
    if text[0].isupper():
        yield "capital", 1.0
        if asked.wants_name:
            yield "capital_for_name", 1.0
        if has_given_name(text):
            yield "given_name", 1.0
    if is_of_a_people(text):
        yield "of_a_people", 1.0
    if is_place(text):
        yield "place", 1.0
    if span.start == 0 and count == 1 and inside and common_frequency(inside[0]) > COMMON:
        yield "common_opening", 1.0
    if re.search(r"\b(?:the|an?)\s+$", before):
        yield "article", 1.0
    if after.startswith(("'s", "’s", "' ")):
        yield "possessive", 1.0
    if re.match(r"\s[a-z]+ed\b", after):
        yield "acts", 1.0


def _of_person(sentence: str, span: Span, before: str) -> Seen:
    if has_office(sentence, span):
        yield "office", 1.0
    if OFFICES.search(before[-15:]):
        yield "office_before", 1.0
    if re.search(r"\bby\s+(?:[\w’'-]+\s+){0,3}$", before):
        yield "by", 1.0


def _of_other(text: str, before: str, asked: Asking) -> Seen:
    if text[0].isdigit() or FIGURE.fullmatch(text):
        yield "figure_wanted" if asked.wants_figure else "figure", 1.0
    if before.endswith(('"', "“")):
        yield "quoted", 1.0
    if re.search(r"\b(?:called|named|known\s+as|as|is|was|are|were)\s+(?:the|a|an)?\s*[\"“]?$", before):
        yield "is_called", 1.0


def _of_figure(text: str, after: str, counted: Sequence[str], asked: Asking) -> Seen:
    """`counted` are the terms after the figure: what it counts."""
    distance = next((distance for distance, term in enumerate(counted) if term in asked.things), None)
    if distance is not None:
        yield "counts_thing", 1 / (1 + 0.3 * distance)
    units = [_UNITS[noun] for noun in asked.nouns if noun in _UNITS]
    if units:
        yield "unit" if any(unit.search(text) for unit in units) else "no_unit", 1.0
    elif "%" in text or "percent" in text:
        yield "share", 1.0
    elif _SMALL_UNIT.search(text):
        yield "time", 1.0
    if fold(text) == "one":
        yield "one", 1.0
    if text[-1].isdigit() and re.match(r"[-–]\w", after):
        yield "part_of_word", 1.0
    if not text[0].isdigit():
        yield "in_words", 1.0
    if re.match(r"\s*\(", after):
        yield "before_brackets", 1.0


def _of_date(sentence: str, span: Span, text: str, asked: Asking) -> Seen:
    if _YEAR_OF_NAME.match(sentence, span.start):
        yield "year_of_name", 1.0
    has_year = bool(_YEAR.search(text))
    if "year" in asked.nouns:
        yield "year" if has_year else "no_year", 1.0
    elif "century" in asked.nouns or "decade" in asked.nouns:
        yield "period" if text.endswith(("s", "y")) else "no_period", 1.0
    elif has_year:
        yield "has_year", 1.0
    if text[0].islower() and not text.startswith("the"):
        yield "in_words", 1.0
    if any(letter.isdigit() for letter in text):
        yield "digits", 1.0
