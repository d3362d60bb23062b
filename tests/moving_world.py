"""Archives on disk that are brought to a cluster in tests, and what others do there meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.index import moving
from bot.index.archive import Archive
from bot.index.catalogue import Row
from bot.index.cluster import Cluster
from bot.index.indexing import index_roots
from bot.index.moving import Moved, move
from bot.index.nodes import Nodes

NAMES = ("amber", "coral", "jade", "stone", "zinc")

Figures = tuple[int, int, int, int]


def indexed(archive: Path, *roots: Path) -> Path:
    index_roots(roots, archive, cores=1)
    return archive


def moved(archive: Path, nodes: Nodes, origin: str = "one", *, rebuild: bool = False) -> Figures:
    """How many were added, changed, removed, and as before."""
    return figures(move(Archive(archive), origin, nodes, cores=1, rebuild=rebuild))


def figures(done: Moved) -> Figures:
    return done.added, done.changed, done.removed, done.unchanged


def ids(cluster: Cluster) -> list[str]:
    return sorted(cluster.look().releases.ids())


def text(cluster: Cluster, release_id: str) -> str:
    one = cluster.look().releases.find(release_id)
    assert one is not None
    return one.text


def during(monkeypatch: pytest.MonkeyPatch, action: Callable[[], None]) -> None:
    """Something is done by somebody else while releases are cut, when those that are there were looked at."""
    cut, done = moving._terms_of, list[bool]()

    def cutting(rows: list[Row]) -> list[tuple[str, ...]]:
        if not done:
            done.append(True)
            action()
        return cut(rows)

    monkeypatch.setattr(moving, "_terms_of", cutting)
