"""Archives in a real cluster for tests: one for all of a run, emptied for each test, for an index takes a second to make."""

from opensearch_nodes import OpenSearch

from bot.index.address import Address
from bot.index.cluster import Cluster, open_cluster
from bot.index.feeding import drop_releases, make
from bot.index.nodes import asked, reach


def address_at(opensearch: OpenSearch, name: str = "tests") -> Address:
    """Where an archive of this name is."""
    return Address(tuple(opensearch.urls), name=name, replicas=1)


def emptied(address: Address) -> Cluster:
    """The archive at an address with nothing in it, also of what is remembered; it is made where there is none."""
    nodes = reach(address)
    make(nodes)
    cluster = open_cluster(address)
    drop_releases(nodes, list(cluster.corpus().releases.ids()))
    with asked(address):
        gone = nodes.client.search(index=nodes.facts, body={"query": {"exists": {"field": "kind"}}, "size": 1_000})
        for hit in gone["hits"]["hits"]:
            nodes.client.delete(index=nodes.facts, id=hit["_id"])
        nodes.client.indices.refresh(index=nodes.facts)
    cluster.look()
    return cluster
