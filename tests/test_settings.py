"""The environment, and a file `.env` beside it."""

import os
from pathlib import Path

import pytest

from bot.index.address import Address
from bot.model import OnrecordError
from bot.settings import choose, corpus_folders, read_settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without settings, in a folder without `.env`."""
    for name in os.environ:
        if name.startswith(("ONRECORD_", "TELEGRAM_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default() -> None:
    settings = read_settings()
    assert settings.corpus == ()
    assert settings.data.name == "onrecord"
    assert settings.data.is_absolute()
    assert (settings.encoder, settings.index) == ("auto", "auto")


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_CORPUS", os.pathsep.join(["a", "", "b c"]))
    monkeypatch.setenv("ONRECORD_DATA", "kept")
    monkeypatch.setenv("ONRECORD_ENCODER", "off")
    monkeypatch.setenv("ONRECORD_INDEX", "disk")
    monkeypatch.setenv("ONRECORD_RETENTION_DAYS", "7")
    monkeypatch.setenv("ONRECORD_PRIVATE_URLS", "1")
    assert (read_settings().corpus, read_settings().data) == ((Path("a"), Path("b c")), Path("kept"))
    assert (read_settings().encoder, read_settings().index) == ("off", "disk")
    assert (read_settings().retention_days, read_settings().private_urls) == (7, True)


def test_an_empty_variable_is_as_if_it_were_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_CORPUS", "")
    monkeypatch.setenv("ONRECORD_DATA", "")
    assert (read_settings().corpus, read_settings().data.name) == ((), "onrecord")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("ONRECORD_CORPUS=file\nONRECORD_DATA=file\nELSE=1\n", encoding="utf-8")
    monkeypatch.setenv("ONRECORD_DATA", "environment")
    assert (read_settings().corpus, read_settings().data) == ((Path("file"),), Path("environment"))


def test_a_value_that_cannot_be_used_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_ADMINS", "123,hunter2")
    with pytest.raises(OnrecordError, match="TELEGRAM_ADMINS") as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


def test_an_engine_that_there_is_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_INDEX", "elsewhere")
    with pytest.raises(OnrecordError, match=r"ONRECORD_INDEX cannot be used: see \.env\.example"):
        read_settings()


def test_a_cluster_is_an_engine_and_what_opens_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    assert (settings.index_name, settings.index_user, settings.index_password, settings.index_ca) == (
        ("onrecord", None, None, None)
    )
    assert (settings.index_shards, settings.index_replicas) == (1, 1)
    told = {"NAME": "press", "USER": "me", "PASSWORD": "hunter2", "CA": "ca.pem", "SHARDS": "6", "REPLICAS": "0"}
    for name, value in told.items():
        monkeypatch.setenv(f"ONRECORD_INDEX_{name}", value)
    monkeypatch.setenv("ONRECORD_INDEX", "https://a:9200, https://b:9200".replace(" ", ""))
    cluster = choose((), None, read_settings()).cluster
    assert cluster == Address(
        ("https://a:9200", "https://b:9200"), "press", "me", "hunter2", None, Path("ca.pem"), shards=6, replicas=0
    )
    assert choose((Path("named"),), None, read_settings()).cluster is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INDEX", "https://a b"),
        ("INDEX", "ftp://search.example"),
        ("INDEX_NAME", "Press"),
        ("INDEX_NAME", "_press"),
        ("INDEX_NAME", "a/b"),
        ("INDEX_SHARDS", "0"),
        ("INDEX_REPLICAS", "-1"),
    ],
)
def test_what_a_cluster_cannot_be_asked_with_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ONRECORD_{name}", value)
    with pytest.raises(OnrecordError, match=f"ONRECORD_{name} cannot be used: see"):
        read_settings()


def test_a_file_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes(b"ONRECORD_DATA=\xff\xfe\n")
    with pytest.raises(OnrecordError, match=r"\.env"):
        read_settings()


def test_what_is_named_wins_over_the_environment_and_that_over_the_folder_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("corpus").mkdir()
    assert corpus_folders((), read_settings()) == (Path("corpus"),)
    monkeypatch.setenv("ONRECORD_CORPUS", "environment")
    assert corpus_folders((), read_settings()) == (Path("environment"),)
    assert corpus_folders((Path("named"),), read_settings()) == (Path("named"),)


def test_without_any_it_is_the_release_that_ships() -> None:
    (folder,) = corpus_folders((), read_settings())
    assert list(folder.glob("*.md"))


def test_the_example_shows_every_variable_and_sets_none() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = {line[1:].partition("=")[0] for line in lines if line.startswith("#") and "=" in line}
    assert {str(field.validation_alias) for field in type(read_settings()).model_fields.values()} <= shown
    assert all(line.startswith("#") for line in lines if line)
