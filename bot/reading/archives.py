"""The files of a folder or of an archive one by one: nothing is unpacked to disk, and one file at a time is in memory."""

import bz2
import gzip
import lzma
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from time import monotonic

from bot.model import OnrecordError
from bot.reading import tars, zips
from bot.reading.draft import UnreadableError
from bot.reading.entries import End, Entry, Skipped
from bot.reading.files import LARGEST_FILE
from bot.reading.folders import EXTENSIONS, show
from bot.reading.reading import Stamp

__all__ = ["End", "Entry", "Skipped", "each_file", "is_archive", "root_stamp"]

_TOO_LARGE = f"is larger than {LARGEST_FILE // 1_000_000} MB: split it"
_NO_PERMISSION = "cannot be read: check its permissions"
_CUT_OFF = "is damaged or cut off: only what comes before the damage is read"

_ARCHIVES = ".tar, .tar.gz, .tar.bz2, .tar.xz, .zip"
_BEGIN = 1024
_ZIP = re.compile(rb"PK(?:\x03\x04|\x05\x06)")
_UNREAD = re.compile(rb"\x28\xb5\x2f\xfd|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|PK\x07\x08")
_DOCUMENT = "[Content_Types].xml"  # in every file of Office
_GZIP = re.compile(rb"\x1f\x8b\x08")
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_XZ = re.compile(rb"\xfd7zXZ\x00")

_Tell = Callable[[float], None]


def each_file(root: Path, told: _Tell | None = None) -> Iterator[Entry | Skipped | End]:
    """The files of a root in order: of a folder by their paths, of an archive as they lie in it; last of all an `End`.

    A root is a folder, a tar (also in gzip, bzip2 or xz), a zip, or one text. Hidden files and folders and `README.md` are
    passed over, and so are files of other kinds than `bot.reading.folders.EXTENSIONS`. In a folder each file is found
    once, by whatever way; a tar may hold a name twice, and the later file is the one that counts.

    `told` hears, at most ten times a second, how much of the root was taken, from 0 to 1; 1 is told once, at the end.

    Raises:
        OnrecordError: when the first is taken: there is no such root, it may not be read, or it is of no kind that is.
    """
    counted = _Counted(told)
    try:
        status = root.stat()
    except PermissionError as error:
        raise OnrecordError(f"{show(root)} {_NO_PERMISSION}.") from error
    except (OSError, ValueError) as error:
        raise OnrecordError(f"There is no file or folder {show(root)}: check its name.") from error
    if stat.S_ISDIR(status.st_mode):
        yield from _in_folder(root, counted)
    elif stat.S_ISREG(status.st_mode):
        yield from _in_file(root, status, counted)
    else:
        raise OnrecordError(f"{show(root)} is neither a file nor a folder: name one.")
    yield counted.end()


def is_archive(path: Path) -> bool:
    """Whether the path is a file that begins as an archive does, also one of a kind that `each_file` refuses.

    Raises:
        OnrecordError: it may not be read.
    """
    return path.is_file() and _is_archive(_begin(path))


def root_stamp(root: Path) -> Stamp | None:
    """The stamp of a root that is one file, an archive or a text; None of a folder, and where there is nothing."""
    try:
        status = root.stat()
    except (OSError, ValueError):
        return None
    return Stamp.of(status) if stat.S_ISREG(status.st_mode) else None


@dataclass(slots=True)
class _Counted:
    """What is noted on the way through a root."""

    told: _Tell | None
    whole: bool = True
    problem: str | None = None
    others: int = 0
    example: str | None = None
    _last: float = 0.0

    def other(self, name: str) -> None:
        self.others += 1
        self.example = self.example or name

    def tell(self, taken: int, of: int) -> None:
        if self.told and monotonic() - self._last >= 0.1:
            self._last = monotonic()
            self.told(min(taken / of, 1.0) if of else 0.0)

    def end(self) -> End:
        if self.told:
            self.told(1.0)
        return End(self.whole, self.problem, self.others, self.example)


def _in_file(root: Path, status: os.stat_result, counted: _Counted) -> Iterator[Entry | Skipped]:
    begin = _begin(root)
    if _UNREAD.match(begin):
        raise OnrecordError(f"{show(root)} is an archive of a kind that is not read: make it a .tar.xz or a .zip.")
    if _ZIP.match(begin):
        yield from _in_zip(root, counted)
    elif _is_archive(begin):
        yield from _in_tar(root, begin, counted)
    elif root.name.lower().endswith(EXTENSIONS):
        entry = Entry(root.name, Stamp.of(status), partial(_read, root))
        yield Skipped(root.name, _TOO_LARGE) if status.st_size > LARGEST_FILE else entry
    else:
        kinds = ", ".join(EXTENSIONS)
        raise OnrecordError(f"{show(root)} is no folder, no archive ({_ARCHIVES}) and no text ({kinds}).")


def _begin(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_BEGIN)
    except OSError as error:
        raise OnrecordError(f"{show(path)} {_NO_PERMISSION}.") from error


def _is_archive(begin: bytes) -> bool:
    return any(magic.match(begin) for magic in (_GZIP, _BZIP2, _XZ, _ZIP, _UNREAD)) or tars.is_header(begin)


def _in_tar(root: Path, begin: bytes, counted: _Counted) -> Iterator[Entry | Skipped]:
    size, none = root.stat().st_size, True
    with root.open("rb") as file:
        try:
            for entry in tars.each_member(_unpacked(file, begin)):
                none = False
                counted.tell(file.tell(), size)
                yield from _taken(entry, counted)
        except tars.DamagedError as error:
            if none:
                raise OnrecordError(f"{show(root)} is damaged, or holds no tar: get it anew, or unpack it.") from error
            counted.whole, counted.problem = False, _CUT_OFF


def _unpacked(file: BufferedReader, begin: bytes) -> BufferedIOBase:
    if _GZIP.match(begin):
        return gzip.GzipFile(fileobj=file)
    if _BZIP2.match(begin):
        return bz2.BZ2File(file)
    return lzma.LZMAFile(file) if _XZ.match(begin) else file


def _in_zip(root: Path, counted: _Counted) -> Iterator[Entry | Skipped]:
    with root.open("rb") as file:
        try:
            members = zips.directory(file)
        except ValueError as error:
            raise OnrecordError(
                f"{show(root)} is damaged or cut off: the list of its files is missing, so get it anew."
            ) from error
        if any(info.filename == _DOCUMENT for info in members):
            raise OnrecordError(f"{show(root)} is a document, not an archive: add it with onrecord add.")
        for number, info in enumerate(members):
            counted.tell(number, len(members))
            yield from _taken(zips.entry(file, info), counted)


def _taken(entry: Entry, counted: _Counted) -> Iterator[Entry | Skipped]:
    """The member of an archive under its name inside of it, where it is one that is read."""
    # A name is never opened as a path: what is absolute, or leads out of the archive, leads nowhere.
    parts = [part for part in entry.name.split("/") if part not in ("", ".", "..")]
    name = "/".join(parts)
    if not parts or any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return
    if not name.lower().endswith(EXTENSIONS):
        counted.other(name)
    elif parts[-1].lower() == "readme.md":
        return
    elif entry.stamp.size > LARGEST_FILE:
        yield Skipped(name, _TOO_LARGE)
    else:
        yield Entry(name, entry.stamp, entry.read)


def _in_folder(root: Path, counted: _Counted) -> Iterator[Entry | Skipped]:
    top, real = os.fspath(Path.cwd() / root), os.path.realpath(root)
    total, taken = _count(top) if counted.told else 0, 0
    # Only what can be reached by a second way is kept here: of a million files that is none, as a rule.
    seen: set[tuple[int, int]] = set()
    waiting = [("", False)]
    while waiting:
        inside, linked = waiting.pop()
        try:
            if _is_double(Path(top, inside).stat(), seen):
                continue
            listed = _listed(os.fspath(Path(top, inside)))
        except OSError as error:
            if not inside:
                raise OnrecordError(f"The folder {show(root)} cannot be read: check its permissions.") from error
            counted.whole = False
            yield Skipped(inside, "is a folder that cannot be read: check its permissions")
            continue
        below = f"{inside}/" if inside else ""
        for name in listed.others:
            counted.other(below + name)
        for name in listed.files:
            taken += 1
            counted.tell(taken, total)
            path = Path(top, inside, name)
            if name in listed.links and _leads_inside(real, path):
                continue
            try:
                status = path.stat()
            except OSError:
                yield Skipped(below + name, "cannot be read, or links to nothing")
                continue
            many = linked or status.st_nlink > 1 or name in listed.links
            if not stat.S_ISREG(status.st_mode):
                yield Skipped(below + name, "is not a regular file")
            elif _is_double(status, seen, keep=many):
                continue
            elif status.st_size > LARGEST_FILE:
                yield Skipped(below + name, _TOO_LARGE)
            else:
                yield Entry(below + name, Stamp.of(status), partial(_read, path))
        waiting += [(below + name, linked or name in listed.links) for name in reversed(listed.folders)]


@dataclass(frozen=True, slots=True)
class _Listed:
    """The names in a folder, sorted: hidden ones and `README.md` are left out."""

    files: list[str]
    folders: list[str]
    others: list[str]
    links: frozenset[str]


def _listed(folder: str) -> _Listed:
    files, folders, others, links = [], [], [], set()
    with os.scandir(folder) as scan:
        for entry in scan:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_symlink():
                links.add(name)
            if _is_folder(entry):
                folders.append(name)
            elif not name.lower().endswith(EXTENSIONS):
                others.append(name)
            elif name.lower() != "readme.md":
                files.append(name)
    return _Listed(sorted(files), sorted(folders), sorted(others), frozenset(links))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _is_double(status: os.stat_result, seen: set[tuple[int, int]], *, keep: bool = True) -> bool:
    key = (status.st_dev, status.st_ino)
    if key in seen and status.st_ino:
        return True
    if keep:
        seen.add(key)
    return False


def _leads_inside(root: str, link: Path) -> bool:
    """Whether the link leads to a file that is found under its own name."""
    path = Path(os.path.realpath(link))
    if not path.is_relative_to(root) or any(part.startswith(".") for part in path.relative_to(root).parts):
        return False
    return path.name.lower().endswith(EXTENSIONS) and path.name.lower() != "readme.md" and path.is_file()


def _count(folder: str) -> int:
    """About how many files there are to read: links to folders are not followed."""
    count, waiting = 0, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as scan:
                for entry in scan:
                    if entry.name.startswith("."):
                        continue
                    if entry.name.lower().endswith(EXTENSIONS):
                        count += 1
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:
            continue
    return count


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableError(_NO_PERMISSION) from error
    if len(raw) > LARGEST_FILE:
        raise UnreadableError(_TOO_LARGE)
    return raw
