"""What makes two releases the same, or one a new version of the other: their words, their pages, their names."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.model import Release
from bot.reading.draft import Draft
from bot.reading.ids import LONGEST_ID, slug

_LONGEST_NAME = LONGEST_ID - 4  # characters of a file's name: with a number after it, it is still an id
_ALIKE = 0.5  # share of the words of two texts that are in both
_RESERVED = re.compile(
    r"con|prn|aux|nul|com\d|lpt\d|readme", re.IGNORECASE
)  # no names of files on Windows, or not read
_NOT_THE_PAGE = re.compile(r"utm_\w+|fbclid|gclid|mc_cid|mc_eid")  # parameters that say only where a reader came from


def digest(text: str) -> bytes:
    """The same for two texts that differ in nothing but case, space and signs."""
    return hashlib.blake2b(" ".join(_words(text)).encode("utf-8", "surrogatepass"), digest_size=16).digest()


@lru_cache(maxsize=10_000)  # of those in memory; each is held by it
def digest_of(release: Release) -> bytes:
    """The `digest` of the text of a release."""
    return digest(release.text)


def are_alike(text: str, other: str) -> bool:
    """Whether most of the words of both texts are in both."""
    one, two = set(_words(text)), set(_words(other))
    return len(one & two) >= _ALIKE * len(one | two)


def untracked(url: str) -> str:
    """A URL without the parameters that say only where a reader came from, and without a fragment.

    Raises:
        ValueError: it is no URL.
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _NOT_THE_PAGE.fullmatch(pair[0])]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def page_of(url: str | None) -> str | None:
    """A URL as far as it tells pages apart; None for a whole site, which some pages give as their own address."""
    try:
        parts = urlsplit(untracked(url or ""))
    except ValueError:
        return url
    if not parts.query and not parts.path.strip("/"):
        return None
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def file_stem(draft: Draft) -> str:
    """The name of its file without the extension: the date and the title, in signs that every file system takes."""
    day = draft.published.isoformat() if draft.published else ""
    title = _shortened(slug(draft.title or "").replace("_", "-"), _LONGEST_NAME - len(day) - 1)
    if not title or (not day and _RESERVED.fullmatch(title)):
        named_by = hashlib.blake2b((draft.title or draft.text).encode("utf-8", "surrogatepass"), digest_size=4)
        title = f"release-{named_by.hexdigest()}"
    return f"{day}-{title}" if day else title


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _shortened(words: str, longest: int) -> str:
    """Words with hyphens between them, as many as there is room for."""
    if len(words) <= longest:
        return words.strip("-")
    whole = words[: longest + 1].rpartition("-")[0]
    return (whole if len(whole) > longest // 2 else words[:longest]).strip("-")
