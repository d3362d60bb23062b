"""The files in a zip, each unpacked alone and no further than it may be large.

`zipfile` reads the directory. Unpacking is our own: that of `zipfile` lets a few kilobytes of bzip2 become gigabytes.
"""

import bz2
import calendar
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from io import BufferedReader

from bot.reading.draft import UnreadableError
from bot.reading.entries import Entry
from bot.reading.reading import Stamp

_BROKEN = (EOFError, OSError, ValueError, lzma.LZMAError, zlib.error, struct.error)
_NO_DIRECTORY = (*_BROKEN, zipfile.BadZipFile, NotImplementedError, IndexError)
_DAMAGED = "is damaged in the archive"
_HEADER = struct.Struct("<4s22xHH")  # of a member: its signature, the lengths of its name and of what is extra
_UTF8, _ENCRYPTED = 0x800, 0x1
_WINDOWS, _UNIX = 0, 3


def directory(file: BufferedReader) -> Sequence[zipfile.ZipInfo]:
    """What lies in the zip, in the order of its directory: folders and links are left out.

    Raises:
        ValueError: it has no directory that can be read, as one that was cut off.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return [info for info in archive.infolist() if not info.is_dir() and not _is_link(info)]
    except _NO_DIRECTORY as error:
        raise ValueError("no directory of a zip") from error


def entry(file: BufferedReader, info: zipfile.ZipInfo) -> Entry:
    """One of the files in the zip, under the name and with the size that the directory claims."""
    return Entry(_name(info), Stamp(info.file_size, _nanoseconds(info), 0), partial(_read, file, info))


def _name(info: zipfile.ZipInfo) -> str:
    """The name as UTF-8 where it is that: macOS writes it so, and does not say so."""
    name = info.orig_filename.split("\0")[0]
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/") if info.create_system == _WINDOWS else name


def _is_link(info: zipfile.ZipInfo) -> bool:
    return info.create_system == _UNIX and stat.S_ISLNK(info.external_attr >> 16)


def _nanoseconds(info: zipfile.ZipInfo) -> int:
    """The time of change as if it were that of Greenwich: a zip has no zones. 0 where it is in no calendar."""
    try:
        return calendar.timegm((*info.date_time, 0, 0, 0)) * 1_000_000_000
    except ValueError:
        return 0


def _read(file: BufferedReader, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableError("is encrypted with a password: pack it anew without one")
    try:
        file.seek(info.header_offset)
        signature, name, extra = _HEADER.unpack(file.read(_HEADER.size))
        if signature != b"PK\3\4":
            raise UnreadableError(_DAMAGED)
        file.seek(name + extra, 1)
        # What is small when unpacked is not much larger when packed.
        packed = file.read(min(info.compress_size, 2 * info.file_size + 1024))
        data = _unpacked(packed, info.compress_type, info.file_size)
    except _BROKEN as error:
        raise UnreadableError(_DAMAGED) from error
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise UnreadableError(_DAMAGED)
    return data


def _unpacked(packed: bytes, method: int, size: int) -> bytes:
    """What was packed, or so much of it that it is seen to be larger than `size`."""
    match method:
        case zipfile.ZIP_STORED:
            return packed
        case zipfile.ZIP_DEFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
        case zipfile.ZIP_BZIP2:
            return bz2.BZ2Decompressor().decompress(packed, size + 1)
        case zipfile.ZIP_LZMA:
            return _from_lzma(packed, size)
    raise UnreadableError("is packed in a way that is not read: pack it anew with deflate")


def _from_lzma(packed: bytes, size: int) -> bytes:
    """Two bytes of a version, two of the length of the properties, these, and a bare stream (APPNOTE 6.3, 5.8.8)."""
    _, length, bits, dictionary = struct.unpack_from("<HHBI", packed)
    properties = {
        "id": lzma.FILTER_LZMA1,
        "lc": bits % 9,
        "lp": bits // 9 % 5,
        "pb": bits // 45,
        "dict_size": min(dictionary, max(size, 1 << 12)),  # nothing is repeated from before the beginning
    }
    decompressor = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[properties])
    return decompressor.decompress(packed[4 + length :], size + 1)
