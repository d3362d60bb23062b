"""The answer inside a sentence: a person for *who*, a date for *when*, a figure for *how many*.

`holds_answer` says quickly whether a sentence holds something of the kind asked; `answer_span` takes its time to choose
the right one, for the few sentences that are shown.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from bot.answering import patterns
from bot.answering.asking import wants_words
from bot.answering.choosing import chosen
from bot.answering.names import is_office, named, named_parts, names, persons
from bot.answering.question import AnswerKind, Question
from bot.model import Span
from bot.text.terms import STOP_WORDS, Term, fold

_PATTERNS = {
    AnswerKind.DATE: patterns.DATE,
    AnswerKind.MONEY: patterns.MONEY,
    AnswerKind.PERCENT: patterns.PERCENT,
    AnswerKind.DURATION: patterns.DURATION,
    AnswerKind.REASON: patterns.REASON,
}
_SIGNS = {AnswerKind.MONEY: patterns.MONEY_SIGN, AnswerKind.PERCENT: patterns.PERCENT_SIGN}


def holds_answer(sentence: str, here: Callable[[], Sequence[Term]], question: Question) -> bool:
    """Whether the sentence holds something of the kind asked that the question does not already say.

    `here` gives the terms of the sentence, where they are needed. False for kinds that no rule knows: definitions, and
    OTHER.
    """
    return any(not _echoes(span, here(), question.terms) for span in _each_of_kind(sentence, question.kind))


def answer_span(sentence: str, here: Sequence[Term], question: Question) -> Span | None:
    """The part of the sentence that answers by itself, or None where none is likely to.

    `here` are the terms of the sentence. Words of the question are no answer to it.
    """
    spans, sure = fitting(sentence, here, question)
    return chosen(sentence, here, question, spans, sure) if spans else None


def fitting(sentence: str, here: Sequence[Term], question: Question) -> tuple[list[Span], frozenset[Span]]:
    """The candidates that do not echo the question, and those of them that are of the kind asked by their looks."""
    if question.kind is AnswerKind.OTHER and not wants_words(question):
        return [], frozenset()
    asked = frozenset(question.terms)
    spans = [span for span in candidates_of(sentence, question.kind) if not _echoes(span, here, asked)]
    return spans, frozenset(_of_kind(sentence, question.kind)).intersection(spans)


def candidates_of(sentence: str, kind: AnswerKind) -> tuple[Span, ...]:
    """Every part of the sentence that may be of this kind, in order; for kind OTHER every name, figure and phrase.

    A group or an organisation may be who did something, so that for PERSON all names are here.
    """
    match kind:
        case AnswerKind.PERSON:
            others = [span for span, _ in named(sentence) if not is_office(sentence[span.start : span.end])]
            return _in_order([*_of_kind(sentence, kind), *others])
        case AnswerKind.PLACE:
            return _in_order([*_of_kind(sentence, kind), *_locations(sentence)])
        case AnswerKind.OTHER:
            figures = _of_kind(sentence, AnswerKind.NUMBER)
            quoted = [Span(*match.span(1)) for match in patterns.QUOTED.finditer(sentence)]
            return _in_order([*names(sentence), *figures, *quoted, *_phrases(sentence)])
        case _:
            return _of_kind(sentence, kind)


@lru_cache(maxsize=1 << 6)  # for the few sentences that are shown
def _of_kind(sentence: str, kind: AnswerKind) -> tuple[Span, ...]:
    """Every part of the sentence that is of this kind by its looks, in order."""
    return tuple(_each_of_kind(sentence, kind))


def _each_of_kind(sentence: str, kind: AnswerKind) -> Iterator[Span]:
    """The same one by one: most sentences are only asked whether they hold any."""
    match kind:
        case AnswerKind.PERSON:
            return persons(sentence)
        case AnswerKind.PLACE:
            return named_parts(sentence)
        case AnswerKind.NUMBER:
            return _figures(sentence)
        case AnswerKind.DEFINITION | AnswerKind.OTHER:
            return iter(())
        case _:
            sign = _SIGNS.get(kind)
            return _spans(_PATTERNS[kind], sentence) if sign is None or sign.search(sentence) else iter(())


def _figures(sentence: str) -> Iterator[Span]:
    """Figures that are no part of a date."""
    dates: list[Span] | None = None
    for figure in _spans(patterns.FIGURE, sentence):
        if dates is None:
            dates = list(_spans(patterns.DATE, sentence))
        if not any(date.start < figure.end and figure.start < date.end for date in dates):
            yield figure


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in pattern.finditer(text))


def _in_order(spans: Collection[Span]) -> tuple[Span, ...]:
    return tuple(sorted(set(spans)))


_LOCATION = re.compile(
    r"\b(?:in|at|on|near|inside|outside|between|off|along|across|around|under|behind|from|to|into)\s+"
    r"(?P<where>(?:(?:the|a|an|its|their|his|her)\s+)?[\w’'-]+(?:\s+(?!(?:in|at|on|by|with|from|to|of|for|as)\b)[\w’'-]+){0,4})"
)


def _locations(sentence: str) -> Iterator[Span]:
    """What stands after a preposition of place, up to the next word that only joins."""
    for match in _LOCATION.finditer(sentence):
        start, _ = match.span("where")
        for phrase in _phrases(match["where"]):
            yield Span(start + phrase.start, start + phrase.end)
            break


def _phrases(text: str) -> Iterator[Span]:
    """Runs of telling words without a stop word or a sign between."""
    run: Span | None = None
    for match in re.finditer(r"[^\W_](?:[\w’'.-]*\w)?", text):
        if fold(match.group()) in STOP_WORDS:
            if run:
                yield run
            run = None
        elif run and text[run.end : match.start()].isspace():
            run = Span(run.start, match.end())
        else:
            if run:
                yield run
            run = Span(*match.span())
    if run:
        yield run


def _echoes(span: Span, here: Sequence[Term], asked: Collection[str]) -> bool:
    """Whether the span holds nothing but words of the question (units do not count)."""
    first, last = (bisect_left(here, edge, key=lambda term: term.start) for edge in span)
    inside = [term.term for term in here[first:last]]
    return (
        not inside
        or all(term in asked for term in inside)
        or any(term in asked and (term.isdigit() or len(inside) < 3) and not term.isalpha() for term in inside)
    )
