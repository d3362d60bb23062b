"""What is shown while something takes minutes: how far it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from bot.chat.language import gettext, speaking_locally
from bot.chat.wording import grouped

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

EVERY = 15.0  # seconds from one line to the next where there is no terminal
FEW = 100  # sentences, which take a few seconds: nobody need be told


@contextmanager
def encoding_shown() -> Iterator[Callable[[int, int], None]]:
    """A function to be told how many sentences of how many are encoded.

    It shows a bar on standard error where that is a terminal, and says one sentence there where it is not; nothing for
    a few sentences.
    """
    shown: tuple[Progress, TaskID] | None = None
    said = False

    @speaking_locally()
    def told(done: int, total: int) -> None:
        nonlocal shown, said
        if total <= FEW:
            return
        if not sys.stderr.isatty():
            if not said:
                message = gettext("Reading {count} sentences for what they mean. This is done once.")
                print(message.format(count=grouped(total)), file=sys.stderr)
                said = True
            return
        if shown is None:
            progress = _bar()
            shown = progress, progress.add_task(gettext("Reading the sentences for what they mean, once"), total=total)
            progress.start()
        progress, task = shown
        progress.update(task, completed=done)

    try:
        yield told
    finally:
        if shown is not None:
            shown[0].stop()


@contextmanager
def shares_shown() -> Iterator[Callable[[str, float, str], None]]:
    """A function to be told of what how large a share is done, from 0 to 1, and words on how much that is.

    It shows bars on standard error where that is a terminal, else a line every so often.
    """
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(
        *columns, TextColumn("{task.fields[words]}"), console=Console(stderr=True, markup=False), transient=True
    ) as progress:
        tasks: dict[str, TaskID] = {}

        def told(what: str, share: float, words: str) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=1.0, words="")
            progress.update(tasks[what], completed=share, words=words)

        yield told


def _lines() -> Callable[[str, float, str], None]:
    last = monotonic()

    def told(what: str, share: float, words: str) -> None:
        nonlocal last
        if monotonic() - last > EVERY:
            last = monotonic()
            print(f"{what}: {share:.0%}, {words}", file=sys.stderr, flush=True)

    return told


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True, markup=False), transient=True)
