"""Slips of typing, put into questions to see what the answers bear."""

import re
from hashlib import sha256
from random import Random
from string import ascii_lowercase

_WORD = re.compile(r"[^\W\d_]{4,}")


def with_slip(question: str) -> str:
    """The question with one slip of typing in one word of four letters or more, the same one each time.

    A slip is one of the four of Damerau ("A technique for computer detection and correction of spelling errors", 1964):
    two neighbours swapped, a letter left out, one put in, one in the place of another. The first letter of the word
    stays. Word, place and kind are drawn with the SHA-256 of the question for a seed. Without a word of four letters
    the question stays as it is.
    """
    words = list(_WORD.finditer(question))
    if not words:
        return question
    random = Random(sha256(question.encode("utf-8", "surrogatepass")).digest())  # noqa: S311 -- no secret is made
    word = random.choice(words)
    return question[: word.start()] + _slipped(word[0], random) + question[word.end() :]


def _slipped(word: str, random: Random) -> str:
    place = random.randrange(1, len(word))
    before, here, after = word[:place], word[place], word[place + 1 :]
    letter = random.choice([letter for letter in ascii_lowercase if letter != here.lower()])
    slips = (
        before + after[:1] + here + after[1:],
        before + after,
        before + letter + here + after,
        before + letter + after,
    )
    return random.choice([slip for slip in slips if slip != word])
