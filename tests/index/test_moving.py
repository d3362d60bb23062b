"""An archive on disk is brought to a cluster: what is new, what has changed and what is gone, and nothing else."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from archive_world import put, release, write
from cluster_world import archive_at, delete, emptied, found, indices_of, state
from moving_world import NAMES, during, figures, ids, indexed, moved, text
from opensearch_nodes import OpenSearch

from bot.index.archive import Archive
from bot.index.cluster import Cluster, open_cluster
from bot.index.feeding import drop_releases, put_releases
from bot.index.lease import WRITER
from bot.index.moving import Moved, move
from bot.index.nodes import Nodes, reach
from bot.index.places import archive_folder

ROOT = Path(__file__).parents[2]


def test_all_is_put_there_and_then_nothing_is_left_to_do(archive: Path, cluster: Cluster, nodes: Nodes) -> None:
    assert moved(archive, nodes) == (5, 0, 0, 0)
    on_disk, there = Archive(archive).corpus(), cluster.look()
    assert [*there.releases.ids()] == [*on_disk.releases.ids()]
    for one, other in zip(on_disk.releases, there.releases, strict=True):
        assert (one.id, one.text, one.title, one.published, one.source) == (
            (other.id, other.text, other.title, other.published, other.source)
        )
    assert sorted(passage.text for passage in there.index) == sorted(passage.text for passage in on_disk.index)
    assert [*there.words] == [*on_disk.words]
    assert found(there, "coral") == ["coral", "coral"]
    before = state(nodes.address)
    assert moved(archive, nodes) == (0, 0, 0, 5)
    assert state(nodes.address) == before


def test_what_has_changed_is_changed_and_what_is_gone_is_taken_away(
    archive: Path, corpus: Path, cluster: Cluster, nodes: Nodes
) -> None:
    moved(archive, nodes)
    write(corpus / "amber.md", "amber", "is closed since Monday")
    (corpus / "jade.md").unlink()
    write(corpus / "quartz.md", "quartz")
    indexed(archive, corpus)
    assert moved(archive, nodes) == (1, 1, 1, 3)
    assert ids(cluster) == ["amber", "coral", "quartz", "stone", "zinc"]
    assert found(cluster.look(), "closed Monday") == ["amber"]
    assert found(cluster.look(), "jade") == []
    assert len(cluster.look().index) == len([*cluster.look().index]) == 10


def test_a_run_that_is_stopped_keeps_what_it_did_and_the_next_goes_on(
    archive: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.index.moving.AT_ONCE", 2)
    looks = iter([False, False, False, True])
    done = move(Archive(archive), "one", nodes, cores=1, stopped=lambda: next(looks))
    assert (figures(done), done.whole) == ((3, 0, 0, 0), False)
    assert ids(cluster) == ["amber", "coral", "jade"]
    assert moved(archive, nodes) == (2, 0, 0, 3)
    whole = state(nodes.address)
    emptied(nodes.address)
    moved(archive, nodes)
    assert state(nodes.address) == whole


def test_it_is_told_how_far_it_is(archive: Path, nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.index.moving.AT_ONCE", 2)
    shares: list[float] = []
    move(Archive(archive), "one", nodes, cores=1, told=lambda share, done: shares.append(round(share, 2)))
    assert shares == [0.4, 0.8]


# A press office on the cluster


def test_what_a_press_office_put_there_stays(archive: Path, cluster: Cluster, nodes: Nodes) -> None:
    put_releases(nodes, [release("basalt")])
    assert moved(archive, nodes) == (5, 0, 0, 0)
    assert moved(archive, nodes) == (0, 0, 0, 5)
    assert "basalt" in ids(cluster)
    assert "basalt" in cluster.look().words


def test_what_a_press_office_took_away_stays_away_until_it_changes(
    archive: Path, corpus: Path, cluster: Cluster, nodes: Nodes
) -> None:
    moved(archive, nodes)
    drop_releases(nodes, ["coral"])
    assert moved(archive, nodes) == (0, 0, 0, 5)
    assert "coral" not in ids(cluster)
    write(corpus / "coral.md", "coral", "is closed")
    indexed(archive, corpus)
    assert moved(archive, nodes) == (1, 0, 0, 4)
    assert found(cluster.look(), "coral closed")[0] == "coral"


def test_a_version_by_hand_is_kept_from_the_old_one_and_gives_way_to_a_new_one(
    archive: Path, corpus: Path, cluster: Cluster, nodes: Nodes
) -> None:
    moved(archive, nodes)
    put_releases(nodes, [release("coral", "is being dredged")])
    assert moved(archive, nodes) == (0, 0, 0, 5)
    assert "dredged" in text(cluster, "coral")
    write(corpus / "coral.md", "coral", "is closed")
    indexed(archive, corpus)
    assert moved(archive, nodes) == (0, 1, 0, 4)
    assert "closed" in text(cluster, "coral")
    assert len(cluster.look().index) == len([*cluster.look().index]) == 10


def test_what_is_taken_away_while_it_is_being_put_is_not_brought_back(
    archive: Path, corpus: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(archive, nodes)
    drop_releases(nodes, ["coral"])
    write(corpus / "quartz.md", "quartz")
    write(corpus / "amber.md", "amber", "is closed")
    indexed(archive, corpus)
    during(monkeypatch, lambda: drop_releases(nodes, ["stone"]))
    assert moved(archive, nodes) == (1, 1, 0, 4)
    assert ids(cluster) == ["amber", "jade", "quartz", "zinc"]


def test_what_is_put_by_hand_while_its_old_version_is_being_taken_away_stays(
    archive: Path, corpus: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(archive, nodes)
    (corpus / "amber.md").unlink()
    indexed(archive, corpus)
    monkeypatch.setattr("bot.index.moving.AT_ONCE", 2)
    by_hand = [[release("amber", "is being dredged")]]

    def told(share: float, done: Moved) -> None:
        if by_hand:
            put_releases(nodes, by_hand.pop())

    move(Archive(archive), "one", nodes, cores=1, told=told)
    assert found(cluster.look(), "dredged") == ["amber"]
    assert moved(archive, nodes) == (0, 0, 0, 4)
    assert ids(cluster) == [*NAMES]


def test_what_is_put_by_hand_under_the_same_name_meanwhile_leaves_nothing_of_itself(
    archive: Path, cluster: Cluster, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    during(monkeypatch, lambda: put_releases(nodes, [release("coral", "is being dredged")]))
    assert moved(archive, nodes) == (4, 1, 0, 0)
    assert found(cluster.look(), "dredged") == []
    assert len(cluster.look().index) == len([*cluster.look().index]) == 10


# Two archives


def test_two_archives_leave_each_other_alone(archive: Path, cluster: Cluster, nodes: Nodes, tmp_path: Path) -> None:
    put(tmp_path / "other", release("basalt"), release("coral", "is another one"))
    assert moved(archive, nodes, "one") == (5, 0, 0, 0)
    done = move(Archive(tmp_path / "other"), "other", nodes, cores=1)
    assert (figures(done), done.warnings) == (
        (1, 0, 0, 1),
        ["coral is skipped: another archive brought a release with this id"],
    )
    assert moved(archive, nodes, "one") == (0, 0, 0, 5)
    assert ids(cluster) == ["amber", "basalt", "coral", "jade", "stone", "zinc"]
    assert "another" not in text(cluster, "coral")
    words = cluster.look().words
    assert {"amber", "basalt"} <= set(words) and len(set(words)) == len(words)


# How it is kept


def test_shards_and_replicas_are_as_set(opensearch: OpenSearch, archive: Path) -> None:
    with archive_at(opensearch, "shards") as address:
        nodes = reach(replace(address, shards=3, replicas=1))
        assert moved(archive, nodes) == (5, 0, 0, 0)
        kept = nodes.client.indices.get_settings(index="shards-*")
        numbers = {
            name.split("-")[1]: (
                one["settings"]["index"]["number_of_shards"],
                one["settings"]["index"]["number_of_replicas"],
            )
            for name, one in kept.items()
        }
        assert numbers == {"releases": ("3", "1"), "passages": ("3", "1"), "facts": ("1", "1")}
        corpus = open_cluster(address).corpus()
        assert found(corpus, "coral") == ["coral", "coral"]
        assert [*corpus.releases.ids()] == [*NAMES]


def test_an_archive_without_a_release_takes_away_what_it_had_brought(
    archive: Path, corpus: Path, cluster: Cluster, nodes: Nodes
) -> None:
    moved(archive, nodes)
    for path in corpus.iterdir():
        path.unlink()
    indexed(archive, corpus)
    assert moved(archive, nodes) == (0, 0, 5, 0)
    assert (ids(cluster), len(cluster.look().index)) == ([], 0)


# Killed


def test_after_kills_at_any_moment_the_next_run_to_the_end_gives_what_an_undisturbed_one_gives(
    corpus: Path, tmp_path: Path, opensearch: OpenSearch
) -> None:
    for number in range(250):
        write(corpus / f"port-{number}.md", f"port-{number}")
    archive = indexed(archive_folder(tmp_path / "data"), corpus)
    with archive_at(opensearch, "killed") as address:
        nodes = reach(address)
        moved(archive, nodes)
        undisturbed = state(address)
        delete(nodes)
        environment = os.environ | {"ONRECORD_INDEX_NAME": "killed", "ONRECORD_INDEX_REPLICAS": "0"}
        command = [
            sys.executable,
            "-m",
            "bot",
            "index",
            "--data",
            str(tmp_path / "data"),
            "--to",
            ",".join(address.urls),
        ]
        moments = random.Random(7)
        for _ in range(2):
            with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
                until = time.monotonic() + 60
                while not indices_of(nodes) and process.poll() is None and time.monotonic() < until:
                    time.sleep(0.02)
                time.sleep(moments.random())
                process.send_signal(signal.SIGKILL)
            nodes.client.delete(index=nodes.facts, id=WRITER, ignore=404)  # two minutes later
        said = subprocess.run(
            command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
        )
        assert (said.returncode, said.stderr) == (0, "")
        assert state(address) == undisturbed
