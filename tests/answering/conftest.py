"""Corpora to ask: the release that ships, and small ones made up for a test."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.answering.encoder import open_encoder
from bot.answering.opening import open_to_ask
from bot.index.corpus import Corpus, build_corpus
from bot.model import Release
from bot.reading.files import read_corpus

AUTO = open_encoder("auto")
HARBOUR = (
    "Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board. "
    "The quay cost 12 million euros. It can take ships of up to 300 metres.\n\n"
    "Ferries sail to Gotland every Friday. About 40,000 people travelled on them in 2023."
)
TUNNEL = (
    "The tunnel under the Oster hill closes for repairs on June 2. Nils Berg, director of the Roads Office, leads the "
    "repairs. They will take three weeks, because the walls are wet."
)


@pytest.fixture(scope="session")
def shipped() -> Corpus:
    """The corpus that comes with Onrecord."""
    return build_corpus(read_corpus([Path(__file__).parents[2] / "corpus"]).releases)


@pytest.fixture(scope="session")
def shipped_with_meaning(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The same as people have it who installed the extra `semantic`."""
    if AUTO.encoder is None:
        pytest.skip(f"no encoder here: {AUTO.note}")
    corpus, _ = open_to_ask([Path(__file__).parents[2] / "corpus"], tmp_path_factory.mktemp("data"), "auto")
    return corpus


@pytest.fixture(scope="session")
def harbour() -> Release:
    return Release("harbour", HARBOUR, "Norrvik opens a third quay", date(2024, 5, 14), "Port of Norrvik")


@pytest.fixture(scope="session")
def tunnel() -> Release:
    return Release("tunnel", TUNNEL, "Tunnel under the Oster hill closes", date(2024, 6, 1), "Roads Office")


@pytest.fixture(scope="session")
def coast(harbour: Release, tunnel: Release) -> Corpus:
    """A corpus of two releases."""
    return build_corpus([harbour, tunnel])


@pytest.fixture(scope="session")
def corpus_of() -> Callable[..., Corpus]:
    """A corpus of releases with these texts."""

    def make(*texts: str) -> Corpus:
        return build_corpus(Release(str(number), text, f"Title {number}") for number, text in enumerate(texts, 1))

    return make
