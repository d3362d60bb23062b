"""What a press office does to the files of its releases: they are added, replaced and taken away.

Whatever happens in the middle, the corpus is as it was or as it should be: files are written aside, on the disk, and
only then given their name. What is replaced or taken away is kept under the data folder.
"""

import errno
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.desk.holdings import Filed, Holdings
from bot.desk.likeness import are_alike, digest, digest_of, file_stem, page_of
from bot.desk.writing import as_plain, settled
from bot.model import OnrecordError
from bot.reading.draft import Draft
from bot.reading.files import release_of
from bot.reading.folders import show
from bot.reading.ids import file_id, slug

Held = TypeVar("Held", bound=Holdings)


class Standing(StrEnum):
    """What a release is to those that are held: not among them, one of them, or a new version of one."""

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


def propose(draft: Draft, holdings: Holdings) -> Proposal:
    """What adding the draft would do. Nothing is written.

    The same words are the same release. The same URL, the same id that the draft itself gives, or the same date and
    title with most of the words, make a new version: it takes the place of the old one, and its name. One that lies in
    a tar or a zip cannot be replaced: the new version stands beside it, under an id of its own.

    Raises:
        OnrecordError: the text cannot be kept word for word, or there is no folder to write to.
    """
    draft, source = settled(draft)
    words, near = digest(draft.text), sorted(holdings.near(draft), key=lambda one: one.inside is not None)
    for filed in near:
        if digest_of(filed.release) == words:
            return Proposal(draft, source, filed.path, Standing.SAME, filed)
    earlier = _earlier(draft, near)
    if earlier is not None and earlier.inside is not None:
        if draft.id == earlier.release.id:
            draft, source = settled(replace(draft, id=None))
        earlier = _beside(draft, near)
    if earlier is None:
        return Proposal(draft, source, _free(_folder(holdings) / f"{file_stem(draft)}.md", holdings), Standing.NEW)
    if draft.id != earlier.release.id and file_id(earlier.path.name) != earlier.release.id:
        # Its name does not give the id by which links know it, so the new version says it.
        draft, source = settled(replace(draft, id=earlier.release.id))
    path = earlier.path
    if path.suffix.lower() == ".txt":
        plain = as_plain(draft)
        path, source = (path, plain) if plain else (path.with_suffix(".md"), source)
    return Proposal(draft, source, path, Standing.VERSION, earlier)


def add(proposal: Proposal, holdings: Held, data: Path) -> tuple[Filed, Held]:
    """Writes what was proposed, and gives the release in its file, and the holdings with it.

    Of a new version the old file is kept under `data` first. A release that is there already is left alone.

    Raises:
        OnrecordError: it could not be written, then everything is as it was; or it is written, and an archive could not
            learn of it.
    """
    if proposal.standing is Standing.SAME and proposal.earlier:
        return holdings.with_filed(proposal.earlier)
    path, earlier = proposal.path, proposal.earlier
    with _said(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        if earlier is None:
            path = _write_new(path, proposal.source)
        else:
            _keep(earlier, data)
            if path != earlier.path and earlier.path.exists():  # the name first: there is never one release twice
                path = _renamed(earlier.path, path)
            _write_over(path, proposal.source)
    release_id = earlier.release.id if earlier else proposal.draft.id or file_id(path.name)
    return holdings.with_filed(Filed(path, release_of(proposal.draft, release_id)), earlier)


def remove(filed: Filed, holdings: Held, data: Path) -> tuple[Path, Held]:
    """Takes a release off the record, and gives the file under `data` that keeps it, and the holdings without it.

    Raises:
        OnrecordError: it could not be kept or taken away, then it is still there; or it is gone, and an archive could
            not learn of it.
    """
    check_removable(filed)
    with _said(filed.path.parent):
        kept = _keep(filed, data)
        filed.path.unlink(missing_ok=True)
        _settle(filed.path.parent)
    return kept, holdings.without(filed)


def check_removable(filed: Filed) -> None:
    """Says at once that a release cannot be taken off the record.

    Raises:
        OnrecordError: its file lies in a tar or a zip.
    """
    if filed.inside is not None:
        name = show(filed.path.relative_to(filed.inside))
        raise OnrecordError(
            f"This release lies in {show(filed.inside)}, which is never changed: take {name} out of it, then run onrecord "
            "index."
        )


def named(words: str, holdings: Holdings) -> Filed | None:
    """The release with this number in the list (from 1), this id, or the file of this name; None where there is none."""
    words = words.strip()
    number = int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0
    return holdings.at(number) or holdings.find(words) or (holdings.of_file(words) if words else None)


def _earlier(draft: Draft, near: Sequence[Filed]) -> Filed | None:
    """The release that the draft is a new version of."""
    page, stem = page_of(draft.url), file_stem(draft)
    for filed in near:
        if (draft.id and draft.id == filed.release.id) or (page and page == page_of(filed.release.url)):
            return filed
    for filed in near:
        if draft.published and filed.path.stem == stem and are_alike(filed.release.text, draft.text):
            return filed
    return None


def _beside(draft: Draft, near: Sequence[Filed]) -> Filed | None:
    """What the last version became where the one before lies in a tar or a zip; its name may have a number."""
    named = re.compile(rf"{re.escape(file_stem(draft))}(-\d+)?")
    return next(
        (
            filed
            for filed in near
            if not filed.inside and named.fullmatch(filed.path.stem) and are_alike(filed.release.text, draft.text)
        ),
        None,
    )


def _folder(holdings: Holdings) -> Path:
    folder = holdings.folders[0]
    if folder.is_file():
        raise OnrecordError(f"{show(folder)} is a file: name a folder to add to, with --corpus.")
    return folder


def _free(path: Path, holdings: Holdings) -> Path:
    """The path, or the path with a number: neither a file nor an id that there is."""
    stem, number = path.stem, 1
    while holdings.find(path.stem) is not None or path.exists():
        number += 1
        path = path.with_name(f"{stem}-{number}.md")
    return path


def _keep(filed: Filed, data: Path) -> Path:
    """A copy of the file as it is now, under `data`; of one that is gone, what an archive still knows it said."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    folder = data / "versions" / (slug(filed.release.id) or "release")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        raw: str | bytes = filed.path.read_bytes()
    except FileNotFoundError:
        raw = filed.release.text
    return _write_new(folder / f"{now}{filed.path.suffix}", raw)


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
