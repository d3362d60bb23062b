"""What can be shown for a line, as data: `bot.chat.plain` and `bot.chat.render` turn it into text."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.index.releases import Releases
from bot.model import Quote, Release, Reply


@dataclass(frozen=True, slots=True)
class Quotes:
    """`count` quotes of the reply from number `first` (from 0) on, or why there is none."""

    reply: Reply
    first: int = 0
    count: int = 1
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Nearest:
    """The same of a reply without an answer: sentences that are near, and labelled so."""

    reply: Reply
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Context:
    """The passage around a quote, with the quote marked in it."""

    quote: Quote
    nearest: bool = False


@dataclass(frozen=True, slots=True)
class Reasons:
    """The figures that ranked the quotes of a reply."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Listing:
    """Releases with their numbers, the first of them being `first` (from 1); `chosen` is the number in use."""

    releases: Sequence[Release] | Releases
    first: int = 1
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """The commands, and examples of questions."""

    example: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that is the answer to a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What can be typed next. For people: a pipe is not told."""

    text: str


Part = Quotes | Nearest | Context | Reasons | Listing | Help | Note | Hint
