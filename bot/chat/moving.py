"""Putting an archive into a cluster at a terminal: how far it is, and what was done."""

import sys
from collections.abc import Callable
from pathlib import Path

from bot.chat.language import gettext, ngettext
from bot.chat.progress import shares_shown
from bot.chat.wording import grouped, printable
from bot.index.address import Address
from bot.index.archive import open_archive
from bot.index.cluster_releases import read_commit
from bot.index.moving import Moved, move
from bot.index.nodes import reach
from bot.index.places import identity

MOST_TOLD = 10  # warnings; nobody reads more of them


def move_archive(data: Path, address: Address, *, rebuild: bool, stopped: Callable[[], bool]) -> bool:
    """Brings the archive in a cluster to what the archive under the data folder holds; whether it was brought to its end.

    Raises:
        OnrecordError: the cluster cannot be reached, or another program writes to it.
    """
    nodes = reach(address)
    with shares_shown() as shown:

        def told(share: float, moved: Moved) -> None:
            words = ngettext("{count} release", "{count} releases", moved.looked_at)
            shown(address.shown, share, words.format(count=grouped(moved.looked_at)))

        done = move(open_archive(data), identity(data), nodes, rebuild=rebuild, told=told, stopped=stopped)
    figures = (
        (done.added, ngettext("{count} added", "{count} added", done.added)),
        (done.changed, ngettext("{count} changed", "{count} changed", done.changed)),
        (done.removed, ngettext("{count} removed", "{count} removed", done.removed)),
        (done.unchanged, ngettext("{count} as before", "{count} as before", done.unchanged)),
    )
    said = ", ".join(words.format(count=grouped(count)) for count, words in figures if count)
    print(f"{address.shown}: {said or gettext('No release was found')}.")
    for warning in done.warnings[:MOST_TOLD]:
        print(gettext("Warning: {warning}").format(warning=printable(f"{warning}.")), file=sys.stderr)
    if not done.whole:
        print(gettext("Stopped. What is indexed so far is kept; run it again to go on."), file=sys.stderr)
        return False
    commit = read_commit(nodes)
    total = ngettext("The archive has {count} release", "The archive has {count} releases", commit.releases)
    passages = ngettext("{count} passage", "{count} passages", commit.passages)
    print(f"{total.format(count=grouped(commit.releases))}, {passages.format(count=grouped(commit.passages))}.")
    return True
