"""From folders, archives of files and single files to an archive on disk, again and again, as they change."""

import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archive_world import age, ids, state, text, write

from bot.index import indexing
from bot.index.archive import Archive
from bot.index.indexing import Indexed, index_file, index_roots
from bot.model import OnrecordError, Release
from bot.reading import archives

PATTERN = "{source}/{date:DDMonYYYY}*.txt"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The folder of an archive that is not there yet."""
    return tmp_path / "data" / "index"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three releases in two folders."""
    folder = tmp_path / "releases"
    write(folder / "amber.txt", "amber")
    write(folder / "north" / "coral.md", "coral")
    write(folder / "north" / "stone.txt", "stone")
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the files that are read, one after another."""
    names: list[str] = []
    read = archives._read

    def reading(path: Path) -> bytes:
        names.append(path.name)
        return read(path)

    monkeypatch.setattr(archives, "_read", reading)
    yield names


def with_id(release_id: str) -> str:
    return f"---\nid: {release_id}\n---\n"


def release(archive: Path, release_id: str) -> Release:
    found = Archive(archive).corpus().releases.find(release_id)
    assert found is not None, ids(archive)
    return found


def counts(done: Indexed) -> dict[str, int]:
    """What was done, without what was not."""
    told = {name: getattr(done.counts, name) for name in ("added", "changed", "removed", "unchanged", "skipped")}
    return {name: count for name, count in told.items() if count}


def as_tar(folder: Path, path: Path) -> Path:
    with tarfile.open(path, "w:xz") as tar:
        for file in sorted(folder.rglob("*.*")):
            tar.add(file, file.relative_to(folder).as_posix())
    age(path)
    return path


def as_zip(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for file in sorted(folder.rglob("*.*")):
            packed.write(file, file.relative_to(folder).as_posix())
    age(path)
    return path


@pytest.mark.parametrize("packed", [as_tar, as_zip, None], ids=["tar", "zip", "folder"])
def test_a_folder_and_an_archive_of_its_files_are_indexed_alike_and_then_not_read_again(
    folder: Path, archive: Path, tmp_path: Path, packed: Callable[[Path, Path], Path] | None, reads: list[str]
) -> None:
    root = packed(folder, tmp_path / "packed") if packed else folder
    told: list[float] = []
    done = index_roots([root], archive, told=lambda _, share, __: told.append(share))
    assert counts(done) == {"added": 3} and done.whole and not done.warnings
    assert ids(archive) == ["amber", "coral", "stone"]
    assert release(archive, "coral").text == text("coral")
    assert told[-1] == 1.0
    reads.clear()
    done = index_roots([root], archive)
    assert counts(done) == {"unchanged": 3} and done.whole
    assert reads == []


def test_a_single_file_is_indexed(folder: Path, archive: Path) -> None:
    assert counts(index_roots([folder / "amber.txt"], archive)) == {"added": 1}
    assert ids(archive) == ["amber"]
    assert counts(index_roots([folder / "amber.txt"], archive)) == {"unchanged": 1}
    write(folder / "amber.txt", "amber", "is closed")
    assert counts(index_roots([folder / "amber.txt"], archive)) == {"changed": 1}
    assert release(archive, "amber").text == text("amber", "is closed")


def test_what_has_changed_come_and_gone_is_followed(folder: Path, archive: Path, reads: list[str]) -> None:
    index_roots([folder], archive)
    write(folder / "amber.txt", "amber", "is closed for now")
    write(folder / "gold.txt", "gold")
    (folder / "north" / "stone.txt").unlink()
    reads.clear()
    assert counts(index_roots([folder], archive)) == {"added": 1, "changed": 1, "removed": 1, "unchanged": 1}
    assert sorted(reads) == ["amber.txt", "gold.txt"]
    assert ids(archive) == ["amber", "gold", "coral"]
    assert release(archive, "amber").text == text("amber", "is closed for now")


def test_a_file_that_was_touched_is_read_and_is_the_same_release(folder: Path, archive: Path) -> None:
    index_roots([folder], archive)
    before = state(archive)
    os.utime(folder / "amber.txt", ns=(10**18, 10**18 + 7))
    assert counts(index_roots([folder], archive)) == {"unchanged": 3}
    assert state(archive) == before


def test_a_file_that_is_moved_keeps_its_release_and_its_id(folder: Path, archive: Path, tmp_path: Path) -> None:
    index_roots([folder], archive)
    shutil.move(folder / "north" / "stone.txt", folder / "aaa.txt")
    done = index_roots([folder], archive)
    assert (counts(done), done.warnings) == ({"added": 1, "unchanged": 2}, [])
    assert ids(archive) == ["stone", "amber", "coral"]
    (tmp_path / "other").mkdir()
    shutil.move(folder / "aaa.txt", tmp_path / "other" / "bbb.txt")
    for roots in ([folder, tmp_path / "other"], [tmp_path / "other", folder]):
        index_roots(roots, archive)
        assert sorted(ids(archive)) == ["amber", "coral", "stone"]
        assert release(archive, "stone").text == text("stone")


def test_a_file_that_is_moved_to_a_root_of_its_own_is_never_lost(folder: Path, archive: Path, tmp_path: Path) -> None:
    index_roots([folder], archive)
    (tmp_path / "other").mkdir()
    shutil.move(folder / "north" / "stone.txt", tmp_path / "other" / "stone.txt")
    index_roots([tmp_path / "other"], archive)  # the release is that of the folder, which is not looked at
    assert sorted(ids(archive)) == ["amber", "coral", "stone"]
    index_roots([folder], archive)
    index_roots([tmp_path / "other"], archive)
    assert sorted(ids(archive)) == ["amber", "coral", "stone"]


@pytest.mark.parametrize("packed", [as_tar, None], ids=["tar", "folder"])
def test_a_copy_is_skipped_while_what_it_copies_is_there(
    folder: Path, archive: Path, tmp_path: Path, packed: Callable[[Path, Path], Path] | None
) -> None:
    def root() -> Path:
        return packed(folder, tmp_path / "packed.tar.xz") if packed else folder

    write(folder / "north" / "twin.txt", "amber")
    done = index_roots([root()], archive)
    assert counts(done) == {"added": 3, "skipped": 1}
    assert done.warnings == ["north/twin.txt is skipped: it is the same release as amber.txt."]
    assert (counts(index_roots([root()], archive)), ids(archive)) == (
        {"unchanged": 3, "skipped": 1},
        ["amber", "coral", "stone"],
    )
    write(folder / "amber.txt", "amber", "is closed")
    assert counts(index_roots([root()], archive)) == {"added": 1, "changed": 1, "unchanged": 2}
    assert ids(archive) == ["amber", "coral", "stone", "twin"]
    assert release(archive, "twin").text == text("amber")


@pytest.mark.parametrize("packed", [as_tar, None], ids=["tar", "folder"])
def test_a_copy_takes_the_place_of_what_it_copies_when_that_is_gone(
    folder: Path, archive: Path, tmp_path: Path, packed: Callable[[Path, Path], Path] | None
) -> None:
    def root() -> Path:
        return packed(folder, tmp_path / "packed.tar.xz") if packed else folder

    write(folder / "north" / "twin.txt", "amber")
    index_roots([root()], archive)
    (folder / "amber.txt").unlink()
    assert counts(index_roots([root()], archive)) == {"added": 1, "removed": 1, "unchanged": 2}
    assert ids(archive) == ["coral", "stone", "twin"]


def test_a_copy_that_comes_before_what_it_copies_changes_nothing(folder: Path, archive: Path) -> None:
    index_roots([folder], archive)
    before = state(archive)
    write(folder / "aaa.txt", "stone")
    done = index_roots([folder], archive)
    assert done.warnings == ["aaa.txt is skipped: it is the same release as north/stone.txt."]
    with pytest.raises(OnrecordError, match=r"^abc.txt is skipped: it is the same release as north/stone.txt\.$"):
        write(folder / "abc.txt", "stone")
        index_file(folder / "abc.txt", folder, archive)
    assert state(archive) == before


def test_a_copy_of_what_is_in_an_archive_that_is_as_it_was_changes_nothing(
    folder: Path, archive: Path, tmp_path: Path
) -> None:
    packed = as_tar(folder, tmp_path / "packed.tar.xz")
    index_roots([packed], archive)
    before = state(archive)
    assert counts(index_roots([folder, packed], archive)) == {"unchanged": 3, "skipped": 3}
    assert state(archive) == before
    assert counts(index_roots([folder, packed], archive)) == {"unchanged": 3, "skipped": 3}


@pytest.mark.parametrize("packed", [as_tar, None], ids=["tar", "folder"])
def test_of_two_files_with_one_id_the_first_stays_and_the_other_follows_it(
    folder: Path, archive: Path, tmp_path: Path, packed: Callable[[Path, Path], Path] | None, reads: list[str]
) -> None:
    def root() -> Path:
        return packed(folder, tmp_path / "packed.tar.xz") if packed else folder

    write(folder / "b.txt", "gold", front=with_id("rock"))
    write(folder / "c.txt", "iron", front=with_id("rock"))
    done = index_roots([root()], archive)
    assert done.warnings == ["c.txt is skipped: it has the same id, rock, as b.txt."]
    reads.clear()
    assert counts(index_roots([root()], archive)) == {"unchanged": 4, "skipped": 1}
    assert reads == []
    (folder / "b.txt").unlink()
    index_roots([root()], archive)
    assert release(archive, "rock").text == text("iron")


def test_files_of_one_name_have_ids_of_their_own(tmp_path: Path, archive: Path) -> None:
    for place in ("north", "south", "west"):
        write(tmp_path / "all" / place / "news.txt", place)
    index_roots([tmp_path / "all"], archive)
    found = ids(archive)
    assert found[0] == "news" and len({*found}) == 3
    index_roots([tmp_path / "all"], archive)
    assert ids(archive) == found


def test_a_file_that_cannot_be_read_leaves_its_release_as_it_was(folder: Path, archive: Path) -> None:
    index_roots([folder], archive)
    (folder / "amber.txt").write_bytes(b"\x00\x01\x02" * 99)
    (folder / "new.txt").write_bytes(b"\x00\x01\x02" * 99)
    for _ in range(2):
        done = index_roots([folder], archive)
        assert counts(done) == {"unchanged": 2, "skipped": 2}
        assert [warning.partition(": it")[0] for warning in done.warnings] == [
            "amber.txt stays as it was",
            "new.txt is skipped",
        ]
        assert release(archive, "amber").text == text("amber")
    write(folder / "amber.txt", "amber", "is closed")
    index_roots([folder], archive)
    assert release(archive, "amber").text == text("amber", "is closed")


def test_an_archive_that_is_cut_off_removes_nothing(folder: Path, archive: Path, tmp_path: Path) -> None:
    for number in range(40):
        write(folder / f"n{number:02}.txt", f"n{number}", os.urandom(2000).hex())
    packed = as_tar(folder, tmp_path / "packed.tar.xz")
    index_roots([packed], archive)
    everything = ids(archive)
    whole = packed.read_bytes()
    packed.write_bytes(whole[: len(whole) // 2])
    done = index_roots([packed], archive)
    assert not done.whole and done.warnings[-1].startswith(f"{packed} is damaged or cut off")
    assert ids(archive) == everything
    packed.write_bytes(whole)
    assert index_roots([packed], archive).whole and ids(archive) == everything


def test_a_root_that_is_gone_is_an_error_that_leaves_the_archive(folder: Path, archive: Path) -> None:
    index_roots([folder], archive)
    before = state(archive)
    shutil.rmtree(folder)
    with pytest.raises(OnrecordError, match="There is no file or folder"):
        index_roots([folder], archive)
    assert state(archive) == before


@pytest.fixture
def senate(tmp_path: Path) -> Path:
    """A folder whose names say who sent a release, and when."""
    for number in range(5):
        write(tmp_path / "senate" / "Grassley" / f"0{number + 1}Jan2006Grassley{number}.txt", f"n{number}")
    return tmp_path / "senate"


def test_a_pattern_is_kept_and_another_one_reads_all_again(senate: Path, archive: Path, reads: list[str]) -> None:
    index_roots([senate], archive)
    assert {one.source for one in Archive(archive).corpus().releases} == {None}
    before = ids(archive)
    assert counts(index_roots([senate], archive, pattern=PATTERN)) == {"changed": 5}
    assert {one.source for one in Archive(archive).corpus().releases} == {"Grassley"}
    assert ids(archive) == before
    reads.clear()
    assert counts(index_roots([senate], archive)) == {"unchanged": 5}
    assert reads == []
    write(senate / "Grassley" / "07Jan2006Grassley9.txt", "n9")
    index_roots([senate], archive)  # without a word about the pattern
    assert [str(one.published) for one in Archive(archive).corpus().releases][-1] == "2006-01-07"


@pytest.mark.parametrize("packed", [as_tar, None], ids=["tar", "folder"])
def test_another_pattern_reads_all_again_although_the_run_is_stopped_in_its_middle(
    senate: Path, archive: Path, tmp_path: Path, packed: Callable[[Path, Path], Path] | None
) -> None:
    root = packed(senate, tmp_path / "packed.tar.xz") if packed else senate
    index_roots([root], archive)
    stops = iter([False, False, True])
    done = index_roots([root], archive, pattern=PATTERN, stopped=lambda: next(stops, True))
    assert not done.whole
    assert counts(index_roots([root], archive))["changed"] >= 3
    assert {one.source for one in Archive(archive).corpus().releases} == {"Grassley"}


def test_what_is_stopped_is_kept_and_the_next_run_goes_on(folder: Path, archive: Path) -> None:
    stops = iter([False, False])
    done = index_roots([folder], archive, stopped=lambda: next(stops, True))
    assert not done.whole
    assert len(ids(archive)) < 3
    assert index_roots([folder], archive).whole
    assert ids(archive) == ["amber", "coral", "stone"]


def test_two_roots_are_told_apart(folder: Path, archive: Path, tmp_path: Path) -> None:
    write(tmp_path / "other" / "gold.txt", "gold")
    assert counts(index_roots([folder, tmp_path / "other"], archive)) == {"added": 4}
    (tmp_path / "other" / "gold.txt").unlink()
    (folder / "amber.txt").unlink()
    assert counts(index_roots([folder], archive)) == {"removed": 1, "unchanged": 2}
    assert ids(archive) == ["coral", "stone", "gold"]
    assert [root.path for root in Archive(archive).roots()] == [folder, tmp_path / "other"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_that_two_roots_hold_is_one_release(folder: Path, archive: Path, turned: bool) -> None:
    nested = [folder, folder, folder / "north", folder / "amber.txt"][:: -1 if turned else 1]
    index_roots(nested, archive)
    assert sorted(ids(archive)) == ["amber", "coral", "stone"]
    write(folder / "north" / "stone.txt", "stone", "is closed")
    index_roots(nested, archive)
    assert sorted(ids(archive)) == ["amber", "coral", "stone"]
    assert release(archive, "stone").text == text("stone", "is closed")
    shutil.rmtree(folder / "north")
    (folder / "north").mkdir()
    index_roots(nested, archive)
    assert ids(archive) == ["amber"]


def test_one_file_can_be_brought_up_to_date(folder: Path, archive: Path) -> None:
    index_roots([folder], archive)
    write(folder / "amber.txt", "amber", "is closed")
    write(folder / "gold.txt", "gold")
    index_file(folder / "amber.txt", folder, archive)
    index_file(folder / "gold.txt", folder, archive)
    (folder / "north" / "stone.txt").unlink()
    index_file(folder / "north" / "stone.txt", folder, archive)
    assert ids(archive) == ["amber", "gold", "coral"]
    assert release(archive, "amber").text == text("amber", "is closed")
    assert counts(index_roots([folder], archive)) == {"unchanged": 3}


def test_warnings_are_kept_in_bounds(folder: Path, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MOST_TOLD", 2)
    for number in range(5):
        write(folder / f"zz{number}.txt", "amber")
    done = index_roots([folder], archive)
    assert (len(done.warnings), done.warned, done.counts.skipped) == (2, 5, 5)
