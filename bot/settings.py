"""Every environment variable that Onrecord reads, in one place. `.env.example` shows them all."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.model import OnrecordError

if TYPE_CHECKING:
    from bot.index.address import Address


class Settings(BaseSettings):
    """The settings, from the environment and from a file `.env` in the current folder; the environment wins."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    corpus: Annotated[tuple[Path, ...], NoDecode] = Field(default=(), validation_alias="ONRECORD_CORPUS")
    data: Path = Field(default_factory=lambda: user_data_path("onrecord"), validation_alias="ONRECORD_DATA")
    index: str = Field(  # a password may be in an address
        default="auto", validation_alias="ONRECORD_INDEX", pattern=r"^(auto|memory|disk|https?://\S+)$", repr=False
    )
    index_name: str = Field(
        default="onrecord", validation_alias="ONRECORD_INDEX_NAME", pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$"
    )
    index_user: str | None = Field(default=None, validation_alias="ONRECORD_INDEX_USER")
    index_password: SecretStr | None = Field(default=None, validation_alias="ONRECORD_INDEX_PASSWORD")
    index_api_key: SecretStr | None = Field(default=None, validation_alias="ONRECORD_INDEX_API_KEY")
    index_ca: Path | None = Field(default=None, validation_alias="ONRECORD_INDEX_CA")
    index_shards: int = Field(default=1, ge=1, le=1_024, validation_alias="ONRECORD_INDEX_SHARDS")
    index_replicas: int = Field(default=1, ge=0, le=20, validation_alias="ONRECORD_INDEX_REPLICAS")
    database: SecretStr | None = Field(default=None, validation_alias="ONRECORD_DATABASE")
    encoder: str = Field(default="auto", validation_alias="ONRECORD_ENCODER")
    retention_days: int = Field(default=90, ge=0, le=36_500, validation_alias="ONRECORD_RETENTION_DAYS")
    private_urls: bool = Field(default=False, validation_alias="ONRECORD_PRIVATE_URLS")
    telegram_token: SecretStr | None = Field(default=None, validation_alias="TELEGRAM_BOT_TOKEN")
    telegram_api_url: str = Field(default="https://api.telegram.org", validation_alias="TELEGRAM_API_URL")
    telegram_admins: Annotated[tuple[int, ...], NoDecode] = Field(default=(), validation_alias="TELEGRAM_ADMINS")
    telegram_webhook_url: str | None = Field(default=None, validation_alias="TELEGRAM_WEBHOOK_URL")
    telegram_webhook_secret: SecretStr | None = Field(default=None, validation_alias="TELEGRAM_WEBHOOK_SECRET")
    telegram_webhook_listen: str = Field(default="127.0.0.1:8443", validation_alias="TELEGRAM_WEBHOOK_LISTEN")

    @field_validator("corpus", mode="before")
    @classmethod
    def _folders(cls, value: object) -> object:
        """Several folders stand as in PATH: with `:` between them, `;` on Windows."""
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("telegram_admins", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        """Several ids stand with a comma between them."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def read_settings() -> Settings:
    """The settings as they are now.

    Raises:
        OnrecordError: a variable has a value that cannot be used; its value is not repeated, it may be a secret.
    """
    try:
        return Settings()
    except (ValidationError, UnicodeDecodeError) as error:
        names = (
            ", ".join(str(part["loc"][0]) for part in error.errors()) if isinstance(error, ValidationError) else ".env"
        )
        raise OnrecordError(f"The setting {names} cannot be used: see .env.example for its form.") from error


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked: the archive in a `cluster`, an `archive` under the data folder, or `folders`; what is added goes to
    the first of `own_folders`."""

    settings: Settings
    folders: tuple[Path, ...]
    own_folders: tuple[Path, ...]
    data: Path
    archive: bool
    cluster: "Address | None" = None

    def size_note(self) -> str | None:
        """A sentence for who opens many releases in memory, or None where they are few enough.

        Raises:
            OnrecordError: they are too many, or one of the folders is an archive of files.
        """
        from bot.index.choosing import size_note

        return size_note(self.folders, self.settings.index)


def choose(named: tuple[Path, ...], data: Path | None, settings: Settings) -> Chosen:
    """What is asked, where these folders and this data folder are named, if any.

    Raises:
        OnrecordError: the settings want an archive, and there is none of what was named.
    """
    from bot.index.address import is_cluster
    from bot.index.choosing import asks_archive

    data, own = data or settings.data, library_folders(named, settings)
    if is_cluster(settings.index):
        cluster = None if named else address_at(settings.index, settings)
        return Chosen(settings, corpus_folders(named, settings), own, data, archive=False, cluster=cluster)
    archive = asks_archive(named or settings.corpus, data, settings.index)
    return Chosen(settings, corpus_folders(named, settings), own, data, archive)


def address_at(urls: str, settings: Settings) -> "Address":
    """Where the cluster with these addresses is, and how one comes in.

    Raises:
        OnrecordError: they are no addresses.
    """
    from bot.index.address import Address, urls_in

    secrets = (settings.index_password, settings.index_api_key)
    password, api_key = (secret.get_secret_value() if secret else None for secret in secrets)
    return Address(
        urls_in(urls),
        settings.index_name,
        settings.index_user,
        password,
        api_key,
        settings.index_ca,
        settings.index_shards,
        settings.index_replicas,
    )


def corpus_folders(named: tuple[Path, ...], settings: Settings) -> tuple[Path, ...]:
    """The folders to read: those named, else those of the environment, else `./corpus`, else the one that ships."""
    if named or settings.corpus:
        return named or settings.corpus
    here = Path("corpus")
    return (here,) if here.is_dir() else (_shipped_corpus(),)


def library_folders(named: tuple[Path, ...], settings: Settings) -> tuple[Path, ...]:
    """The folders that releases are added to (the first), listed and removed from: as `corpus_folders`, but what ships
    is nobody's to change, and `./corpus` is taken for it, whether it is there or not."""
    return named or settings.corpus or (Path("corpus"),)


def _shipped_corpus() -> Path:
    package = Path(__file__).parent
    inside = package / "corpus"
    return inside if inside.is_dir() else package.parent / "corpus"
