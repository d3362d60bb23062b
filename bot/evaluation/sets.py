"""Sets with known answers, in three forms that are told apart by what they hold."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.boundaries import SentenceRow, sentence_ends
from bot.evaluation.opensets import OpenQuestion, read_questions
from bot.evaluation.rows import read_rows
from bot.evaluation.selection import SelectionRow
from bot.model import OnrecordError

FORMS = (
    "give a folder with corpus/ and questions.jsonl, or a .jsonl file whose rows have question and candidates, "
    "or text and sentences"
)


@dataclass(frozen=True, slots=True)
class OpenSet:
    """Questions that are put to all the releases of a folder."""

    name: str
    corpus: Path
    questions: tuple[OpenQuestion, ...]


@dataclass(frozen=True, slots=True)
class SelectionSet:
    """Questions with candidates that are to be put in order."""

    name: str
    rows: tuple[SelectionRow, ...]


@dataclass(frozen=True, slots=True)
class SentenceSet:
    """Texts that are to be cut into sentences."""

    name: str
    rows: tuple[SentenceRow, ...]


KnownSet = OpenSet | SelectionSet | SentenceSet


def read_set(path: Path) -> KnownSet:
    """The set at a path, of the form that its content has.

    Raises:
        OnrecordError: there is no set; the sentence names the file, the line where there is one, and the form wanted.
    """
    if path.is_dir():
        return OpenSet(path.resolve().name, path / "corpus", tuple(read_questions(path)))
    try:
        forms = read_rows(path, _form, f"row of a set: {FORMS}")
        if not forms:
            raise OnrecordError(f"There is nothing in {path}: {FORMS}.")
        if forms[0] is SelectionSet:
            wanted = "question with candidates: it needs question and candidates, each with text and label (0 or 1)"
            return SelectionSet(path.stem, tuple(read_rows(path, _selection, wanted)))
        wanted = "text with its sentences: it needs text and sentences (a list), which stand in the text in order"
        return SentenceSet(path.stem, tuple(read_rows(path, _sentences, wanted)))
    except OSError as error:
        raise OnrecordError(f"Cannot read {path}: {FORMS}.") from error


def _form(row: Any) -> type[SelectionSet] | type[SentenceSet]:
    match row:
        case {"question": _, "candidates": _}:
            return SelectionSet
        case {"text": _, "sentences": _}:
            return SentenceSet
    raise ValueError("of no form")


def _selection(row: Any) -> SelectionRow:
    match row:
        case {"question": str(question), "candidates": list(candidates)}:
            texts, right = [], []
            for candidate in candidates:
                match candidate:
                    case {"text": str(text), "label": 0 | 1 as label}:
                        texts.append(text)
                        right.append(bool(label))
                    case _:
                        raise ValueError("not a candidate")
            return SelectionRow(question, tuple(texts), tuple(right))
    raise ValueError("not of the form")


def _sentences(row: Any) -> SentenceRow:
    match row:
        case {"text": str(text), "sentences": list(sentences)} if all(isinstance(one, str) for one in sentences):
            return SentenceRow(text, tuple(sentence_ends(text, sentences)))
    raise ValueError("not of the form")
