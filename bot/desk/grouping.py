"""Questions that ask the same in other words, put together.

Two questions ask the same when their words do, slips of typing and word order apart: the cosine of their terms, each of
which counts by its rarity among the questions. That is not so where they ask for something else of the same thing (who
and when), or name other numbers (2024 and 2025).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log, sqrt

from bot.desk.noted import Question
from bot.text.stemming import is_common, stem
from bot.text.terms import ASKING_WORDS, STOP_WORDS, words

ALIKE = 0.55
"""The cosine from which on two questions ask the same."""
_TYPICAL = 0.9  # how near to the middle of its group a question is that may stand for it, beside the nearest

# What is asked for, by the words that say so, beside those that follow "how".
_WANTED = {
    "who": "who", "whom": "who", "whose": "who", "when": "when", "date": "when", "where": "where", "why": "why",
    "number": "many", "price": "much", "prices": "much", "cost": "much", "costs": "much",
}  # fmt: skip
_HOW = frozenset("many much long old far often".split())
_SPENT = frozenset("date number".split())  # said by what is asked for
_AS = {"price": "cost", "prices": "cost"}


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same.

    `question` is the most typical of the `variants`, which come with how often each was put, the most frequent first.
    `first` and `last` are when it was asked, in UTC.
    """

    question: str
    times: int
    people: int
    first: datetime
    last: datetime
    variants: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """All questions that have the same words in the same order, and how they are compared with others."""

    questions: tuple[Question, ...]
    text: str
    wanted: frozenset[str]
    numbers: frozenset[str]
    slips: int
    vector: Mapping[str, float]  # of length 1; the rarest terms first


def grouped(questions: Iterable[Question]) -> tuple[Group, ...]:
    """The questions in groups, those that most people asked first.

    The order in which the questions come does not matter. It takes time in proportion to how many there are, as long as
    they are not all about one rare thing.
    """
    groups = _alike(_compared(questions))
    return tuple(
        sorted(map(_group, groups), key=lambda one: (-one.people, -one.times, -one.last.timestamp(), one.question))
    )


def _alike(asked: Sequence[_Asked]) -> list[list[_Asked]]:
    """Each in the group whose first member is most like it, the frequent and the wordy first."""
    groups: list[list[_Asked]] = []
    holding: defaultdict[str, list[int]] = defaultdict(list)  # for each term the groups whose first member has it
    for one in sorted(asked, key=lambda one: (-len(one.questions), -len(one.vector), one.text)):
        near = {place for term in _telling(one.vector) for place in holding[term]}
        scores = {place: _likeness(one, groups[place][0]) for place in near}
        best = max(near, key=lambda place: (scores[place], -place), default=None)
        if best is not None and scores[best] >= ALIKE:
            groups[best].append(one)
            continue
        for term in one.vector:
            holding[term].append(len(groups))
        groups.append([one])
    return groups


def _telling(vector: Mapping[str, float]) -> Iterator[str]:
    """The rarest terms: who shares none of them cannot be alike, for the rest is too short."""
    left = 1.0
    for term, weight in vector.items():
        if left < ALIKE**2:
            return
        yield term
        left -= weight**2


def _likeness(one: _Asked, other: _Asked) -> float:
    for mine, theirs in ((one.wanted, other.wanted), (one.numbers, other.numbers)):
        if mine and theirs and not mine & theirs:
            return 0.0
    return sum(weight * other.vector.get(term, 0.0) for term, weight in one.vector.items())


def _group(members: Sequence[_Asked]) -> Group:
    middle: defaultdict[str, float] = defaultdict(float)
    for one in members:
        for term, weight in one.vector.items():
            middle[term] += len(one.questions) * weight

    nearness = {one.text: sum(weight * middle[term] for term, weight in one.vector.items()) for one in members}
    typical = [one for one in members if nearness[one.text] >= _TYPICAL * max(nearness.values())]
    questions = [question for one in members for question in one.questions]
    times = [question.asked_at for question in questions]
    return Group(
        question=min(typical, key=_oddness).text,
        times=len(questions),
        people=len({question.person for question in questions}),
        first=min(times),
        last=max(times),
        variants=tuple(
            sorted(((one.text, len(one.questions)) for one in members), key=lambda each: (-each[1], each[0]))
        ),
    )


def _oddness(one: _Asked) -> tuple[int, int, bool, int, str]:
    """The less of it the better does a question stand for others: well typed, often put, and a whole sentence."""
    return (
        one.slips,
        -len(one.questions),
        not (one.text[:1].isupper() and one.text.endswith("?")),
        len(one.text),
        one.text,
    )


def _compared(questions: Iterable[Question]) -> list[_Asked]:
    same: defaultdict[tuple[str, ...], list[Question]] = defaultdict(list)
    for question in questions:
        said = tuple(word.term for word in words(question.question))
        same[said or (question.question,)].append(question)
    meant = _meant(Counter(word for said in same for word in set(said)))
    read = {said: _read([meant.get(word, word) for word in said]) for said in same}
    frequency = Counter(term for _, found in read.values() for term in found)
    asked = []
    for said, (wanted, found) in read.items():
        weights = {term: log(1 + len(same) / frequency[term]) for term in found}
        length = sqrt(sum(weight**2 for weight in weights.values()))
        asked.append(
            _Asked(
                questions=tuple(same[said]),
                text=min(Counter(one.question for one in same[said]).items(), key=lambda each: (-each[1], each[0]))[0],
                wanted=wanted,
                numbers=frozenset(term for term in found if term[:1].isdigit()),
                slips=sum(word in meant for word in said),
                vector={
                    term: weight / length
                    for term, weight in sorted(weights.items(), key=lambda each: (-each[1], each[0]))
                },
            )
        )
    return asked


def _read(said: Sequence[str]) -> tuple[frozenset[str], list[str]]:
    """What is asked for, and the terms of a question, each once; what is asked for is a term, too."""
    wanted, found = set(), []
    for place, word in enumerate(said):
        after_how = place > 0 and said[place - 1] == "how" and word in _HOW
        if after_how or word in _WANTED:
            wanted.add(word if after_how else _WANTED[word])
        if not (after_how or word in STOP_WORDS or word in ASKING_WORDS or word in _SPENT):
            found.append(stem(_AS.get(word, word)))
    terms = [*found, *(f"{one}?" for one in sorted(wanted))] or said  # "is it?" is like itself only
    return frozenset(wanted), list(dict.fromkeys(terms))


def _meant(frequency: Mapping[str, int]) -> dict[str, str]:
    """The mistyped words, and those that were meant: one of the questions' own, one slip away, two in a long word.

    A word is mistyped when English does not know it, and the other is English or more frequent. Two words that are one
    slip apart are the same when one letter of each is left out, or none.
    """
    from rapidfuzz.distance import OSA

    shortened: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(frequency):
        if _can_be_mistyped(word):
            for short in _shortened(word):
                shortened[short].append(word)
    meant = {}
    for word in frequency:
        if not _can_be_mistyped(word) or is_common(word) or word in STOP_WORDS:
            continue
        near = {
            other: OSA.distance(word, other)
            for short in _shortened(word)
            for other in shortened[short]
            if (is_common(other) or other in STOP_WORDS or frequency[other] > frequency[word])
            and stem(other) != stem(word)
        }
        near = {other: distance for other, distance in near.items() if distance <= (2 if len(word) >= 8 else 1)}
        if near:
            meant[word] = min(near, key=lambda other: (near[other], -frequency[other], other))
    return meant


def _can_be_mistyped(word: str) -> bool:
    return len(word) >= 4 and word.isalpha()


def _shortened(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
