"""The library of the press office: the files of a corpus, what is added to them, replaced and taken away.

Whatever happens in the middle, the corpus is as it was or as it should be: files are written aside, on the disk, and
only then given their name. What is replaced or taken away is kept under the data folder.
"""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.desk.writing import as_plain, settled
from bot.model import OnrecordError, Release
from bot.reading.draft import Draft
from bot.reading.files import read_corpus, release_of
from bot.reading.folders import show
from bot.reading.ids import LONGEST_ID, file_id, slug

_LONGEST_NAME = LONGEST_ID - 4  # characters of a file's name: with a number after it, it is still an id
_ALIKE = 0.5  # share of the words of two texts that are in both
_RESERVED = re.compile(
    r"con|prn|aux|nul|com\d|lpt\d|readme", re.IGNORECASE
)  # no names of files on Windows, or not read
_NOT_THE_PAGE = re.compile(r"utm_\w+|fbclid|gclid|mc_cid|mc_eid")  # parameters that say only where a reader came from


@dataclass(frozen=True, slots=True)
class Filed:
    """A release of the library, and the file that keeps it."""

    path: Path
    release: Release


@dataclass(frozen=True, slots=True)
class Library:
    """The releases in the folders of a corpus, in their order. What is added goes into the first folder."""

    folders: tuple[Path, ...]
    filed: tuple[Filed, ...]
    warnings: tuple[str, ...] = ()


class Standing(StrEnum):
    """What a release is to the library: not in it, in it already, or a new version of one that is."""

    NEW = "new"
    SAME = "same"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A release as it would be added: its draft and the text of its file, where it goes, and what is there already."""

    draft: Draft
    source: str
    path: Path
    standing: Standing
    earlier: Filed | None = None


def open_library(folders: Sequence[Path]) -> Library:
    """The library in the folders; a first folder that there is not yet holds nothing.

    Raises:
        OnrecordError: another folder is not there, or one may not be read.
    """
    there = [folder for number, folder in enumerate(folders) if number or folder.exists()]
    if not there:
        return Library(tuple(folders), ())
    reading = read_corpus(there)
    filed = tuple(Filed(path, release) for path, release in reading.files.items())
    return Library(tuple(folders), filed, reading.warnings)


def propose(draft: Draft, library: Library) -> Proposal:
    """What adding the draft would do. Nothing is written.

    The same words are the same release. The same URL, the same id that the draft itself gives, or the same date and
    title with most of the words, make a new version: it takes the place of the old one, and its name.

    Raises:
        OnrecordError: the text cannot be kept word for word, or the library has no folder to write to.
    """
    draft, source = settled(draft)
    words = _digest(draft.text)
    for filed in library.filed:
        if _digest_of(filed.release) == words:
            return Proposal(draft, source, filed.path, Standing.SAME, filed)
    earlier = _earlier(draft, library)
    if earlier is None:
        return Proposal(draft, source, _free(_folder(library) / f"{_name(draft)}.md", library), Standing.NEW)
    if draft.id != earlier.release.id and file_id(earlier.path.name) != earlier.release.id:
        # Its name does not give the id by which links know it, so the new version says it.
        draft, source = settled(replace(draft, id=earlier.release.id))
    path = earlier.path
    if path.suffix.lower() == ".txt":
        plain = as_plain(draft)
        path, source = (path, plain) if plain else (path.with_suffix(".md"), source)
    return Proposal(draft, source, path, Standing.VERSION, earlier)


def add(proposal: Proposal, library: Library, data: Path) -> tuple[Filed, Library]:
    """Writes what was proposed, and gives the release in its file, and the library with it.

    Of a new version the old file is kept under `data` first. A release that is there already is left alone.

    Raises:
        OnrecordError: it could not be written; then everything is as it was.
    """
    if proposal.standing is Standing.SAME and proposal.earlier:
        return proposal.earlier, library
    path, earlier = proposal.path, proposal.earlier
    with _said(path.parent):
        if earlier is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path = _write_new(path, proposal.source)
        else:
            _keep(earlier, data)
            if path != earlier.path:  # the name first, so that there is never one release twice
                path = _renamed(earlier.path, path)
            _write_over(path, proposal.source)
    release_id = earlier.release.id if earlier else proposal.draft.id or file_id(path.name)
    filed = Filed(path, release_of(proposal.draft, release_id))
    others = tuple(one for one in library.filed if earlier is None or one.path != earlier.path)
    return filed, replace(library, filed=tuple(sorted((*others, filed), key=lambda one: one.path)))


def remove(filed: Filed, library: Library, data: Path) -> tuple[Path, Library]:
    """Takes a release out of the corpus, and gives the file under `data` that keeps it, and the library without it.

    Raises:
        OnrecordError: it could not be kept or taken away; then it is still there.
    """
    with _said(filed.path.parent):
        kept = _keep(filed, data)
        filed.path.unlink(missing_ok=True)
        _settle(filed.path.parent)
    return kept, replace(library, filed=tuple(one for one in library.filed if one.path != filed.path))


def named(words: str, library: Library) -> Filed | None:
    """The release with this number in the list (from 1), this id, or the file of this name; None where there is none."""
    words = words.strip()
    if words.isascii() and words.isdigit() and len(words) < 10 and 1 <= int(words) <= len(library.filed):
        return library.filed[int(words) - 1]
    return next((one for one in library.filed if words in (one.release.id, one.path.name, str(one.path))), None)


def _earlier(draft: Draft, library: Library) -> Filed | None:
    """The release that the draft is a new version of."""
    url, named_so = _page(draft.url), _name(draft)
    for filed in library.filed:
        if (draft.id and draft.id == filed.release.id) or (url and url == _page(filed.release.url)):
            return filed
    for filed in library.filed:
        if draft.published and filed.path.stem == named_so:
            old, new = set(_words(filed.release.text)), set(_words(draft.text))
            if len(new & old) >= _ALIKE * len(new | old):
                return filed
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _digest(text: str) -> bytes:
    """The same for two texts that differ in nothing but case, space and signs."""
    return hashlib.blake2b(" ".join(_words(text)).encode("utf-8", "surrogatepass"), digest_size=16).digest()


@lru_cache(maxsize=100_000)
def _digest_of(release: Release) -> bytes:
    return _digest(release.text)


def untracked(url: str) -> str:
    """A URL without the parameters that say only where a reader came from, and without a fragment.

    Raises:
        ValueError: it is no URL.
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _NOT_THE_PAGE.fullmatch(pair[0])]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _page(url: str | None) -> str | None:
    """A URL as far as it tells pages apart; None for a whole site, which some pages give as their own address."""
    try:
        parts = urlsplit(untracked(url or ""))
    except ValueError:
        return url
    if not parts.query and not parts.path.strip("/"):
        return None
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def _folder(library: Library) -> Path:
    folder = library.folders[0]
    if folder.is_file():
        raise OnrecordError(f"{show(folder)} is a file: name a folder to add to, with --corpus.")
    return folder


def _free(path: Path, library: Library) -> Path:
    """The path, or the path with a number: neither a file nor an id that there is."""
    taken, stem, number = {filed.release.id for filed in library.filed}, path.stem, 1
    while path.stem in taken or path.exists():
        number += 1
        path = path.with_name(f"{stem}-{number}.md")
    return path


def _name(draft: Draft) -> str:
    """The name of a file without its extension: the date and the title, in signs that every file system takes."""
    day = draft.published.isoformat() if draft.published else ""
    title = _shortened(slug(draft.title or "").replace("_", "-"), _LONGEST_NAME - len(day) - 1)
    if not title or (not day and _RESERVED.fullmatch(title)):
        digest = hashlib.blake2b((draft.title or draft.text).encode("utf-8", "surrogatepass"), digest_size=4)
        title = f"release-{digest.hexdigest()}"
    return f"{day}-{title}" if day else title


def _shortened(words: str, longest: int) -> str:
    """Words with hyphens between them, as many as there is room for."""
    if len(words) <= longest:
        return words.strip("-")
    whole = words[: longest + 1].rpartition("-")[0]
    return (whole if len(whole) > longest // 2 else words[:longest]).strip("-")


def _keep(filed: Filed, data: Path) -> Path:
    """A copy of the file as it is now, under `data`."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    folder = data / "versions" / (slug(filed.release.id) or "release")
    folder.mkdir(parents=True, exist_ok=True)
    return _write_new(folder / f"{now}{filed.path.suffix}", filed.path.read_bytes())


def _renamed(old: Path, new: Path) -> Path:
    number = 1
    while new.exists():
        number += 1
        new = new.with_name(f"{old.stem}-{number}.md")
    return old.rename(new)


def _write_new(path: Path, source: str | bytes) -> Path:
    """Writes a file of this name, or of this name and a number where there is one already."""
    stem, suffix, number = path.stem, path.suffix, 1
    with _aside(path.parent, source) as aside:
        while True:
            try:
                _link(aside, path)
                break
            except FileExistsError:
                number += 1
                path = path.with_name(f"{stem}-{number}{suffix}")
    _settle(path.parent)
    return path


def _link(aside: Path, path: Path) -> None:
    """Gives a file its name, where no other has it."""
    try:
        os.link(aside, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        aside.rename(path)


def _write_over(path: Path, source: str) -> None:
    with _aside(path.parent, source) as aside:
        os.replace(aside, path)
    _settle(path.parent)


@contextmanager
def _aside(folder: Path, source: str | bytes) -> Iterator[Path]:
    """A file with this content that is on the disk, under a name that no reader of the corpus looks at."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".onrecord-", suffix=".part")
    aside = Path(name)
    try:
        with open(descriptor, "wb") as file:
            file.write(source.encode("utf-8") if isinstance(source, str) else source)
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(0o644)
        yield aside
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Writes the names in a folder to the disk, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """Turns what the system says into a sentence for the one who adds."""
    try:
        yield
    except OSError as error:
        place = show(Path(error.filename).parent) if isinstance(error.filename, str) else show(folder)
        what = {
            errno.ENOSPC: "the disk is full: make room, and add it again",
            errno.EDQUOT: "the disk is full: make room, and add it again",
            errno.EROFS: "it can only be read: name another folder with --corpus",
            errno.EACCES: "it may not be written: check its permissions, or name another folder with --corpus",
            errno.EPERM: "it may not be written: check its permissions, or name another folder with --corpus",
        }.get(error.errno or 0, f"{error.strerror or error}")
        raise OnrecordError(f"Nothing was changed in {place}: {what}.") from error
