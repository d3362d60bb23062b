"""Several real bots of one token behind a real nginx, and what their work costs in processor and memory."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from nginx_server import Nginx
from service_processes import free_port
from telegram_server import TelegramServer

ROOT = Path(__file__).parent.parent
ADMIN = 99
SECRET = "word-of-the-webhook"  # noqa: S105 - the server and the bots are on loopback
STARTS, STOPS = 90.0, 30.0  # seconds that a bot has
ERROR = re.compile(r"^Traceback .*\n(?:[ ].*\n)+(\S.*)", re.MULTILINE)
COMMAND = ("-m", "bot", "telegram")
WITHOUT_LIMITER = (
    "-c",
    """
import gc, sys
from bot.chat.opening import open_live
from bot.chat.telegram.run import run_bot
from bot.settings import choose, read_settings
gc.set_threshold(50_000)
chosen = choose((), None, read_settings())
sys.exit(run_bot(open_live(chosen), chosen.settings, chosen.data, limiter=False))
""",
)


def environment(**more: str) -> dict[str, str]:
    """That of this tree's programs, without what this machine's own bot is set up with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONRECORD_", "TELEGRAM_"))}
    return kept | {"PYTHONPATH": str(ROOT)} | more


class Bots:
    """Bots, each a process with a data folder of its own, behind an nginx that `server` calls; counted from 0.

    `folder` is for what they write; nobody but this user needs to enter it. `services` is the folder of nginx.
    """

    def __init__(
        self,
        server: TelegramServer,
        folder: Path,
        services: Path,
        urls: Sequence[str],
        database: str,
        *,
        name: str = "onrecord",
        encoder: str = "off",
        limiter: bool = True,
        count: int = 2,
    ) -> None:
        self.folder = folder
        self.ports = [free_port() for _ in range(count)]
        self._server, self._command = server, COMMAND if limiter else WITHOUT_LIMITER
        self._nginx = Nginx(services / "nginx", [f"127.0.0.1:{port}" for port in self.ports])
        self._environment = environment(
            TELEGRAM_BOT_TOKEN=server.token,
            TELEGRAM_API_URL=server.url,
            TELEGRAM_ADMINS=str(ADMIN),
            TELEGRAM_WEBHOOK_SECRET=SECRET,
            ONRECORD_INDEX=",".join(urls),
            ONRECORD_INDEX_NAME=name,
            ONRECORD_DATABASE=database,
            ONRECORD_ENCODER=encoder,
        )
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self._server.private_chat(ADMIN)
        self._nginx.__enter__()
        try:
            for n in range(len(self.ports)):
                self.start(n)
            for n in range(len(self.ports)):
                self.wait(n)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for n in list(self._processes):
            self.stop(n)
        self._nginx.__exit__(None, None, None)

    def start(self, n: int) -> None:
        """Starts a bot; `wait` waits for it."""
        assert n not in self._processes, f"bot {n} runs"
        data = self.folder / f"bot{n}"
        data.mkdir(parents=True, exist_ok=True)
        port = self.ports[n]
        own = {
            "ONRECORD_DATA": str(data),
            "TELEGRAM_WEBHOOK_URL": f"{self._nginx.url}/telegram",
            "TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        }
        with self._log(n).open("ab") as log:
            self._processes[n] = subprocess.Popen(
                [sys.executable, *self._command], cwd=data, env=self._environment | own, stdout=log, stderr=log
            )

    def wait(self, n: int, seconds: float = STARTS) -> None:
        """Waits until a bot says that it is ready.

        Raises:
            RuntimeError: it has ended, or it took longer.
        """
        until = time.monotonic() + seconds
        while not self._is_ready(n):
            if self._processes[n].poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"bot {n} is not ready: {self._log(n).read_text(errors='replace')[-2_000:]}")
            time.sleep(0.1)

    def kill(self, n: int) -> None:
        """Ends a bot by SIGKILL."""
        process = self._processes.pop(n)
        process.kill()
        process.wait()

    def stop(self, n: int) -> int:
        """Ends a bot by SIGTERM, and gives its status; by SIGKILL where that takes too long."""
        process = self._processes.pop(n)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOPS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def pids(self) -> list[int]:
        """The processes that run."""
        return [process.pid for process in self._processes.values()]

    def faults(self) -> list[str]:
        """The last line of each traceback in what they have said."""
        return [
            line for n in range(len(self.ports)) for line in ERROR.findall(self._log(n).read_text(errors="replace"))
        ]

    def _log(self, n: int) -> Path:
        return self.folder / f"bot{n}.log"

    def _is_ready(self, n: int) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[n]}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor seconds of these processes and of their children, also of those that have ended."""
    ticks = 0
    for pid in pids:
        ticks += sum(map(int, _stat(pid)[11:15]))  # utime, stime, cutime, cstime
        ticks += sum(sum(map(int, _stat(child)[11:13])) for child in _children(pid))
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    """What a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _stat(pid: int) -> list[str]:
    """What /proc says of a process from its state on; zeros where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["0"] * 50


def _children(pid: int) -> list[int]:
    own = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    return [one for one in own if _stat(one)[1] == str(pid)]
