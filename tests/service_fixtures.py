"""The real servers as fixtures, for every folder of tests: one of each for all of a run, started by the first that asks.

Where a server cannot be started, the tests that ask for it are skipped, and say what to install. Where the environment
says ONRECORD_SERVICES=required, they fail.
"""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import opensearch_nodes
import postgres_server
import pytest
from opensearch_nodes import OpenSearch
from postgres_server import Postgres
from service_processes import service_folder

_numbers = count(1)


def need(reason: str | None) -> None:
    """Skips the test for this reason, or fails it where the services are required; None is no reason."""
    if reason is None:
        return
    if os.environ.get("ONRECORD_SERVICES") == "required":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def services() -> Iterator[Path]:
    """A folder for servers, which other users may enter."""
    with service_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def opensearch(services: Path) -> Iterator[OpenSearch]:
    """A cluster of two data nodes, for all tests: take an index of your own, and start again what you kill."""
    need(opensearch_nodes.available())
    with OpenSearch(services / "opensearch") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres(services: Path) -> Iterator[Postgres]:
    """A server for all tests: start it again where you stop it."""
    need(postgres_server.available())
    with Postgres(services / "postgres") as server:
        yield server


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database (postgresql://…), which is dropped afterwards, and connections to it are broken."""
    name = f"test{next(_numbers)}"
    yield postgres.database(name)
    postgres.drop(name)
