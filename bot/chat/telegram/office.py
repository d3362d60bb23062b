"""The press office of a running bot: who belongs to it, and what it does to the releases."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Protocol

from bot.desk import filing
from bot.desk.filing import Proposal
from bot.desk.holdings import Filed, Holdings
from bot.desk.live import Live
from bot.desk.log import QuestionLog
from bot.model import OnrecordError
from bot.reading.draft import Draft, UnreadableError
from bot.reading.files import read_draft

_log = logging.getLogger(__name__)


class Shelf(Protocol):
    """Where the releases are, while a bot answers from them."""

    def opened(self) -> Holdings:
        """The releases with their files, as they are now.

        Raises:
            OnrecordError: they cannot be read.
        """

    def reload(self) -> None:
        """Makes the bot answer from the files as they are now, before it returns."""


@dataclass(frozen=True, slots=True)
class LiveShelf:
    """The releases that a bot follows; `own` says whether they are the press office's to change."""

    live: Live
    own: bool = True

    def opened(self) -> Holdings:
        """The releases with their files, as they are now.

        Raises:
            OnrecordError: they are those that ship with the program.
        """
        if not self.own:
            raise OnrecordError("There is no folder for your releases yet: start the bot with --corpus and one.")
        return self.live.holdings()

    def reload(self) -> None:
        """Makes the bot answer from the files as they are now."""
        self.live.reload()


@dataclass(frozen=True, slots=True)
class Office:
    """The press office: its people by their numbers, its releases, and what people asked.

    `private` lets it fetch pages from private networks; in `notes` comes what its people should know of the releases.
    """

    admins: frozenset[int]
    shelf: Shelf
    data: Path
    log: QuestionLog
    private: bool = False
    notes: "SimpleQueue[str]" = field(default_factory=SimpleQueue)
    lock: Lock = field(default_factory=Lock)

    def is_admin(self, person: int) -> bool:
        """Whether a person belongs to it."""
        return person in self.admins

    def refuse(self, person: int, what: str) -> None:
        """Logs that somebody else tried `what`: who, only as the question log knows them."""
        _log.warning("Refused to %s for somebody who is no admin (%s)", what, self.log.person("telegram", person))


def publish(office: Office, source: str) -> tuple[Proposal, Filed]:
    """Puts a release on the record that was shown as the Markdown `source`. It can be asked about at once.

    Raises:
        OnrecordError: it could not be written.
    """
    with office.lock:
        shelf = office.shelf.opened()
        proposal = filing.propose(kept_draft(source), shelf)
        filed, _ = filing.add(proposal, shelf, office.data)
        office.shelf.reload()
    return proposal, filed


def kept_draft(source: str) -> Draft:
    """The release that the Markdown of a proposal holds.

    Raises:
        OnrecordError: it cannot be read.
    """
    try:
        return read_draft(source.encode(), "release.md")
    except UnreadableError as error:
        raise OnrecordError(f"The release {error}.") from error


def take_off(office: Office, release_id: str) -> Filed | None:
    """Takes a release off the record, and gives what it was; None where it is gone already.

    Raises:
        OnrecordError: it could not be taken away.
    """
    with office.lock:
        shelf = office.shelf.opened()
        filed = shelf.find(release_id)
        if filed is not None:
            filing.remove(filed, shelf, office.data)
            office.shelf.reload()
    return filed
