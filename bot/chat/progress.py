"""What is shown while sentences are encoded, which is done once for each and may take minutes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.chat.language import gettext, speaking_locally
from bot.chat.wording import grouped

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

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


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True, markup=False), transient=True)
