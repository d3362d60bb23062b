"""Open sets: a folder of texts, and questions with known answers that are put to all of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.rows import read_rows
from bot.model import OnrecordError


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question, the words that answer it, and the paragraph that holds them.

    Without a paragraph the answers are whole sentences. Without answers the corpus does not say.
    """

    question: str
    answers: tuple[str, ...]
    paragraph: str | None

    def is_answered_by(self, sentence: str) -> bool:
        """Whether a sentence is right: it lies in the paragraph and holds an answer, or is itself one."""
        quoted = _plain(sentence)
        if self.paragraph is None:
            return any(quoted == _plain(answer) for answer in self.answers)
        return quoted in _plain(self.paragraph) and any(_plain(answer) in quoted for answer in self.answers)


def read_questions(folder: Path) -> list[OpenQuestion]:
    """The questions of an open set: `questions.jsonl` beside its `corpus` folder.

    Raises `OnrecordError` where the file is not there or a line is not of the form.
    """
    path = folder / "questions.jsonl"
    try:
        return read_rows(path, _question, "question: it needs question, answers (a list) and paragraph (text or null)")
    except OSError as error:
        raise OnrecordError(f"Cannot read {path}: an open set has questions.jsonl beside its corpus folder.") from error


def _question(row: Any) -> OpenQuestion:
    match row:
        case {"question": str(question), "answers": list(answers), "paragraph": None | str() as paragraph}:
            if all(isinstance(answer, str) for answer in answers):
                return OpenQuestion(question, tuple(answers), paragraph)
    raise ValueError("not of the form")


def _plain(text: str) -> str:
    return " ".join(text.split())
