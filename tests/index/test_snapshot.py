"""A corpus that has not changed is not read again, and nobody can tell the difference."""

import json
import os
from pathlib import Path

import pytest

from bot.answering.answerer import answer
from bot.chat.as_json import reply_as_line
from bot.index import snapshot
from bot.index.corpus import Corpus
from bot.index.snapshot import open_corpus
from bot.model import OnrecordError
from bot.reading import files

HARBOUR = """---
title: Norrvik opens a third quay
published: 2024-05-14
source: Port of Norrvik
place: Norrvik
url: https://example.org/quay
---
Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board. It cost 12 million euros.

## About the port

The Port of Norrvik is a port.
"""
QUESTIONS = (
    "who chairs the harbour board?",
    "what did it cost?",
    "who chiars it?",
    "how tall is mount everest?",
    "port",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of one release, and a file that cannot be read."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "quay.md").write_text(HARBOUR, encoding="utf-8")
    (folder / "empty.txt").touch()
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def stored(data: Path) -> Path:
    """The one snapshot in a data folder."""
    (path,) = (data / "snapshots").iterdir()
    return path


def replies(corpus: Corpus) -> list[str]:
    return [reply_as_line(answer(question, corpus), explain=True) for question in QUESTIONS]


def ids(corpus: Corpus) -> list[str]:
    return [release.id for release in corpus.releases]


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, reading a file of releases is an error."""

    def refuse(*_: object) -> None:
        raise AssertionError("the corpus was read again")

    monkeypatch.setattr(files, "read_corpus", refuse)


def test_an_unchanged_corpus_opens_from_the_snapshot_and_replies_the_same(
    folder: Path, data: Path, request: pytest.FixtureRequest
) -> None:
    first, warnings = open_corpus([folder], data)
    request.getfixturevalue("unread")
    second, kept_warnings = open_corpus([folder], data)
    assert replies(second) == replies(first)
    assert second.words == first.words != ()
    assert len(second.index) == len(first.index)
    assert kept_warnings == warnings
    assert [warning for warning in warnings if "empty.txt" in warning]
    fields = ("id", "text", "title", "published", "source", "place", "wire", "url")
    for old, new in zip(first.releases, second.releases, strict=True):
        assert [getattr(new, field) for field in fields] == [getattr(old, field) for field in fields]


def test_a_quote_from_a_snapshot_belongs_to_the_release_of_its_corpus(folder: Path, data: Path) -> None:
    open_corpus([folder], data)
    corpus, _ = open_corpus([folder], data)
    for quote in answer(QUESTIONS[0], corpus).quotes:
        assert quote.release is quote.passage.release is corpus.releases[0]


def test_a_file_that_is_changed_added_or_removed_is_seen(folder: Path, data: Path) -> None:
    open_corpus([folder], data)
    (folder / "quay.md").write_text("Nils Berg chairs the harbour board.", encoding="utf-8")
    changed, _ = open_corpus([folder], data)
    assert answer(QUESTIONS[0], changed).quotes[0].text == "Nils Berg chairs the harbour board."
    (folder / "tunnel.txt").write_text("The tunnel is closed.", encoding="utf-8")
    assert ids(open_corpus([folder], data)[0]) == ["quay", "tunnel"]
    (folder / "quay.md").unlink()
    removed, warnings = open_corpus([folder], data)
    assert ids(removed) == ["tunnel"]
    (folder / "empty.txt").unlink()
    assert open_corpus([folder], data)[1] == () != warnings
    assert len(list((data / "snapshots").iterdir())) == 1


def test_a_change_that_keeps_the_size_is_seen(folder: Path, data: Path) -> None:
    path = folder / "quay.md"
    open_corpus([folder], data)
    path.write_text(HARBOUR.replace("Ingrid Dahl", "Ingrid Holm"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert "Ingrid Holm" in answer(QUESTIONS[0], open_corpus([folder], data)[0]).quotes[0].text


def test_another_version_of_the_program_reads_anew(
    folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    open_corpus([folder], data)
    monkeypatch.setattr(snapshot, "_program_signature", lambda: "another")
    request.getfixturevalue("unread")
    with pytest.raises(AssertionError, match="read again"):
        open_corpus([folder], data)


def test_each_choice_of_folders_has_a_snapshot_of_its_own(folder: Path, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "tunnel.txt").write_text("The tunnel is closed.", encoding="utf-8")
    assert ids(open_corpus([folder], data)[0]) == ["quay"]
    assert ids(open_corpus([other], data)[0]) == ["tunnel"]
    assert ids(open_corpus([folder, other], data)[0]) == ["quay", "tunnel"]
    assert ids(open_corpus([folder], data)[0]) == ["quay"]
    assert len(list((data / "snapshots").iterdir())) == 3


def test_a_damaged_snapshot_is_as_if_there_were_none(folder: Path, data: Path) -> None:
    corpus, warnings = open_corpus([folder], data)
    expected = replies(corpus)
    whole = stored(data).read_bytes()
    first, second = (json.loads(line) for line in whole.splitlines())
    damaged = [
        b"",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        whole[: len(whole) // 2],
        whole.splitlines()[0],
        whole.splitlines()[0] + b"\n{}\n",
        whole + whole.splitlines()[1],
        json.dumps({"signature": first["signature"]}).encode(),
        f"{json.dumps(first)}\n{json.dumps('quay')}".encode(),
        f"{json.dumps(first)}\n{json.dumps({'id': 'quay', 'passages': []})}".encode(),
        f"{json.dumps(first)}\n{json.dumps(second | {'passages': None})}".encode(),
        f"{json.dumps(first | {'words': None})}\n{json.dumps(second)}".encode(),
    ]
    for content in damaged:
        stored(data).write_bytes(content)
        again, kept = open_corpus([folder], data)
        assert (replies(again), kept) == (expected, warnings)
        assert stored(data).read_bytes() == whole


def test_a_data_folder_that_cannot_be_written_is_no_obstacle(folder: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    for data in (in_the_way, in_the_way / "below", Path("/proc/nowhere")):
        corpus, warnings = open_corpus([folder], data)
        assert ids(corpus) == ["quay"]
        assert len(warnings) == 1


def test_a_snapshot_is_for_its_owner_only_and_leaves_nothing_aside(folder: Path, data: Path) -> None:
    open_corpus([folder], data)
    assert stored(data).stat().st_mode & 0o077 == 0
    assert stored(data).parent.stat().st_mode & 0o077 == 0


def test_no_such_folder_is_said_also_after_it_was_there(folder: Path, data: Path) -> None:
    open_corpus([folder], data)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with pytest.raises(OnrecordError, match="There is no folder"):
        open_corpus([folder], data)


def test_a_folder_that_links_to_itself_is_no_folder(tmp_path: Path, data: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OnrecordError, match="There is no folder"):
        open_corpus([tmp_path / "loop"], data)
