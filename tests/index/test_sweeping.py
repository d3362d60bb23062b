"""Passages that a program left when it was ended before their release."""

import time
from pathlib import Path

from archive_world import release
from cluster_world import found
from moving_world import moved

from bot.index import feeding
from bot.index.cluster import Cluster
from bot.index.feeding import Fed, bulk, put_releases
from bot.index.nodes import Nodes
from bot.index.packing import pack
from bot.model import Release


def half_done(nodes: Nodes, one: Release, *, days_ago: int) -> None:
    """Somebody put the passages of a release, and was ended before the release."""
    fed = Fed(one.id, pack(one), (time.time_ns() // 1_000) - days_ago * 86_400_000_000)
    bulk(nodes, feeding._passages([fed], {}, nodes.passages))


def test_passages_whose_release_never_came_are_not_asked_and_swept_away(
    archive: Path, cluster: Cluster, nodes: Nodes
) -> None:
    moved(archive, nodes)
    half_done(nodes, release("basalt"), days_ago=1)
    half_done(nodes, release("coral", "is being dredged"), days_ago=1)
    assert moved(archive, nodes) == (0, 0, 0, 5)
    assert (len(cluster.look().index), found(cluster.look(), "basalt dredged")) == (10, [])
    assert cluster.look().index.document_frequency("basalt") == 0
    assert found(cluster.look(), "coral") == ["coral", "coral"]


def test_passages_that_a_press_office_puts_at_this_moment_are_left_to_it(
    archive: Path, cluster: Cluster, nodes: Nodes
) -> None:
    moved(archive, nodes)
    half_done(nodes, release("basalt"), days_ago=0)
    assert moved(archive, nodes) == (0, 0, 0, 5)
    assert (len(cluster.look().index), found(cluster.look(), "basalt")) == (12, [])
    put_releases(nodes, [release("basalt")])
    assert (len(cluster.look().index), found(cluster.look(), "basalt")) == (12, ["basalt", "basalt"])
