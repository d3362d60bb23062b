"""The commands of the REPL: their names, what they take and what they do, in words."""

from difflib import get_close_matches
from typing import NamedTuple

from bot.chat.language import N_, gettext


class Command(NamedTuple):
    """A command as `/help` shows it; `argument` and `does` are in English."""

    name: str
    argument: str
    does: str

    @property
    def usage(self) -> str:
        """Its name, and what it takes, in the language that is spoken."""
        return f"{self.name} {gettext(self.argument)}" if self.argument else self.name

    @property
    def meaning(self) -> str:
        """What it does, in the language that is spoken."""
        return gettext(self.does)


COMMANDS = (
    Command("/more", "", N_("the next quotes, or the nearest sentences")),
    Command("/context", "[N]", N_("the passage around the last quote, or quote N")),
    Command("/explain", "", N_("why the last quotes rank as they do")),
    Command("/releases", N_("[PAGE]"), N_("the releases, numbered")),
    Command("/use", "N", N_("ask only release N")),
    Command("/all", "", N_("ask all releases again")),
    Command("/privacy", "", N_("what is kept of your questions")),
    Command("/forget", "", N_("delete the questions that you asked here")),
    Command("/help", "", N_("this page")),
    Command("/quit", "", N_("leave; so does Ctrl-D")),
)
NAMES = tuple(command.name for command in COMMANDS)


def nearest_command(name: str) -> str | None:
    """The command that was probably meant by a name that is none, or None where nothing is near."""
    if len(name) > 1:
        for known in NAMES:
            if known.startswith(name):
                return known
    return next(iter(get_close_matches(name, NAMES, n=1, cutoff=0.6)), None)
