"""Names in a sentence, and what they may be the names of: a person, a place, a thing."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from bot.model import Span
from bot.text.stemming import common_frequency, is_common, stem
from bot.text.terms import STOP_WORDS, fold

COMMON = 0.001  # a word in so many paragraphs of press releases is none that only names begin with


class NameKind(StrEnum):
    """What a name looks to be the name of."""

    PERSON = "person"  # of several words, or with an office or a known given name
    SINGLE = "single"  # one word that may be a person
    THING = "thing"  # an organisation, an event, a place by its last word
    PLACE = "place"  # a country, state or city that is known


_NAME_WORD = r"(?:[A-ZÀ-ÖØ-Þ][\w’'-]*\w|(?:[A-Z]\.){1,4}|[IVX]\b(?!['’]))"
_LINK = r"(?:of(?:\s+the)?|the|and|&|(?:de|von|van|der|den|bin|al|la|du|di|da)(?:\s+(?:der|den|la|los))?)"
_NAME = re.compile(rf"\b{_NAME_WORD}(?:\s+(?:{_LINK}\s+)?{_NAME_WORD}|-{_NAME_WORD})*")
# Where a run of capitals falls apart: at "and", after a possessive, at "CEO", at "the" but for "Edward the Confessor".
_JOINT = re.compile(r"\s+C[EFTO]O\s+|\s+and\s+(?:the\s+)?|(?<!\sof)\s+the\s+|['’]s?(?:\s+|$)")
_EPITHET = re.compile(r"\w+\s+the\s+\w+")
_PART_OF_NAME = re.compile(r"\S.*\S|\S")
_FIRST_WORD = re.compile(r"[\w’'.]+[\s,-]*")

_NOT_PERSON = frozenset(
    """
    academy act administration agency airport alliance america american army assembly association authority avenue award
    bank bay board bridge bureau business cabinet canal castle cathedral center centre church
    city club coast college commission committee communications company conference congress constitution cooperation corp
    corporation council country county court cup day democrats department desert development digital district division east
    elections empire europe faculty federation festival forces foundation fund gallery games garden government group
    hall health healthcare hospital house inc industry innovation institute international investment island islands journal
    kingdom laboratory labor laboratories lake law league liberals library limited llc ltd magazine market media ministry
    mountain mountains museum nation national nations navy network news north ocean office order organization
    palace park parliament party plan plaza plc police port press prize programme program project province region regime
    republic republicans research revolution river road royal school schools science sea senate series service services
    society software south southern square stadium state states station stock street studios summit supreme system
    systems team technologies technology television theatre times tower treaty trust tv union united university
    valley war west western world zone
    """.split()
)
_PLACE_WORDS = frozenset(
    """
    airport area bay beach bridge canal castle city coast county desert district east gulf harbour harbor hill hills
    island islands kingdom lake mount mountain mountains north ocean park peninsula plaza port province region republic
    river sea south square stadium state states street town university valley village west
    """.split()
)
CALENDAR = frozenset(
    """
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday
    """.split()
)
# What sentences begin with that is no name, beside stop words.
_OPENERS = frozenset(
    """
    according accordingly across additional additionally afterwards along already alternatively although among amongst
    another apart around aside based because beginning besides beyond certain commonly compared consequently currently
    depending despite due earlier early either eventually every everyone everything except finally first firstly five
    following for former formerly formed four furthermore generally given hence historically however ibid importantly
    including indeed initially inside instead its last late later lately like likewise little many meanwhile modern moreover
    most much nearly neither nevertheless new next nine nonetheless none notably nothing numerous often old one only
    originally others outside overall overseas particularly perhaps plus presently previously prior rather recent recently
    regarding second secondly seven several similar similarly since six so some sometimes soon still subsequently
    surprisingly ten that therefore third though three throughout thus today together towards traditionally twelve two
    typically ultimately unlike unlikely until upon use used using usually various via whereas whereby while whilst within
    without yes yesterday yet
    """.split()
)
OFFICES = re.compile(
    r"\b(?:mayor|secretary|president|chair(?:man|woman|person)?|director|chief|ceo|cfo|cto|minister|governor|senator|sen\.|rep\."
    r"|professor|dr\.|mr\.|ms\.|mrs\.|king|queen|emperor|duke|pope|general|captain|founder|leader|head|manager|editor|author"
    r"|spokes(?:man|woman|person)|commissioner|chancellor|prince|count|bishop|saint|sir|officer|actor|actress|singer|coach"
    r"|congress(?:man|woman)|representative|colonel|lieutenant|commander|ambassador|archbishop|cardinal|earl|baron|lord|lady"
    r"|astronaut|architect|scientist|engineer|physicist|mathematician|philosopher|economist|composer|painter|player"
    r"|co-founder|chairperson|vice-chair|owner|executive|scholar|inventor|writer)\b",
    re.IGNORECASE,
)
# Words for those who come from a place: "Turkish", "Norman", "Roman".
_OF_A_PEOPLE = re.compile(
    r"(?:\w+(?:ese|ish|ean|ians?|icans?)|danish|french|dutch|greeks?|swiss|welsh|germans?|romans?|turks?"
    r"|arabs?|arabic|islamic|muslims?|jewish|jews|christians?|catholics?|protestants?|mongols?)"
)
PLACE_BEFORE = re.compile(
    r"\b(?:in|at|from|near|to|of|into|outside|around|across|throughout|toward|via)\s+(?:the\s+)?$"
)


@cache
def _listed(name: str) -> frozenset[str]:
    lines = files("bot.answering").joinpath("data", name).read_text(encoding="ascii").splitlines()
    return frozenset(word.replace("_", " ") for line in lines if not line.startswith("#") for word in line.split())


def is_place(text: str) -> bool:
    """Whether a text is a well-known country, state or city, or ends in a word such as *river* or *county*."""
    folded = fold(text).strip(" .,")
    return folded in _listed("places.txt") or folded.rsplit(maxsplit=1)[-1] in _PLACE_WORDS


def is_of_a_people(text: str) -> bool:
    """Whether a word says of what people somebody or something is, such as *Turkish* or *Normans*."""
    return bool(_OF_A_PEOPLE.fullmatch(fold(text)))


def has_given_name(text: str) -> bool:
    """Whether a name begins with a given name that is common."""
    words = fold(text).split()
    return any(word in _listed("given_names.txt") for word in words[:2])


def names(sentence: str) -> Iterator[Span]:
    """Runs of capitalised words; what a sentence begins with counts only where it is no common word."""
    for match in _NAME.finditer(sentence):
        start = match.start()
        joints = () if _EPITHET.fullmatch(match.group()) else _JOINT.finditer(match.group())
        for joint in (*joints, None):
            end = match.start() + joint.start() if joint else match.end()
            part = _trimmed(sentence, start, end)
            if part:
                yield part
            start = match.start() + joint.end() if joint else end


def _trimmed(sentence: str, start: int, end: int) -> Span | None:
    """A name without the words before it that are none."""
    while start < end and (first := _FIRST_WORD.match(sentence, start, end)):
        word = fold(first.group().strip(" ,-'’"))
        if word not in STOP_WORDS and word not in CALENDAR and not (word in _OPENERS and _opens(sentence, start)):
            break
        if word in ("us", "it", "who") and sentence[start : start + 2].isupper():
            break  # the United States, information technology, the World Health Organization
        start = first.end()
    found = _PART_OF_NAME.match(sentence, start, end)
    if not found or not sentence[start].isupper():
        return None
    text = found.group()
    if len(text) == 1:
        return None
    return Span(start, start + len(text))


def _opens(sentence: str, start: int) -> bool:
    """Whether a sentence, or a part of it behind a colon or the like, begins here."""
    return start == 0 or sentence[:start].rstrip(" \"“'‘(")[-1:] in ("", ".", ":", ";", "?", "!")


@lru_cache(maxsize=1 << 6)  # for the few sentences that are shown
def named(sentence: str) -> tuple[tuple[Span, NameKind], ...]:
    """The names of a sentence, and what each looks to be the name of. A person's name ends before "of" a place."""
    return tuple((span, _kind(sentence, span)) for span in named_parts(sentence))


def named_parts(sentence: str) -> Iterator[Span]:
    """The names of a sentence as `named` has them."""
    return (span for name in names(sentence) for span in _without_place(sentence, name))


def _without_place(sentence: str, name: Span) -> Iterator[Span]:
    """`King Charles III of West Francia` without where he is king; `William of Montreuil` is called so."""
    text = sentence[name.start : name.end]
    cut = text.find(" of ")
    if cut > 0 and (" " in text[:cut] or OFFICES.fullmatch(text[:cut])) and not _says_thing(text[:cut]):
        yield Span(name.start, name.start + cut)
        rest = name.start + cut + (8 if text.startswith(" of the ", cut) else 4)
        if rest < name.end:
            yield Span(rest, name.end)
    else:
        yield name


def _says_thing(text: str) -> bool:
    return any(fold(word).strip(".,'’") in _NOT_PERSON for word in text.split())


def _kind(sentence: str, name: Span) -> NameKind:
    text = sentence[name.start : name.end]
    name_words = text.split()
    folded = [fold(word).strip(".,'’") for word in name_words]
    if fold(text).strip(".,") in _listed("places.txt"):
        return NameKind.PLACE
    if any(word in _NOT_PERSON or word in CALENDAR for word in folded):
        return NameKind.THING
    if any(word.isupper() and word.isalpha() and len(word) > 3 for word in name_words) or all(
        map(is_of_a_people, folded)
    ):
        return NameKind.THING
    # "the Norwegian Sea" and "the Senate" are things; "the Mayor" is no name, either.
    if re.search(r"\b[Tt]he\s$", sentence[max(0, name.start - 5) : name.start]):
        return NameKind.THING
    if OFFICES.fullmatch(name_words[-1]):
        return NameKind.THING
    if len(name_words) > 1 or is_titled(sentence, name):
        return NameKind.PERSON
    return NameKind.SINGLE


def is_titled(sentence: str, name: Span) -> bool:
    """Whether an office stands right before the name, or after it and a comma."""
    before = sentence[: name.start].rstrip().rsplit(maxsplit=1)[-1:]
    after = re.match(r",\s+(?:the\s+)?([\w.]+)", sentence[name.end :])
    return any(OFFICES.fullmatch(word) for word in before) or bool(after and OFFICES.fullmatch(after.group(1)))


def is_office(text: str) -> bool:
    """Whether a text is nothing but an office, such as *Mayor* or *General Manager*."""
    return all(OFFICES.fullmatch(word) for word in text.split())


def has_office(sentence: str, name: Span) -> bool:
    """Whether an office stands near the name."""
    around = sentence[max(0, name.start - 25) : name.start] + "|" + sentence[name.end : name.end + 25]
    return bool(OFFICES.search(around))


def persons(sentence: str) -> Iterator[Span]:
    """Names that may be those of persons, in order; single words only where there is no name of several."""
    single = []
    full = False
    for span in named_parts(sentence):
        kind = _kind(sentence, span)
        if kind is NameKind.PERSON:
            full = True
            yield span
        elif kind is NameKind.SINGLE:
            single.append(span)
    if not full:
        yield from (span for span in single if _may_be_person(sentence, span))


def _may_be_person(sentence: str, single: Span) -> bool:
    """Whether a single word is no place, by the word before it, and no common word that the sentence begins with."""
    return not PLACE_BEFORE.search(sentence[max(0, single.start - 20) : single.start]) and not (
        single.start == 0 and _is_common_word(sentence[: single.end])
    )


def _is_common_word(text: str) -> bool:
    word = fold(text)
    return is_common(word) and common_frequency(stem(word)) > COMMON
