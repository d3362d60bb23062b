"""From folders of files to releases: the one function that chooses how each format is read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.model import OnrecordError, Release
from bot.reading.cleaning import clean, clean_line
from bot.reading.dates import DATE, date_of
from bot.reading.decoding import decode
from bot.reading.draft import Draft, UnreadableError
from bot.reading.folders import EXTENSIONS, Found, corpus_signature, find_files, show
from bot.reading.front_matter import read_front_matter
from bot.reading.ids import file_id, unique_ids, valid_id
from bot.reading.layout import part_furniture
from bot.reading.markdown import read_markdown
from bot.reading.plain import read_plain
from bot.reading.title import first_sentence, take_headline
from bot.reading.wire import strip_wire, tidy

__all__ = ["LARGEST_FILE", "Reading", "corpus_signature", "read_corpus", "read_release"]

LARGEST_FILE = 20_000_000
"""The most bytes that a file may hold."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The releases of a corpus, and one sentence for each thing in it that could not be read as it stands."""

    releases: tuple[Release, ...]
    warnings: tuple[str, ...] = ()


def read_corpus(folders: Sequence[Path]) -> Reading:
    """The releases in the folders and the folders below, in the order of their paths.

    A file that cannot be read is left out with a warning; so is one that repeats another, or the id of another. Folders
    without a release give none, with a warning that says what belongs there.

    Raises:
        OnrecordError: there is no such folder, or it may not be read.
    """
    found = find_files(folders)
    warnings = list(found.warnings)
    drafts: dict[Path, Draft] = {}
    contents: dict[bytes, Path] = {}
    named: dict[str, Path] = {}
    for path, status in found.files:
        try:
            if status.st_size > LARGEST_FILE:
                raise UnreadableError(f"is larger than {LARGEST_FILE // 1_000_000} MB: split it")
            raw = _read(path)
            draft = _draft(raw, path.name)
        except UnreadableError as error:
            warnings.append(f"{show(path)} is skipped: it {error}.")
            continue
        warnings += [f"{show(path)} {warning}." for warning in draft.warnings]
        same = contents.setdefault(hashlib.blake2b(raw).digest(), path)
        if same is path and draft.id:
            same = named.setdefault(draft.id, path)
        if same is not path:
            reason = f"has the same id, {draft.id}, as" if draft.id else "is the same release as"
            warnings.append(f"{show(path)} is skipped: it {reason} {show(same)}.")
            continue
        drafts[path] = draft
    ids = unique_ids([path for path, draft in drafts.items() if not draft.id], frozenset(named))
    releases = tuple(_release(draft, draft.id or ids[path]) for path, draft in drafts.items())
    if not releases:
        warnings.append(_nothing_found(folders, found))
    return Reading(releases, tuple(warnings))


def read_release(raw: bytes, name: str) -> tuple[Release, tuple[str, ...]]:
    """The release that a file's bytes hold, and warnings; the file's name tells the format, and lends id and date.

    Raises:
        OnrecordError: the bytes are no text, or hold none.
    """
    try:
        draft = _draft(raw, name)
    except UnreadableError as error:
        raise OnrecordError(f"{show(Path(name))} {error}.") from error
    warnings = tuple(f"{show(Path(name))} {warning}." for warning in draft.warnings)
    return _release(draft, draft.id or file_id(name)), warnings


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableError("cannot be read: check its permissions") from error


def _draft(raw: bytes, name: str) -> Draft:
    """What the bytes of a file say. Raises UnreadableError where they are no text, or hold none."""
    if not raw.strip():
        raise UnreadableError("is empty")
    decoded, guessed = decode(raw)
    body, said = read_front_matter(clean(decoded))
    draft = read_markdown(body) if name.lower().endswith((".md", ".markdown")) else read_plain(body)
    # Parsing brings characters of its own, as from the entity of an escape.
    text = part_furniture(clean(draft.text))
    heading = clean_line(draft.title or "") or None
    draft = strip_wire(replace(said, text=text))
    text = draft.text
    if heading is None and draft.title is None:
        heading, text = take_headline(text)
    elif heading and draft.title and heading.casefold() != draft.title.casefold():
        text = f"{heading}\n\n{text}"
    text = tidy(text)
    if not any(map(str.isalnum, text)):
        raise UnreadableError("holds no text")
    warnings = (*guessed, *said.warnings)
    given = valid_id(said.id or "") or None
    if said.id and given != said.id:
        warnings += (
            f"has an id that no link can hold: it is read as {given}" if given else "has an id without letters",
        )
    return replace(
        draft,
        text=text,
        title=draft.title or heading or first_sentence(text),
        id=given,
        published=draft.published or _date_in(name),
        warnings=warnings,
    )


def _date_in(name: str) -> date | None:
    match = DATE.match(name)
    return date_of(match) if match and match["iso"] else None


def _release(draft: Draft, release_id: str) -> Release:
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
    return f"There is no release in {places}{passed}: put files of press releases there, as {kinds}."
