"""Whether an archive is asked, or folders that are read into memory."""

from pathlib import Path

import pytest

from bot.index import choosing
from bot.index.choosing import asks_archive, has_archive, size_note
from bot.index.indexing import index_roots
from bot.index.places import archive_folder
from bot.model import OnrecordError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a release."""
    (tmp_path / "releases" / "north").mkdir(parents=True)
    (tmp_path / "releases" / "north" / "amber.txt").write_text("The amber quay is open, says the mayor of Amber.")
    return tmp_path / "releases"


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    """A data folder with an archive of that folder."""
    index_roots([folder], archive_folder(tmp_path / "data"))
    return tmp_path / "data"


def test_an_archive_is_asked_where_there_is_one_and_nothing_else_is_named(
    data: Path, folder: Path, tmp_path: Path
) -> None:
    assert has_archive(data) and not has_archive(tmp_path)
    for setting in ("auto", "disk"):
        assert asks_archive([], data, setting)
        assert asks_archive([folder], data, setting)
        assert asks_archive([folder / ".." / "releases"], data, setting)
    assert not asks_archive([], tmp_path, "auto")
    assert not asks_archive([tmp_path], data, "auto")
    assert not asks_archive([folder, tmp_path], data, "auto")
    assert not asks_archive([], data, "memory")


def test_who_wants_an_archive_that_is_not_there_is_told_how_to_make_it(data: Path, tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match=r"make it with onrecord index and a folder of releases\.$"):
        asks_archive([], tmp_path, "disk")
    with pytest.raises(
        OnrecordError, match=r"^There is no archive of that in .*data: make it with onrecord index .*other\.$"
    ):
        asks_archive([tmp_path / "other"], data, "disk")


@pytest.mark.parametrize(
    ("many", "too_many", "told"),
    [(10**9, 10**9, ""), (10, 10**9, "Note: 1 files with"), (10, 20, "too many to be read")],
)
def test_who_reads_much_into_memory_is_told_of_archives(
    folder: Path, monkeypatch: pytest.MonkeyPatch, many: int, too_many: int, told: str
) -> None:
    monkeypatch.setattr(choosing, "MANY_BYTES", many)
    monkeypatch.setattr(choosing, "TOO_MANY_BYTES", too_many)
    assert size_note([folder], "memory") is None

    def note(place: Path) -> str:
        try:
            return size_note([place], "auto") or ""
        except OnrecordError as error:
            return str(error)

    assert told in note(folder)
    assert f"onrecord index {folder}" in note(folder) if told else note(folder) == ""


def test_what_is_hidden_of_another_kind_or_not_there_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "MANY_BYTES", 10)
    for name in (".hidden.txt", "picture.png", ".git/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(bytes(99))
    assert size_note([tmp_path, tmp_path / "nowhere"], "auto") is None


def test_an_archive_of_files_is_to_be_indexed_first(tmp_path: Path) -> None:
    (tmp_path / "releases.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    for setting in ("auto", "memory"):
        with pytest.raises(
            OnrecordError, match=r"releases\.zip is asked once it is indexed: onrecord index .*releases\.zip$"
        ):
            size_note([tmp_path / "releases.zip"], setting)
