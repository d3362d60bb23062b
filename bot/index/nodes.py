"""The way to the nodes of a cluster: OpenSearch, or what speaks as it does."""

import logging
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from bot.index.address import Address
from bot.index.outage import Outage
from bot.model import OnrecordError, UnavailableError

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

READ_WITHIN = 3.0  # seconds for a call that reads, after which another node is asked
WRITE_WITHIN = 60.0  # the same for one that writes
LEAVE_ALONE = 5.0  # seconds for which a node that did not answer is not asked
AT_ONCE = 16  # calls to a node at the same time

RELEASES, PASSAGES, FACTS = "releases", "passages", "facts"


@dataclass(frozen=True, slots=True)
class Nodes:
    """An open way to a cluster, and the names of the indices of an archive there."""

    client: "OpenSearch"
    address: Address
    outage: Outage = field(default_factory=Outage)

    @property
    def releases(self) -> str:
        """The index of the releases."""
        return self.named(RELEASES)

    @property
    def passages(self) -> str:
        """The index of the terms of their passages."""
        return self.named(PASSAGES)

    @property
    def facts(self) -> str:
        """The index of what is known of the archive as a whole."""
        return self.named(FACTS)

    def named(self, kind: str) -> str:
        """The name by which an index is asked. It is an alias, so that another index can take its place."""
        return f"{self.address.name}-{kind}"


def reach(address: Address) -> Nodes:
    """A way to the cluster at an address; nothing is sent yet.

    A call that a node does not answer is put to another one. All calls may be made in any thread.

    Raises:
        OnrecordError: the file of certificates cannot be read.
    """
    from opensearchpy import OpenSearch

    # It writes a line with a traceback for each call that fails, and traces what is asked; what failed is told by who
    # called, and what people ask is in no log.
    for name in ("opensearch", "opensearchpy.trace"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if address.ca is not None and not address.ca.is_file():
        raise OnrecordError(f"There is no file {address.ca}: ONRECORD_INDEX_CA names the certificates to trust.")
    with _said(address):
        client = OpenSearch(
            [_host(url) for url in address.urls],
            timeout=READ_WITHIN,
            max_retries=max(1, len(address.urls) - 1),
            retry_on_timeout=True,
            dead_timeout=LEAVE_ALONE,
            timeout_cutoff=2,
            pool_maxsize=AT_ONCE,
            http_compress=False,
            **_door(address),
        )
    return Nodes(client, address)


@contextmanager
def asked(nodes: Nodes) -> Iterator[None]:
    """Turns what goes wrong with the calls of a cluster into a sentence. While calls wait in vain they are not sent, but one
    a second.

    Raises:
        UnavailableError: it does not answer, or cannot now.
        OnrecordError: it refuses the call, or there is no archive of this name.
    """
    if not nodes.outage.lets():
        raise _no_answer(nodes.address)
    answered, began = True, monotonic()
    try:
        with _said(nodes.address):
            yield
    except UnavailableError:
        answered = False
        raise
    finally:
        nodes.outage.ended(answered, monotonic() - began)


@contextmanager
def _said(address: Address) -> Iterator[None]:
    from opensearchpy import exceptions as wrong

    where = address.shown
    try:
        yield
    except wrong.SSLError as error:
        if "CERTIFICATE" not in str(error):
            raise OnrecordError(f"What answers at {where} does not speak https: check ONRECORD_INDEX.") from error
        raise OnrecordError(
            f"The certificate of {where} is not trusted: name the file of its authority in ONRECORD_INDEX_CA."
        ) from error
    except wrong.ConnectionError as error:  # a time that has run out is one, too
        raise _no_answer(address) from error
    except wrong.NotFoundError as error:
        if isinstance(error.info, dict):
            raise no_archive(address) from error
        raise _no_opensearch(address) from error
    except wrong.TransportError as error:
        raise _told(error, address) from error
    except (wrong.OpenSearchException, wrong.ImproperlyConfigured, ValueError, OSError) as error:
        raise _no_opensearch(address) from error
    except (LookupError, TypeError, AttributeError) as error:  # an answer in JSON, of another shape
        raise _no_opensearch(address) from error


def no_archive(address: Address) -> OnrecordError:
    """The error for a cluster without an archive of this name."""
    return OnrecordError(
        f"There is no archive {address.name} at {address.shown}: make it with onrecord index --to and its address."
    )


def made_anew(address: Address, why: str) -> OnrecordError:
    """The error for an archive in a cluster that cannot be used as it is."""
    return OnrecordError(
        f"The archive {address.name} at {address.shown} {why}: make it anew with onrecord index --rebuild --to."
    )


def _no_answer(address: Address) -> UnavailableError:
    return UnavailableError(
        f"The cluster at {address.shown} does not answer: check that it runs, and that ONRECORD_INDEX names it."
    )


def _no_opensearch(address: Address) -> OnrecordError:
    return OnrecordError(f"What answers at {address.shown} is no OpenSearch: check ONRECORD_INDEX.")


def _told(error: Any, address: Address) -> OnrecordError:
    where = address.shown
    if error.status_code in (401, 403) and "block" not in str(error.error):
        return OnrecordError(
            f"The cluster at {where} does not let Onrecord in: check ONRECORD_INDEX_USER and ONRECORD_INDEX_PASSWORD, or "
            "ONRECORD_INDEX_API_KEY."
        )
    if error.status_code in (429, 502, 503, 504):
        return UnavailableError(f"The cluster at {where} cannot answer now: try again in a moment.")
    if error.status_code == 403 or "disk usage exceeded" in str(error.info):
        return OnrecordError(f"The cluster at {where} may only be read now: its disks may be full.")
    if not isinstance(error.info, dict):
        return _no_opensearch(address)
    return OnrecordError(f"The cluster at {where} refuses what it is asked ({error.error}): is it another version's?")


def _host(url: str) -> Mapping[str, object]:
    """An address as the client wants it, without the user in it."""
    parts = urlsplit(url)
    host = {"host": parts.hostname, "port": parts.port or (443 if parts.scheme == "https" else 80)}
    return {**host, "use_ssl": parts.scheme == "https", "url_prefix": parts.path.strip("/")}


def _door(address: Address) -> dict[str, Any]:
    """What opens the door."""
    door: dict[str, Any] = {}
    if address.ca is not None:
        door["ca_certs"] = str(address.ca)
    first = urlsplit(address.urls[0])
    user, password = address.user or unquote(first.username or ""), address.password or unquote(first.password or "")
    if address.api_key is not None:
        door["headers"] = {"authorization": f"ApiKey {address.api_key}"}
    elif user:
        known = b64encode(f"{user}:{password}".encode()).decode("ascii")
        door["headers"] = {"authorization": f"Basic {known}"}
    return door
