"""From words to index terms: what makes two spellings of a word the same word.

The same terms are used by every index, for releases and for questions.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple, TypeVar

from bot.text.stemming import stem


class Term(NamedTuple):
    """An index term and where it stands: `text[start:end]` is the word that it was made of."""

    term: str
    start: int
    end: int


# A `Term` of its three values: called by its name, the class takes several times as long.
_made: Callable[[tuple[str, int, int]], Term] = partial(tuple.__new__, Term)

# Words that are in every text or in every question and find nothing by themselves.
STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren as at be because been before being below between
    both but by can cannot could couldn d did didn do does doesn doing don down during each etc few for from further had
    hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself just
    ll m may me might more most must my myself no nor not now of off on once only or other ought our ours ourselves out
    over own re s same shall she should shouldn so some such t than that the their theirs them themselves then there
    these they this those through to too under until up upon ve very was wasn we were weren what when where whether which
    while who whom whose why will with won would wouldn you your yours yourself yourselves
    """.split()
)

# Words with which people ask, beside the question words: they say how the question is put, not what it is about.
ASKING_WORDS = frozenset(
    "tell please know say give show list name find many much anyone someone something today currently".split()
)

_SCALES = {"k": "thousand", "bn": "billion", "mn": "million", "mln": "million", "mio": "million", "tn": "trillion"}
_CURRENCY_SCALES = _SCALES | {"m": "million", "b": "billion", "t": "trillion"}
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
}

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
_UNIT = r"[A-Za-z]{1,4}(?![A-Za-z])"
_CURRENCY = "$€£¥₹₽₩"
# In order: plain words, which nearly all are, with the space before them, for that is quicker than to pass over it; then,
# where a sign may begin a word at all, dotted initials (U.S., D.C.), names with an ampersand (R&D), numbers with their
# currency and scale, and words of every kind.
_TOKEN = re.compile(
    rf"""
    [ ]?+[A-Za-z]{{2,}}+(?=[ \n,.;:!?()"/-])
  | (?=[\w\u0300-\u036f{_CURRENCY}])
    (?: (?<![\w.])(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?![\w]))?
      | (?<!\w)[^\W\d_]{{1,3}}&[^\W\d_]{{1,3}}(?!\w)
      | [{_CURRENCY}]?(?:{_NUMBER})(?:{_UNIT})?
      | (?:[^\W_]|[\u0300-\u036f])+(?:['’](?:[^\W\d_])+)? )
    """,
    re.VERBOSE,
)
_FIGURE = re.compile(rf"(?P<number>{_NUMBER})(?P<unit>{_UNIT})?")
# Scripts without spaces between words: a run of them is cut into characters.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SCRIPT = re.compile(rf"{_UNSPACED.pattern}|[^{_UNSPACED.pattern[1:-1]}]+")

_LONGEST_KNOWN = 32  # characters
_MOST_KNOWN = 1 << 16  # tokens


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """The word without case and accents: `Beyoncé` and `BEYONCE` are `beyonce`."""
    if word.isascii():
        return word.lower()
    # Decomposed before and after: letters such as 𝐖 and ᴬ are capitals only once they are plain.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> Iterator[Term]:
    """The words of a text in order, folded but not stemmed, stop words included.

    A possessive or a contraction loses its tail (`Wuxi's` is `wuxi`, `don't` is `don`), a hyphened word is its parts,
    thousands separators go (`1,000` is `1000`), and a scale stands by itself (`250bn` is `250` and `billion`).
    """
    for match in _TOKEN.finditer(text):
        begin = match.start()
        for word, start, end in _words[match[0]]:
            yield _made((word, begin + start, begin + end))


def terms(text: str) -> list[Term]:
    """The index terms of a text in order: its words, stemmed, without stop words."""
    found = [
        (term, (begin := match.start()) + start, begin + end)
        for match in _TOKEN.finditer(text)
        for term, start, end in _terms[match[0]]
    ]
    return list(map(_made, found))


def bare_terms(text: str) -> list[str]:
    """The same without their positions, in a third of the time."""
    return list(chain.from_iterable(map(_bare.__getitem__, _TOKEN.findall(text))))


def words_and_terms(text: str) -> tuple[list[str], list[str]]:
    """The words of a text and its index terms, as `words` and `terms` have them, without their positions."""
    tokens = _TOKEN.findall(text)
    found = list(chain.from_iterable(map(_bare.__getitem__, tokens)))
    return [word for token in tokens for word, _, _ in _words[token]], found


_Found = tuple[tuple[str, int, int], ...]
"""Words or terms, and where each stands in its token."""


_T = TypeVar("_T")


class _Known(dict[str, _T]):
    """What tokens hold, each worked out once. Not `lru_cache`, for long tokens shall not stay in memory."""

    def __init__(self, read: Callable[[str], _T]) -> None:
        self._read = read

    def __missing__(self, token: str) -> _T:
        found = self._read(token)
        if len(token) <= _LONGEST_KNOWN:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[token] = found
        return found


def _read_words(token: str) -> _Found:
    space = token.startswith(" ")
    found = _words_in(token[space:])
    return tuple((word, space + start, space + end) for word, start, end in found if word)  # no word is left of accents


def _read_terms(token: str) -> _Found:
    return tuple((stem(word), start, end) for word, start, end in _words[token] if word not in STOP_WORDS)


def _read_bare(token: str) -> tuple[str, ...]:
    return tuple(term for term, _, _ in _terms[token])


_words, _terms, _bare = _Known(_read_words), _Known(_read_terms), _Known(_read_bare)


def _words_in(token: str) -> Iterator[tuple[str, int, int]]:
    """The words of what `_TOKEN` found; positions are inside it."""
    if token[0] in _CURRENCY or token[0].isdecimal():
        yield from _number(token)
    elif "." in token:
        yield fold(token.replace(".", "")), 0, len(token)
    elif "&" in token:
        yield fold(token), 0, len(token)
    else:
        end = _apostrophe(token)
        folded = fold(token[:end]).replace("’", "'")
        if folded.isascii():
            yield _NUMBER_WORDS.get(folded, folded), 0, end
        elif _UNSPACED.search(folded):
            for part in _SCRIPT.finditer(token):
                yield fold(part.group()), *part.span()
        else:
            yield folded, 0, end


def _apostrophe(word: str) -> int:
    """Where the tail of a possessive or a contraction begins; `O'Brien` has none that counts."""
    for sign in "'’":
        cut = word.find(sign)
        if cut > 1:
            return cut
    return len(word)


def _number(token: str) -> Iterator[tuple[str, int, int]]:
    money = token[0] in _CURRENCY
    figure = _FIGURE.match(token, money)
    assert figure  # `_TOKEN` begins a token so with nothing else
    start, end = figure.span("number")
    number = figure["number"].replace(",", "")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    unit = fold(figure["unit"] or "")
    scale = (_CURRENCY_SCALES if money else _SCALES).get(unit)
    if scale:
        yield number, start, end
        yield scale, *figure.span("unit")
    elif unit:
        yield number + unit, start, figure.end()
    else:
        yield number, start, end
