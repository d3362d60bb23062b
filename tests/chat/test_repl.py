"""The REPL as people and programs meet it: through a real pseudo-terminal, and through pipes."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from bot.chat.repl import greeting, prompt_text
from bot.chat.session import Session
from bot.index.corpus import Corpus
from bot.index.memory import MemoryIndex
from bot.index.releases import ReleasesInMemory
from bot.index.snapshot import open_corpus
from bot.model import Release

pexpect = pytest.importorskip("pexpect", reason="pexpect drives the terminal")
if not hasattr(pexpect, "spawn"):
    pytest.skip("a pseudo-terminal needs a Unix", allow_module_level=True)

# A test that ran before may have left a thread, of which Python warns where a process is forked.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

ROOT = Path(__file__).parents[2]
PROMPT = re.escape("\x1b[?2004h")  # bracketed paste is switched on when a line can be typed
ESCAPE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[=>])")

HARBOUR = """---
title: Norrvik opens a third quay
published: 2024-05-14
source: Port of Norrvik
---
Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board. The quay cost
12 million euros. Ships of up to 300 metres can moor at the quay.

Ferries sail to Gotland every Friday.
"""
TUNNEL = """---
title: Tunnel under the Oster hill closes
published: 2024-06-02
source: Roads Office
---
The tunnel under the Oster hill closes for repairs in June. Nils Berg, director of the Roads Office, leads the repairs.
"""
MAYOR = "“Ingrid Dahl, mayor of Norrvik, chairs the harbour board.”"
SOURCE = "— Norrvik opens a third quay · 14 May 2024 · Port of Norrvik"
NOT_ON_RECORD = "Not on the record: the releases do not say."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two releases."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "1-harbour.md").write_text(HARBOUR, encoding="utf-8")
    (folder / "2-tunnel.md").write_text(TUNNEL, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def opened(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of somebody who has opened this corpus before."""
    data = tmp_path_factory.mktemp("opened")
    open_corpus([folder], data)
    return data


@pytest.fixture(autouse=True)
def used_before(opened: Path, tmp_path: Path) -> None:
    """To read the same two releases in each test anew is slow."""
    shutil.copytree(opened, tmp_path, dirs_exist_ok=True)


def command(folder: Path, data: Path) -> list[str]:
    return [sys.executable, "-m", "bot", "--corpus", str(folder), "--data", str(data)]


def environment(**more: str) -> dict[str, str]:
    """The environment without what changes colours or the language, and for a terminal that answers no questions."""
    changing = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    kept = {name: value for name, value in os.environ.items() if name not in changing}
    return kept | {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONUTF8": "1"} | more


class Terminal:
    """A person at a terminal with the REPL."""

    def __init__(
        self, folder: Path, data: Path, columns: int = 80, program: Sequence[str] | None = None, **more: str
    ) -> None:
        first, *rest = [sys.executable, *program] if program else command(folder, data)
        self.child = pexpect.spawn(
            first,
            rest,
            cwd=str(ROOT),
            env=environment(**more),
            encoding="utf-8",
            timeout=30,
            dimensions=(24, columns),
        )
        self.raw = ""

    def shown(self) -> str:
        """What was printed up to the next prompt, in words."""
        self.child.expect(PROMPT)
        before, typed, after = self.child.before.partition("\x1b[?2004l")
        self.raw = after if typed else before
        return " ".join(ESCAPE.sub("", self.raw).split())

    def ask(self, line: str) -> str:
        """What is printed for a line."""
        self.child.send(f"{line}\r")
        return self.shown()

    def complete(self, line: str, rest: str) -> None:
        """Types a line and presses Tab, and waits until the rest of its last word is there."""
        self.child.send(f"{line}\t")
        self.child.expect(rest)

    def leave(self) -> int:
        """The exit status after Ctrl-D."""
        self.child.sendeof()
        self.child.expect(pexpect.EOF)
        self.child.close()
        return int(self.child.exitstatus)


@pytest.fixture
def open_terminal(folder: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Opens terminals with the two releases and one data folder, and closes them at the end."""
    opened: list[Terminal] = []

    def open_one(data: Path = tmp_path, columns: int = 80, **more: str) -> Terminal:
        opened.append(Terminal(folder, data, columns, None, **more))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.child.close(force=True)


@pytest.fixture
def terminal(open_terminal: Callable[..., Terminal]) -> Terminal:
    return open_terminal()


# A terminal


def test_a_talk_from_greeting_to_goodbye(terminal: Terminal) -> None:
    assert terminal.shown().startswith("On the record: 2 releases. Ask, for example: ")

    answered = terminal.ask("who chairs the harbour board?")
    assert answered.startswith(f"{MAYOR} {SOURCE} · ")
    assert re.search(r"\x1b\[1mharbour", terminal.raw)

    context = terminal.ask("/context")
    assert "third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board. The quay cost" in context
    assert "score" in terminal.ask("/explain")

    assert "“The quay cost 12 million euros.”" in terminal.ask("how much did the quay cost?")
    assert "\x1b[1;4;32m12 million euros\x1b[0m" in terminal.raw
    assert terminal.ask("/more").startswith("2. “")

    listing = terminal.ask("/releases")
    assert "1 2024-05-14 Norrvik opens a third quay 2 2024-06-02 Tunnel under the Oster hill closes" in listing
    assert terminal.ask("/use 2").startswith("Asking only: Tunnel under the Oster hill closes")
    terminal.child.expect(r"\[2: Tunnel under the Oster hill.*\] >")
    refused = terminal.ask("when do the ferries sail to Gotland?")
    assert refused.startswith(NOT_ON_RECORD)
    assert refused.endswith("Only release 2 was asked. All of them: /all")
    assert terminal.ask("/all").startswith("Asking all 2 releases.")
    assert terminal.ask("/hlep").startswith("There is no command /hlep. Did you mean /help?")
    assert terminal.ask("/help").startswith("Ask a question in your own words")
    assert terminal.leave() == 0


def test_a_talk_in_the_language_of_the_terminal(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(LANG="zh_CN.UTF-8")
    assert terminal.shown().startswith("已收录 2 篇新闻稿。 请提问，例如：")
    shown = terminal.ask("who chairs the harbour board?")
    assert shown.startswith(f"{MAYOR} — Norrvik opens a third quay · 2024年5月14日 · Port of Norrvik · 把握 ")
    assert "/releases [页码] 列出新闻稿及编号" in terminal.ask("/help")
    terminal.child.send("/exp")
    terminal.child.expect("说明刚才的引文为何这样排序")  # offered below the line
    terminal.ask("\t")
    assert terminal.leave() == 0


def test_a_question_is_narrowed_by_operators_in_it(terminal: Terminal) -> None:
    terminal.shown()
    assert terminal.ask("who chairs the harbour board? from:“port of” since:2024-05").startswith(MAYOR)
    refused = terminal.ask("who chairs the harbour board? from:roads")
    assert refused.startswith(NOT_ON_RECORD)
    assert refused.endswith("Only releases from Roads Office were asked.")
    assert terminal.ask("who chairs? since:soon").startswith("soon is no date: write a year, a month or a day")
    assert terminal.ask("who chairs? from:norvik") == "No release is from norvik. The nearest: Port of Norrvik."
    assert "from:acme since:2006-03" in terminal.ask("/help")
    assert terminal.leave() == 0


def test_a_refusal_offers_the_nearest_sentences(terminal: Terminal) -> None:
    terminal.shown()
    refused = terminal.ask("which astronaut painted the quay purple?")
    assert refused.startswith(NOT_ON_RECORD)
    assert "“" not in refused
    assert terminal.ask("/more").startswith("Nearest, not an answer: 1. “")


def test_lines_are_there_again_in_the_next_run(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    first = open_terminal()
    first.shown()
    first.ask("who chairs the harbour board?")
    assert first.leave() == 0
    assert (tmp_path / "history").stat().st_mode & 0o077 == 0

    second = open_terminal()
    second.shown()
    assert second.ask("\x1b[A").startswith(MAYOR)
    assert second.leave() == 0


def test_tab_completes_commands_and_words_of_the_corpus(terminal: Terminal, tmp_path: Path) -> None:
    terminal.shown()
    terminal.complete("when do the ferr", "ies")
    terminal.complete(" sail to Gotl", "and")
    terminal.ask("?")
    terminal.child.send("/rel")
    terminal.child.expect("eases")  # offered below the line
    terminal.complete("", "eases")
    assert "1 2024-05-14" in terminal.ask("")
    lines = [line for line in (tmp_path / "history").read_text(encoding="utf-8").splitlines() if line.startswith("+")]
    assert lines == ["+when do the ferries sail to Gotland?", "+/releases"]


def test_ctrl_c_drops_the_line_and_blank_lines_are_ignored(terminal: Terminal) -> None:
    terminal.shown()
    terminal.child.send("this is never asked")
    terminal.child.sendintr()
    assert terminal.shown() == ""
    assert terminal.ask("") == terminal.ask("   ") == ""
    assert terminal.ask("who chairs the harbour board?").startswith(MAYOR)


def test_quit_leaves(terminal: Terminal) -> None:
    terminal.shown()
    terminal.child.send("/quit\r")
    terminal.child.expect(pexpect.EOF)
    terminal.child.close()
    assert terminal.child.exitstatus == 0


@pytest.mark.parametrize("columns", [20, 200])
def test_narrow_and_wide_terminals(open_terminal: Callable[..., Terminal], columns: int) -> None:
    terminal = open_terminal(columns=columns)
    terminal.shown()
    assert terminal.ask("who chairs the harbour board?").startswith(f"{MAYOR} {SOURCE} · ")
    assert max(map(len, ESCAPE.sub("", terminal.raw).splitlines())) <= columns
    terminal.child.setwinsize(24, 60)
    terminal.child.expect(PROMPT)  # drawn again
    assert terminal.ask("who chairs the harbour board?").startswith(MAYOR)
    assert max(map(len, ESCAPE.sub("", terminal.raw).splitlines())) <= 60
    assert terminal.leave() == 0


def test_without_colour_nothing_is_coloured(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(NO_COLOR="1")
    terminal.shown()
    terminal.ask("how much did the quay cost?")
    assert "\x1b[1;4m12 million euros\x1b[0m" in terminal.raw
    assert not re.search(r"\x1b\[[\d;]*(3[0-8]|4[0-8])[;m]", terminal.raw)
    assert terminal.leave() == 0


def test_a_terminal_that_can_do_nothing_gets_text_only(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(TERM="dumb")
    terminal.child.expect("> ")
    assert "\x1b" not in terminal.child.before
    terminal.child.send("who chairs the harbour board?\r")
    terminal.child.expect("— Norrvik")
    assert MAYOR in terminal.child.before
    assert "\x1b" not in terminal.child.before
    terminal.child.expect("> ")
    assert terminal.leave() == 0


def test_bytes_that_are_no_text_do_no_harm(terminal: Terminal) -> None:
    terminal.shown()
    terminal.child.delaybeforesend = None
    os.write(terminal.child.child_fd, b"caf\xe9 \xff\xfe\r")
    assert terminal.shown()
    assert terminal.ask("who chairs the harbour board?").startswith(MAYOR)
    assert terminal.leave() == 0


def test_a_history_that_cannot_be_kept_is_said_once(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "history").mkdir()
    terminal = open_terminal(data)
    assert "The history of this run is not kept:" in terminal.shown()
    assert "history" not in terminal.ask("who chairs the harbour board?")
    assert terminal.ask("\x1b[A").startswith(MAYOR)
    assert terminal.leave() == 0


# A corpus that changes

LIVE = """
import sys
import time
from collections import deque
from pathlib import Path
from bot.chat.repl import run_repl
from bot.desk.live import open_live
folder, data = map(Path, sys.argv[1:])
live, news = open_live([folder], data, "off"), deque()
live.follow(news.append)
status = run_repl(live, data=data, news=news)
live.close()
sys.exit(status)
"""


def test_a_talk_goes_on_while_the_releases_change(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "2-tunnel.md").write_text(TUNNEL, encoding="utf-8")
    live = ["-c", LIVE, str(folder), str(tmp_path / "data")]
    terminal = Terminal(folder, tmp_path / "data", columns=200, program=live)

    def ask_until(line: str, shown: str) -> str:
        for _ in range(100):
            said = terminal.ask(line)
            if shown in said:
                return said
            time.sleep(0.1)
        raise AssertionError(said)

    terminal.shown()
    terminal.ask("/use 1")
    (folder / "1-harbour.md").write_text(HARBOUR, encoding="utf-8")
    ask_until("/releases", "2 2024-06-02 Tunnel")
    assert terminal.ask("who chairs the harbour board?").startswith(NOT_ON_RECORD)
    terminal.complete("when do the ferries sail to got", "land")
    assert terminal.ask("?").startswith(NOT_ON_RECORD)
    (folder / "2-tunnel.md").unlink()
    ask_until("/releases", "is no longer there: all releases are asked again.")
    assert terminal.ask("who chairs the harbour board?").startswith(MAYOR)
    (folder / "1-harbour.md").write_bytes(b"")
    ask_until("/context", "1-harbour.md stays as it was: it is empty.")
    assert terminal.ask("who chairs the harbour board?").startswith(MAYOR)
    assert terminal.leave() == 0


# Pipes


def piped(folder: Path, data: Path, lines: bytes, **more: str) -> tuple[int, list[str]]:
    """The exit status and the lines printed when `lines` come in through a pipe."""
    done = subprocess.run(
        command(folder, data),
        input=lines,
        capture_output=True,
        cwd=ROOT,
        env=environment(**more),
        timeout=60,
        check=False,
    )
    assert done.stderr == b""
    return done.returncode, done.stdout.decode("utf-8").splitlines()


def test_from_a_pipe_only_the_answer_is_printed(folder: Path, tmp_path: Path) -> None:
    assert piped(folder, tmp_path, b"who chairs the harbour board?\n") == (0, [MAYOR, SOURCE])


def test_a_pipe_is_answered_in_the_language_of_the_environment(folder: Path, tmp_path: Path) -> None:
    status, shown = piped(folder, tmp_path, b"/releases\n", LANG="es_MX.UTF-8")
    assert (status, shown[0]) == (0, "1. Norrvik opens a third quay · 14 de mayo de 2024 · Port of Norrvik")


def test_from_a_pipe_each_line_is_answered_and_commands_work(folder: Path, tmp_path: Path) -> None:
    lines = (
        "\ufeffwho chairs the harbour board?",
        "",
        "/use 2",
        "who leads the repairs?",
        "/nothing",
        "/quit",
        "never",
    )
    status, shown = piped(folder, tmp_path, "\r\n".join(lines).encode())
    assert status == 0
    assert shown[:2] == [MAYOR, SOURCE]
    assert shown[2].startswith("Asking only: Tunnel")
    assert shown[3] == "“Nils Berg, director of the Roads Office, leads the repairs.”"
    assert shown[4].startswith("— Tunnel under the Oster hill closes")
    assert shown[5:] == ["There is no command /nothing. /help lists what there is."]


def test_a_pipe_that_is_no_text_does_no_harm(folder: Path, tmp_path: Path) -> None:
    status, shown = piped(folder, tmp_path, b"\xff\xfe\x00\n\x1b[31m\nwho chairs the harbour board?")
    assert status == 0
    assert shown[-2:] == [MAYOR, SOURCE]
    assert "\x1b" not in "".join(shown)


def test_forced_colour_and_an_encoding_without_quotation_marks_do_no_harm(folder: Path, tmp_path: Path) -> None:
    more = {"FORCE_COLOR": "1", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    status, shown = piped(folder, tmp_path, b"who chairs the harbour board?\n", **more)
    assert (status, shown[0]) == (0, f"?{MAYOR[1:-1]}?")


def test_nothing_at_all_is_answered_with_nothing(folder: Path, tmp_path: Path) -> None:
    assert piped(folder, tmp_path, b"") == (0, [])


def test_a_reader_that_has_seen_enough_is_no_error(folder: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        command(folder, tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(b"who chairs the harbour board?\n")
    process.stdin.flush()
    assert process.stdout.readline().decode() == f"{MAYOR}\n"
    process.stdout.close()
    _, errors = process.communicate(b"who chairs the harbour board?\n" * 20, timeout=60)
    assert (process.returncode, errors) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_answers_that_cannot_be_written_are_an_error_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(folder, tmp_path),
            input=b"who chairs the harbour board?\n",
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert b"The answer cannot be written: No space left on device." in done.stderr
    assert b"Traceback" not in done.stderr


# Pure parts


def test_the_greeting_is_two_lines_with_what_is_loaded() -> None:
    one = Release("id", "Text.", "Norrvik opens\x1b[1m a third quay")
    assert greeting(Corpus(ReleasesInMemory([one]), MemoryIndex(), ("chain",))) == (
        "On the record: Norrvik opens a third quay",
        "Ask, for example: who chairs the chain? (more: /help)",
    )
    assert greeting(Corpus(ReleasesInMemory([one] * 1200), MemoryIndex(), ()))[0] == "On the record: 1,200 releases."
    assert greeting(Corpus(ReleasesInMemory(), MemoryIndex(), ()))[0] == "There are no releases to ask."


def test_the_prompt_names_the_release_in_use_as_far_as_there_is_room() -> None:
    corpus = Corpus(
        ReleasesInMemory([Release("id", "Text.", "Norrvik opens a third quay for ships")]), MemoryIndex(), ()
    )
    assert prompt_text(Session(corpus), 80) == "> "
    assert prompt_text(Session(corpus, scope="id"), 80) == "[1: Norrvik opens a third quay for…] > "
    assert prompt_text(Session(corpus, scope="id"), 45) == "[1: Norrvik opens…] > "
    assert prompt_text(Session(corpus, scope="id"), 20) == "[1] > "
