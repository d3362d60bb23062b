"""A tar as a stream, read forwards and never kept: the formats of POSIX (ustar and pax), of GNU, and the old one.

`tarfile` parses each header. The way through them is our own: that of `tarfile` ends without a word at a header that is
damaged or missing, keeps every member, and takes into memory whatever size a long name claims to have.
"""

import lzma
import math
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from io import BufferedIOBase

from bot.reading.draft import UnreadableError
from bot.reading.entries import Entry
from bot.reading.reading import Stamp

_BROKEN = (EOFError, OSError, lzma.LZMAError, zlib.error)  # what reading bytes raises that are compressed, and damaged
_LONGEST_HEADER = 1 << 20
_PIECE = 1 << 16
_LATEST = (1 << 63) - 1  # the most that a database holds

_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_OF_ALL = (tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK)  # headers that say nothing of the file that follows
_NO_DATA = frozenset(tarfile.SUPPORTED_TYPES) - {*tarfile.REGULAR_TYPES, *tarfile.GNU_TYPES}
_RECORD = re.compile(rb"(\d{1,9}) ([^=\n]+)=")  # of pax: its length, those of this and of the end of line with it
_PATH, _SPARSE = ("GNU.sparse.name", "path"), "GNU.sparse."


class DamagedError(Exception):
    """The bytes do not go on, or not as a tar does."""


def each_member(stream: BufferedIOBase) -> Iterator[Entry]:
    """The regular files in a tar, in order, each under the name that it has there and with the size that it claims.

    The stream is read to its end, so that the checksums of what is compressed are seen, too.

    Raises:
        DamagedError: after what comes before the damage. A tar that lacks its end is damaged.
    """
    source = _Source(stream)
    said: dict[str, str] = {}
    while (member := source.header()) is not None:
        if member.type in (*_PAX, tarfile.GNUTYPE_LONGNAME):
            if member.size > _LONGEST_HEADER:
                raise DamagedError
            long = source.read(member.size)
            source.skip(-member.size % tarfile.BLOCKSIZE)
            said |= _records(long) if member.type in _PAX else {"path": _decoded(long.split(b"\0")[0])}
            continue
        if member.type == tarfile.GNUTYPE_SPARSE:
            said[_SPARSE] = ""
        size = int(said.get("size", member.size))
        start = source.at
        if member.isreg():
            name = next((said[key] for key in _PATH if key in said), member.name)
            read = _read_sparse if _SPARSE in said else partial(source.read_at, start, size)
            yield Entry(name, Stamp(size, _nanoseconds(said.get("mtime", member.mtime)), 0), read)
        if member.type not in _NO_DATA:
            source.skip(start + size - source.at)
            source.skip(-size % tarfile.BLOCKSIZE)
        if member.type not in _OF_ALL:
            said = {}
    source.skip_rest()


def is_header(block: bytes) -> bool:
    """Whether the bytes begin with the header of a member: its checksum tells."""
    try:
        return bool(tarfile.TarInfo.frombuf(block[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape"))
    except (tarfile.HeaderError, ValueError):
        return False


class _Source:
    """A stream that is read forwards and knows how far. It is done with once it has failed."""

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream
        self._failed = False
        self.at = 0

    def read(self, size: int) -> bytes:
        """As many bytes. Raises DamagedError where there are fewer."""
        data = b"" if self._failed else self._some(size)
        self.at += len(data)
        if len(data) < size:
            self._failed = True
            raise DamagedError
        return data

    def read_at(self, start: int, size: int) -> bytes:
        """The bytes of a member that starts there."""
        if self.at != start:
            raise ValueError("a member of a tar is read once, and before the next is taken")
        try:
            return self.read(size)
        except DamagedError as error:
            raise UnreadableError("is cut off or damaged in the archive") from error

    def header(self) -> tarfile.TarInfo | None:
        """The header of the next member; None at the end of the archive."""
        block = self.read(tarfile.BLOCKSIZE)
        if not any(block):
            return None
        try:
            member = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.HeaderError, ValueError) as error:
            raise DamagedError from error
        if member.size < 0:
            raise DamagedError
        more = block[482] if member.type == tarfile.GNUTYPE_SPARSE else 0
        while more:  # the map of a sparse file goes on in blocks of its own, before the data
            more = self.read(tarfile.BLOCKSIZE)[504]
        return member

    def skip(self, size: int) -> None:
        while size > 0:
            size -= len(self.read(min(size, _PIECE)))

    def skip_rest(self) -> None:
        while self._some(_PIECE):
            pass

    def _some(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except _BROKEN as error:
            self._failed = True
            raise DamagedError from error


def _records(header: bytes) -> Mapping[str, str]:
    """What a header of pax says that is of use: no more is kept, since there is no end to what one can say."""
    said: dict[str, str] = {}
    place = 0
    while match := _RECORD.match(header, place):
        end = place + int(match[1])
        key, value = _decoded(match[2]), _decoded(header[match.end() : end - 1])
        if end <= match.end():
            raise DamagedError
        if key.startswith(_SPARSE):
            said[_SPARSE] = ""
        if key in (*_PATH, "mtime") or (key == "size" and re.fullmatch(r"[0-9]{1,18}", value)):
            said[key] = value
        place = end
    return said


def _read_sparse() -> bytes:
    raise UnreadableError("is packed as a sparse file: pack it anew without --sparse")


def _nanoseconds(seconds: str | float) -> int:
    """A time as a file system has it; 0 where there is none of the kind."""
    try:
        exact = float(seconds) * 1e9
    except ValueError:
        return 0
    return min(max(int(exact), 0), _LATEST) if math.isfinite(exact) else 0


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
