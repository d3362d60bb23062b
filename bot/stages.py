"""How long the steps of an answer take, told to whoever listens. Where nobody does, it costs next to nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import perf_counter

Listener = Callable[[str, float], None]

_listeners: tuple[Listener, ...] = ()
_changing = Lock()
_begun: ContextVar[float | None] = ContextVar("begun", default=None)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """A step of an answer, with a name that all of its kind have. It is told however it ends; also a decorator."""
    if not _listeners:
        yield
        return
    start = perf_counter()
    try:
        yield
    finally:
        took(name, start)


def took(name: str, since: float) -> None:
    """Tells that a step ends that began at `since`, in seconds of `perf_counter`."""
    seconds = perf_counter() - since
    for listener in _listeners:
        listener(name, seconds)


@contextmanager
def listen(listener: Listener) -> Iterator[None]:
    """Within the block `listener` hears the name of each step of this process and how many seconds it took.

    It is called in the thread of the step, and must not raise.
    """
    _change(lambda listeners: (*listeners, listener))
    try:
        yield
    finally:
        _change(lambda listeners: tuple(one for one in listeners if one is not listener))


@contextmanager
def begun_at(moment: float) -> Iterator[None]:
    """What is done in the block began at this moment of `perf_counter`, as when it had to wait for its turn."""
    token = _begun.set(moment)
    try:
        yield
    finally:
        _begun.reset(token)


def begun() -> float:
    """When what is being done began, see `begun_at`; where nothing says so, now."""
    moment = _begun.get()
    return perf_counter() if moment is None else moment


def _change(change: Callable[[tuple[Listener, ...]], tuple[Listener, ...]]) -> None:
    global _listeners  # noqa: PLW0603 - the steps are in every room, and none of them knows who may listen
    with _changing:
        _listeners = change(_listeners)
