"""The commands of the REPL: their names, what they take and what they do, in words."""

from difflib import get_close_matches
from typing import NamedTuple


class Command(NamedTuple):
    """A command as `/help` shows it."""

    name: str
    argument: str
    does: str


COMMANDS = (
    Command("/more", "", "the next quotes, or the nearest sentences"),
    Command("/context", "[N]", "the passage around the last quote, or quote N"),
    Command("/explain", "", "why the last quotes rank as they do"),
    Command("/releases", "[PAGE]", "the releases, numbered"),
    Command("/use", "N", "ask only release N"),
    Command("/all", "", "ask all releases again"),
    Command("/help", "", "this page"),
    Command("/quit", "", "leave; so does Ctrl-D"),
)
NAMES = tuple(command.name for command in COMMANDS)


def nearest_command(name: str) -> str | None:
    """The command that was probably meant by a name that is none, or None where nothing is near."""
    if len(name) > 1:
        for known in NAMES:
            if known.startswith(name):
                return known
    return next(iter(get_close_matches(name, NAMES, n=1, cutoff=0.6)), None)
