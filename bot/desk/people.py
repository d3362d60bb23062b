"""Who asked, without who it was: a keyed hash of a number, whose key is never in the log."""

import hmac
import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from bot.model import OnrecordError
from bot.reading.folders import show

NAME = "desk-salt"
_BYTES = 32


def person(salt: bytes, kind: str, number: int | str) -> str:
    """The name of somebody in the log: 128 bits in hexadecimal, by HMAC-SHA256.

    Args:
        salt: what `read_salt` or `salt_of` gives. Without it nobody can try all numbers to find whose hash it is.
        kind: where the number is from, such as `telegram`; the same number elsewhere is another person.
        number: the number, or the name, that they are known by there.
    """
    return hmac.new(salt, f"{kind} {number}".encode("utf-8", "surrogatepass"), sha256).hexdigest()[:32]


def read_salt(data: Path) -> bytes:
    """The key of the hashes in a data folder: random, made when there is none. Only its owner may read it.

    Whoever deletes the file makes all people of the log strangers.

    Raises:
        OnrecordError: it cannot be read or made.
    """
    path = data / NAME
    try:
        with suppress(FileNotFoundError):
            return _read(path)
        data.mkdir(parents=True, exist_ok=True)
        _make(path)
        return _read(path)
    except OSError as error:
        raise OnrecordError(f"Cannot use {show(path)}: {error.strerror or error}. Check the folder.") from error


def salt_of(token: str) -> bytes:
    """The key of the hashes where many machines share a log: made of the bot's token, which they all have and nobody
    else may, by HMAC-SHA256.

    With another token all people of the log are strangers.
    """
    return hmac.new(token.encode("utf-8", "surrogatepass"), b"onrecord desk salt", sha256).digest()


def _read(path: Path) -> bytes:
    salt = path.read_bytes()
    if len(salt) != _BYTES:
        raise OnrecordError(f"{show(path)} is damaged: bring it back from a copy, or delete it to count people anew.")
    return salt


def _make(path: Path) -> None:
    """Writes a salt aside and links it to its name, unless another process was first: nobody reads half a salt."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        os.unlink(aside)
