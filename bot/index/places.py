"""Where an archive lies under the data folder, and what is said when something goes wrong with its files."""

import errno
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.model import OnrecordError
from bot.reading.folders import show

VERSION = "1"
"""Of the terms, of how releases are cut, and of what is kept: to be raised when one of them changes."""

_ROOM = 1_000_000  # bytes; a disk with less is full
# SQLite tells a quota and a limit on files as an error of writing.
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)


def archive_folder(data: Path) -> Path:
    """Where the archive of a data folder lies."""
    return data / "index"


def catalogue_file(folder: Path) -> Path:
    """The file of what is known of the releases of an archive."""
    return folder / "catalogue.sqlite3"


def passages_folder(folder: Path) -> Path:
    """The files of the engine."""
    return folder / "passages"


def commit_file(folder: Path) -> Path:
    """The file whose time is that of the last commit; without it there is no archive yet."""
    return folder / "commit"


def identity(data: Path) -> str:
    """What tells the archive of this data folder from others, also when it is made anew: drawn once.

    Raises:
        OnrecordError: it cannot be read or written.
    """
    path = data / "archive-id"
    with said(archive_folder(data)):
        with suppress(FileNotFoundError):
            return path.read_text(encoding="ascii").strip()
        drawn = secrets.token_hex(8)
        path.write_text(f"{drawn}\n", encoding="ascii")
    return drawn


class BusyError(OnrecordError):
    """Another program is changing the archive."""


@contextmanager
def said(folder: Path) -> Iterator[None]:
    """Turns what goes wrong with the files of an archive into a sentence.

    Raises:
        OnrecordError: in place of an error of SQLite, of the engine, or of the system.
    """
    try:
        yield
    except OnrecordError:
        raise
    except (sqlite3.Error, OSError, ValueError, LookupError) as error:
        raise _told(error, folder) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what Rust ends with on files that it did not write
            raise
        raise _told(error, folder) from error


def made_anew(folder: Path, why: str) -> OnrecordError:
    """The error for an archive that cannot be used as it is."""
    return OnrecordError(f"The archive in {show(folder)} {why}: make it anew with onrecord index --rebuild.")


def being_changed(folder: Path) -> BusyError:
    """The error for an archive that another program holds just now."""
    return BusyError(f"The archive in {show(folder)} is being changed: try again in a moment.")


def _told(error: BaseException, folder: Path) -> OnrecordError:
    words = str(error)
    if _is_full(error, folder):
        return OnrecordError(f"The disk with {show(folder)} is full: make room, and run it again to go on.")
    if "LockBusy" in words:
        return BusyError(f"Another onrecord writes to the archive in {show(folder)}: try again when it is done.")
    if isinstance(error, PermissionError) or "Permission denied" in words or "readonly" in words:
        return OnrecordError(f"The archive in {show(folder)} may not be read or written: check its permissions.")
    if isinstance(error, sqlite3.OperationalError) and "locked" in words:
        return being_changed(folder)
    return made_anew(folder, "is damaged")


def _is_full(error: BaseException, folder: Path) -> bool:
    words = str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    if isinstance(error, sqlite3.Error):
        return error.sqlite_errorcode in _FULL
    if any(sign in words for sign in ("No space left", "File too large", "quota")):
        return True
    with suppress(OSError):  # the engine's threads fail, and what it says then is that they are gone
        return shutil.disk_usage(folder).free < _ROOM
    return False
