"""The answer inside a sentence, by rules on the text: a person for *who*, a date for *when*, a figure for *how many*."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from bot.answering.question import AnswerKind, Question
from bot.model import Span
from bot.text.terms import STOP_WORDS, Term, fold

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?)"
_YEAR = r"(?:1\d{3}|20\d{2})"
_TO = r"\s*(?:to|and|through|until|[-–—])\s*"
_DATE = re.compile(
    rf"""\b(?:
        {_MONTH}\s+{_DAY}(?:{_TO}(?:{_MONTH}\s+)?{_DAY})?(?:,?\s+{_YEAR})?(?!\w)
      | {_DAY}(?:{_TO}{_DAY})?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?
      | {_MONTH},?\s+(?:of\s+)?{_YEAR}(?:{_TO}(?:{_MONTH}\s+)?{_YEAR})?
      | (?:(?:early|mid|late)[ -])?(?:the\s+)?{_YEAR}s
      | \d{{4}}-\d\d-\d\d
      | {_YEAR}(?:{_TO}(?:{_YEAR}|\d\d))?(?![\d,.]*\d)(?!\s*(?:%|percent|yuan|dollars|people|square|feet|m\b|km\b))
      | (?:\d{{1,2}}(?:st|nd|rd|th)|[a-z]+teenth|twentieth|tenth|ninth|twelfth|eleventh)
          (?:{_TO}\d{{1,2}}(?:st|nd|rd|th))?[ -]centur(?:y|ies)
      | \d{{1,4}}\s?(?:BC|AD|BCE|CE)\b
      | (?<=\bin\s)\d{{3}}(?!\d) | (?<=\bsince\s)\d{{3}}(?!\d)
      | (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day
      | (?:today|yesterday|tomorrow|(?:last|next|this)\s+(?:week|month|year|spring|summer|fall|autumn|winter))
      | (?:January|February|April|June|July|August|September|October|November|December)\b | (?<=\bin\s)(?:March|May)\b
    )""",
    re.VERBOSE,
)
_NUMERAL = r"(?:\d+(?:,\d{3})*(?:\.\d+)?(?:½|¼|¾)?)"
_NUMBER_WORD = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:a|one|several|\w+)\s+hundred"
    r"|dozens?|hundreds|thousands|millions|half|one|a\s+third|two-thirds|a\s+quarter)"
)
_SCALE = r"(?:hundred|thousand|million|billion|trillion|bn|mn|m|k)\b"
_ABOUT = r"(?:(?:more|less|fewer)\s+than|over|nearly|almost|about|around|approximately|at\s+least|up\s+to|some|roughly)"
_UNIT = (
    r"(?:square\s+\w+|cubic\s+\w+|\w*met(?:er|re)s?|miles?|feet|foot|ft|inch(?:es)?|km|cm|mm|acres?|hectares?|tons?|tonnes?"
    r"|kg|pounds?|degrees?|°\s?[CF]|mph|km/h|years?|months?|weeks?|days?|hours?|minutes?|seconds?|people|percent|per\s+cent"
    r"|yuan|dollars?|euros?|pounds|yen|rupees|francs)"
)
_FIGURE = re.compile(
    rf"(?:\b{_ABOUT}\s+)?(?:[−-](?=\d))?(?:(?:US|A|C|HK)?[$€£¥]\s?)?(?:\b{_NUMERAL}(?:\s*%|(?:[-\s]?{_SCALE})?(?:\s+{_UNIT}\b)?)"
    rf"|\b{_NUMBER_WORD}(?:\s+{_SCALE})?(?:\s+{_UNIT}\b)?)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"(?:\b{_ABOUT}\s+)?(?:(?:US|A|C|HK)?[$€£¥]\s?{_NUMERAL}(?:[-\s]?{_SCALE})?"
    rf"|\b(?:{_NUMERAL}|{_NUMBER_WORD})(?:\s+{_SCALE})?\s+(?:yuan|(?:US\s+)?dollars?|euros?|pounds|yen|rupees|francs|RMB|USD|cents)\b)",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"(?:\b{_ABOUT}\s+)?\b(?:{_NUMERAL}|{_NUMBER_WORD})\s*(?:%|percent\b|per\s+cent\b)", re.IGNORECASE
)
_DURATION = re.compile(
    rf"(?:\b{_ABOUT}\s+)?\b(?:{_NUMERAL}|{_NUMBER_WORD}|a|an)(?:\s+(?:and\s+a\s+half|more))?[-\s]"
    r"(?:year|month|week|day|hour|minute|second|decade|centur(?:y|ie)|season)s?\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because(?:\s+of)?|due\s+to|in\s+order\s+to|so\s+that|owing\s+to|as\s+a\s+result\s+of|thanks\s+to"
    r"|(?:owes?|owed)\b.{1,20}\bto|benefit(?:s|ed)?\s+from|stems?\s+from|driven\s+by|caused\s+by|related\s+to)\b.*",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?<!\S)(?!(?:and|the)\s)(?:(?!\s+(?:and|the)\s).)+")
_NAME_WORD = r"(?:[A-ZÀ-ÖØ-Þ][\w’'-]*\w|[A-Z]\.)"
_NAME = re.compile(
    rf"\b{_NAME_WORD}(?:\s+(?:(?:of|the|and|de|von|van|der|bin|al|la|du)\s+)?{_NAME_WORD}|-{_NAME_WORD})*"
)

# Words that tell a name of an organisation, a thing or a place from the name of a person.
_NOT_PERSON = frozenset(
    """
    act administration agency airport america american association authority avenue bank bay board bowl bridge bureau
    business cathedral center centre church city club coast college commission committee communications company
    conference congress cooperation corp corporation council country county court department development district east
    empire europe festival foundation fund games government group healthcare hospital house inc industry innovation
    institute international island journal kingdom lake league limited llc ltd magazine market ministry mountain museum
    national news north ocean office organization park party plan platform press project province republic research river
    road school science senate sea service society south state states station stock street summit system team technology
    times tower treaty trust union united university valley war west world
    """.split()
)
_CALENDAR = frozenset(
    """
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday
    """.split()
)
_OFFICES = re.compile(
    r"\b(?:mayor|secretary|president|chair(?:man|woman|person)?|director|chief|ceo|cfo|cto|minister|governor|senator|sen\.|rep\."
    r"|professor|dr\.|mr\.|ms\.|mrs\.|king|queen|emperor|duke|pope|general|captain|founder|leader|head|manager|editor|author"
    r"|spokes(?:man|woman|person)|commissioner|chancellor|prince|count|bishop|saint|sir|officer|actor|actress|singer|coach)\b",
    re.IGNORECASE,
)
_YEAR_OF_NAME = re.compile(rf"{_YEAR}\s+[A-ZÀ-ÖØ-Þ]\w")
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|from|near|to|of|into|outside|around|across|throughout|toward|via)\s+(?:the\s+)?$"
)


def answer_span(sentence: str, here: Sequence[Term], question: Question) -> Span | None:
    """The part of the sentence that answers by itself, or None where the rules see none.

    `here` are the terms of the sentence. Words of the question are no answer to it. Of several candidates the one
    nearest to the words asked for is taken.
    """
    asked = frozenset(question.terms)
    candidates = [span for span in candidates_of(sentence, question.kind) if not _echoes(span, here, asked)]
    if not candidates:
        return None
    matched = [term for term in here if term.term in asked]
    return min(candidates, key=lambda span: _distance(span, matched, sentence, question))


@lru_cache(maxsize=1 << 12)
def candidates_of(sentence: str, kind: AnswerKind) -> tuple[Span, ...]:
    """Every part of the sentence that is of this kind, in order."""
    match kind:
        case AnswerKind.PERSON:
            return tuple(_persons(sentence))
        case AnswerKind.PLACE:
            return tuple(_names(sentence))
        case AnswerKind.DATE:
            return _spans(_DATE, sentence)
        case AnswerKind.MONEY:
            return _spans(_MONEY, sentence)
        case AnswerKind.NUMBER:
            dates = _spans(_DATE, sentence)
            return tuple(
                figure
                for figure in _spans(_FIGURE, sentence)
                if not any(date.start < figure.end and figure.start < date.end for date in dates)
            )
        case AnswerKind.PERCENT:
            return _spans(_PERCENT, sentence)
        case AnswerKind.DURATION:
            return _spans(_DURATION, sentence)
        case AnswerKind.REASON:
            return _spans(_REASON, sentence)
        case AnswerKind.DEFINITION | AnswerKind.OTHER:
            return ()


def _spans(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(Span(*match.span()) for match in pattern.finditer(text))


def _names(sentence: str) -> Iterator[Span]:
    """Runs of capitalised words; a first word counts only where it is no common word."""
    for match in _NAME.finditer(sentence):
        start, end = match.span()
        first = re.match(r"[\w’']+", match.group())
        while first and (fold(first.group()) in STOP_WORDS or fold(first.group()) in _CALENDAR):
            rest = re.match(r"[\w’']+[\s-]*", sentence[start:end])
            start += len(rest.group()) if rest else end - start
            first = re.match(r"[\w’']+", sentence[start:end])
        # A run that joins two names by "and" is two names.
        for part in _JOINED.finditer(sentence[start:end]):
            text = part.group().strip()
            if text and text[0].isupper():
                offset = start + part.start() + part.group().index(text)
                yield Span(offset, offset + len(text))


def _persons(sentence: str) -> list[Span]:
    """Names that may be those of persons; single words only where there is no name of several."""
    names = [part for name in _names(sentence) for part in _without_place(sentence, name)]
    persons = [name for name in names if not _is_thing(sentence, name)]
    full = [name for name in persons if " " in sentence[name.start : name.end] or _is_titled(sentence, name)]
    return full or [
        name for name in persons if not _PLACE_BEFORE.search(sentence[max(0, name.start - 20) : name.start])
    ]


def _without_place(sentence: str, name: Span) -> Iterator[Span]:
    """`King Charles III of West Francia` without where he is king."""
    cut = sentence.find(" of ", name.start, name.end)
    yield Span(name.start, cut) if cut > 0 else name


def _is_thing(sentence: str, name: Span) -> bool:
    name_words = sentence[name.start : name.end].split()
    folded = [fold(word).strip(".,'’") for word in name_words]
    if any(word in _NOT_PERSON or word in _CALENDAR for word in folded):
        return True
    if any(word.isupper() and len(word) > 3 for word in name_words):
        return True
    # "the Norwegian Sea" and "the Senate" are things; "the Mayor" is no name, either.
    return bool(re.search(r"\b[Tt]he\s$", sentence[max(0, name.start - 5) : name.start])) or all(
        _OFFICES.fullmatch(word) for word in folded
    )


def _is_titled(sentence: str, name: Span) -> bool:
    """Whether an office stands right before the name, or after it and a comma."""
    before = sentence[: name.start].rstrip().rsplit(maxsplit=1)[-1:]
    after = re.match(r",\s+(?:the\s+)?([\w.]+)", sentence[name.end :])
    return any(_OFFICES.fullmatch(word) for word in before) or bool(after and _OFFICES.fullmatch(after.group(1)))


def _has_office(sentence: str, name: Span) -> bool:
    around = sentence[max(0, name.start - 25) : name.start] + "|" + sentence[name.end : name.end + 25]
    return bool(_OFFICES.search(around))


def _echoes(span: Span, here: Sequence[Term], asked: Collection[str]) -> bool:
    """Whether the span holds nothing but words of the question (units do not count)."""
    first, last = (bisect_left(here, edge, key=lambda term: term.start) for edge in span)
    inside = [term.term for term in here[first:last]]
    return (
        not inside
        or all(term in asked for term in inside)
        or any(term in asked and (term.isdigit() or len(inside) < 3) and not term.isalpha() for term in inside)
    )


def _distance(span: Span, matched: list[Term], sentence: str, question: Question) -> tuple[float, int]:
    """How far a candidate stands from the words asked for, in characters; a title or a preposition brings it nearer."""
    kind = question.kind
    if matched:
        away = sum(max(0, word.start - span.end, span.start - word.end) for word in matched) / len(matched)
        away = 0.5 * away + 0.5 * min(max(0, word.start - span.end, span.start - word.end) for word in matched)
    else:
        away = float(span.start)
    if kind is AnswerKind.PERSON:
        away -= 20 if _has_office(sentence, span) else 0
    if kind is AnswerKind.PLACE:
        away -= 40 if _PLACE_BEFORE.search(sentence[max(0, span.start - 20) : span.start]) else 0
        away += 60 if span.start == 0 else 0  # what a sentence begins with is what it speaks of
    if kind is AnswerKind.DATE and _YEAR_OF_NAME.match(sentence[span.start :]):
        away += 60  # "the 2021 Harbour Fair": what it is called, before when it was
    if kind is AnswerKind.NUMBER and any(
        term.term == question.focus and span.start < term.end and term.start - span.end < 25 for term in matched
    ):
        away -= 15  # "twelve cities", where cities are counted
    if kind is AnswerKind.NUMBER and sentence[span.start : span.end].lower() == "one":
        away += 30  # more often a pronoun than a figure
    return away, span.start
