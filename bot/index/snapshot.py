"""The corpus as it was read last, kept under the data folder, so that an unchanged one need not be read again.

A snapshot has a line of JSON for the whole, and one for each release: to write and to read one line is done in a moment,
and a question that is asked meanwhile need not wait for all of them.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import bot
from bot.index.corpus import Corpus, Cut, corpus_of, cut
from bot.index.memory import MemoryIndex
from bot.index.releases import ReleasesInMemory
from bot.model import Passage, PassageKind, Release, Sentence
from bot.reading.draft import Draft
from bot.reading.folders import corpus_signature
from bot.reading.reading import FileRead, Reading, Stamp
from bot.text.stemming import is_common, remember_stems, stem

# What a file that is no snapshot, or one of another form, leads to.
_DAMAGED = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A corpus, what was read for it, and its releases as they were cut: what spares doing it again."""

    corpus: Corpus
    reading: Reading
    cuts: Mapping[Release, Cut]


def open_corpus(folders: Sequence[Path], data: Path) -> tuple[Corpus, tuple[str, ...]]:
    """The corpus of the folders, and a warning for each thing in them that could not be read.

    A snapshot under `data` serves when files, their times and this program are those that made it. Where it cannot be
    written the corpus is read each time.

    Raises:
        OnrecordError: there is no such folder, or it may not be read.
    """
    loaded = load(folders, data)
    return loaded.corpus, loaded.reading.warnings


def load(folders: Sequence[Path], data: Path) -> Loaded:
    """The same with all that `load_again` can use."""
    signature = _signed(corpus_signature(folders))
    with suppress(OSError, *_DAMAGED), _place(folders, data).open(encoding="utf-8") as lines:  # as if absent
        return _from_lines(lines, signature)

    from bot.reading.files import read_corpus

    reading = read_corpus(folders)
    cuts = {release: cut(release) for release in reading.releases}
    loaded = Loaded(corpus_of(cuts), reading, cuts)
    keep(loaded, folders, data)
    return loaded


def load_again(folders: Sequence[Path], before: Loaded) -> Loaded:
    """The corpus of the folders as they are now, read and cut only where they changed since `before`.

    Where no release did, the corpus is the same object. A release whose file can no longer be read stays as it was.

    Raises:
        OnrecordError: there is no such folder, or it may not be read.
    """
    from bot.reading.files import read_corpus

    reading = read_corpus(folders, before.reading)
    if reading.releases == before.reading.releases:
        return replace(before, reading=reading)
    cuts = {release: before.cuts.get(release) or cut(release) for release in reading.releases}
    return Loaded(corpus_of(cuts), reading, cuts)


def keep(loaded: Loaded, folders: Sequence[Path], data: Path) -> None:
    """Writes the snapshot, where it can be written. A corpus that holds more than the files say is not kept."""
    if not loaded.reading.files.keys().isdisjoint(loaded.reading.unread):
        return
    with suppress(OSError, ValueError):  # also half a surrogate pair, which no file can hold
        _write(_place(folders, data), _as_lines(loaded, _signed(loaded.reading.signature)))


def _place(folders: Sequence[Path], data: Path) -> Path:
    names = "\0".join(str(folder.resolve()) for folder in folders)
    return data / "snapshots" / f"{hashlib.sha256(os.fsencode(names)).hexdigest()[:16]}.jsonl"


def _signed(corpus: str) -> str:
    return f"{corpus} {_program_signature()}"


def _program_signature() -> str:
    """Changes with every module or data file that decides how a release is read and cut."""
    root = Path(bot.__file__).parent
    digest = hashlib.sha256()
    for room in ("reading", "text", "text/data", "index"):
        for entry in sorted(os.scandir(root / room), key=lambda entry: entry.name):
            if entry.is_file():
                status = entry.stat()
                digest.update(f"{room}/{entry.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _as_lines(loaded: Loaded, signature: str) -> Iterator[str]:
    head = {
        "signature": signature,
        "warnings": list(loaded.reading.warnings),
        "unread": {_as_text(path): reason for path, reason in loaded.reading.unread.items()},
        "words": " ".join(loaded.corpus.words),
        "stems": {word: stem(word) for word in loaded.corpus.words if not is_common(word)},
        "releases": len(loaded.cuts),
    }
    yield json.dumps(head, ensure_ascii=False)
    for path, release in loaded.reading.files.items():
        row = _release_row(release) | _cut_row(loaded.cuts[release]) | _file_row(path, loaded.reading.read[path])
        yield json.dumps(row, ensure_ascii=False)


def _release_row(release: Release) -> dict[str, Any]:
    return {
        "id": release.id,
        "text": release.text,
        "title": release.title,
        "published": release.published.isoformat() if release.published else None,
        "source": release.source,
        "place": release.place,
        "wire": release.wire,
        "url": release.url,
    }


def _cut_row(one: Cut) -> dict[str, Any]:
    rows = []
    for passage, passage_terms in one.passages:
        spans = [offset for sentence in passage.sentences for offset in (sentence.start, sentence.end)]
        rows.append([passage.start, passage.end, passage.kind.value, spans, " ".join(passage_terms)])
    return {"passages": rows, "words": one.words}


def _file_row(path: Path, read: FileRead) -> dict[str, Any]:
    assert read.draft
    return {
        "path": _as_text(path),
        "stamp": read.stamp,
        "digest": read.digest.hex(),
        "named": read.draft.id is not None,
        "warnings": list(read.draft.warnings),
    }


def _from_lines(lines: Iterable[str], signature: str) -> Loaded:
    first, *rows = lines
    head = json.loads(first)
    if head["signature"] != signature or head["releases"] != len(rows):
        raise ValueError("of other files, of another program, or not whole")
    cuts: dict[Release, Cut] = {}
    files: dict[Path, Release] = {}
    read: dict[Path, FileRead] = {}
    for row in map(json.loads, rows):
        release = _release_of(row)
        path = _as_path(row["path"])
        cuts[release], files[path], read[path] = _cut_of(row, release), release, _file_of(row, release)
    words = tuple(head["words"].split())
    remember_stems(head["stems"])
    index = MemoryIndex(pair for one in cuts.values() for pair in one.passages)
    unread = {_as_path(text): reason for text, reason in head["unread"].items()}
    corpus_signed = signature.partition(" ")[0]
    reading = Reading(tuple(cuts), tuple(head["warnings"]), files, unread, read, corpus_signed)
    return Loaded(Corpus(ReleasesInMemory(cuts), index, words), reading, cuts)


def _release_of(row: Mapping[str, Any]) -> Release:
    return Release(
        id=row["id"],
        text=row["text"],
        title=row["title"],
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        source=row["source"],
        place=row["place"],
        wire=row["wire"],
        url=row["url"],
    )


def _cut_of(row: Mapping[str, Any], release: Release) -> Cut:
    passages = []
    for start, end, kind, spans, passage_terms in row["passages"]:
        sentences = tuple(Sentence(release, *spans[place : place + 2]) for place in range(0, len(spans), 2))
        passages.append((Passage(release, start, end, sentences, PassageKind(kind)), passage_terms.split()))
    return Cut(passages, row["words"])


def _file_of(row: Mapping[str, Any], release: Release) -> FileRead:
    draft = Draft(
        text=release.text,
        title=release.title,
        id=release.id if row["named"] else None,
        published=release.published,
        source=release.source,
        place=release.place,
        wire=release.wire,
        url=release.url,
        warnings=tuple(row["warnings"]),
    )
    stamp = Stamp(*row["stamp"]) if row["stamp"] else None
    return FileRead(stamp, bytes.fromhex(row["digest"]), draft)


def _as_text(path: Path) -> str:
    """The path in characters that can be written, whatever its bytes are."""
    return os.fsencode(path).decode("latin-1")


def _as_path(text: str) -> Path:
    return Path(os.fsdecode(text.encode("latin-1")))


def _write(path: Path, lines: Iterable[str]) -> None:
    """Writes aside and renames, so that no reader ever sees half a snapshot."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        os.replace(aside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(aside)
        raise
