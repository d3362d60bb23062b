"""Work that is done in all cores, in the order in which it came: above all, files that are read and packed."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from threading import Thread
from typing import TypeVar

from bot.index.packing import Packed, pack
from bot.model import OnrecordError
from bot.reading.draft import UnreadableError
from bot.reading.drafting import read_text
from bot.reading.files import release_of
from bot.reading.ids import file_id
from bot.reading.name_pattern import NamePattern, apply, compile_pattern, named
from bot.reading.reading import Stamp

AT_ONCE = 64  # files that are given to a process at a time
MOST_BYTES = 4_000_000  # of them
FEW = 3  # lots that are read before other processes would have begun
WAITING = 2  # lots that wait for each process: more would only take memory

Lot = TypeVar("Lot")
Sent = TypeVar("Sent")
Done = TypeVar("Done")

_ENDED = "A process that reads files was ended from outside, perhaps for want of memory: run it again to go on."


@dataclass(frozen=True, slots=True)
class Raw:
    """A file as it was found: its name inside its root, its stamp, the digest of its bytes, and the bytes."""

    name: str
    stamp: Stamp | None
    digest: bytes
    bytes: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file holds: a packed release and the id that the file itself gives it, or the problem with it."""

    packed: Packed | None = None
    id: str | None = None
    problem: str | None = None
    warnings: tuple[str, ...] = ()


def packed_files(files: Iterable[Raw], pattern: str | None, cores: int | None = None) -> Iterator[tuple[Raw, Outcome]]:
    """Each file with what it holds, in their order. `pattern` tells what the names mean.

    Raises:
        OnrecordError: a process was ended from outside.
    """
    sent = ((lot, [(raw.name, raw.bytes) for raw in lot]) for lot in _lots(iter(files)))
    for lot, outcomes in in_cores(sent, partial(read_lot, pattern=pattern), cores):
        yield from zip(lot, outcomes, strict=True)


def in_cores(
    lots: Iterable[tuple[Lot, Sent]], work: Callable[[Sent], Done], cores: int | None = None
) -> Iterator[tuple[Lot, Done]]:
    """Each lot with what `work` makes of what is sent of it, in their order.

    A few lots are worked on here; for more there are as many processes as cores, which end with this one, however it ends.

    Raises:
        OnrecordError: a process was ended from outside.
    """
    left = iter(lots)
    few = list(islice(left, FEW + 1))
    if len(few) <= FEW:
        for lot, sent in few:
            yield lot, work(sent)
        return
    with ExitStack() as stack:
        count = cores or _cores()
        pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _begin)
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        running: deque[tuple[Lot, Future[Done]]] = deque()
        try:
            for lot, sent in chain(few, left):
                running.append((lot, _given(pool, work, sent)))
                if len(running) > count * WAITING:
                    yield _next(running)
            while running:
                yield _next(running)
            pool.shutdown()
        except BrokenProcessPool as error:
            raise OnrecordError(_ENDED) from error


def read_lot(files: Sequence[tuple[str, bytes]], pattern: str | None) -> list[Outcome]:
    """What each file holds, by its name inside its root and its bytes."""
    names = compile_pattern(pattern) if pattern else None
    return [_outcome(name, raw, names) for name, raw in files]


def _outcome(name: str, raw: bytes, names: NamePattern | None) -> Outcome:
    file = name.rpartition("/")[2]
    try:
        draft = read_text(raw, file)
    except UnreadableError as error:
        return Outcome(problem=str(error))
    if names and (said := named(names, name)):
        draft = apply(draft, said, raw)
    packed = pack(release_of(draft, draft.id or file_id(file)))
    return Outcome(packed, draft.id, warnings=draft.warnings)


def _given(pool: ProcessPoolExecutor, work: Callable[[Sent], Done], sent: Sent) -> Future[Done]:
    """What is made of a lot, to come. It may start a process."""
    try:
        with _deaf():
            return pool.submit(work, sent)
    except OSError as error:
        raise OnrecordError(_ENDED) from error


def _lots(files: Iterator[Raw]) -> Iterator[list[Raw]]:
    lot: list[Raw] = []
    size = 0
    for raw in files:
        lot.append(raw)
        size += len(raw.bytes)
        if len(lot) == AT_ONCE or size > MOST_BYTES:
            yield lot
            lot, size = [], 0
    if lot:
        yield lot


def _next(running: deque[tuple[Lot, Future[Done]]]) -> tuple[Lot, Done]:
    lot, future = running.popleft()
    return lot, future.result()


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are started meanwhile do not hear Ctrl-C, not even before `_begin`."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Makes a process that reads: one that leaves Ctrl-C to the one that started it, and ends when that has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
