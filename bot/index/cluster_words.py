"""The words of an archive in a cluster, for completion and for the correction of typing errors."""

import zlib
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from bot.index.cluster_releases import AT_ONCE
from bot.index.nodes import Nodes, asked
from bot.model import OnrecordError

MOST = 300_000  # words; rarer ones are mostly slips themselves
PART = 50_000  # words in a document, some 200 kB
MOST_PARTS = 100  # that are read
BY_HAND = "hand"
"""The origin of releases that were put by themselves; the others come from an archive on disk."""


def read_words(nodes: Nodes) -> Sequence[str]:
    """The distinct words, the most frequent first: those of the archives that were put there, then those that only
    releases have that were put by themselves.

    Raises:
        OnrecordError: they cannot be read.
    """
    with asked(nodes):
        found = nodes.client.search(index=nodes.facts, body={"query": {"term": {"kind": "words"}}, "size": MOST_PARTS})[
            "hits"
        ]["hits"]
    try:
        said = sorted((hit["_source"] for hit in found), key=lambda one: (int(one["part"]), one["origin"]))
        parts = [_unpacked(one["words"]) for one in said]
    except (ValueError, LookupError, TypeError) as error:
        raise OnrecordError("The words in the cluster are damaged: run onrecord index --to.") from error
    # Of several archives, the more frequent ones of each come before the rarer ones of any.
    words = dict.fromkeys(word for part in parts for word in part)
    counts: Counter[str] = Counter()
    for text in _by_hand(nodes):
        counts.update(text.split())
    return (*words, *(word for word, _ in counts.most_common() if word not in words))


def words_actions(index: str, origin: str, words: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What puts the words of an archive into an index of facts, the most frequent first."""
    left = islice(words, MOST)
    for part in range(MOST // PART):
        some = list(islice(left, PART))
        packed = b64encode(zlib.compress(" ".join(some).encode("utf-8", "surrogatepass"))).decode("ascii")
        source = {"kind": "words", "origin": origin, "part": part, "words": packed}
        yield {"_op_type": "index", "_index": index, "_id": f"words:{origin}:{part}", "_source": source}


def _unpacked(packed: str) -> list[str]:
    try:
        return zlib.decompress(b64decode(packed)).decode("utf-8", "surrogatepass").split()
    except zlib.error as error:
        raise ValueError("damaged") from error


def _by_hand(nodes: Nodes) -> Iterator[str]:
    """The words of each release that was put by itself."""
    after: list[Any] | None = None
    while True:
        body: dict[str, Any] = {
            "query": {"term": {"origin": BY_HAND}},
            "size": AT_ONCE,
            "sort": [{"id": "asc"}],
            "_source": ["words"],
        }
        if after is not None:
            body["search_after"] = after
        with asked(nodes):
            hits = nodes.client.search(index=nodes.releases, body=body)["hits"]["hits"]
        yield from (hit["_source"].get("words", "") for hit in hits)
        if len(hits) < AT_ONCE:
            return
        after = hits[-1]["sort"]
