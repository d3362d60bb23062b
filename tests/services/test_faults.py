"""Two bots behind nginx, over OpenSearch and PostgreSQL: what becomes of questions when a part of that dies.

`benchmarks/cluster_faults.py` does the same for longer, and with more faults.
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import nginx_server
import opensearch_nodes
import postgres_server
import pytest
from service_fixtures import need

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
RATE, SECONDS, MARGINS = 4.0, 4.0, (1.0, 2.0)
STRANGER = 990_007
FERRY = b"""Ferries to Gotland carry more passengers

VISBY, June 1, 2026 -- Ferries sail to Gotland every Friday. Karin Holm leads Baltic Ferries.
"""


@pytest.fixture(scope="module")
def faults() -> Iterator[ModuleType]:
    """`benchmarks/cluster_faults.py`, with shorter faults."""
    for server in (opensearch_nodes, postgres_server, nginx_server):
        need(server.available())
    sys.path.insert(0, str(BENCHMARKS))
    module = importlib.import_module("cluster_faults")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "AWAY", 1.0)
        patch.setattr(module, "CUT", 2.0)
        patch.setattr(module, "DOWN", 1.0)
        patch.setattr(module, "WARMING", 2.0)
        yield module
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def world(faults: ModuleType) -> Iterator[Any]:
    with faults.world(RATE, quick=True) as started:
        yield started


@pytest.mark.parametrize("scenario", ["node killed", "database cut", "all twice and shuffled"])
def test_every_question_is_answered_once(faults: ModuleType, world: Any, scenario: str) -> None:
    found = faults.run(world, scenario, RATE, SECONDS, MARGINS).tally
    assert (found.answered, found.lost, found.doubled, found.other) == (found.asked, 0, 0, 0)


def test_when_a_bot_is_killed_only_what_it_was_just_sending_may_come_twice(faults: ModuleType, world: Any) -> None:
    found = faults.run(world, "bot killed", RATE, SECONDS, MARGINS).tally
    assert (found.answered, found.lost, found.other) == (found.asked, 0, 0)
    assert found.doubled <= 1


def test_what_one_bot_published_another_answers_from_when_that_one_is_gone(faults: ModuleType, world: Any) -> None:
    server, bots = world.server, world.bots
    before = len(server.replies(faults.ADMIN))
    server.document_message(faults.ADMIN, "release.txt", FERRY)
    server.wait_for(lambda s: s.replies(faults.ADMIN)[before:], 20)
    server.press(server.replies(faults.ADMIN)[before], "Publish")
    server.wait_for(lambda s: any(said.text.startswith("On the record:") for said in s.replies(faults.ADMIN)), 20)
    publisher = next(n for n in (0, 1) if list((bots.folder / f"bot{n}").glob("corpus/*.md")))
    bots.kill(publisher)
    try:
        server.private_message(STRANGER, "who leads Baltic Ferries?")
        server.wait_for(lambda s: s.replies(STRANGER), 20)
        assert "Karin Holm leads Baltic Ferries." in server.replies(STRANGER)[0].text
    finally:
        bots.start(publisher)
        bots.wait(publisher)
