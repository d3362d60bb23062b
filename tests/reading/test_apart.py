"""Files are read in a process of its own, and whatever happens there ends there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_files import OPENING, RELEASE, mail, page, pdf, word

from bot.model import OnrecordError
from bot.reading import apart
from bot.reading.apart import answered, environment, read_apart
from bot.reading.draft import UnreadableError
from bot.reading.drafting import read_draft
from bot.reading.files import LARGEST_FILE

FILES = [
    ("a.html", page()),
    ("a.pdf", pdf([OPENING])),
    ("a.docx", word()),
    ("a.eml", mail(attached=[("é.zip", "a/b", b"x")])),
]


@pytest.mark.parametrize(("name", "raw"), FILES)
def test_what_is_read_apart_is_what_is_read(
    name: str, raw: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = "https://port.example/ü?q=1"
    assert read_apart(raw, name, url, "utf-8") == read_draft(raw, name, url, "utf-8")
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "-"])
def test_text_is_read_here(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    assert read_apart(RELEASE.encode(), name) == read_draft(RELEASE.encode(), name)


def test_a_sentence_comes_back_as_it_is() -> None:
    with pytest.raises(UnreadableError, match=r"^is encrypted with a password: save it without one$"):
        read_apart(pdf([OPENING], password="secret"), "a.pdf")


def test_what_is_too_large_or_empty_or_of_no_kind_is_refused_before_a_process_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    for raw, sentence in (
        (b"%PDF-" + bytes(LARGEST_FILE), "is larger than 20 MB: split it"),
        (b" \n", "is empty"),
        (b"\x1f\x8b", "archive"),
    ):
        with pytest.raises(UnreadableError, match=sentence):
            read_apart(raw, "a.pdf")
    with pytest.raises(OnrecordError, match="No process could be started"):
        read_apart(page(), "a.html")


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0.001)
    with pytest.raises(UnreadableError, match="takes too long"):
        read_apart(page(), "a.html")


@pytest.mark.parametrize(("status", "said"), [(-11, b""), (-9, b'{"draft"'), (1, b"{}"), (0, b""), (0, b"[]")])
def test_a_process_that_ends_without_an_answer(status: int, said: bytes) -> None:
    with pytest.raises(UnreadableError, match="takes too long, or too much memory, to read"):
        answered(status, said)


def test_a_library_that_is_missing_is_named_as_what_to_install() -> None:
    with pytest.raises(OnrecordError, match="install") as raised:
        answered(0, json.dumps({"problem": "Reading PDF files needs one more part: install it."}).encode())
    assert not isinstance(raised.value, UnreadableError)


def test_the_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "AWS_SECRET_ACCESS_KEY", "ONRECORD_DATA"):
        monkeypatch.setenv(name, "a secret")
    assert "a secret" not in environment().values()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limits")
def test_the_process_can_write_no_file_and_take_no_more_than_its_memory(tmp_path: Path) -> None:
    for program, error in (
        ("__import__('pathlib').Path('a').write_text('a')", "OSError"),
        ("bytearray(3 << 30)", "MemoryError"),
    ):
        tried = subprocess.run(
            [sys.executable, "-c", f"from bot.reading.apart import _limit; _limit(); {program}"],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert error in tried.stderr
