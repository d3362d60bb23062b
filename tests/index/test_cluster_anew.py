"""An archive in a cluster that is made anew: it is asked meanwhile, and nothing that others did is lost."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from archive_world import put, release, write
from cluster_world import found, indices_of, state
from moving_world import NAMES, during, figures, ids, indexed, moved, text

from bot.index.address import Address
from bot.index.archive import Archive
from bot.index.cluster import Cluster, open_cluster
from bot.index.feeding import drop_releases, put_releases
from bot.index.moving import move
from bot.index.nodes import Nodes
from bot.model import OnrecordError


def test_made_anew_it_is_asked_meanwhile_and_then_replaced(
    archive: Path, corpus: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(archive, nodes)
    before, meanwhile = indices_of(nodes), []
    write(corpus / "coral.md", "coral", "is closed")
    (corpus / "jade.md").unlink()
    indexed(archive, corpus)
    during(
        monkeypatch,
        lambda: meanwhile.append((sorted(found(cluster.look(), "coral closed jade")), len(indices_of(nodes)))),
    )
    assert moved(archive, nodes, rebuild=True) == (4, 0, 0, 0)
    assert meanwhile == [(["coral", "coral", "jade", "jade"], 6)]
    assert ids(cluster) == ["amber", "coral", "stone", "zinc"]
    assert found(cluster.look(), "closed") == ["coral"]
    after = indices_of(nodes)
    assert len(after) == 3 and not set(after) & set(before), "the old ones are deleted"
    assert moved(archive, nodes) == (0, 0, 0, 4)


def test_made_anew_it_keeps_what_others_did(archive: Path, cluster: Cluster, nodes: Nodes, tmp_path: Path) -> None:
    put(tmp_path / "other", release("basalt"))
    moved(tmp_path / "other", nodes, "other")
    moved(archive, nodes)
    put_releases(nodes, [release("quartz"), release("coral", "is being dredged")], "by-hand.md")
    drop_releases(nodes, ["jade"])
    before = state(nodes.address)[1:]
    moved(archive, nodes, rebuild=True)
    assert state(nodes.address)[1:] == before
    assert ids(cluster) == ["amber", "basalt", "coral", "quartz", "stone", "zinc"]
    assert "dredged" in text(cluster, "coral")
    assert {kept.file for kept in cluster.releases().walk()} >= {"by-hand.md"}
    assert moved(archive, nodes) == (0, 0, 0, 5), "what was taken away stays away"
    assert moved(tmp_path / "other", nodes, "other") == (0, 0, 0, 1)
    assert ids(cluster) == ["amber", "basalt", "coral", "quartz", "stone", "zinc"]


def test_what_a_press_office_does_while_it_is_made_anew_is_done(
    archive: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(archive, nodes)
    put_releases(nodes, [release("basalt"), release("flint")])

    def work() -> None:
        drop_releases(nodes, ["jade", "basalt"])
        put_releases(nodes, [release("quartz"), release("coral", "is being dredged")])

    during(monkeypatch, work)
    moved(archive, nodes, rebuild=True)
    assert ids(cluster) == ["amber", "coral", "flint", "quartz", "stone", "zinc"]
    assert "dredged" in text(cluster, "coral")
    assert len(cluster.look().index) == len([*cluster.look().index]) == 12


def test_what_a_press_office_does_at_the_last_moment_is_done(
    archive: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.index import cluster_anew as anew

    moved(archive, nodes)
    put_releases(nodes, [release("basalt"), release("flint")])
    point = anew.point

    def late(nodes: Nodes, into: dict[str, str]) -> Sequence[str]:
        drop_releases(nodes, ["jade", "basalt"])
        put_releases(nodes, [release("quartz"), release("coral", "is being dredged")])
        return point(nodes, into)

    monkeypatch.setattr(anew, "point", late)
    moved(archive, nodes, rebuild=True)
    assert ids(cluster) == ["amber", "coral", "flint", "quartz", "stone", "zinc"]
    assert "dredged" in text(cluster, "coral")
    assert len(cluster.look().index) == len([*cluster.look().index]) == 12


def test_one_that_is_made_anew_and_stopped_is_gone_on_with(
    archive: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(archive, nodes)
    monkeypatch.setattr("bot.index.moving.AT_ONCE", 2)
    looks = iter([False, False, False, True])
    done = move(Archive(archive), "one", nodes, rebuild=True, cores=1, stopped=lambda: next(looks))
    assert (figures(done), done.whole, len(indices_of(nodes))) == ((3, 0, 0, 0), False, 6)
    assert moved(archive, nodes, rebuild=True) == (2, 0, 0, 3)
    assert (len(ids(cluster)), len(indices_of(nodes))) == (5, 3)


def test_one_that_was_ended_while_it_took_its_place_is_gone_on_with(
    archive: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.index import cluster_anew as anew

    moved(archive, nodes)
    put_releases(nodes, [release("basalt"), release("quartz")])
    monkeypatch.setattr(anew, "point", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        moved(archive, nodes, rebuild=True)
    monkeypatch.undo()
    drop_releases(nodes, ["basalt"])
    moved(archive, nodes, rebuild=True)
    assert ids(cluster) == [*NAMES[:3], "quartz", *NAMES[3:]]
    assert len(indices_of(nodes)) == 3


def test_made_anew_an_archive_of_another_version_can_be_asked(archive: Path, address: Address, nodes: Nodes) -> None:
    moved(archive, nodes)
    nodes.client.update(index=nodes.facts, id="commit", body={"doc": {"version": "0"}})
    with pytest.raises(OnrecordError, match=r"another version of Onrecord: make it anew with onrecord index --rebuild"):
        moved(archive, nodes)
    assert moved(archive, nodes, rebuild=True) == (5, 0, 0, 0)
    assert found(open_cluster(address).corpus(), "coral") == ["coral", "coral"]


def test_made_anew_a_damaged_release_is_good_again_and_one_by_hand_is_told(
    archive: Path, cluster: Cluster, nodes: Nodes
) -> None:
    moved(archive, nodes)
    put_releases(nodes, [release("basalt")])
    for name in ("coral", "basalt"):
        nodes.client.update(index=nodes.releases, id=name, body={"doc": {"text": "AAAA"}}, refresh=True)
    done = move(Archive(archive), "one", nodes, rebuild=True, cores=1)
    assert ids(cluster) == [*NAMES]
    assert "port" in text(cluster, "coral")
    assert [words.partition(":")[0] for words in done.warnings] == ["The release basalt in the cluster is damaged"]
