"""Names of releases: short, of letters that a Telegram deep link may hold, and unique."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

LONGEST_ID = 64  # the most that the start parameter of a Telegram deep link takes


def slug(words: str) -> str:
    """The words in `a-z0-9-_`, at most 64 characters; empty where nothing of them can be written so."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")


def valid_id(words: str) -> str:
    """An id as a writer gives it, with what a deep link cannot hold replaced; empty where nothing is left."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", words).strip("-")[:LONGEST_ID].strip("-")


def file_id(name: str) -> str:
    """The id of a file by its name alone."""
    return slug(Path(name).stem) or _digest(name)


def unique_ids(paths: Sequence[Path], taken: frozenset[str]) -> Mapping[Path, str]:
    """An id for each path, none twice and none of those `taken`.

    It is the file's stem; where files share one, each takes the names of the folders above, as many as it needs, then
    its extension, then a digest of its path.
    """
    ids = {path: slug(path.stem) or id_choices(path)[0] for path in paths}
    choices: dict[Path, list[str]] = {}  # of those that clash only: they take long to make
    rank = dict.fromkeys(paths, 0)
    while True:
        counts = Counter(ids.values())
        clashing = [path for path in paths if counts[ids[path]] > 1 or ids[path] in taken]
        choices |= {path: id_choices(path) for path in clashing if path not in choices}
        again = [path for path in clashing if rank[path] + 1 < len(choices[path])]
        if not again:
            return ids
        for path in again:
            rank[path] += 1
            ids[path] = choices[path][rank[path]]


def id_choices(path: Path) -> list[str]:
    """The ids that a file may have, the shortest first; the last is its own alone."""
    folders = [part for part in path.parent.parts if part != path.anchor]
    names = ["-".join([*folders[len(folders) - depth :], path.stem]) for depth in range(min(3, len(folders)) + 1)]
    names.append(f"{names[-1]}-{path.suffix.removeprefix('.')}")
    slugs = [slug(name) for name in names if slug(path.stem)]
    digest = _digest(str(path))
    return [*slugs, f"{slug(path.stem)[: LONGEST_ID - len(digest) - 1]}-{digest}".lstrip("-")]


def _digest(name: str) -> str:
    return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()
