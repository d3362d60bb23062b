"""A corpus that is followed is at any moment the one that would be opened anew, and never less than it was."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import watchfiles
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import answer
from bot.answering.encoder import open_encoder
from bot.answering.meaning import EncodedCorpus
from bot.desk import live as module
from bot.desk.live import LiveCorpus, open_live
from bot.index.corpus import Corpus, build_corpus
from bot.index.snapshot import open_corpus
from bot.model import OnrecordError
from bot.reading.files import read_corpus

AUTO = open_encoder("auto")
needs_encoder = pytest.mark.skipif(AUTO.encoder is None, reason=f"no encoder here: {AUTO.note}")
NAMES = ("a.txt", "b.md", "x/a.txt", "x/c.txt", "y/a.txt", "y/d.md", "x/2021-04-22 a.txt")
TEXTS = (
    "The quay is open.",
    "The quay is closed, and the ferries sail on.",
    "The quay is open to ferries.\n\nIngrid Dahl chairs the board of the quay.",
    "---\nid: quay\ntitle: A quay\n---\nThe quay cost 12 million euros.",
    "---\nid: quay\n---\nThe quay of Norrvik cost 14 million euros.",
    "---\nid: a\npublished: soon\n---\nNils Berg, director of the Roads Office, leads the repairs.",
)
TERMS = ("quay", "open", "ferri", "board", "million", "repair")

Follow = Callable[..., LiveCorpus]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of two releases."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "quay.txt").write_text("The quay of Norrvik cost 12 million euros.")
    (tmp_path / "corpus" / "ferry.txt").write_text("Ferries sail to Gotland every Friday.")
    return tmp_path / "corpus"


@pytest.fixture
def follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Follow]:
    """Opens and follows folders, with shorter pauses than usual, and closes them at the end."""
    for pause, seconds in (("AFTER_START", 0.0), ("STANDING", 0.2), ("SETTLING", 0.5), ("WATCH_AGAIN", 0.2)):
        monkeypatch.setattr(module, pause, seconds)
    with ExitStack() as opened:

        def start(*folders: Path, told: Callable[[str], None] = lambda _: None, encoder: str = "off") -> LiveCorpus:
            live = open_live(folders, tmp_path / "data", encoder)
            opened.callback(live.close)
            live.follow(told)
            return live

        yield start


def wait_until(there: Callable[[], object]) -> None:
    """Waits until it is so; far longer than it takes even on a busy machine."""
    end = time.monotonic() + 30
    while not there():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def texts(live: LiveCorpus) -> list[str]:
    return [release.text for release in live().releases]


def has(live: LiveCorpus, text: str) -> bool:
    return text in texts(live)


def contents(corpus: Corpus) -> list[object]:
    """All that can be told of a corpus."""
    fields = ("id", "text", "title", "published", "source", "place", "wire", "url")
    spans = [(one.release.id, one.start, one.end, one.kind, len(one.sentences)) for one in corpus.index]
    found = [[(one.release.id, one.start, score) for one, score in corpus.index.search([term], 9)] for term in TERMS]
    frequencies = [corpus.index.document_frequency(term) for term in TERMS]
    releases = [[getattr(release, field) for field in fields] for release in corpus.releases]
    return [releases, spans, found, frequencies, corpus.words]


# The same as opened anew

CHANGES = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(("x", "y", "z")), st.sampled_from(("x", "y", "z"))),
    st.tuples(st.just("touch"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("restart"), st.none(), st.none()),
)


def change(folder: Path, what: str, name: str, other: str | None) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    if what == "write":
        path.write_text(other or "")
    elif path.exists() and what == "remove":
        path.unlink()
    elif path.exists() and what == "touch":
        os.utime(path, ns=(1, time.time_ns() - 10**12))
    elif path.exists() and other and not (folder / other).is_dir():
        (folder / other).parent.mkdir(exist_ok=True)
        path.rename(folder / other)


@given(st.lists(st.lists(CHANGES, min_size=1, max_size=3), min_size=1, max_size=6))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_after_any_changes_it_is_the_corpus_that_would_be_opened_anew(rounds: list[list[tuple[str, ...]]]) -> None:
    with TemporaryDirectory() as place:
        folder, data = Path(place, "corpus"), Path(place, "data")
        folder.mkdir()
        live = open_live([folder], data, "off")
        for changes in rounds:
            for what, *names in changes:
                if what == "restart":
                    live = open_live([folder], data, "off")
                else:
                    change(folder, what, *names)
            before = live()
            was = contents(before)
            live.reload()
            anew = read_corpus([folder])
            assert contents(live()) == contents(build_corpus(anew.releases))
            assert live.warnings == anew.warnings
            assert contents(before) == was
            kept = {release.id: release for release in before.releases}
            for release in live().releases:
                if (old := kept.get(release.id)) and (old.text, old.title) == (release.text, release.title):
                    assert release.published != old.published or release is old


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are read from here on."""
    read: list[Path] = []

    def noted(path: Path) -> bytes:
        read.append(path)
        return path.read_bytes()

    monkeypatch.setattr("bot.reading.files._read", noted)
    return read


def test_what_did_not_change_is_not_read_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in folder.iterdir():
        os.utime(path, ns=(1, 1))
    for _ in range(2):  # read, and from the snapshot
        live = open_live([folder], tmp_path / "data", "off")
        read = recorded(monkeypatch)
        corpus = live()
        live.reload()
        assert live() is corpus
        (folder / "hill.txt").write_text("The hill is green.")
        live.reload()
        assert read == [folder / "hill.txt"]
        assert live().releases[::2] == corpus.releases  # the very same objects
        (folder / "hill.txt").unlink()
        monkeypatch.undo()


def test_a_change_that_keeps_size_and_time_is_seen_while_the_file_is_new(folder: Path, tmp_path: Path) -> None:
    live = open_live([folder], tmp_path / "data", "off")
    path, now = folder / "quay.txt", time.time_ns()
    for figure in ("13", "14"):
        path.write_text(f"The quay of Norrvik cost {figure} million euros.")
        os.utime(path, ns=(now, now))
        live.reload()
        assert figure in texts(live)[1]


# What is wrong leaves the releases as they were

BAD = (b"", b"\x00\x01\x02" * 50, b"---\ntitle: Quay\n---\n", b"%PDF-1.7\n\xff\xfe\x00 broken")


@pytest.mark.parametrize("bad", BAD)
def test_a_file_that_can_no_longer_be_read_leaves_its_release_as_it_was(
    folder: Path, tmp_path: Path, bad: bytes
) -> None:
    live = open_live([folder], tmp_path / "data", "off")
    before = live().releases
    (folder / "quay.txt").write_bytes(bad)
    for _ in range(2):
        live.reload()
        assert live().releases == before
        (warning,) = live.warnings
        assert warning.startswith(f"{folder / 'quay.txt'} stays as it was: it ")
    (folder / "hill.txt").write_text("The hill is green.")
    live.reload()
    assert [release.id for release in live().releases] == ["ferry", "hill", "quay"]
    (folder / "quay.txt").write_text("The quay is open.")
    live.reload()
    assert texts(live) == ["Ferries sail to Gotland every Friday.", "The hill is green.", "The quay is open."]
    assert live.warnings == ()
    (folder / "quay.txt").write_bytes(bad)
    live.reload()
    (folder / "quay.txt").unlink()
    live.reload()
    assert [release.id for release in live().releases] == ["ferry", "hill"]


def test_a_file_too_large_leaves_its_release_as_it_was(folder: Path, tmp_path: Path) -> None:
    live = open_live([folder], tmp_path / "data", "off")
    with (folder / "quay.txt").open("ab") as file:
        file.truncate(30_000_000)
    live.reload()
    assert "The quay of Norrvik cost 12 million euros." in texts(live)


def test_a_new_file_that_cannot_be_read_is_no_release(folder: Path, tmp_path: Path) -> None:
    live = open_live([folder], tmp_path / "data", "off")
    before = live()
    (folder / "new.txt").write_bytes(b"")
    live.reload()
    assert live() is before
    assert live.warnings == (f"{folder / 'new.txt'} is skipped: it is empty.",)


def test_a_folder_that_is_gone_leaves_everything_as_it_was(folder: Path, tmp_path: Path) -> None:
    live = open_live([folder], tmp_path / "data", "off")
    before = live()
    folder.rename(tmp_path / "away")
    live.reload()
    assert live() is before
    (warning,) = live.warnings
    assert warning == (
        f"There is no folder {folder}: make it, or name another; until then the releases stay as they were."
    )
    (tmp_path / "away").rename(folder)
    (folder / "quay.txt").unlink()
    live.reload()
    assert [release.id for release in live().releases] == ["ferry"]
    assert live.warnings == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_below_that_cannot_be_read_leaves_its_releases_as_they_were(folder: Path, tmp_path: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "hill.txt").write_text("The hill is green.")
    live = open_live([folder], tmp_path / "data", "off")
    (folder / "below").chmod(0)
    live.reload()
    (folder / "below").chmod(0o700)
    assert "The hill is green." in texts(live)
    assert len(live.warnings) == 2


def test_a_corpus_that_holds_more_than_its_files_is_not_kept(folder: Path, tmp_path: Path, follow: Follow) -> None:
    heard: list[str] = []
    live = follow(folder, told=heard.append)
    (folder / "quay.txt").write_bytes(b"")
    wait_until(lambda: heard)
    assert len(live().releases) == 2
    live.close()
    assert [release.id for release in open_corpus([folder], tmp_path / "data")[0].releases] == ["ferry"]


def test_an_error_that_nobody_thought_of_leaves_everything_as_it_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = open_live([folder], tmp_path / "data", "off")
    before = live()

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "load_again", fail)
    live.reload()
    assert live() is before
    assert "ZeroDivisionError" in live.warnings[0]


# Followed


def test_a_file_that_is_added_changed_renamed_or_removed_is_seen(folder: Path, follow: Follow) -> None:
    live = follow(folder)
    (folder / "hill.txt").write_text("The hill is green.")
    wait_until(lambda: answer("which hill is green?", live()).answered)
    (folder / "hill.txt").write_text("The hill is white with snow.")
    wait_until(lambda: "The hill is white with snow." in texts(live))
    (folder / "hill.txt").rename(folder / "mountain.txt")
    wait_until(lambda: "mountain" in [release.id for release in live().releases])
    (folder / "mountain.txt").unlink()
    wait_until(lambda: len(live().releases) == 2)
    (folder / "deep" / "below").mkdir(parents=True)
    (folder / "deep" / "below" / "hill.txt").write_text("The hill is green.")
    wait_until(lambda: len(live().releases) == 3)


def test_the_system_tells_of_changes(folder: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the folders would be looked at every so often: here, never."""
    live = follow(folder)
    wait_until(lambda: live._watching)
    monkeypatch.setattr(LiveCorpus, "_next_look", lambda _: time.monotonic() + 1000)
    live._changed.set()
    time.sleep(0.3)
    (folder / "hill.txt").write_text("The hill is green.")
    wait_until(lambda: len(live().releases) == 3)


def test_where_the_system_tells_nothing_the_folders_are_looked_at(
    folder: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")  # the limit on watches

    monkeypatch.setattr(watchfiles, "watch", refuse)
    live = follow(folder)
    (folder / "hill.txt").write_text("The hill is green.")
    wait_until(lambda: len(live().releases) == 3)


def test_after_a_burst_the_last_state_counts(folder: Path, follow: Follow) -> None:
    live = follow(folder)
    for number in range(300):
        (folder / f"{number % 7}.txt").write_text(f"The quay has {number} cranes.")
    wait_until(lambda: {f"The quay has {number} cranes." for number in range(293, 300)} <= {*texts(live)})


def test_a_file_named_directly_is_followed_also_when_another_takes_its_place(folder: Path, follow: Follow) -> None:
    live = follow(folder / "quay.txt")
    for figure in ("13", "14"):
        (folder / "aside").write_text(f"The quay of Norrvik cost {figure} million euros.")
        (folder / "aside").replace(folder / "quay.txt")
        wait_until(partial(has, live, f"The quay of Norrvik cost {figure} million euros."))


def test_a_folder_that_takes_the_place_of_another_is_followed(folder: Path, tmp_path: Path, follow: Follow) -> None:
    live = follow(folder)
    for text in ("The hill is green.", "The hill is white."):
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "hill.txt").write_text(text)
        folder.rename(tmp_path / f"old {text}")
        (tmp_path / "new").rename(folder)
        wait_until(partial(has, live, text))
        assert len(live().releases) == 1
    (folder / "more.txt").write_text("There is more.")
    wait_until(lambda: len(live().releases) == 2)


def test_what_is_wrong_is_told_once_and_anew_when_it_comes_again(folder: Path, follow: Follow) -> None:
    (folder / "known.txt").touch()  # said at the start
    heard: list[str] = []
    live = follow(folder, told=heard.append)
    assert len(live.notes) == 1
    (folder / "empty.txt").touch()
    wait_until(lambda: heard)
    (folder / "hill.txt").write_text("The hill is green.")
    wait_until(lambda: len(live().releases) == 3)
    assert heard == [f"{folder / 'empty.txt'} is skipped: it is empty."]
    (folder / "empty.txt").unlink()
    wait_until(lambda: len(live.warnings) == 1)
    (folder / "empty.txt").touch()
    wait_until(lambda: len(heard) == 2)


def test_of_very_much_that_is_wrong_not_all_is_told(folder: Path, follow: Follow) -> None:
    heard: list[str] = []
    follow(folder, told=heard.append)
    (folder.parent / "new").mkdir()
    for number in range(50):
        (folder.parent / "new" / f"{number}.txt").touch()
    (folder.parent / "new").rename(folder / "new")
    wait_until(lambda: len(heard) > 10)
    assert heard[10:] == ["There are 40 more such warnings: start onrecord anew to read them."]


def test_who_fails_to_hear_ends_nothing(folder: Path, follow: Follow) -> None:
    heard: list[str] = []

    def told(sentence: str) -> None:
        heard.append(sentence)
        raise RuntimeError(sentence)

    live = follow(folder, told=told)
    (folder / "empty.txt").touch()
    wait_until(lambda: heard)
    (folder / "hill.txt").write_text("The hill is green.")
    wait_until(lambda: len(live().releases) == 3)


def test_the_snapshot_is_that_of_the_corpus_now(folder: Path, tmp_path: Path, follow: Follow) -> None:
    follow(folder)
    (folder / "hill.txt").write_text("The hill is green.")
    (snapshot,) = (tmp_path / "data" / "snapshots").iterdir()
    wait_until(lambda: "The hill is green." in snapshot.read_text())


def test_a_reload_returns_when_it_is_done_in_any_number_of_threads(folder: Path, follow: Follow) -> None:
    live = follow(folder)

    def publish(number: int) -> bool:
        (folder / f"{number}.txt").write_text(f"The quay has {number} cranes.")
        live.reload()
        return f"The quay has {number} cranes." in texts(live)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(publish, range(40)))


def test_closed_it_can_be_asked_and_is_followed_no_more(folder: Path, follow: Follow) -> None:
    live = follow(folder)
    live.close()
    assert not any(thread.is_alive() for thread in live._threads)
    (folder / "quay.txt").write_text("The quay is gone.")
    assert answer("what did the quay cost?", live()).answered
    live.close()


def test_without_such_a_folder_it_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="There is no folder"):
        open_live([tmp_path / "nowhere"], tmp_path / "data", "off")


# With an encoder


def rows(live: LiveCorpus) -> int:
    """How many sentences are known by their meaning."""
    meaning = live().meaning
    return len(meaning.rows) if isinstance(meaning, EncodedCorpus) else 0


@needs_encoder
def test_a_new_sentence_comes_to_be_known_by_its_meaning(folder: Path, follow: Follow) -> None:
    live = follow(folder, encoder="auto")
    old = live().meaning
    (folder / "hill.txt").write_text("The hill is covered with snow in January.")
    wait_until(lambda: len(live().releases) == 3)
    wait_until(lambda: rows(live) == 3)
    assert isinstance(old, EncodedCorpus)
    assert len(old.rows) == 2  # who still asks the old one is not disturbed
    (folder / "quay.txt").unlink()
    wait_until(lambda: rows(live) == 2)


@needs_encoder
def test_the_first_release_of_all_comes_to_be_known_by_its_meaning(tmp_path: Path, follow: Follow) -> None:
    (tmp_path / "corpus").mkdir()
    live = follow(tmp_path / "corpus", encoder="auto")
    assert live().meaning is None
    (tmp_path / "corpus" / "hill.txt").write_text("The hill is covered with snow in January.")
    wait_until(lambda: rows(live) == 1)
