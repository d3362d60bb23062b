"""What a cluster keeps of an archive: three indices, and how each is kept.

A passage has its terms, as `bot.text.terms` gives them, and what it can be narrowed by. A release has its text and the spans
of its passages, packed as on disk. Neither is analysed by the cluster: what a term is does not change with the engine. A
passage belongs to a release as it was when it was cut, which the digest of both tells.
"""

from typing import Any

from bot.index.memory import K1, B
from bot.index.nodes import FACTS, PASSAGES, RELEASES, Nodes

VERSION = "1"
"""Of the terms, of how releases are cut, and of what is kept: to be raised when one of them changes."""

_DEEPEST = 1_000_000  # places in a list that can be asked for by their number
_KEYWORD = {"type": "keyword"}
_MAPPINGS: dict[str, dict[str, Any]] = {
    PASSAGES: {
        "dynamic": False,
        "_source": {"enabled": False},
        "properties": {
            "terms": {"type": "text", "analyzer": "whitespace", "index_options": "freqs", "similarity": "passages"},
            "release": _KEYWORD,
            "digest": {"type": "keyword", "index": False},
            "number": {"type": "integer", "index": False},
            "source": {"type": "keyword", "doc_values": False},
            "published": {"type": "integer"},
            "order": {"type": "long", "index": False},
        },
    },
    RELEASES: {
        "dynamic": False,
        "properties": {
            "id": _KEYWORD,
            "digest": _KEYWORD,
            "count": {"type": "integer", "index": False},
            "origin": _KEYWORD,
            "file": _KEYWORD,
            "url": {"type": "keyword", "ignore_above": 2_000},
            "source": _KEYWORD,
            "order": {"type": "long"},
        },
    },
    FACTS: {"dynamic": False, "properties": {"kind": _KEYWORD}},
}
_BM25 = {"type": "BM25", "k1": K1, "b": B}


def put_templates(nodes: Nodes) -> None:
    """Tells the cluster how indices of these names are kept, when they are made.

    What is written is seen only when the writer says so: releases and passages change together. An index of facts is
    small, so it has one shard.
    """
    address = nodes.address
    for kind, mappings in _MAPPINGS.items():
        settings = {
            "number_of_shards": 1 if kind == FACTS else address.shards,
            "number_of_replicas": address.replicas,
            "refresh_interval": "-1",
            "max_result_window": _DEEPEST,
        }
        if kind == PASSAGES:
            settings["similarity"] = {"passages": _BM25}
        body = {
            "index_patterns": [f"{nodes.named(kind)}-*"],
            "priority": 500,
            "template": {"settings": {"index": settings}, "mappings": mappings},
        }
        nodes.client.indices.put_index_template(name=nodes.named(kind), body=body)
