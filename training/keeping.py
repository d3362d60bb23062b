"""What a run has done, kept in files, so that it is not done again."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def digest(value: object) -> str:
    """Twelve hexadecimal digits that stand for a value of JSON: what was made of another value has another name."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]


def kept(path: Path, make: Callable[[], T]) -> T:
    """The value of JSON in a file; where there is none, it is made and written."""
    if not path.is_file():
        keep(path, make())
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def read_kept(path: Path) -> dict[str, Any]:
    """The object of JSON in a file; an empty one where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def keep(path: Path, value: object, indent: int | None = None) -> None:
    """Writes a value as JSON. Whoever is interrupted leaves what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, indent=indent) + "\n", encoding="utf-8")
    part.replace(path)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
