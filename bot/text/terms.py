"""From words to index terms: what makes two spellings of a word the same word.

The same terms are used by every index, for releases and for questions.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.text.stemming import stem


class Term(NamedTuple):
    """An index term and where it stands: `text[start:end]` is the word that it was made of."""

    term: str
    start: int
    end: int


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

# In order: dotted initials (U.S., D.C.), names with an ampersand (R&D), numbers with their scale, words.
_WORD = re.compile(
    r"""
    (?P<dotted>(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![\w]))?)
  | (?P<ampersand>(?<!\w)[^\W\d_]{1,3}&[^\W\d_]{1,3}(?!\w))
  | (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)(?P<unit>[A-Za-z]{1,4}(?![A-Za-z]))?
  | (?P<word>(?:[^\W_]|[\u0300-\u036f])+(?:['’](?:[^\W\d_])+)?)
    """,
    re.VERBOSE,
)
_CURRENCY = frozenset("$€£¥₹₽₩")
# Scripts without spaces between words: a run of them is cut into characters.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SCRIPT = re.compile(rf"{_UNSPACED.pattern}|[^{_UNSPACED.pattern[1:-1]}]+")


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
    for match in _WORD.finditer(text):
        start, end = match.span()
        kind = match.lastgroup
        if kind == "word":
            word = match["word"]
            stem_end = _apostrophe(word)
            folded = fold(word[:stem_end]).replace("’", "'")
            if folded.isascii():
                yield Term(_NUMBER_WORDS.get(folded, folded), start, start + stem_end)
            elif _UNSPACED.search(folded):
                for part in _SCRIPT.finditer(word):
                    yield Term(fold(part.group()), start + part.start(), start + part.end())
            elif folded:
                yield Term(folded, start, start + stem_end)
        elif kind == "dotted":
            yield Term(fold(match["dotted"].replace(".", "")), start, end)
        elif kind == "ampersand":
            yield Term(fold(match["ampersand"]), start, end)
        else:
            yield from _number(text, match)


def _apostrophe(word: str) -> int:
    """Where the tail of a possessive or a contraction begins; `O'Brien` has none that counts."""
    for sign in "'’":
        cut = word.find(sign)
        if cut > 1:
            return cut
    return len(word)


def _number(text: str, match: re.Match[str]) -> Iterator[Term]:
    start, end = match.span("number")
    number = match["number"].replace(",", "")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    unit = fold(match["unit"] or "")
    money = start > 0 and text[start - 1] in _CURRENCY
    scale = (_CURRENCY_SCALES if money else _SCALES).get(unit)
    if scale:
        yield Term(number, start, end)
        yield Term(scale, *match.span("unit"))
    elif unit:
        yield Term(number + unit, start, match.end())
    else:
        yield Term(number, start, end)


def terms(text: str) -> list[Term]:
    """The index terms of a text in order: its words, stemmed, without stop words."""
    return [Term(stem(word.term), word.start, word.end) for word in words(text) if word.term not in STOP_WORDS]
