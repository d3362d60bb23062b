"""A process under measurement: how long it takes, when it first speaks, how much memory it and its children hold."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

EVERY = 0.05  # seconds between two looks at the memory, at least; a look may take a thirtieth of the time
RARELY = 0.5  # seconds, at most


@dataclass(frozen=True, slots=True)
class Watched:
    """How a process went: `seconds` in all and up to its first line, its lines, and its peak memory in MB.

    `stopped` says what it went beyond where it had to be stopped.
    """

    seconds: float
    first_line: float
    peak: float
    lines: tuple[str, ...]
    status: int
    stopped: str | None


def watch(
    command: Sequence[str], *, seconds: float, memory: float, folder: Path, environment: Mapping[str, str]
) -> Watched:
    """Runs a command to its end, or until it goes beyond so many seconds or MB.

    The memory is that of all processes of the command: the sum of their proportional set sizes, in which what several
    share counts once, as it is looked at again and again; or the most that one of them ever held, if that is more.
    """
    start = perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=os.environ | environment,
        start_new_session=True,
    )
    assert process.stdout
    peaks, reasons, ended = [0.0], list[str](), Event()

    def look() -> None:
        pause = EVERY
        while not ended.wait(pause):
            began = perf_counter()
            peaks.append(memory_of(process.pid))
            pause = min(RARELY, max(EVERY, 30 * (perf_counter() - began)))
            if began - start > seconds:
                reasons.append(f"> {seconds:.0f} s")
            elif peaks[-1] > memory:
                reasons.append(f"> {memory / 1000:.0f} GB")
            if reasons:
                os.killpg(process.pid, signal.SIGKILL)
                return

    looking = Thread(target=look)
    looking.start()
    lines, first_line = [], 0.0
    try:
        for line in process.stdout:
            first_line = first_line or perf_counter() - start
            lines.append(line.rstrip("\n"))
            peaks.append(memory_of(process.pid))
        process.wait()
        took = perf_counter() - start
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    finally:
        ended.set()
        looking.join()
        process.stdout.close()
    return Watched(took, first_line, max(peaks), tuple(lines), process.returncode, reasons[0] if reasons else None)


def session(leader: int) -> list[int]:
    """The processes that are alive in the session that a process leads."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # After the name, which may hold anything: state, parent, group, session.
            state, _, _, led_by = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:  # it is gone
            continue
        if int(led_by) == leader and state != "Z":
            found.append(int(folder.name))
    return found


def memory_of(leader: int) -> float:
    """MB that the processes of a session hold together, or that one of them held once, if that is more."""
    together, most = 0, 0
    for process in session(leader):
        try:
            now = Path(f"/proc/{process}/smaps_rollup").read_text()
            ever = Path(f"/proc/{process}/status").read_text()
        except OSError:  # it is gone
            continue
        together += _kilobytes(now, "Pss:")
        most = max(most, _kilobytes(ever, "VmHWM:"))
    return max(together, most) / 1024


def _kilobytes(rows: str, name: str) -> int:
    return next((int(row.split()[1]) for row in rows.splitlines() if row.startswith(name)), 0)
