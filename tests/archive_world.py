"""Archives for tests: releases that are put into them, all that can be asked of them, and processes that use them."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from bot.index.archive import Archive
from bot.index.catalogue import BY_HAND
from bot.index.corpus import Corpus
from bot.index.packing import pack
from bot.index.writing import open_writer
from bot.model import Passage, Release
from bot.text.terms import terms

ROOT = Path(__file__).parents[1]

# What a process of its own begins with.
PRELUDE = f"""
import os, signal, sys
from pathlib import Path
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from archive_world import drop, found, large, put, release
from bot.index.archive import Archive
from bot.index.catalogue import BY_HAND
from bot.index.packing import pack
from bot.index.writing import Writer, open_writer
from bot.model import OnrecordError
folder = Path(sys.argv[1])
"""


def release(name: str, words: str = "is open") -> Release:
    text = f"The {name} port {words}.\n\nIts office board meets on Friday, says the mayor of {name.capitalize()}."
    return Release(name, text, f"About {name}", date(2024, 5, 14), f"Port of {name.capitalize()}")


def put(folder: Path, *releases: Release) -> None:
    """Commits releases to the archive in the folder."""
    with open_writer(folder) as writer:
        root = writer.root(BY_HAND)
        for one in releases:
            writer.put(pack(one), root, one.id, one.id)
        writer.commit()


def drop(folder: Path, *release_ids: str) -> None:
    """Commits that releases are gone."""
    with open_writer(folder) as writer:
        writer.drop(Archive(folder).catalogue.keys_of(release_ids))
        writer.commit()


def found(corpus: Corpus, words: str) -> list[Passage]:
    """The passages that hold the words, best first."""
    return [passage for passage, _ in corpus.index.search([term.term for term in terms(words)], 99)]


def state(folder: Path) -> tuple[object, ...]:
    """All that can be asked of an archive: it is the same for archives that nobody can tell apart."""
    corpus = Archive(folder).corpus()
    asked = [term.term for term in terms("which port is open?")]
    return (
        [(one.id, one.title, one.text, one.published, one.source) for one in corpus.releases],
        sorted((passage.release.id, passage.text) for passage in corpus.index),
        sorted(
            (passage.release.id, passage.text, round(score, 4)) for passage, score in corpus.index.search(asked, 99)
        ),
        len(corpus.index),
        corpus.index.document_frequency("port"),
        list(corpus.words),
    )


def start(program: str, folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """A process that runs the program for an archive."""
    code = PRELUDE + program
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(program: str, folder: Path, *arguments: str) -> tuple[int, str, str]:
    """The exit status of a program for an archive, and what it wrote."""
    process = start(program, folder, *arguments)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def large(number: int) -> Release:
    """A release of passages of words that no other has: what takes room in an archive."""
    words = (" ".join(f"w{number}x{line}y{word}" for word in range(40)) for line in range(150))
    return Release(f"large-{number}", "\n\n".join(f"The {line}." for line in words), "Large")


def text(name: str, words: str = "is open") -> str:
    """What a file says."""
    return f"The {name} port {words}, says the mayor.\n\nThe office board of {name.capitalize()} meets on Friday."


def write(path: Path, name: str, words: str = "is open", *, front: str = "") -> None:
    """A release in a file that is old enough to be known by its stamp."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{front}{text(name, words)}", encoding="utf-8")
    age(path)


def age(path: Path) -> None:
    """Makes a file old enough to be known by its stamp."""
    os.utime(path, ns=(10**18, 10**18 + path.stat().st_size))


def ids(archive: Path) -> list[str]:
    """The ids of the releases in an archive."""
    return list(Archive(archive).corpus().releases.ids())
