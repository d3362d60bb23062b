"""What the reader learns from: a question, some sentences, and which of them answer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.rows import read_rows
from bot.evaluation.selection import SelectionRow
from bot.evaluation.sets import SelectionSet, read_set
from bot.model import OnrecordError


@dataclass(frozen=True, slots=True)
class Group:
    """A question with sentences that are judged beside each other.

    `right` has the places of the sentences that answer, from 0; where there are none, the right reply is none. `source`
    is the data set. `taught` are a teacher's logits for the sentences, where there was a teacher.
    """

    question: str
    sentences: tuple[str, ...]
    right: frozenset[int]
    source: str
    taught: tuple[float, ...] | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The question with each of the sentences."""
        return [(self.question, sentence) for sentence in self.sentences]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Questions with the one sentence that answers, by its place among `sentences`, which stand in the order of their
    articles."""

    sentences: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]


def read_pairs(folder: Path) -> Pairs:
    """The pairs of a folder with `sentences.jsonl` and `questions.jsonl`.

    Raises:
        OnrecordError: a file cannot be read, or a line is not of its form.
    """
    try:
        sentences = read_rows(folder / "sentences.jsonl", _sentence, "sentence: it needs text")
        wanted = "question: it needs question, and sentence, the number of a line of sentences.jsonl"
        questions = read_rows(folder / "questions.jsonl", lambda row: _question(row, len(sentences)), wanted)
    except OSError as error:
        raise OnrecordError(f"Cannot read {folder}: pairs are in sentences.jsonl and questions.jsonl.") from error
    return Pairs(tuple(sentences), tuple(questions))


def read_selection(path: Path) -> list[SelectionRow]:
    """The questions of a selection set with their candidates.

    Raises:
        OnrecordError: the file is not there, or not such a set.
    """
    known = read_set(path)
    if not isinstance(known, SelectionSet):
        raise OnrecordError(f"{path} is no selection set: it needs question and candidates in each line.")
    return list(known.rows)


def _sentence(row: Any) -> str:
    match row:
        case {"text": str(text)}:
            return text
    raise ValueError("not of the form")


def _question(row: Any, sentences: int) -> tuple[str, int]:
    match row:
        case {"question": str(question), "sentence": int(place)} if 0 <= place < sentences:
            return question, place
    raise ValueError("not of the form")
