"""Where a release comes from: a file, a folder of files, an address, or standard input."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from bot.desk.likeness import untracked
from bot.model import OnrecordError
from bot.reading.apart import read_apart
from bot.reading.draft import Draft, UnreadableError
from bot.reading.fetching import PAGES, fetch
from bot.reading.files import KINDS, LARGEST_FILE
from bot.reading.folders import show

STDIN = "-"


def is_address(source: str) -> bool:
    """Whether a source is the address of a page, and no file."""
    return source.lower().startswith(("http://", "https://"))


def each_source(sources: Sequence[str]) -> Iterator[str]:
    """The sources one by one: in place of a folder the files in it and below that can be read, in order.

    Raises:
        OnrecordError: a folder holds no such file.
    """
    for source in sources:
        if source == STDIN or is_address(source) or not Path(source).is_dir():
            yield source
            continue
        found = sorted(path for path in Path(source).rglob("*") if path.suffix.lower() in KINDS and path.is_file())
        found = [path for path in found if not any(part.startswith(".") for part in path.relative_to(source).parts)]
        if not found:
            raise OnrecordError(f"There is nothing to add in {show(Path(source))}: no file of {', '.join(KINDS)}.")
        yield from map(str, found)


def read_source(source: str, *, private: bool = False) -> Draft:
    """What a source says. An address is fetched; `private` lets it be one of a private network.

    Raises:
        OnrecordError: it cannot be had, or is no release.
    """
    if is_address(source):
        return asyncio.run(read_page(source, private=private))
    # Outside of an event loop, which would keep Ctrl-C from a file that is being read.
    if source == STDIN:
        return read_bytes(sys.stdin.buffer.read(LARGEST_FILE + 1), "", shown="Standard input")
    path = Path(source)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "check its name and permissions"
        raise OnrecordError(f"{show(path)} cannot be read: {reason}.") from error
    return read_bytes(raw, path.name, shown=show(path))


async def read_page(address: str, *, private: bool = False) -> Draft:
    """What the page at an address says.

    Raises:
        OnrecordError: it cannot be had, or is no release.
    """
    page = await fetch(address, kinds=PAGES, private=private)
    assert page is not None  # only a fetch that names what it has gets nothing
    draft = await asyncio.to_thread(read_bytes, page.raw, page.name, shown=address, url=page.url, charset=page.charset)
    # Only who keeps the corpus gives ids: by one of its own a page could take the place of any release.
    return replace(draft, id=None, url=_own_address(draft.url, page.url))


def _own_address(stated: str | None, fetched: str) -> str:
    """The address of a page: the one that it states, where that is plainly this page's own.

    Some sites state the address of another page, or one for all, and then one release would take another's place.
    """
    last = urlsplit(fetched).path.rstrip("/").rpartition("/")[2]
    if stated and last and last in urlsplit(stated).path.split("/"):
        return untracked(stated)
    return untracked(fetched)


def read_bytes(raw: bytes, name: str, *, shown: str, url: str | None = None, charset: str | None = None) -> Draft:
    """What these bytes say, parsed where nothing in them can do harm; `shown` is what a sentence about them calls them.

    Raises:
        OnrecordError: they are no release.
    """
    if len(raw) > LARGEST_FILE:
        raise OnrecordError(f"{shown} is larger than {LARGEST_FILE // 1_000_000} MB: split it.")
    try:
        return read_apart(raw, name, url=url, charset=charset)
    except UnreadableError as error:
        raise OnrecordError(f"{shown} {error}.") from error
