"""Releases as bytes: what is unpacked is what was packed, whatever the text, and the bytes are those of this version."""

import hashlib
from array import array
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.index.cutting import cut
from bot.index.packing import Packed, pack, pack_passages, pack_text, unpack_passages, unpack_text
from bot.index.places import VERSION
from bot.model import Passage, PassageKind, Release, Sentence
from bot.reading.files import read_corpus

CORPUS = Path(__file__).parents[2] / "corpus"

ANY_TEXT = st.text(st.characters(), max_size=300)  # also surrogates, which a file of broken bytes may give


def again(packed: Packed) -> tuple[Release, list[Passage]]:
    release = Release("a", unpack_text(packed.text), packed.title)
    return release, unpack_passages(packed.passages, release)


def spans(passages: list[Passage]) -> list[tuple[object, ...]]:
    return [
        (passage.start, passage.end, passage.kind, [(sentence.start, sentence.end) for sentence in passage.sentences])
        for passage in passages
    ]


@given(ANY_TEXT)
@example("")
@example("\ud800 A lone surrogate. And a sentence.")
@example("🎉\x00\x1f\u2028")
@settings(derandomize=True, deadline=None)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert unpack_text(pack_text(text)) == text


@given(
    st.lists(
        st.sampled_from(["The quay is open. ", "Ingrid Dahl said so.\n\n", "- One\n", "?! ", "\ud83d ", "About us\n"])
    )
)
@settings(derandomize=True, deadline=None, max_examples=40)
def test_the_passages_of_any_text_come_back_as_they_were_cut(parts: list[str]) -> None:
    release = Release(
        "a", "".join(parts), "A title", date(2024, 5, 14), "Port", "NORRVIK", "ACME Wire", "https://a.example"
    )
    packed, whole = pack(release), cut(release)
    read, passages = again(packed)
    assert read.text == release.text
    assert spans(passages) == spans([passage for passage, _ in whole.passages])
    assert all(passage.release is read for passage in passages)
    assert packed.terms == tuple(" ".join(terms) for _, terms in whole.passages)
    facts = (packed.title, packed.published, packed.source, packed.place, packed.wire, packed.url)
    assert facts == ("A title", date(2024, 5, 14), "Port", "NORRVIK", "ACME Wire", "https://a.example")


@given(st.lists(st.tuples(st.integers(0, 200_000), st.integers(1, 200_000)), min_size=1, max_size=5))
@example([(65_535, 65_535)])
@example([(65_536, 1)])
@example([(0, 65_536)])
@settings(derandomize=True, deadline=None)
def test_sentences_of_any_length_and_distance_come_back(steps: list[tuple[int, int]]) -> None:
    release = Release("a", " " * sum(gap + length for gap, length in steps), "Long")
    passages, end = [], 0
    for number, (gap, length) in enumerate(steps):
        sentence = Sentence(release, end + gap, end + gap + length)
        end = sentence.end
        kind = list(PassageKind)[number % len(PassageKind)]
        passages.append(Passage(release, sentence.start, sentence.end, (sentence,), kind))
    assert unpack_passages(pack_passages(passages), release) == passages


@pytest.mark.parametrize("damaged", [b"", b"x", b"no zlib at all", pack_text("The quay is open.")[:-6]])
def test_a_damaged_text_is_told_from_a_whole_one(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        unpack_text(damaged)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"Q",
        b"H\x00",  # half a number
        b"H" + array("H", [0]).tobytes(),
        b"H" + array("H", [0, 2, 0, 4]).tobytes(),  # two sentences are told, one is there
        b"H" + array("H", [0, 0]).tobytes(),  # a passage without a sentence
        b"H" + array("H", [99, 1, 0, 4]).tobytes(),  # of no kind that there is
        b"H" + array("H", [0, 1, 0, 99]).tobytes(),  # longer than the text
    ],
)
def test_damaged_passages_are_an_error_that_is_told(damaged: bytes) -> None:
    with pytest.raises((ValueError, LookupError)):
        unpack_passages(damaged, Release("a", "The quay is open.", "A"))


GOLDEN = """FOR IMMEDIATE RELEASE

Norrvik opens a third quay

NORRVIK, May 14, 2024 -- Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board;
it cost 12 million euros. "Ships of up to 300 metres can moor," Dr. Nils Berg said. "We're ready."

- The quay has 4 cranes.
- It runs on wind.

La alcaldesa inauguró el muelle. 港口于周二启用了第三个码头。

About the Port of Norrvik

The Port of Norrvik, founded in 1874, is run by the town.

Contact: Ane Olsen, ane@port.example, +46 8 123 45 67
"""
DIGESTS = {"1": "9724acb52f9c90ef5934ead90235e01d"}
"""What this version makes of the texts that are the same for ever: never change a line of it, add one."""


def test_what_is_kept_in_archives_is_that_of_this_version() -> None:
    shipped = read_corpus([CORPUS]).releases
    digest = hashlib.sha256()
    for release in (*shipped, Release("golden", GOLDEN, "Norrvik opens a third quay")):
        packed = pack(release)
        # Not the packed text: other versions of zlib pack it otherwise, and it is unpacked all the same.
        for part in (
            packed.passages,
            *map(str.encode, packed.terms),
            packed.words.encode(),
            unpack_text(packed.text).encode(),
        ):
            digest.update(len(part).to_bytes(4, "little") + part)
    assert DIGESTS.get(VERSION) == digest.hexdigest()[:32], (
        "Terms, cutting or packing have changed, so that archives made before find other passages: raise VERSION in "
        f"bot/index/places.py, and add to DIGESTS here: its number, {digest.hexdigest()[:32]!r}."
    )
