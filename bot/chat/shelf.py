"""The press office's releases at a terminal: the releases listed, shown and taken away."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bot.chat.language import gettext, speaking_locally
from bot.chat.wording import date_words, printable, source_line
from bot.desk import filing
from bot.desk.holdings import Filed, Holdings
from bot.model import OnrecordError
from bot.reading.folders import show

DONE = 0


@speaking_locally()
def list_releases(shelf: Holdings) -> int:
    """Prints the releases, a line each: number, date, id, title."""
    tell_warnings(shelf)
    wide, longest = len(str(len(shelf))), min(40, max(map(len, shelf.ids()), default=0))
    with suppress(BrokenPipeError):  # the reader has seen enough
        for number, one in enumerate(shelf.listed(), 1):
            day = one.published.isoformat() if one.published else "-" * 10
            print(f"{number:>{wide}}  {day}  {one.id:<{longest}}  {printable(one.title)}")
        sys.stdout.flush()
        return DONE
    # What is still buffered must not fail once more when Python flushes it at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


@speaking_locally()
def show_release(words: str, shelf: Holdings) -> int:
    """Prints a release with what is known of it: by its number in the list, its id, or the name of its file."""
    tell_warnings(shelf)
    filed = _found(words, shelf)
    release = filed.release
    print(printable(release.title))
    facts = (
        date_words(release.published) if release.published else None,
        release.source,
        release.place,
        release.wire,
        release.url,
    )
    print(" · ".join(printable(fact) for fact in facts if fact) or gettext("no date, source or address"))
    print(f"{release.id} · {shown_path(filed.path)}\n")
    print("\n".join(printable(line) for line in release.text.split("\n")))
    return DONE


@speaking_locally()
def remove(names: Sequence[str], shelf: Holdings, data: Path, *, yes: bool) -> int:
    """Takes releases off the record, each shown and asked for first; their files are kept under the data folder.

    Raises:
        OnrecordError: one is not there or cannot be taken away, or there is nobody to ask; then none is taken away.
    """
    if not len(shelf) and not shelf.folders[0].exists():
        raise OnrecordError(
            f"There is no folder {show(shelf.folders[0])}: name the folder of your releases with --corpus."
        )
    tell_warnings(shelf)
    if not yes and not sys.stdin.isatty():
        raise OnrecordError("Nobody can be asked whether to remove it: say --yes to remove without a question.")
    found = [_found(name, shelf) for name in names]
    for filed in found:
        filing.check_removable(filed)
    for filed in found:
        print(source_line(filed.release))
        if yes or asked(gettext("Take it off the record? [y/N] "), otherwise=False):
            kept, shelf = filing.remove(filed, shelf, data)
            print(
                gettext("Removed: {file}. It is kept as {kept}.").format(
                    file=shown_path(filed.path), kept=shown_path(kept)
                )
            )
    return DONE


def shown_path(path: Path) -> str:
    """A path as it may be printed, from the current folder where it is below it."""
    here = Path.cwd()
    return show(path.relative_to(here) if path.is_relative_to(here) else path)


def tell_warnings(shelf: Holdings) -> None:
    """Says on standard error what of the releases could not be read."""
    for warning in shelf.warnings:
        print(gettext("Warning: {warning}").format(warning=warning), file=sys.stderr)


def _found(words: str, shelf: Holdings) -> Filed:
    filed = filing.named(words, shelf)
    if filed is None:
        raise OnrecordError(f"There is no release {printable(words)[:80]}: onrecord list shows their numbers and ids.")
    return filed


def asked(question: str, *, otherwise: bool = True) -> bool:
    """Whether the one at the terminal says yes; a bare return is `otherwise`, the end of the input no."""
    try:
        said = input(question).strip().lower()
    except EOFError:
        print()
        return False
    yes = said[:1] in ("y", *gettext("y"))
    return yes if said else otherwise
