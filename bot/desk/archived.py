"""The releases of an archive as a press office holds them: any number of them, of which only those are read that count."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from bot.desk.holdings import Filed, Listed
from bot.desk.likeness import file_stem, page_of
from bot.index.archive import Archive, open_archive
from bot.index.base import PassageIndex
from bot.index.catalogue import Kept, Root, as_path
from bot.index.cutting import cut
from bot.index.scope import Scope
from bot.model import OnrecordError
from bot.reading.draft import Draft
from bot.reading.files import read_release, release_of
from bot.reading.folders import show
from bot.reading.ids import slug

_FIRST = 6  # passages of a draft by which its like is looked for
_RAREST = 16  # terms of them
_NEAREST = 20  # passages that are found by those


class ArchivedReleases:
    """The `Holdings` of an archive. Where a file was written or taken away, the archive learns of it at once.

    What lies in a tar or a zip can be read but not changed. A file that was written although the archive could not learn
    of it is found when the same release is added again, and made up for.
    """

    warnings: tuple[str, ...] = ()

    def __init__(self, archive: Archive, folders: Sequence[Path]) -> None:
        self._archive = archive
        self.folders = tuple(folder for folder in folders if not folder.is_file()) or (Path("corpus"),)

    def __len__(self) -> int:
        return self._archive.catalogue.count()

    def listed(self) -> Iterator[Listed]:
        return (Listed(*row) for row in self._archive.catalogue.listed())

    def ids(self) -> Iterator[str]:
        return self._archive.catalogue.ids()

    def at(self, number: int) -> Filed | None:
        return self._first(self._archive.catalogue.keys(number - 1, 1)) if number >= 1 else None

    def find(self, release_id: str) -> Filed | None:
        return self._first(self._archive.catalogue.keys_of([release_id]))

    def of_file(self, name: str) -> Filed | None:
        with suppress(ValueError):  # signs that are in no name
            return self._at(Path(name)) or self._first(self._archive.catalogue.keys_named(name))
        return None

    def near(self, draft: Draft) -> Iterable[Filed]:
        catalogue, page, stem = self._archive.catalogue, page_of(draft.url), file_stem(draft)
        keys = [
            *catalogue.keys_of([name for name in (draft.id, slug(stem)) if name]),
            *catalogue.keys_of(ids_reading_so(draft, self._archive.corpus().index)),
        ]
        if page:
            urls = catalogue.urls_with(page.partition("?")[0])
            keys += [key for key, url in urls.items() if page_of(url) == page]
        found = self._filed(dict.fromkeys(keys))
        path = self.folders[0] / f"{stem}.md"
        if path.is_file() and self._at(path) is None:
            with suppress(OSError, OnrecordError):
                found.append(Filed(path, read_release(path.read_bytes(), path.name)[0]))
        return found

    def with_filed(self, filed: Filed, earlier: Filed | None = None) -> tuple[Filed, Self]:
        known = self._at(filed.path) if filed.inside is None else filed
        if known is not None and known.release.text == filed.release.text and earlier is None:
            return filed, self
        try:
            if earlier is not None and earlier.path != filed.path:
                self._learn(earlier.path)
            self._learn(filed.path)
        except OnrecordError as error:
            new = self._at(filed.path)  # the archive may only have something to say of a file that it took
            if new is None or new.release.text != filed.release.text:
                folder = show(filed.path.parent)
                raise OnrecordError(
                    f"{show(filed.path)} is written, but not asked yet: run onrecord index {folder}. {error}"
                ) from error
        return self._at(filed.path) or filed, self

    def without(self, filed: Filed) -> Self:
        try:
            self._learn(filed.path)
        except OnrecordError as error:
            raise OnrecordError(
                f"{show(filed.path)} is taken away, but still asked: run onrecord index. {error}"
            ) from error
        return self

    def _filed(self, keys: Iterable[int]) -> list[Filed]:
        """The releases with these keys, as far as they are there."""
        wanted = list(keys)
        if not wanted:
            return []
        kept, roots = self._archive.catalogue.kept(wanted), {root.number: root for root in self._archive.roots()}
        return [_filed(kept[key], roots[kept[key].root]) for key in wanted if key in kept]

    def _first(self, keys: Sequence[int]) -> Filed | None:
        return next(iter(self._filed(keys[:1])), None)

    def _at(self, path: Path) -> Filed | None:
        """The release of the file at a path."""
        place = _place(path)
        for root in self._archive.roots():
            if root.path == place or root.path in place.parents:
                name = place.name if root.path == place else place.relative_to(root.path).as_posix()
                if found := self._first(self._archive.catalogue.keys_at(root.number, name)):
                    return found
        return None

    def _learn(self, path: Path) -> None:
        """Brings the archive up to date with one file.

        Raises:
            OnrecordError: it cannot be changed now, or has something to say of the file.
        """
        from bot.index.indexing import index_file, index_roots

        place = _place(path)
        try:
            roots = [root.path for root in self._archive.roots()]
            if place in roots:
                index_roots([place], self._archive.folder, cores=1)
            else:
                root = next((root for root in roots if root in place.parents), place.parent)
                index_file(place, root, self._archive.folder)
        finally:
            self._archive.corpus()


def ids_reading_so(draft: Draft, index: PassageIndex) -> set[str]:
    """The ids of the releases that have the rarest terms of the draft's beginning: of all, and of those of its day."""
    passages = cut(release_of(draft, "draft")).passages[:_FIRST]
    frequencies = {term: index.document_frequency(term) for _, terms in passages for term in terms}
    rarest = sorted((term for term, count in frequencies.items() if count), key=lambda term: frequencies[term])
    scopes = [None, Scope(since=draft.published, until=draft.published)] if draft.published else [None]
    hits = [hit for scope in scopes for hit in index.search(rarest[:_RAREST], _NEAREST, scope)]
    return {passage.release.id for passage, _ in hits}


def open_archived(data: Path, folders: Sequence[Path]) -> ArchivedReleases:
    """The holdings in the archive under a data folder. What is added goes into the first folder that is one.

    Raises:
        OnrecordError: the archive cannot be opened.
    """
    return ArchivedReleases(open_archive(data), folders)


def _filed(kept: Kept, root: Root) -> Filed:
    name = as_path(kept.name)
    if not root.path.is_file():
        return Filed(root.path / name, kept.release)
    if name == Path(root.path.name):  # a file that was named by itself
        return Filed(root.path, kept.release)
    return Filed(root.path / name, kept.release, inside=root.path)


def _place(path: Path) -> Path:
    """The path as the archive knows it: its folder without links."""
    return path.parent.resolve() / path.name
