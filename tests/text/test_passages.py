"""Passages are the paragraphs, lists and headings of a release, and hold all of its sentences."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Passage, PassageKind, Release
from bot.text.passages import LONGEST, split_passages
from bot.text.sentences import split_sentences

BODY, HEADING, ABOUT, CONTACT = PassageKind.BODY, PassageKind.HEADING, PassageKind.ABOUT, PassageKind.CONTACT


def passages(text: str) -> list[Passage]:
    return split_passages(Release(id="a", text=text, title="A title"))


def kinds(text: str) -> list[tuple[PassageKind, str]]:
    return [(passage.kind, passage.text) for passage in passages(text)]


def test_a_paragraph_is_a_passage_and_knows_its_sentences() -> None:
    first, second = passages("It opened in May. It is large.\n\nIt has a garden.\n")
    assert [sentence.text for sentence in first.sentences] == ["It opened in May.", "It is large."]
    assert second.text == "It has a garden."
    assert second.sentences[0].release is second.release


def test_a_short_block_without_a_full_stop_is_a_heading_of_what_follows() -> None:
    assert kinds("Acme Opens a Plant\n\nIt is large.\n\nIn brief") == [
        (HEADING, "Acme Opens a Plant"),
        (BODY, "It is large."),
        (BODY, "In brief"),
    ]


def test_the_full_stop_of_an_abbreviation_ends_no_heading() -> None:
    assert kinds("A Statement by Acme Inc.\n\nWe are ready.")[0][0] is HEADING


def test_a_long_line_is_no_heading() -> None:
    assert kinds("word " * 40 + "\n\nIt is large.")[0][0] is BODY


def test_what_a_firm_says_of_itself_runs_to_the_next_heading() -> None:
    text = "The plant opened.\n\nAbout 300 people came.\n\nAbout Acme Corp.\n\nAcme makes things.\n\nIt is old.\n\nNotes\n\nEnd."
    assert [kind for kind, _ in kinds(text)] == [BODY, BODY, ABOUT, ABOUT, ABOUT, HEADING, BODY]


def test_an_about_heading_may_stand_before_its_text() -> None:
    assert [kind for kind, _ in kinds("It opened.\n\nAbout Acme: Acme makes things.\n\nIt is old.")] == [
        BODY,
        ABOUT,
        ABOUT,
    ]


def test_a_title_that_begins_with_about_is_a_title() -> None:
    assert [kind for kind, _ in kinds("About Time\n\nThe clock was mended.")] == [HEADING, BODY]


def test_contacts_are_marked_with_the_lines_that_belong_to_them() -> None:
    text = (
        "It opened.\n\nMedia Contact:\n\nJane Doe\n\njane@example.com\n\n"
        "For more information, please contact the mill.\n\nThe mill is old and it stands by the river.\n\n"
        "Contact: John Roe, 555/123-4567."
    )
    assert [kind for kind, _ in kinds(text)] == [BODY, CONTACT, CONTACT, CONTACT, CONTACT, BODY, CONTACT]


def test_a_contact_above_the_title_does_not_swallow_it() -> None:
    assert [kind for kind, _ in kinds("Contact: Jane Doe\n\nAcme Opens a Plant\n\nIt is large.")] == [
        CONTACT,
        HEADING,
        BODY,
    ]


def test_a_list_is_one_passage_with_the_line_that_introduces_it() -> None:
    text = "The plan has three parts:\n\n- A hall. It is large.\n\n• A yard\n* A wall\n\n1. A gate\n\nAll is paid for."
    listed, after = passages(text)
    assert [sentence.text for sentence in listed.sentences] == [
        "The plan has three parts:",
        "- A hall.",
        "It is large.",
        "• A yard",
        "* A wall",
        "1. A gate",
    ]
    assert after.text == "All is paid for."


def test_a_long_paragraph_is_shared_out_evenly_among_windows_of_whole_sentences() -> None:
    text = " ".join(f"This is sentence number {number} of a long paragraph." for number in range(60))
    windows = passages(text)
    assert len(windows) == 3
    assert all(len(window.text) <= LONGEST for window in windows)
    assert min(len(window.text) for window in windows) > LONGEST / 2
    assert [sentence.text for window in windows for sentence in window.sentences] == [
        text[start:end] for start, end in split_sentences(text)
    ]


def test_a_sentence_longer_than_a_passage_stays_whole() -> None:
    text = "It rained. " + "word " * 1000 + "end. It stopped."
    assert max(len(passage.text) for passage in passages(text)) > 5000
    assert [len(passage.sentences) for passage in passages(text)] == [1, 1, 1]


def test_white_space_has_no_passages() -> None:
    assert passages(" \n\n\t") == []


LINES = st.sampled_from(
    [
        "",
        " ",
        "- one",
        "1. two",
        "Parts:",
        "A Heading",
        "About Acme",
        "Contact:",
        "a@b.com",
        "It is. It was.",
        "long " * 300,
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(LINES, st.text(max_size=5))).map("\n".join)))
def test_passages_hold_every_sentence_once_and_in_order(text: str) -> None:
    found = passages(text)
    sentences = [sentence for passage in found for sentence in passage.sentences]
    assert [(sentence.start, sentence.end) for sentence in sentences] == split_sentences(text)
    position = 0
    for passage in found:
        assert position <= passage.start < passage.end
        assert not text[position : passage.start].strip()
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert len(passage.text) <= LONGEST or len(passage.sentences) == 1
        position = passage.end
    assert not text[position:].strip()
