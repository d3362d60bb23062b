"""What one file says before the corpus around it is known."""

from dataclasses import dataclass
from datetime import date

from bot.model import OnrecordError


class UnreadableError(OnrecordError):
    """A file that cannot become a release: the sentence says why, without the name of the file."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of one file and what the file says of itself.

    `id` is set only where the file names one. `warnings` are sentences without the name of the file.
    """

    text: str
    title: str | None = None
    id: str | None = None
    published: date | None = None
    source: str | None = None
    place: str | None = None
    wire: str | None = None
    url: str | None = None
    warnings: tuple[str, ...] = ()
