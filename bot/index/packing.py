"""Releases and their passages as bytes, so that a passage can be shown without cutting its release anew."""

import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from bot.index.cutting import cut
from bot.model import Passage, PassageKind, Release, Sentence

_KINDS = tuple(PassageKind)
_NARROW, _WIDE = "H", "I"  # numbers of 16 and of 32 bits


@dataclass(frozen=True, slots=True)
class Packed:
    """All that an archive keeps of a release but its id. `text` and `passages` are packed.

    `terms` has the terms of each passage, `words` those of the release that can be completed and corrected to, with
    spaces between them.
    """

    title: str
    published: date | None
    source: str | None
    place: str | None
    wire: str | None
    url: str | None
    text: bytes
    passages: bytes
    terms: tuple[str, ...]
    words: str


def pack(release: Release) -> Packed:
    """A release cut and packed, which takes some milliseconds."""
    whole = cut(release)
    return Packed(
        title=release.title,
        published=release.published,
        source=release.source,
        place=release.place,
        wire=release.wire,
        url=release.url,
        text=pack_text(release.text),
        passages=pack_passages([passage for passage, _ in whole.passages]),
        terms=tuple(" ".join(terms) for _, terms in whole.passages),
        words=whole.words,
    )


def pack_text(text: str) -> bytes:
    """The text in as few bytes as is quick; `unpack_text` gives it back, whatever its characters."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def unpack_text(packed: bytes) -> str:
    """The text that was packed.

    Raises:
        ValueError: the bytes are damaged.
    """
    try:
        return zlib.decompress(packed).decode("utf-8", "surrogatepass")
    except zlib.error as error:
        raise ValueError("damaged") from error


def pack_passages(passages: Sequence[Passage]) -> bytes:
    """The kinds of passages and the spans of their sentences, about 25 bytes a passage.

    The first byte says how wide the numbers are. Then each passage has its kind, how many sentences it has, and of each
    sentence the distance from the end of the one before and its length.
    """
    numbers: list[int] = []
    end = 0
    for passage in passages:
        numbers += (_KINDS.index(passage.kind), len(passage.sentences))
        for sentence in passage.sentences:
            numbers += (sentence.start - end, sentence.end - sentence.start)
            end = sentence.end
    width = _NARROW if max(numbers, default=0) < 1 << 16 else _WIDE
    return width.encode("ascii") + array(width, numbers).tobytes()


def unpack_passages(packed: bytes, release: Release) -> list[Passage]:
    """The passages of a release that were packed.

    Raises:
        ValueError: the bytes are damaged, or are not of this release.
    """
    return list(_unpacked(packed, release, None).values())


def unpack_passage(packed: bytes, release: Release, number: int) -> Passage:
    """One of them, by its number from 0, without making the others.

    Raises:
        ValueError: the bytes are damaged, or are not of this release.
    """
    passages = _unpacked(packed, release, number)
    if number not in passages:
        raise ValueError("damaged")
    return passages[number]


def _unpacked(packed: bytes, release: Release, wanted: int | None) -> dict[int, Passage]:
    """The passage with the number that is wanted, or all, by their numbers."""
    width = packed[:1].decode("latin-1")
    if width not in {_NARROW, _WIDE}:
        raise ValueError("damaged")
    numbers = array(width)
    numbers.frombytes(packed[1:])
    passages: dict[int, Passage] = {}
    place = end = number = 0
    while place < len(numbers):
        kind, count = numbers[place : place + 2]
        spans = numbers[place + 2 : place + 2 + 2 * count]
        if not 0 < 2 * count == len(spans) or kind >= len(_KINDS):
            raise ValueError("damaged")
        if wanted is None or wanted == number:
            ends = list(accumulate(spans, initial=end))
            sentences = tuple(Sentence(release, *pair) for pair in zip(ends[1::2], ends[2::2], strict=True))
            passages[number] = Passage(release, sentences[0].start, ends[-1], sentences, _KINDS[kind])
        end += sum(spans)
        place += 2 + 2 * count
        number += 1
    if end > len(release.text):
        raise ValueError("of another release")
    return passages
