"""Sets and outcomes small enough to reckon their figures by hand."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.evaluation.asking import Known, Outcome
from bot.model import Passage, Quote, Refusal, Release, Reply, Sentence

QUAY = "Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board."
TUNNEL = "The tunnel under the Oster hill closes in June. Nils Berg leads the repairs of the tunnel."
QUESTIONS: tuple[dict[str, object], ...] = (
    {"question": "who chairs the harbour board?", "answers": ["Ingrid Dahl"], "paragraph": QUAY},
    {"question": "who leads the repairs?", "answers": ["Nils Berg"], "paragraph": TUNNEL},
    {"question": "how tall is mount everest?", "answers": ["8,849 metres"], "paragraph": "It is 8,849 metres tall."},
    {"question": "who won the world cup?", "answers": [], "paragraph": None},
)
Write = Callable[..., Path]
Outcomes = Callable[..., Outcome]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes rows into a file, one JSON object a line; a row that is a text is written as it is."""

    def write(name: str, *rows: object) -> Path:
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def openset(write: Write) -> Path:
    """A folder with two paragraphs and four questions: the first two are answered, one is not there, one is nowhere."""
    write("tiny/corpus/coast.txt", f"{QUAY}\n\n{TUNNEL}\n")
    return write("tiny/questions.jsonl", *QUESTIONS).parent


@pytest.fixture
def outcome() -> Outcomes:
    """Makes the outcome of a question from whether each of its quotes is right."""

    def make(
        right: Sequence[bool], confidence: float, *, answered: bool = True, answerable: bool = True, ms: float = 1.0
    ) -> Outcome:
        text = "\n".join(f"Sentence {number}." for number, _ in enumerate(right))
        release = Release(id="made", text=text, title="Made by hand")
        quotes = []
        for number, _ in enumerate(right):
            sentence = Sentence(release, number * 12, number * 12 + 11)
            passage = Passage(release, sentence.start, sentence.end, (sentence,))
            quotes.append(Quote(release, sentence.start, sentence.end, passage, -float(number)))
        reply = Reply("who?", tuple(quotes), confidence, None if answered else Refusal.NOT_ON_RECORD)
        known = Known("who?", "who?", ("an answer",) if answerable else (), lambda _: right, None, 10)
        return Outcome(known, reply, tuple(right), ms)

    return make
