"""An archive in a cluster as it is opened: what can be asked of it beside passages, and what happens to it meanwhile."""

import threading
import time
from dataclasses import replace
from datetime import date

import pytest
from archive_world import release
from cluster_front import Answer, Request, front
from cluster_world import emptied, found
from opensearch_nodes import OpenSearch

from bot.answering.answerer import answer
from bot.index.address import Address
from bot.index.cluster import LOOK_EVERY, Cluster, open_cluster
from bot.index.feeding import commit, drop_releases, put_releases
from bot.index.nodes import reach
from bot.index.scope import Scope
from bot.model import OnrecordError, Release
from bot.text.terms import terms


def asked(words: str) -> list[str]:
    return [term.term for term in terms(words)]


def test_the_releases_are_a_sequence_in_the_order_in_which_they_were_put(cluster: Cluster) -> None:
    names = ["zinc", "amber", "coral", "stone", "jade"]
    put_releases(cluster.nodes, [release(name) for name in names[:3]])
    put_releases(cluster.nodes, [release(name) for name in names[3:]])
    releases = cluster.look().releases
    assert len(releases) == 5
    assert [one.id for one in releases] == [*releases.ids()] == names
    for place in (slice(None), slice(1, 3), slice(None, None, -1), slice(4, 0, -2), slice(-2, None), slice(3, 3)):
        assert [one.id for one in releases[place]] == names[place]
    assert [releases[place].id for place in (0, -1, -5)] == ["zinc", "jade", "zinc"]
    for place in (5, -6):
        with pytest.raises(IndexError):
            releases[place]
    coral = releases.find("coral")
    assert coral is not None
    assert (coral.title, coral.published, coral.source) == ("About coral", date(2024, 5, 14), "Port of Coral")
    assert releases.find("nobody") is None


def test_a_release_has_its_number_in_the_list(cluster: Cluster) -> None:
    put_releases(cluster.nodes, [release(name) for name in ("zinc", "amber", "coral")])
    releases = cluster.look().releases
    assert [releases.number(name) for name in ("zinc", "amber", "coral", "nobody")] == [1, 2, 3, None]


def test_those_of_the_same_place_in_the_order_of_two_archives_have_numbers_of_their_own(cluster: Cluster) -> None:
    put_releases(cluster.nodes, [release(name) for name in ("zinc", "amber", "coral")])
    nodes = cluster.nodes
    for name in ("zinc", "amber"):
        nodes.client.update(index=nodes.releases, id=name, body={"doc": {"order": 1}})
    commit(nodes)
    releases = cluster.look().releases
    assert [*releases.ids()] == ["amber", "zinc", "coral"]
    assert [releases.number(name) for name in releases.ids()] == [1, 2, 3]


def test_the_senders_are_told_each_once(cluster: Cluster) -> None:
    put_releases(
        cluster.nodes, [release("a"), replace(release("b"), source="Port of A"), replace(release("c"), source=None)]
    )
    assert [*cluster.look().releases.sources()] == ["Port of A"]


def test_the_words_are_the_most_frequent_first_also_of_releases_that_were_put_by_themselves(cluster: Cluster) -> None:
    put_releases(
        cluster.nodes, [release("zinc", "holds ferries"), release("coral", "holds lorries"), release("jade", "holds")]
    )
    words = cluster.look().words
    assert {"ferries", "lorries", "holds", "port"} <= set(words)
    assert words.index("holds") < words.index("ferries")
    drop_releases(cluster.nodes, ["zinc"])
    assert "ferries" not in cluster.look().words


def test_the_same_corpus_is_asked_until_there_is_a_commit(cluster: Cluster) -> None:
    before = cluster.corpus()
    time.sleep(LOOK_EVERY)
    assert cluster.corpus() is before
    assert cluster.look() is before


def test_what_another_machine_puts_is_asked_soon(cluster: Cluster, address: Address) -> None:
    assert LOOK_EVERY <= 1, "a release is to be asked everywhere within two seconds"
    put_releases(cluster.nodes, [release("amber")])
    other = open_cluster(address)
    assert found(other.corpus(), "port") == ["amber"]
    put_releases(cluster.nodes, [release("coral")])
    until = time.monotonic() + 20
    while len(other.corpus().releases) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert found(other.corpus(), "coral") == ["coral", "coral"]


def test_two_machines_that_put_at_once_leave_a_commit_that_counts_both(cluster: Cluster, address: Address) -> None:
    def put(name: str) -> None:
        put_releases(reach(address), [release(f"{name}{number}") for number in range(3)])

    threads = [threading.Thread(target=put, args=(name,)) for name in ("amber", "coral", "jade")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    corpus = cluster.look()
    assert (len(corpus.releases), len(corpus.index)) == (9, 18) == (len([*corpus.releases]), len([*corpus.index]))


def test_a_release_that_is_replaced_while_it_is_asked_is_the_old_or_the_new_one_and_never_a_mixture(
    cluster: Cluster, address: Address
) -> None:
    """The quays stand at other places in each version, so an offset of one is not right in the other."""
    versions = [
        Release("quay", "\n\n".join([*("A line." * number,) * number, f"The quay {number} is open."]), "Quay")
        for number in range(1, 6)
    ]
    put_releases(cluster.nodes, versions[:1])
    stop = threading.Event()

    def replacing() -> None:
        nodes = reach(address)
        for version in versions * 3:
            put_releases(nodes, [version])
        stop.set()

    thread = threading.Thread(target=replacing)
    thread.start()
    asking, seen = open_cluster(address), set()
    try:
        while not stop.is_set():
            for passage, _ in asking.corpus().index.search(["quay"], 5):
                assert passage.text in passage.release.text
                assert passage.text == f"The quay {passage.text.split()[2]} is open."
                assert passage.release.text in {version.text for version in versions}
                seen.add(passage.text)
    finally:
        thread.join()
    assert len(seen) > 1
    corpus = asking.look()
    assert [passage.text for passage, _ in corpus.index.search(["quay"], 5)] == ["The quay 5 is open."]
    assert len(corpus.index) == len([*corpus.index])


def test_a_word_that_is_longer_than_the_engine_takes_is_found(cluster: Cluster) -> None:
    word = "x" * 300
    cluster.corpus().index.add([Release("long", f"The ship {word} is here.\n\nAnother has no name.", "Long")])
    index = cluster.look().index
    assert [passage.release.id for passage, _ in index.search(asked(word), 5)] == ["long"]
    assert index.document_frequency(asked(word)[0]) == 1


def test_a_question_may_have_more_terms_than_the_engine_looks_for(cluster: Cluster) -> None:
    put_releases(cluster.nodes, [release("amber")])
    found = cluster.look().index.search(["amber", *(f"word{number}" for number in range(3_000))], 5)
    assert {passage.release.id for passage, _ in found} == {"amber"}


@pytest.mark.parametrize("many", [20_000, 150_000])
def test_a_scope_may_name_any_number_of_releases(cluster: Cluster, many: int) -> None:
    put_releases(cluster.nodes, [release("amber"), release("coral")])
    scope = Scope(releases=frozenset(["coral", *(f"2024-05-14-number-{number}" for number in range(many))]))
    assert {passage.release.id for passage, _ in cluster.look().index.search(["port"], 5, scope)} == {"coral"}


def test_an_answer_is_a_span_of_the_release(cluster: Cluster) -> None:
    put_releases(cluster.nodes, [release("amber"), release("coral")])
    (quote, *_) = answer("who says that the board of Coral meets on Friday?", cluster.look()).quotes
    assert quote.text == quote.release.text[quote.start : quote.end]
    assert quote.release.id == "coral"


def test_an_archive_that_is_not_there_is_a_sentence(address: Address) -> None:
    with pytest.raises(
        OnrecordError, match=r"There is no archive nowhere at http://127\.0\.0\.1:.*: make it with onrecord"
    ):
        open_cluster(replace(address, name="nowhere"))


def test_an_archive_of_another_version_is_neither_asked_nor_written_to(cluster: Cluster, address: Address) -> None:
    nodes = cluster.nodes
    put_releases(nodes, [release("amber")])
    nodes.client.update(index=nodes.facts, id="commit", body={"doc": {"version": "0", "stamp": "another"}})
    try:
        wrong = "by another version of Onrecord: make it anew with onrecord index --rebuild"
        for call in (
            lambda: open_cluster(address),
            cluster.look,
            lambda: put_releases(nodes, [release("coral")]),
            lambda: drop_releases(nodes, ["amber"]),
        ):
            with pytest.raises(OnrecordError, match=wrong):
                call()
    finally:
        nodes.client.update(index=nodes.facts, id="commit", body={"doc": {"version": "1"}})


@pytest.mark.parametrize(
    "damage",
    [{"text": "%%%"}, {"text": "AAAA"}, {"text": None}, {"published": "soon"}, {"order": None}, {"passages": "QUFB"}],
)
def test_a_damaged_release_is_a_sentence(cluster: Cluster, address: Address, damage: dict[str, object]) -> None:
    nodes = cluster.nodes
    put_releases(nodes, [release("amber")])
    nodes.client.update(index=nodes.releases, id="amber", body={"doc": damage})
    commit(nodes)
    corpus = open_cluster(address).corpus()
    with pytest.raises(OnrecordError, match=r"is damaged: .* onrecord index --rebuild --to"):
        corpus.index.search(["port"], 5)
    with pytest.raises(OnrecordError, match="amber in the cluster is damaged: run onrecord index --rebuild --to"):
        list(corpus.index)


@pytest.mark.parametrize("damage", [{"releases": "many"}, {"passages": None}])
def test_a_damaged_commit_is_a_sentence(cluster: Cluster, address: Address, damage: dict[str, object]) -> None:
    nodes = cluster.nodes
    nodes.client.update(index=nodes.facts, id="commit", body={"doc": damage})
    with pytest.raises(OnrecordError, match="is damaged: make it anew"):
        open_cluster(address)
    commit(nodes)
    assert len(open_cluster(address).corpus().releases) == 0


def test_damaged_words_are_a_sentence(cluster: Cluster) -> None:
    nodes = cluster.nodes
    nodes.client.index(
        index=nodes.facts,
        id="words:x:0",
        body={"kind": "words", "origin": "x", "part": 0, "words": "AAAA"},
        refresh=True,
    )
    with pytest.raises(OnrecordError, match="The words in the cluster are damaged"):
        len(cluster.look().words)


def test_while_a_part_of_it_is_away_nothing_is_answered_rather_than_half(
    address: Address, opensearch: OpenSearch
) -> None:
    """A cluster that answers for some shards only says so where it is not let."""
    seen: list[Request] = []

    def answered(request: Request) -> Answer | None:
        seen.append(request)
        return None

    with front(answered, node=opensearch.urls[0]) as door:
        cluster = emptied(replace(address, urls=(door.url,)))
        cluster.corpus().index.search(["port"], 5)
        cluster.corpus().index.document_frequency("port")
        list(cluster.corpus().releases)
    searches = [request for request in seen if "_search" in request.path and "facts" not in request.path]
    assert searches and all("allow_partial_search_results=false" in request.path for request in searches)
