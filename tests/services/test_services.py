"""The servers of the fixtures are the real ones, and what faults do to them is what it says."""

from pathlib import Path

import httpx
import nginx_server
import psycopg
import pytest
from nginx_server import Nginx
from opensearch_nodes import OpenSearch
from opensearchpy import OpenSearch as Client
from postgres_server import Postgres
from service_fixtures import need
from service_processes import free_port
from web_server import web_server


def test_a_document_outlives_the_node_that_held_it(opensearch: OpenSearch) -> None:
    with Client(opensearch.urls[0], timeout=30) as client:
        client.indices.create(index="services", body={"settings": {"number_of_replicas": 1}})
        try:
            opensearch.wait("green")
            client.index(index="services", id="quay", body={"title": "A third quay"}, refresh=True)
            opensearch.kill(1)
            assert client.get(index="services", id="quay")["_source"] == {"title": "A third quay"}
            opensearch.start(1)
            opensearch.wait("green")
            with Client(opensearch.urls[1], timeout=30) as other:
                assert other.count(index="services", preference="_local")["count"] == 1
        finally:
            client.indices.delete(index="services")


def test_a_paused_node_answers_when_it_goes_on(opensearch: OpenSearch) -> None:
    with Client(opensearch.urls[1], timeout=1, max_retries=0) as client:
        opensearch.pause(1)
        try:
            assert not client.ping()
        finally:
            opensearch.resume(1)
        opensearch.wait("green")
        assert client.ping()


def test_what_is_committed_outlives_a_stop_of_the_database(postgres: Postgres, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE note (id integer)")
        connection.execute("INSERT INTO note VALUES (7)")
    postgres.stop()
    try:
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(database_url, connect_timeout=2)
    finally:
        postgres.start()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT id FROM note").fetchall() == [(7,)]


def test_a_stop_of_the_database_breaks_its_connections(postgres: Postgres, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        postgres.stop()
        postgres.start()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_every_test_has_a_database_of_its_own(postgres: Postgres, database_url: str) -> None:
    other = postgres.database("other")
    try:
        with psycopg.connect(other) as connection:
            connection.execute("CREATE TABLE note (id integer)")
        with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT id FROM note")
    finally:
        postgres.drop("other")


def test_a_post_is_sent_on_where_one_bot_is_down_and_one_is_not_ready(services: Path) -> None:
    need(nginx_server.available())
    with web_server() as ready, web_server() as busy:
        ready.page("/telegram", b"taken")
        busy.page("/telegram", b"not yet", status=503)
        upstreams = [f"127.0.0.1:{free_port()}", *(bot.root.removeprefix("http://") for bot in (busy, ready))]
        with Nginx(services / "nginx", upstreams) as nginx:
            for _ in range(6):
                assert httpx.post(f"{nginx.url}/telegram", content=b"{}").content == b"taken"
        assert [request.method for request in ready.requests] == ["POST"] * 6
