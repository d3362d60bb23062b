"""From folders of files to releases: the one function that chooses how each format is read."""

import errno
import hashlib
import os
import stat
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import time_ns

from bot.model import OnrecordError, Release
from bot.reading.draft import Draft, UnreadableError
from bot.reading.drafting import read_draft, read_text
from bot.reading.folders import EXTENSIONS, LARGEST_FILE, Found, corpus_signature, find_files, show, signature_of
from bot.reading.formats import KINDS
from bot.reading.ids import file_id, unique_ids
from bot.reading.reading import NOTHING_READ, FileRead, Reading, Stamp

__all__ = [
    "KINDS",
    "LARGEST_FILE",
    "Reading",
    "corpus_signature",
    "read_corpus",
    "read_draft",
    "read_release",
    "release_of",
]

STILL_NEW = 2_000_000_000  # nanoseconds: no file system tells times apart less finely


def read_corpus(folders: Sequence[Path], before: Reading = NOTHING_READ) -> Reading:
    """The releases in the folders and the folders below, in the order of their paths.

    A file that cannot be read is left out with a warning; so is one that repeats another, or the id of another. Folders
    without a release give none, with a warning that says what belongs there.

    Of what was read `before` only what has changed is read again: a release that is as it was is the same object. One
    whose file is there and can no longer be read stays as it was, with a warning.

    Raises:
        OnrecordError: there is no such folder, or it may not be read.
    """
    found = find_files(folders)
    known = {
        (file.digest, path.name): file.draft
        for path, file in before.read.items()
        if file.digest and path in before.files
    }
    read = {path: _look_into(path, status, before, known) for path, status in found.files}
    unreached = _unreached(found, before)
    read |= unreached
    warnings, unread = list(found.warnings), {path: file.problem for path, file in read.items() if file.problem}
    drafts: dict[Path, Draft] = {}
    contents: dict[bytes, Path] = {}
    named: dict[str, Path] = {}
    for path, file in read.items():
        good = file.kept if file.problem else file
        if file.problem and path not in unreached:
            warnings.append(f"{show(path)} {'stays as it was' if good else 'is skipped'}: it {file.problem}.")
        if good is None or good.draft is None:
            continue
        draft = good.draft
        if good is file:
            warnings += [f"{show(path)} {warning}." for warning in draft.warnings]
        same = contents.setdefault(good.digest, path)
        if same is path and draft.id:
            same = named.setdefault(draft.id, path)
        if same is not path:
            reason = f"has the same id, {draft.id}, as" if draft.id else "is the same release as"
            unread[path] = f"{reason} {show(same)}"
            warnings.append(f"{show(path)} is skipped: it {unread[path]}.")
            continue
        drafts[path] = draft
    if unreached:
        count = "a release" if len(unreached) == 1 else f"{len(unreached)} releases"
        warnings.append(f"The files of {count} cannot be reached: what they said last stays on the record.")
    ids = unique_ids([path for path, draft in drafts.items() if not draft.id], frozenset(named))
    was = {(_draft_of(before.read[path]), release.id): release for path, release in before.files.items()}
    files = {path: _as_before(draft, draft.id or ids[path], was) for path, draft in drafts.items()}
    if not files:
        warnings.append(_nothing_found(folders, found))
    return Reading(tuple(files.values()), tuple(warnings), files, unread, read, signature_of(found))


def _look_into(
    path: Path, status: os.stat_result, before: Reading, known: Mapping[tuple[bytes, str], Draft | None]
) -> FileRead:
    """What a file says now. What is `known` of its bytes under its name need not be worked out again."""
    last = before.read.get(path)
    stamp = Stamp.of(status)
    if last and last.stamp == stamp and not last.problem:
        return last
    settled = stamp if time_ns() - stamp.changed > STILL_NEW else None
    digest = b""
    try:
        if status.st_size > LARGEST_FILE:
            raise UnreadableError(f"is larger than {LARGEST_FILE // 1_000_000} MB: split it")
        raw = _read(path)
        digest = hashlib.blake2b(raw).digest()
        if last and last.digest == digest:
            return replace(last, stamp=settled)
        return FileRead(settled, digest, known.get((digest, path.name)) or read_text(raw, path.name))
    except UnreadableError as error:
        good = last.kept if last and last.problem else last
        return FileRead(settled, digest, problem=str(error), kept=good if path in before.files else None)


def _unreached(found: Found, before: Reading) -> dict[Path, FileRead]:
    """The files of releases that were not found, although nothing says that they are gone: a folder cannot be read."""
    paths = {path for path, _ in found.files}
    inodes = {(status.st_dev, status.st_ino) for _, status in found.files}
    return {
        path: FileRead(None, b"", problem="cannot be reached", kept=last.kept if last.problem else last)
        for path, last in before.read.items()
        if path in before.files and path not in paths and not _is_gone(path, inodes)
    }


def _is_gone(path: Path, inodes: Collection[tuple[int, int]]) -> bool:
    try:
        status = path.stat()
    except OSError as error:
        return error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
    return not stat.S_ISREG(status.st_mode) or (status.st_dev, status.st_ino) in inodes


def _draft_of(file: FileRead) -> Draft | None:
    """What a file said last that could be read."""
    return file.kept.draft if file.kept else file.draft


def _as_before(draft: Draft, release_id: str, was: Mapping[tuple[Draft | None, str], Release]) -> Release:
    """The release as it was, where draft and id are the same; else a new one."""
    return was.get((draft, release_id)) or release_of(draft, release_id)


def read_release(raw: bytes, name: str) -> tuple[Release, tuple[str, ...]]:
    """The release that a file's bytes hold, and warnings; the file's name tells the format, and lends id and date.

    Raises:
        OnrecordError: the bytes are no text, or hold none.
    """
    try:
        draft = read_draft(raw, name)
    except UnreadableError as error:
        raise OnrecordError(f"{show(Path(name))} {error}.") from error
    warnings = tuple(f"{show(Path(name))} {warning}." for warning in draft.warnings)
    return release_of(draft, draft.id or file_id(name)), warnings


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableError("cannot be read: check its permissions") from error


def release_of(draft: Draft, release_id: str) -> Release:
    """The release that a draft is, under this id."""
    return Release(
        id=release_id,
        text=draft.text,
        title=draft.title or release_id,
        published=draft.published,
        source=draft.source,
        place=draft.place,
        wire=draft.wire,
        url=draft.url,
    )


def _nothing_found(folders: Sequence[Path], found: Found) -> str:
    places = ", ".join(show(folder) for folder in folders) or "no folder"
    kinds = ", ".join(EXTENSIONS)
    passed = f" (not read: {len(found.others)} of other kinds, such as {found.others[0].name})" if found.others else ""
    return (
        f"There is no release in {places}{passed}: put files of press releases there, as {kinds}, or add others with "
        "onrecord add."
    )
