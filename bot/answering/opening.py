"""Opening a corpus, of folders or of an archive: what its releases say, and what the encoder knows of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.answering.encoder import Understanding, open_encoder
from bot.index.address import Address
from bot.index.base import Meaning
from bot.index.corpus import Corpus
from bot.index.snapshot import Loaded, load


@dataclass(frozen=True, slots=True)
class Opened:
    """A corpus that is ready to be asked, what it was made of, and sentences for the person who opened it."""

    corpus: Corpus
    loaded: Loaded
    understanding: Understanding
    notes: tuple[str, ...]


def open_to_ask(
    folders: Sequence[Path], data: Path, encoder: str, told: Callable[[int, int], None] | None = None
) -> tuple[Corpus, tuple[str, ...]]:
    """The corpus of the folders, ready to be asked, and sentences for the person who opened it: warnings and notes.

    Args:
        folders: the folders of releases.
        data: where Onrecord keeps its own files.
        encoder: what `ONRECORD_ENCODER` says, see `open_encoder`.
        told: hears how many sentences of how many are encoded, where some are not kept under `data` yet.

    Raises:
        OnrecordError: a folder or the encoder cannot be opened.
    """
    opened = open_whole(folders, data, encoder, told)
    return opened.corpus, opened.notes


def open_archive_to_ask(data: Path, encoder: str) -> tuple[Corpus, tuple[str, ...]]:
    """The corpus of the archive under `data`, ready to be asked, and sentences for the person who opened it.

    Raises:
        OnrecordError: the archive or the encoder cannot be opened.
    """
    from bot.index.archive import open_archive

    corpus, opened = open_archive(data).corpus(), open_encoder(encoder)
    return understood(corpus, opened, data), (opened.note,) if opened.note else ()


def open_cluster_to_ask(address: Address, data: Path, encoder: str) -> tuple[Corpus, tuple[str, ...]]:
    """The corpus of the archive in a cluster, ready to be asked, and sentences for the person who opened it.

    Raises:
        OnrecordError: the cluster cannot be reached, or the encoder cannot be opened.
    """
    from bot.index.cluster import open_cluster

    corpus, opened = open_cluster(address).corpus(), open_encoder(encoder)
    return understood(corpus, opened, data), (opened.note,) if opened.note else ()


def understood(corpus: Corpus, understanding: Understanding, data: Path, before: Meaning | None = None) -> Corpus:
    """The corpus of an archive with its meaning and the reader, where there are; `before` is that of an earlier version.

    Raises:
        OnrecordError: the encoder cannot be loaded.
    """
    corpus = replace(corpus, reader=understanding.reader)
    if understanding.encoder is None:
        return corpus
    from bot.answering.meaning import with_meaning_in_time

    return with_meaning_in_time(corpus, understanding.encoder, data, before)


def open_whole(
    folders: Sequence[Path], data: Path, encoder: str, told: Callable[[int, int], None] | None = None
) -> Opened:
    """The same, with what it takes to follow the folders as they change."""
    loaded = load(folders, data)
    notes = [f"Warning: {warning}" for warning in loaded.reading.warnings]
    opened = open_encoder(encoder)
    if opened.note:
        notes.append(opened.note)
    corpus = replace(loaded.corpus, reader=opened.reader)
    if opened.encoder is not None and corpus.releases:
        from bot.answering.meaning import with_meaning

        corpus = with_meaning(corpus, opened.encoder, data, told)
    return Opened(corpus, loaded, opened, tuple(notes))
