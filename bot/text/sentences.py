"""Where sentences begin and end: rules for the plain cases, NLTK's Punkt for full stops after abbreviations.

Punkt: Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection", 2006. Its parameters are learned from
press releases by `benchmarks/train_sentences.py` and lie in `data/punkt.json`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from bot.model import Span

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

_SMALL = 16 + 32 + 64  # Punkt's flags for a small first letter: at the start of a sentence, inside, and unknown
REACH = 80  # characters that are looked at before and after a mark; bounds the work on text without white space

# Abbreviations that press releases use, beside those that Punkt learned. Without their last full stop.
ABBREVIATIONS = frozenset(
    """
    inc co ltd corp llc l.l.c plc s.a n.v b.v a.g s.p.a bros intl int'l assn assoc dept div univ inst govt gov't natl nat'l
    u.s u.k u.n e.u u.s.a u.a.e d.c n.y l.a p.r b.c a.d u.s.c
    a.m p.m a.k.a ph.d m.d d.d.s d.v.m j.d m.b.a b.a b.s m.a m.s r.n esq jr sr ret
    jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri
    ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev n.h n.j n.m n.c n.d
    okla ore pa penn r.i s.c s.d tenn tex vt va wash w.va wis wyo ont que
    st ft mt ave blvd rd hwy pkwy sq bldg ste apt rm p.o
    etc approx est min max incl excl ext tel avg misc al ca
    """.split()
)
# Those that stand before a name or before what they speak of: no sentence ends with them.
LEANING = frozenset(
    """
    mr mrs ms messrs mx dr drs prof sen sens rep reps gov govs gen lt col capt cmdr cpl sgt maj adm brig pvt rev hon pres supt
    vs v e.g i.e cf viz asst lt.gov ald amb atty det insp pfc fr ps p.s
    """.split()
)
# Those that are words of their own when they have a small letter.
CAPITALISED = frozenset("ark ill mass miss wash ore pa penn wed mar jan rep gen col hon min max sect".split())
# Those that stand before a number: "no" is a word of its own anywhere else.
NUMBERING = frozenset(
    "no nos b c d r fl ca art sec secs fig figs vol vols p pp par para ch chap ver h.r s.res h.res pub.l".split()
)

_MARK = re.compile(
    r"""
    (?P<stops> [.?!…؟۔।。！？*\#=~_:;-]  # alone in front, so that `re` skips all other characters quickly
      (?: (?<=\.)(?:[ ]\.){1,9}  # ". . ." is an ellipsis, too
        | (?<=[.?!…؟۔।])[.?!…؟۔।]*
        | (?<=[。！？])[。！？]*
        | (?<!\S.)(?:(?<=[*\#=~_])[*\#=~_]{2,} | (?<=-)-{4,} | (?<=[:;])-?[()DP])(?!\S) ) )
    (?P<closers> (?:["'”’»)\]}*_」』）]|\[[^\[\]\n]{1,40}\])* )   # a footnote's number, too
    """,
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
_WIDE = frozenset("。！？")
_RULES = frozenset("*#=~_-()DP")  # how a line such as "***" ends, and a smiley
_OPENERS = "\"'“‘«([{*_`-–—•"
_CLOSING_APART = re.compile(r"""[ \t]+((?:''?|[)\]}”»"])+)(?=\s|$)""")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[ivxIVX]{1,4}|[A-Za-z])[.)]?")
_SPEAKING = re.compile(
    r"(?:[A-Z][\w.'’-]*\s+){1,4}(?:said|says|asked|asks|told|added|adds|wrote|replied|exclaimed|explained|noted)\b"
)
_DOTTED = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_INITIAL = re.compile(r"[A-Z]\.")
_CAPITALISED = re.compile(r"[A-Z][a-z]*(?=[\s,’'])")
_WORD = re.compile(r"[A-Z]\.(?![A-Z])|\w+(?:[-'’.]\w+)*")
_VOWEL = re.compile(r"[aeiouy]")
_CLOSING = "\"'”’»)]}"


def split_sentences(text: str) -> list[Span]:
    """The sentences of a text, in order.

    A sentence ends with its line at the latest. The spans do not overlap and lose nothing but white space; they begin
    and end with something else. Time grows with the length of the text.
    """
    return [span for line in _lines(text) for span in _split_line(text, line)]


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        if span := _stripped(text, start, start + len(line)):
            yield span
        start += len(line)


def _stripped(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; none when nothing is left."""
    piece = text[start:end]
    if not piece or piece.isspace():
        return None
    return Span(start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip())))


def _split_line(text: str, line: Span) -> Iterator[Span]:
    start = counted = line.start
    quotes = 0  # straight quotation marks since `start`
    for mark in _MARK.finditer(text, line.start, line.end):
        if mark.start() < start:
            continue
        end = mark.end()
        quotes += text.count('"', counted, end)
        counted = end
        apart = _CLOSING_APART.match(text, end, line.end)
        if apart and (apart[1][0] != '"' or quotes % 2):
            end = apart.end()
        if end >= line.end:
            break
        if _is_boundary(text, start, mark, end, line.end):
            if span := _stripped(text, start, end):
                yield span
            start = counted = end
            quotes = 0
    if span := _stripped(text, start, line.end):
        yield span


def _is_boundary(text: str, start: int, mark: re.Match[str], end: int, line_end: int) -> bool:
    """Whether the sentence from `start` ends with the mark, and the closing signs after it, at `end`."""
    stops = mark["stops"]
    if stops[0] in _WIDE:
        return True
    begin = max(start, mark.start() - REACH)
    attached = mark.start() > start and not text[mark.start() - 1].isspace()
    closers = text[mark.end("stops") : end].strip()
    words = text[begin : mark.start()].rsplit(maxsplit=2)
    word = words.pop().lstrip(_OPENERS) if words else ""
    if not text[end].isspace():
        return _is_run_on(word, text[end : end + REACH])
    beginning = _first_not_white(text, end, line_end)
    following = text[beginning : min(beginning + REACH, line_end)]
    if following[0] in ".?!…,;:)]}":
        return False
    next_words = following.lstrip(_OPENERS).split(maxsplit=1)
    if not next_words:
        return True
    first = _WORD.match(next_words[0])
    next_word = first[0] if first else next_words[0][0]
    if stops[-1] in _RULES:
        return not next_word[0].islower()
    if stops not in {".", ".."} or (stops == ".." and not attached):
        return _ends_strongly(stops, word, attached, closers, following, next_word)
    if not word or (not attached and not _may_be_shortened(word)):
        return True
    if stops == "..":
        return not next_word[0].islower()
    if not words and begin == start and _NUMBER.fullmatch(word):
        return False  # "1." or "a)" before an item
    if _is_middle_initial(word, words, next_word):
        return False
    return _ends_with_full_stop(word, bool(closers), next_word)


def _first_not_white(text: str, start: int, end: int) -> int:
    space = _SPACE.match(text, start, end)
    return space.end() if space else start


def _ends_strongly(stops: str, word: str, attached: bool, closers: str, following: str, next_word: str) -> bool:
    """After a question mark, an exclamation mark or an ellipsis."""
    if not word and closers:
        return False  # "(?)"
    if closers and (next_word[0].islower() or _SPEAKING.match(following)):
        return False  # "Why?" he asked
    if stops[0] in ".…" and not {"?", "!"} & set(stops):
        return not next_word[0].islower() and (attached or _punkt_splits("..", next_word))
    # A name such as "Yahoo!" goes on with a small letter.
    return not (stops == "!" and next_word[0].islower() and _is_name(word))


def _ends_with_full_stop(word: str, closed: bool, next_word: str) -> bool:
    lower = word.lower()
    if lower in LEANING and word not in CAPITALISED:
        return False
    if lower in NUMBERING and next_word[0].isdigit():
        return False
    if next_word[0].islower():
        return not (closed or _is_name(word) or _is_shortened(word))
    if closed:
        return True
    return _punkt_splits("U.S." if _DOTTED.fullmatch(word) else word + ".", next_word)


def _may_be_shortened(word: str) -> bool:
    """Whether a full stop after the word may belong to it, in text with white space before its signs: "Mr . Smith"."""
    return (
        is_abbreviation(word)
        or word.lower() in NUMBERING
        or (len(word) == 1 and word.isupper())
        or _DOTTED.fullmatch(word) is not None
    )


def _is_middle_initial(word: str, words_before: list[str], next_word: str) -> bool:
    """Whether a letter stands between parts of a name, as in "J. K. Rowling" and "Ben E. King"."""
    if not (len(word) == 1 and word.isupper() and next_word[0].isupper()):
        return False
    if _INITIAL.match(next_word):
        return True
    return (
        bool(words_before)
        and _is_name(words_before[-1].lstrip(_OPENERS))
        and next_word.lower() not in _learned().starters
    )


def _is_name(word: str) -> bool:
    """Whether a word has a capital letter, and is not known to be written with a small letter, too."""
    return word[:1].isupper() and not word.isupper() and not _learned().knows_small(word.lower())


def _is_shortened(word: str) -> bool:
    """Whether a word before a full stop and a small letter looks like an abbreviation or an ordinal."""
    lower = word.lower()
    if lower[-1] in _CLOSING:
        return False
    return (
        is_abbreviation(word)
        or "." in lower
        or len(lower) == 1
        or (len(lower) == 2 and lower.isdigit())
        or (lower.isalpha() and lower.isascii() and not _VOWEL.search(lower))
    )


def is_abbreviation(word: str) -> bool:
    """Whether a word, without its last full stop, is known to be an abbreviation, as "Inc" is."""
    return word not in CAPITALISED and word.lower() in _learned().abbreviations


def _is_run_on(word: str, after: str) -> bool:
    """Whether a sentence ends although no white space follows: "the end.The beginning"."""
    if len(word) < 3 or not word.isalpha() or not word.islower():
        return False
    next_word = _CAPITALISED.match(after)
    return next_word is not None and next_word[0].lower() in _learned().starters


@lru_cache(maxsize=1 << 16)
def _punkt_splits(word: str, next_word: str) -> bool:
    """Whether Punkt ends a sentence between a word with its full stop and a word with a capital letter.

    Punkt's first pass ends a sentence at every full stop but those of abbreviations and initials. That much is decided
    here, so that NLTK is imported only where its second pass has something to say.
    """
    bare = word[:-1]
    if len(bare) > 1 and not is_abbreviation(bare) and not is_abbreviation(bare.rsplit("-", 1)[-1]):
        return True
    return bool(_punkt().text_contains_sentbreak(f"{word} {next_word}"))


@dataclass(frozen=True, slots=True)
class _Learned:
    abbreviations: frozenset[str]
    collocations: frozenset[tuple[str, str]]
    starters: frozenset[str]
    spellings: dict[str, int]

    def knows_small(self, word: str) -> bool:
        """Whether the word is written with a small letter, too."""
        return bool(self.spellings.get(word, 0) & _SMALL)


@cache
def _learned() -> _Learned:
    data = json.loads(resources.files("bot.text").joinpath("data", "punkt.json").read_text(encoding="utf-8"))
    pairs = (pair.split(" ") for pair in data["collocations"])
    return _Learned(
        abbreviations=ABBREVIATIONS | LEANING.union(*map(str.split, data["abbreviations"])),
        collocations=frozenset((first, second) for first, second in pairs),
        starters=frozenset().union(*map(str.split, data["starters"])),
        spellings={word: int(flags) for flags, lines in data["spellings"].items() for word in " ".join(lines).split()},
    )


@cache
def _punkt() -> "PunktSentenceTokenizer":
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    learned = _learned()
    parameters = PunktParameters()
    parameters.abbrev_types = set(learned.abbreviations)
    parameters.collocations = set(learned.collocations)
    parameters.sent_starters = set(learned.starters)
    parameters.ortho_context.update(learned.spellings)
    return PunktSentenceTokenizer(parameters)
