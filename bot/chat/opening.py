"""What a command opens: an archive, in a cluster or on disk, or the folders that were named, and the notes on it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.index.corpus import Corpus
from bot.settings import Chosen

if TYPE_CHECKING:
    from bot.desk.holdings import Holdings
    from bot.desk.live import Live


def open_to_ask(chosen: Chosen) -> Corpus:
    """The corpus, with what there is to say of it on standard error.

    Raises:
        OnrecordError: it cannot be opened; so of all functions here.
    """
    from bot.answering import opening
    from bot.chat.progress import encoding_shown

    if chosen.cluster:
        corpus, notes = opening.open_cluster_to_ask(chosen.cluster, chosen.data, chosen.settings.encoder)
    elif chosen.archive:
        corpus, notes = opening.open_archive_to_ask(chosen.data, chosen.settings.encoder)
    else:
        _say(chosen.size_note())
        with encoding_shown() as told:
            corpus, notes = opening.open_to_ask(chosen.folders, chosen.data, chosen.settings.encoder, told)
    _say(*notes)
    return corpus


def open_live(chosen: Chosen) -> "Live":
    """The same of a corpus that is asked as it is at each moment."""
    from bot.chat.progress import encoding_shown
    from bot.desk import live, live_archive

    opened: Live
    if chosen.cluster:
        opened = live_archive.open_live_cluster(
            chosen.cluster, chosen.data, chosen.own_folders, chosen.settings.encoder
        )
    elif chosen.archive:
        opened = live_archive.open_live_archive(chosen.data, chosen.own_folders, chosen.settings.encoder)
    else:
        _say(chosen.size_note())
        with encoding_shown() as told:
            opened = live.open_live(chosen.folders, chosen.data, chosen.settings.encoder, told)
    _say(*opened.notes)
    return opened


def open_holdings(chosen: Chosen, folders: tuple[Path, ...]) -> "Holdings":
    """The releases with their files: those of the archive, where it is asked, else those in the folders."""
    if chosen.cluster:
        from bot.desk.clustered import open_clustered
        from bot.index.cluster import open_cluster

        return open_clustered(open_cluster(chosen.cluster), chosen.own_folders)
    if chosen.archive:
        from bot.desk.archived import open_archived

        return open_archived(chosen.data, chosen.own_folders)
    from bot.desk.holdings import open_library

    return open_library(folders)


def open_unasked(chosen: Chosen) -> Corpus:
    """The corpus without what an encoder knows of it, and without a word."""
    if chosen.cluster:
        from bot.index.cluster import open_cluster

        return open_cluster(chosen.cluster).corpus()
    if chosen.archive:
        from bot.index.archive import open_archive

        return open_archive(chosen.data).corpus()
    from bot.index.snapshot import open_corpus

    return open_corpus(chosen.folders, chosen.data)[0]


def _say(*notes: str | None) -> None:
    for note in notes:
        if note:
            print(note, file=sys.stderr)
