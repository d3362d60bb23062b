"""The library at a terminal: the releases listed, shown and taken away."""

import sys
from collections.abc import Sequence
from pathlib import Path

from bot.chat.language import gettext, speaking_locally
from bot.chat.wording import date_words, printable, source_line
from bot.desk import filing
from bot.desk.filing import Filed, Library
from bot.model import OnrecordError
from bot.reading.folders import show

DONE = 0


@speaking_locally()
def list_releases(folders: Sequence[Path]) -> int:
    """Prints the releases, a line each: number, date, id, title."""
    shelf = _opened(folders)
    wide = len(str(len(shelf.filed)))
    longest = min(40, max((len(one.release.id) for one in shelf.filed), default=0))
    for number, filed in enumerate(shelf.filed, 1):
        day = filed.release.published.isoformat() if filed.release.published else "-" * 10
        print(f"{number:>{wide}}  {day}  {filed.release.id:<{longest}}  {printable(filed.release.title)}")
    return DONE


@speaking_locally()
def show_release(words: str, folders: Sequence[Path]) -> int:
    """Prints a release with what is known of it: by its number in the list, its id, or the name of its file."""
    filed = _found(words, _opened(folders))
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
def remove(names: Sequence[str], folders: Sequence[Path], data: Path, *, yes: bool) -> int:
    """Takes releases off the record, each shown and asked for first; their files are kept under the data folder.

    Raises:
        OnrecordError: one is not there, or there is nobody to ask; then none is taken away.
    """
    if not folders[0].exists():
        raise OnrecordError(f"There is no folder {show(folders[0])}: name the folder of your releases with --corpus.")
    shelf = _opened(folders)
    if not yes and not sys.stdin.isatty():
        raise OnrecordError("Nobody can be asked whether to remove it: say --yes to remove without a question.")
    for filed in [_found(name, shelf) for name in names]:
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


def _opened(folders: Sequence[Path]) -> Library:
    shelf = filing.open_library(folders)
    for warning in shelf.warnings:
        print(gettext("Warning: {warning}").format(warning=warning), file=sys.stderr)
    return shelf


def _found(words: str, shelf: Library) -> Filed:
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
