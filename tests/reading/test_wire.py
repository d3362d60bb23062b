"""What only parts or ends a text goes, and what is tidy stays as it is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.wire import drop_end_marks, tidy

MARK_LINE = re.compile(
    r" *(?:#{2,}|#(?: #)+|[-–—]+ ?(?:30|0) ?[-–—]+|[-–—]+ ?(?i:ends?) ?[-–—]+|ENDS|\*{3,}|\*(?: \*)+|_{3,}|={3,}|-{3,}) *"
)
TRAILING = re.compile(r"""(?<=[.!?"'”’)]) +(?:#{3,}|#(?: #)+|[-–—]30[-–—]) *$""")


@pytest.mark.parametrize(
    "mark", ["###", "# # #", "-30-", "— 30 —", "-END-", "ENDS", "* * *", "***", "____", "======", "---"]
)
def test_a_line_that_only_ends_the_story_is_left_blank(mark: str) -> None:
    assert drop_end_marks(mark) == ""
    assert drop_end_marks(f"The quay opens.\n{mark}\n  {mark} \nAbout") == "The quay opens.\n\n\nAbout"


@pytest.mark.parametrize("mark", ["###", "# # #", "-30-", "–30–"])
def test_a_mark_behind_the_last_sentence_goes(mark: str) -> None:
    assert drop_end_marks(f"The quay opens. {mark} ") == "The quay opens."
    assert drop_end_marks(f"The quay opens {mark}") == f"The quay opens {mark}"


MARKED = st.lists(
    st.sampled_from(["###", "#", " ", "30", "-", "–", "*", "ENDS", "end", "0", "\n", ".", "quay", "=", "_"])
)


@given(MARKED.map("".join))
@settings(derandomize=True, deadline=None)
def test_marks_are_those_lines_and_nothing_else(text: str) -> None:
    lines = ("" if MARK_LINE.fullmatch(line) else TRAILING.sub("", line) for line in text.split("\n"))
    assert drop_end_marks(text) == "\n".join(lines)


@given(st.lists(st.sampled_from(["quay", " ", "\n", "\t", "\r", "\x1f", "\u00a0", "\u2028", "é", "–"])).map("".join))
@settings(derandomize=True, deadline=None)
def test_a_tidy_text_has_single_spaces_and_single_blank_lines(text: str) -> None:
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    assert tidy(text) == re.sub(r"\n{3,}", "\n\n", lines).strip()
    assert tidy(tidy(text)) == tidy(text)
