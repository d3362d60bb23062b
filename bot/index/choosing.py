"""Which engine a corpus needs: some thousand passages are read into memory, more are asked in an archive on disk."""

import os
from collections.abc import Sequence
from pathlib import Path

from bot.index.places import archive_folder, commit_file
from bot.model import OnrecordError
from bot.reading.folders import EXTENSIONS, LARGEST_FILE, show

MANY_BYTES = 4_000_000  # of text, about 7,000 passages: an archive answers faster
TOO_MANY_BYTES = 30_000_000  # about 50,000 passages: minutes to read, a second a question
FILES_A_LOOK = 50_000  # files after which no more are counted


def has_archive(data: Path) -> bool:
    """Whether there is an archive under a data folder."""
    return commit_file(archive_folder(data)).exists()


def asks_archive(named: Sequence[Path], data: Path, setting: str) -> bool:
    """Whether the archive under the data folder is asked, and not folders.

    It is, where there is one and nothing else was `named`, or just what it was made of. `setting` is what
    `ONRECORD_INDEX` says: `auto`, `memory` or `disk`.

    Raises:
        OnrecordError: the setting wants an archive, and there is none of what was named.
    """
    if setting == "memory":
        return False
    if has_archive(data) and (not named or _holds(data, named)):
        return True
    if setting == "disk":
        paths = " ".join(show(path) for path in named) or "and a folder of releases"
        raise OnrecordError(f"There is no archive of that in {show(data)}: make it with onrecord index {paths}.")
    return False


def size_note(folders: Sequence[Path], setting: str) -> str | None:
    """A sentence for who opens many releases in memory, or None where they are few enough.

    Raises:
        OnrecordError: they are too many, or one is an archive of files.
    """
    for path in folders:
        if path.suffix.lower() not in EXTENSIONS and path.is_file() and _is_archive(path):
            raise OnrecordError(f"{show(path)} is asked once it is indexed: onrecord index {show(path)}")
    if setting == "memory":
        return None
    size, files = _size(folders)
    paths = " ".join(show(path) for path in folders)
    many = f"{'at least ' * (files >= FILES_A_LOOK)}{files:,} files with {size / 1e6:,.0f} MB of text"
    if size > TOO_MANY_BYTES or files >= FILES_A_LOOK:
        raise OnrecordError(
            f"There are {many}, too many to be read into memory: onrecord index {paths} makes an archive of them, and "
            "ONRECORD_INDEX=memory reads them all the same."
        )
    if size > MANY_BYTES:
        return (
            f"Note: {many} are read into memory; onrecord index {paths} makes an archive that is faster "
            "(ONRECORD_INDEX=memory leaves out this note)."
        )
    return None


def _holds(data: Path, named: Sequence[Path]) -> bool:
    from bot.index.catalogue import known_roots

    return {path.resolve() for path in named} == {root.path for root in known_roots(data)}


def _is_archive(path: Path) -> bool:
    from bot.reading.archives import is_archive

    return is_archive(path)


def _size(folders: Sequence[Path]) -> tuple[int, int]:
    """How many bytes of text there are in the folders, and how many files: no more than tell that they are many."""
    size = files = 0
    waiting = [os.fspath(folder) for folder in folders]
    while waiting and files < FILES_A_LOOK:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.name.lower().endswith(EXTENSIONS) and (held := entry.stat().st_size) <= LARGEST_FILE:
                        size += held
                        files += 1
        except OSError:  # said when it is read
            continue
    return size, files
