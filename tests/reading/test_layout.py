"""Lines as they were typed become one line a paragraph, list item or heading."""

from hypothesis import given
from hypothesis import strategies as st

from bot.reading.layout import join_lines, lay_out, part_furniture

WRAPPED = """\
The harbour of Lindow was opened on Monday by the mayor of the town, who
spoke of a long-awaited day. It has room for forty boats, a crane and a
state-of-the-
art workshop, said Dr.
Olsen.

    The second paragraph begins with an indent and goes on for more than
one line, as paragraphs of letters do.
    So does the third, and it is also longer than one line so that it has
to be wrapped.

- The first item is long enough to be wrapped at the width of the letter
  and goes on below its mark.
- The second is short.

Contact:
Ane Olsen
Port of Lindow
+47 555 0100
ane@port.example
"""


def test_wrapped_lines_are_joined() -> None:
    assert lay_out(WRAPPED).split("\n\n") == [
        (
            "The harbour of Lindow was opened on Monday by the mayor of the town, who spoke of a long-awaited day. "
            "It has room for forty boats, a crane and a state-of-the-art workshop, said Dr. Olsen."
        ),
        "The second paragraph begins with an indent and goes on for more than one line, as paragraphs of letters do.",
        "So does the third, and it is also longer than one line so that it has to be wrapped.",
        (
            "- The first item is long enough to be wrapped at the width of the letter and goes on below its mark.\n"
            "- The second is short."
        ),
        "Contact:\nAne Olsen\nPort of Lindow\n+47 555 0100\nane@port.example",
    ]


def test_paragraphs_of_one_line_stay_as_they_are() -> None:
    text = "One long paragraph. " * 20 + "\n\n" + "Another one. " * 30
    assert lay_out(text) == "\n\n".join(part.strip() for part in text.split("\n\n"))


def test_a_paragraph_a_line_is_parted_by_blank_lines() -> None:
    lines = [
        "PORT OF LINDOW OPENS",
        "The port was opened on Monday. The mayor cut the ribbon, and forty boats came in.",
        '"We have waited for it. It is a good port," said the mayor, who has a boat of his own.',
        "The crane lifts ten tonnes. It was built in 1990 and came from another town.",
    ]
    assert lay_out("\n   ".join(lines)) == "\n\n".join(lines)


def test_a_sentence_a_line_keeps_its_lines_in_one_paragraph() -> None:
    lines = [
        "Lindow is a town on the coast.",
        "It had 4,000 inhabitants in 2020, most of whom lived from fishing and from the trade in timber.",
        "The port was opened in 1901.",
        "Its mayor is elected every four years by all those who have lived in the town for a year.",
        "i",
    ]
    assert lay_out("\n".join(lines)) == "\n".join(lines)


def test_a_word_like_the_mark_of_an_item_does_not_break_a_sentence() -> None:
    text = (
        "The cost of the crane of the port of Lindow grows with the length of\n"
        "its arm, with the weight of the boats, and with a number that we call\n"
        "n. It is never less than the weight."
    )
    assert lay_out(text) == text.replace("\n", " ")


def test_chinese_lines_are_joined_without_a_space() -> None:
    assert join_lines(["无锡是一座", "城市"]) == "无锡是一座城市"


def test_a_hyphen_stays_and_a_dash_keeps_its_space() -> None:
    assert join_lines(["long-", "term"]) == "long-term"
    assert join_lines(["high-", "and low-pressure"]) == "high- and low-pressure"
    assert join_lines(["in 2019-", "2020"]) == "in 2019- 2020"
    assert join_lines(["a port --", "the first"]) == "a port -- the first"


def test_furniture_has_a_block_of_its_own() -> None:
    text = "The port is open.\nAbout the Port of Lindow\nIt has a crane.\nMedia Contact: Ane Olsen\n+47 555 0100"
    assert part_furniture(text).split("\n\n") == [
        "The port is open.",
        "About the Port of Lindow\nIt has a crane.",
        "Media Contact: Ane Olsen\n+47 555 0100",
    ]
    assert part_furniture("He spoke\nAbout 50 people came.") == "He spoke\nAbout 50 people came."


LINES = st.lists(st.text(st.sampled_from('ab AB.,-–"1•*:') | st.characters(codec="utf-8"), max_size=60), max_size=25)


@given(LINES.map("\n".join))
def test_nothing_is_lost_but_white_space(text: str) -> None:
    assert "".join(lay_out(text).split()) == "".join(text.split())


@given(LINES.map("\n".join))
def test_paragraphs_are_apart_by_one_blank_line(text: str) -> None:
    laid = lay_out(text)
    assert laid == laid.strip("\n")
    assert "\n\n\n" not in laid


def test_a_gap_of_thirty_spaces_is_a_line_end() -> None:
    assert lay_out(f"One.{' ' * 29}Two.{' ' * 30}Three.{' ' * 64}Four.") == "One. Two.\nThree.\nFour."
    assert lay_out(f"{' ' * 40}One.\n{' ' * 40}\nTwo.{' ' * 40}") == "One.\n\nTwo."
