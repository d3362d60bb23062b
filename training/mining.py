"""Hard wrong sentences for the pairs, found once and kept."""

from pathlib import Path

from training.groups import Pairs
from training.keeping import digest, kept
from training.negatives import Found, found_by_meaning, found_by_words
from training.telling import Told, counted

LIMIT = 12  # places a question


def mined(pairs: Pairs, start: Path, work: Path, device: str, told: Told) -> Found:
    """What retrieval finds for the questions of the pairs: by words, and by the vectors of the bi-encoder `start`.

    Both are kept below `work`, by names that stand for the pairs.
    """
    asked = [question for question, _ in pairs.questions]
    name = digest([pairs.sentences, asked, LIMIT])

    def by_words() -> list[list[int]]:
        return found_by_words(pairs.sentences, counted(asked, "questions looked up by their words", told), LIMIT)

    def by_meaning() -> list[list[int]]:
        from training.network import vectors

        told(f"looks up {len(asked):,} questions by their meaning")
        sentences = vectors(start, pairs.sentences, device, told)
        return found_by_meaning(sentences, vectors(start, asked, device, told), LIMIT)

    return Found(
        kept(work / f"found-by-words-{name}.json", by_words), kept(work / f"found-by-meaning-{name}.json", by_meaning)
    )
