"""What was read of a corpus: which file holds which release, and what spares reading it again."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Self

from bot.model import Release
from bot.reading.draft import Draft


class Stamp(NamedTuple):
    """What tells that a file is the same as before, without reading it."""

    size: int
    changed: int  # nanoseconds since 1970
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """The stamp of a file with this status."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


@dataclass(frozen=True, slots=True)
class FileRead:
    """What one file said when it was read.

    `stamp` is None where the file was so new that it could change once more and keep its stamp. `digest` is that of its
    bytes, empty where they were not read. `problem` says why there is no draft, without the name of the file, and
    `kept` is then what the file said before, where that is a release of the corpus.
    """

    stamp: Stamp | None
    digest: bytes
    draft: Draft | None = None
    problem: str | None = None
    kept: "FileRead | None" = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The releases of a corpus, and one sentence for each thing in it that could not be read as it stands.

    `files` has the release of each file that holds one, `unread` says of each file that is passed over, or whose
    release is an earlier version of it, why: without its name. `read` is what each file said, and `signature` is that
    of the files, as `corpus_signature` gives it.
    """

    releases: tuple[Release, ...] = ()
    warnings: tuple[str, ...] = ()
    files: Mapping[Path, Release] = field(default_factory=lambda: MappingProxyType({}))
    unread: Mapping[Path, str] = field(default_factory=lambda: MappingProxyType({}))
    read: Mapping[Path, FileRead] = field(default_factory=lambda: MappingProxyType({}))
    signature: str = ""


NOTHING_READ = Reading()
