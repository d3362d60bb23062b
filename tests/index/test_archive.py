"""An archive that is open while others change it, and what can be asked of it beside its passages."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from archive_world import drop, found, put, release, run

from bot.index.anew import begin_anew, mend_place, put_in_place
from bot.index.archive import Archive, open_archive
from bot.index.catalogue import BY_HAND, known_roots
from bot.index.corpus import count_words
from bot.index.indexing import index_roots
from bot.index.places import archive_folder, catalogue_file
from bot.index.releases import Releases, ReleasesInMemory
from bot.index.writing import open_writer
from bot.model import OnrecordError, Release

NAMES = ("amber", "coral", "gold", "iron", "stone")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with an archive of five releases."""
    put(archive_folder(tmp_path), *(release(name) for name in NAMES))
    return tmp_path


def test_where_there_is_no_archive_it_is_said_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        OnrecordError, match=r"^There is no archive in .*index: make it with onrecord index and a folder\.$"
    ):
        open_archive(tmp_path)
    (tmp_path / "index").mkdir()
    with pytest.raises(OnrecordError, match="There is no archive"):
        open_archive(tmp_path)


def test_the_corpus_is_one_object_until_there_is_a_commit(data: Path) -> None:
    archive = open_archive(data)
    before = archive.corpus()
    assert archive.corpus() is before
    put(archive.folder, release("lake"))
    after = archive.corpus()
    assert after is not before and archive.corpus() is after
    assert len(after.releases) == 6
    assert [passage.release.id for passage in found(after, "lake")] == ["lake", "lake"]
    assert found(before, "lake") == []


def test_what_another_process_commits_is_taken_up(data: Path) -> None:
    archive = open_archive(data)
    archive.corpus()
    status, _, err = run("put(folder, release('lake'))\ndrop(folder, 'amber')", archive.folder)
    assert status == 0, err
    corpus = archive.corpus()
    assert list(corpus.releases.ids()) == ["coral", "gold", "iron", "lake", "stone"]
    assert found(corpus, "amber") == [] and found(corpus, "lake")


def test_a_corpus_is_asked_on_although_releases_of_it_are_gone(data: Path) -> None:
    corpus = open_archive(data).corpus()
    drop(archive_folder(data), "amber", "coral", "gold")
    assert {passage.release.id for passage in found(corpus, "port")} == {"iron", "stone"}
    assert [one.id for one in corpus.releases] == ["iron", "stone"]


def make_anew(data: Path, *names: str) -> None:
    """Another archive, of other releases, in the place of the one that is there."""
    put(begin_anew(data, {BY_HAND: None}), *(release(name, "is new") for name in names))
    put_in_place(data)


def test_an_archive_that_is_made_anew_while_it_is_open_is_taken_up(data: Path) -> None:
    archive = open_archive(data)
    before = archive.corpus()
    make_anew(data, "lake", "river")
    after = archive.corpus()
    assert list(after.releases.ids()) == ["lake", "river"]
    assert {passage.text for passage in found(after, "port")} == {"The lake port is new.", "The river port is new."}
    assert not any(path.name.startswith("index.") for path in data.iterdir())
    # Who still holds the corpus of before, in whatever thread, never finds the one in the other.
    told: list[object] = []

    def ask() -> None:
        try:
            told.extend(passage.text for passage in found(before, "port"))
        except OnrecordError as error:
            told.append(error)

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert told and not {"The lake port is new.", "The river port is new."} & {*told}


def test_an_archive_of_another_version_is_told_and_the_old_corpus_stays(data: Path) -> None:
    archive = open_archive(data)
    corpus = archive.corpus()
    make_anew(data, "lake")
    with closing(sqlite3.connect(catalogue_file(archive.folder))) as database, database:
        database.execute("UPDATE facts SET value = '0' WHERE name = 'version'")
    for _ in range(2):
        with pytest.raises(OnrecordError, match="was made by another version of Onrecord"):
            archive.corpus()
    assert len(found(corpus, "port")) == 5
    make_anew(data, "river")
    assert list(archive.corpus().releases.ids()) == ["river"]


def test_what_is_made_anew_goes_on_where_it_was_stopped_if_it_is_of_the_same_roots(data: Path) -> None:
    def begun(roots: Mapping[Path, str | None]) -> int:
        return len(Archive(begin_anew(data, roots)).corpus().releases)

    put(begin_anew(data, {BY_HAND: None}), release("lake"))
    assert begun({BY_HAND: None}) == 1
    assert begun({BY_HAND: None, data / "more": None}) == 1
    assert begun({data / "more": "{date:YYYY-MM-DD}*"}) == 0
    assert [(root.path, root.pattern) for root in Archive(data / "index.new").roots()] == [
        (data / "more", "{date:YYYY-MM-DD}*")
    ]
    catalogue_file(data / "index.new").write_bytes(b"damaged" * 999)
    assert begun({data / "more": None}) == 0
    assert len(open_archive(data).corpus().releases) == 5


def test_an_archive_is_made_anew_by_one_program_at_a_time(data: Path) -> None:
    folder = begin_anew(data, {BY_HAND: None})
    with open_writer(folder), pytest.raises(OnrecordError, match="Another onrecord writes to the archive"):
        begin_anew(data, {data: None})


def test_a_program_that_ended_while_it_put_an_archive_in_place_leaves_the_old_one(data: Path) -> None:
    archive_folder(data).rename(data / "index.old")
    mend_place(data)
    assert len(open_archive(data).corpus().releases) == 5
    mend_place(data)
    assert len(open_archive(data).corpus().releases) == 5


def test_what_is_indexed_is_known_whatever_the_version_of_the_archive(tmp_path: Path) -> None:
    assert known_roots(tmp_path) == []
    (tmp_path / "releases").mkdir()
    index_roots([tmp_path / "releases"], archive_folder(tmp_path), pattern="{date:YYYY-MM-DD}*")
    put(archive_folder(tmp_path), release("amber"))
    with closing(sqlite3.connect(catalogue_file(archive_folder(tmp_path)))) as database, database:
        database.execute("UPDATE facts SET value = '0' WHERE name = 'version'")
    assert [(root.path, root.pattern) for root in known_roots(tmp_path)] == [
        (tmp_path / "releases", "{date:YYYY-MM-DD}*")
    ]
    for file in archive_folder(tmp_path).glob("catalogue*"):
        file.write_bytes(b"damaged" * 999)
    assert known_roots(tmp_path) == []


def facts(one: Release | None) -> tuple[object, ...] | None:
    return one and (one.id, one.title, one.text, one.published, one.source, one.place, one.wire, one.url)


def test_releases_on_disk_are_a_list_like_those_in_memory(data: Path) -> None:
    others = [
        Release(
            "lake", "Ferries sail.", "Ferries", source="Port of Amber", url="https://a.example", place="X", wire="W"
        ),
        Release("river", "Ferries sail again.", "Ferries"),
    ]
    put(archive_folder(data), *others)
    memory: Releases = ReleasesInMemory(sorted([*map(release, NAMES), *others], key=lambda one: one.id))
    disk = open_archive(data).corpus().releases
    assert len(disk) == len(memory) == 7 and bool(disk)
    assert [*map(facts, disk)] == [*map(facts, memory)]
    for place in (0, 3, 6, -1, -7):
        assert facts(disk[place]) == facts(memory[place])
    for place in (7, -8):
        with pytest.raises(IndexError):
            disk[place]
    for start in (None, 0, 2, 6, 9, -3):
        for stop in (None, 0, 4, 9, -1):
            for step in (None, 1, 2, -1, -2):
                places = slice(start, stop, step)
                assert [*map(facts, disk[places])] == [*map(facts, memory[places])], places
    for name in (*NAMES, "lake", "nobody", ""):
        assert facts(disk.find(name)) == facts(memory.find(name))
        assert disk.number(name) == memory.number(name)
    assert list(disk.ids()) == list(memory.ids())
    assert disk.sources()[0] == memory.sources()[0] == "Port of Amber"
    assert {*disk.sources()} == {*memory.sources()}
    assert disk.find("amber") is disk[0]


def test_an_empty_archive_is_a_list_of_nothing(tmp_path: Path) -> None:
    with open_writer(archive_folder(tmp_path)):
        pass
    corpus = open_archive(tmp_path).corpus()
    assert (len(corpus.releases), bool(corpus.releases), list(corpus.releases), corpus.releases[:3]) == (
        0,
        False,
        [],
        [],
    )
    assert (list(corpus.words), list(corpus.index), corpus.releases.sources()) == ([], [], [])
    with pytest.raises(IndexError):
        corpus.releases[-1]


def test_words_on_disk_are_those_in_memory_the_most_frequent_first(data: Path) -> None:
    words = open_archive(data).corpus().words
    known = count_words(map(release, NAMES))
    assert {*words} == {*known} and len(words) == len(known)
    assert (words[0], words[:1]) == ("the", ["the"])
    texts = " ".join(f"{one.title} {one.text}" for one in map(release, NAMES)).lower()
    counts = [texts.replace(".", " ").replace(",", " ").split().count(word) for word in words]
    assert counts == sorted(counts, reverse=True) and counts[0] > counts[-1] >= 1
