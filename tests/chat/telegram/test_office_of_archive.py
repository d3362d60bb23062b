"""The press office of a bot that answers from an archive: what it publishes and removes is asked at once."""

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telegram_server import TelegramServer
from telegram_world import Message

from bot.chat.telegram.office import LiveShelf, Office
from bot.desk.live_archive import open_live_archive
from bot.desk.log import open_log
from bot.index.indexing import index_roots
from bot.index.places import archive_folder

ADMIN, READER = 99, 7
FERRY = b"""Ferries to Gotland carry more passengers

VISBY, June 1, 2026 -- Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries.
"""
NAME = "2026-06-01-ferries-to-gotland-carry-more-passengers"
LEADS = "who leads Baltic Ferries?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "quay.md").write_text("# A third quay\n\nThe quay of Norrvik cost 12 million euros.\n")
    return folder


@pytest.fixture
def office(start_bot: Callable[..., Any], folder: Path, tmp_path: Path) -> Office:
    data = tmp_path / "data"
    index_roots([folder], archive_folder(data), cores=1)
    live = open_live_archive(data, [folder], "off")
    office = Office(frozenset({ADMIN}), LiveShelf(live), data, open_log(data, 0))
    live.follow(office.notes.put)
    start_bot(office=office, corpus_source=live)
    return office


def last(server: TelegramServer, person: int, count: int) -> Message:
    return server.wait_for(lambda s: s.replies(person)[count - 1 : count])[0]


def test_what_is_published_is_asked_and_what_is_removed_is_not(
    server: TelegramServer, office: Office, folder: Path
) -> None:
    server.document_message(ADMIN, "release.txt", FERRY)
    server.press(last(server, ADMIN, 1), "Publish")
    server.wait_for(lambda s: last(s, ADMIN, 1).text.startswith("On the record: “Ferries to Gotland"))
    assert (folder / f"{NAME}.md").exists()
    server.private_message(READER, LEADS)
    assert "Karin Holm leads Baltic Ferries." in last(server, READER, 1).text
    server.private_message(ADMIN, f"/remove {NAME}")
    server.press(last(server, ADMIN, 2), "Take it off the record")
    server.wait_for(lambda s: not last(s, ADMIN, 2).buttons)
    server.private_message(READER, LEADS)
    assert "Not on the record" in last(server, READER, 2).text
    assert not (folder / f"{NAME}.md").exists()


def test_who_removes_what_lies_in_a_tar_is_told_what_to_do(
    server: TelegramServer, office: Office, folder: Path, tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "old.tar.xz", "w:xz") as packed:
        packed.add(folder / "quay.md", "2025/old-quay.md")
    (folder / "quay.md").unlink()
    index_roots([folder, tmp_path / "old.tar.xz"], archive_folder(office.data), cores=1)
    server.private_message(ADMIN, "/remove old-quay.md")
    press = server.press(last(server, ADMIN, 1), "Take it off the record")
    said = server.wait_for(lambda s: s.query(press).answer) or {}
    assert said["text"].startswith("This release lies in ")
    assert "old.tar.xz, which is never changed: take" in said["text"]


def test_what_another_program_indexes_is_asked_and_what_goes_wrong_is_told_to_the_office(
    server: TelegramServer, office: Office, folder: Path
) -> None:
    (folder / "ferry.txt").write_bytes(FERRY)
    index_roots([folder], archive_folder(office.data), cores=1)
    server.private_message(READER, LEADS)
    assert "Karin Holm leads Baltic Ferries." in last(server, READER, 1).text
    archive = archive_folder(office.data)
    shutil.copytree(archive, archive.with_name("aside"))
    (archive.with_name("aside") / "passages" / "meta.json").write_text("{}")
    shutil.rmtree(archive)
    archive.with_name("aside").rename(archive)
    server.private_message(ADMIN, "what did the quay cost?")
    last(server, ADMIN, 2)
    texts = " ".join(message.text for message in server.replies(ADMIN))
    assert "12 million euros" in texts
    assert "is damaged: make it anew with onrecord index --rebuild; until then the releases stay as they were." in texts
