"""Adding releases at a terminal: each is shown first, and nothing is written unasked."""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.chat.language import gettext, ngettext, speaking_locally
from bot.chat.proposing import proposal_lines
from bot.chat.shelf import DONE, asked, shown_path
from bot.chat.wording import grouped, printable
from bot.desk import filing
from bot.desk.database import Database
from bot.desk.filing import Standing
from bot.desk.following import Added, Failed
from bot.desk.following import follow as follow_feed
from bot.desk.holdings import Holdings
from bot.desk.sources import STDIN, each_source, read_source
from bot.model import OnrecordError
from bot.reading.folders import show

NOT_ALL = 2


@speaking_locally()
def add(sources: Sequence[str], shelf: Holdings, data: Path, *, yes: bool, private: bool) -> int:
    """Adds releases, each shown and asked for first, and gives the exit status.

    What cannot be read is said in a sentence, and the others are added.

    Raises:
        OnrecordError: there is nobody to ask.
    """
    if not yes and (STDIN in sources or not sys.stdin.isatty()):
        raise OnrecordError("Nobody can be asked whether to add what was read: say --yes to add without a question.")
    folders, failed = shelf.folders, 0
    counts = dict.fromkeys(Standing, 0)
    for source in _shown_progress(list(each_source(sources)), yes=yes):
        try:
            proposal = filing.propose(read_source(source, private=private), shelf)
            for line in proposal_lines(proposal):
                print(line)
            if proposal.standing is Standing.SAME or yes or asked(gettext("Add it? [Y/n] ")):
                filed, shelf = filing.add(proposal, shelf, data)
                counts[proposal.standing] += 1
                if proposal.standing is not Standing.SAME:
                    print(gettext("Added: {file}").format(file=shown_path(filed.path)))
            print()
        except OnrecordError as error:
            failed += 1
            print(printable(str(error)), file=sys.stderr)
    if counts[Standing.NEW] + counts[Standing.VERSION] and not failed:
        print(gettext("Ask about it: {command}").format(command=_ask_command(folders)), file=sys.stderr)
    return NOT_ALL if failed else DONE


@speaking_locally()
def follow(address: str, shelf: Holdings, data: Path, database: Database, *, private: bool) -> int:
    """Adds what is new in a feed, and gives the exit status. What was taken from it before is in the database.

    Raises:
        OnrecordError: the feed or the database cannot be read.
    """
    new = 0

    def told(entry: Added | Failed, number: int, count: int) -> None:
        nonlocal new
        place = f"{number}/{count} "
        if isinstance(entry, Failed):
            print(f"{place}{printable(entry.title)}: {printable(entry.reason)}", file=sys.stderr, flush=True)
            return
        file = shown_path(entry.filed.path)
        if entry.proposal.standing is Standing.SAME:
            file = gettext("on the record already: {file}").format(file=file)
        else:
            new += 1
        print(f"{place}{printable(entry.filed.release.title)} · {file}", flush=True)

    followed = asyncio.run(follow_feed(address, shelf, data, database, private=private, told=told))
    name = printable(followed.feed.title or followed.feed.url)
    if new or followed.failed:
        told_new = ngettext("{count} new release from {feed}.", "{count} new releases from {feed}.", new)
        print(told_new.format(count=grouped(new), feed=name))
    else:
        print(gettext("Nothing new in {feed}.").format(feed=name))
    if followed.failed:
        left = ngettext(
            "{count} entry could not be read; it is tried again next time.",
            "{count} entries could not be read; they are tried again next time.",
            followed.failed,
        )
        print(left.format(count=grouped(followed.failed)), file=sys.stderr)
    return NOT_ALL if followed.failed else DONE


def _ask_command(folders: Sequence[Path]) -> str:
    named = "" if folders and folders[0] == Path("corpus") else f" --corpus {show(folders[0])}"
    return f'onrecord ask{named} "…"'


def _shown_progress(sources: Sequence[str], *, yes: bool) -> Iterable[str]:
    """The sources, with a bar on standard error where there are many, nobody is asked, and somebody looks."""
    if not yes or len(sources) < 2 or not sys.stderr.isatty():
        return sources
    from rich.console import Console
    from rich.progress import track

    return track(sources, gettext("Adding"), console=Console(stderr=True, markup=False), transient=True)
