"""The way to a cluster: what goes wrong on it is a sentence, and what opens the door is told to nobody else."""

import json
import logging
import ssl
import subprocess
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from archive_world import release
from cluster_front import Answer, Front, Request, front, silent
from cluster_world import archive_at, emptied, found
from opensearch_nodes import OpenSearch
from service_processes import free_port

from bot.index.address import Address, is_cluster, urls_in
from bot.index.cluster import open_cluster
from bot.index.feeding import bulk, make, put_releases
from bot.index.nodes import reach
from bot.model import OnrecordError, UnavailableError
from bot.settings import address_at, read_settings

pytest.importorskip("opensearchpy", reason="pip install 'onrecord[cluster]'")

SECRET = "hunter2-hunter2"


@pytest.fixture(scope="module")
def address(opensearch: OpenSearch) -> Iterator[Address]:
    """An archive of one release."""
    with archive_at(opensearch, "nodes") as address:
        put_releases(emptied(address).nodes, [release("amber")])
        yield address


def always(status: int, body: str, content_type: str = "application/json") -> Callable[[Request], Answer]:
    return lambda request: Answer(status, body.encode(), content_type)


def refusal(kind: str, status: int) -> str:
    return json.dumps({"error": {"type": kind, "reason": kind}, "status": status})


# Addresses


@pytest.mark.parametrize(
    "words", ["", ",", "search.example", "ftp://search.example", "https://", "https://a:port", "https://a:0"]
)
def test_what_is_no_address_is_a_sentence(words: str) -> None:
    with pytest.raises(OnrecordError, match=r"is like https://search\.example:9200"):
        urls_in(words)


def test_several_addresses_have_commas_between_them() -> None:
    assert urls_in("https://a:9200, http://[::1]:9201/search ,") == ("https://a:9200", "http://[::1]:9201/search")
    assert [is_cluster(words) for words in ("https://a", "http://a,http://b", "auto", "disk")] == [
        True,
        True,
        False,
        False,
    ]


def test_an_address_is_shown_without_what_opens_the_door() -> None:
    address = Address(("https://me:hunter2-hunter2@a:9200/x", "http://[::1]:1"), password=SECRET, api_key=SECRET)
    assert address.shown == "https://a:9200, http://[::1]:1"
    assert SECRET not in repr(address)


# What goes wrong


def test_where_nothing_listens_it_is_unavailable() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(UnavailableError, match=f"The cluster at {url} does not answer: check that it runs"):
        open_cluster(Address((url,)))


def test_a_node_that_says_nothing_is_left_for_another(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.index.nodes.READ_WITHIN", 0.5)
    with silent() as url:
        cluster = open_cluster(replace(address, urls=(url, *address.urls)))
        assert [found(cluster.look(), "port") for _ in range(6)] == [["amber"]] * 6
        with pytest.raises(UnavailableError, match="does not answer"):
            open_cluster(Address((url,)))


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, refusal("security_exception", 401), OnrecordError, "let Onrecord in: check ONRECORD_INDEX_USER and"),
        (401, "Unauthorized", OnrecordError, "let Onrecord in: check ONRECORD_INDEX_USER and"),
        (403, refusal("security_exception", 403), OnrecordError, "or ONRECORD_INDEX_API_KEY"),
        (403, refusal("cluster_block_exception", 403), OnrecordError, "may only be read now: its disks may be full"),
        (429, refusal("circuit_breaking_exception", 429), UnavailableError, "cannot answer now: try again"),
        (503, refusal("cluster_manager_not_discovered_exception", 503), UnavailableError, "cannot answer now"),
        (502, "<html>Bad Gateway</html>", UnavailableError, "cannot answer now"),
        (400, refusal("parsing_exception", 400), OnrecordError, r"refuses what it is asked \(parsing_exception\)"),
        (404, refusal("index_not_found_exception", 404), OnrecordError, "There is no archive onrecord at"),
        (200, '{"docs": [{"found": false}, {"found": false}]}', OnrecordError, "There is no archive onrecord at"),
        (200, "{}", OnrecordError, "is no OpenSearch: check ONRECORD_INDEX"),
        (200, "[]", OnrecordError, "is no OpenSearch"),
        (200, '{"docs": 3}', OnrecordError, "is no OpenSearch"),
        (200, "nothing", OnrecordError, "is no OpenSearch"),
        (404, "[]", OnrecordError, "is no OpenSearch"),
        (400, "<html>Bad Request</html>", OnrecordError, "is no OpenSearch"),
        (500, "oops", OnrecordError, "is no OpenSearch"),
    ],
)
def test_an_answer_that_is_none_is_a_sentence(status: int, body: str, kind: type[OnrecordError], words: str) -> None:
    with front(always(status, body)) as door:
        with pytest.raises(kind, match=words) as caught:
            open_cluster(Address((door.url,)))
        assert isinstance(caught.value, UnavailableError) == (kind is UnavailableError)
        assert door.url in str(caught.value)


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_is_no_cluster(status: int) -> None:
    with (
        front(always(status, "<html>Hello</html>", "text/html")) as door,
        pytest.raises(OnrecordError, match="is no OpenSearch: check ONRECORD_INDEX"),
    ):
        open_cluster(Address((door.url,)))


def test_a_page_is_not_written_to_either() -> None:
    with (
        front(always(404, "<html>Hello</html>", "text/html")) as door,
        pytest.raises(OnrecordError, match="is no OpenSearch"),
    ):
        make(reach(Address((door.url,))))


# https


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for 127.0.0.1, which is its own authority, and its key."""
    folder = tmp_path_factory.mktemp("authority")
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=search"
    command = [*make.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "ca.pem"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make a certificate")
    return folder


@pytest.fixture
def secured(authority: Path, address: Address) -> Iterator[Front]:
    """A front that speaks https, before a node."""
    certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.load_cert_chain(authority / "ca.pem", authority / "key.pem")
    with front(node=address.urls[0], certificate=certificate) as door:
        yield door


def test_a_certificate_is_trusted_whose_authority_is_named(secured: Front, authority: Path, address: Address) -> None:
    cluster = open_cluster(replace(address, urls=(secured.url,), ca=authority / "ca.pem"))
    assert found(cluster.corpus(), "port") == ["amber"]
    assert secured.requests


def test_a_certificate_is_not_trusted_otherwise_and_the_sentence_names_the_setting(
    secured: Front, address: Address
) -> None:
    with pytest.raises(OnrecordError, match=f"certificate of {secured.url} is not trusted: .* ONRECORD_INDEX_CA"):
        open_cluster(replace(address, urls=(secured.url,)))
    assert secured.requests == [], "nothing was sent"


def test_a_file_of_certificates_that_is_none_is_a_sentence(secured: Front, address: Address, tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match=r"There is no file .*ca\.pem: ONRECORD_INDEX_CA names the certificates"):
        open_cluster(replace(address, urls=(secured.url,), ca=tmp_path / "ca.pem"))
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(OnrecordError, match="ONRECORD_INDEX_CA"):
        open_cluster(replace(address, urls=(secured.url,), ca=tmp_path / "ca.pem"))


def test_where_http_is_spoken_https_is_not(address: Address) -> None:
    url = address.urls[0].replace("http:", "https:")
    with pytest.raises(OnrecordError, match=f"What answers at {url} does not speak https: check ONRECORD_INDEX"):
        open_cluster(replace(address, urls=(url,)))


# What opens the door


@pytest.mark.parametrize(
    ("more", "user", "known"),
    [
        ({"user": "press", "password": SECRET}, "", f"press:{SECRET}"),
        ({"user": "presse-stelle-ö", "password": f"{SECRET}ж:"}, "", f"presse-stelle-ö:{SECRET}ж:"),
        ({}, f"press:{SECRET}@", f"press:{SECRET}"),
        ({}, f"press%40x:{SECRET}%2F@", f"press@x:{SECRET}/"),
        ({"user": "other", "password": SECRET}, "press:wrong@", f"other:{SECRET}"),
        ({}, "", None),
    ],
)
def test_a_user_and_a_password_arrive(address: Address, more: dict[str, str], user: str, known: str | None) -> None:
    with front(node=address.urls[0]) as door:
        url = door.url.replace("//", f"//{user}")
        assert found(open_cluster(replace(address, urls=(url,), **more)).corpus(), "port") == ["amber"]
        for request in door.requests:
            sent = request.headers.get("authorization")
            assert (b64decode(sent.removeprefix("Basic ")).decode() if sent else None) == known


def test_a_key_arrives_and_wins_over_a_password(address: Address) -> None:
    with front(node=address.urls[0]) as door:
        at = replace(address, urls=(door.url,), api_key=SECRET, user="press", password="other")
        assert found(open_cluster(at).corpus(), "port") == ["amber"]
        assert {request.headers["authorization"] for request in door.requests} == {f"ApiKey {SECRET}"}


def test_what_the_settings_say_arrives(address: Address, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with front(node=address.urls[0]) as door:
        monkeypatch.setenv("ONRECORD_INDEX", f"{door.url},{address.urls[1]}")
        monkeypatch.setenv("ONRECORD_INDEX_NAME", "nodes")
        monkeypatch.setenv("ONRECORD_INDEX_API_KEY", SECRET)
        settings = read_settings()
        assert SECRET not in repr(settings)
        put_releases(reach(address_at(settings.index, settings)), [release("coral")])
        assert door.requests[0].headers["authorization"] == f"ApiKey {SECRET}"


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500, 503])
@pytest.mark.parametrize(
    ("more", "user"),
    [({"api_key": SECRET}, ""), ({"user": "press", "password": SECRET}, ""), ({}, f"press:{SECRET}@")],
)
def test_no_secret_is_in_a_sentence_a_log_or_a_name(
    status: int, more: dict[str, str], user: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with front(always(status, refusal("some_exception", status))) as door:
        nodes = reach(Address((door.url.replace("//", f"//{user}"),), **more))
        for call in (lambda: open_cluster(nodes.address), lambda: put_releases(nodes, [release("amber")])):
            with pytest.raises(OnrecordError) as caught:
                call()
            assert SECRET not in str(caught.value)
        assert door.requests[0].headers["authorization"]
    assert SECRET not in repr(nodes)
    assert SECRET not in caplog.text


def test_what_people_ask_and_what_is_put_is_in_no_log(address: Address, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cluster = open_cluster(address)
    put_releases(cluster.nodes, [release("amber", "is surveyed")])
    assert found(cluster.look(), "surveyed") == ["amber"]
    assert caplog.text
    assert "survey" not in caplog.text


def test_no_secret_is_in_a_setting_that_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_INDEX", f"https://press:{SECRET}@search.example")
    monkeypatch.setenv("ONRECORD_INDEX_PASSWORD", SECRET)
    settings = read_settings()
    assert SECRET not in repr(settings) and SECRET not in str(settings)
    monkeypatch.setenv("ONRECORD_INDEX", f"ftp://press:{SECRET}@search.example")
    with pytest.raises(OnrecordError, match="ONRECORD_INDEX cannot be used") as caught:
        read_settings()
    assert SECRET not in str(caught.value)


# What is refused of many


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that would have been made."""
    pauses: list[float] = []
    monkeypatch.setattr("opensearchpy.helpers.actions.time.sleep", pauses.append)
    return pauses


def test_what_a_busy_cluster_refuses_is_tried_again_and_only_that(address: Address, quick: list[float]) -> None:
    asked: list[list[str]] = []

    def busy_at_first(request: Request) -> Answer | None:
        if "_bulk" not in request.path:
            return None
        ids = [json.loads(line)["index"]["_id"] for line in request.body.splitlines()[::2]]
        asked.append(ids)
        # Of each request the first half is taken.
        items = [
            {"index": {"_id": one, "status": 201 if place <= len(ids) // 2 else 429}} for place, one in enumerate(ids)
        ]
        return Answer(body=json.dumps({"errors": True, "items": items}).encode())

    with front(busy_at_first, node=address.urls[0]) as door:
        nodes = reach(replace(address, urls=(door.url,)))
        bulk(nodes, ({"_op_type": "index", "_index": "x", "_id": str(one), "_source": {}} for one in range(6)))
    assert asked == [["0", "1", "2", "3", "4", "5"], ["4", "5"]]
    assert quick == [1]


@pytest.mark.parametrize(
    ("item", "kind", "words"),
    [
        ({"status": 429}, UnavailableError, "is busy: run it again in a while to go on"),
        ({"status": 503}, UnavailableError, "is busy"),
        ({"status": 403, "error": {"type": "cluster_block_exception"}}, OnrecordError, "its disks may be full"),
        ({"status": 400, "error": {"type": "mapper_parsing_exception"}}, OnrecordError, r"a release \(mapper_parsing_"),
        ({"status": 404, "error": {"type": "index_not_found_exception"}}, OnrecordError, "refuses a release"),
    ],
)
def test_what_is_refused_for_good_is_a_sentence(
    quick: list[float], item: dict[str, object], kind: type[OnrecordError], words: str
) -> None:
    said = json.dumps({"errors": True, "items": [{"index": {"_id": "1", **item}}]})
    with front(always(200, said)) as door, pytest.raises(kind, match=words):
        bulk(reach(Address((door.url,))), [{"_op_type": "index", "_index": "x", "_id": "1", "_source": {}}])
    assert len(quick) == (8 if item["status"] == 429 else 0)


def test_to_delete_what_is_not_there_is_no_error() -> None:
    said = json.dumps({"errors": True, "items": [{"delete": {"_id": "1", "status": 404, "result": "not_found"}}]})
    with front(always(200, said)) as door:
        bulk(reach(Address((door.url,))), [{"_op_type": "delete", "_index": "x", "_id": "1"}])
