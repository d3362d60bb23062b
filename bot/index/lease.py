"""One program at a time brings an archive to one in a cluster."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import Any

from bot.index.nodes import WRITE_WITHIN, Nodes, asked
from bot.model import OnrecordError

LEASE = 60.0  # seconds after which one who writes and says nothing is taken for dead
WRITER = "writer"
"""The fact that says who writes, and until when."""


@contextmanager
def alone(nodes: Nodes) -> Iterator[Callable[[], None]]:
    """Nobody else moves an archive to this one meanwhile. What is given says from time to time that this program is at
    work yet; one that says nothing for a minute is taken for dead.

    Raises:
        OnrecordError: another program does, or does by now.
    """
    from opensearchpy.exceptions import ConflictError, NotFoundError

    facts, me = nodes.facts, token_hex(8)
    busy = OnrecordError(
        f"Another onrecord writes to the archive {nodes.address.name} at {nodes.address.shown}, or was killed in the last "
        "minute: try again when it is done."
    )

    def say(where: dict[str, Any]) -> dict[str, Any]:
        """Writes that this program is at work, where nobody wrote since; gives where it is written."""
        lease = {"by": me, "until": time.time() + LEASE}
        with asked(nodes):
            try:
                said = nodes.client.index(
                    index=facts, id=WRITER, body=lease, request_timeout=WRITE_WITHIN, params=where
                )
            except ConflictError as error:
                # A node that answered too late has written it all the same, and it was sent again.
                said = nodes.client.get(index=facts, id=WRITER)
                if said["_source"]["by"] != me:
                    raise busy from error
            return _place(said)

    with asked(nodes):
        try:
            found = nodes.client.get(index=facts, id=WRITER)
        except NotFoundError:
            found = None
    if found and found["_source"]["until"] > time.time():
        raise busy
    written = say(_place(found) if found else {"op_type": "create"})

    def still_here() -> None:
        nonlocal written
        written = say(written)

    try:
        yield still_here
    finally:
        with suppress(Exception):  # it lapses by itself
            nodes.client.delete(index=facts, id=WRITER, request_timeout=WRITE_WITHIN, params=written)


def _place(said: dict[str, Any]) -> dict[str, Any]:
    return {"if_seq_no": said["_seq_no"], "if_primary_term": said["_primary_term"]}
