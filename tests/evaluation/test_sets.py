"""A set is known by what it holds, and one that is none says what it should be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.evaluation.sets import OpenSet, SelectionSet, SentenceSet, read_set
from bot.model import OnrecordError

Write = Callable[..., Path]

CHOICE = {"question": "who?", "candidates": [{"text": "Ingrid.", "label": 1}, {"text": "Nobody.", "label": 0}]}
CUT = {"text": "It is long. It cost much.", "sentences": ["It is long.", "It cost much."]}


def test_a_folder_with_questions_is_an_open_set(openset: Path) -> None:
    known_set = read_set(openset)
    assert isinstance(known_set, OpenSet)
    assert (known_set.name, known_set.corpus, len(known_set.questions)) == ("tiny", openset / "corpus", 4)


def test_a_folder_is_named_after_itself_however_it_is_given(openset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(openset)
    assert read_set(Path()).name == "tiny"


def test_rows_with_candidates_are_a_selection_set(write: Write) -> None:
    known_set = read_set(write("choose.jsonl", CHOICE, "", CHOICE | {"document": "else"}))
    assert isinstance(known_set, SelectionSet)
    assert known_set.name == "choose"
    assert [row.right for row in known_set.rows] == [(True, False)] * 2
    assert known_set.rows[0].candidates == ("Ingrid.", "Nobody.")


def test_rows_with_sentences_are_a_set_of_sentences(write: Write) -> None:
    known_set = read_set(write("cut.jsonl", CUT))
    assert isinstance(known_set, SentenceSet)
    assert known_set.rows[0].ends == (11, 25)


def test_a_file_that_a_text_editor_marked_as_utf8_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "One.", "sentences": ["One."]}\r\n')
    assert read_set(path).name == "cut"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((CHOICE, "who?"), r"line 2, is not a row of a set: .*question and candidates"),
        (({"question": "who?"},), r"line 1, is not a row of a set"),
        (("[" * 100_000,), r"line 1, is not a row"),
        ((CHOICE, CUT), r"line 2, is not a question with candidates"),
        ((CUT, "", CHOICE), r"line 3, is not a text with its sentences"),
        ((CHOICE | {"candidates": ["Ingrid."]},), r"line 1, .*text and label \(0 or 1\)"),
        ((CHOICE | {"candidates": [{"text": "Ingrid.", "label": 2}]},), "line 1, is not a question with candidates"),
        ((CHOICE | {"candidates": [{"text": "Ingrid.", "label": "1"}]},), "line 1, is not a question with candidates"),
        ((CHOICE | {"question": None},), "line 1, is not a question with candidates"),
        ((CUT | {"sentences": ["It is short."]},), "line 1, .*stand in the text in order"),
        ((CUT | {"sentences": [1]},), "line 1, is not a text with its sentences"),
        ((), "There is nothing in .*corpus/ and questions.jsonl"),
    ],
)
def test_what_is_no_set_is_named_with_its_line(write: Write, rows: tuple[object, ...], says: str) -> None:
    path = write("bad.jsonl", *rows)
    with pytest.raises(OnrecordError, match=says) as raised:
        read_set(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_where_there_is_nothing_at_all_it_says_what_forms_there_are(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match=r"nowhere: give a folder with corpus/ and questions\.jsonl, or"):
        read_set(tmp_path / "nowhere")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(OnrecordError, match="UTF-8"):
        read_set(tmp_path / "bytes.jsonl")
