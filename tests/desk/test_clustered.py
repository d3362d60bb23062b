"""Press offices on several machines hold the releases of one archive in a cluster."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from archive_world import release
from cluster_front import front
from cluster_world import archive_at, emptied, found
from opensearch_nodes import OpenSearch

from bot.answering.answerer import answer
from bot.desk.clustered import ClusteredReleases, open_clustered
from bot.desk.filing import Standing, add, named, propose, remove
from bot.desk.live_archive import LiveArchive, open_live_cluster
from bot.index.address import Address
from bot.index.archive import Archive
from bot.index.cluster import LOOK_EVERY, open_cluster
from bot.index.feeding import put_releases
from bot.index.indexing import index_roots
from bot.index.moving import move
from bot.index.nodes import reach
from bot.model import OnrecordError, UnavailableError
from bot.reading.draft import Draft

QUAY = "The mayor opened the quay of Lindow on Monday. It has room for forty boats.\n\nIt cost 12 million euros."
NEWER = "The mayor opened the quay of Lindow on Monday. It has room for fifty boats.\n\nIt cost 12 million euros."
WHO, MAYOR = "who opened the quay of Lindow?", "The mayor opened the quay of Lindow on Monday."
FERRY = "Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries."
DAY = date(2026, 3, 1)
QUAY_ID = "2026-03-01-the-quay-opens"


def indexed(archive: Path, *roots: Path) -> Archive:
    """An archive on disk."""
    index_roots(roots, archive, cores=1)
    return Archive(archive)


@pytest.fixture(scope="module")
def address(opensearch: OpenSearch) -> Iterator[Address]:
    with archive_at(opensearch, "desk") as address:
        yield address


@dataclass(frozen=True)
class Machine:
    """A machine with a folder for releases and one for data, which asks the cluster."""

    address: Address
    folder: Path

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def held(self) -> ClusteredReleases:
        return open_clustered(open_cluster(self.address), [self.corpus])

    def add(self, draft: Draft) -> Standing:
        held = self.held()
        proposal = propose(draft, held)
        filed, after = add(proposal, held, self.data)
        assert after.find(filed.release.id) is not None
        assert len(after) == len([*after.listed()])
        return proposal.standing

    def remove(self, words: str) -> Path:
        held = self.held()
        filed = named(words, held)
        assert filed is not None
        kept, after = remove(filed, held, self.data)
        assert after.find(filed.release.id) is None
        assert len(after) == len(held) - 1
        return kept

    def best(self, question: str) -> str:
        return answer(question, open_cluster(self.address).corpus()).quotes[0].text


@pytest.fixture
def one(address: Address, tmp_path: Path) -> Machine:
    emptied(address)
    return Machine(address, tmp_path / "one")


@pytest.fixture
def other(one: Machine, tmp_path: Path) -> Machine:
    return Machine(one.address, tmp_path / "other")


def quay(text: str = QUAY, **more: str) -> Draft:
    return Draft(text, title="The quay opens", published=DAY, **more)


def test_what_is_added_on_one_machine_is_held_on_the_other(one: Machine, other: Machine) -> None:
    assert one.add(quay()) is Standing.NEW
    assert (one.corpus / f"{QUAY_ID}.md").is_file()
    held = other.held()
    assert len(held) == 1
    assert [*held.listed()] == [(QUAY_ID, "The quay opens", DAY)]
    assert [*held.ids()] == [QUAY_ID]
    for words in ("1", QUAY_ID, f"{QUAY_ID}.md", f"corpus/{QUAY_ID}.md"):
        filed = named(words, held)
        assert filed is not None
        assert (filed.release.text, filed.path) == (QUAY, other.corpus / f"{QUAY_ID}.md")
    assert held.at(0) is held.at(2) is held.find("nobody") is held.of_file("nobody.md") is None
    assert other.best(WHO) == MAYOR


def test_the_same_text_on_the_other_machine_changes_nothing(one: Machine, other: Machine) -> None:
    one.add(quay())
    assert other.add(quay(QUAY.upper())) is Standing.SAME
    assert [each.text for each in open_cluster(one.address).corpus().releases] == [QUAY]
    assert not other.corpus.exists()


def test_a_new_version_on_the_other_machine_takes_its_place_and_the_old_one_is_kept(
    one: Machine, other: Machine
) -> None:
    one.add(quay())
    assert other.add(quay(NEWER)) is Standing.VERSION
    assert [each.text for each in open_cluster(one.address).corpus().releases] == [NEWER]
    (kept,) = (other.data / "versions" / QUAY_ID).iterdir()
    assert kept.read_text() == QUAY
    assert one.best("for how many boats is there room in the quay of Lindow?") == "It has room for fifty boats."
    assert one.add(quay(NEWER)) is Standing.SAME


@pytest.mark.parametrize(
    ("draft", "standing"),
    [
        (Draft("Ferries sail no more.", url="http://www.ferry.example/news/1/?page=2&utm_source=x"), Standing.VERSION),
        (Draft("Ferries sail no more.", url="https://ferry.example/news/1?page=3"), Standing.NEW),
        (Draft("Ferries sail no more.", title="Boat", id="ferries"), Standing.VERSION),
        (Draft("Ferries sail no more.", title="Boat", url="https://*.example/?*"), Standing.NEW),
        (Draft(FERRY.lower(), title="Something else"), Standing.SAME),
    ],
)
def test_a_draft_is_known_by_its_words_its_url_or_its_id(
    one: Machine, other: Machine, draft: Draft, standing: Standing
) -> None:
    one.add(Draft(FERRY, title="Ferries", url="https://ferry.example/news/1?page=2"))
    assert propose(draft, other.held()).standing is standing


def test_one_of_a_text_file_is_replaced_where_the_file_is_not(
    one: Machine, other: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive of text files was brought there by another machine, and the new version cannot be kept as plain text."""
    monkeypatch.setattr("bot.desk.filing.as_plain", lambda draft: None)
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "the-quay.txt").write_text(QUAY)
    move(indexed(tmp_path / "index", tmp_path / "releases"), "archive", reach(one.address), cores=1)
    assert other.add(Draft(NEWER, title="The quay opens", id="the-quay")) is Standing.VERSION
    (filed,) = other.corpus.iterdir()
    held = one.held().find("the-quay")
    assert held is not None
    assert (filed.name, held.path.name, held.release.text) == ("the-quay.md", "the-quay.md", NEWER)


def test_what_is_removed_on_the_other_machine_is_gone_on_both_and_kept_there(one: Machine, other: Machine) -> None:
    one.add(quay())
    one.add(Draft(FERRY, title="Ferries"))
    kept = other.remove(QUAY_ID)
    assert (kept.parent.parent, kept.read_text()) == (other.data / "versions", QUAY)
    assert [*one.held().ids()] == ["ferries"]
    assert found(open_cluster(one.address).corpus(), "quay") == []
    assert one.remove("1").is_file()
    assert (len(one.held()), [*one.held().listed()]) == (0, [])


def test_two_releases_of_one_name_are_two(one: Machine, other: Machine) -> None:
    one.add(quay())
    assert other.add(quay(FERRY)) is Standing.NEW
    assert sorted(one.held().ids()) == [QUAY_ID, f"{QUAY_ID}-2"]


def test_what_cannot_be_put_is_told_and_put_when_it_is_added_again(one: Machine) -> None:
    with front(node=one.address.urls[0]) as door:
        held = open_clustered(open_cluster(replace(one.address, urls=(door.url,))), [one.corpus])
        proposal = propose(quay(), held)
        door.close()
        with pytest.raises(
            OnrecordError, match=f"{QUAY_ID}.md is written, but not asked yet: add it again. The cluster"
        ):
            add(proposal, held, one.data)
        door.open()
        time.sleep(0.1)
        filed, after = add(propose(quay(), held), held, one.data)
        assert [*after.ids()] == [QUAY_ID]
        door.close()
        with pytest.raises(OnrecordError, match=f"{QUAY_ID} is still asked: remove it again"):
            remove(filed, after, one.data)
        door.open()
        assert [*remove(filed, after, one.data)[1].ids()] == []


# Asked while others change it


def live(address: Address, folder: Path) -> LiveArchive:
    return open_live_cluster(address, folder / "data", [folder / "corpus"], "off")


def soon(true: Callable[[], bool]) -> bool:
    """Whether it becomes true. It takes half a second, more where the machine is busy."""
    until = time.monotonic() + 20
    while not (done := true()) and time.monotonic() < until:
        time.sleep(0.05)
    return done


def test_what_one_machine_puts_is_asked_by_another_soon(one: Machine, other: Machine) -> None:
    asking, told = live(other.address, other.folder), list[str]()
    asking.follow(told.append)
    before = asking()
    assert asking() is before
    one.add(quay())
    assert soon(lambda: len(asking().releases) == 1)
    assert answer(WHO, asking()).quotes[0].text == MAYOR
    one.add(quay(NEWER))
    assert soon(lambda: asking().releases[0].text == NEWER)
    one.remove(QUAY_ID)
    assert soon(lambda: len(asking().releases) == 0)
    assert told == []


def test_the_office_holds_what_is_there_at_this_moment(one: Machine, other: Machine) -> None:
    asking = live(other.address, other.folder)
    one.add(quay())
    assert [*asking.holdings().ids()] == [QUAY_ID]
    asking.reload()
    assert len(asking().releases) == 1
    assert asking.folders == (other.corpus,)


def test_while_the_cluster_is_away_that_is_said_and_then_it_is_asked_again(one: Machine) -> None:
    put_releases(reach(one.address), [release("amber")])
    with front(node=one.address.urls[0]) as door:
        asking = live(replace(one.address, urls=(door.url,)), one.folder)
        asked = "which port is open?"
        assert answer(asked, asking()).quotes
        door.close()
        for _ in range(2):
            with pytest.raises(UnavailableError, match="does not answer"):
                answer(asked, asking())
        with pytest.raises(UnavailableError):
            asking.holdings()
        door.open()
        assert soon(lambda: bool(answer(asked, asking()).quotes))
        put_releases(reach(one.address), [release("coral")])
        assert soon(lambda: len(asking().releases) == 2)
        assert asking.warnings == ()


def test_one_that_is_made_anew_is_asked_on(one: Machine, tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "the-quay.txt").write_text(QUAY)
    archive = indexed(tmp_path / "index", tmp_path / "releases")
    move(archive, "archive", reach(one.address), cores=1)
    asking = live(one.address, one.folder)
    before = asking()
    move(archive, "archive", reach(one.address), cores=1, rebuild=True)
    assert answer(WHO, before).quotes[0].text == MAYOR
    assert soon(lambda: asking() is not before)
    assert answer(WHO, asking()).quotes[0].text == MAYOR


def test_while_it_is_of_another_version_the_last_corpus_is_asked_and_that_is_told_once(one: Machine) -> None:
    asking, told = live(one.address, one.folder), list[str]()
    asking.follow(told.append)
    nodes = reach(one.address)
    nodes.client.update(index=nodes.facts, id="commit", body={"doc": {"version": "0"}})
    assert soon(lambda: asking() is not None and bool(told))
    for _ in range(2):
        time.sleep(LOOK_EVERY)
        asking()
    assert len(told) == 1
    assert "another version of Onrecord" in told[0]
    nodes.client.update(index=nodes.facts, id="commit", body={"doc": {"version": "1"}})
    assert soon(lambda: asking() is not None and asking.warnings == ())
