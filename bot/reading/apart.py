"""A file read in a process of its own: what its format's library stumbles on, or never ends with, ends there.

    python -m bot.reading.apart

reads one line of JSON and the bytes of a file from standard input, and writes one JSON object.
"""

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

from bot.model import OnrecordError
from bot.reading.draft import Draft, UnreadableError
from bot.reading.drafting import PLAIN, read_draft
from bot.reading.files import LARGEST_FILE
from bot.reading.formats import format_of

_log = logging.getLogger(__name__)

SECONDS = 20.0
"""The most time, from start to end, that reading a file may take."""

_MOST_MEMORY = 2 << 30
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")
_TOO_MUCH = "takes too long, or too much memory, to read: save it anew, or copy its text into a .txt file"


def read_apart(raw: bytes, name: str, url: str | None = None, charset: str | None = None) -> Draft:
    """What the bytes of a file say, as `read_draft` has it. Formats that need a library are read in another process.

    That process may take 20 seconds and 2 GB, writes no file, and knows no secret of this one. Blocks until it is done.

    Raises:
        UnreadableError: it cannot be read; the sentence goes without the name of the file.
        OnrecordError: the library for its format is not installed.
    """
    if len(raw) > LARGEST_FILE:
        raise UnreadableError(f"is larger than {LARGEST_FILE // 1_000_000} MB: split it")
    if not raw.strip() or format_of(raw, name) in PLAIN:
        return read_draft(raw, name, url, charset)
    head = json.dumps({"name": name, "url": url, "charset": charset})
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-X", "utf8", "-m", "bot.reading.apart"],
            input=head.encode() + b"\n" + raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries say there what is in the file
            env=environment(),
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(_TOO_MUCH) from error
    except OSError as error:
        raise OnrecordError("No process could be started to read the file in: close other programs.") from error
    return answered(ended.returncode, ended.stdout)


def environment() -> dict[str, str]:
    """What the process that reads may know of this one's environment: where the program is, and no more."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def answered(status: int, said: bytes) -> Draft:
    """The draft that the process has written, whose exit status is `status`.

    Raises:
        UnreadableError: the file cannot be read, or the process came to an end without an answer.
        OnrecordError: the library for its format is not installed.
    """
    try:
        answer = json.loads(said)
    except ValueError:
        answer = None
    if status or not isinstance(answer, dict):
        _log.warning("A process that read a file ended with status %d.", status)
        raise UnreadableError(_TOO_MUCH)
    if fault := answer.get("fault"):
        _log.warning("A file could not be read: %s", fault)
    if problem := answer.get("unreadable"):
        raise UnreadableError(problem)
    if problem := answer.get("problem"):
        raise OnrecordError(problem)
    return _draft(answer["draft"])


def _draft(fields: dict[str, Any]) -> Draft:
    published = fields["published"] and date.fromisoformat(fields["published"])
    return Draft(**{**fields, "published": published, "warnings": tuple(fields["warnings"])})


def _answer(asked: bytes) -> dict[str, Any]:
    head, _, raw = asked.partition(b"\n")
    try:
        draft = read_draft(raw, **json.loads(head))
    except UnreadableError as error:
        return {"unreadable": str(error), "fault": _place_of(error.__cause__)}
    except OnrecordError as error:
        return {"problem": str(error)}
    return {"draft": {**asdict(draft), "published": draft.published and draft.published.isoformat()}}


def _place_of(error: BaseException | None) -> str | None:
    """Where in the code an error came up, and its kind. Its words may be those of the file."""
    if error is None or error.__traceback__ is None or isinstance(error, OnrecordError):
        return None
    last = error.__traceback__
    while last.tb_next:
        last = last.tb_next
    return f"{type(error).__name__} in {last.tb_frame.f_globals.get('__name__')}, line {last.tb_lineno}"


def _limit() -> None:
    """Bounds what this process may use; where the system knows no bounds, time alone is."""
    try:
        import resource
    except ImportError:
        return
    for limited, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_CPU, int(SECONDS) + 5),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(limited, (most, most))


def main() -> None:
    """Answers the one question on standard input."""
    _limit()
    logging.disable()
    answer = json.dumps(_answer(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(answer.encode())


if __name__ == "__main__":
    main()
