"""The corpus as it was read last, kept under the data folder, so that an unchanged one need not be read again."""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import bot
from bot.index.corpus import Corpus, build_corpus
from bot.index.memory import MemoryIndex
from bot.model import Passage, PassageKind, Release, Sentence
from bot.reading.folders import corpus_signature
from bot.text.stemming import is_common, remember_stems, stem

# What a file that is no snapshot, or one of another form, leads to.
_DAMAGED = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


def open_corpus(folders: Sequence[Path], data: Path) -> tuple[Corpus, tuple[str, ...]]:
    """The corpus of the folders, and a warning for each thing in them that could not be read.

    A snapshot under `data` serves when files, their times and this program are those that made it. Where it cannot be
    written the corpus is read each time.

    Raises:
        OnrecordError: there is no such folder, or it may not be read.
    """
    signature = f"{corpus_signature(folders)} {_program_signature()}"
    names = "\0".join(str(folder.resolve()) for folder in folders)
    path = data / "snapshots" / f"{hashlib.sha256(os.fsencode(names)).hexdigest()[:16]}.json"
    with suppress(OSError, *_DAMAGED):  # as if absent
        return _from_json(json.loads(path.read_text(encoding="utf-8")), signature)

    from bot.reading.files import read_corpus

    reading = read_corpus(folders)
    corpus = build_corpus(reading.releases)
    with suppress(OSError):
        _write(path, json.dumps(_as_json(corpus, reading.warnings, signature), ensure_ascii=False))
    return corpus, reading.warnings


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


def _as_json(corpus: Corpus, warnings: Sequence[str], signature: str) -> dict[str, Any]:
    assert isinstance(corpus.index, MemoryIndex)
    prepared: dict[str, list[Any]] = {release.id: [] for release in corpus.releases}
    for passage, passage_terms in corpus.index.prepared():
        spans = [offset for sentence in passage.sentences for offset in (sentence.start, sentence.end)]
        row = [passage.start, passage.end, passage.kind.value, spans, " ".join(passage_terms)]
        prepared[passage.release.id].append(row)
    return {
        "signature": signature,
        "warnings": list(warnings),
        "words": " ".join(corpus.words),
        "stems": {word: stem(word) for word in corpus.words if not is_common(word)},
        "releases": [
            {
                "id": release.id,
                "text": release.text,
                "title": release.title,
                "published": release.published.isoformat() if release.published else None,
                "source": release.source,
                "place": release.place,
                "wire": release.wire,
                "url": release.url,
                "passages": prepared[release.id],
            }
            for release in corpus.releases
        ],
    }


def _from_json(stored: dict[str, Any], signature: str) -> tuple[Corpus, tuple[str, ...]]:
    if stored["signature"] != signature:
        raise ValueError("of other files, or of another program")
    remember_stems(stored["stems"])
    releases: list[Release] = []
    prepared: list[tuple[Passage, list[str]]] = []
    for row in stored["releases"]:
        rows = row.pop("passages")
        release = Release(**row)
        if row["published"]:
            release = replace(release, published=date.fromisoformat(row["published"]))
        releases.append(release)
        for start, end, kind, spans, passage_terms in rows:
            sentences = tuple(Sentence(release, *spans[place : place + 2]) for place in range(0, len(spans), 2))
            passage = Passage(release, start, end, sentences, PassageKind(kind))
            prepared.append((passage, passage_terms.split()))
    corpus = Corpus(tuple(releases), MemoryIndex(prepared), tuple(stored["words"].split()))
    return corpus, tuple(stored["warnings"])


def _write(path: Path, text: str) -> None:
    """Writes aside and renames, so that no reader ever sees half a snapshot."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(aside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(aside)
        raise
