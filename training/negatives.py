"""Wrong sentences that are hard to tell from right ones, as the project's own retrieval finds them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.selection import SelectionRow
from bot.index.memory import BM25
from bot.text.terms import bare_terms
from training.groups import Group, Pairs
from training.unanswerable import made_unanswerable

NEIGHBOURS = 3  # lines before and after that are of the same passage
APART = 60  # lines, after which it is mostly another article
BEST = 8  # of the sentences found by words, and by meaning, so many are taken for hard
WRONG = 4  # wrong sentences in a group
OF_ONE_DOCUMENT = 7  # candidates of a selection set that are judged beside each other
UNANSWERABLE = 0.2  # of the questions, so many are also asked where nothing answers

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """For each question the places of the sentences that retrieval finds, best first; the right one may be among them."""

    by_words: list[list[int]]
    by_meaning: list[list[int]]


def found_by_words(sentences: Sequence[str], questions: Iterable[str], limit: int) -> list[list[int]]:
    """The places of the best sentences for each question by BM25 over our own terms, at most `limit`."""
    index = BM25([list(bare_terms(sentence)) for sentence in sentences])
    found = []
    for question in questions:
        scores = index.get_scores(list(dict.fromkeys(bare_terms(question))))
        best = np.argpartition(-scores, min(limit, len(scores) - 1))[:limit]
        found.append([int(place) for place in best[np.argsort(-scores[best], kind="stable")] if scores[place] > 0])
    return found


def found_by_meaning(sentences: Vectors, questions: Vectors, limit: int) -> list[list[int]]:
    """The places of the nearest sentences for each question, by their vectors."""
    return [[int(place) for place in np.argsort(-(sentences @ asked), kind="stable")[:limit]] for asked in questions]


def groups_of_pairs(
    pairs: Pairs,
    found: Found,
    source: str,
    chance: Random,
    *,
    hard: bool = True,
    beside: int = WRONG,
    nothing: float = UNANSWERABLE,
) -> list[Group]:
    """A group for each question: the right sentence, and wrong ones, a neighbour and some that retrieval takes for it,
    at most `beside` together and fewer where both ways to find them found the same.

    Some questions come a second time, the share `nothing` of them, without the sentence that answers, or changed so that
    it does not: then none is right. Without `hard` the wrong sentences are any.
    """
    groups = []
    for number, (question, right) in enumerate(pairs.questions):
        near = [right + step for step in range(-NEIGHBOURS, NEIGHBOURS + 1) if step]
        near = [place for place in near if 0 <= place < len(pairs.sentences)]
        alike = [
            place for place in (*found.by_words[number][:BEST], *found.by_meaning[number][:BEST]) if place != right
        ]
        far = [place for place in alike if abs(place - right) > APART]
        wrong = [chance.choice(near), *chance.sample(far, min(1, len(far)))]
        wrong += chance.sample(alike, min(len(alike), beside))
        if not hard:
            wrong = [chance.randrange(len(pairs.sentences)) for _ in range(2 * beside)]
        wrong = [place for place in dict.fromkeys(wrong) if place != right][:beside]
        groups.append(_group(question, [right, *wrong], {right}, pairs.sentences, source, chance))
        if not hard or chance.random() > nothing:
            continue
        others = [asked for asked, _ in pairs.questions[max(0, number - 30) : number + 30]]
        changed = made_unanswerable(question, pairs.sentences[right], others, chance)
        if changed and chance.random() < 0.8:
            groups.append(_group(changed, [right, *wrong[: beside - 1]], set(), pairs.sentences, source, chance))
        else:
            groups.append(_group(question, wrong, set(), pairs.sentences, source, chance))
    return groups


def groups_of_selection(
    rows: Sequence[SelectionRow], source: str, chance: Random, *, hard: bool = True, beside: int = WRONG
) -> list[Group]:
    """Groups of a selection set: the candidates of a question as they are, and the right ones among those of others.

    A long list makes one group for each right sentence, with other wrong ones in each, `beside` of them or a few more.
    Without `hard` all wrong sentences are those of other questions, any of them.
    """
    texts = list(dict.fromkeys(text for row in rows for text in row.candidates))
    found = found_by_words(texts, [row.question for row in rows], 2 * OF_ONE_DOCUMENT)
    groups = []
    for row, places in zip(rows, found, strict=True):
        right = [text for text, good in zip(row.candidates, row.right, strict=True) if good]
        wrong = [text for text, good in zip(row.candidates, row.right, strict=True) if not good]
        own = set(row.candidates)
        others = [texts[place] for place in places if texts[place] not in own]
        if not hard:
            any_of_them = chance.sample(texts, min(len(texts), 2 * OF_ONE_DOCUMENT))
            wrong, others = [], [text for text in any_of_them if text not in own]
        for answer in right[:6]:
            if wrong:
                own_wrong = chance.sample(wrong, min(len(wrong), max(beside, OF_ONE_DOCUMENT - 1)))
                groups.append(_of_texts(row.question, [answer], own_wrong, source, chance))
            mixed = chance.sample(wrong, min(len(wrong), 1)) + others[: beside - 1]
            groups.append(_of_texts(row.question, [answer], mixed, source, chance))
        if wrong and (not right or chance.random() < UNANSWERABLE):
            own_wrong = chance.sample(wrong, min(len(wrong), beside))
            groups.append(_of_texts(row.question, [], own_wrong, source, chance))
    return groups


def _group(
    question: str, places: Sequence[int], right: set[int], sentences: Sequence[str], source: str, chance: Random
) -> Group:
    answers = [sentences[place] for place in places if place in right]
    return _of_texts(question, answers, [sentences[place] for place in places if place not in right], source, chance)


def _of_texts(question: str, right: Sequence[str], wrong: Sequence[str], source: str, chance: Random) -> Group:
    """The group in an order that tells nothing."""
    judged = [(text, True) for text in right] + [(text, False) for text in wrong]
    chance.shuffle(judged)
    places = frozenset(place for place, (_, good) in enumerate(judged) if good)
    return Group(question, tuple(text for text, _ in judged), places, source)
