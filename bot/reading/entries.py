"""Files as they lie in a folder or in an archive, before they are read."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.reading.reading import Stamp


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a root: of a folder, of an archive, or the root itself.

    `name` is its path inside the root, with "/" between its parts; of a root that is one file it is the name of that.
    Bytes that are no UTF-8 are surrogates in it, as `os.fsdecode` gives them: `os.fsencode` makes of any name bytes that
    can be kept. `stamp.inode` is 0 in an archive, and so is `stamp.changed` where the archive tells no time.

    `read()` gives the bytes, and raises UnreadableError. In an archive it can be called once, before the next is taken.
    """

    name: str
    stamp: Stamp
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a folder, that is there and cannot be read: "{name} is skipped: it {reason}."."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class End:
    """What is known of a root when all was taken of it that can be.

    `whole` is False where a part of it could not be reached: what was not found may be there all the same. `problem`
    says what is wrong with the root itself: "{root} {problem}.". `others` is how many files of other kinds were passed
    over, and `example` the name of the first.
    """

    whole: bool
    problem: str | None = None
    others: int = 0
    example: str | None = None
