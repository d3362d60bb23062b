"""A release is read once, and gives its passages, their terms and its words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.index.cutting import cut, words_of
from bot.model import Release
from bot.text.passages import LONGEST, split_passages
from bot.text.terms import terms, words

PIECES = st.sampled_from(
    [
        "The quay of Norrvik opens. ",
        "It cost $5m",
        " in the U.S.",
        "the end.The beginning",
        "\n",
        "\n\n",
        "A.B.",
        "- a",
        "海港。",
    ]
)


def released(text: str) -> Release:
    return Release("quay", text, "Norrvik’s 3 quays")


def test_the_words_are_those_of_the_title_and_of_the_text_without_numbers() -> None:
    assert cut(released("Work began in 2019.\n\nThe pier's next.")).words == "norrvik quays work began in the pier next"


@given(st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join))
@settings(derandomize=True, deadline=None)
def test_passages_and_words_of_any_text_are_those_of_the_text_itself(text: str) -> None:
    release = released(text)
    found = cut(release)
    assert [passage for passage, _ in found.passages] == split_passages(release)
    assert all(held == [term.term for term in terms(passage.text)] for passage, held in found.passages)
    read = words(f"{release.title}\n{text}")
    assert found.words == words_of(release) == " ".join(word.term for word in read if word.term.isalpha())


def test_words_are_whole_where_no_space_parts_two_passages() -> None:
    release = released("the long end.A.B. was here once, " * 50)
    assert len(release.text) > LONGEST
    assert cut(release).words == words_of(release)
