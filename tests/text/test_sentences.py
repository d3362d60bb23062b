"""Sentences end where a reader says they end, and whatever the text, nothing but white space is lost."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import split_sentences

SHARED = Path(__file__).parents[2] / ".." / "shared"

# Texts in which "|" marks where one sentence ends and the next begins.
PLAIN = [
    "The plant opened in May.| It employs 300 people.",
    "Who runs it?| Nobody knows!| Ask again.",
    "The rate rose to 3.5 percent.| It was 2.75 percent in 2005.| Then it fell.",
    "See www.example.com/news.html for more.| Write to press@example.com today.",
    "It works.| iPhone sales rose.",
]
ABBREVIATIONS = [
    "Acme Co., Ltd. announced a plan.| It begins soon.",
    "The plant belongs to Acme Inc.| The firm bought it.",
    "Acme Inc. chief Jane Doe spoke.| So did Acme Corp. counsel John Roe.",
    "Sales in the U.S. Treasury market fell.| Sales grew in the U.S.| The reason is plain.",
    "It is the No. 1 project.| We asked, and he said no.| Then he left.",
    "Sen. Jane Doe, Rep. John Roe and Gov. Ann Poe met Dr. Loe and Mr. Noe.| They talked.",
    "Doors open at 9 a.m. Monday and close at 5 p.m.| The fair is free.",
    "Work on St. Mary's began on Jan. 5 and ended on Sept. 30.| We thank you.",
    "It has many uses, e.g. Taxis, i.e. Cars, trains vs. Buses, approx. 40 in all.| That is enough.",
    "She holds a Ph.D. from the school.| He holds none.",
    "They met in Washington, D.C.| They will meet again.",
]
INITIALS = [
    "J. K. Rowling wrote it.| George W. Bush read it.| W.H.S. Koerner and Ben E. King did not.",
    "We went on with Plan B.| The others followed.",
    "(It was said by J. Smith.)| He is ill.| Jane is not.",
    "It is rich in vitamin C.| The body needs it.",
]
QUOTATIONS = [
    "“We are ready,” he said.| “The work begins.”| She agreed.",
    '"We are ready," he said.| "The work begins."| She agreed.',
    '"Are you ready?" he asked.| "Stop!" Mayor Jane Doe said.| Nobody stopped.',
    "(It was late.)| Everybody left (at last).| The hall was empty.",
    "The town is old.[1]| Its walls are older.[citation needed]| They stand.",
]
INFORMAL = [
    "It rained.| we stayed in.| nobody minded?| i did.",
    "Well... maybe.| We waited...| Nothing came.",
    "Yahoo! said so.| Hooray!!!| We won.",
    "It is over.|The next one begins in May.",
    "Thank you.| ***| More news follows.",
]
TOKENISED = [
    "The attacks stopped .| The man said `` hello . ''| He left .",
    'He said " I am here . "| She went .',
    "Mr . Smith of the U.S . Senate spoke .| No . 3 won .",
]
OTHER_SCRIPTS = [
    "他说。|我们去！|好吗？|好。",
    "هل وصل؟| نعم.",
]


@pytest.mark.parametrize(
    "marked", [*PLAIN, *ABBREVIATIONS, *INITIALS, *QUOTATIONS, *INFORMAL, *TOKENISED, *OTHER_SCRIPTS]
)
def test_sentences_end_where_the_mark_stands(marked: str) -> None:
    text = marked.replace("|", "")
    assert [text[start:end] for start, end in split_sentences(text)] == [part.strip() for part in marked.split("|")]


def test_a_line_ends_its_sentence_whatever_it_ends_with() -> None:
    text = "A heading\n\nThe plan has parts:\n- one\n• Two. It is last\n1. Three of\r\nfour\n"
    expected = ["A heading", "The plan has parts:", "- one", "• Two.", "It is last", "1. Three of", "four"]
    assert [text[start:end] for start, end in split_sentences(text)] == expected


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\u2028 \x85"])
def test_white_space_holds_no_sentence(text: str) -> None:
    assert split_sentences(text) == []


PIECES = st.sampled_from(
    [
        *" \n\t.?!…,:;()[]\"'“”-*#_\u00a0\u2028",
        "\r\n",
        "...",
        ". . .",
        "Inc.",
        "U.S.",
        "No.",
        "the",
        "The",
        "J.",
        "5",
        "。",
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join)))
def test_spans_are_ordered_apart_and_lose_nothing_but_white_space(text: str) -> None:
    spans = split_sentences(text)
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize("unit", ['."', ". ", '. " a', "A. ", "A.B", "(", ".[a", "! ", ". " + "\t" * 200, '". '])
def test_long_runs_of_signs_are_survived(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    spans = split_sentences(text)
    assert sum(len(text[start:end].replace(" ", "")) for start, end in spans) > 0


def test_nltk_waits_until_an_abbreviation_needs_it() -> None:
    script = (
        "import sys; from bot.text.sentences import split_sentences;"
        "split_sentences('It rained. We stayed. Mr. Doe left! Why? 5 of us know.'); assert 'nltk' not in sys.modules;"
        "split_sentences('He works at Acme Inc. The firm is old.'); assert 'nltk' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])


def test_the_wire_release_reads_well() -> None:
    files = sorted((SHARED / "release").glob("*.txt"))
    if not files:
        pytest.skip("../shared/release is absent")
    text = files[0].read_text(encoding="utf-8")
    sentences = [text[start:end] for start, end in split_sentences(text)]
    assert len(sentences) == 16
    assert all(sentence.endswith(".") for sentence in sentences)
    assert any("No. 1 " in sentence for sentence in sentences)


def test_a_line_of_one_sentence_stays_whole() -> None:
    files = sorted((SHARED / "qa" / "open" / "wikiqa-dev" / "corpus").glob("*.txt"))
    if not files:
        pytest.skip("../shared/qa is absent")
    lines = [line for file in files for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    assert sum(len(split_sentences(line)) > 1 for line in lines) <= 5
