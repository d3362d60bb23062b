"""`onrecord index` as people and programs meet it: at a real terminal, and through pipes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat import progress
from bot.chat.indexing import index
from bot.index.archive import open_archive
from bot.index.catalogue import connect
from bot.index.indexing import index_roots
from bot.index.places import archive_folder, catalogue_file
from bot.model import OnrecordError

pexpect = pytest.importorskip("pexpect", reason="pexpect drives the terminal")
if not hasattr(pexpect, "spawn"):
    pytest.skip("a pseudo-terminal needs a Unix", allow_module_level=True)

# A test that ran before may have left a thread, of which Python warns where a process is forked.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

ROOT = Path(__file__).parents[2]
PATTERN = "{source}/{date:DDMonYYYY}*.txt"


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three releases, whose names say who sent them and when."""
    for number, name in enumerate(("amber", "coral", "stone"), 1):
        path = tmp_path / "releases" / "Grassley" / f"0{number}Jan2006Grassley{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"The {name} port is open, says the mayor.\n\nThe board of {name.capitalize()} meets on Friday."
        )
        os.utime(path, ns=(10**18, 10**18))
    return tmp_path / "releases"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def indexed(data: Path, *paths: Path, pattern: str | None = None, rebuild: bool = False) -> int:
    return index(paths, data, pattern=pattern, rebuild=rebuild)


def ids(data: Path) -> list[str]:
    return list(open_archive(data).corpus().releases.ids())


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "bot", "index", *map(str, words)]


def environment() -> dict[str, str]:
    return os.environ | {"LANGUAGE": "en", "PYTHONUTF8": "1", "TERM": "xterm-256color"}


def test_at_a_terminal_a_bar_shows_how_far_it_is_and_then_what_was_done(folder: Path, data: Path) -> None:
    first, *rest = command(folder, "--data", data)
    child = pexpect.spawn(first, rest, cwd=str(ROOT), env=environment(), encoding="utf-8", timeout=60)
    child.expect(pexpect.EOF)
    child.close()
    shown = child.before
    assert child.exitstatus == 0, shown
    assert "releases" in shown and "━" in shown
    assert shown.index("━") < shown.index("3 added.") < shown.index("The archive has 3 releases, 6 passages.")


def test_without_a_terminal_there_are_lines_for_who_reads_them(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", -1.0)
    assert indexed(data, folder) == 0
    told = capsys.readouterr()
    assert told.out == "3 added.\nThe archive has 3 releases, 6 passages.\n"
    assert told.err.splitlines()[-1] == f"{folder.name}: 100%, 0 files"
    assert indexed(data) == 0
    assert capsys.readouterr().out.startswith("3 as before.\n")


def test_what_was_indexed_is_looked_at_again_where_nothing_is_named(folder: Path, data: Path) -> None:
    indexed(data, folder, pattern=PATTERN)
    (folder / "Grassley" / "09Jan2006Grassley9.txt").write_text("A new port is open, says the mayor of Iron.")
    assert indexed(data) == 0
    releases = open_archive(data).corpus().releases
    assert (len(releases), releases[-1].source, str(releases[-1].published)) == (4, "Grassley", "2006-01-09")


def test_where_there_is_nothing_to_index_it_is_said_what_to_name(folder: Path, data: Path) -> None:
    for rebuild in (False, True):
        with pytest.raises(OnrecordError, match="Name what to index, a folder or an archive of texts: "):
            indexed(data, rebuild=rebuild)
        with pytest.raises(OnrecordError, match=r"^There is no file or folder nowhere: name what there is\.$"):
            indexed(data, folder, Path("nowhere"), rebuild=rebuild)
    with pytest.raises(OnrecordError, match="pattern"):
        indexed(data, folder, pattern="{nothing}")
    assert not data.exists()


def test_a_sentence_and_status_2_are_what_a_program_gets_for_a_wrong_path(data: Path) -> None:
    done = subprocess.run(
        command("nowhere.tar", "--data", data), cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().endswith("nowhere.tar: name what there is.")
    assert done.stderr.count("\n") == 1


def test_what_cannot_be_read_is_told_and_the_status_says_so(
    folder: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(14):
        (folder / f"bad{number:02}.txt").write_bytes(b"\x00\x01" * 99)
    (folder / "picture\x1b[31m.png").write_bytes(b"")
    (folder / "video.mp4").write_bytes(b"")
    assert indexed(data, folder) == 0
    told = capsys.readouterr()
    assert told.out.startswith("3 added, 14 skipped.\n")
    assert told.err.count("Warning: bad") == 10
    assert "There are 4 more of them.\nNot read: 2 files of other kinds, such as " in told.err
    assert "\x1b" not in told.err
    gone = tmp_path / "gone"
    folder.rename(gone)
    assert indexed(data) == 2
    told = capsys.readouterr()
    assert f"Warning: {folder} is gone: what was read from it stays, until " in told.err
    assert told.out.endswith("The archive has 3 releases, 6 passages.\n")


def test_copies_that_are_known_are_not_told_again(folder: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = next((folder / "Grassley").iterdir()).read_bytes()
    for number in range(14):
        (folder / f"zz{number}.txt").write_bytes(text)
    indexed(data, folder)
    assert "There are 4 more of them." in capsys.readouterr().err
    indexed(data, folder)
    told = capsys.readouterr()
    assert told.out.startswith("3 as before, 14 skipped.\n")
    assert "more of them" not in told.err


@pytest.fixture
def other_version(folder: Path, data: Path) -> Iterator[Path]:
    """A data folder with an archive of that folder, and with its pattern, of another version."""
    index_roots([folder], archive_folder(data), pattern=PATTERN)
    database = connect(catalogue_file(archive_folder(data)))
    database.execute("UPDATE facts SET value = '0' WHERE name = 'version'")
    database.close()
    yield data


def test_an_archive_of_another_version_is_made_anew_of_the_same_with_the_same_patterns(
    other_version: Path, folder: Path
) -> None:
    for paths in ((), (folder,)):
        with pytest.raises(OnrecordError, match="make it anew with onrecord index --rebuild"):
            indexed(other_version, *paths)
    assert indexed(other_version, rebuild=True) == 0
    releases = open_archive(other_version).corpus().releases
    assert (releases[0].source, str(releases[0].published)) == ("Grassley", "2006-01-01")
    assert [path.name for path in other_version.iterdir() if path.name.startswith("index")] == ["index"]


def test_an_archive_is_made_anew_of_just_what_is_named(folder: Path, data: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "iron.txt").write_text("The iron port is open, says the mayor.")
    indexed(data, folder, tmp_path / "other")
    folder.rename(tmp_path / "gone")
    with pytest.raises(OnrecordError, match="name all that the archive is to be made of"):
        indexed(data, rebuild=True)
    assert len(ids(data)) == 4
    assert indexed(data, tmp_path / "other", rebuild=True) == 0
    assert ids(data) == ["iron"]


def test_an_archive_that_is_made_anew_and_lacks_something_takes_no_place(
    folder: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "releases.tar.gz"
    subprocess.run(["tar", "-czf", str(packed), "-C", str(folder), "."], check=True)  # noqa: S607
    indexed(data, packed)
    before = ids(data)
    packed.write_bytes(packed.read_bytes()[:-30])
    assert indexed(data, rebuild=True) == 2
    assert "The archive stays as it was, for the new one lacks what could not be read." in capsys.readouterr().err
    assert ids(data) == before


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs the list of processes of Linux")
def test_ctrl_c_keeps_what_was_done_and_says_how_to_go_on(folder: Path, data: Path) -> None:
    """Also while the processes that read are about to start: a terminal sends it to all of them."""
    for number in range(800):
        (folder / f"n{number:04}.txt").write_text(f"The port {number} is open, says the mayor of Iron.")
    process = subprocess.Popen(
        command(folder, "--data", data),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    started = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (archive_folder(data) / "commit").exists() or len(started.read_text().split()) < 2:
        assert process.poll() is None
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines() == ["Stopping…", "Stopped. What is indexed so far is kept; run it again to go on."]
    assert len(ids(data)) < 803
