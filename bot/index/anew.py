"""An archive that is made anew beside the one that is asked meanwhile, and put in its place at the end."""

from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree

from bot.index.catalogue import roots_in
from bot.index.places import BusyError, archive_folder, said
from bot.index.writing import open_writer
from bot.model import OnrecordError


def begin_anew(data: Path, roots: Mapping[Path, str | None]) -> Path:
    """The folder for an archive of just these roots, with the patterns of their names.

    What an earlier run made there of the same roots is gone on with.

    Raises:
        OnrecordError: another program makes one, or it cannot be written.
    """
    folder = _beside(data, "new")
    try:
        fits = _begun(folder, roots)
    except BusyError:
        raise
    except OnrecordError:  # it is damaged, or of another version
        fits = False
    if not fits:
        rmtree(folder, ignore_errors=True)
        _begun(folder, roots)
    return folder


def put_in_place(data: Path) -> None:
    """Puts the archive that was made anew in the place of the old one.

    Raises:
        OnrecordError: it cannot be renamed.
    """
    folder, old = archive_folder(data), _beside(data, "old")
    with said(folder):
        rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        _beside(data, "new").rename(folder)
        rmtree(old, ignore_errors=True)


def mend_place(data: Path) -> None:
    """Brings the old archive back where a program ended between the two steps of `put_in_place`.

    Raises:
        OnrecordError: it cannot be renamed.
    """
    folder, old = archive_folder(data), _beside(data, "old")
    with said(folder):
        if old.exists() and not folder.exists():
            old.rename(folder)


def _begun(folder: Path, roots: Mapping[Path, str | None]) -> bool:
    """Notes the roots in an archive; whether there are no others in it."""
    with open_writer(folder) as writer:
        for path, pattern in roots.items():
            writer.root(path, pattern)
        writer.commit()
        return {root.path for root in roots_in(writer.database)} == {*roots}


def _beside(data: Path, name: str) -> Path:
    folder = archive_folder(data)
    return folder.with_name(f"{folder.name}.{name}")
