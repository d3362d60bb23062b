"""Stems of English words (Snowball, M. F. Porter 2001), without waiting for NLTK where that can be spared.

Irregular forms share the stem of their word, which Snowball does not see: `held` and `hold`.

`import nltk` takes longer than everything else that a question needs. So the stems of common words lie beside this
module in `data/stems.txt`, made with NLTK's stemmer by `benchmarks/make_stems.py`; only a word that is not there is
given to NLTK itself. Both give the same stem.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from math import log


@cache
def _known_stems() -> dict[str, str]:
    """Word to stem: the common words, and those that `remember_stems` was told."""
    return dict(_common_stems())


@cache
def _common_stems() -> dict[str, str]:
    """Word to stem. A line of the file has a stem, its figure, and the words that share it."""
    return {word: stem for stem, (_, *words) in _lines("stems.txt") for word in words}


@cache
def _frequencies() -> dict[str, float]:
    return {stem: int(figure) / 100_000 for stem, (figure, *_) in _lines("stems.txt")}


@cache
def _irregular_forms() -> dict[str, str]:
    """Form to the word whose stem it shares, such as `held` to `hold`."""
    return {form: word for word, forms in _lines("irregular.txt") for form in forms}


def _lines(name: str) -> Iterator[tuple[str, list[str]]]:
    """The first word of each line of a data file, and the others."""
    for line in files("bot.text").joinpath("data", name).read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            first, *others = line.split(" ")
            yield first, others


def remember_stems(stems: Mapping[str, str]) -> None:
    """Spares NLTK words whose stems were found by `stem` before, in another process."""
    _known_stems().update(stems)


_looked_up: list[Callable[[str], str | None]] = []  # one source, or none


def look_up_stems(source: Callable[[str], str | None]) -> None:
    """Spares NLTK words whose stems `source` knows, as `stem` found them before; it gives None for others."""
    _looked_up[:] = [source]


def is_common(word: str) -> bool:
    """Whether a folded word is common in English press releases, and so is no slip of typing."""
    return word in _common_stems()


def common_frequency(term: str) -> float:
    """The share of the paragraphs of press releases in general that hold a term, from 0 to 1."""
    return _frequencies().get(term, 0.0)


def rarity(term: str) -> float:
    """How much a term tells by its rarity in press releases in general: from 0.7 in every paragraph to 5.3 in none."""
    return log(1 + 1 / (common_frequency(term) + 0.005))


@cache
def _snowball() -> Callable[[str], str]:
    from nltk.stem.snowball import EnglishStemmer

    return EnglishStemmer().stem  # type: ignore[no-any-return]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The stem of a folded word. Numbers and words of other scripts are their own stems."""
    word = _irregular_forms().get(word, word)
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    known = _known_stems().get(word)
    known = known or next((found for source in _looked_up if (found := source(word))), None)
    return known or _snowball()(word)
