"""The press office of an archive does what it does with the releases in memory, and reads only those that count."""

import tarfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from shutil import rmtree

import pytest

from bot.answering.answerer import answer
from bot.desk.archived import ArchivedReleases, open_archived
from bot.desk.filing import Standing, add, check_removable, named, propose, remove
from bot.desk.holdings import Filed, open_library
from bot.index.archive import open_archive
from bot.index.indexing import index_file, index_roots
from bot.index.places import archive_folder
from bot.index.writing import open_writer
from bot.model import OnrecordError
from bot.reading.draft import Draft

QUAY = "The mayor opened the quay of Lindow on Monday. It has room for forty boats.\n\nIt cost 12 million euros."
NEWER = "The mayor opened the quay of Lindow on Monday. It has room for fifty boats.\n\nIt cost 12 million euros."
FERRY = "Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries."
SILO = "Nils Berg paints the silo of Norrvik in blue. The paint is a gift of the harbour board."
DAY = date(2026, 3, 1)
QUAY_FILE = "2026-03-01-the-quay-opens.md"


def source(title: str, text: str, **more: object) -> str:
    known = "".join(f"{name}: {value}\n" for name, value in more.items())
    return f"---\ntitle: {title}\n{known}---\n\n{text}\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with an archive of a folder and of a tar."""
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    (corpus / "below").mkdir(parents=True)
    (corpus / QUAY_FILE).write_text(source("The quay opens", QUAY, published=DAY))
    (corpus / "below" / "ferry.txt").write_text(source("Ferries", FERRY, url="https://ferry.example/news/1?page=2"))
    (tmp_path / "2026-03-01-silo.md").write_text(source("Silo", SILO, published=DAY, id="the-silo"))
    with tarfile.open(tmp_path / "old.tar.xz", "w:xz") as packed:
        packed.add(tmp_path / "2026-03-01-silo.md", "2025/2026-03-01-silo.md")
    index_roots([corpus, tmp_path / "old.tar.xz"], archive_folder(data), cores=1)
    return data


@pytest.fixture
def corpus(data: Path) -> Path:
    return data.parent / "corpus"


@pytest.fixture
def held(data: Path, corpus: Path) -> ArchivedReleases:
    return open_archived(data, [corpus])


def asked(data: Path, question: str) -> list[str]:
    """What the archive answers."""
    return [quote.text for quote in answer(question, open_archive(data).corpus()).quotes]


def plain(filed: Filed | None) -> object:
    """The file and the release as they can be compared."""
    return filed and (filed.path, filed.inside, asdict(filed.release))


def texts(data: Path) -> list[str]:
    return sorted(release.text for release in open_archive(data).corpus().releases)


@pytest.mark.parametrize(
    ("draft", "standing"),
    [
        (Draft(QUAY.upper(), title="Something else"), Standing.SAME),
        (Draft(NEWER, title="The quay opens", published=DAY), Standing.VERSION),
        (Draft(NEWER, title="The quay opens", published=date(2026, 3, 2)), Standing.NEW),
        (Draft("Ferries sail no more.", url="http://www.ferry.example/news/1/?page=2&utm_source=x"), Standing.VERSION),
        (Draft("Ferries sail no more.", url="https://ferry.example/news/1?page=3"), Standing.NEW),
        (Draft("A boat for Lindow.", title="Boat", id="ferry"), Standing.VERSION),
        (Draft("A boat for Lindow, bought of the ferries.", title="Boat", published=DAY), Standing.NEW),
    ],
)
def test_a_draft_is_what_it_would_be_to_the_same_releases_in_memory(
    held: ArchivedReleases, corpus: Path, draft: Draft, standing: Standing
) -> None:
    proposal = propose(draft, held)
    assert proposal.standing is standing
    in_memory = propose(draft, open_library([corpus]))
    assert (proposal.standing, proposal.path, proposal.source) == (in_memory.standing, in_memory.path, in_memory.source)
    assert plain(proposal.earlier) == plain(in_memory.earlier)


def test_the_releases_are_those_of_the_folders_in_the_same_order(held: ArchivedReleases, corpus: Path) -> None:
    library = open_library([corpus])
    in_folder = len(library)
    assert len(held) == in_folder + 1
    assert [*held.listed()][:in_folder] == [*library.listed()]
    assert [*held.ids()][:in_folder] == [*library.ids()]
    assert [plain(held.at(number)) for number in range(1, in_folder + 1)] == [plain(one) for one in library.filed]
    assert held.at(0) is held.at(in_folder + 2) is None


def test_a_long_list_is_read_a_part_at_a_time(held: ArchivedReleases, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [*held.listed()]
    monkeypatch.setattr("bot.index.catalogue.LISTED_AT_ONCE", 1)
    assert [*held.listed()] == whole


def test_a_release_is_named_by_number_id_or_file(
    held: ArchivedReleases, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus.parent)
    ferry = held.find("ferry")
    assert ferry is not None
    number = [one.id for one in held.listed()].index("ferry") + 1
    ways = (f" {number} ", "ferry", "ferry.txt", "below/ferry.txt", "corpus/below/ferry.txt", str(ferry.path))
    for words in ways:
        assert plain(named(words, held)) == plain(ferry)
    silo = named("the-silo", held)
    assert silo is not None
    assert silo.inside == corpus.parent / "old.tar.xz"
    assert plain(named(str(silo.path), held)) == plain(silo)
    for words in ("99", "erry.txt", "nothing", "", "\0", "\ud800", "/", "old.tar.xz"):
        assert named(words, held) is None


def test_what_is_added_is_asked_at_once_also_in_a_folder_that_was_not_indexed(data: Path, tmp_path: Path) -> None:
    held = open_archived(data, [tmp_path / "new"])
    filed, held = add(propose(Draft("Ingrid Dahl chairs the board.", title="Board", published=DAY), held), held, data)
    assert plain(filed) == plain(named("2026-03-01-board", held))
    assert filed.path == tmp_path / "new" / "2026-03-01-board.md"
    assert asked(data, "who chairs the board?")[0] == "Ingrid Dahl chairs the board."


def test_a_new_version_takes_the_place_of_the_old_one_under_its_id(data: Path, held: ArchivedReleases) -> None:
    before = texts(data)
    filed, held = add(propose(Draft(NEWER, title="The quay opens", published=DAY), held), held, data)
    assert (filed.release.id, filed.path.name) == (Path(QUAY_FILE).stem, QUAY_FILE)
    assert texts(data) == sorted({*before, NEWER} - {QUAY})


def test_a_new_version_that_plain_text_cannot_hold_is_there_once(data: Path, held: ArchivedReleases) -> None:
    lines = (
        "The port of Lindow was opened on Monday by the mayor and all of the\ncouncil, who had waited for this day for more "
        "than four years and then\nsome more, as the papers of the town have written again and again."
    )
    draft = Draft(lines, title="The port opens", published=DAY, url="https://ferry.example/news/1?page=2")
    filed, held = add(propose(draft, held), held, data)
    assert (filed.release.id, filed.path.name) == ("ferry", "ferry.md")
    assert lines in texts(data)
    assert len(held) == 3


def test_a_new_version_of_what_lies_in_a_tar_stands_beside_it_and_is_replaced_there(
    data: Path, held: ArchivedReleases, corpus: Path
) -> None:
    for colour in ("red", "green"):
        newer = Draft(SILO.replace("blue", colour), title="Silo", published=DAY, id="the-silo")
        proposal = propose(newer, held)
        filed, held = add(proposal, held, data)
        assert filed.path.parent == corpus
        assert f"in {colour}" in filed.release.text
    assert proposal.standing is Standing.VERSION
    assert len(held) == 4
    assert SILO in texts(data)


def test_what_is_removed_is_asked_no_longer_and_kept_elsewhere(data: Path, held: ArchivedReleases) -> None:
    quay = held.find(Path(QUAY_FILE).stem)
    assert quay is not None
    kept, held = remove(quay, held, data)
    assert kept.is_relative_to(data / "versions")
    assert held.find(quay.release.id) is None
    assert QUAY not in texts(data)


def test_a_release_whose_folder_is_gone_can_be_removed_and_its_text_is_kept(
    data: Path, corpus: Path, held: ArchivedReleases
) -> None:
    ferry = held.find("ferry")
    assert ferry is not None
    rmtree(corpus)
    kept, _ = remove(ferry, held, data)
    assert kept.read_text() == ferry.release.text
    assert open_archive(data).corpus().releases.find("ferry") is None


def test_what_lies_in_a_tar_cannot_be_removed(data: Path, held: ArchivedReleases) -> None:
    silo = held.find("the-silo")
    assert silo is not None
    with pytest.raises(OnrecordError, match=r"lies in .*old\.tar\.xz, .*take 2025/2026-03-01-silo\.md out of it"):
        check_removable(silo)
    with pytest.raises(OnrecordError):
        remove(silo, held, data)
    assert SILO in texts(data)


def test_a_file_that_was_indexed_by_itself_can_be_replaced(data: Path, tmp_path: Path) -> None:
    (tmp_path / "board.md").write_text(source("Board", "Ingrid Dahl chairs it.", id="board"))
    index_roots([tmp_path / "board.md"], archive_folder(data), cores=1)
    held = open_archived(data, [tmp_path / "corpus"])
    filed, held = add(propose(Draft("Nils Berg chairs it.", title="Board", id="board"), held), held, data)
    assert filed.path == tmp_path / "board.md"
    assert "Nils Berg chairs it." in texts(data)


def test_while_another_program_writes_the_file_is_written_and_made_up_for_later(
    data: Path, held: ArchivedReleases, corpus: Path
) -> None:
    draft = Draft("Ingrid Dahl chairs the board.", title="Board", published=DAY)
    with (
        open_writer(archive_folder(data)),
        pytest.raises(
            OnrecordError, match=r"board\.md is written, but not asked yet: run onrecord index .*/corpus\. A"
        ),
    ):
        add(propose(draft, held), held, data)
    assert (corpus / "2026-03-01-board.md").exists()
    again = propose(draft, held)
    assert again.standing is Standing.SAME
    add(again, held, data)
    assert "Ingrid Dahl chairs the board." in texts(data)
    assert len([*corpus.iterdir()]) == 3


def test_a_file_that_the_archive_has_something_to_say_of_is_added_all_the_same(
    data: Path, held: ArchivedReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def warns(path: Path, root: Path, folder: Path) -> None:
        index_file(path, root, folder)
        raise OnrecordError("Its date is in no calendar.")

    monkeypatch.setattr("bot.index.indexing.index_file", warns)
    filed, _ = add(propose(Draft("Ingrid Dahl chairs it.", title="Board"), held), held, data)
    assert isinstance(filed, Filed)
    assert "Ingrid Dahl chairs it." in texts(data)
