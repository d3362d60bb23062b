"""What Tab offers in the REPL: commands, numbers of releases after `/use`, and words of the corpus."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.chat.commands import COMMANDS
from bot.chat.wording import printable, source_line
from bot.index.releases import Releases
from bot.model import Release

OFFERED = 100  # releases at a time; more than anybody looks through
WALKED = 2_000  # releases whose titles are looked through at each key; of more only the numbers are
_LAST_WORD = re.compile(r"[^\W_][\w'’-]*$")


def complete(line: str, words: Sequence[str], releases: Sequence[Release] | Releases) -> Iterator[tuple[str, str, str]]:
    """What may follow a line that ends at the cursor: `(replaced, text, meaning)`, in the order to offer it.

    `replaced` is the end of the line that `text` stands for. `words` are sorted and lower-cased; what is typed of a
    word is kept as it is. After `/use` a release is offered when its number or, in a small
    corpus, a word of its title begins so.
    """
    if line.startswith("/"):
        name, space, argument = line.partition(" ")
        if not space:
            yield from ((name, known.name, known.meaning) for known in COMMANDS if known.name.startswith(name.lower()))
        elif name.lower() == "/use":
            yield from islice(_releases(argument.lstrip(), releases), OFFERED)
        return
    found = _LAST_WORD.search(line)
    if not found:
        return
    typed = found[0].lower()
    for at in range(bisect_left(words, typed), len(words)):
        if not words[at].startswith(typed):
            return
        if words[at] != typed:
            yield found[0], found[0] + printable(words[at][len(typed) :]), ""


def _releases(typed: str, releases: Sequence[Release] | Releases) -> Iterator[tuple[str, str, str]]:
    found = _titled(typed, releases) if len(releases) <= WALKED else _numbered(typed, releases)
    return ((typed, str(number), source_line(release)) for number, release in found)


def _titled(typed: str, releases: Sequence[Release] | Releases) -> Iterator[tuple[int, Release]]:
    for number, release in enumerate(releases, 1):
        title_words = release.title.lower().split()
        if str(number).startswith(typed) or any(word.startswith(typed.lower()) for word in title_words):
            yield number, release


def _numbered(typed: str, releases: Sequence[Release] | Releases) -> Iterator[tuple[int, Release]]:
    """The releases whose numbers begin so, with no look at the others: 7, then 70 to 79, then 700 to 799."""
    if not typed:
        yield from enumerate(releases[:OFFERED], 1)
    if not re.fullmatch(r"[1-9]\d{0,8}", typed, re.ASCII):
        return
    first, end = int(typed), int(typed) + 1
    while first <= len(releases):
        yield from enumerate(releases[first - 1 : min(end, first + OFFERED) - 1], first)
        first, end = 10 * first, 10 * end
