"""Other words for what is asked: who *chairs* a thing may be said to be its *leader*."""

from collections import defaultdict
from functools import cache
from importlib.resources import files

from bot.text.stemming import stem
from bot.text.terms import STOP_WORDS


@cache
def _lines() -> tuple[tuple[str, ...], ...]:
    text = files("bot.answering").joinpath("data/related.txt").read_text(encoding="ascii")
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return tuple(tuple(word for word in line if word not in STOP_WORDS) for line in lines)


@cache
def _related() -> dict[str, frozenset[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for line in _lines():
        # Only the first word of a line is asked for; the others may stand for it.
        asked, *others = dict.fromkeys(map(stem, line))
        groups[asked].update(others)
    return {term: frozenset(others - {term}) for term, others in groups.items()}


def related_terms(term: str) -> frozenset[str]:
    """The terms that may stand in a release for this term of a question; none for most."""
    return _related().get(term, frozenset())


@cache
def asked_words() -> tuple[str, ...]:
    """The words that have related terms, in all the forms that are listed."""
    return tuple(dict.fromkeys(word for line in _lines() for word in line if stem(word) == stem(line[0])))
