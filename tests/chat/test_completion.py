"""What Tab offers."""

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.completion import OFFERED, WALKED, complete
from bot.model import Release

WORDS = ["ferries", "ferry", "gotland", "o'hara", "quay", "x-ray", "éclair"]


def offered(line: str, releases: Sequence[Release] = ()) -> list[str]:
    """The lines that the completions make of a line."""
    return [line[: len(line) - len(replaced)] + text for replaced, text, _ in complete(line, WORDS, releases)]


def test_a_word_that_is_begun_is_completed_with_words_of_the_corpus() -> None:
    assert offered("when do ferr") == ["when do ferries", "when do ferry"]
    assert offered("when do ferry") == []
    assert offered("at (got") == ["at (gotland"]
    assert offered("who is o'h") == ["who is o'hara"]
    assert offered("an x-") == ["an x-ray"]
    assert offered("écl") == ["éclair"]


def test_what_is_typed_stays_as_it_is_typed() -> None:
    assert offered("Where is Got") == ["Where is Gotland"]
    assert offered("QU") == ["QUay"]


def test_without_a_beginning_nothing_is_offered() -> None:
    assert offered("") == offered("when ") == offered("zz") == []


def test_commands_are_offered_with_what_they_do() -> None:
    assert offered("/re") == ["/releases"]
    assert offered("/C") == ["/context"]
    assert len(offered("/")) == 10
    assert next(complete("/h", WORDS, ()))[2] == "this page"


def test_after_use_releases_are_offered_by_number_and_by_words_of_their_titles(
    make_release: Callable[..., Release],
) -> None:
    releases = tuple(make_release(title=title) for title in ["Harbour opens", "Tunnel\x1b[1m closes", "Harbour closes"])
    assert offered("/use ", releases) == ["/use 1", "/use 2", "/use 3"]
    assert offered("/use 2", releases) == ["/use 2"]
    assert offered("/use harb", releases) == ["/use 1", "/use 3"]
    assert [meaning for _, _, meaning in complete("/use Tun", WORDS, releases)] == [
        "Tunnel closes · 14 May 2024 · Port of Norrvik"
    ]
    assert offered("/use zz", releases) == offered("/context ", releases) == []


def test_in_a_large_corpus_only_numbers_are_looked_up(make_release: Callable[..., Release]) -> None:
    releases = [make_release(title=f"Title {number}") for number in range(1, WALKED + 2)]
    assert offered("/use 7", releases)[:12] == ["/use 7", *(f"/use {number}" for number in range(70, 80)), "/use 700"]
    assert offered("/use 2001", releases) == ["/use 2001"]
    assert offered("/use ", releases) == [f"/use {number}" for number in range(1, OFFERED + 1)]
    for typed in ("2002", "0", "titl", "²", "9" * 99):
        assert offered(f"/use {typed}", releases) == []


@given(st.integers(1, 3000))
def test_a_number_that_begins_is_completed_with_those_that_begin_so(typed: int) -> None:
    releases = (Release("id", "Text.", "Title"),) * (WALKED + 1)
    numbers = [str(number) for number in range(1, WALKED + 2) if str(number).startswith(str(typed))]
    assert offered(f"/use {typed}", releases) == [f"/use {number}" for number in numbers[:OFFERED]]


@given(st.text(), st.lists(st.text()))
def test_a_completion_only_ever_adds_to_a_question(line: str, words: list[str]) -> None:
    for replaced, text, _ in complete("q" + line, sorted(words), ()):
        assert line.endswith(replaced) or ("q" + line).endswith(replaced)
        assert text.startswith(replaced)
