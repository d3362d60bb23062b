"""Questions that look answerable and are not, made from answerable ones.

The ways are those that people took who wrote such questions for SQuAD 2.0 (Rajpurkar et al., "Know What You Don't Know",
2018): a denial, an opposite, another number, another thing.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

from bot.text.terms import bare_terms, words

_OPPOSITES = """
first last|most least|largest smallest|biggest smallest|highest lowest|oldest newest|earliest latest|best worst
before after|more fewer|more less|increase decrease|increased decreased|north south|northern southern|east west
eastern western|won lost|began ended|begin end|start stop|started ended|opened closed|open close|born buried
allowed forbidden|accepted rejected|supported opposed|majority minority|maximum minimum|higher lower|larger smaller
older younger|better worse|rise fall|rose fell|built destroyed|founded dissolved|joined left|common rare
major minor|male female|men women|king queen|father mother|son daughter|brother sister|husband wife|public private
above below|upper lower|inside outside|early late|strong weak|long short|new old|hot cold|rich poor|white black
arrived departed|gained lost|bought sold|introduced abolished|longest shortest|always never|many few|include exclude
""".replace("\n", "|").strip("|")
OPPOSITE: dict[str, str] = {}
for _pair in _OPPOSITES.split("|"):
    _one, _other = _pair.split()
    OPPOSITE.setdefault(_one, _other)
    OPPOSITE.setdefault(_other, _one)

_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would)\b")

DENIED = 0.1  # of the questions, so many are denied before another way is tried

Way = Callable[[str, str, Sequence[str], Random], str | None]


def made_unanswerable(question: str, sentence: str, others: Sequence[str], chance: Random) -> str | None:
    """The question changed so that the sentence that answered it does not any more; None where no way fits.

    Args:
        question: a question that `sentence` answers.
        sentence: that sentence.
        others: other questions about the same article, which lend their things.
        chance: decides which way.
    """
    ways: list[Way] = [_another_number, _opposite, _another_thing]
    chance.shuffle(ways)
    ways.insert(0 if chance.random() < DENIED else len(ways), _denied)
    return next((changed for way in ways if (changed := way(question, sentence, others, chance))), None)


def _another_number(question: str, sentence: str, others: Sequence[str], chance: Random) -> str | None:
    found = list(_NUMBER.finditer(question))
    if not found:
        return None
    place = chance.choice(found)
    plain = place[0].replace(",", "")
    if not plain.isdigit():
        return None
    value = int(plain)
    other = value + chance.choice([-1, 1]) * chance.randint(1, 30 if 1000 <= value <= 2100 else max(2, value // 3))
    if other < 0 or str(other) in sentence:
        return None
    return question[: place.start()] + str(other) + question[place.end() :]


def _opposite(question: str, sentence: str, others: Sequence[str], chance: Random) -> str | None:
    found = [word for word in words(question) if word.term in OPPOSITE]
    if not found:
        return None
    word = chance.choice(found)
    return question[: word.start] + OPPOSITE[word.term] + question[word.end :]


def _denied(question: str, sentence: str, others: Sequence[str], chance: Random) -> str | None:
    place = _AUXILIARY.search(question)
    if place is None or re.search(r"\bnot\b|n't\b|\bnever\b", question):
        return None
    denial = chance.choice(["n't", " never"]) if place[0] not in ("can", "will") else " never"
    return question[: place.end()] + denial + question[place.end() :]


def _another_thing(question: str, sentence: str, others: Sequence[str], chance: Random) -> str | None:
    """A telling word that the sentence shares is replaced by one from another question, that it lacks."""
    here = {word.term for word in words(sentence)}
    own = [word for word in words(question) if word.term in here and _telling(word.term)]
    asked = {word.term for word in words(question)}
    lent = [
        word.term
        for other in others
        for word in words(other)
        if _telling(word.term) and word.term not in here and word.term not in asked
    ]
    if not own or not lent:
        return None
    word = chance.choice(own)
    return question[: word.start] + chance.choice(lent) + question[word.end :]


def _telling(word: str) -> bool:
    return len(word) > 4 and word.isalpha() and any(bare_terms(word))
