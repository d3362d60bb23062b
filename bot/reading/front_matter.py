"""The lines between two `---` at the head of a file, in YAML: what the writer says of the release."""

import re
from datetime import date

from bot.reading.cleaning import clean_line
from bot.reading.dates import parse_date
from bot.reading.draft import Draft

_KEYS = ("id", "title", "published", "source", "place", "wire", "url")
_BLOCK = re.compile(r"\s*---[ ]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ ]*$\n?", re.DOTALL | re.MULTILINE)
_OPEN = re.compile(rf"\s*---[ ]*\n+(?=(?:{'|'.join(_KEYS)})[ ]*:)")
_KNOWN_LINES = re.compile(rf"(?:(?:{'|'.join(_KEYS)})[ ]*:.*(?:\n|\Z))+")
_LIKE_YAML = re.compile(r"\s*(?:#.*\n\s*)*[\w-]+[ ]*:(?:\s|$)")
_LONGEST = 1 << 16
_LONGEST_FIELD = 500


def read_front_matter(text: str) -> tuple[str, Draft]:
    """The text without its front matter, and a draft of what the front matter says (its `text` is empty).

    Keys that are not known are ignored, and so are values that are neither text, number nor date. Front matter that
    is broken is left out with a warning.
    """
    block = _BLOCK.match(text)
    if block is None or not _LIKE_YAML.match(block["yaml"]):
        opened = _OPEN.match(text)
        if opened is None:
            return text, Draft("")
        body = _KNOWN_LINES.sub("", text[opened.end() :], count=1)
        return body, Draft("", warnings=("has front matter that never ends: close it with a line of ---",))
    body = text[block.end() :]
    fields = _fields(block["yaml"])
    if fields is None:
        warning = "has front matter that is not YAML, left out: put a value that holds a colon in quotes"
        return body, Draft("", warnings=(warning,))
    published, warnings = _published(fields.get("published"))
    draft = Draft(
        "",
        title=fields.get("title"),
        id=fields.get("id"),
        published=published,
        source=fields.get("source"),
        place=fields.get("place"),
        wire=fields.get("wire"),
        url=fields.get("url"),
        warnings=warnings,
    )
    return body, draft


def _fields(source: str) -> dict[str, str] | None:
    """The known keys and their values, or None where the source is no mapping in YAML."""
    import yaml

    if len(source) > _LONGEST:
        return None
    try:
        # Every value as the text it is: YAML's own reading of dates, numbers and "no" can only lose or fail.
        # The base loader makes nothing but text, lists and mappings.
        loaded = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(loaded, dict):
        return None
    lines = {key: clean_line(value) for key in _KEYS if isinstance(value := loaded.get(key), str)}
    return {key: line[:_LONGEST_FIELD] for key, line in lines.items() if line}


def _published(value: str | None) -> tuple[date | None, tuple[str, ...]]:
    if value is None:
        return None, ()
    published = parse_date(value)
    if published is None:
        return None, ("has a date of publication that is not understood: write it as 2021-04-22",)
    return published, ()
