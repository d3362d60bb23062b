"""The files of a corpus: which there are, and a signature of them."""

import hashlib
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.model import OnrecordError

EXTENSIONS = (".txt", ".md", ".markdown")
LARGEST_FILE = 20_000_000
"""The most bytes that a file may hold."""


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the folders: the files to read, in order, how many are of other kinds, and warnings."""

    files: tuple[tuple[Path, os.stat_result], ...]
    others: tuple[Path, ...]
    warnings: tuple[str, ...]


def find_files(folders: Iterable[Path]) -> Found:
    """The files to read in the folders and the folders below, sorted by path; a path to a file is that file.

    Hidden files, hidden folders and `README.md` are passed over. Every file is found once, by whatever way.

    Raises:
        OnrecordError: there is no such folder, or it may not be read.
    """
    files: list[tuple[Path, os.stat_result]] = []
    others: list[Path] = []
    warnings: list[str] = []
    seen: set[tuple[int, int]] = set()
    for folder in folders:
        root = Path.cwd() / folder
        try:
            status = root.stat()
        except (OSError, ValueError) as error:
            raise OnrecordError(f"There is no folder {show(folder)}: make it, or name another.") from error
        if stat.S_ISDIR(status.st_mode):
            _walk(root, files, others, warnings, seen)
        elif root.suffix.lower() in EXTENSIONS:
            _take(root, status, files, warnings, seen)
        else:
            others.append(root)
    return Found(tuple(files), tuple(others), tuple(warnings))


def corpus_signature(folders: Sequence[Path]) -> str:
    """A digest of the path, size and time of change of every file that `read_corpus` would read, for a cache.

    Raises:
        OnrecordError: there is no such folder, or it may not be read.
    """
    return signature_of(find_files(folders))


def signature_of(found: Found) -> str:
    """The same of files that were found."""
    digest = hashlib.blake2b(digest_size=16)
    for path, status in sorted(found.files):
        digest.update(os.fsencode(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0"))
    return digest.hexdigest()


def show(path: Path) -> str:
    """A path as it may be printed: one line, no control characters."""
    return "".join(character if character.isprintable() else "?" for character in os.fspath(path)) or "."


def _walk(
    root: Path,
    files: list[tuple[Path, os.stat_result]],
    others: list[Path],
    warnings: list[str],
    seen: set[tuple[int, int]],
) -> None:
    waiting = [os.fspath(root)]
    while waiting:
        folder = waiting.pop()
        try:
            status = Path(folder).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as scan:
                entries = sorted((entry for entry in scan if not entry.name.startswith(".")), key=lambda e: e.name)
        except OSError as error:
            if folder == os.fspath(root):
                raise OnrecordError(f"The folder {show(root)} cannot be read: check its permissions.") from error
            warnings.append(f"{show(Path(folder))} is skipped: the folder cannot be read.")
            continue
        below = []
        for entry in entries:
            readable = entry.name.lower().endswith(EXTENSIONS)
            try:
                if entry.is_dir():
                    below.append(entry.path)
                elif not readable:
                    others.append(Path(entry.path))
                elif entry.name.lower() != "readme.md":
                    _take(Path(entry.path), entry.stat(), files, warnings, seen)
            except OSError:
                if readable:
                    warnings.append(f"{show(Path(entry.path))} is skipped: it cannot be read, or links to nothing.")
        waiting += reversed(below)


def _take(
    path: Path,
    status: os.stat_result,
    files: list[tuple[Path, os.stat_result]],
    warnings: list[str],
    seen: set[tuple[int, int]],
) -> None:
    if not stat.S_ISREG(status.st_mode):
        warnings.append(f"{show(path)} is skipped: it is not a regular file.")
    elif (status.st_dev, status.st_ino) not in seen or not status.st_ino:
        seen.add((status.st_dev, status.st_ino))
        files.append((path, status))
