"""The Markdown that keeps a release: what is read from it is what was to be kept."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.writing import settled, written
from bot.model import OnrecordError
from bot.reading.draft import Draft, UnreadableError
from bot.reading.files import read_draft

MARKUP = (
    "# no heading",
    "*stars* and _lines_ and `code` and ~~none~~",
    "[a link](http://a.example/b_c_d) and ![a picture](x.png)",
    "<b>bold</b> <script>alert(1)</script> <https://a.example>",
    "&amp; &nbsp; &#42; AT&T",
    "> no quotation",
    "- one\n- two\n- three",
    "1. one\n2. two",
    "7. seven\n9. nine",
    "1) one",
    "Contact:\nAne Olsen\nane@port.example",
    "Year | Boats\n--- | ---\n2021 | 40",
    "=== no underline",
    "~~~ no fence",
    "``` no fence",
    "title: no front matter",
    "a line that ends in \\",
    "snake_case and 2*3*4 and $x_1$",
    "+ plus",
    "• a bullet\n• another",
    "{{ template }} {% tag %} %s %(x)s {0}",
)


def again(draft: Draft) -> Draft:
    return read_draft(settled(draft)[1].encode(), "any.md")


def test_a_release_is_kept_as_markdown_that_anybody_can_read() -> None:
    draft = Draft(
        "The plant opens on Monday.\n\n- It has 40 lines.\n- It runs on wind.",
        title="Acme: a plant, at last",
        published=date(2026, 3, 1),
        source="Acme Corp.",
        place="SPRINGFIELD",
        url="https://acme.example/news?id=7",
    )
    assert written(draft) == (
        "---\n"
        "title: 'Acme: a plant, at last'\n"
        "published: 2026-03-01\n"
        "source: Acme Corp.\n"
        "place: SPRINGFIELD\n"
        "url: https://acme.example/news?id=7\n"
        "---\n\n"
        "The plant opens on Monday.\n\n- It has 40 lines.\n- It runs on wind.\n"
    )


@pytest.mark.parametrize("block", MARKUP)
def test_text_that_looks_like_markup_stays_text(block: str) -> None:
    draft = Draft(f"Before it there is a sentence.\n\n{block}\n\nAnd after it another.", title="T")
    assert read_draft(written(draft).encode(), "any.md").text == draft.text


def test_front_matter_in_a_text_is_text() -> None:
    text = "---\ntitle: Another\nid: taken\nurl: https://evil.example\n---\nThe mayor opened the port of Lindow today."
    draft = Draft(text, title="The port")
    kept = again(draft)
    assert (kept.title, kept.id, kept.url) == ("The port", None, None)
    assert "The mayor opened the port of Lindow today." in kept.text


def test_what_is_shown_is_what_is_read_even_where_a_second_reading_finds_another_dateline() -> None:
    draft = Draft("LONDON, May 3, 2020 -- PARIS, May 4, 2020 -- The bank has a new head.", title="A head")
    shown, source = settled(draft)
    assert read_draft(source.encode(), "any.md") == shown


def test_a_text_of_which_nothing_is_left_is_refused_with_a_sentence() -> None:
    with pytest.raises(OnrecordError, match="holds no text"):
        settled(Draft("FOR IMMEDIATE RELEASE", title="None"))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from((*MARKUP, "---", "===", "***", "###")),
            st.text(max_size=60),
            st.text("-*_#>+=|`~<&\\[]()1. \n:ab", max_size=40),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_was_read_is_read_again_from_the_file_that_keeps_it(blocks: list[str]) -> None:
    try:
        draft = read_draft("\n\n".join(blocks).encode("utf-8", "surrogatepass"), "any.txt")
    except UnreadableError:
        return
    try:
        shown, source = settled(draft)
    except OnrecordError:
        return
    kept = read_draft(source.encode(), "any.md")
    assert (kept.text, kept.title, kept.published, kept.source, kept.place, kept.url, kept.id) == (
        (shown.text, shown.title, shown.published, shown.source, shown.place, shown.url, shown.id)
    )
    assert kept.warnings == ()
