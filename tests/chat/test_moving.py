"""An archive in a cluster at a terminal: it is filled, asked, listed, added to and removed from."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archive_world import write
from cluster_front import front
from cluster_world import archive_at, emptied, indices_of
from opensearch_nodes import OpenSearch
from service_processes import free_port

from bot.cli import main
from bot.index.address import Address
from bot.index.nodes import reach

Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).parents[2]
FERRY = """Ferries to Gotland carry more passengers

VISBY, June 1, 2026 -- Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries.

The company carried 90,000 passengers in 2025.
"""
NAME = "2026-06-01-ferries-to-gotland-carry-more-passengers"
LEADS = "who leads Baltic Ferries?"
SAYS = "who says that the coral port is open?"


@pytest.fixture(scope="module")
def address(opensearch: OpenSearch) -> Iterator[Address]:
    with archive_at(opensearch, "chat") as address:
        yield address


@pytest.fixture
def place(address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with releases, in which commands run, beside a cluster with nothing in it."""
    emptied(address)
    for name in ("amber", "coral", "jade"):
        write(tmp_path / "releases" / f"{name}.txt", name)
    (tmp_path / "ferry.txt").write_text(FERRY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in {"DATA": tmp_path / "data", "INDEX_NAME": "chat", "INDEX_REPLICAS": 0}.items():
        monkeypatch.setenv(f"ONRECORD_{name}", str(value))
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: its exit status, what it printed, and what it said on standard error."""

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["onrecord", *words])
        monkeypatch.setenv("LANGUAGE", "en")
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(str(ended.value.code or 0)), printed.out, printed.err

    return command


@pytest.fixture
def asking(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting names the cluster."""
    monkeypatch.setenv("ONRECORD_INDEX", ",".join(address.urls))


def test_what_was_done_is_told_of_the_archive_and_then_of_that_in_the_cluster(
    place: Path, run: Run, address: Address
) -> None:
    status, said, warned = run("index", "releases", "--to", ",".join(address.urls))
    assert (status, warned) == (0, "")
    assert said.splitlines() == [
        "3 added.",
        "The archive has 3 releases, 6 passages.",
        f"{address.shown}: 3 added.",
        "The archive has 3 releases, 6 passages.",
    ]
    write(place / "releases" / "amber.txt", "amber", "is closed")
    (place / "releases" / "jade.txt").unlink()
    assert run("index", "--to", address.urls[0])[1].splitlines()[2:] == [
        f"{address.urls[0]}: 1 changed, 1 removed, 1 as before.",
        "The archive has 2 releases, 4 passages.",
    ]
    before = indices_of(reach(address))
    status, said, _ = run("index", "--rebuild", "--to", address.urls[0])
    assert (status, f"{address.urls[0]}: 2 added." in said) == (0, True)
    assert not set(indices_of(reach(address))) & set(before)


def test_another_archives_release_of_the_same_name_is_warned_of(place: Path, run: Run, address: Address) -> None:
    run("index", "releases", "--to", address.urls[0])
    status, said, warned = run("index", "releases", "--data", "other", "--to", address.urls[0])
    assert (status, f"{address.urls[0]}: 3 as before." in said) == (0, True)
    assert "Warning: amber is skipped: another archive brought a release with this id." in warned


def test_a_cluster_that_the_setting_names_is_asked_and_added_to(
    place: Path, run: Run, address: Address, asking: None
) -> None:
    run("index", "releases", "--to", ",".join(address.urls))
    status, said, warned = run("ask", SAYS)
    assert (status, warned) == (0, "")
    assert "The coral port is open, says the mayor." in said
    status, said, _ = run("add", "--yes", "ferry.txt")
    assert (status, f"Added: corpus/{NAME}.md" in said) == (0, True)
    assert "Karin Holm leads Baltic Ferries." in run("ask", LEADS)[1]
    listed = [line.split()[2] for line in run("list")[1].splitlines()]
    assert listed == ["amber", "coral", "jade", NAME]
    assert run("show", "4")[1].endswith("The company carried 90,000 passengers in 2025.\n")
    assert "on the record already" in run("add", "--yes", "ferry.txt")[1]
    status, said, _ = run("remove", "--yes", NAME)
    assert (status, f"Removed: corpus/{NAME}.md" in said) == (0, True)
    assert run("ask", LEADS)[0] == 1


def test_a_folder_that_is_named_is_asked_all_the_same(place: Path, run: Run, address: Address, asking: None) -> None:
    run("index", "releases", "--to", address.urls[0])
    (place / "other").mkdir()
    (place / "other" / "other.md").write_text("# Another\n\nThe coral port is shut, says Nils Berg.\n")
    assert "Nils Berg" in run("ask", "--corpus", "other", SAYS)[1]
    assert run("list", "--corpus", "other")[1] == "1  ----------  other  Another\n"
    assert "Nils Berg" not in run("ask", SAYS)[1]


def test_a_cluster_without_an_archive_says_how_to_make_one(
    place: Path, run: Run, address: Address, asking: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_INDEX_NAME", "nowhere")
    status, _, said = run("ask", SAYS)
    assert status == 2
    assert said == (
        f"There is no archive nowhere at {address.shown}: make it with onrecord index --to and its address.\n"
    )


def test_an_address_that_is_none_is_a_sentence(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("search.example", "https://", "http://search.example:port"):
        status, _, said = run("index", "releases", "--to", wrong)
        assert (status, said) == (
            2,
            "The address of a cluster is like https://search.example:9200, with a comma between several.\n",
        )
    monkeypatch.setenv("ONRECORD_INDEX", "https://")
    assert run("ask", SAYS)[0] == 2


def test_a_cluster_that_is_away_is_a_sentence(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("ONRECORD_INDEX", url)
    away = f"The cluster at {url} does not answer: check that it runs, and that ONRECORD_INDEX names it.\n"
    for command in (("ask", SAYS), ("list",), ("add", "--yes", "ferry.txt"), ("remove", "--yes", "amber")):
        assert run(*command)[::2] == (2, away)
    assert run("index", "releases", "--to", url) == (2, "", away), "before minutes are spent on the archive here"


def test_a_password_in_an_address_is_not_shown(place: Path, run: Run, address: Address) -> None:
    with front(node=address.urls[0]) as door:
        status, said, warned = run("index", "releases", "--to", door.url.replace("//", "//press:hunter2@"))
        assert (status, f"{door.url}: 3 added." in said) == (0, True)
        assert "hunter2" not in said + warned
        assert door.requests[0].headers["authorization"].startswith("Basic ")


def test_without_the_client_it_says_what_to_install(place: Path, asking: None) -> None:
    here = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.modules['opensearchpy'] = None"
    program = f"{here}; sys.argv = ['onrecord', 'list']; from bot.cli import main; main()"
    said = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "This needs one more part: pip install 'onrecord[cluster]'.\n"
