"""Files of questions: one JSON object a line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.model import OnrecordError

Row = TypeVar("Row")


def read_rows(path: Path, read: Callable[[Any], Row], wanted: str) -> list[Row]:
    """What `read` makes of each line of a file; empty lines are left out.

    `read` gets the value that a line holds and raises `ValueError` where it is not of the form, which is `wanted`:
    words that go on after "is not a".

    Raises:
        OnrecordError: the file is not in UTF-8, or a line is not of the form; it names the file and the line.
        OSError: the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise OnrecordError(f"Cannot read {path}: save it as UTF-8.") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(read(json.loads(line)))
        except (ValueError, RecursionError) as error:
            raise OnrecordError(f"{path}, line {number}, is not a {wanted}.") from error
    return rows
