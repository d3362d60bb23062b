"""Where a cluster is, and how one comes in."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.model import OnrecordError


@dataclass(frozen=True, slots=True)
class Address:
    """The addresses of some of its nodes, the name of the archive there, and what opens the door.

    `ca` is a file of certificates to trust in place of those of the system. `shards` and `replicas` are for an archive that
    is made new.
    """

    urls: tuple[str, ...] = field(repr=False)  # a password may be in them
    name: str = "onrecord"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca: Path | None = None
    shards: int = 1
    replicas: int = 1

    @property
    def shown(self) -> str:
        """Its nodes as a person may read them: without a password."""
        return ", ".join(_shown(url) for url in self.urls)


def urls_in(words: str) -> tuple[str, ...]:
    """The addresses in a setting, which have commas between them.

    Raises:
        OnrecordError: there is none, or one of them is no address.
    """
    urls = tuple(part.strip() for part in words.split(",") if part.strip())
    if not urls or not all(map(_is_address, urls)):
        raise OnrecordError(
            "The address of a cluster is like https://search.example:9200, with a comma between several."
        )
    return urls


def is_cluster(words: str) -> bool:
    """Whether a setting names a cluster."""
    return words.startswith(("http://", "https://"))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is none
        return False


def _shown(url: str) -> str:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
