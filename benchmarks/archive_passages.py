"""The releases of the archive in a fixed shuffle, and the terms of their passages, ready-made for every engine.

All of it is kept in a working folder, and made again only where more of it is asked for: `all/` holds the releases,
`terms.txt` the terms of a passage a line, `counts.txt` a release a line, with the number of passages up to and with it.
"""

import os
import random
import tarfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from shutil import rmtree

SEED = 1947
CHUNK = 50  # releases that a process cuts at a time
UNPACKED = "all"
TERMS = "terms.txt"
COUNTS = "counts.txt"


def unpacked(archive: Path, work: Path) -> list[str]:
    """The names of the releases in `work/all`, shuffled; each text once, for this project reads a text once."""
    if not (work / UNPACKED).exists():
        aside = work / f"{UNPACKED}.part"
        rmtree(aside, ignore_errors=True)
        with tarfile.open(archive) as tar:
            tar.extractall(aside, filter="data")
        aside.rename(work / UNPACKED)
    names, seen = [], set()
    for path in sorted((work / UNPACKED).rglob("*.txt")):
        raw = path.read_bytes()
        digest = blake2b(raw, digest_size=16).digest()
        if raw.strip() and digest not in seen:
            seen.add(digest)
            names.append(path.relative_to(work / UNPACKED).as_posix())
    random.Random(SEED).shuffle(names)
    return names


def folder_of(names: Sequence[str], work: Path, folder: Path) -> None:
    """A folder with these releases, as hard links; whatever was there is gone."""
    rmtree(folder, ignore_errors=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(work / UNPACKED / name, folder / name)


def first_releases(names: Sequence[str], work: Path, passages: int) -> tuple[int, int]:
    """How many of the first releases have that many passages together, and how many passages these have in fact."""
    _make_terms(names, work, passages)
    counted = 0
    for number, line in enumerate((work / COUNTS).read_text().splitlines(), 1):
        counted = int(line)
        if counted >= passages:
            return number, counted
    return len(names), counted


def ready_terms(work: Path, passages: int) -> Iterator[list[str]]:
    """The terms of each of the first passages."""
    with (work / TERMS).open(encoding="utf-8") as lines:
        for line in islice(lines, passages):
            yield line.split()


def _make_terms(names: Sequence[str], work: Path, passages: int) -> None:
    counts = work / COUNTS
    kept = counts.read_text().splitlines() if counts.exists() else []
    if len(kept) == len(names) or (kept and int(kept[-1]) >= passages):
        return
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    counted = 0
    aside = work / f"{COUNTS}.part"
    with ProcessPoolExecutor() as pool, (work / TERMS).open("w", encoding="utf-8") as terms, aside.open("w") as file:
        waiting = (pool.map(_terms_of, group, [work] * len(group)) for group in _groups(chunks))
        for found in (found for group in waiting for chunk in group for found in chunk):
            terms.writelines(f"{line}\n" for line in found)
            counted += len(found)
            file.write(f"{counted}\n")
            if counted >= passages:
                break
    aside.rename(counts)


def _groups(chunks: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    """Some chunks at a time, so that little is cut that nobody asked for."""
    for start in range(0, len(chunks), 20):
        yield chunks[start : start + 20]


def _terms_of(names: Sequence[str], work: Path) -> list[list[str]]:
    """For each release the terms of its passages, those of a passage joined by spaces; none where it cannot be read."""
    from bot.index.memory import prepare
    from bot.reading.draft import UnreadableError
    from bot.reading.drafting import read_text
    from bot.reading.files import release_of

    found = []
    for name in names:
        passages: list[str] = []
        with suppress(UnreadableError):
            draft = read_text((work / UNPACKED / name).read_bytes(), Path(name).name)
            passages = [" ".join(terms) for _, terms in prepare(release_of(draft, name))]
        found.append(passages)
    return found
