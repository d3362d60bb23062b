"""What the buttons under a message mean, and how that is written in the 64 bytes that Telegram gives each."""

import hashlib
import re
from dataclasses import dataclass

from bot.index.releases import Releases
from bot.model import Release

LONGEST_DATA = 64  # bytes
_VERSION = "1"  # the first letter: data of another version is not read as something else
_LONGEST_KEY = LONGEST_DATA - 2
_LARGEST = 2**63 - 1  # of an integer in SQLite
_DATA = re.compile(
    _VERSION + r"(?:(?P<at>[scud])(?P<row>\d+)\.(?P<position>\d+)|r(?P<key>.+)|(?P<all>a)|p(?P<page>\d+)"
    r"|(?P<verdict>[yn])(?P<proposal>\d+))",
    re.A,
)
_KEY = re.compile(r"~?[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: what it says, and the data that comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Show:
    """Show the quote at a position of the answer in `row`: the next one, the one in context, the nearest sentence."""

    row: int
    position: int


@dataclass(frozen=True, slots=True)
class Context:
    """Show that quote in its passage."""

    row: int
    position: int


@dataclass(frozen=True, slots=True)
class Vote:
    """Say whether that quote is a good answer."""

    row: int
    position: int
    up: bool


@dataclass(frozen=True, slots=True)
class Use:
    """Ask only the release with this key (see `release_key`)."""

    key: str


@dataclass(frozen=True, slots=True)
class UseAll:
    """Ask all releases again."""


@dataclass(frozen=True, slots=True)
class Page:
    """Turn to a page of the releases, from 0."""

    number: int


@dataclass(frozen=True, slots=True)
class Decide:
    """Do what was proposed to an admin in `row`, or leave it."""

    row: int
    yes: bool


Press = Show | Context | Vote | Use | UseAll | Page | Decide


def encode(press: Press) -> str:
    """The data of a button, at most 64 bytes."""
    match press:
        case Show(row, position):
            return f"{_VERSION}s{row}.{position}"
        case Context(row, position):
            return f"{_VERSION}c{row}.{position}"
        case Vote(row, position, up):
            return f"{_VERSION}{'u' if up else 'd'}{row}.{position}"
        case Use(key):
            return f"{_VERSION}r{key}"
        case UseAll():
            return f"{_VERSION}a"
        case Page(number):
            return f"{_VERSION}p{number}"
        case Decide(row, yes):
            return f"{_VERSION}{'y' if yes else 'n'}{row}"


def decode(data: object) -> Press | None:
    """What a press of the button with this data means, or None where it is no data of this version."""
    found = _DATA.fullmatch(data) if isinstance(data, str) and len(data) <= LONGEST_DATA else None
    if found is None or any(int(found[name] or 0) > _LARGEST for name in ("row", "position", "page", "proposal")):
        return None
    if found["all"]:
        return UseAll()
    if found["key"]:
        return Use(found["key"]) if _KEY.fullmatch(found["key"]) else None
    if found["page"]:
        return Page(int(found["page"]))
    if found["verdict"]:
        return Decide(int(found["proposal"]), yes=found["verdict"] == "y")
    row, position = int(found["row"]), int(found["position"])
    match found["at"]:
        case "s":
            return Show(row, position)
        case "c":
            return Context(row, position)
        case vote:
            return Vote(row, position, up=vote == "u")


def release_key(release_id: str) -> str:
    """The id itself, or a digest of it where the id is too long for a button or has other signs in it."""
    if len(release_id) <= _LONGEST_KEY and _KEY.fullmatch(release_id) and release_id[0] != "~":
        return release_id
    return "~" + hashlib.blake2b(release_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def release_with_key(key: str, releases: Releases) -> Release | None:
    """The release that a key stands for, or None where it is gone."""
    if key.startswith("~"):  # a digest: only the ids are walked, which takes no text from a disk
        found = next((one for one in releases.ids() if release_key(one) == key), None)
        return None if found is None else releases.find(found)
    return releases.find(key)
