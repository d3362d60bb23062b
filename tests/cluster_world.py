"""Archives in a real cluster for tests: one for all of a run, emptied for each test, for an index takes a second to make."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from opensearch_nodes import OpenSearch

from bot.index.address import Address
from bot.index.cluster import Cluster, open_cluster
from bot.index.corpus import Corpus
from bot.index.feeding import KINDS, drop_releases, make
from bot.index.lease import WRITER
from bot.index.nodes import Nodes, asked, reach
from bot.text.terms import terms


def address_at(opensearch: OpenSearch, name: str = "tests") -> Address:
    """Where an archive of this name is."""
    return Address(tuple(opensearch.urls), name=name, replicas=1)


def emptied(address: Address) -> Cluster:
    """The archive at an address with nothing in it, also of what is remembered; it is made where there is none."""
    nodes = reach(address)
    make(nodes)
    cluster = open_cluster(address)
    drop_releases(nodes, list(cluster.corpus().releases.ids()))
    with asked(nodes):
        gone = nodes.client.search(index=nodes.facts, body={"query": {"exists": {"field": "kind"}}, "size": 1_000})
        for name in (*(hit["_id"] for hit in gone["hits"]["hits"]), WRITER):
            nodes.client.delete(index=nodes.facts, id=name, ignore=404)
        nodes.client.indices.refresh(index=nodes.facts)
        for index, one in nodes.client.indices.get_alias(index=",".join(indices_of(nodes))).items():
            if not one["aliases"]:
                nodes.client.indices.delete(index=index)
    cluster.look()
    return cluster


@contextmanager
def archive_at(opensearch: OpenSearch, name: str) -> Iterator[Address]:
    """Where an archive of this name can be made, which is deleted in the end. It has no replicas: they take time."""
    address = replace(address_at(opensearch, name), replicas=0)
    nodes = reach(address)
    try:
        yield address
    finally:
        delete(nodes)


def delete(nodes: Nodes) -> None:
    """An archive is gone, with all that was made for it."""
    with asked(nodes):
        indices = indices_of(nodes)
        if indices:
            nodes.client.indices.delete(index=",".join(indices), ignore_unavailable=True)
        for kind in KINDS:
            nodes.client.indices.delete_index_template(name=nodes.named(kind), ignore=404)


def indices_of(nodes: Nodes) -> list[str]:
    """The names of all indices of an archive, asked or not."""
    with asked(nodes):
        return sorted(nodes.client.indices.get_alias(index=",".join(f"{nodes.named(kind)}-*" for kind in KINDS)))


def state(address: Address) -> tuple[object, ...]:
    """All that can be asked of an archive: it is the same for archives that nobody can tell apart."""
    corpus = open_cluster(address).corpus()
    words = [term.term for term in terms("which port is open?")]
    return (
        [(one.id, one.title, one.text, one.published, one.source) for one in corpus.releases],
        sorted((passage.release.id, passage.text) for passage in corpus.index),
        # Not their scores: what was deleted counts for them until its segment is merged.
        [(hit.release.id, hit.text) for hit, _ in corpus.index.search(words, 2_000)],
        (len(corpus.releases), len(corpus.index), corpus.index.document_frequency("port")),
        list(corpus.words),
        list(corpus.releases.sources()),
    )


def found(corpus: Corpus, words: str) -> list[str]:
    """The ids of the releases of the passages that hold the words, best first."""
    return [passage.release.id for passage, _ in corpus.index.search([term.term for term in terms(words)], 99)]
