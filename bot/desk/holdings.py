"""The releases that a press office holds, and the files that keep them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from bot.model import Release
from bot.reading.draft import Draft
from bot.reading.files import read_corpus


@dataclass(frozen=True, slots=True)
class Filed:
    """A release, and the file that keeps it. `inside` is the tar or the zip in which that file lies, if it does."""

    path: Path
    release: Release
    inside: Path | None = None


class Listed(NamedTuple):
    """A release as a list shows it."""

    id: str
    title: str
    published: date | None


class Holdings(Protocol):
    """The releases of a press office in their order. What is added goes into the first of `folders`.

    `warnings` are sentences on what could not be read.

    Raises:
        OnrecordError: of each call: the releases cannot be read, or what changed in them cannot be taken up.
    """

    @property
    def folders(self) -> tuple[Path, ...]: ...

    @property
    def warnings(self) -> tuple[str, ...]: ...

    def __len__(self) -> int: ...

    def listed(self) -> Iterator[Listed]:
        """All of them, one by one."""

    def ids(self) -> Iterator[str]:
        """Their ids."""

    def at(self, number: int) -> Filed | None:
        """The one with this number in the list, from 1."""

    def find(self, release_id: str) -> Filed | None:
        """The one with this id."""

    def of_file(self, name: str) -> Filed | None:
        """The one whose file has this name or this path."""

    def near(self, draft: Draft) -> Iterable[Filed]:
        """Those that the draft may repeat, or be a new version of; it is neither of any other."""

    def with_filed(self, filed: Filed, earlier: Filed | None = None) -> tuple[Filed, Self]:
        """The release as it is held, and the holdings, once its file was written; `earlier` is what it replaces."""

    def without(self, filed: Filed) -> Self:
        """The holdings, once the file of this release was taken away."""


@dataclass(frozen=True, slots=True)
class Library:
    """The releases in the folders of a corpus: `Holdings` in memory, for some thousand of them."""

    folders: tuple[Path, ...]
    filed: tuple[Filed, ...]
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.filed)

    def listed(self) -> Iterator[Listed]:
        return (Listed(one.release.id, one.release.title, one.release.published) for one in self.filed)

    def ids(self) -> Iterator[str]:
        return (one.release.id for one in self.filed)

    def at(self, number: int) -> Filed | None:
        return self.filed[number - 1] if 1 <= number <= len(self.filed) else None

    def find(self, release_id: str) -> Filed | None:
        return next((one for one in self.filed if one.release.id == release_id), None)

    def of_file(self, name: str) -> Filed | None:
        return next((one for one in self.filed if name in (one.path.name, str(one.path))), None)

    def near(self, draft: Draft) -> Iterable[Filed]:
        return self.filed

    def with_filed(self, filed: Filed, earlier: Filed | None = None) -> tuple[Filed, Self]:
        gone = {filed.path} if earlier is None else {filed.path, earlier.path}
        others = (one for one in self.filed if one.path not in gone)
        return filed, replace(self, filed=tuple(sorted((*others, filed), key=lambda one: one.path)))

    def without(self, filed: Filed) -> Self:
        return replace(self, filed=tuple(one for one in self.filed if one.path != filed.path))


def open_library(folders: Sequence[Path]) -> Library:
    """The library in the folders; a first folder that there is not yet holds nothing.

    Raises:
        OnrecordError: another folder is not there, or one may not be read.
    """
    there = [folder for number, folder in enumerate(folders) if number or folder.exists()]
    if not there:
        return Library(tuple(folders), ())
    reading = read_corpus(there)
    filed = tuple(Filed(path, release) for path, release in reading.files.items())
    return Library(tuple(folders), filed, reading.warnings)
