"""Indexing at a terminal: how far it is, what was done, and what could not be read."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from bot.chat.language import gettext, ngettext, speaking_locally
from bot.chat.progress import shares_shown
from bot.chat.wording import grouped, printable
from bot.index.address import Address
from bot.index.anew import begin_anew, mend_place, put_in_place
from bot.index.archive import Archive, open_archive
from bot.index.catalogue import known_roots
from bot.index.indexing import Counts, Indexed, index_roots
from bot.index.places import archive_folder
from bot.model import OnrecordError
from bot.reading.folders import show
from bot.reading.name_pattern import compile_pattern

DONE, NOT_ALL, STOPPED = 0, 2, 130
MOST_TOLD = 10  # warnings; nobody reads more of them


@speaking_locally()
def index(paths: Sequence[Path], data: Path, *, pattern: str | None, rebuild: bool, to: Address | None = None) -> int:
    """Brings the archive under the data folder to what the paths hold, then that in the cluster at `to`, where one is
    named, to what is in the archive; gives the exit status.

    Without paths those that were indexed before are looked at again. `rebuild` makes the archive anew, of just the paths
    where there are some, beside the one that is asked meanwhile, and puts it in its place at the end.

    Raises:
        OnrecordError: there is nothing to index, or it cannot be read or written.
    """
    if pattern:
        compile_pattern(pattern)
    if to is not None:
        from bot.chat.moving import check_reached, move_archive

        check_reached(to)
    mend_place(data)
    for path in paths:
        if not path.exists():
            raise OnrecordError(f"There is no file or folder {show(path)}: name what there is.")
    known = {root.path: root.pattern for root in known_roots(data)}
    roots = list(dict.fromkeys(path.resolve() for path in paths)) or list(known)
    if not roots:
        raise OnrecordError("Name what to index, a folder or an archive of texts: onrecord index releases.tar.gz")
    gone = [path for path in roots if not path.exists()]
    if gone and rebuild:
        raise OnrecordError(
            f"There is no file or folder {show(gone[0])} any more: name all that the archive is to be made of."
        )
    folder = begin_anew(data, {path: pattern or known.get(path) for path in roots}) if rebuild else archive_folder(data)
    there = [path for path in roots if path not in gone]
    with stopping() as stopped, shares_shown() as shown:

        def told(root: Path, share: float, counts: Counts) -> None:
            shown(show(Path(root.name)), share, _files(counts))

        done = index_roots(there, folder, pattern=pattern, told=told, stopped=stopped)
    if stopped():
        print(gettext("Stopped. What is indexed so far is kept; run it again to go on."), file=sys.stderr)
        return STOPPED
    for path in gone:
        done.whole = False
        done.warn(
            f"{show(path)} is gone: what was read from it stays, until onrecord index --rebuild names all other paths."
        )
    if rebuild and (done.whole or not _can_be_asked(data)):
        put_in_place(data)
    elif rebuild:
        done.warn("The archive stays as it was, for the new one lacks what could not be read.")
    _tell(done)
    corpus = Archive(archive_folder(data)).corpus()
    print(size(len(corpus.releases), len(corpus.index)))
    if to is not None:
        with stopping() as stopped:
            if not move_archive(data, to, rebuild=rebuild and done.whole, stopped=stopped):
                return STOPPED
    return DONE if done.whole else NOT_ALL


def figures(added: int, changed: int, removed: int, unchanged: int, skipped: int = 0) -> str:
    """What was done to how many releases."""
    told = (
        (added, ngettext("{count} added", "{count} added", added)),
        (changed, ngettext("{count} changed", "{count} changed", changed)),
        (removed, ngettext("{count} removed", "{count} removed", removed)),
        (unchanged, ngettext("{count} as before", "{count} as before", unchanged)),
        (skipped, ngettext("{count} skipped", "{count} skipped", skipped)),
    )
    words = ", ".join(words.format(count=grouped(count)) for count, words in told if count)
    return words or gettext("No release was found")


def size(releases: int, passages: int) -> str:
    """A sentence on how large an archive is."""
    total = ngettext("The archive has {count} release", "The archive has {count} releases", releases)
    parts = ngettext("{count} passage", "{count} passages", passages)
    return f"{total.format(count=grouped(releases))}, {parts.format(count=grouped(passages))}."


def _can_be_asked(data: Path) -> bool:
    try:
        open_archive(data)
    except OnrecordError:
        return False
    return True


def _tell(done: Indexed) -> None:
    """Says what was done, and what could not be read."""
    counts = done.counts
    print(f"{figures(counts.added, counts.changed, counts.removed, counts.unchanged, counts.skipped)}.")
    for warning in done.warnings[:MOST_TOLD]:
        print(gettext("Warning: {warning}").format(warning=printable(warning)), file=sys.stderr)
    if (more := done.warned - MOST_TOLD) > 0:
        print(gettext("There are {count} more of them.").format(count=grouped(more)), file=sys.stderr)
    if done.others:
        passed = ngettext(
            "Not read: {count} file of another kind, {example}. onrecord add reads more kinds.",
            "Not read: {count} files of other kinds, such as {example}. onrecord add reads more kinds.",
            done.others,
        )
        print(passed.format(count=grouped(done.others), example=printable(done.example or "")), file=sys.stderr)


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed. What is being read then is still put into the archive; a second one stops at once."""
    pressed = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True
        print(gettext("Stopping…"), file=sys.stderr, flush=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _files(counts: Counts) -> str:
    return ngettext("{count} file", "{count} files", counts.looked_at).format(count=grouped(counts.looked_at))
