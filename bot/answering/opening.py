"""Opening a corpus: what its releases say, and what the encoder knows of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.answering.encoder import open_encoder
from bot.index.corpus import Corpus
from bot.index.snapshot import open_corpus


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
    corpus, warnings = open_corpus(folders, data)
    told_of = [f"Warning: {warning}" for warning in warnings]
    opened = open_encoder(encoder)
    if opened.note:
        told_of.append(opened.note)
    if opened.encoder is None or not corpus.releases:
        return corpus, tuple(told_of)
    from bot.answering.meaning import with_meaning

    return with_meaning(corpus, opened.encoder, data, told), tuple(told_of)
