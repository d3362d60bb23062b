"""What was proposed to an admin is decided on once."""

import pytest

from bot.chat.telegram.database import Database
from bot.chat.telegram.proposals import Proposals


@pytest.fixture
def proposals(database: Database) -> Proposals:
    return Proposals(database)


def test_a_proposal_is_found_until_it_is_decided_on(proposals: Proposals) -> None:
    row, other = (proposals.add(99, 7, "publish", f"# {title}\n\0") for title in "ab")
    found = proposals.find(row)
    assert found is not None
    assert (found.row, found.admin, found.chat, found.kind) == (row, 99, 7, "publish")
    proposals.decided(row)
    assert proposals.find(row) is None
    assert proposals.find(other) is not None


def test_one_update_decides_also_when_it_is_handled_again(proposals: Proposals) -> None:
    row = proposals.add(99, 7, "remove", "quay")
    assert proposals.claim(row, 1)
    assert not proposals.claim(row, 2)
    assert proposals.claim(row, 1)
    proposals.leave(row)
    assert proposals.claim(row, 2)
    proposals.decided(row)
    assert not proposals.claim(row, 2)


def test_old_proposals_are_dropped(proposals: Proposals, database: Database) -> None:
    row = proposals.add(99, 7, "remove", "quay")
    database.change("UPDATE proposals SET made_at = ?", (1.0,))
    proposals.add(99, 7, "remove", "ferries")
    assert proposals.find(row) is None
