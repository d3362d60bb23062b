"""The best sentences, read once more in their place."""

from collections.abc import Sequence
from statistics import fmean

from bot.answering import ranking
from bot.answering.features import Candidate, with_reading
from bot.answering.question import Question
from bot.index.base import Reading

BEST = 4  # sentences that are read once more
TITLE, BEFORE = 1.0, 0.5  # what the readings behind the title and behind the sentence before count; that alone counts 1


def in_place(
    question: Question, best: Sequence[tuple[Candidate, float]], learned: ranking.Model, reader: Reading
) -> list[tuple[Candidate, float]]:
    """The candidates with the first ones in a new order, once these were also read in their place; at least the
    first of them was read.

    Alone a sentence does not tell of whom it says "he". So it is read behind the title of its release, too, and behind the
    sentence before, and the mean of its logits counts.
    """
    first = [candidate for candidate, _ in best[:BEST] if candidate.features.is_read]
    placed = [(place, *behind) for place, candidate in enumerate(first) for behind in _introductions(candidate)]
    texts = [first[place].sentence.text for place, _, _ in placed]
    logits = reader.read(question.text, texts, [before for _, before, _ in placed]) if placed else []
    readings = [[(candidate.features.reading, 1.0)] for candidate in first]
    for (place, _, counts), logit in zip(placed, logits, strict=True):
        if logit is not None:
            readings[place].append((logit, counts))
    means = [fmean(*zip(*some, strict=True)) for some in readings]
    anew = ranking.ranked(list(map(with_reading, first, means)), question, learned)
    return anew + [(candidate, min(score, anew[-1][1])) for candidate, score in best[len(first) :]]


def _introductions(candidate: Candidate) -> list[tuple[str, float]]:
    """What the sentence is read behind, and how much that reading counts."""
    sentence, passage = candidate.sentence, candidate.passage
    title = sentence.release.title
    place = passage.sentences.index(sentence)
    before = [(passage.sentences[place - 1].text, BEFORE)] if place else []
    return before + ([(f"{title}:", TITLE)] if title and title != sentence.text else [])
