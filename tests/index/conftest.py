"""An archive on disk, and one in a cluster that it can be brought to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_world import write
from cluster_world import archive_at, emptied
from moving_world import NAMES, indexed
from opensearch_nodes import OpenSearch

from bot.index.address import Address
from bot.index.cluster import Cluster
from bot.index.nodes import Nodes


@pytest.fixture(scope="session")
def address(opensearch: OpenSearch) -> Iterator[Address]:
    with archive_at(opensearch, "moving") as address:
        yield address


@pytest.fixture
def cluster(address: Address) -> Cluster:
    """An archive of nothing."""
    return emptied(address)


@pytest.fixture
def nodes(cluster: Cluster) -> Nodes:
    return cluster.nodes


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in NAMES:
        write(tmp_path / "corpus" / f"{name}.md", name)
    return tmp_path / "corpus"


@pytest.fixture
def archive(corpus: Path, tmp_path: Path) -> Path:
    """An archive of five releases on disk."""
    return indexed(tmp_path / "index", corpus)
