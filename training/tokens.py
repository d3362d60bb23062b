"""Texts as the numbers that a network reads, a few of one length at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

LONGEST = 128  # tokens of question and sentence while it learns; longer ones are cut

Array = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts that go through the network at once: arrays of shape (texts, tokens), filled up with 0, which `mask` hides.

    `kinds` is 1 for the tokens of the second text of a pair and what closes it, 0 for those before. `places` are those of the texts among all that were given.
    """

    places: list[int]
    ids: Array
    mask: Array
    kinds: Array


def open_tokenizer(start: Path) -> Tokenizer:
    """The tokenizer of a model, which cuts the longer text where both are too long, and fills nothing up."""
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def batches(tokenizer: Tokenizer, texts: Sequence[str] | Sequence[tuple[str, str]], size: int) -> Iterator[Batch]:
    """The texts, or pairs of texts, in batches of at most `size`, the shortest first, so that little is filled up."""
    encoded = tokenizer.encode_batch(list(texts))
    order = sorted(range(len(encoded)), key=lambda place: len(encoded[place].ids))
    for begin in range(0, len(order), size):
        places = order[begin : begin + size]
        width = max(len(encoded[place].ids) for place in places)

        def filled(rows: Sequence[list[int]], width: int = width) -> Array:
            return np.array([row + [0] * (width - len(row)) for row in rows], np.int64)

        yield Batch(
            places,
            filled([encoded[place].ids for place in places]),
            filled([encoded[place].attention_mask for place in places]),
            filled([_kinds(encoded[place]) for place in places]),
        )


def _kinds(encoded: Encoding) -> list[int]:
    # Not its type_ids: a tokenizer of MPNet gives both texts the same.
    texts = encoded.sequence_ids
    begin = texts.index(1) if 1 in texts else len(texts) - 1
    return [int(place >= begin) for place in range(len(texts))]
