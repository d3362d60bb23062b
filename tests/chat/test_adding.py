"""The press office at a terminal: adding, listing, showing, removing, as people do it."""

import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from web_server import web_server

from bot.cli import main

Run = Callable[..., tuple[int, str, str]]

FERRY = """Ferries to Gotland carry more passengers

VISBY, June 1, 2026 -- Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries.

The company carried 90,000 passengers in 2025.
"""
NAME = "2026-06-01-ferries-to-gotland-carry-more-passengers"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a release to add, in which the commands run."""
    (tmp_path / "ferry.txt").write_text(FERRY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ONRECORD_PRIVATE_URLS", "1")
    return tmp_path


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: its exit status, what it printed, and what it said on standard error."""

    def command(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["onrecord", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(str(ended.value.code or 0)), printed.out, printed.err

    return command


def at_terminal(*words: str) -> "pexpect.spawn[str]":
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return pexpect.spawn(
        sys.executable, ["-m", "bot", *words], encoding="utf-8", timeout=30, dimensions=(40, 100), env=environment,
        # Tests that run in the background of a shell ignore Ctrl-C, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def test_what_was_understood_is_shown_and_asked_for(place: Path) -> None:
    child = at_terminal("add", "ferry.txt")
    for line in (
        "Ferries to Gotland carry more passengers",
        "1 June 2026 · no source found · VISBY",
        "Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries.",
        "3 sentences, 18 words",
        f"It goes to corpus/{NAME}.md.",
    ):
        child.expect_exact(line)
    child.expect_exact("Add it? [Y/n] ")
    child.sendline("n")
    child.expect(pexpect.EOF)
    assert not (place / "corpus").exists()
    child = at_terminal("add", "ferry.txt")
    child.expect_exact("Add it? [Y/n] ")
    child.sendline("")
    child.expect_exact(f"Added: corpus/{NAME}.md")
    child.expect(pexpect.EOF)
    assert (place / "corpus" / f"{NAME}.md").exists()


def test_ctrl_c_ends_it_also_while_a_file_is_read(place: Path) -> None:
    for number in range(40):
        (place / f"page{number}.html").write_text(f"<article><p>{'It is said here. ' * 9}{number}</p></article>")
    child = at_terminal("add", "--yes", *(f"page{number}.html" for number in range(40)))
    child.expect_exact("Added: ")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert 0 < len(list((place / "corpus").iterdir())) < 40


def test_a_release_is_added_asked_listed_shown_and_removed(run: Run) -> None:
    status, said, hint = run("add", "--yes", "ferry.txt")
    assert (status, "onrecord ask" in hint) == (0, True), said
    status, said, _ = run("ask", "who leads Baltic Ferries?")
    assert status == 0
    assert "Karin Holm leads Baltic Ferries." in said
    assert run("list")[1] == f"1  2026-06-01  {NAME}  Ferries to Gotland carry more passengers\n"
    shown = run("show", "1")[1]
    assert shown.endswith("The company carried 90,000 passengers in 2025.\n")
    assert "1 June 2026 · VISBY" in shown
    status, said, _ = run("add", "--yes", "ferry.txt")
    assert (status, "on the record already" in said) == (0, True)
    status, said, _ = run("remove", "--yes", NAME)
    assert (status, f"Removed: corpus/{NAME}.md" in said) == (0, True)
    assert run("list")[1] == ""


def test_standard_input_is_added_with_yes_only(place: Path, run: Run) -> None:
    status, _, said = run("add", "-", typed=FERRY)
    assert (status, "--yes" in said) == (2, True)
    assert run("add", "--yes", "-", typed=FERRY)[0] == 0
    assert (place / "corpus" / f"{NAME}.md").exists()


def test_what_cannot_be_added_gets_a_sentence_and_the_rest_is_added(place: Path, run: Run) -> None:
    (place / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    status, _, said = run("add", "--yes", "photo.png", "missing.txt", "ferry.txt")
    assert status == 2
    first, second = said.splitlines()
    assert first.startswith("photo.png is ")
    assert second == "missing.txt cannot be read: there is no such file."
    assert (place / "corpus" / f"{NAME}.md").exists()


def test_escape_sequences_in_a_release_do_not_reach_the_terminal(place: Path, run: Run) -> None:
    (place / "evil.txt").write_bytes(
        b"A \x1b]0;title\x07 release\n\nIt says \x1b[31mred\x1b[0m things, said the mayor.\n"
    )
    _, said, _ = run("add", "--yes", "evil.txt")
    assert "\x1b" not in said
    assert "\x1b" not in run("show", "1")[1]


def test_a_release_that_is_not_there_gets_a_sentence(run: Run) -> None:
    run("add", "--yes", "ferry.txt")
    for command in ("show", "remove"):
        status, _, said = run(command, "7", *(["--yes"] if command == "remove" else []))
        assert (status, said) == (2, "There is no release 7: onrecord list shows their numbers and ids.\n")


def test_the_releases_that_ship_are_not_changed(run: Run) -> None:
    status, _, said = run("remove", "--yes", "1")
    assert (status, said) == (2, "There is no folder corpus: name the folder of your releases with --corpus.\n")


def test_a_feed_is_followed(run: Run) -> None:
    page = f"<html><body><article><h1>A port</h1><p>{'The mayor opened the port on Monday. ' * 5}</p></article></body></html>"
    item = "<item><title>A port</title><link>{}</link><guid>1</guid></item>"
    with web_server() as web:
        web.page("/port", page.encode(), content_type="text/html")
        feed = f'<rss version="2.0"><channel><title>Port news</title>{item.format(web.url("/port"))}</channel></rss>'
        web.page("/feed.xml", feed.encode(), content_type="application/rss+xml")
        status, said, _ = run("follow", web.url("/feed.xml"))
        assert (status, "1 new release from Port news." in said) == (0, True)
        status, said, _ = run("follow", web.url("/feed.xml"))
        assert (status, said) == (0, "Nothing new in Port news.\n")
