"""An archive under the data folder, open to be asked while other programs add to it."""

from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import tantivy

from bot.index.catalogue import Catalogue, Root
from bot.index.corpus import Corpus
from bot.index.disk import DiskIndex, ReleasesOnDisk, WordsOnDisk
from bot.index.places import (
    VERSION,
    archive_folder,
    being_changed,
    catalogue_file,
    commit_file,
    made_anew,
    passages_folder,
    said,
)
from bot.index.shelf import Shelf
from bot.model import OnrecordError
from bot.reading.folders import show
from bot.text.stemming import look_up_stems


class _Stamp(NamedTuple):
    """Which catalogue it is, and which commit."""

    catalogue: tuple[int, int]
    commit: tuple[int, int]


class Archive:
    """The archive in a folder, as it was at its last commit. Its methods may be called in any thread."""

    def __init__(self, folder: Path) -> None:
        """Opens it, in milliseconds, whatever its size.

        Raises:
            OnrecordError: there is none, it is damaged, or of another version.
        """
        self.folder = folder
        self._lock = Lock()
        self._stamp: _Stamp
        self._open()

    @property
    def catalogue(self) -> Catalogue:
        """What is known of the releases."""
        return self._catalogue

    def corpus(self) -> Corpus:
        """The corpus as of the last commit; the same object until there is another one.

        Raises:
            OnrecordError: it was damaged, or made anew by another version, since it was opened.
        """
        stamp = _stamp(self.folder)
        if stamp is not None and stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._renew(stamp)
        return self._corpus

    def look(self) -> Corpus:
        """The same: a look at the files is cheap enough for each call."""
        return self.corpus()

    def roots(self) -> list[Root]:
        """What is indexed: the folders, the files and the archives of files."""
        return self.catalogue.roots()

    def _renew(self, stamp: _Stamp) -> None:
        if stamp.catalogue != self._stamp.catalogue:  # made anew
            self._open()
        else:
            self._corpus = _current(self.folder, self._engine, self._catalogue, self._shelf)
            self._stamp = stamp

    def _open(self) -> None:
        stamp = _stamp(self.folder)
        if stamp is None:
            raise OnrecordError(
                f"There is no archive in {show(self.folder)}: make it with onrecord index and a folder."
            )
        with said(self.folder):
            path = str(passages_folder(self.folder))
            if not tantivy.Index.is_compatible(path):
                raise made_anew(self.folder, "was made by another version of its engine")
            catalogue = Catalogue(self.folder)
            if catalogue.fact("version") != VERSION:
                raise made_anew(self.folder, "was made by another version of Onrecord")
            engine = tantivy.Index.open(path)
            engine.config_reader("manual")
            look_up_stems(catalogue.stem_of)
        shelf = Shelf(catalogue.kept)
        corpus = _current(self.folder, engine, catalogue, shelf)
        now = _stamp(self.folder)
        if now is None or now.catalogue != stamp.catalogue:  # the parts may be of two archives
            raise being_changed(self.folder)
        self._engine, self._catalogue, self._shelf = engine, catalogue, shelf
        self._corpus, self._stamp = corpus, stamp


def open_archive(data: Path) -> Archive:
    """The archive under a data folder.

    Raises:
        OnrecordError: there is none, it is damaged, or of another version.
    """
    return Archive(archive_folder(data))


def _current(folder: Path, engine: tantivy.Index, catalogue: Catalogue, shelf: Shelf[int]) -> Corpus:
    """The corpus as of the last commit."""
    index = DiskIndex(folder, engine, catalogue, shelf)
    return Corpus(ReleasesOnDisk(catalogue, shelf), index, WordsOnDisk(catalogue))


def _stamp(folder: Path) -> _Stamp | None:
    with suppress(OSError):
        catalogue, commit = catalogue_file(folder).stat(), commit_file(folder).stat()
        return _Stamp((catalogue.st_dev, catalogue.st_ino), (commit.st_ino, commit.st_mtime_ns))
    return None
