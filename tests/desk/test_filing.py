"""The library: what adding, replacing and removing do to the files of a corpus, also when something goes wrong."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.desk.filing import Standing, add, named, propose, remove
from bot.desk.holdings import Filed, Library, open_library
from bot.model import OnrecordError
from bot.reading.draft import Draft
from bot.reading.files import read_corpus

TEXT = "The mayor opened the port of Lindow on Monday. It has room for forty boats.\n\nIt cost 12 million euros."
NEWER = "The mayor opened the port of Lindow on Monday. It has room for fifty boats.\n\nIt cost 12 million euros."


def draft(
    text: str = TEXT, title: str = "Port of Lindow opens", day: date | None = date(2026, 3, 1), **more: str
) -> Draft:
    return Draft(text, title=title, published=day, **more)


def added(one: Draft, corpus: Path, data: Path) -> Filed:
    library = open_library([corpus])
    return add(propose(one, library), library, data)[0]


def texts(corpus: Path) -> list[str]:
    return sorted(release.text for release in read_corpus([corpus]).releases)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_release_is_a_file_named_by_its_date_and_title(corpus: Path, data: Path) -> None:
    filed = added(draft(source="Port of Lindow"), corpus, data)
    assert filed.path == corpus / "2026-03-01-port-of-lindow-opens.md"
    (release,) = read_corpus([corpus]).releases
    assert (release.id, release.text, release.title) == (
        "2026-03-01-port-of-lindow-opens",
        TEXT,
        "Port of Lindow opens",
    )
    assert (release.published, release.source) == (date(2026, 3, 1), "Port of Lindow")
    assert (filed.release.id, filed.release.text) == (release.id, release.text)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("CON", None),
        ("README", None),
        ("a" * 300, "a" * 59),
        ("nul\0byte/..\\x", "nulbyte-x"),
        ("港口开幕", None),
        (".hidden", "hidden"),
        ("-rf *", "rf"),
    ],
)
def test_a_title_never_becomes_a_path(title: str, name: str | None, corpus: Path, data: Path) -> None:
    filed = added(draft(title=title, day=None), corpus, data)
    assert filed.path.parent == corpus
    assert [path.name for path in corpus.iterdir()] == [filed.path.name]
    assert len(filed.path.name) <= 63
    if name:
        assert filed.path.stem == name
    assert texts(corpus) == [TEXT]


def test_the_same_text_is_one_release(corpus: Path, data: Path) -> None:
    added(draft(), corpus, data)
    library = open_library([corpus])
    again = propose(draft(TEXT.replace("\n\n", " ").upper(), title="Another title", url="https://a.example/1"), library)
    assert again.standing is Standing.SAME
    filed, after = add(again, library, data)
    assert (filed, after) == (library.filed[0], library)
    assert len(list(corpus.iterdir())) == 1
    assert not data.exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"url": "https://port.example/news/1"}, {"url": "http://www.port.example/news/1/?utm_source=mail#top"}),
        ({"id": "quay"}, {"id": "quay"}),
    ],
)
def test_a_new_version_takes_the_place_of_the_old_which_is_kept(
    first: dict[str, str], second: dict[str, str], corpus: Path, data: Path
) -> None:
    old = added(draft(**first), corpus, data)
    before = old.path.read_bytes()
    new = added(draft(NEWER, title="Port of Lindow opens for fifty boats", **second), corpus, data)
    assert new.path == old.path
    assert new.release.id == old.release.id
    assert texts(corpus) == [NEWER]
    (kept,) = (data / "versions" / old.release.id).iterdir()
    assert kept.read_bytes() == before


def test_a_version_without_url_or_id_is_known_by_date_title_and_most_of_the_words(corpus: Path, data: Path) -> None:
    added(draft(), corpus, data)
    added(draft(NEWER), corpus, data)
    assert texts(corpus) == [NEWER]


def test_two_releases_of_one_date_and_title_are_two(corpus: Path, data: Path) -> None:
    added(draft(), corpus, data)
    second = added(draft("A ferry sails to Gotland every Friday, says the company."), corpus, data)
    assert second.path.name == "2026-03-01-port-of-lindow-opens-2.md"
    assert len(texts(corpus)) == 2
    assert second.release.id == second.path.stem


def test_the_address_of_a_whole_site_makes_no_version(corpus: Path, data: Path) -> None:
    added(draft(url="https://port.example/"), corpus, data)
    added(draft("A ferry sails to Gotland every Friday.", title="Ferry", url="https://port.example"), corpus, data)
    assert len(texts(corpus)) == 2


def test_plain_text_that_somebody_wrote_keeps_its_name_and_id(corpus: Path, data: Path) -> None:
    corpus.mkdir()
    (corpus / "Quay Opens.txt").write_text(
        "---\nurl: https://port.example/news/1\n---\nPort of Lindow opens\n\n" + TEXT, encoding="utf-8"
    )
    (old,) = open_library([corpus]).filed
    new = added(draft(NEWER, url="https://port.example/news/1"), corpus, data)
    assert [path.name for path in corpus.iterdir()] == ["Quay Opens.txt"]
    assert (new.release.id, texts(corpus)) == (old.release.id, [NEWER])


def test_a_text_that_plain_text_cannot_hold_becomes_markdown_under_the_same_id(corpus: Path, data: Path) -> None:
    corpus.mkdir()
    (corpus / "quay.txt").write_text("---\nurl: https://port.example/1\n---\nThe quay opens.", encoding="utf-8")
    lines = (
        "He said that the\nport was open and\nthat it would be so\nfor all of the years\nthat are yet to come\nfor it"
    )
    added(draft(lines, url="https://port.example/1"), corpus, data)
    assert texts(corpus) == [lines]
    (release,) = read_corpus([corpus]).releases
    assert release.id == "quay"


def test_what_is_removed_is_kept_elsewhere(corpus: Path, data: Path) -> None:
    filed = added(draft(), corpus, data)
    before = filed.path.read_bytes()
    library = open_library([corpus])
    kept, after = remove(library.filed[0], library, data)
    assert after.filed == ()
    assert list(corpus.iterdir()) == []
    assert kept.read_bytes() == before
    assert kept.is_relative_to(data)


def test_a_release_is_named_by_number_id_or_file(corpus: Path, data: Path) -> None:
    filed = added(draft(), corpus, data)
    library = open_library([corpus])
    for words in ("1", filed.release.id, filed.path.name, str(filed.path)):
        assert named(words, library) == library.filed[0]
    assert named("2", library) is named("nothing", library) is named("", library) is None


def test_a_folder_that_is_a_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(TEXT)
    library = open_library([tmp_path / "one.md"])
    with pytest.raises(OnrecordError, match="is a file: name a folder"):
        propose(draft(NEWER, title="Another"), library)


def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path, data: Path) -> None:
    (tmp_path / "file").write_text("")
    library = Library((tmp_path / "file" / "corpus",), ())
    with pytest.raises(OnrecordError, match="Nothing was changed in"):
        add(propose(draft(), library), library, data)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
def test_a_full_disk_gets_a_sentence_and_leaves_the_corpus_as_it_was(corpus: Path, data: Path) -> None:
    """A process that may write only 600 bytes to a file stands for a disk that is nearly full."""
    added(draft(url="https://port.example/1"), corpus, data)
    before = {path.name: path.read_bytes() for path in corpus.iterdir()}
    program = f"""
import resource, signal
from datetime import date
from pathlib import Path
from bot.desk.filing import add, propose
from bot.desk.holdings import open_library
from bot.model import OnrecordError
from bot.reading.draft import Draft
library = open_library([Path({str(corpus)!r})])
long = Draft("The port is open now. " * 400, title="Long", published=date(2026, 3, 2), url="https://port.example/1")
proposal = propose(long, library)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
try:
    add(proposal, library, Path({str(data)!r}))
except OnrecordError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.startswith(f"Nothing was changed in {corpus}"), run
    assert {path.name: path.read_bytes() for path in corpus.iterdir()} == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_crash_at_any_moment_leaves_the_corpus_as_it_was_or_as_it_should_be(corpus: Path, data: Path) -> None:
    """A process is killed just before each of its calls that change the file system, one after the other."""
    added(draft(url="https://port.example/1"), corpus, data)
    program = f"""
import os, shutil, signal, sys
from datetime import date
from pathlib import Path
from bot.desk.filing import add, propose
from bot.desk.holdings import open_library
from bot.reading.draft import Draft
from bot.reading.files import read_corpus

source = Path({str(corpus)!r})
data = source.parent / "kept"

def watch(event, arguments):
    changes = event in ("os.rename", "os.link", "os.remove", "os.mkdir", "os.chmod")
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_CREAT | os.O_RDWR)
    if changes or writes:
        global left
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

for step in range(100):
    corpus = source.parent / f"corpus{{step}}"
    shutil.copytree(source, corpus)
    child = os.fork()
    if not child:
        library, left = open_library([corpus]), step
        proposal = propose(Draft({NEWER!r}, title="T", published=date(2026, 3, 1), url="https://port.example/1"), library)
        sys.addaudithook(watch)
        add(proposal, library, data / str(step))
        os._exit(0)
    died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    seen = [path.name for path in corpus.iterdir() if not path.name.startswith(".")]
    print(died, len(seen), *(("forty" in one.text) - ("fifty" in one.text) for one in read_corpus([corpus]).releases))
    if died == 0:
        break
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    *crashes, done = run.stdout.splitlines()
    assert len(crashes) >= 6
    assert set(crashes) == {"-9 1 1", "-9 1 -1"}, "each time one release, the old or the new"
    assert done == "0 1 -1"
