"""The releases of an archive in a cluster as a press office holds them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from bot.desk.archived import ids_reading_so
from bot.desk.holdings import Filed, Listed
from bot.desk.likeness import file_stem, page_of
from bot.index.cluster import Cluster
from bot.index.cluster_releases import Kept, ReleasesInCluster
from bot.model import OnrecordError
from bot.reading.draft import Draft
from bot.reading.files import read_release
from bot.reading.folders import show
from bot.reading.ids import slug

_AT_URL = 20  # releases that are looked at because their URLs are alike


class ClusteredReleases:
    """The `Holdings` of an archive in a cluster.

    What counts is what the cluster has. The file of a release is written where it is added, and each is taken for a file of
    the first folder here, whether it is there or on another machine.
    """

    warnings: tuple[str, ...] = ()

    def __init__(self, cluster: Cluster, releases: ReleasesInCluster, folders: Sequence[Path]) -> None:
        self._cluster, self._releases = cluster, releases
        self.folders = tuple(folder for folder in folders if not folder.is_file()) or (Path("corpus"),)

    def __len__(self) -> int:
        return len(self._releases)

    def listed(self) -> Iterator[Listed]:
        return (Listed(*row) for row in self._releases.listed())

    def ids(self) -> Iterator[str]:
        return self._releases.ids()

    def at(self, number: int) -> Filed | None:
        return self._filed(self._releases.at(number - 1)) if number >= 1 else None

    def find(self, release_id: str) -> Filed | None:
        return self._filed(self._releases.kept(release_id))

    def of_file(self, name: str) -> Filed | None:
        with suppress(ValueError):  # signs that are in no name
            return self._filed(self._releases.of_file(Path(name).name))
        return None

    def near(self, draft: Draft) -> Iterable[Filed]:
        page, stem = page_of(draft.url), file_stem(draft)
        ids = dict.fromkeys(name for name in (draft.id, slug(stem)) if name)
        ids |= dict.fromkeys(ids_reading_so(draft, self._cluster.corpus().index))
        found = [kept for one in ids if (kept := self._releases.kept(one))]
        if page:
            urls = self._releases.at_url(page.partition("?")[0], _AT_URL)
            found += [kept for kept in urls if kept.release.id not in ids and page_of(kept.release.url) == page]
        filed = [self._filed_of(kept) for kept in found]
        path = self.folders[0] / f"{stem}.md"
        if path.is_file() and all(one.path != path for one in filed):
            with suppress(OSError, OnrecordError):
                filed.append(Filed(path, read_release(path.read_bytes(), path.name)[0]))
        return filed

    def with_filed(self, filed: Filed, earlier: Filed | None = None) -> tuple[Filed, Self]:
        from bot.index.feeding import drop_releases, put_releases

        try:
            known = self._releases.kept(filed.release.id)
            if known is not None and known.release.text == filed.release.text and earlier is None:
                return filed, self
            put_releases(self._cluster.nodes, [filed.release], filed.path.name)
            if earlier is not None and earlier.release.id != filed.release.id:
                drop_releases(self._cluster.nodes, [earlier.release.id])
            self._cluster.look()
        except OnrecordError as error:
            raise OnrecordError(f"{show(filed.path)} is written, but not asked yet: add it again. {error}") from error
        return filed, self._renewed()

    def without(self, filed: Filed) -> Self:
        from bot.index.feeding import drop_releases

        try:
            drop_releases(self._cluster.nodes, [filed.release.id])
            self._cluster.look()
        except OnrecordError as error:
            raise OnrecordError(f"{filed.release.id} is still asked: remove it again. {error}") from error
        return self._renewed()

    def _renewed(self) -> Self:
        return type(self)(self._cluster, self._cluster.releases(), self.folders)

    def _filed(self, kept: Kept | None) -> Filed | None:
        return self._filed_of(kept) if kept else None

    def _filed_of(self, kept: Kept) -> Filed:
        return Filed(self.folders[0] / (kept.file or f"{kept.release.id}.md"), kept.release)


def open_clustered(cluster: Cluster, folders: Sequence[Path]) -> ClusteredReleases:
    """The holdings in a cluster as of its last commit. What is added goes into the first folder that is one, too.

    Raises:
        OnrecordError: the cluster cannot be reached.
    """
    cluster.look()
    return ClusteredReleases(cluster, cluster.releases(), folders)
