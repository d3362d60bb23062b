"""An archive at a terminal: it is asked, listed, added to and removed from as folders are."""

import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.index.indexing import index_roots
from bot.index.places import archive_folder

Run = Callable[..., tuple[int, str, str]]

FERRY = """Ferries to Gotland carry more passengers

VISBY, June 1, 2026 -- Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries.

The company carried 90,000 passengers in 2025.
"""
NAME = "2026-06-01-ferries-to-gotland-carry-more-passengers"
LEADS = "who leads Baltic Ferries?"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a release to add, beside an archive of another, in which the commands run."""
    (tmp_path / "ferry.txt").write_text(FERRY, encoding="utf-8")
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "quay.md").write_text("# A third quay\n\nThe quay of Norrvik cost 12 million euros.\n")
    index_roots([tmp_path / "releases"], archive_folder(tmp_path / "data"), cores=1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: its exit status, what it printed, and what it said on standard error."""

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["onrecord", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(str(ended.value.code or 0)), printed.out, printed.err

    return command


def test_a_release_is_added_asked_listed_shown_and_removed(place: Path, run: Run) -> None:
    status, said, hint = run("add", "--yes", "ferry.txt")
    assert (status, f"Added: corpus/{NAME}.md" in said, 'onrecord ask "…"' in hint) == (0, True, True)
    status, said, warned = run("ask", LEADS)
    assert (status, warned) == (0, "")
    assert "Karin Holm leads Baltic Ferries." in said
    listed = [line.split("  ")[-1] for line in run("list")[1].splitlines()]
    assert listed == ["A third quay", "Ferries to Gotland carry more passengers"]
    assert run("show", "2")[1].endswith("The company carried 90,000 passengers in 2025.\n")
    assert "on the record already" in run("add", "--yes", "ferry.txt")[1]
    status, said, _ = run("remove", "--yes", f"corpus/{NAME}.md")
    assert (status, f"Removed: corpus/{NAME}.md" in said) == (0, True)
    assert run("ask", LEADS)[0] == 1
    assert [one.name for one in (place / "releases").iterdir()] == ["quay.md"]


def test_what_is_asked_is_chosen_by_what_is_named_and_by_the_setting(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cost = "what did the quay cost?"
    (place / "other").mkdir()
    (place / "other" / "other.md").write_text("# Another\n\nThe quay of Lindow cost nothing.\n")
    assert "Norrvik" in run("ask", cost)[1]
    assert "Norrvik" in run("ask", "--corpus", "releases", cost)[1]
    assert "Lindow" in run("ask", "--corpus", "other", cost)[1]
    monkeypatch.setenv("ONRECORD_INDEX", "disk")
    status, _, said = run("ask", "--corpus", "other", cost)
    assert (status, "make it with onrecord index other" in said) == (2, True)
    monkeypatch.setenv("ONRECORD_INDEX", "memory")
    assert run("list", "--corpus", "releases")[1] == "1  ----------  quay  A third quay\n"


def test_who_names_a_tar_that_is_not_indexed_is_told_to_index_it(place: Path, run: Run) -> None:
    with tarfile.open(place / "old.tar.xz", "w:xz") as packed:
        packed.add(place / "ferry.txt", "ferry.txt")
    status, _, said = run("ask", "--corpus", "old.tar.xz", LEADS)
    assert (status, said) == (2, "old.tar.xz is asked once it is indexed: onrecord index old.tar.xz\n")


def test_what_lies_in_a_tar_is_shown_and_not_removed(place: Path, run: Run) -> None:
    with tarfile.open(place / "old.tar.xz", "w:xz") as packed:
        packed.add(place / "ferry.txt", "2026/ferry.txt")
    index_roots([place / "old.tar.xz"], archive_folder(place / "data"), cores=1)
    assert "old.tar.xz/2026/ferry.txt" in run("show", "ferry")[1]
    status, _, said = run("remove", "--yes", "quay", "ferry")
    assert status == 2
    assert said.endswith("take 2026/ferry.txt out of it, then run onrecord index.\n")
    assert len(run("list")[1].splitlines()) == 2, "not even the first of them"


def test_a_list_may_be_read_as_far_as_somebody_likes(place: Path) -> None:
    for number in range(300):  # more than a pipe holds
        text = f"---\ntitle: {'A long title ' * 30}\n---\nItem {number} was said."
        (place / "releases" / f"long-{number}.txt").write_text(text)
    index_roots([place / "releases"], archive_folder(place / "data"), cores=1)
    command = [sys.executable, "-m", "bot", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reading:
        assert reading.stdout
        assert reading.stderr
        assert reading.stdout.readline().startswith("  1  ----------  long-0    A long title")
        reading.stdout.close()
        assert reading.stderr.read() == ""
    assert reading.returncode == 0


def test_questions_are_reported_and_exported(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_RETENTION_DAYS", "7")
    assert run("ask", "what did the quay cost?")[0] == 0
    assert run("report")[0] == 0
    assert "A third quay" in (place / "report.html").read_text()
    assert run("export", "log.csv")[0] == 0
    status, _, said = run("export", "votes")
    assert (status, said.startswith("There are no votes")) == (2, True)
