"""The inbox keeps each update from its arrival until it is answered, over the end of the process."""

import json
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.telegram.database import File, open_file
from bot.chat.telegram.inbox import Arrived, FileInbox, id_of, line_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner, max_size=3)
)


def message(update_id: int, chat: int = 7, text: str = "who?") -> dict[str, Any]:
    return {"update_id": update_id, "message": {"chat": {"id": chat}, "from": {"id": 1}, "text": text}}


@pytest.fixture
def inbox(file: File) -> FileInbox:
    return FileInbox(file)


def ids(updates: list[Arrived]) -> list[int]:
    return [arrived.update_id for arrived in updates]


def test_what_arrived_is_pending_in_its_order_until_it_is_done(inbox: FileInbox) -> None:
    assert ids(inbox.put([message(9), message(3)])) == [9, 3]
    inbox.put([message(5)])
    inbox.done([3])
    assert ids(inbox.pending()) == [9, 5]


def test_an_update_that_comes_again_is_not_new(inbox: FileInbox) -> None:
    inbox.put([message(1)])
    inbox.done([1])
    assert ids(inbox.put([message(1), message(2), message(2)])) == [2]
    assert ids(inbox.pending()) == [2]


def test_it_outlives_the_connection(inbox: FileInbox, file: File, tmp_path: Path) -> None:
    written = inbox.put([message(1, text="wer? \u202e😀 \ud800")])
    file.close()
    again = open_file(tmp_path / "data", "1")
    assert FileInbox(again).pending() == written
    again.close()


def test_each_bot_has_its_own(inbox: FileInbox, tmp_path: Path) -> None:
    inbox.put([message(1)])
    other = open_file(tmp_path / "data", "2")
    assert not FileInbox(other).pending()
    other.close()


def test_only_the_owner_can_read_it(inbox: FileInbox, tmp_path: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert modes == {0o600}


def test_of_a_done_update_only_the_id_is_kept(inbox: FileInbox, file: File) -> None:
    inbox.put([message(1)])
    inbox.done([1])
    assert file.all("SELECT update_id, payload FROM inbox") == [(1, None)]


def test_old_done_updates_are_forgotten(inbox: FileInbox, file: File) -> None:
    inbox.put([message(1), message(2)])
    inbox.done([1])
    file.change("UPDATE inbox SET done_at = 0 WHERE done_at IS NOT NULL")
    FileInbox(file).put([message(3)])
    assert [row[0] for row in file.all("SELECT update_id FROM inbox ORDER BY place")] == [2, 3]


def test_what_cannot_be_written_is_not_half_written(inbox: FileInbox, file: File) -> None:
    file.change("CREATE TRIGGER full BEFORE INSERT ON inbox WHEN NEW.update_id = 2 BEGIN SELECT raise(ABORT, 'x'); END")
    with pytest.raises(sqlite3.Error):
        inbox.put([message(1), message(2)])
    assert not inbox.pending()
    assert ids(inbox.put([message(1)])) == [1]


def test_the_updates_of_a_chat_are_one_line() -> None:
    press = {"update_id": 2, "callback_query": {"id": "1", "from": {"id": 1}, "message": {"chat": {"id": 7}}}}
    edited = {"update_id": 3, "edited_message": {"chat": {"id": 7}}}
    inline = {"update_id": 4, "inline_query": {"id": "1", "from": {"id": 7}}}
    assert line_of(message(1)) == line_of(press) == line_of(edited)
    assert line_of(inline) != line_of(message(1))
    assert line_of({"update_id": 5, "callback_query": {"id": "1", "from": {"id": 7}}}) == line_of(inline)


@given(JSON)
def test_whatever_a_server_sends_is_passed_over_or_has_a_line(sent: Any) -> None:
    assert id_of(sent) == -1 or isinstance(line_of(sent), str)
    assert isinstance(line_of({"update_id": 1, "message": sent}), str)
    assert isinstance(line_of(json.loads(json.dumps({"update_id": 1, "callback_query": sent}))), str)
