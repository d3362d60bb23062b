"""What is given out can be read by a spreadsheet, by a program, and by `onrecord eval`."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_world import ANNA, BERT, NOON, QUOTE, answered, unanswered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.exporting import export_csv, export_json, export_votes
from bot.desk.log import QuestionLog, open_log
from bot.evaluation.command import evaluate
from bot.evaluation.sets import OpenSet, read_set
from bot.index.releases import ReleasesInMemory
from bot.model import OnrecordError, Release
from bot.reading.files import read_corpus, read_release

CHAIR, DEPUTY = QUOTE, "Her deputy is Nils Berg; he leads the repairs_of_the_tunnel, too."
LIST = "The harbour has:\n\n- three quays\n- *two* ferries, <b>old</b> ones"


@pytest.fixture
def log(url: str | None, tmp_path: Path) -> Iterator[QuestionLog]:
    log = open_log(tmp_path / "data", 90_000, url)
    yield log
    log.close()


@pytest.fixture
def quay() -> Release:
    raw = (
        f"---\nid: quay\ntitle: Norrvik opens a third quay\npublished: 2026-03-03\n---\n\n{CHAIR} {DEPUTY}\n\n{LIST}\n"
    )
    return read_release(raw.encode(), "quay.txt")[0]


def voted(log: QuestionLog, question: str, quote: str, *votes: bool, release: str = "quay") -> None:
    number = log.note(answered(question, quote=quote, release=release))
    for place, up in enumerate(votes):
        log.vote(number, f"{place:032}", up, release, quote)


def rows(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]


# CSV and JSON.


def test_csv_is_what_a_spreadsheet_reads(log: QuestionLog, tmp_path: Path) -> None:
    number = log.note(answered('Who "chairs", é?', asked_at=NOON))
    log.vote(number, ANNA, True, "quay", QUOTE)
    log.vote(number, BERT, False, "quay", QUOTE)
    log.note(unanswered(asked_at=NOON))
    path = tmp_path / "log.csv"
    assert export_csv(path, log) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,asked_at,")
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = {row["question"]: row for row in csv.DictReader(file)}
    assert read['Who "chairs", é?'] == {
        "id": str(number),
        "asked_at": "2026-03-10T12:00:00Z",
        "person": ANNA,
        "way": "telegram",
        "language": "en",
        "question": 'Who "chairs", é?',
        "answered": "1",
        "confidence": "0.9",
        "release": "quay",
        "title": "Norrvik opens a third quay",
        "quote": QUOTE,
        "up": "1",
        "down": "1",
    }
    assert (read["Are dogs allowed?"]["answered"], read["Are dogs allowed?"]["quote"]) == ("0", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "=cmd|' /C calc'!A0", "-2+3"])
def test_no_cell_is_a_formula(log: QuestionLog, tmp_path: Path, start: str) -> None:
    log.note(answered(f"{start}1", title=f"{start}2", quote=f"{start}3"))
    path = tmp_path / "log.csv"
    export_csv(path, log)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert [row[column] for column in ("question", "title", "quote")] == [f"'{start}{n}" for n in (1, 2, 3)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1), max_size=3))
def test_any_log_is_read_back_from_both(log: QuestionLog, tmp_path: Path, texts: list[str]) -> None:
    log.forget(ANNA)
    for text in texts:
        log.note(answered(text, quote=text))
    assert export_csv(tmp_path / "log.csv", log) == export_json(tmp_path / "log.json", log) == len(texts)
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        in_csv = [row["question"] for row in csv.DictReader(file)]
    in_json = [row["question"] for row in json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))]
    assert len(in_csv) == len(in_json) == len(texts)
    assert all(cell in (text, f"'{text}") for cell, text in zip(in_csv, in_json, strict=True))


def test_json_has_the_votes_with_their_questions(log: QuestionLog, tmp_path: Path) -> None:
    first = log.note(answered(asked_at=NOON))
    log.note(unanswered(asked_at=NOON))
    log.vote(first, BERT, False, "tunnel", "Another.")
    assert export_json(tmp_path / "log.json", log) == 2
    read = {row["id"]: row for row in json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))}
    (vote,) = read[first].pop("votes")
    assert vote.pop("voted_at").endswith("Z")
    assert vote == {"person": BERT, "up": False, "release": "tunnel", "quote": "Another."}
    assert read[first]["asked_at"] == "2026-03-10T12:00:00Z"
    assert [row["votes"] for row in read.values() if row["id"] != first] == [[]]


@pytest.mark.parametrize(("export", "name"), [(export_csv, "log.csv"), (export_json, "log.json")])
def test_a_file_is_written_over_itself_and_over_nothing_else(
    log: QuestionLog, tmp_path: Path, export: Callable[[Path, QuestionLog], int], name: str
) -> None:
    path = tmp_path / name
    for count in range(3):
        assert export(path, log) == count
        log.note(unanswered())
    assert [one.name for one in tmp_path.iterdir() if one.name != "data"] == [name]
    path.write_text("mine")
    with pytest.raises(OnrecordError, match="is there already and is something else"):
        export(path, log)
    assert path.read_text() == "mine"
    with pytest.raises(OnrecordError, match="is a folder"):
        export(tmp_path, log)


# Votes.


def test_onrecord_eval_reads_the_votes_and_measures_them(
    log: QuestionLog, tmp_path: Path, quay: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    voted(log, "Who chairs the harbour board?", CHAIR, True, True)
    voted(log, "Who is the deputy of Ingrid Dahl?", DEPUTY, True)
    folder = tmp_path / "votes"
    assert export_votes(folder, log, ReleasesInMemory([quay])) == 2
    known = read_set(folder)
    assert isinstance(known, OpenSet)
    assert {one.question: one.answers for one in known.questions} == {
        "Who chairs the harbour board?": (CHAIR,),
        "Who is the deputy of Ingrid Dahl?": (DEPUTY,),
    }
    evaluate([folder], tmp_path / "data", "off", as_json=True)
    figures = json.loads(capsys.readouterr().out)
    assert (figures["set"], figures["n"], figures["r5"]) == ("votes", 2, 1.0)


def test_the_release_is_copied_as_it_is_now(log: QuestionLog, tmp_path: Path, quay: Release) -> None:
    voted(log, "Who chairs?", CHAIR, True)
    export_votes(tmp_path / "votes", log, ReleasesInMemory([quay, Release("tunnel", "Not quoted.", "The tunnel")]))
    (copy,) = read_corpus([tmp_path / "votes" / "corpus"]).releases
    assert (copy.id, copy.text, copy.title, copy.published) == (quay.id, quay.text, quay.title, quay.published)


def test_only_sentences_with_more_votes_for_than_against_are_right(
    log: QuestionLog, tmp_path: Path, quay: Release
) -> None:
    voted(log, "Who chairs?", CHAIR, True, True, False)
    voted(log, "who chairs?", DEPUTY, True)
    voted(log, "Who is tied?", CHAIR, True, False)
    voted(log, "Who is wrong?", CHAIR, True, False, False)
    voted(log, "Who is changed?", "A sentence that is there no more.", True)
    voted(log, "Who is gone?", "Whatever it said.", True, release="gone")
    voted(log, "Who is not voted on?", CHAIR)
    assert export_votes(tmp_path / "votes", log, ReleasesInMemory([quay])) == 1
    (row,) = rows(tmp_path / "votes")
    assert row == {"question": "Who chairs?", "answers": [CHAIR, DEPUTY], "paragraph": None}


def test_without_votes_there_is_no_set(log: QuestionLog, tmp_path: Path, quay: Release) -> None:
    voted(log, "Who is wrong?", CHAIR, False)
    with pytest.raises(OnrecordError, match="There are no votes to export"):
        export_votes(tmp_path / "votes", log, ReleasesInMemory([quay]))
    assert not (tmp_path / "votes").exists()


@pytest.mark.parametrize("name", ["../../escaped", "README", "CON", "..", "", "a/b", "é"])
def test_the_id_of_a_release_is_no_path(log: QuestionLog, tmp_path: Path, name: str) -> None:
    voted(log, "Who chairs?", CHAIR, True, release=name)
    assert export_votes(tmp_path / "votes", log, ReleasesInMemory([Release(name, CHAIR, "A quay")])) == 1
    assert {path.name for path in tmp_path.iterdir()} - {"data"} == {"votes"}
    assert len(read_corpus([tmp_path / "votes" / "corpus"]).releases) == 1


def test_a_folder_is_written_over_itself_and_over_nothing_else(log: QuestionLog, tmp_path: Path, quay: Release) -> None:
    voted(log, "Who chairs?", CHAIR, True)
    folder = tmp_path / "votes"
    folder.mkdir()
    for _ in range(2):
        assert export_votes(folder, log, ReleasesInMemory([quay])) == 1
    assert {path.name for path in tmp_path.iterdir()} - {"data"} == {"votes"}
    (folder / "README.md").write_text("mine")
    with pytest.raises(OnrecordError, match="holds something else"):
        export_votes(folder, log, ReleasesInMemory([quay]))
    (folder / "README.md").unlink()
    with pytest.raises(OnrecordError, match="holds something else"):
        export_votes(folder, log, ReleasesInMemory([quay]))
    with pytest.raises(OnrecordError, match="is a file"):
        export_votes(folder / "questions.jsonl", log, ReleasesInMemory([quay]))
    with pytest.raises(OnrecordError, match="There is no folder"):
        export_votes(tmp_path / "nowhere" / "votes", log, ReleasesInMemory([quay]))
