"""An archive that is asked while other programs change it: what is committed is asked, and nothing is ever lost."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.answering.answerer import answer
from bot.answering.encoder import Understanding
from bot.answering.meaning import EncodedCorpus, Vectors
from bot.desk.archived import ArchivedReleases
from bot.desk.live_archive import LiveArchive, open_live_archive
from bot.index.archive import open_archive
from bot.index.catalogue import connect
from bot.index.indexing import index_roots
from bot.index.places import archive_folder, catalogue_file, commit_file
from bot.model import OnrecordError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "quay.md").write_text("# A third quay\n\nThe quay of Norrvik cost 12 million euros.\n")
    return folder


@pytest.fixture
def data(folder: Path, tmp_path: Path) -> Path:
    index(tmp_path / "data", folder)
    return tmp_path / "data"


@pytest.fixture
def live(folder: Path, data: Path) -> LiveArchive:
    return open_live_archive(data, [folder], "off")


def index(data: Path, *roots: Path) -> None:
    index_roots(roots, archive_folder(data), cores=1)


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"# Another release\n\n{text}\n")


def best(live: LiveArchive, question: str) -> str:
    return answer(question, live()).quotes[0].text


def test_the_same_corpus_is_asked_until_there_is_a_commit(live: LiveArchive, folder: Path, data: Path) -> None:
    before = live()
    assert live() is before
    write(folder, "ferry.md", "Ferries sail to Gotland every Friday.")
    index(data, folder)
    assert live() is not before
    assert best(live, "where do the ferries sail?") == "Ferries sail to Gotland every Friday."


def test_what_another_process_indexes_is_asked_by_one_that_runs(live: LiveArchive, folder: Path, data: Path) -> None:
    assert len(live().releases) == 1
    write(folder, "ferry.md", "Ferries sail to Gotland every Friday.")
    command = [sys.executable, "-m", "bot", "index", "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert best(live, "where do the ferries sail?") == "Ferries sail to Gotland every Friday."


def test_while_it_is_of_another_version_the_last_corpus_is_asked_and_that_is_told_once(
    live: LiveArchive, data: Path
) -> None:
    told: list[str] = []
    live.follow(told.append)
    before = live()
    made_by(data, "of tomorrow")
    assert [live() for _ in range(3)] == [before] * 3
    (sentence,) = told
    assert "by another version of Onrecord" in sentence
    assert sentence.endswith("; until then the releases stay as they were.")
    assert live.warnings == (sentence,)
    assert best(live, "what did the quay cost?") == "The quay of Norrvik cost 12 million euros."


def test_when_it_is_good_again_it_is_asked_again(live: LiveArchive, folder: Path, data: Path) -> None:
    told: list[str] = []
    live.follow(told.append)
    made_by(data, "of tomorrow")
    live.reload()
    shutil.rmtree(archive_folder(data))
    assert live().releases is not None
    write(folder, "ferry.md", "Ferries sail to Gotland every Friday.")
    index(data, folder)
    assert best(live, "where do the ferries sail?") == "Ferries sail to Gotland every Friday."
    assert live.warnings == ()
    made_by(data, "of tomorrow")
    live.reload()
    assert len(told) == 2, "what is wrong once more is told once more"


def test_after_it_is_closed_nobody_is_told_and_it_can_be_asked(live: LiveArchive, data: Path) -> None:
    told: list[str] = []
    live.follow(told.append)
    live.close()
    made_by(data, "of tomorrow")
    assert best(live, "what did the quay cost?") == "The quay of Norrvik cost 12 million euros."
    assert told == []


def test_the_office_holds_what_is_there_now(live: LiveArchive, folder: Path, data: Path) -> None:
    write(folder, "ferry.md", "Ferries sail to Gotland every Friday.")
    index(data, folder)
    assert [one.id for one in live.holdings().listed()] == ["ferry", "quay"]


def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path, data: Path) -> None:
    with pytest.raises(OnrecordError, match="There is no archive in"):
        open_live_archive(tmp_path / "nowhere", [], "off")
    with pytest.raises(OnrecordError, match="There is no folder"):
        open_live_archive(data, [], str(tmp_path / "no encoder"))


class CountingEncoder:
    """Encodes a text by its letters, and counts how many texts it was given."""

    name = "counting"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], *, asked: bool = False) -> Vectors:
        self.encoded += texts
        rows = np.array([[text.count(letter) + 1 for letter in "aeiou"] for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


def test_only_what_is_about_to_be_ranked_is_encoded_and_remembered_after_a_commit(folder: Path, data: Path) -> None:
    for number in range(30):
        write(folder, f"other{number}.md", f"Nothing at all was said here on item {number}.")
    index(data, folder)
    encoder = CountingEncoder()
    archive = open_archive(data)
    live = LiveArchive(archive, lambda: ArchivedReleases(archive, [folder]), data, [folder], Understanding(encoder))
    assert encoder.encoded == [], "to open it, nothing is encoded"
    meaning = live().meaning
    assert isinstance(meaning, EncodedCorpus)
    assert (meaning.rows, meaning.vectors) == ({}, None)
    quay = "The quay of Norrvik cost 12 million euros."
    assert best(live, "what did the quay cost?") == quay
    assert quay in encoder.encoded
    assert not any("item 7" in text for text in encoder.encoded)
    write(folder, "ferry.md", "Ferries sail to Gotland every Friday.")
    index(data, folder)
    encoder.encoded.clear()
    assert best(live, "what did the quay cost?") == quay
    assert encoder.encoded == ["what did the quay cost?"]


class CountingReader:
    """Finds that a sentence answers by its letters, and keeps what it was given to read."""

    def __init__(self) -> None:
        self.read_: list[str] = []

    def read(self, question: str, sentences: Sequence[str], before: Sequence[str] = ()) -> list[float | None]:
        self.read_ += sentences
        return [float(sentence.count("Q") + sentence.count("q")) for sentence in sentences]


def test_where_there_is_a_reader_an_english_question_waits_for_no_encoder(folder: Path, data: Path) -> None:
    encoder, reader = CountingEncoder(), CountingReader()
    archive = open_archive(data)
    understanding = Understanding(encoder, reader=reader)
    live = LiveArchive(archive, lambda: ArchivedReleases(archive, [folder]), data, [folder], understanding)
    quay = "The quay of Norrvik cost 12 million euros."
    assert best(live, "what did the quay cost?") == quay
    assert quay in reader.read_
    assert encoder.encoded == []
    reader.read_.clear()
    best(live, "¿cuánto costó el muelle de Norrvik?")
    assert reader.read_ == [], "it reads English only"
    assert quay in encoder.encoded
    write(folder, "ferry.md", "Ferries sail to Gotland every Friday.")
    index(data, folder)
    best(live, "when do ferries sail?")
    assert "Ferries sail to Gotland every Friday." in reader.read_, "it goes on reading after a commit"


def made_by(data: Path, version: str) -> None:
    """Another archive is put in the place of this one, by a program of another version."""
    folder = archive_folder(data)
    aside = folder.with_name("aside")
    shutil.copytree(folder, aside)
    database = connect(catalogue_file(aside))
    database.execute("UPDATE facts SET value = ? WHERE name = 'version'", (version,))
    database.close()
    shutil.rmtree(folder)
    aside.rename(folder)
    commit_file(folder).touch()
