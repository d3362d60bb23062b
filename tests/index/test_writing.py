"""Changing an archive: whole or not at all, whatever happens to the program, the disk and the files."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest
from archive_world import drop, found, large, put, release, run, start, state

from bot.index.archive import Archive
from bot.index.catalogue import BY_HAND, connect
from bot.index.packing import pack
from bot.index.places import catalogue_file
from bot.index.writing import open_writer
from bot.model import OnrecordError

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="needs the signals and limits of a Unix")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of three releases."""
    put(tmp_path / "index", release("amber"), release("coral"), release("stone"))
    return tmp_path / "index"


def test_what_is_not_committed_has_not_happened(archive: Path) -> None:
    before = state(archive)
    with open_writer(archive) as writer:
        writer.put(pack(release("gold")), writer.root(BY_HAND), "gold", "gold")
        writer.drop(Archive(archive).catalogue.keys_of(["amber"]))
    assert state(archive) == before
    with pytest.raises(RuntimeError), open_writer(archive) as writer:
        writer.put(pack(release("gold")), writer.root(BY_HAND), "gold", "gold")
        raise RuntimeError
    assert state(archive) == before
    put(archive, release("gold"))
    assert len(Archive(archive).corpus().releases) == 4


def test_what_is_put_and_dropped_before_the_commit_leaves_nothing(archive: Path) -> None:
    before = state(archive)
    with open_writer(archive) as writer:
        writer.drop([writer.put(pack(release("gold")), writer.root(BY_HAND), "gold", "gold")])
        writer.commit()
    assert state(archive) == before


def test_a_release_takes_the_place_of_the_one_of_its_file_and_of_the_one_with_its_id(archive: Path) -> None:
    with open_writer(archive) as writer:
        root = writer.root(BY_HAND)
        writer.put(pack(release("gold")), root, "amber", "gold")
        writer.put(pack(release("coral", "is closed")), root, "elsewhere", "coral")
        writer.commit()
    corpus = Archive(archive).corpus()
    assert [one.id for one in corpus.releases] == ["gold", "coral", "stone"]
    assert len(corpus.index) == 6
    assert {passage.release.id for passage in found(corpus, "closed")} == {"coral"}
    assert found(corpus, "amber") == []


def test_words_are_counted_only_while_a_release_holds_them(archive: Path) -> None:
    words = list(Archive(archive).corpus().words)
    put(archive, release("gold", "was painted"), replace(release("iron"), title=""), release("gold", "is painted"))
    assert {"gold", "iron", "painted"} < {*Archive(archive).corpus().words}
    drop(archive, "gold", "iron")
    assert list(Archive(archive).corpus().words) == words


# One process after another ends without warning between two steps of the commit that replaces a release, adds one and
# drops one: in `folder`/STEP.
DIES = """
settle, tell = Writer._settle, Writer.tell

def end(here):
    if here == STEP:
        os.kill(os.getpid(), signal.SIGKILL)

class Dying:
    def __init__(self, database):
        self._database, self._commits = database, 0
    def __getattr__(self, name):
        return getattr(self._database, name)
    def execute(self, statement, *values):
        if statement == "COMMIT":
            self._commits += 1
            end(f"commit {self._commits}")
        return self._database.execute(statement, *values)

def settled(writer):
    end("engine")
    settle(writer)

def told(writer):
    end("tell")
    tell(writer)

Writer._settle, Writer.tell = settled, told
pack(release("warm"))  # what a child would else load anew
for STEP in sys.argv[2:]:
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        continue
    with open_writer(folder / STEP) as writer:
        writer.database = Dying(writer.database)
        root = writer.root(BY_HAND)
        writer.put(pack(release("coral", "is closed")), root, "coral", "coral")
        writer.put(pack(release("gold")), root, "gold", "gold")
        writer.drop(Archive(folder / STEP).catalogue.keys_of(["stone"]))
        end("put")
        writer.commit()
    os._exit(0)
"""


@posix
def test_a_process_that_is_killed_at_any_step_of_a_commit_loses_nothing_and_leaves_nothing_half_done(
    archive: Path, tmp_path: Path
) -> None:
    steps = ("put", "commit 1", "engine", "commit 2", "tell")
    before, calm = state(archive), tmp_path / "calm"
    for folder in (calm, *(tmp_path / step for step in steps)):
        shutil.copytree(archive, folder)
    put(calm, release("coral", "is closed"), release("gold"))
    drop(calm, "stone")
    after = state(calm)
    status, out, err = run(DIES, tmp_path, *steps)
    assert (status, out.split()) == (0, ["-9"] * len(steps)), err
    # Each text is of its release, and those that are found were committed together.
    old = {(name, f"The {name} port is open.") for name in ("amber", "coral", "stone")}
    new = {
        ("amber", "The amber port is open."),
        ("coral", "The coral port is closed."),
        ("gold", "The gold port is open."),
    }
    for step in steps:
        corpus = Archive(tmp_path / step).corpus()
        committed = new if step in ("commit 2", "tell") else old
        assert {(passage.release.id, passage.text) for passage in found(corpus, "port")} == committed, step
        with open_writer(tmp_path / step):
            pass
        assert state(tmp_path / step) == (before if step in ("put", "commit 1") else after), step
        put(tmp_path / step, release("coral", "is closed"), release("gold"))
        drop(tmp_path / step, "stone")
        assert state(tmp_path / step) == after, step


@posix
def test_a_second_writer_is_told_so_and_the_lock_ends_with_its_holder(archive: Path) -> None:
    holder = start("with open_writer(folder) as w: print('open', flush=True); sys.stdin.read()", archive)
    assert holder.stdout and holder.stdout.readline() == "open\n"
    told = f"^Another onrecord writes to the archive in .*{archive.name}: try again when it is done.$"
    with pytest.raises(OnrecordError, match=told):
        put(archive, release("gold"))
    assert len(Archive(archive).corpus().releases) == 3  # it can be asked meanwhile
    holder.kill()
    holder.communicate()
    put(archive, release("gold"))
    assert len(Archive(archive).corpus().releases) == 4


def test_an_archive_of_another_version_is_refused_with_what_to_do(archive: Path) -> None:
    with closing(connect(catalogue_file(archive))) as database:
        database.execute("UPDATE facts SET value = '0' WHERE name = 'version'")
    for use in (Archive, put):
        with pytest.raises(OnrecordError) as told:
            use(archive)
        assert "was made by another version of Onrecord: make it anew with onrecord index --rebuild." in str(told.value)


# Damages each file of an archive in each way, and then asks it and writes to it, in one process that has to survive it.
DAMAGES = """
import random, shutil
from bot.index.indexing import index_roots
source, work = folder.parent / "source", folder.parent / "damaged"

def ask():
    corpus = Archive(work).corpus()
    corpus.index.search(["port", "office", "open"], 20)
    corpus.index.document_frequency("port")
    return len(list(corpus.index)), len(list(corpus.releases)), len(list(corpus.words)), list(corpus.releases.ids())

def write():
    put(work, release("new"), release("r7", "is closed"))

def said(use):
    try:
        use()
    except OnrecordError as error:
        return str(error)
    except BaseException as error:
        return "RAISED " + repr(error)
    return "good"

def flipped(raw):
    rng, raw = random.Random(3), bytearray(raw)
    for _ in range(8 * bool(raw)):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)

WAYS = {
    "emptied": lambda raw: b"",
    "cut off": lambda raw: raw[: len(raw) // 2],
    "wiped": lambda raw: bytes(len(raw)),
    "overwritten": lambda raw: raw[: len(raw) // 4] + random.Random(2).randbytes(len(raw) // 2) + raw[len(raw) // 4 * 3 :],
    "flipped": flipped,
    "gone": None,
}
for path in sorted(folder.rglob("*")):
    if not path.is_file() or path.suffix in (".lock",):
        continue
    for way, damage in WAYS.items():
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(folder, work)
        damaged = work / path.relative_to(folder)
        if damage:
            damaged.write_bytes(damage(path.read_bytes()))
        else:
            damaged.unlink()
        print(path.name if path.suffix in ("", ".json") else path.suffix, way, said(ask), said(write), said(ask), sep="|", flush=True)
"""


def test_damaged_files_are_told_in_a_sentence_and_never_end_the_program(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    put(folder, *(release(f"r{number}") for number in range(30)))
    drop(folder, "r3", "r4")
    put(folder, release("r5", "is closed"))
    status, out, err = run(DAMAGES, folder)
    assert status == 0, err[-2000:]
    rows = [line.split("|") for line in out.splitlines()]
    assert len(rows) > 60
    sentence = f"The archive in {tmp_path / 'damaged'} is damaged: make it anew with onrecord index --rebuild."
    nothing = f"There is no archive in {tmp_path / 'damaged'}: make it with onrecord index and a folder."
    for file, way, *told in rows:
        assert {*told} <= {"good", sentence, nothing}, (file, way, told)
    told_of = {(file, way): told for file, way, *told in rows}
    # Parts that are not of one archive are never taken for one: that would find the wrong passages.
    for file in (".sqlite3", "meta.json"):
        for way in ("emptied", "gone"):
            assert "good" not in told_of[file, way], (file, way, told_of[file, way])
    for file in (".term", ".idx", ".fast", ".fieldnorm"):
        assert told_of[file, "cut off"] == [sentence] * 3
    assert "Traceback" not in err


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a megabyte and a half."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    options = ["-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(folder)]
    if not mount or not unmount or subprocess.run([mount, *options], check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run([unmount, "-l", str(folder)], check=True)


def fill(folder: Path) -> OnrecordError:
    """Commits large releases until it fails."""
    with pytest.raises(OnrecordError) as told:
        for number in count():
            put(folder, large(number))
    return told.value


def test_a_full_disk_is_told_and_what_was_committed_stays(small_disk: Path) -> None:
    folder, ballast = small_disk / "index", small_disk / "ballast"
    put(folder, release("amber"))
    ballast.write_bytes(bytes(500_000))
    told = fill(folder)
    assert str(told) == f"The disk with {folder} is full: make room, and run it again to go on."
    corpus = Archive(folder).corpus()
    assert corpus.releases[0].text == release("amber").text
    assert found(corpus, "amber port")[0].text == "The amber port is open."
    kept = {*corpus.releases.ids()}
    ballast.unlink()
    put(folder, release("coral"))
    corpus = Archive(folder).corpus()
    assert kept | {"coral"} <= {*corpus.releases.ids()}
    assert len(corpus.index) == len(list(corpus.index))


LIMITED = """
import resource
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
pack(release("warm"))
for limit in sys.argv[2:]:
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        for number in range(40):
            put(folder / limit, large(number))
    except OnrecordError as error:
        print(error, flush=True)
    os._exit(0)
"""


@posix
def test_a_limit_on_files_is_told_as_a_full_disk(archive: Path, tmp_path: Path) -> None:
    limits = ("40000", "200000")  # the catalogue meets the first, the engine the second
    for limit in limits:
        shutil.copytree(archive, tmp_path / limit)
    status, out, err = run(LIMITED, tmp_path, *limits)
    told = [f"The disk with {tmp_path / limit} is full: make room, and run it again to go on." for limit in limits]
    assert (status, out.splitlines()) == (0, told), err[-2000:]
    for limit in limits:
        put(tmp_path / limit, release("gold"))
        corpus = Archive(tmp_path / limit).corpus()
        assert {"amber", "coral", "gold", "stone"} <= {*corpus.releases.ids()}
        assert len(corpus.index) == len(list(corpus.index))


def test_whoever_asks_while_releases_come_change_and_go_finds_nothing_wrong(archive: Path) -> None:
    stop, wrong, asked = Event(), list[str](), count()
    opened = Archive(archive)

    def ask() -> None:
        try:
            while not stop.is_set():
                corpus = opened.corpus()
                for passage in found(corpus, "port"):
                    next(asked)
                    if not passage.text.startswith(f"The {passage.release.id} port") or passage.release.title == "":
                        wrong.append(passage.text)
                corpus.index.document_frequency("port")
                for one in corpus.releases:
                    if f"The {one.id} port" not in one.text:
                        wrong.append(one.text)
                for passage in corpus.index:
                    if passage.text not in passage.release.text:
                        wrong.append(passage.text)
        except Exception as error:
            wrong.append(repr(error))

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(5):
        put(archive, *(release(f"n{number}", f"is open {turn} hours") for number in range(turn, turn + 6)))
        drop(archive, f"n{turn}", f"n{turn + 1}")
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:3]
    assert next(asked) > 50
