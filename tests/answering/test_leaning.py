"""A sentence that speaks of something in the one before it is not quoted alone."""

import pytest

from bot.answering.leaning import leans


@pytest.mark.parametrize(
    "sentence",
    [
        "It cost 12 million euros.",
        "They will take three weeks.",
        "“He is right,” said Nils Berg.",
        "The target is 250 in 2025.",
        "The company was founded in 1990.",
        "However, the quay is open.",
        "This is a start.",
        "Its walls are wet.",
    ],
)
def test_what_leans(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Norrvik opened a third quay.",
        "Italy sends ships.",
        "The harbour board met.",
        "The companies met.",
        "Ships and it.",
        "Heavy rain fell.",
        "",
    ],
)
def test_what_stands_by_itself(sentence: str) -> None:
    assert not leans(sentence)
