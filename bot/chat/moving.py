"""Putting an archive into a cluster at a terminal: how far it is, and what was done."""

import sys
from collections.abc import Callable
from pathlib import Path

from bot.chat.indexing import figures, size
from bot.chat.language import gettext, ngettext
from bot.chat.progress import shares_shown
from bot.chat.wording import grouped, printable
from bot.index.address import Address
from bot.index.archive import open_archive
from bot.index.cluster_releases import read_commit
from bot.index.moving import Moved, move
from bot.index.nodes import asked, reach
from bot.index.places import identity

MOST_TOLD = 10  # warnings; nobody reads more of them


def check_reached(address: Address) -> None:
    """Says that a cluster cannot be reached before minutes are spent on what is to be brought there.

    Raises:
        OnrecordError: it cannot.
    """
    nodes = reach(address)
    with asked(nodes):
        nodes.client.indices.exists_alias(name=nodes.facts)


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
    print(f"{address.shown}: {figures(done.added, done.changed, done.removed, done.unchanged)}.")
    for warning in done.warnings[:MOST_TOLD]:
        print(gettext("Warning: {warning}").format(warning=printable(f"{warning}.")), file=sys.stderr)
    if not done.whole:
        print(gettext("Stopped. What is indexed so far is kept; run it again to go on."), file=sys.stderr)
        return False
    commit = read_commit(nodes)
    print(size(commit.releases, commit.passages))
    return True
