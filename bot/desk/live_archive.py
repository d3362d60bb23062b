"""An archive as it is now: what another program adds to it is asked from its commit on."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Protocol

from bot.answering.encoder import Understanding, open_encoder
from bot.answering.opening import understood
from bot.desk.holdings import Holdings
from bot.index.address import Address
from bot.index.corpus import Corpus
from bot.model import OnrecordError

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())  # where nobody keeps a log, nothing of it appears in a talk


class Versions(Protocol):
    """An archive that others change: as it is at each moment."""

    def corpus(self) -> Corpus:
        """The corpus as of the last commit that is known; the same object until there is another one."""

    def look(self) -> Corpus:
        """The same, of the last commit that there is."""


class LiveArchive:
    """An archive under a data folder or in a cluster. Call it for the `Corpus` to ask, in any thread; each is whole.

    A call learns of a commit. Where the archive can no longer be opened, the corpus that was asked last is asked further,
    and it is told once; when it can be opened again, it is.

    `notes` are sentences for the person who opened it, `warnings` what is wrong now, `folders` those that new releases
    may be written to.
    """

    def __init__(
        self,
        archive: Versions,
        held: Callable[[], Holdings],
        data: Path,
        folders: Sequence[Path],
        understanding: Understanding,
        notes: Sequence[str] = (),
    ) -> None:
        self.folders, self.notes = tuple(folders), tuple(notes)
        self.warnings: tuple[str, ...] = ()
        self._archive, self._held, self._data, self._understanding = archive, held, data, understanding
        self._told: Callable[[str], None] | None = None
        self._renewing = Lock()
        self._found = archive.corpus()
        self._corpus = understood(self._found, understanding, data)

    def __call__(self) -> Corpus:
        try:
            found = self._archive.corpus()
        except OnrecordError as error:
            self._warn(str(error))
            return self._corpus
        if found is not self._found or self.warnings:
            self._take_up()
        return self._corpus

    def reload(self) -> None:
        """Takes up the last commit, if there was one."""
        with suppress(OnrecordError):  # said by the call
            self._archive.look()
        self()

    def holdings(self) -> Holdings:
        """The releases with their files, as they are now.

        Raises:
            OnrecordError: they cannot be read.
        """
        self()
        return self._held()

    def follow(self, told: Callable[[str], None]) -> None:
        """From now on, until `close`, `told` hears each new thing that is wrong, in the thread that comes upon it."""
        self._told = told

    def close(self) -> None:
        """Tells nobody any longer. The corpus can still be asked."""
        self._told = None

    def _take_up(self) -> None:
        """Makes the last commit the corpus that is asked; what is remembered of sentences stays."""
        with self._renewing:
            try:
                found = self._archive.corpus()
            except OnrecordError:  # said at the next call
                return
            if found is not self._found:
                self._corpus = understood(found, self._understanding, self._data, self._corpus.meaning)
                self._found = found
            self.warnings = ()

    def _warn(self, said: str) -> None:
        with self._renewing:
            warning = f"{said.rstrip('.')}; until then the releases stay as they were."
            known, self.warnings = warning in self.warnings, (warning,)
        if known:
            return
        if self._told is None:
            _log.warning("%s", warning)
            return
        try:
            self._told(warning)
        except Exception:
            _log.exception("A warning could not be told")


def open_live_archive(data: Path, folders: Sequence[Path], encoder: str) -> LiveArchive:
    """The archive under the data folder, to be asked as it is at each moment.

    Args:
        data: where Onrecord keeps its own files.
        folders: those that new releases may be written to; the first is taken.
        encoder: what `ONRECORD_ENCODER` says, see `open_encoder`.

    Raises:
        OnrecordError: the archive or the encoder cannot be opened.
    """
    from bot.desk.archived import ArchivedReleases
    from bot.index.archive import open_archive

    opened, archive = open_encoder(encoder), open_archive(data)
    notes = (opened.note,) if opened.note else ()
    return LiveArchive(archive, lambda: ArchivedReleases(archive, folders), data, folders, opened, notes)


def open_live_cluster(address: Address, data: Path, folders: Sequence[Path], encoder: str) -> LiveArchive:
    """The archive in the cluster at an address, to be asked as it is at each moment; the others as above.

    Raises:
        OnrecordError: the cluster cannot be reached, or the encoder cannot be opened.
    """
    from bot.desk.clustered import open_clustered
    from bot.index.cluster import open_cluster

    opened, cluster = open_encoder(encoder), open_cluster(address)
    notes = (opened.note,) if opened.note else ()
    return LiveArchive(cluster, lambda: open_clustered(cluster, folders), data, folders, opened, notes)
