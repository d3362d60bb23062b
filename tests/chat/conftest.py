"""Releases, quotes and replies made by hand, to show without asking anything."""

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from bot.model import Passage, Quote, Release, Reply, Sentence, Span

TEXT = (
    "Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board. "
    "The quay cost 12 million kronor.\n\nFerries sail to Gotland every Friday."
)


@pytest.fixture(scope="session")
def make_release() -> Callable[..., Release]:
    """A release about a harbour, or one with the text that is given."""

    def make(text: str = TEXT, **known: object) -> Release:
        about = {
            "id": "quay",
            "title": "Norrvik opens a third quay",
            "published": date(2024, 5, 14),
            "source": "Port of Norrvik",
        }
        return Release(text=text, **(about | known))  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def make_quote(make_release: Callable[..., Release]) -> Callable[..., Quote]:
    """The quote of `words` in a release, with the words that are its answer, those that matched and those before it."""

    def make(
        words: str,
        *,
        release: Release | None = None,
        answer: str = "",
        matched: str = "",
        before: str = "",
        score: float = 7.1,
    ) -> Quote:
        release = release or make_release()
        start = release.text.index(words)
        passage_start = release.text.rfind("\n\n", 0, start) + 2 if "\n\n" in release.text[:start] else 0
        passage_end = release.text.find("\n\n", start)
        passage_end = passage_end if passage_end >= 0 else len(release.text)

        def span(part: str) -> Span:
            return Span(words.index(part), words.index(part) + len(part))

        earlier = release.text.index(before)
        return Quote(
            release,
            start,
            start + len(words),
            Passage(release, passage_start, passage_end, ()),
            score,
            answer=span(answer) if answer else None,
            matched=tuple(span(word) for word in matched.split()),
            before=Sentence(release, earlier, earlier + len(before)) if before else None,
            features={"passage_bm25": 3.25, "overlap": 0.5, "heading": 0.0},
        )

    return make


@pytest.fixture(scope="session")
def mayor(make_quote: Callable[..., Quote]) -> Quote:
    """The quote that answers who chairs the harbour board."""
    return make_quote(
        "Ingrid Dahl, mayor of Norrvik, chairs the harbour board.", answer="Ingrid Dahl", matched="chairs harbour board"
    )


@pytest.fixture(scope="session")
def cost(make_quote: Callable[..., Quote]) -> Quote:
    """A quote that leans on the sentence before it."""
    return make_quote(
        "The quay cost 12 million kronor.",
        answer="12 million kronor",
        matched="quay",
        before="Norrvik opened a third quay on Tuesday.",
        score=4,
    )


@pytest.fixture(scope="session")
def ferries(make_quote: Callable[..., Quote]) -> Quote:
    """A quote with nothing marked in it."""
    return make_quote("Ferries sail to Gotland every Friday.", score=1)


@pytest.fixture(scope="session")
def reply(mayor: Quote, cost: Quote, ferries: Quote) -> Reply:
    """A reply with an answer, three quotes and a word that was mistyped."""
    return Reply("who chiars the harbour board?", (mayor, cost, ferries), 0.93, None, (("chiars", "chairs"),))


@pytest.fixture(scope="session")
def shown_on() -> Callable[..., str]:
    """What a call prints on a console: a terminal `width` columns wide, or a file when `width` is None."""

    def shown(show: Callable[[Console], None], width: int | None = 80, colour: bool = True) -> str:
        file = StringIO()
        environment = {"TERM": "xterm-256color", "COLORTERM": ""} | ({} if colour else {"NO_COLOR": "1"})
        console = Console(
            file=file, width=width, force_terminal=width is not None, markup=False, emoji=False, _environ=environment
        )
        show(console)
        return file.getvalue()

    return shown
