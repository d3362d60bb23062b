"""One program at a time brings an archive to a cluster."""

from pathlib import Path

import pytest
from moving_world import NAMES, during, ids, moved

from bot.index.cluster import Cluster
from bot.index.lease import WRITER
from bot.index.nodes import Nodes
from bot.model import OnrecordError


def test_while_another_one_writes_it_is_refused(archive: Path, nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []

    def beside() -> None:
        with pytest.raises(OnrecordError) as caught:
            moved(archive, nodes, "other")
        refused.append(str(caught.value))

    during(monkeypatch, beside)
    assert moved(archive, nodes) == (5, 0, 0, 0)
    (sentence,) = refused
    assert sentence.startswith("Another onrecord writes to the archive moving at http://127.0.0.1:")
    assert sentence.endswith(": try again when it is done.")
    assert moved(archive, nodes, "one") == (0, 0, 0, 5), "afterwards the next may"


def test_one_that_has_been_silent_for_long_is_taken_for_dead_and_ends_when_it_comes_back(
    archive: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.index.moving.COMMIT_WITHIN", 0)
    monkeypatch.setattr("bot.index.lease.LEASE", -1)

    def beside() -> None:
        monkeypatch.setattr("bot.index.lease.LEASE", 120)
        with monkeypatch.context() as patched:
            # It has not been ended either, when the first comes back.
            patched.setattr(type(nodes.client), "delete", lambda *_, **__: None)
            assert moved(archive, nodes) == (5, 0, 0, 0)

    during(monkeypatch, beside)
    with pytest.raises(OnrecordError, match="Another onrecord writes to the archive moving"):
        moved(archive, nodes)
    assert ids(cluster) == [*NAMES]
    nodes.client.delete(index=nodes.facts, id=WRITER)
