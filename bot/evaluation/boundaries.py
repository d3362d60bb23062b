"""How well a text is cut into sentences: the boundaries inside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A text, and the offsets at which its sentences end."""

    text: str
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The inner boundaries of some texts, each the number of its text and an offset in it: the true and the found."""

    true: frozenset[tuple[int, int]]
    found: frozenset[tuple[int, int]]

    @property
    def precision(self) -> float | None:
        """The share of the found that is true; None where none is found."""
        from nltk.metrics.scores import precision

        return _share(precision(self.true, self.found))

    @property
    def recall(self) -> float | None:
        """The share of the true that is found; None where there is none."""
        from nltk.metrics.scores import recall

        return _share(recall(self.true, self.found))

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two (van Rijsbergen 1979); None where one of them is."""
        from nltk.metrics.scores import f_measure

        return _share(f_measure(self.true, self.found))


def sentence_ends(text: str, sentences: Iterable[str]) -> list[int]:
    """The offsets at which sentences end in their text, in which they stand in order.

    Raises:
        ValueError: a sentence is not there.
    """
    ends: list[int] = []
    for sentence in sentences:
        ends.append(text.index(sentence, ends[-1] if ends else 0) + len(sentence))
    return ends


def boundaries(rows: Sequence[SentenceRow], ends: Callable[[str], Iterable[int]]) -> Boundaries:
    """The true boundaries of the texts, and those that `ends` finds: the offsets at which it ends sentences of a text.

    The last sentence always ends with the text, so that this boundary does not count.
    """
    inner = [len(row.text.rstrip()) for row in rows]
    return Boundaries(
        frozenset((n, end) for n, row in enumerate(rows) for end in row.ends if end != inner[n]),
        frozenset((n, end) for n, row in enumerate(rows) for end in ends(row.text) if end != inner[n]),
    )


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
