"""What the servers for tests share: a user who may run them, a folder that is theirs, a port, and processes that end.

PostgreSQL and OpenSearch refuse to be run by root. Where the tests are, the servers run as `nobody`.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pwd

INSTALL = "tests/services/install installs it"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
_TAIL = 2_000


@contextmanager
def service_folder() -> Iterator[Path]:
    """An empty folder where servers can be given theirs, gone afterwards. pytest's `tmp_path` is root's own, where the
    tests are run by root, and no other user may enter it."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def give(folder: Path) -> None:
    """Makes a folder and gives it, with all that is in it, to the user who runs the servers.

    Raises:
        RuntimeError: that user may not enter one of the folders above.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not AS_ROOT:
        return
    nobody = _nobody()
    closed = [above for above in folder.resolve().parents if not above.stat().st_mode & 0o001]
    if closed:
        raise RuntimeError(f"{closed[-1]} is closed to {nobody.pw_name}: take a folder of service_folder().")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def free_port() -> int:
    """A free port on loopback, below those that the system gives to connections: a server that was killed must find its
    port again, and whoever calls it meanwhile must not be connected to himself."""
    for _ in range(100):
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("There is no free port.")


def spawn(command: Sequence[str | Path], folder: Path) -> subprocess.Popen[bytes]:
    """Starts a server in a process group of its own, in its folder; what it says goes to `folder/output`."""
    other = {"user": _nobody().pw_uid, "group": _nobody().pw_gid, "extra_groups": []} if AS_ROOT else {}
    with (folder / "output").open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **other,  # type: ignore[arg-type]
        )


def end(process: subprocess.Popen[bytes], by: signal.Signals, seconds: float = 20) -> None:
    """Ends the group of a process by a signal, and by SIGKILL where it has not ended after `seconds`."""
    for number in (by, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def wait_until(
    ready: Callable[[], bool], processes: Mapping[Path, subprocess.Popen[bytes]], seconds: float, pause: float = 0.05
) -> None:
    """Waits until what `processes`, by their folders, are to be is true.

    Raises:
        RuntimeError: one of them has ended; the error holds the last that it said.
        TimeoutError: it is not true after so many seconds.
    """
    until = time.monotonic() + seconds
    while not ready():
        for folder, process in processes.items():
            if process.poll() is not None:
                said = (folder / "output").read_text(errors="replace")[-_TAIL:]
                raise RuntimeError(f"{folder.name} has ended with status {process.returncode}: {said}")
        if time.monotonic() > until:
            raise TimeoutError(f"{', '.join(folder.name for folder in processes)}: not ready after {seconds} s.")
        time.sleep(pause)


def _nobody() -> "pwd.struct_passwd":
    import pwd  # not on Windows

    return pwd.getpwnam("nobody")
