"""Folders of files: what can be read is read, and the rest is named."""

import json
import os
from pathlib import Path

import pytest

from bot.model import OnrecordError
from bot.reading.files import LARGEST_FILE, Reading, corpus_signature, read_corpus

OPEN = Path(__file__).parents[2].parent / "shared" / "qa" / "open"


def ids(reading: Reading) -> list[str]:
    return [release.id for release in reading.releases]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_folders_are_read_in_order_with_what_is_below(tmp_path: Path) -> None:
    write(tmp_path / "b.txt", "The port is open.")
    write(tmp_path / "a" / "c.MD", "The port is closed.")
    write(tmp_path / "a" / "d.markdown", "The port is gone.")
    for passed_over in (".hidden.txt", ".git/x.txt", "README.md", "a/readme.md", "x.jpg"):
        write(tmp_path / passed_over, "Not a release.")
    assert sorted(ids(read_corpus([tmp_path]))) == ["b", "c", "d"]
    assert read_corpus([tmp_path]).warnings == ()


def test_a_path_to_a_file_is_that_file(tmp_path: Path) -> None:
    assert ids(read_corpus([write(tmp_path / "README.md", "The port is open.")])) == ["readme"]


def test_a_folder_that_is_given_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "The port is open.")
    assert read_corpus([tmp_path, tmp_path]).warnings == ()
    assert ids(read_corpus([tmp_path, tmp_path])) == ["a"]


def test_no_such_folder(tmp_path: Path) -> None:
    for ask in (read_corpus, corpus_signature):
        with pytest.raises(OnrecordError, match=r"There is no folder .*nowhere"):
            ask([tmp_path / "nowhere"])


def test_a_folder_without_a_release_says_what_belongs_there(tmp_path: Path) -> None:
    assert read_corpus([tmp_path]).releases == ()
    (warning,) = read_corpus([tmp_path]).warnings
    assert ".txt" in warning and tmp_path.name in warning
    write(tmp_path / "x.jpg", "")
    (warning,) = read_corpus([tmp_path]).warnings
    assert "x.jpg" in warning


def test_what_cannot_be_read_is_named_and_the_rest_works(tmp_path: Path) -> None:
    write(tmp_path / "good.txt", "The port is open.")
    write(tmp_path / "empty.txt", "")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe.txt")
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(10 * LARGEST_FILE)
    write(tmp_path / "folder.txt" / "inside.txt", "The port is shut.")
    reading = read_corpus([tmp_path])
    assert sorted(ids(reading)) == ["good", "inside"]
    for name in ("empty.txt", "binary.txt", "dangling.txt", "pipe.txt", "huge.txt"):
        assert [warning for warning in reading.warnings if f"{name} is skipped: it " in warning]
    assert len(reading.warnings) == 5
    assert all(warning.endswith(".") and "\n" not in warning for warning in reading.warnings)


def test_folders_that_link_to_themselves_end(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "The port is open.")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    assert ids(read_corpus([tmp_path])) == ["a"]


def test_names_of_files_reach_a_warning_clean(tmp_path: Path) -> None:
    write(tmp_path / "a\x1b[31m\n.txt", "")
    assert all(warning.isprintable() for warning in read_corpus([tmp_path]).warnings)


def test_the_same_explicit_id_twice_keeps_the_first(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\nid: port\n---\nThe port is open.")
    write(tmp_path / "b.md", "---\nid: port\n---\nThe port is closed.")
    reading = read_corpus([tmp_path])
    assert [release.text for release in reading.releases] == ["The port is open."]
    (warning,) = reading.warnings
    assert "a.md" in warning and "b.md" in warning and "port" in warning


def test_the_same_file_twice_is_one_release(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "The port is open.")
    write(tmp_path / "b" / "a.txt", "The port is open.")
    reading = read_corpus([tmp_path])
    assert ids(reading) == ["a"]
    assert len(reading.warnings) == 1


def test_different_files_of_one_name_take_the_names_of_their_folders(tmp_path: Path) -> None:
    write(tmp_path / "2020" / "Annual Report.txt", "The port is open.")
    write(tmp_path / "2021" / "Annual Report.txt", "The port is closed.")
    write(tmp_path / "2021" / "Annual Report.md", "The port is gone.")
    write(tmp_path / "other.md", "---\nid: annual-report\n---\nThe port is back.")
    reading = read_corpus([tmp_path])
    assert reading.warnings == ()
    assert len(set(ids(reading))) == 4
    assert {"2020-annual-report", "annual-report"} <= set(ids(reading))


def test_ids_fit_a_deep_link(tmp_path: Path) -> None:
    for name in ("新闻稿", "新闻", "x" * 80, "x" * 81, "Fünf Häfen!"):
        write(tmp_path / f"{name}.txt", f"The port of {name} is open.")
    found = ids(read_corpus([tmp_path]))
    assert len(set(found)) == 5
    assert all(len(release_id) <= 64 and release_id.isascii() for release_id in found)
    assert "funf-hafen" in found


def test_a_reading_says_which_file_holds_which_release_and_why_others_hold_none(tmp_path: Path) -> None:
    first = write(tmp_path / "a.txt", "The port is open.")
    again = write(tmp_path / "b.txt", "The port is open.")
    empty = write(tmp_path / "c.txt", "")
    reading = read_corpus([tmp_path])
    assert {path: release.id for path, release in reading.files.items()} == {first: "a"}
    assert reading.unread == {again: f"is the same release as {first}", empty: "is empty"}
    assert reading.signature == corpus_signature([tmp_path])


def test_of_a_reading_before_what_has_not_changed_is_the_same_object(tmp_path: Path) -> None:
    write(tmp_path / "x" / "a.txt", "The port is open.")
    write(tmp_path / "b.txt", "The port is closed.")
    before = read_corpus([tmp_path])
    (tmp_path / "x").rename(tmp_path / "y")
    write(tmp_path / "b.txt", "The port is gone.")
    after = read_corpus([tmp_path], before)
    assert [release.text for release in after.releases] == ["The port is gone.", "The port is open."]
    assert after.releases[1] is before.releases[1]
    write(tmp_path / "z" / "a.txt", "The port is new.")  # takes the name, so that both need another id
    both = read_corpus([tmp_path], after)
    assert sorted(ids(both)) == ["b", "y-a", "z-a"]
    assert both.releases[1] is not after.releases[1]


def test_the_signature_changes_with_the_files_and_only_with_them(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "The port is open.")
    before = corpus_signature([tmp_path])
    write(tmp_path / "x.jpg", "picture")
    assert corpus_signature([tmp_path]) == before
    write(tmp_path / "b.txt", "The port is closed.")
    two = corpus_signature([tmp_path])
    os.utime(file, ns=(1, 1))
    assert len({before, two, corpus_signature([tmp_path])}) == 3


@pytest.mark.skipif(not OPEN.is_dir(), reason="needs the corpora in ../shared/qa/open")
@pytest.mark.parametrize("name", ["squad-part", "xquad-part-en", "wikiqa-dev"])
def test_every_paragraph_and_answer_of_the_open_corpora_is_kept_word_for_word(name: str) -> None:
    reading = read_corpus([OPEN / name / "corpus"])
    assert reading.warnings == ()
    texts = [" ".join(release.text.split()) for release in reading.releases]
    lines = {" ".join(line.split()) for release in reading.releases for line in release.text.split("\n")}
    for record in map(json.loads, (OPEN / name / "questions.jsonl").read_text(encoding="utf-8").splitlines()):
        if paragraph := record["paragraph"]:
            assert any(" ".join(paragraph.split()) in text for text in texts)
        else:
            assert {" ".join(answer.split()) for answer in record["answers"]} <= lines
