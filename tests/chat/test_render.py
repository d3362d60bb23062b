"""What a reply looks like on a terminal and in a file."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.chat.commands import COMMANDS
from bot.chat.language import speaking
from bot.chat.parts import Context, Help, Hint, Listing, Nearest, Note, Quotes, Reasons
from bot.chat.render import show, show_reply
from bot.model import Passage, Quote, Refusal, Release, Reply, Span

Shown = Callable[..., str]
STYLE = re.compile(r"\x1b\[[\d;]*m")
SOURCE = "— Norrvik opens a third quay · 14 May 2024 · Port of Norrvik"
NOT_ON_RECORD = "Not on the record: the releases do not say."


def styled(words: str, codes: str) -> str:
    return f"\x1b[{codes}m{words}\x1b[0m"


def words_of(shown: str) -> str:
    return " ".join(STYLE.sub("", shown).split())


# A file or a pipe


def test_in_a_file_a_quote_is_one_line_and_its_source_the_next(reply: Reply, shown_on: Shown) -> None:
    assert shown_on(lambda console: show_reply(reply, console), width=None).splitlines() == [
        "“Ingrid Dahl, mayor of Norrvik, chairs the harbour board.”",
        SOURCE,
        "I read «chiars» as «chairs».",
    ]


def test_in_a_file_a_long_quote_is_not_wrapped(make_release: Callable[..., Release], shown_on: Shown) -> None:
    release = make_release("very long words " * 500)
    quote = Quote(release, 0, len(release.text), Passage(release, 0, len(release.text), ()), 1.0)
    assert shown_on(lambda console: show_reply(Reply("q", (quote,)), console), width=None).count("\n") == 2


def test_the_sentence_that_a_quote_leans_on_stands_before_it(reply: Reply, shown_on: Shown) -> None:
    shown = shown_on(lambda console: show_reply(reply, console, first=1), width=None)
    assert shown.splitlines()[0] == "Norrvik opened a third quay on Tuesday. “The quay cost 12 million kronor.”"


def test_explained_in_a_file_each_quote_has_a_line_of_reasons(reply: Reply, shown_on: Shown) -> None:
    shown = shown_on(lambda console: show_reply(reply, console, count=3, explain=True), width=None).splitlines()
    assert shown[2] == "score=7.1 matched=chairs,harbour,board passage_bm25=3.25 overlap=0.5 heading=0"
    assert shown[8].startswith("score=1 matched=- ")


def test_hints_are_for_people_only(shown_on: Shown) -> None:
    assert shown_on(lambda console: show(Hint("2 more: /more"), console), width=None) == ""


# A terminal


def test_on_a_terminal_matched_words_and_the_answer_are_marked(reply: Reply, shown_on: Shown) -> None:
    shown = shown_on(lambda console: show_reply(reply, console))
    assert styled("Ingrid Dahl", "1;4;32") in shown
    assert styled("harbour", "1") in shown
    assert words_of(shown) == (
        f"“Ingrid Dahl, mayor of Norrvik, chairs the harbour board.” {SOURCE} · 93% sure I read «chiars» as «chairs»."
    )


def test_without_colour_the_answer_still_differs_from_the_matched_words(reply: Reply, shown_on: Shown) -> None:
    shown = shown_on(lambda console: show_reply(reply, console), colour=False)
    assert styled("Ingrid Dahl", "1;4") in shown
    assert styled("harbour", "1") in shown
    assert not re.search(r"\x1b\[[\d;]*(3\d|4\d|9\d)[;m]", shown)


def test_what_a_quote_leans_on_is_dim_and_the_quote_is_not(reply: Reply, shown_on: Shown) -> None:
    shown = shown_on(lambda console: show_reply(reply, console, first=1), width=200)
    assert styled("2. Norrvik opened a third quay on Tuesday. ", "2") + "“The " in shown


@pytest.mark.parametrize("width", [20, 39, 40, 80])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(reply: Reply, width: int, shown_on: Shown) -> None:
    shown = shown_on(lambda console: show_reply(reply, console, count=3, explain=True), width)
    assert max(map(cell_len, STYLE.sub("", shown).splitlines())) <= width
    assert "“Ingrid Dahl, mayor of Norrvik, chairs the harbour board.”" in words_of(shown)
    assert "matched: chairs, harbour, board" in words_of(shown)


def test_the_figures_of_several_quotes_stand_side_by_side(reply: Reply, shown_on: Shown) -> None:
    lines = STYLE.sub("", shown_on(lambda console: show(Reasons(reply), console))).splitlines()
    assert lines[0].split() == ["1.", "2.", "3."]
    assert lines[1].split() == ["score", "7.1", "4", "1"]
    assert lines[2].split() == ["passage_bm25", "3.25", "3.25", "3.25"]


def test_figures_that_are_zero_for_all_are_left_out(reply: Reply, shown_on: Shown) -> None:
    assert "heading" not in shown_on(lambda console: show(Reasons(reply), console))


def test_the_figures_of_one_quote_stand_below_it(reply: Reply, shown_on: Shown) -> None:
    shown = words_of(shown_on(lambda console: show_reply(reply, console, explain=True)))
    assert shown.endswith("score 7.1 passage_bm25 3.25 overlap 0.5 matched: chairs, harbour, board")


def test_the_context_is_the_passage_with_the_quote_marked(cost: Quote, shown_on: Shown) -> None:
    shown = shown_on(lambda console: show(Context(cost), console), width=200)
    before = "Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board. "
    assert styled(before, "2") + "The " + styled("quay", "1") in shown
    assert styled("12 million kronor", "1;4;32") + "." in shown


def test_the_context_ends_with_where_to_read_on(make_release: Callable[..., Release], shown_on: Shown) -> None:
    release = make_release(url="https://example.org/\x1b]8;;x\x07quay")
    quote = Quote(release, 0, 7, Passage(release, 0, 39, ()), 1.0)
    for width in (80, None):
        shown = STYLE.sub("", shown_on(lambda console: show(Context(quote), console), width=width))
        assert [line.strip() for line in shown.splitlines()[-2:]] == [SOURCE, "https://example.org/quay"]


def test_releases_are_a_line_each_with_the_one_in_use_marked(
    make_release: Callable[..., Release], shown_on: Shown
) -> None:
    listing = Listing([make_release(title=f"Title {number} " * 20) for number in (9, 10)], 9, chosen=10)
    for width in (20, 80):
        shown = shown_on(lambda console: show(listing, console), width=width).splitlines()
        assert len(shown) == 2
        assert max(cell_len(STYLE.sub("", line)) for line in shown) <= width
        assert styled(" 10 ", "1") in shown[1]
    assert shown_on(lambda console: show(listing, console), width=None).startswith("9. Title 9 Title 9")


@pytest.mark.parametrize("width", [20, 80, None])
def test_help_names_every_command_and_an_example(width: int | None, shown_on: Shown) -> None:
    shown = words_of(shown_on(lambda console: show(Help("who sails?"), console), width=width))
    for name in ("who sails?", "/more", "/context [N]", "/explain", "/releases", "/use N", "/all", "/help", "/quit"):
        assert name in shown


def test_help_stands_in_columns_also_in_letters_of_double_width(shown_on: Shown) -> None:
    for language in ("en", "zh"):
        with speaking(language):
            lines = STYLE.sub("", shown_on(lambda console: show(Help("?"), console))).splitlines()
            rows = [(line, command) for line, command in zip(lines[1:], COMMANDS, strict=False)]
            columns = {cell_len(line[: line.index(command.meaning)]) for line, command in rows}
        assert len(columns) == 1


# No answer


@pytest.mark.parametrize("width", [80, None])
def test_a_refusal_shows_no_quote(ferries: Quote, width: int | None, shown_on: Shown) -> None:
    reply = Reply("how tall?", (ferries,), 0.1, Refusal.NOT_ON_RECORD)
    assert words_of(shown_on(lambda console: show_reply(reply, console), width=width)) == NOT_ON_RECORD


@pytest.mark.parametrize("width", [80, None])
def test_the_nearest_sentences_are_labelled_and_no_answer_is_marked(
    mayor: Quote, width: int | None, shown_on: Shown
) -> None:
    reply = Reply("how tall?", (mayor,), 0.1, Refusal.NOT_ON_RECORD)
    shown = shown_on(lambda console: show(Nearest(reply, 0, 1), console), width=width)
    assert words_of(shown).startswith("Nearest, not an answer:")
    assert "\x1b[1;4" not in shown
    assert "sure" not in shown
    explained = words_of(shown_on(lambda console: show_reply(reply, console, explain=True), width=width))
    assert explained.startswith(f"{NOT_ON_RECORD} Nearest, not an answer:")
    assert "Ingrid Dahl" in explained


# Text from outside


def test_markup_in_a_release_is_shown_as_it_is(make_release: Callable[..., Release], shown_on: Shown) -> None:
    release = make_release("A [bold]sly[/bold] :smile: [link=x]text[/] {0} %s", title="[red]T[/red]")
    quote = Quote(release, 0, len(release.text), Passage(release, 0, len(release.text), ()), 1.0)
    for width in (200, None):
        shown = words_of(shown_on(lambda console: show_reply(Reply("q", (quote,)), console), width=width))
        assert shown.startswith(f"“{release.text}” — [red]T[/red] · 14 May 2024")


def test_marks_lie_on_their_words_when_escape_sequences_are_left_out(shown_on: Shown) -> None:
    release = Release("id", "By \x1b[31mIngrid\x1b[0m\x07 Dahl today", "T")
    start = release.text.index("Ingrid")
    quote = Quote(release, 0, len(release.text), Passage(release, 0, 9, ()), 1.0, Span(start, start + 16))
    shown = shown_on(lambda console: show_reply(Reply("q", (quote,)), console))
    assert "By " + styled("Ingrid Dahl", "1;4;32") + " today" in shown


@given(st.text(min_size=1), st.data())
def test_no_text_gets_a_control_character_through(shown_on: Shown, text: str, data: st.DataObject) -> None:
    release = Release("id", text, text, source=text, url=text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    quote = Quote(release, 0, len(text), Passage(release, 0, len(text), ()), 1.0, Span(*cuts), (Span(*cuts),))
    reply = Reply(text, (quote,), 0.5, None, ((text, text),))
    for width in (20, None):
        for part in (Quotes(reply, explain=True), Context(quote), Listing([release]), Reasons(reply), Note("n")):
            shown = STYLE.sub("", shown_on(lambda console: show(part, console), width=width))  # noqa: B023
            assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in shown.replace("\n", ""))
