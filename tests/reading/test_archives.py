"""Files of folders and of archives, one by one: all that can be read, and a word about what cannot."""

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import OnrecordError
from bot.reading.archives import End, Entry, Skipped, each_file, is_archive, root_stamp
from bot.reading.draft import UnreadableError
from bot.reading.files import LARGEST_FILE
from bot.reading.reading import Stamp

LINES = {f"raw/Kerry/{number}.txt": b"The port is open. %d\n" % number * 50 for number in range(1, 6)}
CUT_OFF = "is damaged or cut off: only what comes before the damage is read"
CHANGED = 1_107_302_400


def tar(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form, encoding="utf-8", errors="surrogateescape") as archive:
        for name, raw in files.items():
            archive.addfile(member(name, len(raw)), io.BytesIO(raw))
    return file.getvalue()


def member(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.mtime = size, kind, CHANGED
    return info


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, raw in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2005, 2, 2, 0, 0, 0)), raw, method)
    return file.getvalue()


def put(folder: Path, raw: bytes, name: str = "archive") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def taken(root: Path) -> list[tuple[str, bytes | str] | End]:
    """What a root gives, in order: the bytes of each file, or why there are none; last how it ended."""
    found: list[tuple[str, bytes | str] | End] = []
    for item in each_file(root):
        match item:
            case End():
                found.append(item)
            case Skipped(name, reason):
                found.append((name, reason))
            case Entry(name, _, read):
                try:
                    found.append((name, read()))
                except UnreadableError as error:
                    found.append((name, str(error)))
    return found


def names(root: Path) -> list[str]:
    return [item.name for item in each_file(root) if isinstance(item, Entry)]


def end(root: Path) -> End:
    *_, last = each_file(root)
    assert isinstance(last, End)
    return last


ARCHIVES: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "tar": tar,
    "tar of GNU": lambda files: tar(files, tarfile.GNU_FORMAT),
    "tar of POSIX 1988": lambda files: tar(files, tarfile.USTAR_FORMAT),
    "tar.gz": lambda files: gzip.compress(tar(files)),
    "tar.bz2": lambda files: bz2.compress(tar(files)),
    "tar.xz": lambda files: lzma.compress(tar(files)),
    "zip": zipped,
    "zip, not packed": lambda files: zipped(files, zipfile.ZIP_STORED),
    "zip of bzip2": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "zip of LZMA": lambda files: zipped(files, zipfile.ZIP_LZMA),
}
in_each_archive = pytest.mark.parametrize("pack", ARCHIVES.values(), ids=ARCHIVES.keys())


@in_each_archive
def test_an_archive_gives_its_files_in_order_whatever_it_is_called(
    pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path
) -> None:
    path = put(tmp_path, pack({**LINES, "empty.md": b""}), "a.bin")
    assert is_archive(path)
    assert taken(path) == [*LINES.items(), ("empty.md", b""), End(whole=True)]


@in_each_archive
def test_a_file_need_not_be_read_to_come_to_the_next(
    pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path
) -> None:
    assert names(put(tmp_path, pack(LINES))) == [*LINES]


@in_each_archive
def test_members_that_a_folder_would_not_give_are_passed_over(
    pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path
) -> None:
    hidden = [".a.txt", ".git/a.txt", "__MACOSX/a.txt", "a/.DS_Store", "README.md", "a/readme.MD"]
    files = {**dict.fromkeys(hidden, b""), "a/b.PDF": b"%PDF-", "c.py": b"", "a/d.TXT": b"The port."}
    assert taken(put(tmp_path, pack(files))) == [
        ("a/d.TXT", b"The port."),
        End(whole=True, others=2, example="a/b.PDF"),
    ]


@in_each_archive
def test_names_that_lead_out_of_an_archive_lead_nowhere(
    pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path
) -> None:
    files = ["/etc/a.txt", "../../b.txt", "./c/../d.txt", "e//f.txt"]
    assert names(put(tmp_path, pack(dict.fromkeys(files, b"")))) == ["etc/a.txt", "b.txt", "c/d.txt", "e/f.txt"]


@pytest.mark.parametrize("pack", [tar, ARCHIVES["tar.gz"], zipped])
def test_a_file_that_is_too_large_is_skipped_without_being_read(
    pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path
) -> None:
    path = put(tmp_path, pack({"a.txt": bytes(LARGEST_FILE + 1), "b.txt": b"The port."}))
    tracemalloc.start()
    found = taken(path)
    assert tracemalloc.get_traced_memory()[1] < LARGEST_FILE / 2
    tracemalloc.stop()
    assert found == [("a.txt", "is larger than 20 MB: split it"), ("b.txt", b"The port."), End(whole=True)]


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_and_names_that_are_no_utf8_survive(form: int, tmp_path: Path) -> None:
    files = ["Garc\udceda.txt", "José.txt", f"{'a/' * 150}b.txt"]
    found = names(put(tmp_path, tar(dict.fromkeys(files, b""), form)))
    assert found == files
    assert [os.fsdecode(os.fsencode(name)) for name in found] == files


def test_names_in_a_zip_are_utf8_also_where_it_does_not_say_so_and_parted_as_elsewhere(tmp_path: Path) -> None:
    utf8, dos = "José/a.txt".encode(), "José/b.txt".encode("cp437")
    raw = zipped({"x" * len(utf8): b"", "y" * len(dos): b"", "z\\c.txt": b""})
    raw = raw.replace(b"x" * len(utf8), utf8).replace(b"y" * len(dos), dos)
    directory = raw.index(b"PK\1\2")
    raw = raw[:directory] + raw[directory:].replace(b"PK\1\2\x14\3", b"PK\1\2\x14\0")  # made under Windows
    assert names(put(tmp_path, raw)) == ["José/a.txt", "José/b.txt", "z/c.txt"]


def test_of_a_name_that_is_twice_in_a_tar_both_are_given_and_the_later_is_last(tmp_path: Path) -> None:
    first, second = tar({"a.txt": b"old"}), tar({"a.txt": b"new"})
    path = put(tmp_path, first[:1024] + second)
    assert taken(path) == [("a.txt", b"old"), ("a.txt", b"new"), End(whole=True)]


def test_links_and_devices_in_a_tar_are_passed_over(tmp_path: Path) -> None:
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for kind in kinds:
            archive.addfile(member("a.txt", 0, kind))
        archive.addfile(member("b.txt", 3), io.BytesIO(b"yes"))
    assert taken(put(tmp_path, file.getvalue())) == [("b.txt", b"yes"), End(whole=True)]


def test_a_link_in_a_zip_is_passed_over(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "archive", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert taken(tmp_path / "archive") == [End(whole=True)]


@pytest.mark.parametrize("how", [("GNU.sparse.map", "0,1"), ("GNU.sparse.major", "1")])
def test_a_sparse_file_is_skipped_with_a_word(how: tuple[str, str], tmp_path: Path) -> None:
    info = member("GNUSparseFile.0/a.txt", 3)
    info.pax_headers = {"GNU.sparse.name": "a.txt", how[0]: how[1]}
    path = put(tmp_path, info.tobuf(tarfile.PAX_FORMAT) + b"abc".ljust(512, b"\0") + tar({"b.txt": b"yes"}))
    reason = "is packed as a sparse file: pack it anew without --sparse"
    assert taken(path) == [("a.txt", reason), ("b.txt", b"yes"), End(whole=True)]


def test_a_sparse_file_of_gnu_is_passed_with_its_map(tmp_path: Path) -> None:
    block = bytearray(member("a.txt", 3, tarfile.GNUTYPE_SPARSE).tobuf(tarfile.GNU_FORMAT))
    block[482] = 1
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    maps = bytes(504) + b"\1" + bytes(7) + bytes(512)
    path = put(tmp_path, bytes(block) + maps + b"abc".ljust(512, b"\0") + tar({"b.txt": b"yes"}))
    assert [item[0] for item in taken(path)[:-1] if isinstance(item, tuple)] == ["a.txt", "b.txt"]
    assert end(path).whole


def test_an_encrypted_member_of_a_zip_is_skipped_with_a_word(tmp_path: Path) -> None:
    raw = zipped({"a.txt": b"secret", "b.txt": b"The port."})
    place = raw.index(b"PK\1\2") + 8
    path = put(tmp_path, raw[:place] + b"\1" + raw[place + 1 :])
    reason = "is encrypted with a password: pack it anew without one"
    assert taken(path) == [("a.txt", reason), ("b.txt", b"The port."), End(whole=True)]


def test_a_member_that_is_packed_in_an_unknown_way_is_skipped_with_a_word(tmp_path: Path) -> None:
    raw = zipped({"a.txt": b"secret"})
    place = raw.index(b"PK\1\2") + 10
    path = put(tmp_path, raw[:place] + struct.pack("<H", 97) + raw[place + 2 :])
    assert taken(path)[0] == ("a.txt", "is packed in a way that is not read: pack it anew with deflate")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_understates_what_is_in_it_cannot_fill_the_memory(method: int, tmp_path: Path) -> None:
    raw = zipped({"a.txt": bytes(8_000_000)}, method)
    path = put(tmp_path, raw.replace(struct.pack("<I", 8_000_000), struct.pack("<I", 1000)))
    tracemalloc.start()
    found = taken(path)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert found == [("a.txt", "is damaged in the archive"), End(whole=True)]


def test_a_long_name_that_claims_gigabytes_ends_the_tar(tmp_path: Path) -> None:
    claim = member("././@LongLink", 1 << 33, tarfile.GNUTYPE_LONGNAME).tobuf(tarfile.GNU_FORMAT)
    path = put(tmp_path, tar({"a.txt": b"The port."})[:1024] + claim + bytes(1 << 21))
    assert taken(path) == [("a.txt", b"The port."), End(whole=False, problem=CUT_OFF)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda raw: bz2.compress(raw, 1), lzma.compress])
def test_of_a_tar_that_is_cut_off_what_comes_before_is_given_and_it_is_known_not_to_be_whole(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    files = {f"{number}.txt": os.urandom(3000) for number in range(80)}
    raw = pack(tar(files))
    *found, last = taken(put(tmp_path, raw[: len(raw) * 2 // 3]))
    assert last == End(whole=False, problem=CUT_OFF)
    assert found
    good = [item for item in found if isinstance(item, tuple) and isinstance(item[1], bytes)]
    assert good == [*files.items()][: len(good)]
    assert found[len(good) :] in ([], [(f"{len(good)}.txt", "is cut off or damaged in the archive")])


def test_a_tar_that_ends_between_two_members_is_known_not_to_be_whole(tmp_path: Path) -> None:
    path = put(tmp_path, tar({"a.txt": b"The port.", "b.txt": b"The quay."})[:2048])
    assert taken(path) == [("a.txt", b"The port."), ("b.txt", b"The quay."), End(whole=False, problem=CUT_OFF)]


def test_a_checksum_that_is_wrong_is_seen_though_all_files_were_given(tmp_path: Path) -> None:
    raw = bytearray(gzip.compress(tar(LINES)))
    raw[-8] ^= 1
    assert taken(put(tmp_path, bytes(raw))) == [*LINES.items(), End(whole=False, problem=CUT_OFF)]


def test_of_a_zip_one_damaged_member_is_skipped_and_the_rest_read(tmp_path: Path) -> None:
    raw = zipped({"a.txt": b"The port.", "b.txt": b"The quay."}, zipfile.ZIP_STORED)
    path = put(tmp_path, raw.replace(b"The port.", b"The part."))
    assert taken(path) == [("a.txt", "is damaged in the archive"), ("b.txt", b"The quay."), End(whole=True)]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (zipped(LINES)[:-30], "is damaged or cut off: the list of its files is missing, so get it anew."),
        (zipped({"[Content_Types].xml": b"", "word/a.xml": b""}), "is a document, not an archive: add it with onrecord add."),
        (gzip.compress(b"The port is open."), "is damaged, or holds no tar: get it anew, or unpack it."),
        (lzma.compress(tar(LINES))[:40], "is damaged, or holds no tar: get it anew, or unpack it."),
        (b"7z\xbc\xaf\x27\x1c", "is an archive of a kind that is not read: make it a .tar.xz or a .zip."),
        (b"\x28\xb5\x2f\xfd", "is an archive of a kind that is not read: make it a .tar.xz or a .zip."),
        (b"%PDF-", "is no folder, no archive (.tar, .tar.gz, .tar.bz2, .tar.xz, .zip) and no text (.txt, .md, .markdown)."),
    ],
)  # fmt: skip
def test_what_is_no_root_is_told_in_one_sentence(raw: bytes, sentence: str, tmp_path: Path) -> None:
    path = put(tmp_path, raw)
    with pytest.raises(OnrecordError) as told:
        next(each_file(path))
    assert str(told.value) == f"{path} {sentence}"


def test_no_such_root(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match=r"There is no file or folder .*a: check its name\."):
        next(each_file(tmp_path / "a"))
    assert root_stamp(tmp_path / "a") is None
    assert not is_archive(tmp_path / "a")


def test_a_root_that_is_a_device_is_refused() -> None:
    with pytest.raises(OnrecordError, match="/dev/null is neither a file nor a folder"):
        next(each_file(Path("/dev/null")))


def test_a_text_is_a_root_of_one_file(tmp_path: Path) -> None:
    path = put(tmp_path, b"The port.", "a.txt")
    [entry, last] = each_file(path)
    assert isinstance(entry, Entry)
    assert (entry.name, entry.read(), entry.stamp, last) == ("a.txt", b"The port.", root_stamp(path), End(whole=True))
    assert entry.stamp == Stamp.of(path.stat())
    assert not is_archive(path)


def test_a_member_has_the_size_and_the_time_that_the_archive_says(tmp_path: Path) -> None:
    for raw in (tar({"a.txt": b"The port."}), zipped({"a.txt": b"The port."})):
        [entry, _] = each_file(put(tmp_path, raw))
        assert isinstance(entry, Entry)
        assert entry.stamp == Stamp(9, CHANGED * 1_000_000_000, 0)


def test_an_archive_has_a_stamp_and_a_folder_has_none(tmp_path: Path) -> None:
    path = put(tmp_path, tar(LINES))
    assert root_stamp(path) == Stamp.of(path.stat())
    assert root_stamp(tmp_path) is None


def test_a_file_of_a_tar_is_read_before_the_next_is_taken(tmp_path: Path) -> None:
    entries = each_file(put(tmp_path, tar(LINES)))
    first, _ = next(entries), next(entries)
    assert isinstance(first, Entry)
    with pytest.raises(ValueError, match="before the next is taken"):
        first.read()


def test_a_folder_gives_its_files_before_those_below(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c.markdown", "c.TXT", "README.md", ".a.txt", ".git/a.txt", "a/d.pdf", "a/.b"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    files = ["b.txt", "c.TXT", "a/z.md", "a/b/c.markdown"]
    last = End(whole=True, others=1, example="a/d.pdf")
    assert taken(tmp_path) == [*((name, name.encode()) for name in files), last]


def test_folders_that_link_to_themselves_end_and_every_file_is_found_once(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "below").mkdir(parents=True)
    outside.mkdir()
    put(root, b"The port.", "b.txt")
    put(outside, b"The quay.", "o.txt")
    (root / "below" / "circle").symlink_to(root)
    (root / "below" / "self.txt").symlink_to("self.txt")
    (root / "a.txt").symlink_to("b.txt")
    (root / "c.txt").hardlink_to(root / "b.txt")
    (root / "d.txt").symlink_to(outside / "o.txt")
    (root / "outside").symlink_to(outside)
    found = [("b.txt", b"The port."), ("d.txt", b"The quay.")]
    assert taken(root) == [*found, ("below/self.txt", "cannot be read, or links to nothing"), End(whole=True)]


def test_a_link_to_what_is_not_found_by_itself_is_followed(tmp_path: Path) -> None:
    (tmp_path / ".kept").mkdir()
    put(tmp_path / ".kept", b"The port.", "a.txt")
    (tmp_path / "b.txt").symlink_to(".kept/a.txt")
    (tmp_path / "c.txt").symlink_to(".kept/a.txt")
    assert taken(tmp_path) == [("b.txt", b"The port."), End(whole=True)]


def test_what_cannot_be_read_in_a_folder_is_named_and_the_rest_given(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    put(tmp_path, bytes(LARGEST_FILE + 1), "b.txt")
    put(tmp_path, b"The port.", "c.txt")
    found = [("a.txt", "is not a regular file"), ("b.txt", "is larger than 20 MB: split it"), ("c.txt", b"The port.")]
    assert taken(tmp_path) == [*found, End(whole=True)]


def test_a_folder_below_that_cannot_be_reached_leaves_the_root_not_whole(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    put(tmp_path, b"The port.", "b.txt")
    files = each_file(tmp_path)
    assert isinstance(next(files), Entry)
    (tmp_path / "a").rmdir()
    assert [*files] == [Skipped("a", "is a folder that cannot be read: check its permissions"), End(whole=False)]


def test_a_file_that_is_gone_when_it_is_read_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, b"The port.", "a.txt")
    entry = next(each_file(tmp_path))
    path.unlink()
    assert isinstance(entry, Entry)
    with pytest.raises(UnreadableError, match="cannot be read: check its permissions"):
        entry.read()


@pytest.mark.parametrize("kind", ["folder", "tar", "zip", "text"])
def test_how_much_is_taken_is_told_and_grows_to_the_whole(kind: str, tmp_path: Path) -> None:
    for name, raw in LINES.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(raw)
    put(tmp_path, tar(LINES), "tar")
    put(tmp_path, zipped(LINES), "zip")
    root = tmp_path / ("folder/raw/Kerry/1.txt" if kind == "text" else kind)
    told: list[float] = []
    assert all(each_file(root, told.append))
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert kind == "text" or 0.0 <= told[0] < 1.0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    packed=st.sampled_from([tar(LINES), tar(LINES, tarfile.GNU_FORMAT), lzma.compress(tar(LINES)), zipped(LINES)]),
    place=st.floats(0, 1),
    junk=st.binary(max_size=30),
    cut=st.booleans(),
)
def test_whatever_is_broken_in_an_archive_what_is_read_of_it_ends_in_order(
    packed: bytes, place: float, junk: bytes, cut: bool, tmp_path: Path
) -> None:
    at = int(place * len(packed))
    path = put(tmp_path, packed[:at] + junk + (b"" if cut else packed[at + len(junk) :]))
    try:
        found = taken(path)
    except OnrecordError as error:
        assert str(error).endswith(".")
        return
    assert isinstance(found[-1], End)
    assert not any(isinstance(item, End) for item in found[:-1])
