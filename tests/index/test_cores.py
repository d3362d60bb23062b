"""Files read in other processes: the same is found, in the same order, and none of them outlives the one that began."""

import time
from pathlib import Path

import pytest
from archive_world import ids, run, start, state, write

from bot.index import cores
from bot.index.archive import Archive
from bot.index.indexing import index_roots

linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs the list of processes of Linux")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many files that other processes read them, and copies among them."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(130):
        write(folder / f"n{number:03}.txt", f"n{number}")
    for number in range(120, 130):
        write(folder / f"a{number}.txt", f"n{number}")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The folder of an archive that is not there yet."""
    return tmp_path / "index"


def everything(archive: Path) -> tuple[object, ...]:
    return (*state(archive), [root.stamp for root in Archive(archive).roots()])


INDEX = """
from bot.index.indexing import index_roots
from bot.index import cores, indexing
cores.AT_ONCE, indexing.COMMIT_AFTER = 16, 40
if __name__ == "__main__":
    def told(root, share, counts):
        print(counts.looked_at, flush=True)
    print(index_roots([Path(sys.argv[2])], folder, told=told, cores=2).counts.added, flush=True)
"""


@linux
def test_other_processes_read_the_same_and_end_with_the_one_that_started_them(
    many: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm = tmp_path / "calm"
    monkeypatch.setattr(cores, "AT_ONCE", 1_000)  # so many are read here, with no other process
    index_roots([many], calm)
    assert len(ids(calm)) == 130
    process = start(INDEX, archive, str(many))
    assert process.stdout
    # Killed when something is committed.
    while not (archive / "commit").exists() or len(ids(archive)) < 40:
        assert process.poll() is None
        time.sleep(0.01)
    children = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    assert len(children) >= 2
    process.kill()
    process.communicate()
    assert 40 <= len(ids(archive)) < 130
    for pid in children:
        gone_by = time.monotonic() + 20
        while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
            assert time.monotonic() < gone_by, "a process that reads was left"
            time.sleep(0.05)
    assert index_roots([many], archive).whole
    assert everything(archive) == everything(calm)


# Ends the processes that read for it when the first of them has read something.
ENDED = """
from bot.index import cores, indexing
cores.AT_ONCE = 16
take = indexing._Run._take

def taken(*given):
    indexing._Run._take = take
    for child in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split():
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), signal.SIGKILL)
    take(*given)

if __name__ == "__main__":
    indexing._Run._take = taken
    try:
        indexing.index_roots([Path(sys.argv[2])], folder, cores=2)
    except OnrecordError as error:
        print(error)
"""


@linux
def test_a_process_that_is_ended_from_outside_is_told(many: Path, archive: Path) -> None:
    status, out, _ = run(ENDED, archive, str(many))
    assert (status, out) == (
        0,
        "A process that reads files was ended from outside, perhaps for want of memory: run it again to go on.\n",
    )
