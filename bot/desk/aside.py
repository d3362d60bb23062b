"""Files and folders that are given out: written aside and renamed, and never over something else."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from bot.model import OnrecordError
from bot.reading.folders import show


def check_file(path: Path, *marks: bytes) -> None:
    """Says at once that a file cannot be written there: only one that begins with a mark, or is empty, is replaced.

    Raises:
        OnrecordError: it is a folder, there is no folder for it, or it is a file of another kind.
    """
    if path.is_dir():
        raise OnrecordError(f"{show(path)} is a folder: name a file.")
    if not path.parent.is_dir():
        raise OnrecordError(f"There is no folder {show(path.parent)}: make it, or name another.")
    try:
        with path.open("rb") as file:
            begin = file.read(max(map(len, marks)))
    except FileNotFoundError:
        return
    except OSError as error:
        raise OnrecordError(f"Cannot write {show(path)}: {error.strerror or error}.") from error
    if begin and not begin.startswith(marks):
        raise OnrecordError(f"{show(path)} is there already and is something else: name another file, or delete it.")


@contextmanager
def file_aside(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A file beside `path` that takes its place when the block ends; when the block raises all is as it was.

    Only its owner may read it, for it may hold what people asked.

    Raises:
        OnrecordError: it cannot be written.
    """
    aside = None
    try:
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        with open(descriptor, "w", encoding=encoding, newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
        aside = None
    except OSError as error:
        raise OnrecordError(f"Cannot write {show(path)}: {error.strerror or error}.") from error
    finally:
        if aside is not None:
            with suppress(OSError):
                os.unlink(aside)


def check_folder(path: Path, marked: str, mark: bytes) -> None:
    """Says at once that a folder cannot be written there: only one whose file `marked` begins with the mark, or an empty
    one, is replaced.

    Raises:
        OnrecordError: it is a file, there is no folder for it, or it holds something else.
    """
    if not path.parent.is_dir():
        raise OnrecordError(f"There is no folder {show(path.parent)}: make it, or name another.")
    try:
        if next(path.iterdir(), None) is not None and not (path / marked).read_bytes().startswith(mark):
            raise FileNotFoundError
    except FileNotFoundError as error:
        if path.exists():
            raise OnrecordError(f"{show(path)} holds something else: name another folder, or delete it.") from error
    except NotADirectoryError as error:
        raise OnrecordError(f"{show(path)} is a file: name a folder.") from error
    except OSError as error:
        raise OnrecordError(f"Cannot write {show(path)}: {error.strerror or error}.") from error


@contextmanager
def folder_aside(path: Path) -> Iterator[Path]:
    """A folder beside `path` that takes its place when the block ends; when the block raises all is as it was.

    Raises:
        OnrecordError: it cannot be written.
    """
    aside = None
    try:
        aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=".", suffix=".part"))
        new, old = aside / "new", aside / "old"
        new.mkdir()
        yield new
        if path.exists():
            os.replace(path, old)
        os.replace(new, path)
    except OSError as error:
        raise OnrecordError(f"Cannot write {show(path)}: {error.strerror or error}.") from error
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
