"""A town's questions that `training` can learn from, and the containers that data and weights come in."""

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Write = Callable[..., Path]
Install = Callable[[str, Mapping[str, bytes]], None]

SENTENCES = (
    "ingrid dahl chairs the harbour board of norrvik.",
    "the board meets in the old customs house each month.",
    "the third quay was opened in 1998 by the king.",
    "the tunnel under the oster hill closes in june.",
    "nils berg leads the repairs of the tunnel.",
    "the repairs cost 3 million crowns this year.",
)
QUESTIONS = (
    ("who chairs the harbour board?", 0),
    ("where does the board meet?", 1),
    ("when was the third quay opened?", 2),
    ("who leads the repairs of the tunnel?", 4),
    ("how much did the repairs cost in 1998?", 5),
)
RELEASE = """\
NORRVIK OPENS A QUAY
The third quay was opened on March 3, 2006 by Governor Ingrid Dahl.
Senator Nils Berg introduced the tunnel bill in the Senate. The bill provides $3 million to the town of Norrvik.
The first meeting was held in Norrvik. It was long."""


def tar_of(texts: Mapping[str, str]) -> bytes:
    """An archive as the press releases come in."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:xz") as archive:
        for name, text in texts.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode("latin-1"))
            archive.addfile(member, io.BytesIO(text.encode("latin-1")))
    return target.getvalue()


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """An archive as weights come in."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()
