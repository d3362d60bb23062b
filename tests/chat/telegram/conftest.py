"""A running bot: the real application, with the real library, against the test Bot API server on loopback."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest
from telegram_server import TelegramServer

from bot.chat.telegram.connection import Connection
from bot.chat.telegram.database import Database, File, open_file
from bot.chat.telegram.office import Office
from bot.chat.telegram.run import serve
from bot.chat.telegram.sending import Pauses
from bot.chat.telegram.shared import Shared, open_shared
from bot.desk.holdings import Library
from bot.desk.log import open_log
from bot.index.corpus import Corpus, build_corpus
from bot.index.snapshot import open_corpus
from bot.reading.files import read_corpus

REPOSITORY = Path(__file__).parents[3]
ADMIN = 99

RELEASES = {
    "quay.md": """---
title: Norrvik opens a third quay
published: 2024-05-14
source: Port of Norrvik
url: https://norrvik.example/quay
---
Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board.
The quay cost 12 million kronor, and 300 dockers work there.

Ships from Riga unload timber at the quay, said Olof Berg, the harbour master.
""",
    "ferries.md": """---
title: Ferries to Gotland carry more passengers
published: 2024-06-01
source: Baltic Ferries
---
Ferries sail to Gotland every Friday. The ferries carried 40,000 passengers in 2021.
The ferries carried 90,000 passengers in 2023, and the company Baltic Ferries wants 150,000 by 2026.

Karin Holm leads Baltic Ferries. She joined the company in 2015.
""",
}


@pytest.fixture(scope="session")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases, `quay` and `ferries`, as files."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in RELEASES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def corpus(corpus_folder: Path) -> Corpus:
    return build_corpus(read_corpus([corpus_folder]).releases)


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(allow_http_webhook=True) as running:
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Iterator[File]:
    """The database of a bot that is one process."""
    opened = open_file(tmp_path / "data", "1")
    yield opened
    opened.close()


@pytest.fixture
def shared(database_url: str) -> Iterator[Shared]:
    """The database of a bot that may be several processes."""
    opened = open_shared(database_url, "1")
    yield opened
    opened.close()


@pytest.fixture(params=["file", "shared"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each of them."""
    opened: Database = request.getfixturevalue(request.param)
    return opened


class EmptyShelf:
    """Where no releases are: of a bot whose corpus is made for the test."""

    def opened(self) -> Library:
        return Library((), ())

    def reload(self) -> None:
        pass


@dataclass
class RunningBot:
    """A bot in a thread of this process. `corpus` may be changed while it runs."""

    server: TelegramServer
    data: Path
    corpus: Corpus
    options: dict[str, Any] = field(default_factory=dict)
    error: BaseException | None = None

    def start(self) -> None:
        started = threading.Event()

        async def run() -> None:
            self.loop, self.told = asyncio.get_running_loop(), asyncio.Event()
            started.set()
            known: dict[str, Any] = {"timeout": 5.0, "pauses": Pauses(0.02, 0.1)} | self.options
            known.setdefault("connected", Connection(self.server.token, self.server.url, (ADMIN,), None))
            known.setdefault("office", Office(frozenset({ADMIN}), EmptyShelf(), self.data, open_log(self.data, 0)))
            known.setdefault("corpus_source", lambda: self.corpus)
            await serve(data=self.data, stop=self.told, **known)

        def live() -> None:
            try:
                asyncio.run(run())
            except Exception as error:  # the test looks at it
                self.error = error

        self.thread = threading.Thread(target=live, name="bot")
        self.thread.start()
        started.wait()

    def stop(self) -> None:
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.told.set)
        self.thread.join(10)

    def restart(self) -> None:
        self.stop()
        self.start()


@pytest.fixture
def start_bot(server: TelegramServer, corpus: Corpus, tmp_path: Path) -> Iterator[Callable[..., RunningBot]]:
    """Starts a bot; the options are those of `serve`."""
    with ExitStack() as running:

        def start(**options: Any) -> RunningBot:
            bot = RunningBot(server, tmp_path / "data", corpus, options)
            bot.start()
            running.callback(bot.stop)
            return bot

        yield start


@pytest.fixture
def bot_of() -> type[RunningBot]:
    """What makes a bot that is not started."""
    return RunningBot


@pytest.fixture
def unused_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def bot(start_bot: Callable[..., RunningBot]) -> RunningBot:
    """A bot that is asked in the usual way."""
    return start_bot()


@dataclass
class Process:
    """`onrecord telegram` as people start it."""

    popen: subprocess.Popen[str]
    log: Path

    def ended(self, timeout: float = 10.0) -> tuple[int, str]:
        """The exit status and all that was printed."""
        return self.popen.wait(timeout), self.log.read_text(encoding="utf-8")


@pytest.fixture
def start_process(server: TelegramServer, corpus_folder: Path, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts a process with these settings beside those of the server; None takes one away."""
    started: list[tuple[subprocess.Popen[str], IO[str]]] = []
    open_corpus([corpus_folder], tmp_path / "data")  # so that no process has to read it, which imports NLTK

    def start(**settings: str | None) -> Process:
        environment = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url, **settings}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM", "ONRECORD"))}
        kept |= {name: value for name, value in environment.items() if value is not None}
        kept |= {"PYTHONPATH": str(REPOSITORY), "ONRECORD_ENCODER": "off", "ONRECORD_RETENTION_DAYS": "0"}
        log = tmp_path / f"log-{len(started)}"
        file = log.open("w", encoding="utf-8")
        command = [sys.executable, "-m", "bot", "telegram", "--corpus", str(corpus_folder)]
        command += ["--data", str(tmp_path / "data")]
        popen = subprocess.Popen(command, env=kept, cwd=tmp_path, stdout=file, stderr=file, text=True)
        started.append((popen, file))
        return Process(popen, log)

    yield start
    for popen, file in started:
        popen.kill()
        popen.wait()
        file.close()
