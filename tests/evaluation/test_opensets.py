"""Open sets are read as they are documented, and what is not one is said to be none."""

from pathlib import Path

import pytest

from bot.evaluation.opensets import OpenQuestion, read_questions
from bot.model import OnrecordError

PARAGRAPH = "The quay cost 12 million euros.  It took\nthree weeks. It is long."
IN_PARAGRAPH = OpenQuestion("how long did it take?", ("three weeks", "weeks"), PARAGRAPH)
WHOLE = OpenQuestion("how long did it take?", ("It took three weeks.",), None)


def write(folder: Path, *lines: str) -> Path:
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_line_is_a_question(tmp_path: Path) -> None:
    write(
        tmp_path,
        '{"question": "who?", "answers": ["Ingrid Dahl"], "paragraph": "Ingrid\u2028Dahl chairs."}',
        "",
        '{"question": "how tall?", "answers": [], "paragraph": null, "else": 1}',
    )
    assert read_questions(tmp_path) == [
        OpenQuestion("who?", ("Ingrid Dahl",), "Ingrid\u2028Dahl chairs."),
        OpenQuestion("how tall?", (), None),
    ]


@pytest.mark.parametrize("sentence", ["It took\nthree weeks.", "It took three  weeks."])
def test_a_sentence_of_the_paragraph_that_holds_an_answer_is_right(sentence: str) -> None:
    assert IN_PARAGRAPH.is_answered_by(sentence)
    assert WHOLE.is_answered_by(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["The quay cost 12 million euros.", "Another job took three weeks.", "It is long.", "It took Three Weeks."],
)
def test_any_other_sentence_is_not(sentence: str) -> None:
    assert not IN_PARAGRAPH.is_answered_by(sentence)
    assert not WHOLE.is_answered_by(sentence)


def test_what_has_no_answer_is_answered_by_nothing() -> None:
    assert not OpenQuestion("how tall?", (), None).is_answered_by("It is long.")


@pytest.mark.parametrize(
    "line",
    [
        "who?",
        "[]",
        "null",
        "{}",
        '{"question": "who?", "answers": "Ingrid", "paragraph": null}',
        '{"question": "who?", "answers": [1], "paragraph": null}',
        '{"question": 1, "answers": [], "paragraph": null}',
        '{"question": "who?", "answers": [], "paragraph": 1}',
        '{"question": "who?", "answers": []}',
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    write(tmp_path, '{"question": "who?", "answers": [], "paragraph": null}', line)
    with pytest.raises(OnrecordError, match="line 2, is not a question"):
        read_questions(tmp_path)


def test_no_open_set(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(OnrecordError, match=r"questions\.jsonl beside its corpus folder"):
            read_questions(folder)
    (tmp_path / "questions.jsonl").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(OnrecordError, match="UTF-8"):
        read_questions(tmp_path)
